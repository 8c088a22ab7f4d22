"""Direct and total effect are the same wherever a free run takes the path that was recorded."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.explain.change.changes import BlankStep, Change, FlipTest
from gpdebug.explain.change.free import apply, free_run
from gpdebug.explain.change.frozen import frozen_run
from gpdebug.explain.change.run import Run
from gpdebug.explain.errors import ChangeError
from gpdebug.explain.trace import trace_run
from tests.explain.change.oracle import changes
from tests.explain.change.test_frozen import end_of, run_of, shortened
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import Run as Given
from tests.vm.runs import runs

_HEADS = (1 << 48) - 1


def path(run: Run) -> list[NDArray[np.int64]]:
    """Of each step pc, the heads, and how much of the input is read."""
    trace = trace_run(run.program, run.data, run.settings, start=run.start)
    records, end = trace.records, trace.end
    last = np.array([end.pc, end.head0 | end.head1 << 24, end.input_pos, end.status])
    return [records[:, 0] & 0xFFFFFFFF, records[:, 1] & _HEADS, records[:, 2] & 0xFFFFFFFF, last]


def keeps_to_path(run: Run, change: Change) -> bool:
    step = change.step or 0
    once = isinstance(change, BlankStep | FlipTest)
    changed = apply(run.at(step), [change])
    return all(map(np.array_equal, path(run.at(step + once)), path(changed)))


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=80)
def test_where_the_path_is_the_same_both_come_to_the_same(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    run, end = run_of(chosen), end_of(chosen)
    change = data.draw(changes(chosen, end.steps))
    try:
        total = free_run(run, [change])
    except ChangeError:
        return
    if run.program.dialect.self_modifying or not keeps_to_path(run, change):
        return
    direct = frozen_run(run, [change])
    assert (direct.output, direct.status, direct.steps) == (total.output, total.status, total.steps)
    assert direct.state == total.state
