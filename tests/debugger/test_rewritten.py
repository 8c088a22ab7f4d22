from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.session import Session
from tests.debugger.conftest import After
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.dialect import TAPE
from vm.machine import Machine
from vm.program import Program


@given(runs(), st.data())
@settings(max_examples=60, deadline=None)
def test_what_changed_on_the_way_is_what_single_steps_show(oracle: Oracle, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(st.integers(0, oracle.total), st.integers(0, oracle.total))))
    memories = [oracle.states[step].memory for step in range(low, high + 1)]
    changes = np.zeros(len(memories[0]), np.int64)
    for before, after in pairwise(memories):
        changes += before != after
    session = Session(oracle.program, oracle.data, oracle.settings)
    session.seek(data.draw(st.integers(0, oracle.total)))
    here = session.moment.step
    for pair in ((low, high), (high, low)):
        found = session.diff(*pair, cumulative=True).rewritten
        assert found is not None
        assert found.changes.tolist() == changes.tolist()
        assert found.mask.tolist() == (changes > 0).tolist()
        assert ((found.last >= 0) == (found.writes > 0)).all()
        assert all(low <= step < high for step in found.last[found.last >= 0].tolist())
    assert session.moment.step == here


def test_a_cell_that_changed_and_changed_back_is_told_as_such() -> None:
    session = Session(Program.parse("+-+->+", TAPE), b"\x40")
    line = CommandLine(session)
    for command in ("mark", "goto end"):
        line.execute(command)
    found = session.diff("mark", cumulative=True)
    assert found.to_lines()[-2:] == [
        "1 cell changed and changed back",
        " cell 0         40    64   '@'   4 changes, last written at step 3",
    ]
    assert line.execute("since").lines == tuple(found.to_lines())
    assert json.loads(line.execute("diff/cj mark").lines[0])["changed_back"] == [
        {"cell": 0, "value": 64, "changes": 4, "writes": 4, "last_write": 3}
    ]
    assert "changed back" not in "\n".join(session.diff("mark").to_lines())


def test_a_long_list_of_cells_that_changed_back_is_cut_and_counted() -> None:
    found = Session(Program.parse("+->+->+-", TAPE)).diff("start", "end", cumulative=True)
    assert found.to_lines(cells=3)[-1].startswith(" cell 2 ")
    assert found.to_lines(cells=2)[-1] == "… and 1 more cell"


def test_writing_the_same_value_is_no_change() -> None:
    found = Session(Program.parse(".>.<", TAPE), b"\x05").diff(0, "end", cumulative=True).rewritten
    assert found is not None
    assert (int(found.writes[128]), int(found.changes[128])) == (2, 2)
    same = Session(Program.parse("..", TAPE), b"\x05").diff(0, "end", cumulative=True)
    assert same.rewritten is not None
    assert (int(same.rewritten.writes[128]), int(same.rewritten.changes[128])) == (2, 1)


def test_it_is_only_empty_if_nothing_happened_on_the_way() -> None:
    session = Session(Program.parse("++--++--", TAPE.with_settings(limit=100)))
    nothing = session.diff(0, 0, cumulative=True)
    assert nothing.is_empty
    assert not session.diff(0, 4, cumulative=True).is_empty


def test_the_way_crosses_the_edits_of_a_branch_and_counts_them() -> None:
    session = Session(Program.parse("+>+>+", TAPE))
    session.seek(2)
    session.edit(SetCells(0, b"\x09"))
    session.seek(4)
    session.edit(SetCells(0, b"\x01"))
    session.to_end()
    found = session.diff(1, cumulative=True)
    assert [run.start for run in found.runs] == [1]
    assert found.rewritten is not None
    assert (int(found.rewritten.changes[0]), int(found.rewritten.writes[0])) == (2, 0)
    assert " cell 0         01     1   2 changes, by edits only" in found.to_lines()
    with pytest.raises(SnapshotError, match=r"branch main.* is no moment of this run"):
        session.diff("branch:0@3", cumulative=True)


def test_what_is_not_known_is_refused() -> None:
    session = Session(Program.parse("+", TAPE), b"a")
    other = Session(Program.parse("+", TAPE), b"b").take_snapshot()
    with pytest.raises(SnapshotError, match="A is no moment of this run"):
        session.diff(other, cumulative=True)
    large = Session(Program.parse("+", TAPE.with_settings(memory=1 << 21)))
    with pytest.raises(SnapshotError, match="up to 1,048,576 cells, this one has 2,097,152"):
        large.diff(0, cumulative=True)


def test_counting_can_be_interrupted() -> None:
    session = Session(Program.parse("+[>+<]", TAPE.with_settings(limit=3_000_000)), machine=Machine)
    session.find_end()
    far = session.take_snapshot()
    session.to_end()
    asked = After(10**9)
    session.diff(far, cumulative=True, interrupt=asked)
    with pytest.raises(MoveError, match="before all changes were counted"):
        session.diff(far, cumulative=True, interrupt=After(10**9 - asked.left - 2))
    assert session.moment.step == 3_000_000
