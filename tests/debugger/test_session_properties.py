from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import MachineType, Moment, StopReason
from gpdebug.debugger.places import ACCESSES, AtInstruction, Event, OnCells, OnChange, OnEvent, Where, machine_place
from gpdebug.debugger.session import Session
from gpdebug.debugger.stops import UserStop
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import looping_run, runs
from vm.conditions import parse
from vm.machine import Machine
from vm.reference import ReferenceMachine
from vm.state import output_of
from vm.stops import Cells, Change, Place, Stop
from vm.touch import Access

RULES = ["", "", "== 2", ">= 3", "% 2", "% 3"]
CONDITIONS = ["", "", "cell0 > 0", "mem[1] == 1", "hits > 2", "hits == 1 or step > 9", "len(out) > 1", "h0 != h1"]


pytestmark = pytest.mark.usefixtures("short_runs_with_many_checkpoints")
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


COMMANDS = [
    "step", "step_back", "step_over", "step_over_back", "continue", "reverse_continue", "run_to", "run_to_back",
    "step_out", "step_out_back", "seek",
]  # fmt: skip


@engines
@given(runs(), st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 40)), max_size=15))
@settings(max_examples=400)
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


WHERE: list[Where] = [
    *(AtInstruction(index, "?") for index in (0, 1, 2, 3, 5, 8)),
    *(OnCells(Cells(cell, 1, None, access)) for cell in (0, 1) for access in ACCESSES.values()),
    OnCells(Cells(2, 3, None, Access.WRITE)), OnCells(Cells(0, 1, 0, Access.READ)), OnCells(Cells(1, 1, 0)),
    OnCells(Cells(-1, 2, 1)), *(OnEvent(event) for event in Event),
    *(OnChange(Change(parse(text))) for text in ("mem[1] > 1", "h0", "len(out) + cell0", "step / 7")),
]  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A stop to be set: `after` is the place in the list of the one that arms it."""

    where: Where
    condition: str
    rule: str
    after: int | None = None
    is_log: bool = False


wanted_stops = st.lists(
    st.builds(
        Wanted,
        st.sampled_from(WHERE),
        st.sampled_from(CONDITIONS),
        st.sampled_from(RULES),
        st.none() | st.none() | st.integers(0, 1),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=4,
)


@engines
@given(runs(), wanted_stops, st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 40)), max_size=12))
@settings(max_examples=600)
def test_stops_fire_at_the_same_steps_in_both_directions_whatever_was_done_before(
    machine: MachineType, oracle: Oracle, wanted: list[Wanted], commands: list[tuple[str, int]]
) -> None:
    check_stops(start(oracle, machine), oracle, wanted, commands)


@engines
@pytest.mark.parametrize("seed", range(30))
def test_stops_fire_at_the_same_steps_in_long_sessions(machine: MachineType, seed: int) -> None:
    random = Random(seed)
    oracle = looping_run(random)
    wanted = [
        Wanted(
            random.choice(WHERE), random.choice(CONDITIONS), random.choice(RULES), random.choice([None, None, 0, 1]),
            random.random() < 0.2,
        )
        for _ in range(4)
    ]  # fmt: skip
    commands = [(random.choice(COMMANDS), random.randrange(41)) for _ in range(120)]
    check_stops(start(oracle, machine), oracle, wanted, commands)


def set_stops(session: Session, oracle: Oracle, wanted: list[Wanted]) -> tuple[dict[int, list[int]], set[int]]:
    """Sets stops; the numbers of those that fire at each step, and which of them are logpoints."""
    compiled: list[tuple[UserStop, Place | None]] = []
    ids: list[int] = []
    for want in wanted:
        if isinstance(want.where, AtInstruction) and want.where.instruction >= len(oracle.primitives(0)):
            continue
        if isinstance(want.where, OnCells) and want.where.cells.size > oracle.settings.memory:
            continue
        absolute = isinstance(want.where, OnCells) and want.where.cells.head is None
        if absolute and want.where.cells.low >= oracle.settings.memory:  # type: ignore[union-attr]
            continue
        after = ids[want.after] if want.after is not None and want.after < len(ids) else None
        terms = {"condition": want.condition, "rule": want.rule, "message": "{step}" if want.is_log else None}
        stop = session.stops.set(want.where, after=after, **terms)
        ids.append(stop.id)
        place = machine_place(want.where, oracle.program.dialect, oracle.settings, len(oracle.data))
        compiled.append((stop, place))
    armed: list[int] = []
    machine_stops = []
    for stop, place in compiled:
        # What waits for the end of a run never fires.
        if place is not None and (stop.after is None or stop.after in armed):
            after = None if stop.after is None else armed.index(stop.after)
            machine_stops.append(Stop(place, stop.condition, stop.rule, after))
            armed.append(stop.id)
    firings = {step: [armed[index] for index in fired] for step, fired in oracle.firings(machine_stops).items()}
    before, last = {step: [*fired] for step, fired in firings.items()}, oracle.states[-1]
    for stop, place in compiled:
        if place is None and isinstance(stop.where, OnEvent) and stop.where.event.is_status:
            began = stop.after is None or any(stop.after in fired for t, fired in before.items() if t < oracle.total)
            output = output_of(last, oracle.program.dialect, oracle.settings)
            holds = stop.condition is None or stop.condition.value(last, data=oracle.data, output=output, hits=1)
            if stop.where.event.is_case(last.status) and began and holds and stop.rule.allows(1):
                firings[oracle.total] = [*firings.get(oracle.total, []), stop.id]
    return firings, {stop.id for stop, _ in compiled if stop.message is not None}


def check_stops(session: Session, oracle: Oracle, wanted: list[Wanted], commands: list[tuple[str, int]]) -> None:
    """Sets stops, carries out commands, and compares each landing with the list of all states."""
    firings, logs = set_stops(session, oracle, wanted)
    endings = {stop.id for stop in session.stops if isinstance(stop.where, OnEvent) and stop.where.event.is_status}
    for name, number in commands if firings else []:
        here = session.moment.step
        call, target = move(session, oracle, name, number)
        if call is None:
            continue
        backwards = name in ("reverse_continue",) or name.endswith("_back")
        loud = [t for t, fired in firings.items() if set(fired) - logs - (endings if t == oracle.total else set())]
        between = (
            [] if name == "seek" else [t for t in loud if (target <= t < here if backwards else here < t <= target)]
        )
        expected = target if not between else (max(between) if backwards else min(between))
        moment = call()
        assert moment.step == expected, name
        assert moment.state == oracle.states[expected]
        fired = [number for number in firings.get(expected, ()) if number not in logs]
        reported = name != "seek" and moment.step != here and (between or expected == oracle.total)
        assert sorted(moment.fired) == sorted(fired if reported else []), name
        if not backwards and name != "seek":
            passed = [(t, n) for t, fired in firings.items() for n in fired if n in logs and here < t <= expected]
            assert sorted((line.step, line.stop) for line in moment.logged) == sorted(passed), name
        if moment.fired and not moment.at_end:
            assert moment.reason is StopReason.STOP


@engines
@given(runs())
@settings(max_examples=100)
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
@settings(max_examples=100)
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
@settings(max_examples=100)
def test_changing_the_machine_changes_nothing(oracle: Oracle, steps: list[int]) -> None:
    session = start(oracle, ReferenceMachine)
    for index, step in enumerate(steps):
        session.seek(step)
        session.use(Machine if index % 2 == 0 else ReferenceMachine)
        here = min(step, oracle.total)
        assert session.step().state == oracle.states[min(here + 1, oracle.total)]
        assert session.step_back(2).state == oracle.states[max(0, session.moment.step)]
