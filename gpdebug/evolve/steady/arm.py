"""How steady-state islands search."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpdebug.evolve.arms import LONG_WEIGHTS, SHORT_CAPS, SHORT_WEIGHTS, ArmSettings, arm_for, changed
from gpdebug.evolve.options import Arm, Replacement, Selection
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.task import Task
from vm.dialect import Io

DOUBLED, SELDOM_DOUBLED = 8, 64
"""Restarts after which the next ones are twice as patient, so that no search starves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyArm(ArmSettings):
    """How a steady-state island searches.

    Attributes:
        population: individuals, unless another number than the usual one is asked for.
        victims: how many random ones a victim is the worst of; a parent is the best of `tournament`.
        pace: births a generation for each individual. They cost less than those of a generation that is made at once,
            and islands side by side should take about equally long.
        drifts: a child may do what others do, and be longer than who is as good: then few individuals get far by
            changes that make no difference at first. Neutral drift is what Cartesian genetic programming lives on
            (Miller, Thomson: Cartesian genetic programming, EuroGP 2000).
        doubled: restarts after which the next ones are twice as patient.
    """

    population: int = 1_000
    victims: int = 3
    pace: int = 1
    drifts: bool = False
    doubled: int = DOUBLED

    def token_bounds(self, drawn: int) -> tuple[int, int, int]:
        """The smallest and the largest cap, and how far it is above the tokens of the best in between: see `caps`."""
        return self.caps(drawn, 0)[0], self.caps(drawn, self.width)[0], 0 if self.token_caps else self.growth

    def patience_after(self, restarts: int, drawn: int) -> int:
        """Evaluations without a better best before the next restart, after so many."""
        return self.patience_with(drawn) << min(max(restarts, 0) // self.doubled, 20)


CONSTANTS = SteadyArm(
    selection=Selection.TOURNAMENT,
    circular=False,
    long_runs=33,
    weights=(6, 6, 4, 4, 2, 2, 2, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0),
    token_caps=(),
    patience=200_000,
    active=1,
    crossover=30,
    one_more=40,
    population=300,
    trades=30,
    parts=20,
)
"""For tasks that want one constant: few loops, since a text needs none and those that do not end take most time.

Its population and its patience are those of long constants, see `for_constant`.
"""
CROWD, A_BYTE = 20, 5
"""Individuals for a constant: so many, and so many more for each byte of it. 300 for all of them took four times the
births for 2 bytes, three times for 9, and as many for 21."""
FRUITLESS = 300
"""Births for each individual without a better best one before a search for a constant begins anew."""

ARMS = {
    Arm.SHORT: SteadyArm(
        selection=Selection.TOURNAMENT,
        circular=True,
        long_runs=0,
        weights=SHORT_WEIGHTS,
        token_caps=SHORT_CAPS,
        patience=40_000,
        active=8,
        max_instructions=1_000_000,
        pace=4,
    ),
    Arm.LONG: replace(
        CONSTANTS, weights=LONG_WEIGHTS, active=10, crossover=50, one_more=50, population=1_000, trades=20
    ),
}

NUMBERS = replace(
    ARMS[Arm.SHORT],
    population=50,
    pace=50,
    patience=20_000,
    token_caps=(32, 40, 48),
    drifts=True,
    doubled=SELDOM_DOUBLED,
)
"""For tasks that want several numbers: what makes the next one of them, done again for each."""
MOST_REPEATS = 8
STEPS_A_UNIT, FEWEST_STEPS = 16, 2_000
"""Steps of a run in the search: so many for each unit of all numbers of a case, and at least so many. What counts its
numbers down needs some for each unit, and what does not end takes all of them."""


def steady_arm_of(task: Task, settings: SearchSettings, island: int) -> SteadyArm | None:
    """How an island searches if it is steady-state: for one constant, in the short arm, and where that is chosen."""
    is_constant = len(task.training) == 1 and settings.arms is None
    arm = arm_for(task, settings, island)
    if settings.replacement is None:
        if settings.of_generations() or (arm is Arm.LONG and not is_constant):
            return None
    elif settings.replacement is Replacement.GENERATIONAL:
        return None
    if is_constant:
        usual = for_constant(len(task.training[0].output))
    elif arm is Arm.SHORT and numbers_of(task) > 1:
        usual = for_numbers(task)
    else:
        usual = ARMS[arm]
    chosen = changed(usual, settings)
    return chosen if settings.mutation is None else replace(chosen, trades=0, parts=0)


def for_constant(length: int) -> SteadyArm:
    """How an island searches for an output of so many bytes: the shorter it is, the fewer individuals find it sooner.

    Small populations first are an idea of Auger, Hansen: A restart CMA evolution strategy with increasing population
    size, CEC 2005; here it is the task that tells how large they should be.
    """
    population = min(CROWD + A_BYTE * length, CONSTANTS.population)
    return replace(CONSTANTS, population=population, patience=min(FRUITLESS * population, CONSTANTS.patience))


def numbers_of(task: Task) -> int:
    """How many numbers a task wants, 1 where they are a text."""
    return task.dialect.settings.out_len or 1 if task.dialect.io is Io.REGIONS else 1


def for_numbers(task: Task) -> SteadyArm:
    """How an island searches for several numbers."""
    units = max(sum(case.input) + sum(case.output) for case in task.training)
    return replace(
        NUMBERS,
        repeats=min(numbers_of(task), MOST_REPEATS),
        step_limit=min(max(STEPS_A_UNIT * units, FEWEST_STEPS), NUMBERS.step_limit),
    )
