"""What one instruction reads and writes: the accesses that watchpoints watch and profiles count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from vm.dialect import Primitive


class Access(IntFlag):
    """What a step can do to a cell, or to the streams."""

    READ = 1
    """The value of a cell decides what the step does."""
    WRITE = 2
    """A cell is given a value, be it the one it has."""
    CHANGE = 4
    """A cell is given another value."""
    OUTPUT = 8
    """A byte is appended to the output stream."""
    INPUT = 16
    """A byte is taken from the input stream."""


NEITHER = Access(0)

READS_HEAD0 = frozenset(
    {Primitive.ADD, Primitive.COPY01, Primitive.OPEN, Primitive.CLOSE, Primitive.WRITE, Primitive.STASH}
)
READS_HEAD1 = frozenset({Primitive.COPY10})
WRITES_HEAD0 = frozenset({Primitive.ADD, Primitive.SET, Primitive.COPY10, Primitive.READ, Primitive.UNSTASH})
WRITES_HEAD1 = frozenset({Primitive.COPY01})
"""A bracket reads the cell that it tests, jump or not. Fetching an instruction, and the search for the partner of
a bracket, are no reads, in a self-modifying dialect either. `READ` writes if there is a byte, or a zero instead."""


@dataclass(frozen=True, slots=True)
class Touch:
    """What one step, from a moment to the next, read and wrote.

    Attributes:
        instruction: the one that was executed.
        read: the cell that it read, or None.
        written: the cell that it wrote, or None.
        old: what the written cell held before; 0 if none was written.
        stream: `OUTPUT`, `INPUT` or neither.
    """

    instruction: int
    read: int | None = None
    written: int | None = None
    old: int = 0
    stream: Access = NEITHER


def touch_of(primitive: Primitive, instruction: int, head0: int, head1: int, *, taken: bool, stored: bool) -> Touch:
    """What an instruction that does not fault touches, with `old` still 0.

    Args:
        primitive: what it is.
        instruction: its index.
        head0: where head0 is when it is executed.
        head1: where head1 is.
        taken: for `READ`: whether a byte is left in the input.
        stored: for `READ`: whether it writes its cell.
    """
    read = head0 if primitive in READS_HEAD0 else head1 if primitive in READS_HEAD1 else None
    written = head0 if primitive in WRITES_HEAD0 else head1 if primitive in WRITES_HEAD1 else None
    stream = NEITHER
    if primitive is Primitive.READ:
        written = head0 if stored else None
        stream = Access.INPUT if taken else stream
    elif primitive is Primitive.WRITE:
        stream = Access.OUTPUT
    return Touch(instruction, read, written, 0, stream)
