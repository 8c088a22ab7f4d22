"""Running mutants of a program on cases: their errors, how they ended, and whether they did anything else than it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect
from vm.evaluate import Evaluation, Programs, evaluate
from vm.mutants import Mutants
from vm.program import Program
from vm.scoring import Scorer, case_errors
from vm.settings import Settings, Unmatched

NO_ERROR = -1
"""Error of a mutant that cannot be loaded: it has no runs."""
_ROOM = 1 << 24
"""Bytes that the codes and outputs of the mutants may take that are run in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """A program on some cases, and what it does there.

    Attributes:
        code: the program.
        dialect: its language.
        settings: of its machine.
        inputs: of the cases.
        wanted: their outputs.
        scorer: how far an output is from the wanted one.
        outputs: what the program puts out on each, whole.
        errors: `int64[cases]`.
        status: `uint8[cases]`, how it ended: a `vm.state.Status`.
        steps: `int64[cases]`.
    """

    code: bytes
    dialect: Dialect
    settings: Settings
    inputs: tuple[bytes, ...]
    wanted: tuple[bytes, ...]
    scorer: Scorer
    outputs: tuple[bytes, ...]
    errors: NDArray[np.int64]
    status: NDArray[np.uint8]
    steps: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MutantRuns:
    """What mutants did.

    Attributes:
        errors: `int64[mutants, cases]`: see `vm.scoring.case_error`; `NO_ERROR` for a mutant that cannot be loaded.
        status: `uint8[mutants, cases]`: a `vm.state.Status`, `RUNNING` for a mutant that cannot be loaded.
        changed: `bool[mutants, cases]`: the output or the status is another than the original's.
    """

    errors: NDArray[np.int64]
    status: NDArray[np.uint8]
    changed: NDArray[np.bool_]

    def rows(self, which: NDArray[np.intp] | slice) -> MutantRuns:
        """Of some of the mutants."""
        return MutantRuns(self.errors[which], self.status[which], self.changed[which])


def run_original(
    program: Program,
    inputs: Sequence[bytes],
    wanted: Sequence[bytes] | None = None,
    scorer: Scorer = Scorer.BYTES,
    settings: Settings | None = None,
) -> Original:
    """Runs a program that mutants are to be compared with.

    Args:
        program: the original.
        inputs: of the cases.
        wanted: their outputs; None: those that the program puts out.
        scorer: how far an output is from the wanted one.
        settings: of the machine; None: the dialect's own.

    Raises:
        VMError: the program or an input cannot be loaded.
    """
    settings = program.dialect.settings if settings is None else settings
    code = program.code.tobytes()
    packed = Programs.of([code])
    lengths = evaluate(packed, inputs, program.dialect, settings, width=0).lengths
    width = max([int(lengths.max(initial=0)), *map(len, wanted or ())])
    ran = evaluate(packed, inputs, program.dialect, settings, width=width)
    outputs = tuple(ran.outputs[0, case, :length].tobytes() for case, length in enumerate(ran.lengths[0].tolist()))
    asked = outputs if wanted is None else tuple(wanted)
    errors = case_errors(scorer, ran, asked)[0]
    return Original(
        code, program.dialect, settings, tuple(inputs), asked, scorer, outputs, errors, ran.status[0], ran.steps[0]
    )


def run_mutants(original: Original, mutants: Mutants, *, threads: int = 1) -> MutantRuns:
    """Runs every mutant on every case.

    A mutant that cannot be loaded (a bracket has no partner and the settings reject that; a self-modifying program
    is larger than the memory) is not run.

    Args:
        original: what they are mutants of.
        mutants: the edits.
        threads: how many share them; the result does not depend on it.
    """
    count, cases = len(mutants), len(original.inputs)
    runs = MutantRuns(
        np.full((count, cases), NO_ERROR, np.int64),
        np.zeros((count, cases), np.uint8),
        np.ones((count, cases), np.bool_),
    )
    width = max([0, *map(len, original.outputs), *map(len, original.wanted)])
    room = len(original.code) + cases * (width + 16)
    at_once = max(1, _ROOM // room)
    for first in range(0, count, at_once):
        last = min(first + at_once, count)
        _run_part(original, mutants.part(first, last), first, runs, width, threads)
    return runs


def _run_part(
    original: Original, mutants: Mutants, first: int, runs: MutantRuns, width: int, threads: int
) -> None:  # fmt: skip
    loads, ran = mutant_outputs(original, mutants, width=width, threads=threads)
    rows = first + np.flatnonzero(loads)
    runs.errors[rows] = case_errors(original.scorer, ran, original.wanted)
    runs.status[rows] = ran.status
    runs.changed[rows] = _changed(ran, original, width)


def mutant_outputs(
    original: Original, mutants: Mutants, *, width: int, threads: int = 1
) -> tuple[NDArray[np.bool_], Evaluation]:  # fmt: skip
    """Runs every mutant on every case and keeps the outputs, so only a few mutants.

    Args:
        original: what they are mutants of.
        mutants: the edits.
        width: bytes of each output to keep.
        threads: how many share them.

    Returns:
        Which mutants can be loaded, and what those did.
    """
    settings = original.settings
    written = mutants.written(original.code)
    loads = _loadable(written, original)
    if settings.unmatched is Unmatched.REJECT:
        settings = replace(settings, unmatched=Unmatched.HALT)
    programs = _rows_of(written, np.flatnonzero(loads))
    return loads, evaluate(programs, original.inputs, original.dialect, settings, width=width, threads=threads)


def _loadable(programs: Programs, original: Original) -> NDArray[np.bool_]:
    """Which programs a machine would take: `bool[programs]`."""
    from vm.blocks import bracket_shapes
    from vm.mutant_kernel import count_strays

    taken = np.ones(len(programs), np.bool_)
    if original.dialect.self_modifying:
        taken &= programs.lengths <= original.settings.memory
    if original.settings.unmatched is Unmatched.REJECT:
        strays = np.zeros(len(programs), np.int64)
        count_strays(programs.code, programs.offsets, bracket_shapes(original.dialect), strays)
        taken &= strays == 0
    return taken


def _rows_of(programs: Programs, rows: NDArray[np.intp]) -> Programs:
    if len(rows) == len(programs):
        return programs
    return Programs.of([programs[row] for row in rows.tolist()])


def _changed(ran: Evaluation, original: Original, width: int) -> NDArray[np.bool_]:
    lengths = np.array([len(output) for output in original.outputs], np.int32)
    own = np.zeros((len(lengths), width), np.uint8)
    for case, output in enumerate(original.outputs):
        own[case, : len(output)] = np.frombuffer(output, np.uint8)
    kept = np.arange(width) < lengths[:, np.newaxis]
    differs = ((ran.outputs != own) & kept).any(axis=2)
    changed: NDArray[np.bool_] = differs | (ran.lengths != lengths) | (ran.status != original.status)
    return changed
