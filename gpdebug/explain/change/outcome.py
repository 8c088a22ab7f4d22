"""What a run came to, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.change.align import Pair, align
from vm.state import State, Status


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run came to.

    Attributes:
        state: its last moment.
        output: its output.
        written: `int64[output]`, the step that wrote each byte; -1 before the run's beginning. None: the output is a
            region of the memory.
    """

    state: State
    output: bytes
    written: NDArray[np.int64] | None

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return self.state.steps

    @property
    def status(self) -> Status:
        """How it ended."""
        return self.state.status


@dataclass(frozen=True, slots=True)
class ByteChange:
    """A byte of the output that is another one, is gone, or is new.

    Attributes:
        before_index: which it was; None: it is new.
        after_index: which it is now; None: it is gone.
        before: what it was.
        after: what it is now.
    """

    before_index: int | None
    after_index: int | None
    before: int | None
    after: int | None


@dataclass(frozen=True, eq=False)
class Difference:
    """What differs between a run as it was and as it came out with something changed.

    Attributes:
        before: as it was.
        after: as it is.
    """

    before: Outcome
    after: Outcome

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Which byte of the output became which: each of both is in exactly one pair, in order."""
        ours, theirs = self.before, self.after
        return tuple(align(ours.output, ours.written, theirs.output, theirs.written))

    @cached_property
    def bytes(self) -> tuple[ByteChange, ...]:
        """The bytes of the output that are others, gone or new; not those that only moved."""
        ours, theirs = self.before.output, self.after.output
        found = (
            ByteChange(i, j, None if i is None else ours[i], None if j is None else theirs[j]) for i, j in self.pairs
        )
        return tuple(change for change in found if change.before != change.after)

    @cached_property
    def moved(self) -> int:
        """How many bytes of the output have the value that they had, at another place."""
        ours, theirs = self.before.output, self.after.output
        return sum(i is not None and j is not None and i != j and ours[i] == theirs[j] for i, j in self.pairs)

    @cached_property
    def cells(self) -> NDArray[np.intp]:
        """The cells that hold another value in the end, in order."""
        return np.flatnonzero(self.before.state.memory != self.after.state.memory)

    @property
    def is_none(self) -> bool:
        """Whether nothing differs that a user can see: output, status, number of steps, memory and spare register."""
        ours, theirs = self.before.state, self.after.state
        same = (ours.status, ours.steps, ours.spare) == (theirs.status, theirs.steps, theirs.spare)
        return same and self.before.output == self.after.output and not self.cells.size

    def output_byte(self, index: int) -> int | None:
        """What a byte of the output became; None: it is gone.

        Raises:
            IndexError: there was no such byte.
        """
        became = dict(self.pairs)[index] if 0 <= index < len(self.before.output) else self.before.output[index]
        return None if became is None else self.after.output[became]
