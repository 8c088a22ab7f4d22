"""What explanations claim is true of every run: sums are the value, replays make it, edges are the last writes."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gpdebug.explain.criteria import CellAt, Criterion, OutputByte
from gpdebug.explain.dataflow import Dataflow, dataflow, loop_groups
from gpdebug.explain.loop_kernel import CLOSED, COUNTER, END_ROW, FIRST_ROW, OPENED, PASSES
from gpdebug.explain.parts import Kind
from gpdebug.explain.replay import replay
from gpdebug.explain.slices import slice_of
from gpdebug.explain.trace import trace_run
from gpdebug.store.individuals import Individuals
from gpdebug.store.opening import open_path
from tests.explain.oracle import reached_from, sources_of
from tests.vm.runs import EVERYTHING, EVERYTHING_LIVING, Run, runs
from vm.dialect import BF, BFF, TAPE, Io, Primitive
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Edge, Eof, Settings
from vm.state import output_of

KINDS = [Kind.VALUE, Kind.VALUE | Kind.CONTROL, Kind.VALUE | Kind.ADDRESS, Kind.VALUE | Kind.CODE, ~Kind(0)]


def flow_of(run: Run, window: int = 1_000_000) -> Dataflow:
    return dataflow(trace_run(run.program, run.data, run.settings, window=window))


BUSY = ["+[>+<-]>", "++[->++>+<<]>>", "--[+>---<]>", "[>}+++{<---]", "[-]", "+[[->+<]>-]", "[>]", "[.>}]", ",", ".",
        "+++", "--", ">", "<", "}", "{", "r", "w", "s>u", "7", "[>+<--]", "+[->.<]", ">+[<+>-]<"]  # fmt: skip
WINDOWS = st.sampled_from([1_000_000, 1_000_000, 1_000_000, 300, 40, 1])


@st.composite
def busy_runs(draw: st.DrawFn) -> Run:
    """Runs that do much: loops that multiply, in and beside others, copies, and input."""
    dialect = draw(st.sampled_from([TAPE, BF, BFF, EVERYTHING, EVERYTHING_LIVING]))
    parts = draw(st.lists(st.sampled_from(BUSY), min_size=3, max_size=40))
    around = draw(st.sampled_from(["{}", "{}", "+++++[{}<->]", "{}+[{}]"]))
    code = around.replace("{}", "".join(parts))
    memory = draw(st.sampled_from([7, 64, 256]))
    code = "".join(symbol for symbol in code if symbol in dialect.symbols)[: memory if dialect.self_modifying else None]
    settings = Settings(memory=memory, limit=draw(st.sampled_from([300, 3000])), edge=draw(st.sampled_from(Edge)))
    data = b"" if dialect.io is Io.TAPE else draw(st.binary(max_size=7))
    return Run(Program(code.encode(), dialect), data, settings)


@st.composite
def criteria(draw: st.DrawFn, flow: Dataflow) -> tuple[Criterion, int]:
    """A criterion of a run, and its value."""
    trace = flow.trace
    writes = np.flatnonzero(flow.written >= 0)
    if len(writes) and draw(st.booleans()):
        step = int(writes[-1 - draw(st.integers(0, len(writes) - 1))])
        return CellAt(int(flow.written[step]), trace.first + step + 1), int(flow.new[step])
    output = output_of(trace.end, trace.program.dialect, trace.settings)
    written = len(trace.start.output) if trace.end.output else 0
    if written < len(output) and draw(st.booleans()):
        index = draw(st.integers(written, len(output) - 1))
        return OutputByte(index), output[index]
    cells = np.flatnonzero(trace.end.memory != trace.start.memory).tolist() or [0]
    cell = draw(st.sampled_from(cells) | st.integers(0, trace.settings.memory - 1))
    return CellAt(cell), int(trace.end.memory[cell])


@given(
    st.data(),
    runs() | busy_runs(),
    st.sampled_from(KINDS),
    st.booleans(),
    WINDOWS,
)
@settings(deadline=None, max_examples=300)
def test_leaves_and_contributions_add_up_to_the_value_and_a_replay_makes_it(
    data: st.DataObject, run: Run, kinds: Kind, grouped: bool, window: int
) -> None:
    flow = flow_of(run, window)
    criterion, value = data.draw(criteria(flow))
    found = slice_of(flow, criterion, kinds, groups=loop_groups(flow) if grouped else None)
    assert found.root.value == value
    assert found.total == value
    assert replay(found) == value


@given(runs() | busy_runs())
@example(Run(Program.parse("><,", BF), b"", replace(BF.settings, eof=Eof.KEEP)))
@settings(deadline=None, max_examples=100)
def test_every_dependence_is_what_the_definitions_say(run: Run) -> None:
    run = replace(run, settings=replace(run.settings, limit=min(run.settings.limit, 300)))
    flow = flow_of(run)
    assert [tuple(column) for column in flow.sources.T.tolist()] == sources_of(run)


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=100)
def test_a_slice_is_all_that_can_be_reached(data: st.DataObject, run: Run) -> None:
    flow = flow_of(run)
    criterion, _ = data.draw(criteria(flow))
    sources = [tuple(column) for column in flow.sources.T.tolist()]
    for kinds, places in [
        (Kind.VALUE, [0]),
        (Kind.VALUE | Kind.CONTROL, [0, 3]),
        (Kind.VALUE | Kind.ADDRESS, [0, 1, 2]),
    ]:
        found = slice_of(flow, criterion, kinds)
        root = found.root.step
        assert set(found.steps.tolist()) == (set() if root is None else reached_from(sources, root, places))
        sizes = [len(found), len(slice_of(flow, criterion, kinds | Kind.CODE))]
        assert sizes[0] <= sizes[1]


@given(runs() | busy_runs())
@settings(deadline=None, max_examples=120)
def test_a_cell_is_what_it_was_and_all_that_was_added_to_it(run: Run) -> None:
    flow = flow_of(run)
    held = flow.trace.start.memory.astype(int)
    for step in np.flatnonzero(flow.written >= 0).tolist():
        cell = int(flow.written[step])
        assert held[cell] == flow.old[step]
        adds = flow.primitive(step) is Primitive.ADD
        held[cell] = (held[cell] + flow.argument(step)) % 256 if adds else flow.new[step]
        assert held[cell] == flow.new[step]
    assert held.tolist() == flow.trace.end.memory.tolist()


@given(runs() | busy_runs())
@settings(deadline=None, max_examples=120)
def test_a_loop_that_is_one_node_does_what_its_passes_did(run: Run) -> None:
    flow = flow_of(run)
    groups = loop_groups(flow)
    for loop in groups.loops.tolist():
        opened, closed = loop[OPENED], loop[CLOSED]
        before = ReferenceMachine(run.program, run.data, run.settings)
        before.step(opened)
        after = ReferenceMachine(run.program, run.data, run.settings)
        after.step(closed + 1)
        expected = list(before.memory)
        counter = int(before.memory[loop[COUNTER]])
        for cell, added, _, _, weight in groups.rows[loop[FIRST_ROW] : loop[END_ROW]].tolist():
            assert (loop[PASSES] * added - counter * weight) % 256 == 0
            expected[cell] = (expected[cell] + loop[PASSES] * added) % 256
        assert list(after.memory) == expected
        assert expected[loop[COUNTER]] == 0
        assert (before.head0, before.head1) == (after.head0, after.head1)


def test_a_known_program_has_the_known_slices() -> None:
    text = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
    flow = dataflow(trace_run(Program.parse(text, BF)))
    byte = OutputByte(0)
    assert len(flow) == 906
    assert len(slice_of(flow, byte)) == 73
    assert len(slice_of(flow, byte, Kind.VALUE | Kind.CONTROL)) == 191
    assert len(slice_of(flow, byte, Kind.VALUE | Kind.CONTROL | Kind.ADDRESS)) == 833
    assert len(slice_of(flow, byte, groups=loop_groups(flow)).loops) == 8


@pytest.mark.parametrize("name", ["hello", "hello-user", "reverse", "triple"])
def test_every_output_byte_of_a_sample_run_is_explained(name: str) -> None:
    opened = open_path(name)
    assert not isinstance(opened, Program)
    individuals = Individuals(opened)
    program, task = individuals.program(individuals.best()), individuals.task
    for data in [case.input for case in task.training[:12]] if task is not None else [b""]:
        flow = dataflow(trace_run(program, data))
        groups = loop_groups(flow)
        output = output_of(flow.trace.end, program.dialect, program.dialect.settings)
        for index, byte in enumerate(output):
            found = slice_of(flow, OutputByte(index), ~Kind(0), groups=groups)
            assert found.total == byte
            assert replay(found) == byte


def test_a_million_steps_take_little_memory() -> None:
    program = Program.parse("+[>+++[->+<]<]", BF.with_settings(limit=1_000_000, memory=30_000))
    dataflow(trace_run(program, to_step=10))
    tracemalloc.start()
    flow = dataflow(trace_run(program))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(flow) == 1_000_000
    assert peak < 1 << 30
