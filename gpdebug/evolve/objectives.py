"""How far outputs are from the wanted ones, for selection: an objective for every wanted byte and every case.

A missing byte counts as zero. A case's own objective is 0 exactly if the output has the right length and the run
ended by itself: 16 for each extra byte (up to 8), 1 for each missing one, 16 for a run that did not end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.jit import kernel
from vm.state import Status

EXTRA = 8
PENALTY = 16
NOTHING_SEEN = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
"""Fowler, Noll, Vo: FNV-1a."""

_FINISHED = int(Status.FINISHED)
_HALTED = int(Status.HALTED)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What the active cases ask for.

    Attributes:
        outputs: `uint8[cases, width]`, zero padded; the width leaves room to see extra bytes.
        lengths: `int32[cases]`.
        rows: `int32[cases]`, the objective of each case's first byte; after its bytes follows its own one.
        count: how many objectives there are.
    """

    outputs: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    rows: NDArray[np.int32]
    count: int

    @classmethod
    def of(cls, outputs: Sequence[bytes]) -> Wanted:
        """Lays wanted outputs out for the kernels."""
        lengths = np.array([len(item) for item in outputs], np.int32)
        table = np.zeros((len(outputs), int(lengths.max(initial=0)) + EXTRA), np.uint8)
        for row, item in zip(table, outputs, strict=True):
            row[: len(item)] = np.frombuffer(item, np.uint8)
        ends = np.cumsum(lengths + 1)
        return cls(table, lengths, (ends - lengths - 1).astype(np.int32), int(ends[-1]))

    @property
    def width(self) -> int:
        """Bytes of output that matter."""
        return int(self.outputs.shape[1])


@kernel(inline=True)
def judge_case(
    got: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8]],
    program: int,
    case: int,
    wanted: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]],
    circular: bool,
    wrong: int,
    objectives: NDArray[np.int16],
) -> Any:
    """Measures one output: its error, the sum of its objectives.

    Args:
        got: see `judge`.
        program: which output.
        case: of which case.
        wanted: see `judge`, like `circular` and `objectives`.
        circular: a byte's error is min(d, 256 - d) rather than d.
        wrong: the error of every byte that is wrong, or 0: how far it is from the right one.
        objectives: those of the case are filled.
    """
    total = np.int64(0)
    row = np.int64(wanted[2][case])
    length: Any = np.int64(got[1][program, case])
    right: Any = np.int64(wanted[1][case])
    for index in range(right):
        error: Any = abs(np.int64(got[0][program, case, index]) - np.int64(wanted[0][case, index]))
        if circular and error > 128:
            error = 256 - error
        if wrong > 0 and error > 0:
            error = wrong
        objectives[program, row + index] = error
        total += error
    error = right - length if length < right else PENALTY * min(length - right, EXTRA)
    status = got[2][program, case]
    if status != _FINISHED and status != _HALTED:
        error += PENALTY
    objectives[program, row + right] = error
    return total + error


@kernel(inline=True)
def behaviour_of(
    got: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8]],
    program: int,
    wanted: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]],
    objectives: NDArray[np.int16],
) -> Any:
    """A hash of everything that was measured of a program; see `judge` for the arguments."""
    seen = NOTHING_SEEN
    for case in range(len(wanted[1])):
        right: Any = np.int64(wanted[1][case])
        for index in range(right):
            seen = (seen ^ np.uint64(got[0][program, case, index])) * _PRIME
        seen = (seen ^ np.uint64(objectives[program, np.int64(wanted[2][case]) + right])) * _PRIME
    return seen


@kernel()
def judge(
    got: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8]],
    wanted: tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]],
    circular: bool,
    wrong: int,
    objectives: NDArray[np.int16],
    totals: NDArray[np.int64],
    behaviours: NDArray[np.uint64],
) -> None:
    """Measures outputs.

    Args:
        got: outputs `uint8[programs, cases, width]`, lengths `int32[programs, cases]`, statuses alike.
        wanted: outputs, lengths and rows of `Wanted`.
        circular: a byte's error is min(d, 256 - d) rather than d.
        wrong: the error of every byte that is wrong, or 0: how far it is from the right one.
        objectives: `int16[programs, objectives]`, filled.
        totals: `int64[programs]`, their sums, filled; 0 exactly for programs that are right.
        behaviours: `uint64[programs]`, a hash of everything that was measured, filled.
    """
    for program in range(got[0].shape[0]):
        total = np.int64(0)
        for case in range(got[0].shape[1]):
            total += judge_case(got, program, case, wanted, circular, wrong, objectives)
        totals[program] = total
        behaviours[program] = behaviour_of(got, program, wanted, objectives)
