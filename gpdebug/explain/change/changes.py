"""What can be changed in a run: plain data, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gpdebug.store.typed_bytes import show_bytes


@dataclass(frozen=True, slots=True)
class BlankStep:
    """The instruction that is executed at a step does nothing, that once, and takes its step."""

    step: int

    def __str__(self) -> str:
        return f"blank @{self.step}"


@dataclass(frozen=True, slots=True)
class BlankSite:
    """An instruction does nothing whenever it is executed: see `gpdebug.explain.blank`.

    Attributes:
        instruction: which.
        is_pair: the bracket that is its partner does nothing either.
        step: from when on; None: from the beginning of the run.
    """

    instruction: int
    is_pair: bool = False
    step: int | None = None

    def __str__(self) -> str:
        return f"blank {'pair ' if self.is_pair else ''}{self.instruction}{_at(self.step)}"


class Place(StrEnum):
    """What holds a value that can be set."""

    CELL = "mem"
    HEAD = "h"
    SPARE = "spare"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Put:
    """Something holds another value at a moment, before the instruction of that step is executed.

    Attributes:
        place: what.
        index: which cell, head or byte of the input; of the spare register 0.
        value: what it is set to, or what is added to it.
        is_added: whether it is added: to a byte modulo 256, to a head within the memory.
        step: when; None: at the beginning of the run.
    """

    place: Place
    index: int
    value: int
    is_added: bool = False
    step: int | None = None

    def __str__(self) -> str:
        where = {Place.HEAD: f"h{self.index}", Place.SPARE: "spare"}.get(self.place, f"{self.place}[{self.index}]")
        value = repr(chr(self.value)) if self.place is Place.INPUT and _is_plain(self.value) else str(self.value)
        if not self.is_added:
            return f"{where}={value}{_at(self.step)}"
        return f"{where}{'+' if self.value >= 0 else '-'}={abs(self.value)}{_at(self.step)}"


@dataclass(frozen=True, slots=True)
class FlipTest:
    """The bracket that is executed at a step goes the other way, that once."""

    step: int

    def __str__(self) -> str:
        return f"flip @{self.step}"


@dataclass(frozen=True, slots=True)
class TakeSegment:
    """Instructions become others: a segment of another program, or what is written out.

    Attributes:
        first: the first instruction that goes.
        last: the last one; one less than the first: none goes.
        code: what comes instead. If it is longer or shorter the instructions behind it move.
        source: where it was taken from, as it is written; no text: it was written out.
        step: from when on; None: from the beginning of the run.
    """

    first: int
    last: int
    code: bytes
    source: str = ""
    step: int | None = None

    @property
    def keeps_places(self) -> bool:
        """Whether the instructions behind it keep their indices."""
        return len(self.code) == self.last - self.first + 1

    def __str__(self) -> str:
        segment = f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"
        if self.source:
            return f"take {segment} of {self.source}{_at(self.step)}"
        return f"code[{segment}]={show_bytes(self.code, len(self.code))}{_at(self.step)}"


Change = BlankStep | BlankSite | Put | FlipTest | TakeSegment


def is_of_program(change: Change) -> bool:
    """Whether it changes the program from the beginning, so that it can be made on any input."""
    return isinstance(change, BlankSite | TakeSegment) and change.step is None


def changes_text(changes: tuple[Change, ...]) -> str:
    """Changes as they are written."""
    return "; ".join(map(str, changes))


def _at(step: int | None) -> str:
    return "" if step is None else f" @{step}"


def _is_plain(byte: int) -> bool:
    return 32 <= byte < 127 and chr(byte) not in "'\\;@"
