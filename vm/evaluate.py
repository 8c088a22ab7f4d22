"""Programs x cases -> outputs, steps, status: exactly what the reference machine gives, fast."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Heads, Io, Primitive
from vm.errors import InputError, ProgramError
from vm.native_code import give_room, take_room
from vm.program import Program
from vm.settings import MAX_LIMIT, Settings, Unmatched


@dataclass(frozen=True, slots=True, eq=False)
class Programs:
    """Many programs as two arrays.

    Attributes:
        code: `uint8[total]`, all codes one after the other.
        offsets: `int64[programs + 1]`; program i is `code[offsets[i]:offsets[i + 1]]`.
    """

    code: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, codes: Iterable[bytes]) -> Programs:
        """Packs codes."""
        items = list(codes)
        offsets = np.zeros(len(items) + 1, np.int64)
        np.cumsum([len(item) for item in items], out=offsets[1:])
        return cls(np.frombuffer(b"".join(items), np.uint8).copy(), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        index = range(len(self))[index]
        return self.code[self.offsets[index] : self.offsets[index + 1]].tobytes()

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Instructions of each program: `int64[programs]`."""
        return np.diff(self.offsets)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What programs did on cases.

    Attributes:
        outputs: `uint8[programs, cases, width]`, cut at `width`, zero beyond their length.
        lengths: `int32[programs, cases]`, whole lengths of the outputs.
        steps: `int64[programs, cases]`.
        status: `uint8[programs, cases]`, a `vm.state.Status`; `RUNNING` where a case was not run.
    """

    outputs: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    steps: NDArray[np.int64]
    status: NDArray[np.uint8]


def evaluate(
    programs: Programs,
    inputs: Sequence[bytes],
    dialect: Dialect,
    settings: Settings | None = None,
    *,
    width: int,
    threads: int = 1,
    most_timeouts: int | None = None,
) -> Evaluation:
    """Runs every program on every input.

    Args:
        programs: codes of the dialect.
        inputs: one for each case.
        dialect: the language.
        settings: of the machine; None: the dialect's own.
        width: bytes of each output to keep.
        threads: how many share the programs; the result does not depend on it.
        most_timeouts: a program that reached the step limit so often is not run on the cases left.

    Raises:
        InputError: an input or a self-modifying program does not fit into the memory.
        ProgramError: a bracket has no partner and the settings reject that.
    """
    settings = dialect.settings if settings is None else settings
    plan = _plan(dialect, settings, tuple(inputs), MAX_LIMIT if most_timeouts is None else most_timeouts)
    if dialect.self_modifying:
        _require_programs_fit(programs, settings)
    count, cases = len(programs), len(inputs)
    result = Evaluation(
        np.zeros((count, cases, width), np.uint8),
        np.zeros((count, cases), np.int32),
        np.zeros((count, cases), np.int64),
        np.zeros((count, cases), np.uint8),
    )
    results = (result.outputs, result.lengths, result.steps, result.status)
    if threads == 1:
        rejects = [_run(plan, programs, 0, count, results)]
    else:
        rejects = in_parts(lambda bounds: _run(plan, programs, *bounds, results), count, threads)
    for rejected in rejects:
        if rejected >= 0:
            try:
                Program(programs[rejected], dialect).require_matched()
            except ProgramError as error:
                raise ProgramError(f"program {rejected}: {error}") from None
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How batches are run with a dialect, settings and inputs, whatever the programs are.

    Attributes:
        batch: the kernel.
        given: its arguments between the programs and the results.
        tables: those after the results.
        frames: what the memory for code begins with, for each that it takes at the end.
    """

    batch: Callable[..., int]
    given: tuple[Any, ...]
    tables: tuple[Any, ...]
    frames: tuple[bytes, ...]


def _run(plan: _Plan, programs: Programs, first: int, last: int, results: tuple[NDArray[Any], ...]) -> int:
    """Runs programs `first` to `last`; returns the index of one that must be rejected, or -1."""
    rooms = [take_room(begins) for begins in plan.frames]
    try:
        return plan.batch(programs.code, programs.offsets, first, last, *plan.given, *results, *plan.tables, *rooms)
    finally:
        for begins, room in zip(plan.frames, rooms, strict=True):
            give_room(begins, room)


KEPT_PLANS = 4
"""Each island of a search has cases of its own, and its best programs are run on all of them."""
_plans: tuple[tuple[tuple[Any, ...], _Plan], ...] = ()
"""The last plans, each with what it is for. Threads put another tuple in its place."""


def _plan(dialect: Dialect, settings: Settings, inputs: tuple[bytes, ...], most_timeouts: int) -> _Plan:
    """Finds how to run a batch; most are run like one shortly before, and then nothing is made or looked up.

    To find all that anew takes as long as 100 runs, where other work has put it out of the processor's caches.
    """
    global _plans
    wanted = (dialect, settings, inputs, most_timeouts)
    for known, plan in _plans:
        if known == wanted:
            return plan
    plan = _new_plan(*wanted)
    _plans = ((wanted, plan), *_plans[: KEPT_PLANS - 1])
    return plan


def _new_plan(dialect: Dialect, settings: Settings, inputs: tuple[bytes, ...], most_timeouts: int) -> _Plan:
    from vm.batch_kernel import batch_living, batch_plain
    from vm.fast_batch import batch_blocks
    from vm.lane_batch import batch_lanes, first_in_lanes, lanes_for
    from vm.native_code import frame
    from vm.native_rows import NARROW, row_frame

    _require_inputs_fit(inputs, dialect, settings)
    cases = len(inputs)
    words, packed_settings, meanings, shapes, templates, narrow, wide = _tables(dialect, settings)
    lead = first_in_lanes(cases, settings.memory, most_timeouts)
    by_itself = dialect.self_modifying or dialect.heads is Heads.TAPE or lead == cases
    packed, order = _packed_cases(inputs, not by_itself and lead == 0)
    start = pack_start(dialect, settings, most_timeouts)
    given = (packed.code, packed.offsets, words, packed_settings, start, settings.memory)
    if dialect.self_modifying:
        return _Plan(batch_living, given, (), ())
    if dialect.heads is Heads.TAPE:
        return _Plan(batch_plain, given, (), ())
    if by_itself:
        return _Plan(batch_blocks, given, (meanings, shapes, templates), (frame(),))
    lanes = lanes_for(cases, lead)
    tables = (meanings, shapes, lead, lanes, order, templates, narrow if lanes == NARROW else wide)
    return _Plan(batch_lanes, given, tables, (frame(), row_frame(lanes)))


@lru_cache(maxsize=32)
def _tables(dialect: Dialect, settings: Settings) -> tuple[NDArray[Any], ...]:
    """Words of bytes, settings, meanings of bytes, shapes of brackets, and templates of code, as kernels take them.

    They are not to be written to. To make them takes longer than to run a few short programs.
    """
    from vm.blocks import bracket_shapes, meanings
    from vm.layout import decode_words, pack_settings
    from vm.native_code import templates
    from vm.native_rows import NARROW, WIDE, row_templates

    return (
        decode_words(dialect, settings), pack_settings(dialect, settings),
        meanings(dialect, settings), bracket_shapes(dialect), templates(dialect, settings),
        row_templates(dialect, settings, NARROW), row_templates(dialect, settings, WIDE),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _packed_cases(inputs: tuple[bytes, ...], side_by_side: bool) -> tuple[Programs, NDArray[np.int64]]:
    """The inputs as kernels take them, and the order that they are in: `int64[cases]`, not to be written to.

    Of cases that run `side_by_side` alike ones are beside each other: see `vm.lane_batch.order_of_cases`.
    """
    from vm.lane_batch import order_of_cases

    order = order_of_cases(inputs) if side_by_side else np.arange(len(inputs))
    return Programs.of(inputs[case] for case in order), order


def _require_inputs_fit(inputs: tuple[bytes, ...], dialect: Dialect, settings: Settings) -> None:
    room = settings.memory - settings.in_at
    longest = max(map(len, inputs), default=0)
    if dialect.io is Io.REGIONS and longest > room:
        case = next(case for case, data in enumerate(inputs) if len(data) > room)
        raise InputError(
            f"case {case}: the input has {len(inputs[case]):,} bytes, but from cell {settings.in_at:,} the memory"
            f" has room for {room:,}"
        )
    if dialect.io is Io.TAPE and longest > 0:
        case = next(case for case, data in enumerate(inputs) if data)
        raise InputError(f"case {case}: {dialect.name} takes no input: its tape is its program")


def _require_programs_fit(programs: Programs, settings: Settings) -> None:
    """Of programs that are their memory."""
    if len(programs) and int(programs.lengths.max()) > settings.memory:
        raise InputError(f"a program has {int(programs.lengths.max()):,} bytes, the memory only {settings.memory:,}")


def pack_start(dialect: Dialect, settings: Settings, most_timeouts: int) -> NDArray[np.int64]:
    """How runs start, and which programs are rejected or given up: see `vm.batch_kernel.IN_AT` …."""
    regions = dialect.io is Io.REGIONS
    moves = [i.argument for i in dialect.instructions if i.primitive in (Primitive.MOVE0, Primitive.MOVE1)]
    return np.array(
        [
            settings.in_at,
            settings.in_at if regions else 0,
            settings.out_start if regions else 0,
            dialect.heads is Heads.TAPE,
            dialect.io is Io.STREAMS,
            settings.unmatched is Unmatched.REJECT,
            most_timeouts,
            max(map(abs, moves), default=0),
        ],
        np.int64,
    )


def in_parts(part: Callable[[tuple[int, int]], int], count: int, threads: int) -> list[int]:
    """Calls `part` on ranges that cover `count` programs, several a thread so that slow ones even out."""
    if threads == 1 or count < 2 * threads:
        return [part((0, count))]
    edges = np.linspace(0, count, 4 * threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(part, itertools.pairwise(edges)))
