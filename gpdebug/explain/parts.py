"""What slices are made of: kinds of dependence, leaves, edges, loops that are one node."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, StrEnum

from gpdebug.explain import slice_kernel
from gpdebug.explain.errors import KindError


class Kind(IntFlag):
    """What a dependence is by: see `gpdebug.explain.dataflow`."""

    VALUE = slice_kernel.BY_VALUE
    ADDRESS = slice_kernel.BY_ADDRESS
    CONTROL = slice_kernel.BY_CONTROL
    CODE = slice_kernel.BY_CODE

    @property
    def words(self) -> list[str]:
        """The kinds by name."""
        return [str(kind.name).lower() for kind in self]


KIND_WORDS = ("value", "control", "address", "code")


def parse_kinds(text: str) -> Kind:
    """Reads kinds as they are written: `value,control`, or `all`.

    Raises:
        KindError: one of them is none.
    """
    chosen = Kind(0)
    for word in KIND_WORDS if text == "all" else text.split(","):
        if word.strip() not in KIND_WORDS:
            raise KindError(f"{word.strip()!r} is no kind of dependence: expected {', '.join(KIND_WORDS)} or all")
        chosen |= Kind[word.strip().upper()]
    return chosen


class LeafKind(StrEnum):
    """Where an explanation ends. A cut has a past that is not looked at; the others have none."""

    INPUT = "input byte"
    PROGRAM = "program byte"
    CELL = "cell"
    HEAD = "head"
    SPARE = "spare register"
    CUT_CELL = "cut: cell"
    CUT_HEAD = "cut: head"
    CUT_SPARE = "cut: spare register"
    CUT_TEST = "cut: test"
    CUT_CODE = "cut: code"

    @property
    def is_cut(self) -> bool:
        """It has a past that is not looked at."""
        return self in (
            LeafKind.CUT_CELL, LeafKind.CUT_HEAD, LeafKind.CUT_SPARE, LeafKind.CUT_TEST, LeafKind.CUT_CODE
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """What an explanation ends in.

    Attributes:
        kind: what it is.
        index: number of the input byte, the program's byte, the cell or the head; else 0.
        value: what it is or holds; of a test 0.
        cell: the cell that it lies in at the beginning, if it does.
    """

    kind: LeafKind
    index: int
    value: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependence.

    Attributes:
        target: what depends: the step, or the first step of a loop that is one node.
        source: on what: as before, or a leaf.
        kind: by what.
        cell: of a loop, which cell's value depends.
        weight: what one more in the source adds to the target's value; 0 for kinds other than values.
        effect: what that adds to the criterion, modulo 256, by this edge and then by values alone; None: it does not
            get there by values alone.
    """

    target: int
    source: int | Leaf
    kind: Kind
    cell: int | None = None
    weight: int = 0
    effect: int | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """One activation of a loop that is a map: each cell gets `passes` times its sum, and the counter becomes 0.

    Attributes:
        opened: its first step, counted in the trace.
        closed: its last.
        passes: how many.
        counter: the cell that counts them.
        step: what a pass adds to that, modulo 256.
        sums: what a pass adds to each other cell of the slice, modulo 256.
        effects: what one more in each of these cells adds to the criterion, None as of `Edge.effect`.
    """

    opened: int
    closed: int
    passes: int
    counter: int
    step: int
    sums: dict[int, int]
    effects: dict[int, int | None]
