"""The two settings of an island's search, measured side by side: what each arm does differently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language
from gpdebug.evolve.idioms import no_loops, random_loops
from gpdebug.evolve.mutation import MILLION, Material
from gpdebug.evolve.options import MUTATIONS, RECOMBINATIONS, Arm, ByteError, Selection, Ties, Weights
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.spelling import spelling_of
from gpdebug.store.task import Task
from vm.dialect import Dialect, Io, Primitive

LONGEST = 2_000
"""Instructions of a program of the long arm; with 600, texts of 13 letters were out of reach."""
A_TOKEN = 3
"""Instructions a token may stand for, on average, in the short arm."""

SHORT_WEIGHTS = (6, 6, 4, 4, 2, 2, 2, 2, 2, 10, 1, 0, 0, 0, 0, 0, 0)
LONG_WEIGHTS = (6, 6, 4, 4, 2, 2, 2, 2, 2, 2, 1, 0, 2, 1, 2, 2, 1)
_CROSSOVERS = (1, 1, 1, 0, 0)
SHORT_CAPS = (12, 16, 16, 24, 32)
PLAIN = 5
"""Where programs do the same several times, the last one of so many restarts is for those that do not."""
SETS = 2
"""As many symbols as all those that set a cell count together."""


@dataclass(frozen=True, slots=True)
class ArmSettings:
    """How one arm searches; what is not told here is told in `options.OPTIONS`.

    Attributes:
        selection: how parents are chosen.
        circular: an error of a byte is counted modulo 256.
        long_runs: percent of new `+ -` tokens that are runs.
        weights: of `operators.OPERATORS`.
        token_caps: one is drawn at each restart; none: the best individual's tokens and a few more.
        patience: evaluations without a better best before a restart, for a cap of 16 tokens where caps are drawn.
        active: cases that are looked at from the start.
        is_patience_fixed: patience is the same for every cap.
        down_sampling: percent of the training cases that are drawn each generation; 0: the active cases stay.
        crossovers: weights of the crossovers.
        trades: percent of changes that are `changes.trade`.
        parts: percent of changes that are `changes.part`.
        repeats: how often a program does the same, see `evolve.repeats`; its numbers then count one after the other.
    """

    selection: Selection
    circular: bool
    long_runs: int
    weights: tuple[int, ...]
    token_caps: tuple[int, ...]
    patience: int
    active: int
    is_patience_fixed: bool = False
    tournament: int = 3
    ties: Ties = Ties.SHORTER
    step_pressure: int = 0
    down_sampling: int = 0
    step_limit: int = 10_000
    crossover: int = 50
    crossovers: tuple[int, ...] = _CROSSOVERS
    trades: int = 0
    parts: int = 0
    one_more: int = 60
    umad: float = 0.09
    elites: int = 10
    retries: int = 2
    max_tokens: int = 160
    max_instructions: int = LONGEST
    start_tokens: int = 12
    growth: int = 18
    repeats: int = 1

    def caps(self, drawn: int, best_size: int) -> tuple[int, int]:
        """Most tokens and most instructions of a child."""
        if self.token_caps:
            return drawn, min(A_TOKEN * drawn, self.max_instructions)
        return min(max(best_size, self.start_tokens) + self.growth, self.max_tokens), self.max_instructions

    def first_caps(self, drawn: int) -> tuple[int, int]:
        """Most tokens and most instructions that random programs are made for: they get up to half the tokens."""
        if self.token_caps:
            return self.caps(drawn, 0)
        return min(2 * self.start_tokens, self.max_tokens), self.max_instructions

    @property
    def one_by_one(self) -> bool:
        """Whether objectives are chosen one by one."""
        return self.selection is not Selection.TOURNAMENT

    @property
    def width(self) -> int:
        """Most tokens of a program, ever."""
        return max(self.token_caps, default=self.max_tokens) * self.repeats

    def patience_with(self, drawn: int) -> int:
        """Evaluations without a better best before a restart."""
        return self.patience if self.is_patience_fixed or not self.token_caps else self.patience * drawn // 16

    def repeats_after(self, restarts: int) -> int:
        """How often a program does the same after so many restarts: now and then once."""
        return 1 if restarts % PLAIN == PLAIN - 1 else self.repeats

    def material(self, task: Task, language: Language, seed: int) -> Material:
        """What mutations build from; idioms only if they are ever inserted."""
        has_idioms = self.weights[MUTATIONS.index("idiom")] > 0
        idioms = random_loops(task.dialect, language, seed) if has_idioms else no_loops()
        return Material(
            language=language._replace(plain=_weighted_symbols(task, language)),
            counts=_suggested_counts(task) if self.long_runs else np.zeros(0, np.uint8),
            long_runs=self.long_runs,
            idioms=idioms[0],
            idiom_sizes=idioms[1],
            weights=np.cumsum(self.weights),
            crossovers=np.cumsum(self.crossovers),
            one_more=self.one_more,
            umad=round(self.umad * MILLION),
            spelling=spelling_of(task, language),
        )


AnyArm = TypeVar("AnyArm", bound=ArmSettings)

ARMS = {
    Arm.SHORT: ArmSettings(
        Selection.TOURNAMENT, True, 0, SHORT_WEIGHTS, SHORT_CAPS, 40_000, 8, max_instructions=1_000_000
    ),
    Arm.LONG: ArmSettings(Selection.LEXICASE, False, 33, LONG_WEIGHTS, (), 250_000, 10, trades=15, parts=5),
}
"""Of islands whose generations follow each other."""

_AS_THEY_ARE = (
    "selection", "tournament", "ties", "step_pressure", "long_runs", "down_sampling", "step_limit", "crossover",
    "one_more", "umad", "elites", "retries", "max_instructions", "start_tokens", "growth",
)  # fmt: skip


def arm_for(task: Task, settings: SearchSettings, island: int) -> Arm:
    """The arm of an island: short for numbers (outputs of one length), long for texts by streams, else by turns.

    Measured, on two islands: `max` needs both, and a text that has to be written letter by letter (`trim-left`,
    `between-quotes` in Brainfuck) is never found by the short one.
    """
    if settings.arms is not None:
        return settings.arms
    if task.dialect.io is Io.STREAMS:
        return Arm.LONG
    return (Arm.LONG, Arm.SHORT)[island % 2] if task.dialect.settings.out_len is None else Arm.SHORT


def arm_of(settings: SearchSettings, arm: Arm) -> ArmSettings:
    """How an island searches whose generations follow each other: its arm, and what was chosen in place of its own."""
    return changed(ARMS[arm], settings)


def changed(arm: AnyArm, settings: SearchSettings) -> AnyArm:
    """An arm with what was chosen in place of its own."""
    changes: dict[str, Any] = {name: getattr(settings, name) for name in _AS_THEY_ARE}
    changes["active"] = settings.cases
    changes["circular"] = None if settings.byte_error is None else settings.byte_error is ByteError.CIRCULAR
    changes["weights"] = _in_order(settings.mutation, MUTATIONS)
    changes["crossovers"] = _in_order(settings.recombination, RECOMBINATIONS)
    if dict(settings.mutation or ()).keys() == {"umad"} and settings.one_more is None:
        changes["one_more"] = 0
    if settings.patience is not None:
        changes |= {"patience": settings.patience, "is_patience_fixed": True}
    changes["max_tokens"] = settings.max_tokens
    if arm.token_caps and (settings.start_tokens is not None or settings.growth is not None):
        changes["token_caps"] = ()
        changes["max_instructions"] = settings.max_instructions or A_TOKEN * (settings.max_tokens or arm.max_tokens)
    elif arm.token_caps and settings.max_tokens is not None:
        changes["token_caps"] = (settings.max_tokens,)
    return replace(arm, **{name: value for name, value in changes.items() if value is not None})


def _in_order(weights: Weights | None, names: tuple[str, ...]) -> tuple[int, ...] | None:
    """Weights for all names."""
    return None if weights is None else tuple(dict(weights).get(name, 0) for name in names)


def _weighted_symbols(task: Task, language: Language) -> NDArray[np.uint8]:
    """Symbols that new tokens are drawn from, each as often as its weight.

    Where a dialect has many symbols that set a cell, they count as two together: half of that goes to all alike,
    half by how many bytes of the cases each is the nearest to.
    """
    arguments = _settable(task.dialect)
    if len(arguments) <= SETS:
        return language.plain
    sets = {chr(symbol): index for index, symbol in enumerate(language.symbols) if chr(symbol) in arguments}
    values = np.array([arguments[symbol] for symbol in sets])
    wanted = np.array([byte for case in task.training for byte in case.output])
    near = np.bincount(abs(wanted[:, None] - values).argmin(axis=1), minlength=len(values))
    shares = np.ones(len(values), int) + (near * len(values) + len(wanted) - 1) // max(len(wanted), 1)
    others = [index for index in language.plain.tolist() if index not in sets.values()]
    each = int(shares.sum()) // SETS
    return np.concatenate([np.repeat(list(sets.values()), shares), np.repeat(others, each)]).astype(np.uint8)


def _settable(dialect: Dialect) -> dict[str, int]:
    """What symbols set a cell to."""
    return {i.symbol: i.argument for i in dialect.instructions if i.primitive is Primitive.SET}


def _suggested_counts(task: Task) -> NDArray[np.uint8]:
    """Bytes of the cases, the steps between neighbours in an output, and from what can be set to its bytes.

    Each is told as the shorter way round.
    """
    settable = list(_settable(task.dialect).values())
    values: list[int] = []
    for case in task.training:
        values += case.input
        values += case.output
        values += [(b - a) % 256 for a, b in zip(case.output, case.output[1:], strict=False)]
        values += [min(abs(byte - value) for value in settable) for byte in case.output if settable]
    counts = np.array([min(value, 256 - value) for value in values if value], np.uint8)
    return counts
