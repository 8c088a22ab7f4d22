from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest

from gpdebug.debugger.checkpoints import FIRST_INTERVAL, MAX_NEAR, PAGE, Checkpoints, Room
from gpdebug.debugger.moment import StopReason
from gpdebug.debugger.session import Session
from gpdebug.debugger.timeline import Arrival, Timeline
from gpdebug.debugger.trail import Stretch, Trail
from tests.debugger.conftest import Open
from vm.dialect import BF, TAPE
from vm.machine import Machine
from vm.program import Program
from vm.state import State, Status

WALKER = "+[>+[->++<]>+[-<+>]+>[-]+<<-+>>]"
"""Walks over the whole memory for ever, writing different values."""


def state(step: int, memory: np.ndarray, output: bytes = b"") -> State:
    frozen = memory.astype(np.uint8)
    frozen.setflags(write=False)
    return State(step % 7, 1, 2, step, Status.RUNNING, 3, 4, frozen, output)


def walker(memory: int, limit: int) -> Program:
    return Program.parse(WALKER, TAPE.with_settings(memory=memory, limit=limit))


def test_a_checkpoint_gives_back_its_state_exactly() -> None:
    random = np.random.default_rng(1)
    for cells in (1, 100, 4096, 4097, 20_000):
        kept = Checkpoints(Room(1 << 20))
        states = [state(0, random.integers(0, 256, cells))]
        for index in range(1, 20):
            memory = states[-1].memory.copy()
            memory[random.integers(0, cells)] += 1
            states.append(state(index * FIRST_INTERVAL, memory, b"x" * index))
        for each in states:
            kept.add(each)
        assert all(kept.load(each.steps) == each for each in states)


def test_checkpoints_share_the_pages_that_do_not_change() -> None:
    kept = Checkpoints(Room(1 << 30))
    memory = np.zeros(1 << 20, np.uint8)
    for index in range(50):
        memory = memory.copy()
        memory[index * 5000] = 1
        kept.add(state(index * FIRST_INTERVAL, memory))
    assert kept.room.bytes < 2 * len(memory)


def test_checkpoints_stay_in_their_budget_and_cover_the_run_evenly() -> None:
    random = np.random.default_rng(2)
    kept = Checkpoints(Room(500_000))
    for index in range(1000):
        step = index * FIRST_INTERVAL
        if index == 0 or step == kept.next_due(step - 1):
            kept.add(state(step, random.integers(0, 256, 4096)))
            kept.add_near(state(step + 1, random.integers(0, 256, 4096)))
        assert kept.room.bytes <= 500_000
    steps = [step for step in kept.steps if step % FIRST_INTERVAL == 0]
    assert len(steps) > 40
    assert {b - a for a, b in pairwise(steps)} == {kept.interval}
    assert steps[0] == 0


def test_one_checkpoint_larger_than_the_budget_is_kept_alone() -> None:
    kept = Checkpoints(Room(100))
    first = state(0, np.arange(5000) % 256)
    kept.add(first)
    for step in (4096, 8192):
        kept.add(state(step, np.full(5000, step // 4096)))
    assert len(kept.steps) == 1
    assert kept.load(0) == first
    assert kept.at_or_before(1 << 40) == 0


def test_pages_of_a_checkpoint_that_was_dropped_are_shared_with_none() -> None:
    first, dropped = np.repeat([0, 2], PAGE), np.repeat([1, 3], PAGE)
    after = np.concatenate([dropped[:PAGE], first[PAGE:]])
    kept = Checkpoints(Room(3 * PAGE + 3000))
    kept.add(state(0, first))
    kept.add(state(FIRST_INTERVAL, dropped))
    assert FIRST_INTERVAL not in kept
    last = state(2 * FIRST_INTERVAL, after)
    kept.add(last)
    assert kept.load(last.steps) == last


def test_equal_pages_are_kept_once_and_as_long_as_any_checkpoint_holds_them() -> None:
    room = Room(100 * PAGE)
    kept = Checkpoints(room)
    kept.add(state(0, np.zeros(4 * PAGE)))
    assert room.pages.bytes == PAGE
    second = state(FIRST_INTERVAL, np.repeat([0, 5, 5, 6], PAGE))
    kept.add(second)
    kept.add(state(2 * FIRST_INTERVAL, np.repeat([6, 6, 7, 7], PAGE)))
    assert room.pages.bytes == 4 * PAGE
    kept._drop(2 * FIRST_INTERVAL)
    assert room.pages.bytes == 3 * PAGE
    kept.add(state(3 * FIRST_INTERVAL, np.repeat([8, 7, 8, 7], PAGE)))
    assert room.pages.bytes == 5 * PAGE
    assert kept.load(FIRST_INTERVAL) == second


def test_the_table_of_pages_is_no_longer_than_those_that_were_kept_at_once() -> None:
    room = Room(8 * PAGE)
    kept = Checkpoints(room)
    for number in range(200):
        kept.add(state(number * FIRST_INTERVAL, np.full(PAGE, number)))
    assert len(room.pages._data) <= 9


def test_of_a_run_that_was_forked_only_checkpoints_up_to_the_fork_are_on_the_way() -> None:
    room = Room(1 << 20)
    program = walker(10, 100)
    whole, own = (Stretch(program, b"", start, (), Checkpoints(room), seen=40) for start in (0, 20))
    for step in (0, 16, 20, 32):
        whole.checkpoints.add(state(step, np.zeros(10)))
    own.checkpoints.add(state(24, np.zeros(10)))
    way = Trail((whole, own))
    assert [step for step in range(41) if step in way] == [0, 16, 20, 24]
    assert [way.after(step) for step in (0, 16, 20, 24)] == [16, 20, 24, None]
    assert [way.at_or_before(step) for step in (15, 23, 40)] == [0, 20, 24]
    assert len(way) == 4


def test_the_first_checkpoint_of_a_branch_is_the_last_to_go() -> None:
    room = Room(1 << 20)
    Checkpoints(room).add(state(0, np.zeros(10)))
    own = Checkpoints(room)
    for step in (FIRST_INTERVAL // 2 + 1, *range(FIRST_INTERVAL, 9 * FIRST_INTERVAL, FIRST_INTERVAL)):
        own.add(state(step, np.zeros(10)))
    while own.thin():
        assert not own.steps or own.steps[0] == FIRST_INTERVAL // 2 + 1
    assert own.steps == ()


def test_near_checkpoints_are_few() -> None:
    kept = Checkpoints(Room(1 << 20))
    kept.add(state(0, np.zeros(10)))
    for step in range(1, 500):
        kept.add_near(state(step, np.full(10, step % 256)))
    assert len(kept.steps) == MAX_NEAR + 1
    assert kept.load(499).memory[0] == 499 % 256


def test_a_tiny_budget_costs_time_not_exactness(open_session: Open) -> None:
    program = walker(300, 30_000)
    generous, mean = (Session(program, machine=Machine, checkpoint_bytes=budget) for budget in (1 << 28, 1))
    for session in (generous, mean):
        session.to_end()
    for step in (29_999, 15_000, 4_096, 4_095, 1, 0, 30_000):
        assert generous.seek(step).state == mean.seek(step).state
    assert len(mean._timeline.checkpoints) == 1


def test_any_step_of_a_long_run_is_near_in_bounded_memory() -> None:
    limit = 30_000_000
    session = Session(walker(65_536, limit), machine=Machine, checkpoint_bytes=4 << 20)
    assert session.to_end().total_steps == limit
    kept = session._timeline.stretch.checkpoints
    assert kept.room.bytes <= 4 << 20
    plain = Machine(walker(65_536, limit))
    random = np.random.default_rng(3)
    for step in sorted(int(step) for step in random.integers(0, limit, 12)):
        plain.run(budget=step - plain.steps)
        assert step - (kept.at_or_before(step) or 0) < limit // 8
        assert session.seek(step).state == plain.snapshot()


def test_stepping_back_many_times_does_not_replay_the_stretch_each_time() -> None:
    session = Session(walker(256, 1 << 40), machine=Machine)
    session.seek(3_000_000)
    steps = [session.step_back().step for _ in range(200)]
    assert steps == list(range(2_999_999, 2_999_799, -1))
    near = [step for step in session._timeline.stretch.checkpoints.steps if step % FIRST_INTERVAL]
    assert near


def test_the_length_is_learnt_when_the_end_is_seen(open_session: Open) -> None:
    session = open_session("+++[-]")
    assert session.total_steps is None
    assert session.step(3).total_steps is None
    assert session.moment.seen_steps == 3
    assert session.to_end().total_steps == 10
    assert session.seek(2).total_steps == 10
    assert session.moment.seen_steps == 10


def test_a_memory_of_16_mib_is_copied_no_more_than_needed() -> None:
    session = Session(walker(1 << 24, 3_000_000), machine=Machine)
    session.to_end()
    assert session._timeline.stretch.checkpoints.room.bytes < 40 << 20
    session.stops.add(2)
    assert session.reverse_continue().step < 3_000_000
    assert session.continue_(interrupt=threading.Event()).step <= 3_000_000


def test_a_long_run_notices_an_interrupt() -> None:
    session = Session(Program.parse("+[>+<]", BF.with_settings(limit=1 << 60)), machine=Machine)
    moment = session.continue_(interrupt=_Past(session, 1_000_000))
    assert (moment.step > 1_000_000, moment.reason) == (True, StopReason.INTERRUPTED)


class _Past:
    """An interrupt that is set once a session has come past a step."""

    def __init__(self, session: Session, step: int) -> None:
        self._session = session
        self._step = step

    def is_set(self) -> bool:
        return self._session._timeline.step > self._step


@pytest.mark.parametrize("until", [0, 5, 4096, 10_000])
def test_an_advance_halts_exactly_at_its_target(until: int) -> None:
    program = walker(64, 20_000)
    timeline = Timeline(Machine, program, b"", program.dialect.settings, 1 << 20)
    assert timeline.advance(until=until) is Arrival.TARGET
    assert timeline.step == until
    assert timeline.go_to(30_000) is Arrival.END
    assert (timeline.total, timeline.step) == (20_000, 20_000)
