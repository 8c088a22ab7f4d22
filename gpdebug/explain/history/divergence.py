"""Where the runs of two programs, or of one on two inputs, first part: instruction by instruction, as they are aligned.

Only instructions that both programs have are compared, the first that one run executes with the first of the other, the
second with the second, and so on: what an edit itself does is no difference yet, what it brings about is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import Interrupted
from gpdebug.explain.history.alignment import Alignment
from gpdebug.explain.history.outcomes import Interrupt
from vm.dialect import Dialect, Primitive
from vm.machine import PC_BITS, Machine
from vm.program import Program
from vm.settings import Settings
from vm.state import Status, output_of

STRETCH = 1 << 14
"""Steps of each run that are compared at once."""
MOST_STEPS = 100_000_000
"""Steps of a run up to which it is looked at."""

_FIELDS = (
    ("the cell under head0", 0, 32, 0xFF),
    ("the cell under head1", 0, 40, 0xFF),
    ("head0", 1, 0, 0xFFFFFF),
    ("head1", 1, 24, 0xFFFFFF),
    ("the spare register", 1, 48, 0xFF),
    ("bytes read", 2, 0, 0xFFFFFFFF),
    ("bytes written", 2, 32, 0x7FFFFFFF),
)
"""What a record holds besides pc, see `vm.machine.Machine.trace`: name, column, first bit, mask."""


@dataclass(frozen=True, slots=True)
class Place:
    """A moment of one of two runs.

    Attributes:
        step: how many steps have been executed.
        instruction: the index of the next one in its program; None: the run has ended.
        status: how it has ended; `RUNNING` if it has not.
    """

    step: int
    instruction: int | None
    status: Status = Status.RUNNING


@dataclass(frozen=True, slots=True)
class Unlike:
    """Something that the two runs do not agree on.

    Attributes:
        name: what: a head, the cell under one, the spare register, how many bytes are read or written.
        before: what it is in the first run.
        after: what it is in the second.
    """

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Parting:
    """A pair of moments at which two runs are not alike.

    Attributes:
        before: the moment of the first run.
        after: that of the second.
        shared: how many instructions of both have been executed by then, in each.
        unlike: what differs, where the instruction is the same.
    """

    before: Place
    after: Place
    shared: int
    unlike: tuple[Unlike, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """The first time that a run comes to an edit.

    Attributes:
        hunk: its number.
        step: the moment at which one of its instructions is the next.
        instruction: which.
    """

    hunk: int
    step: int
    instruction: int


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where two runs first part.

    Attributes:
        edits: the first instruction of a hunk that the first run executes, and the second; None: none.
        state: the first shared instruction that finds something else; None: none up to `path`.
        path: the first shared instruction of one run that is another one in the other run, or of which there is none
            because that has ended; None: they take the same way.
        last: the last shared instruction before that, most often the bracket that decided; None: there is none.
        outputs: both outputs.
        byte: the first byte of the outputs that differs or that only one has; None: they are the same.
        shared: shared instructions that were compared.
        is_whole: whether both runs were looked at up to `path` or their ends.
    """

    edits: tuple[Edited | None, Edited | None]
    state: Parting | None
    path: Parting | None
    last: Parting | None
    outputs: tuple[bytes, bytes]
    byte: int | None
    shared: int
    is_whole: bool

    @property
    def is_none(self) -> bool:
        """Whether the runs are alike in all that was compared."""
        return self.state is None and self.path is None and self.byte is None


def divergence(
    alignment: Alignment,
    dialect: Dialect,
    settings: Settings,
    data: tuple[bytes, bytes],
    *,
    interrupt: Interrupt | None = None,
) -> Divergence:
    """Runs two programs side by side.

    Args:
        alignment: the programs; one and the same, without hunks, to compare two inputs.
        dialect: their language.
        settings: of the machine.
        data: the input of each.
        interrupt: asked now and then whether to stop.

    Raises:
        VMError: a program or an input cannot be loaded.
        Interrupted: the user ended it.
    """
    outputs = tuple(
        _output(Machine(Program(code, dialect), given, settings), interrupt)
        for code, given in zip((alignment.before, alignment.after), data, strict=True)
    )
    one = _Walk(Machine(Program(alignment.before, dialect), data[0], settings), _numbers(alignment, settings, 0))
    other = _Walk(Machine(Program(alignment.after, dialect), data[1], settings), _numbers(alignment, settings, 1))
    state, path, last, shared = _walked(one, other, _seen(dialect), interrupt)
    return Divergence(
        (
            one.edited([(hunk.at, hunk.end) for hunk in alignment.hunks]),
            other.edited([(hunk.to, hunk.to_end) for hunk in alignment.hunks]),
        ),
        state,
        path,
        last if path is not None else None,
        (outputs[0], outputs[1]),
        _first_unlike(outputs[0], outputs[1]),
        shared,
        path is not None or not (one.is_cut or other.is_cut),
    )


def _walked(
    one: _Walk, other: _Walk, seen: NDArray[np.int64], interrupt: Interrupt | None
) -> tuple[Parting | None, Parting | None, Parting | None, int]:
    """Compares two runs: `state`, `path` and `last` of a `Divergence`, and how much was compared."""
    state: Parting | None = None
    last: Parting | None = None
    shared = 0
    while True:
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before the runs were compared")
        mine, theirs = one.take(), other.take()
        count = min(len(mine), len(theirs))
        same = mine.ids[:count] == theirs.ids[:count]
        end = count if same.all() else int(same.argmin())
        row = _first_unlike_record(mine.records[:end], theirs.records[:end], seen)
        if state is None and row is not None:
            state = _parting(mine, theirs, row, shared, seen)
        if end:
            last = _parting(mine, theirs, end - 1, shared, seen)
        shared += end
        if end < count:
            return state, _parting(mine, theirs, end, shared - end, seen), last, shared
        if (one.has_ended and len(mine) < len(theirs)) or (other.has_ended and len(theirs) < len(mine)):
            return state, Parting(one.place(mine, count), other.place(theirs, count), shared), last, shared
        if one.is_over(mine, count) and other.is_over(theirs, count):
            return state, None, last, shared
        if (one.is_cut and len(mine) == count) or (other.is_cut and len(theirs) == count):
            return state, None, last, shared
        one.keep(mine, count)
        other.keep(theirs, count)


def _first_unlike_record(mine: NDArray[np.int64], theirs: NDArray[np.int64], seen: NDArray[np.int64]) -> int | None:
    """The first moment at which two runs find something else, pc apart."""
    unlike = (((mine ^ theirs) & seen) != 0).any(axis=1)
    return int(unlike.argmax()) if unlike.any() else None


def _seen(dialect: Dialect) -> NDArray[np.int64]:
    """The bits of a record that say what an instruction finds; head1 is nothing to a dialect that does not use it."""
    uses_head1 = np.isin(dialect.table[0], [Primitive.MOVE1, Primitive.COPY01, Primitive.COPY10]).any()
    seen = [0, 0, 0]
    for name, column, bit, mask in _FIELDS:
        if uses_head1 or "head1" not in name:
            seen[column] |= mask << bit
    return np.array(seen, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Shared instructions that a run executes one after the other.

    Attributes:
        ids: `int64[n]`: their index in the program before.
        steps: `int64[n]`.
        records: `int64[n, 3]`.
    """

    ids: NDArray[np.int64]
    steps: NDArray[np.int64]
    records: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


_NOTHING = _Stretch(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 3), np.int64))


class _Walk:
    """A run, of which only shared instructions are seen.

    Attributes:
        has_ended: whether nothing is left to execute.
        is_cut: whether it is longer than is looked at.
    """

    def __init__(self, machine: Machine, numbers: NDArray[np.int64]) -> None:
        self._machine = machine
        self._numbers = numbers
        self._buffer = np.empty((STRETCH, 3), np.int64)
        self._left = _NOTHING
        self._edited: tuple[int, int] | None = None
        self.has_ended = False
        self.is_cut = False

    def take(self) -> _Stretch:
        """The next shared instructions: what was kept, and those of another stretch of steps; none only at the end."""
        while not len(self._left) and not self.has_ended and not self.is_cut:
            begin = self._machine.steps
            made = self._machine.trace(self._buffer)
            self.has_ended = made < STRETCH
            self.is_cut = self._machine.steps >= MOST_STEPS
            records = self._buffer[:made]
            places = records[:, 0] & PC_BITS
            ids = self._numbers[places]
            rows = np.flatnonzero(ids >= 0)
            edits = np.flatnonzero(ids < 0)
            if self._edited is None and edits.size:
                self._edited = begin + int(edits[0]), int(places[edits[0]])
            self._left = _Stretch(ids[rows], begin + rows, records[rows])
        return self._left

    def keep(self, stretch: _Stretch, taken: int) -> None:
        """Keeps what is left of a stretch."""
        self._left = _Stretch(stretch.ids[taken:], stretch.steps[taken:], stretch.records[taken:])

    def place(self, stretch: _Stretch, row: int) -> Place:
        """The moment of an instruction of a stretch; behind its last one the end of the run."""
        if row < len(stretch):
            return Place(int(stretch.steps[row]), int(stretch.records[row, 0] & PC_BITS))
        return Place(self._machine.steps, None, self._machine.settle())

    def is_over(self, stretch: _Stretch, taken: int) -> bool:
        """Whether nothing is left behind so much of its last stretch."""
        return self.has_ended and len(stretch) == taken

    def edited(self, hunks: list[tuple[int, int]]) -> Edited | None:
        """Where it first came to an edit: hunks are first instructions and the first behind them."""
        if self._edited is None:
            return None
        step, place = self._edited
        return next(Edited(number, step, place) for number, (at, end) in enumerate(hunks) if at <= place < end)


def _parting(mine: _Stretch, theirs: _Stretch, row: int, shared: int, seen: NDArray[np.int64]) -> Parting:
    one, other = mine.records[row] & seen, theirs.records[row] & seen
    fields = [(name, one[column] >> bit & mask, other[column] >> bit & mask) for name, column, bit, mask in _FIELDS]
    unlike = [Unlike(name, int(before), int(after)) for name, before, after in fields if before != after]
    return Parting(
        Place(int(mine.steps[row]), int(mine.records[row, 0] & PC_BITS)),
        Place(int(theirs.steps[row]), int(theirs.records[row, 0] & PC_BITS)),
        shared + row,
        tuple(unlike) if mine.ids[row] == theirs.ids[row] else (),
    )


def _numbers(alignment: Alignment, settings: Settings, which: int) -> NDArray[np.int64]:
    """The number of each instruction that both programs have, -1 of one in a hunk.

    Cells behind a program that is its own memory are numbered from its end on.
    """
    before, after = len(alignment.before), len(alignment.after)
    if which:
        inside, shift = alignment.partners.astype(np.int64), before - after
    else:
        inside, shift = np.arange(before), 0
        for hunk in alignment.hunks:
            inside[hunk.at : hunk.end] = -1
    behind = np.arange(len(inside), max(len(inside), settings.memory) + 1) + shift
    return np.concatenate([inside, behind])


def _output(machine: Machine, interrupt: Interrupt | None) -> bytes:
    while machine.status is Status.RUNNING and machine.steps < MOST_STEPS:
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before the runs were compared")
        before = machine.steps
        machine.run(budget=1 << 22)
        if machine.steps == before:
            break
    return output_of(machine.snapshot(), machine.program.dialect, machine.settings)


def _first_unlike(one: bytes, other: bytes) -> int | None:
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
