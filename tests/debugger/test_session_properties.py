from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpdebug.debugger import checkpoints, search, timeline
from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import MachineType, Moment, StopReason
from gpdebug.debugger.session import Session
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import looping_run, runs
from vm.conditions import parse
from vm.machine import Machine
from vm.reference import ReferenceMachine
from vm.stops import Stop

RULES = ["", "", "== 2", ">= 3", "% 2", "% 3"]
CONDITIONS = ["", "", "cell0 > 0", "mem[1] == 1", "hits > 2", "hits == 1 or step > 9", "len(out) > 1", "h0 != h1"]


engines = pytest.mark.parametrize("machine", [ReferenceMachine, Machine])


def start(oracle: Oracle, machine: MachineType) -> Session:
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    return session


def move(session: Session, oracle: Oracle, name: str, number: int) -> tuple[Callable[[], Moment] | None, int]:
    """The call of a command, and the step it must lead to if no stop comes between."""
    here = session.moment.step
    size = len(oracle.primitives(0))
    loop = oracle.loop(here)
    match name:
        case "step":
            return lambda: session.step(number + 1), min(here + number + 1, oracle.total)
        case "step_back":
            return lambda: session.step_back(number + 1), max(here - number - 1, 0)
        case "step_over":
            return session.step_over, oracle.over(here)
        case "step_over_back":
            return session.step_over_back, oracle.over_back(here)
        case "continue":
            return session.continue_, oracle.total
        case "reverse_continue":
            return session.reverse_continue, 0
        case "run_to" if size:
            return lambda: session.run_to(number % size), oracle.after(here, number % size)
        case "run_to_back" if size:
            return lambda: session.run_to_back(number % size), oracle.before(here, number % size) or 0
        case "seek":
            return lambda: session.seek(number * 7), min(number * 7, oracle.total)
        case "step_out" if loop:
            return session.step_out, oracle.after(here, loop[1] + 1)
        case "step_out_back" if loop:
            return session.step_out_back, oracle.before(here, loop[0]) or 0
    return None, here


@pytest.fixture(autouse=True)
def short_runs_with_many_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a run of 300 steps what one of 10^9 is: checkpoints on the way, searches that split."""
    monkeypatch.setattr(search, "_MANY", 2)
    monkeypatch.setattr(timeline, "STRETCH_SECONDS", 0)
    monkeypatch.setattr(timeline, "DEAREST", 1e9)
    monkeypatch.setattr(checkpoints, "FIRST_INTERVAL", 8)


COMMANDS = [
    "step", "step_back", "step_over", "step_over_back", "continue", "reverse_continue", "run_to", "run_to_back",
    "step_out", "step_out_back", "seek",
]  # fmt: skip


@engines
@given(runs(), st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 40)), max_size=15))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_commands_leave_exactly_the_state_that_a_fresh_run_has_at_that_step(
    machine: MachineType, oracle: Oracle, commands: list[tuple[str, int]]
) -> None:
    session = start(oracle, machine)
    assert session.moment.state == oracle.states[0]
    for name, number in commands:
        call, expected = move(session, oracle, name, number)
        if call is None:
            continue
        call()
        assert session.moment.step == expected, name
        assert session.moment.state == oracle.states[expected], name
        assert session.moment.at_end == (expected == oracle.total)


@engines
@given(
    runs(),
    st.lists(
        st.tuples(st.integers(0, 23), st.sampled_from(CONDITIONS), st.sampled_from(RULES)), min_size=1, max_size=3
    ),
    st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 40)), max_size=12),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stops_fire_at_the_same_steps_in_both_directions_whatever_was_done_before(
    machine: MachineType, oracle: Oracle, wanted: list[tuple[int, str, str]], commands: list[tuple[str, int]]
) -> None:
    check_stops(start(oracle, machine), oracle, wanted, commands)


@engines
@pytest.mark.parametrize("seed", range(20))
def test_stops_fire_at_the_same_steps_in_long_sessions(machine: MachineType, seed: int) -> None:
    random = Random(seed)
    oracle = looping_run(random)
    size = len(oracle.program)
    wanted = [(random.randrange(size), random.choice(CONDITIONS), random.choice(RULES)) for _ in range(3)]
    commands = [(random.choice(COMMANDS), random.randrange(41)) for _ in range(120)]
    check_stops(start(oracle, machine), oracle, wanted, commands)


def check_stops(
    session: Session, oracle: Oracle, wanted: list[tuple[int, str, str]], commands: list[tuple[str, int]]
) -> None:
    """Sets stops, carries out commands, and compares each landing with the list of all states."""
    stops = []
    for instruction, condition, rule in wanted:
        if instruction < len(oracle.primitives(0)):
            stop = session.stops.add(instruction, condition=condition, rule=rule)
            stops.append(Stop(instruction, parse(condition) if condition else None, stop.rule))
    firings = oracle.firings(stops)
    for name, number in commands:
        here = session.moment.step
        call, target = move(session, oracle, name, number)
        if call is None:
            continue
        backwards = name in ("reverse_continue",) or name.endswith("_back")
        between = (
            [] if name == "seek" else [t for t in firings if (target <= t < here if backwards else here < t <= target)]
        )
        expected = target if not between else (max(between) if backwards else min(between))
        moment = call()
        assert moment.step == expected, name
        assert moment.state == oracle.states[expected]
        assert moment.fired == tuple(index + 1 for index in firings.get(expected, ()) if between)
        if moment.fired and not moment.at_end:
            assert moment.reason is StopReason.STOP


@engines
@given(runs())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_leaving_no_loop_says_so_and_stays(machine: MachineType, oracle: Oracle) -> None:
    session = start(oracle, machine)
    session.seek(oracle.total // 2)
    if oracle.loop(session.moment.step) is None:
        before = session.moment
        for leave in (session.step_out, session.step_out_back):
            with pytest.raises(MoveError, match="no loop"):
                leave()
        assert session.moment is before


@engines
@given(runs(), st.integers(0, 130), st.integers(0, 130))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_restored_snapshot_runs_on_to_the_same_end(
    machine: MachineType, oracle: Oracle, when: int, then: int
) -> None:
    session = start(oracle, machine)
    session.seek(when)
    taken = session.take_snapshot()
    session.seek(then)
    moment = session.restore(taken)
    assert moment.state == oracle.states[min(when, oracle.total)]
    assert session.step_back().state == oracle.states[max(0, min(when, oracle.total) - 1)]
    session.restore(taken)
    assert session.to_end().state == oracle.states[-1]


@given(runs(), st.lists(st.integers(0, 130), max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changing_the_machine_changes_nothing(oracle: Oracle, steps: list[int]) -> None:
    session = start(oracle, ReferenceMachine)
    for index, step in enumerate(steps):
        session.seek(step)
        session.use(Machine if index % 2 == 0 else ReferenceMachine)
        here = min(step, oracle.total)
        assert session.step().state == oracle.states[min(here + 1, oracle.total)]
        assert session.step_back(2).state == oracle.states[max(0, session.moment.step)]
