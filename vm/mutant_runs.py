"""Running mutants of a program on cases: their errors, how they ended, and whether they did anything else than it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Heads
from vm.evaluate import Evaluation, Programs, evaluate, in_parts, pack_start
from vm.mutants import Mutants
from vm.profile import Profiler
from vm.program import Program
from vm.scoring import Scorer, case_errors
from vm.settings import MAX_LIMIT, Settings, Unmatched
from vm.state import Status

NO_ERROR = -1
"""Error of a mutant that cannot be loaded: it has no runs."""
_ROOM = 1 << 24
"""Bytes that the codes and outputs of the mutants may take that are written out in one go."""
_MEMORIES = 1 << 26
"""Bytes that kept states of the original may take."""
_SLICE = 1 << 24


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


class MutantMachine:
    """Runs mutants of one program, and keeps what it learned about the original from one call to the next."""

    def __init__(self, original: Original) -> None:
        """Runs the original on every case once more, to see what it comes to.

        Args:
            original: what the mutants are mutants of.
        """
        self.original = original
        self.executions = _executions(original)
        """How often each instruction was executed on each case, `int64[program_length, cases]`; one that could not be
        executed, where a run ended in a fault, counts."""
        self._kept = _kept(original, self.executions)

    def run(self, mutants: Mutants, *, threads: int = 1) -> MutantRuns:
        """Runs every mutant on every case.

        A mutant that cannot be loaded (a bracket has no partner and the settings reject that; a self-modifying program
        is larger than the memory) is not run.

        Args:
            mutants: the edits.
            threads: how many share them; the result does not depend on it.
        """
        return self.run_plainly(mutants, threads=threads) if self._kept is None else self._run_fast(mutants, threads)

    def run_plainly(self, mutants: Mutants, *, threads: int = 1) -> MutantRuns:
        """The same with every mutant written out and run as a program of its own, from its first step."""
        original, count, cases = self.original, len(mutants), len(self.original.inputs)
        runs = MutantRuns(
            np.full((count, cases), NO_ERROR, np.int64),
            np.zeros((count, cases), np.uint8),
            np.ones((count, cases), np.bool_),
        )
        width = max([0, *map(len, original.outputs), *map(len, original.wanted)])
        at_once = max(1, _ROOM // (len(original.code) + cases * (width + 16)))
        for first in range(0, count, at_once):
            last = min(first + at_once, count)
            _run_part(original, mutants.part(first, last), first, runs, width, threads)
        return runs

    def _run_fast(self, mutants: Mutants, threads: int) -> MutantRuns:
        from vm.mutant_batch import batch_mutants

        original, kept = self.original, self._kept
        assert kept is not None
        shape = (len(mutants), len(original.inputs))
        errors, status = np.full(shape, NO_ERROR, np.int64), np.zeros(shape, np.uint8)
        changed = np.ones(shape, np.uint8)
        scorer = list(Scorer).index(original.scorer)
        edits = (mutants.offsets, mutants.places, mutants.kinds, mutants.symbols)

        def part(bounds: tuple[int, int]) -> int:
            batch_mutants(
                kept.source, edits, *bounds, kept.machine, kept.cases, scorer, kept.known, errors, status, changed
            )  # fmt: skip
            return 0

        in_parts(part, len(mutants), threads)
        return MutantRuns(errors, status, changed.view(np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What `vm.mutant_batch` needs to know about an original."""

    source: NDArray[np.uint8]
    machine: tuple[Any, ...]
    cases: tuple[Any, ...]
    known: tuple[Any, ...]


def _executions(original: Original) -> NDArray[np.int64]:
    program = Program(original.code, original.dialect)
    counts = np.zeros((len(program), len(original.inputs)), np.int64)
    for case, data in enumerate(original.inputs):
        profiler = Profiler(program, data, original.settings)
        while not profiler.advance(original.settings.limit, _SLICE):
            pass
        counts[:, case] = profiler.profile().executions[: len(program)]
        end = profiler.snapshot()
        if end.status.is_fault and end.pc < len(program):
            counts[end.pc, case] += 1
    return counts


def _kept(original: Original, executions: NDArray[np.int64]) -> _Kept | None:
    """None for what does not run block by block, or has too large memories."""
    from vm.blocks import bracket_shapes, meanings
    from vm.layout import pack_settings
    from vm.mutant_batch import KEPT, keep_entries

    dialect, settings, cases = original.dialect, original.settings, len(original.inputs)
    if dialect.self_modifying or dialect.heads is Heads.TAPE or cases * settings.memory > _MEMORIES:
        return None
    source = np.frombuffer(original.code, np.uint8).copy()
    inputs, wanted, own = (Programs.of(each) for each in (original.inputs, original.wanted, original.outputs))
    shapes = bracket_shapes(dialect)
    machine = (
        pack_settings(dialect, settings), pack_start(dialect, settings, MAX_LIMIT), meanings(dialect, settings), shapes,
    )  # fmt: skip
    blocks = int((shapes[source] > 0).sum()) + 1
    stride = -(-blocks * cases * settings.memory // _MEMORIES)
    states = cases * -(-blocks // stride)
    entries = np.full((cases, blocks), -1, np.int32)
    memories, registers = np.empty((states, settings.memory), np.uint8), np.empty((states, KEPT), np.int64)
    keep_entries(source, inputs.code, inputs.offsets, machine, stride, entries, memories, registers)
    told = (
        inputs.code, inputs.offsets, wanted.code, wanted.offsets, own.code, own.offsets, original.errors,
        original.status,
    )  # fmt: skip
    return _Kept(source, machine, told, (_may_come(original, executions), entries, memories, registers))


def _may_come(original: Original, executions: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Whether a case comes to a place, or what is there decides how it ends: `uint8[program_length + 1, cases]`.

    A run that ends at the step limit may have done so just before the last instruction: if that is deleted it has
    finished.
    """
    comes = np.zeros((len(executions) + 1, len(original.inputs)), np.uint8)
    comes[:-1] = executions > 0
    comes[-1] = original.status == Status.FINISHED
    comes[-2:, original.status == Status.STEP_LIMIT] = 1
    return comes


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
