"""Heat maps of scans: a colour for each place and kind of change, as plain arrays that any screen can draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.mutation import Kind, MutationScan
from gpdebug.explain.scan.outcomes import Effect
from gpdebug.wording import symbol_words
from vm.mutants import Edit

LEVELS = 4
"""Shades of a larger error, and as many of a smaller one."""
NO_CELL = -1
"""Effect of a cell that stands for no change."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """What changes do, place by place.

    Attributes:
        title: what it shows.
        rows: the names of the rows.
        first: the instruction of the first column; the next column is the next instruction.
        symbols: of the instructions, a column each; empty behind the last one.
        effects: `int16[rows, columns]`: an `Effect`, `NO_CELL` where there is nothing.
        deltas: `int64[rows, columns]`: how much larger the error is.
        levels: `int8[rows, columns]`: the shade, `-LEVELS` for the best to `LEVELS` for the worst, 0 for no change: the
            logarithm of the delta, so that each shade is the same factor; a mutant that cannot be loaded is the worst.
    """

    title: str
    rows: tuple[str, ...]
    first: int
    symbols: tuple[str, ...]
    effects: NDArray[np.int16]
    deltas: NDArray[np.int64]
    levels: NDArray[np.int8]


def case_map(found: KnockOuts) -> HeatMap:
    """Knock-outs, a row for each case: which case needs which instruction."""
    outcomes = found.sites
    rejected = outcomes.rejected[:, np.newaxis]
    deltas = outcomes.case_deltas
    effects = np.where(outcomes.reached, Effect.INTRON, Effect.NEVER_EXECUTED).astype(np.int16)
    effects[outcomes.changed] = Effect.NEUTRAL
    effects[deltas < 0] = Effect.BENEFICIAL
    effects[deltas > 0] = Effect.HARMFUL
    effects[np.broadcast_to(rejected, effects.shape)] = Effect.LETHAL
    names = tuple(f"case {case + 1}" for case in range(found.subject.cases))
    return _map("knock-outs by case", names, 0, found.subject.original.code, effects.T, deltas.T)


def site_map(found: KnockOuts) -> HeatMap:
    """Knock-outs on all cases together: every instruction alone and, if there are any, pairs of brackets in a row of
    their own.
    """
    length = len(found.subject.program)
    rows = ("alone", "as a pair") if len(found.brackets) else ("alone",)
    effects = np.full((len(rows), length), NO_CELL, np.int16)
    deltas = np.zeros((len(rows), length), np.int64)
    effects[0], deltas[0] = found.sites.effects, found.sites.deltas
    for column in found.brackets.T:
        effects[-1, column], deltas[-1, column] = found.pairs.effects, found.pairs.deltas
    return _map("knock-outs", rows, 0, found.subject.original.code, effects, deltas)


def mutation_map(found: MutationScan) -> HeatMap:
    """A mutation scan, a row for each kind of mutation."""
    code = found.subject.original.code[found.first : found.first + len(found.rows)]
    names = tuple(kind_words(kind) for kind in found.kinds)
    return _map("mutations", names, found.first, code, found.effects.T, found.deltas.T)


def kind_words(kind: Kind) -> str:
    """What a kind of mutation does, in words."""
    if kind.edit is Edit.DELETE:
        return "delete"
    return f"{'insert' if kind.edit is Edit.INSERT else 'put'} {symbol_words([kind.symbol])}"


def _map(
    title: str, rows: tuple[str, ...], first: int, code: bytes, effects: NDArray[np.int16], deltas: NDArray[np.int64]
) -> HeatMap:
    symbols = [symbol_words([symbol]) for symbol in code]
    symbols += [""] * (effects.shape[1] - len(symbols))
    return HeatMap(title, rows, first, tuple(symbols), effects, deltas, _levels(effects, deltas))


def _levels(effects: NDArray[np.int16], deltas: NDArray[np.int64]) -> NDArray[np.int8]:
    sizes = np.abs(deltas).astype(np.float64)
    largest = sizes.max(initial=1.0)
    levels = np.ceil(LEVELS * np.log1p(sizes) / np.log1p(largest)) * np.sign(deltas)
    levels[(effects == Effect.LETHAL) & (deltas == 0)] = LEVELS
    shades: NDArray[np.int8] = levels.astype(np.int8)
    return shades
