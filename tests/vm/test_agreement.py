"""Every compiled path gives exactly what the reference gives, for any program, policy, input and limit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vm.runs import Run, runs
from vm.conditions import parse
from vm.evaluate import Programs, evaluate
from vm.machine import Machine
from vm.profile import Profiler
from vm.reference import ReferenceMachine
from vm.state import Pause, State, Status, output_of
from vm.stops import FIRED, Cells, Change, HitKind, HitRule, Mode, Stop, StopSet, Stream
from vm.touch import Access

CONDITIONS = [
    "cell0 > 3", "step % 3 == 1 and h0 != 2", "mem[h1] == cell1", "out[0] == 1 or len(out) > 2", "in[step] + hits > 9",
    "not (pc & 1) or -cell0 * 7 / 2 <= ~h1", "hits % 2", "(step << 3) ^ (step >> 1) != mem[step % 11]",
    "out[len(out) - 1] == cell0", "mem[-1] == -1 and len(in) < 5", "1 / (cell0 - cell1) == 0 | step % 4",
]  # fmt: skip
RULES = [HitRule(), HitRule(HitKind.EQUAL, 2), HitRule(HitKind.AT_LEAST, 3), HitRule(HitKind.EVERY, 2)]


def pair(run: Run) -> tuple[ReferenceMachine, Machine]:
    return (
        ReferenceMachine(run.program, run.data, run.settings),
        Machine(run.program, run.data, run.settings),
    )


@given(runs(), st.lists(st.integers(0, 400), max_size=6))
@settings(deadline=None, max_examples=300)
def test_runs_in_slices_of_any_size_agree(run: Run, slices: list[int]) -> None:
    reference, compiled = pair(run)
    for count in slices:
        assert reference.step(count) == compiled.step(count)
        assert reference.snapshot() == compiled.snapshot()
    assert reference.run() == compiled.run()
    assert reference.snapshot() == compiled.snapshot()


@given(runs(), st.integers(0, 500))
@settings(deadline=None, max_examples=150)
def test_a_restored_run_ends_as_if_it_had_never_stopped(run: Run, at: int) -> None:
    whole, first = Machine(run.program, run.data, run.settings), Machine(run.program, run.data, run.settings)
    whole.run()
    first.step(at)
    for second in pair(run):
        second.step(3)
        second.restore(first.snapshot())
        assert second.snapshot() == first.snapshot()
        second.run()
        assert second.snapshot() == whole.snapshot()


EXPRESSIONS = ["cell0 > 1", "mem[1]", "mem[h1] + pc", "len(out)", "out[0]", "h0", "cell1 - h1", "step / 4", "in[0]"]
ACCESSES = [*Access, Access.READ | Access.WRITE, Access.READ | Access.CHANGE]


@st.composite
def stops_for(draw: st.DrawFn, run: Run) -> list[Stop]:
    memory = run.settings.memory
    length = memory if run.program.dialect.self_modifying else len(run.program)
    cells = st.builds(
        Cells,
        st.integers(0, memory - 1),
        st.integers(1, memory),
        st.sampled_from([None, None, 0, 1]),
        st.sampled_from([access for access in ACCESSES if access < Access.OUTPUT]),
    )
    places = st.one_of(
        st.integers(0, max(0, length - 1)),
        cells,
        st.sampled_from([Stream(Access.OUTPUT), Stream(Access.INPUT)]),
        st.sampled_from(EXPRESSIONS).map(parse).map(Change),
    )
    if draw(st.booleans()):
        places = st.integers(0, max(0, length - 1))
    count = draw(st.integers(1, 6))
    return [
        Stop(
            draw(places),
            draw(st.none() | st.sampled_from(CONDITIONS).map(parse)),
            draw(st.sampled_from(RULES)),
            draw(st.none() | st.none() | st.integers(0, count - 1)),
            draw(st.sampled_from([False, False, True])),
        )
        for _ in range(count)
    ]


@given(st.data(), runs(), st.sampled_from(Mode))
@settings(deadline=None, max_examples=600)
def test_stops_fire_at_the_same_steps_with_the_same_hits(data: st.DataObject, run: Run, mode: Mode) -> None:
    stops = data.draw(stops_for(run))
    budgets = data.draw(st.lists(st.integers(0, 300), max_size=3))
    seen: list[list[tuple[Pause, State, list[list[int]], list[int]]]] = []
    for machine in pair(run):
        armed = StopSet(stops, mode=mode, room=5)
        history = []
        for budget in [*budgets, *[None] * 20]:
            pause = machine.run(armed, budget)
            counts = armed.counts.tolist()
            if pause is not Pause.STOP:
                counts[FIRED] = []
            history.append((pause, machine.snapshot(), counts, armed.collected().tolist()))
        seen.append(history)
    assert seen[0] == seen[1]


@given(st.data(), runs())
@settings(deadline=None, max_examples=200)
def test_how_a_run_is_sliced_changes_no_stop(data: st.DataObject, run: Run) -> None:
    stops = data.draw(stops_for(run))
    found = []
    for budgets in ([None], data.draw(st.lists(st.integers(1, 40), min_size=1, max_size=9))):
        machine, armed, steps = Machine(run.program, run.data, run.settings), StopSet(stops), []
        at = 0
        while True:
            pause = machine.run(armed, budgets[at % len(budgets)])
            at += 1
            if pause is Pause.STOP:
                steps.append((machine.steps, armed.fired.tolist(), armed.hits.tolist()))
            if pause is Pause.ENDED:
                break
        found.append((steps, machine.snapshot()))
    assert found[0] == found[1]


@given(runs(), st.sampled_from(CONDITIONS), st.integers(0, 200))
@settings(deadline=None, max_examples=200)
def test_a_condition_has_the_same_value_in_the_kernel(run: Run, text: str, at: int) -> None:
    reference, compiled = pair(run)
    reference.step(at + 1)
    compiled.step(at)
    state = reference.snapshot()
    output = output_of(state, run.program.dialect, run.settings)
    holds = parse(text).value(state, data=run.data, output=output, hits=1) != 0
    made = compiled.steps < reference.steps
    over = reference.status is not Status.RUNNING or reference.steps >= run.settings.limit
    stopped = compiled.run(StopSet([Stop(state.pc, parse(text))]), 1) is Pause.STOP
    assert stopped == (
        holds
        and made
        and not over
        and state.pc < len(reference.memory if run.program.dialect.self_modifying else run.program.code)
    )


@given(runs(), st.lists(st.binary(max_size=3), max_size=3))
@settings(deadline=None, max_examples=150)
def test_batch_evaluation_agrees_case_by_case(run: Run, more: list[bytes]) -> None:
    dialect = run.program.dialect
    room = run.settings.memory - run.settings.in_at
    inputs = [run.data] + ([data[:room] for data in more] if dialect.io.value != "tape" else [])
    codes = [run.program.code.tobytes(), b"", run.program.code.tobytes()[: run.settings.memory // 2]]
    result = evaluate(Programs.of(codes), inputs, dialect, run.settings, width=5000, threads=2)
    for program, code in enumerate(codes):
        for case, data in enumerate(inputs):
            machine = ReferenceMachine(type(run.program)(code, dialect), data, run.settings)
            machine.run()
            state = machine.snapshot()
            output = output_of(state, dialect, run.settings)
            assert result.steps[program, case] == state.steps
            assert result.status[program, case] == state.status
            assert result.lengths[program, case] == len(output)
            assert result.outputs[program, case, : len(output)].tobytes() == output
            assert not result.outputs[program, case, len(output) :].any()


@given(runs(), st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None, max_examples=100)
def test_a_profile_from_a_later_moment_counts_what_changes_from_there_on(run: Run, start: int, more: int) -> None:
    machine = ReferenceMachine(run.program, run.data, run.settings)
    machine.run(budget=start)
    profiler = Profiler(run.program, run.data, run.settings, start=machine.snapshot())
    changes = np.zeros(run.settings.memory, np.int64)
    before = machine.snapshot().memory
    for _ in range(more):
        machine.step()
        after = machine.snapshot().memory
        changes += before != after
        before = after
    while not profiler.advance(start + more, 7):
        pass
    profile = profiler.profile()
    assert profile.changes.tolist() == changes.tolist()
    assert (profile.changes <= profile.writes).all()
    assert profile.steps == machine.steps
    assert profiler.snapshot().registers[:4] == machine.snapshot().registers[:4]


@given(runs(), st.integers(0, 400))
@settings(deadline=None, max_examples=150)
def test_a_profile_counts_what_single_steps_show(run: Run, until: int) -> None:
    profiler = Profiler(run.program, run.data, run.settings)
    while not profiler.advance(until, 7):
        pass
    profile = profiler.profile()
    machine = ReferenceMachine(run.program, run.data, run.settings)
    executions = [0] * len(profile.executions)
    changed: dict[int, tuple[int, int]] = {}
    while machine.steps < until:
        before = machine.snapshot()
        if not machine.step():
            break
        executions[before.pc] += 1
        for cell in range(run.settings.memory):
            if before.memory[cell] != machine.memory[cell]:
                changed[cell] = (before.steps, before.pc)
    assert profile.executions.tolist() == executions
    assert profile.steps == machine.steps == sum(executions)
    for cell, (step, _) in changed.items():
        assert profile.write_step[cell] >= step
        assert profile.writes[cell] >= 1
    for cell in range(run.settings.memory):
        assert (profile.write_step[cell] < 0) == (profile.writes[cell] == 0) == (profile.write_at[cell] < 0)
