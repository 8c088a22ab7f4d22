"""What an instruction does, wherever it stands, in plain words."""

from __future__ import annotations

from vm.dialect import Primitive


def meaning(primitive: Primitive, argument: int, partner: int | None = None) -> str:
    """What an instruction does, wherever it stands: for a listing.

    Args:
        primitive: what it is.
        argument: its argument; for a group of equal instructions, their arguments together.
        partner: of a bracket, or None.
    """
    match primitive:
        case Primitive.MOVE0 | Primitive.MOVE1:
            return _move_meaning(0 if primitive is Primitive.MOVE0 else 1, argument)
        case Primitive.ADD:
            return f"{'add' if argument >= 0 else 'subtract'} {abs(argument)}"
        case Primitive.SET:
            return f"set the cell to {argument % 256}"
        case Primitive.OPEN | Primitive.CLOSE:
            return _bracket_meaning(primitive, partner)
    return _MEANINGS[primitive]


_MEANINGS = {
    Primitive.NOP: "do nothing",
    Primitive.HALT: "end the run",
    Primitive.COPY01: "copy the cell at head0 to head1",
    Primitive.COPY10: "copy the cell at head1 to head0",
    Primitive.READ: "read an input byte into the cell",
    Primitive.WRITE: "write the cell to the output",
    Primitive.STASH: "save the cell in the spare register",
    Primitive.UNSTASH: "fetch the cell from the spare register",
}


def _move_meaning(head: int, argument: int) -> str:
    cells = "1 cell" if abs(argument) == 1 else f"{abs(argument)} cells"
    return f"head{head} {cells} {'right' if argument >= 0 else 'left'}"


def _bracket_meaning(primitive: Primitive, partner: int | None) -> str:
    if partner is None:
        return "a bracket without partner"
    if primitive is Primitive.OPEN:
        return f"loop to {partner:,} while cell ≠ 0"
    return f"end of the loop from {partner:,}"
