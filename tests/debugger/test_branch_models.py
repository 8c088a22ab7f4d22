"""Branches against the list of all states of each: any edits, moves, stops and questions, on both machines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.edits import Edit, Register, SetCells, SetCode, SetInput, SetRegister, Situation, apply
from gpdebug.debugger.errors import BranchError, EditError, MoveError
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.places import AtInstruction, OnCells, OnChange, Where, machine_place
from gpdebug.debugger.queries import Question
from gpdebug.debugger.session import Session
from tests.debugger.oracle import Oracle, touch_at
from tests.debugger.strategies import looping_run, runs
from vm.conditions import parse
from vm.machine import Machine
from vm.reference import ReferenceMachine
from vm.state import output_of
from vm.stops import Cells, Change, Stop, StopSet
from vm.touch import Access

WHERE: list[Where] = [
    *(AtInstruction(index, "?") for index in range(3)), OnCells(Cells(0)), OnCells(Cells(1, 2, None, Access.WRITE)),
    OnCells(Cells(0, 1, 0, Access.READ)), OnChange(Change(parse("mem[1] > 1"))), OnChange(Change(parse("h0"))),
]  # fmt: skip


class Model:
    """A run as the list of its situations; a branch copies those of its parent up to the fork, and runs on.

    Attributes:
        situations: at each step; at a fork the edited one.
        arrived: as the run came to each step; at a fork before the edits.
        forks: the steps at which edits were made.
    """

    def __init__(self, situations: list[Situation], arrived: list[Situation], forks: tuple[int, ...] = ()) -> None:
        self.situations, self.arrived, self.forks = situations, arrived, forks

    @classmethod
    def of(cls, oracle: Oracle) -> Model:
        settled = [Situation(oracle.program, oracle.data, oracle.settings, state) for state in oracle.states]
        return cls(settled, [*settled[:-1], replace(settled[-1], state=oracle.last_reached)])

    @property
    def total(self) -> int:
        return len(self.situations) - 1

    def fork(self, step: int, edits: tuple[Edit, ...]) -> Model:
        edited = apply(edits, self.situations[step])
        machine = ReferenceMachine(edited.program, edited.data, edited.settings)
        machine.restore(edited.state)
        states = [machine.snapshot()]
        while machine.step():
            states.append(machine.snapshot())
        own = [replace(edited, state=state) for state in states]
        settled = [*own[:-1], replace(own[-1], state=replace(states[-1], status=machine.settle()))]
        arrived = [*self.arrived[: step + 1], *own[1:]] if step else own
        return Model([*self.situations[:step], *settled], arrived, (*(f for f in self.forks if f < step), step))

    def firings(self, stops: list[Stop]) -> dict[int, tuple[int, ...]]:
        """Indexes of the stops that fire at each step at which some do."""
        watch, found = StopSet(stops), {}
        for step, here in enumerate(self.arrived):
            if step == 0 or step - 1 in self.forks:
                now = self.situations[max(0, step - 1)]
                watch.begin(now.state, data=now.data, output=output(now))
            touch = touch_at(self.situations[step - 1]) if step else None
            limit = here.settings.limit
            if watch.arrive(here.state, touch, limit=limit, data=here.data, output=output(here)):
                found[step] = tuple(i for i, fired in enumerate(watch.fired) if fired)
        return found


def output(here: Situation) -> bytes:
    return output_of(here.state, here.program.dialect, here.settings)


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    number = draw(st.integers(0, 20))
    values = draw(st.binary(min_size=1, max_size=3))
    choices: list[Edit] = [
        SetCells(number % 16, values), SetRegister(Register.PC, number), SetRegister(Register.HEAD0, number),
        SetRegister(Register.HEAD1, number), SetRegister(Register.SPARE, values[0]), SetInput(values),
        SetCode(number, b"+-[]><"[number % 6 :][:1]), SetCode(number, b"[+]"),
    ]  # fmt: skip
    return draw(st.sampled_from(choices))


DEEDS = ["edit", "edit", "switch", "seek", "step", "step_back", "step_over", "step_over_back", "end", "continue",
         "reverse_continue", "delete", "look", "back", "forward", "other_machine"]  # fmt: skip


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@pytest.mark.parametrize("budget", [1 << 20, 3000], ids=["roomy", "tight"])
@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@given(runs(), st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 200), edits()), max_size=25))
@settings(max_examples=100)
def test_any_edits_moves_and_switches_leave_exactly_the_state_of_that_step_of_that_branch(
    machine: MachineType, budget: int, oracle: Oracle, deeds: list[tuple[str, int, Edit]]
) -> None:
    check_deeds(machine, budget, oracle, deeds)


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@pytest.mark.parametrize("budget", [1 << 20, 3000], ids=["roomy", "tight"])
@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("seed", range(6))
def test_long_sessions_leave_exactly_the_state_of_that_step_of_that_branch(
    machine: MachineType, budget: int, seed: int
) -> None:
    random = Random(seed)
    oracle = looping_run(random)
    deeds = [(random.choice(DEEDS), random.randrange(200), random_edit(random)) for _ in range(80)]
    check_deeds(machine, budget, oracle, deeds)


def random_edit(random: Random) -> Edit:
    number, values = random.randrange(9), random.randbytes(random.randrange(1, 4))
    choices: list[Edit] = [
        SetCells(number, values), SetCells(number, values), SetRegister(Register.PC, number), SetInput(values),
        SetRegister(Register.HEAD0, number), SetCode(number, random.choice([b"+", b"-", b">", b"<", b"[+]"])),
    ]  # fmt: skip
    return random.choice(choices)


def check_deeds(machine: MachineType, budget: int, oracle: Oracle, deeds: list[tuple[str, int, Edit]]) -> None:
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine, checkpoint_bytes=budget)
    models = {0: Model.of(oracle)}
    for deed, number, edit in deeds:
        branch, step = session.moment.branch, session.moment.step
        try:
            do(session, deed, number, edit)
        except (EditError, BranchError, MoveError):
            assert (session.moment.branch, session.moment.step) == (branch, step)
        else:
            here = session.moment
            if deed == "edit":
                models[here.branch] = models[branch].fork(step, (edit,))
            models = {number: model for number, model in models.items() if number in session.branches}
        check(session, models)


def do(session: Session, deed: str, number: int, edit: Edit) -> None:
    here = session.moment
    chosen = [branch.number for branch in session.branches]
    branch = chosen[number % len(chosen)]
    match deed:
        case "edit":
            session.edit(edit)
        case "switch":
            session.switch(branch)
        case "seek":
            session.seek(number, branch=branch)
        case "step":
            session.step(number % 5 + 1)
        case "step_back":
            session.step_back(number % 5 + 1)
        case "step_over":
            session.step_over()
        case "step_over_back":
            session.step_over_back()
        case "end":
            session.to_end()
        case "continue":
            session.stops.clear()
            session.stops.add(number % 3) if number % 3 < len(session.program) else None
            session.continue_()
        case "reverse_continue":
            session.reverse_continue()
        case "delete":
            session.branches.delete(branch)
        case "look":
            before = session.moment
            state = session.state_at(number, branch=branch)
            assert state is not None
            assert session.moment is before
            assert session._timeline.state() == here.state
        case "back":
            session.back()
        case "forward":
            session.forward()
        case "other_machine":
            session.use(Machine if number % 2 else ReferenceMachine)


def check(session: Session, models: dict[int, Model]) -> None:
    """The moment, its neighbours, and one more step of every branch are as in the models."""
    here = session.moment
    model = models[here.branch]
    wanted = model.situations[here.step]
    assert here.state == wanted.state
    assert (here.program, here.data) == (wanted.program, wanted.data)
    assert here.at_end == (here.step == model.total)
    for number, other in models.items():
        probe = (here.step * 7 + number) % (other.total + 1)
        found = session.situation_at(probe, branch=number)
        assert found is not None
        assert found.is_like(other.situations[probe])
        assert found.state.status is other.situations[probe].state.status


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("seed", range(12))
def test_stops_fire_at_the_same_steps_of_a_branch_in_both_directions(machine: MachineType, seed: int) -> None:
    random = Random(seed)
    oracle = looping_run(random)
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    wheres = random.choices(WHERE, k=3)
    conditions, rules = ["", "", "cell0 > 0", "hits > 2", "h0 != h1"], ["", "== 2", ">= 3", "% 2", "% 3"]
    stops = []
    for where in wheres:
        stop = session.stops.set(where, condition=random.choice(conditions), rule=random.choice(rules))
        place = machine_place(where, oracle.program.dialect, oracle.settings, len(oracle.data))
        assert place is not None
        stops.append(Stop(place, stop.condition, stop.rule))
    models = {0: Model.of(oracle)}
    for _ in range(40):
        here = session.moment
        firings = models[here.branch].firings(stops)
        deed = random.choice(["edit", "seek", "continue", "continue", "reverse_continue", "reverse_continue"])
        if deed == "edit":
            edit = random_edit(random)
            with suppress(EditError):
                session.edit(edit)
                models[session.moment.branch] = models[here.branch].fork(here.step, (edit,))
        elif deed == "seek":
            session.seek(random.randrange(200), branch=random.choice(list(models)))
        elif deed == "continue":
            later = [step for step in firings if step > here.step]
            assert session.continue_().step == min(later, default=models[here.branch].total)
            assert set(session.moment.fired) == {i + 1 for i in firings.get(session.moment.step, ()) if later}
        else:
            earlier = [step for step in firings if step < here.step]
            assert session.reverse_continue().step == max(earlier, default=0)
            assert set(session.moment.fired) == {i + 1 for i in firings.get(session.moment.step, ()) if earlier}


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_found_on_a_branch_is_what_its_list_of_states_has(machine: MachineType, seed: int) -> None:
    random = Random(seed)
    oracle = looping_run(random)
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    models = {0: Model.of(oracle)}
    questions = [Question.cells(0), Question.cells(1, access=Access.CHANGE), Question.instruction(0)]
    for _ in range(25):
        session.seek(random.randrange(200), branch=random.choice(list(models)))
        here = session.moment
        if random.random() < 0.3:
            edit = random_edit(random)
            with suppress(EditError):
                session.edit(edit)
                models[session.moment.branch] = models[here.branch].fork(here.step, (edit,))
            here = session.moment
        question, number = random.choice(questions), random.randrange(1, 6)
        steps = sorted(models[here.branch].firings([question.stop]))
        assert session.find.last(question) == max((t for t in steps if t < here.step), default=None)
        assert session.find.next(question) == min((t for t in steps if t > here.step), default=None)
        assert session.find.nth(question, number) == (steps[number - 1] if len(steps) >= number else None)
        assert session.find.count(question) == len(steps)
        assert session.moment is here
