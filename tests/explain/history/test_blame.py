"""Blame: every instruction goes back to the birth that brought it, and to no other; errors are those of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gpdebug.explain.blank import blanked
from gpdebug.explain.errors import Interrupted
from gpdebug.explain.history.ancestry import NEW, NoAncestorsError, inheritance, known_parents, line_of
from gpdebug.explain.history.blame import How, blame
from gpdebug.explain.history.story import Between, effects_of, story
from gpdebug.store.individuals import Individuals
from gpdebug.store.opening import open_path
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Task
from tests.explain.history.families import family, stored
from tests.store.examples import judged, reverse_task
from vm.program import Program

SEEDS = range(8)


def sample(name: str) -> Individuals:
    run = open_path(name)
    assert isinstance(run, RunFolder)
    return Individuals(run)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_instruction_is_new_at_the_birth_that_brought_it(seed: int) -> None:
    people = family(seed)
    for id in (20, 35, 49):
        person = people.find(id)
        found = blame(people, person)
        assert sorted(i for one in found.brought for i in one.instructions) == list(range(len(person.code)))
        for one in found.brought:
            parents = known_parents(people, one.individual)
            assert parents is not None
            assert one.how is (How.BIRTH if parents else How.START)
            passed = inheritance(one.individual.code, tuple(parent.code for parent in parents), people.dialect)
            for instruction, place in zip(one.instructions, one.places, strict=True):
                assert person.code[instruction] == one.individual.code[place]
                assert passed.parent[place] == NEW
                assert found.of(instruction) is one


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_inherited_is_the_same_instruction_of_that_parent(seed: int) -> None:
    people = family(seed)
    for id in range(14, 50):
        child = people.find(id)
        parents = tuple(parent.code for parent in people.parents(child))
        found = inheritance(child.code, parents, people.dialect)
        for place, (parent, index) in enumerate(zip(found.parent.tolist(), found.index.tolist(), strict=True)):
            assert (parent == NEW) == (index == NEW)
            assert parent == NEW or parents[parent][index] == child.code[place]


def reference_error(code: bytes, task: Task) -> int:
    return sum(judged(code, task)[0])


@pytest.mark.parametrize("seed", [1, 2])
def test_errors_are_those_of_reference_runs(seed: int) -> None:
    people = family(seed)
    task, person = reverse_task(), people.find(49)
    found = blame(people, person)
    assert found.error == reference_error(person.code, task)
    for one in found.brought:
        assert one.error == reference_error(one.individual.code, task)
        parents = known_parents(people, one.individual) or ()
        before = [reference_error(parent.code, task) for parent in parents]
        assert one.parent_errors == tuple(before)
        assert one.change == (one.error - before[0] if before else None)
        program = Program(person.code, task.dialect)
        partners = [int(program.partners[i]) for i in one.instructions if program.partners[i] >= 0]
        rest = blanked(program, [*one.instructions, *partners])
        blank_task = replace(task, dialect=rest.dialect)
        assert one.error_without == reference_error(rest.code.tobytes(), blank_task)


@pytest.mark.parametrize("seed", [3, 4])
def test_the_line_of_descent_is_told_without_a_gap(seed: int) -> None:
    people = family(seed, count=60)
    task, person = reverse_task(), people.find(69)
    told = story(people, person)
    line = line_of(people, person)
    assert [step.individual for step in told.steps] == list(line)
    errors = [reference_error(one.code, task) for one in line]
    assert [step.error for step in told.steps] == errors
    assert [step.error_before for step in told.steps] == [None, *errors[:-1]]
    assert [step.is_best for step in told.steps] == [
        error < min(errors[:i], default=1 << 60) for i, error in enumerate(errors)
    ]
    for before, step in zip(line, told.steps[1:], strict=False):
        assert step.alignment is not None
        assert step.alignment.applied(()) == before.code
        assert step.alignment.applied(range(len(step.alignment.hunks))) == step.individual.code
        old, new = judged(before.code, task)[0], judged(step.individual.code, task)[0]
        assert step.gained == tuple(i for i in range(len(old)) if old[i] and not new[i])
        assert step.lost == tuple(i for i in range(len(old)) if new[i] and not old[i])
        tried = effects_of(step, people)
        assert tried is not None
        assert (tried.ends.error(0), tried.ends.error(1)) == (sum(old), sum(new))
    chapters = told.chapters()
    assert sum(part.births if isinstance(part, Between) else 1 for part in chapters) == len(line)
    shown = [part for part in chapters if isinstance(part, int)]
    assert shown == [i for i, step in enumerate(told.steps) if step.is_best or i in (0, len(line) - 1)]


def test_a_real_run_is_blamed_whole() -> None:
    people = sample("reverse")
    best = people.find(33330)
    found = blame(people, best)
    assert sum(len(one.instructions) for one in found.brought) == len(best.code)
    assert {one.how for one in found.brought} == {How.START, How.BIRTH}
    assert found.error == best.error == 0
    last = found.brought[-1]
    assert last.individual.id == best.id
    assert (last.parent_errors, last.error, last.change) == ((266,), 0, -266)
    told = story(people, best)
    assert [told.steps[-1].error_before, told.steps[-1].error] == [266, 0]
    assert told.steps[0].individual.parents == ()


def test_a_shortened_program_brought_nothing_of_its_own() -> None:
    people = sample("reverse")
    short = people.find(33542)
    assert short.operator == "shortened"
    assert 33542 not in {one.individual.id for one in blame(people, short).brought}
    last = story(people, short).steps[-1].alignment
    assert last is not None
    assert all(not hunk.new for hunk in last.hunks)


def test_where_ancestors_are_not_stored_the_trail_ends_there() -> None:
    task = reverse_task()
    codes = [b"+++", b"+++.", b"+++.>"]
    parents = np.array([[-1, -1], [0, -1], [1, -1]], np.int64)
    whole = stored(codes, parents, task)
    cut = Individuals(replace(whole, programs=whole.programs, ids=np.array([3, 11, 12], np.int64)))
    found = blame(cut, cut.find(12))
    assert [(one.individual.id, one.how, one.instructions) for one in found.brought] == [
        (11, How.UNKNOWN, (0, 1, 2, 3)),
        (12, How.BIRTH, (4,)),
    ]
    assert len(story(cut, cut.find(12)).steps) == 2


def test_a_parent_that_is_not_older_is_no_parent() -> None:
    people = Individuals(stored([b"+", b"+."], np.array([[-1, -1], [1, -1]], np.int64), reverse_task()))
    with pytest.raises(NoAncestorsError, match="its parent #11 is not stored"):
        blame(people, people.find(11))


def test_runs_that_tell_nothing_of_births_are_refused_in_a_sentence() -> None:
    people = Individuals(stored([b"+", b"+."], None, reverse_task()))
    with pytest.raises(NoAncestorsError, match="family#11: nothing is stored about its parents, so nobody knows where"):
        blame(people, people.find(11))
    with pytest.raises(NoAncestorsError, match="in the columns parent0 and parent1"):
        story(people, people.find(11))


def test_without_a_task_there_are_no_errors_but_there_is_blame() -> None:
    whole = stored([b"+", b"+."], np.array([[-1, -1], [0, -1]], np.int64), reverse_task())
    people = Individuals(replace(whole, task=None, error=np.array([7, 5], np.int64)))
    found = blame(people, people.find(11))
    assert [(one.instructions, one.error, one.error_without) for one in found.brought] == [
        ((0,), None, None),
        ((1,), None, None),
    ]
    assert [step.error for step in story(people, people.find(11)).steps] == [7, 5]
    assert effects_of(story(people, people.find(11)).steps[1], people) is None


def test_it_can_be_ended() -> None:
    people = family(0)
    with pytest.raises(Interrupted):
        blame(people, people.find(49), interrupt=lambda: True)
    with pytest.raises(Interrupted):
        story(people, people.find(49), interrupt=lambda: True)


def test_a_program_of_nothing_is_blamed_on_nobody() -> None:
    people = Individuals(stored([b"+", b""], np.array([[-1, -1], [0, -1]], np.int64), reverse_task()))
    found = blame(people, people.find(11))
    assert found.brought == ()
    assert found.error == reference_error(b"", reverse_task())
