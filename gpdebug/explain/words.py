"""Plain words for what a recorded step, a loop or a leaf did."""

from __future__ import annotations

from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.parts import Leaf, LeafKind, Loop
from gpdebug.wording import counted, signed_byte, value_words
from vm.dialect import Primitive


def step_words(flow: Dataflow, first: int, last: int) -> str:
    """What a step did, or some equal ones one after the other.

    Args:
        flow: the run.
        first: the first of the steps, counted in the trace.
        last: the last.
    """
    primitive, argument = flow.primitive(first), flow.argument(first) * (last - first + 1)
    old, new = int(flow.old[first]), int(flow.new[last])
    cell = int(flow.written[first]) if flow.written[first] >= 0 else int(flow.read[first])
    match primitive:
        case Primitive.ADD:
            verb = f"adds {argument:,} to" if argument >= 0 else f"subtracts {-argument:,} from"
            return f"{verb} cell {cell:,}: {old} → {new}"
        case Primitive.MOVE0 | Primitive.MOVE1:
            return _move_words(flow, first, last, argument)
        case Primitive.OPEN | Primitive.CLOSE:
            return _bracket_words(flow, first)
        case Primitive.READ:
            return _read_words(flow, first)
        case Primitive.SET:
            return f"sets cell {cell:,} to {value_words(new)}"
        case Primitive.COPY01 | Primitive.COPY10:
            return f"copies {value_words(new)} from cell {int(flow.read[first]):,} to cell {cell:,}"
        case Primitive.WRITE:
            return f"writes {value_words(new)} from cell {cell:,} as output byte {int(flow.outputs[first]):,}"
        case Primitive.STASH:
            return f"saves {value_words(new)} from cell {cell:,} in the spare register"
        case Primitive.UNSTASH:
            return f"fetches {value_words(new)} from the spare register to cell {cell:,}"
    return "ends the run" if primitive is Primitive.HALT else "does nothing"


def _move_words(flow: Dataflow, first: int, last: int, argument: int) -> str:
    head, to = int(flow.primitives[first] == Primitive.MOVE1), moved_to(flow, first, last)
    cells = counted(abs(argument), "cell")
    return f"moves head{head} {cells} {'right' if argument >= 0 else 'left'}, to cell {to:,}"


def moved_to(flow: Dataflow, first: int, last: int) -> int:
    """Where a head is after a move, or some equal ones one after the other."""
    head, end = int(flow.primitives[first] == Primitive.MOVE1), flow.trace.end
    places = flow.head1 if head else flow.head0
    return int(places[last + 1]) if last + 1 < len(flow) else (end.head1 if head else end.head0)


def _bracket_words(flow: Dataflow, step: int) -> str:
    value, jumps = int(flow.old[step]), bool(flow.jumped[step])
    cell = f"cell {int(flow.read[step]):,} is {value}" + (", not 0" if value else "")
    if flow.primitives[step] == Primitive.OPEN:
        if value:
            return f"{cell}: into the loop"
        return f"{cell}: past the loop" if jumps else f"{cell}: no partner, goes on"
    if not value:
        return f"{cell}: out of the loop"
    return f"{cell}: back into the loop" if jumps else f"{cell}: no partner, goes on"


def _read_words(flow: Dataflow, step: int) -> str:
    at, data = int(flow.inputs[step]), flow.trace.data
    if at < len(data):
        return f"reads input byte {at:,}, {value_words(data[at])}, into cell {int(flow.written[step]):,}"
    if flow.written[step] < 0:
        return "is at the end of the input: keeps the cell"
    return f"is at the end of the input: cell {int(flow.written[step]):,} becomes 0"


def loop_words(loop: Loop) -> str:
    """What a loop did that is one node."""
    passes = "1 pass" if loop.passes == 1 else f"{loop.passes} passes"
    sums = [f"cell {cell:,} gets {loop.passes} × {signed_byte(added)}" for cell, added in loop.sums.items()]
    ends = f"cell {loop.counter:,} becomes 0"
    return f"loop, {passes}: {', '.join([*sums, ends])}"


def leaf_words(leaf: Leaf) -> str:
    """What a leaf is."""
    value = value_words(leaf.value)
    at = "" if leaf.cell is None or leaf.kind is LeafKind.CELL else f" in cell {leaf.cell:,}"
    match leaf.kind:
        case LeafKind.INPUT | LeafKind.PROGRAM:
            return f"{leaf.kind} {leaf.index:,} is {value}{at}"
        case LeafKind.CELL:
            return f"cell {leaf.index:,} starts as {value}"
        case LeafKind.HEAD:
            return f"head{leaf.index} starts at cell {leaf.value:,}"
        case LeafKind.SPARE:
            return f"the spare register starts as {value}"
        case LeafKind.CUT_CELL:
            return f"cell {leaf.index:,} is {value} by then"
        case LeafKind.CUT_HEAD:
            return f"head{leaf.index} is at cell {leaf.value:,} by then"
        case LeafKind.CUT_SPARE:
            return f"the spare register is {value} by then"
        case LeafKind.CUT_CODE:
            return "bytes of the program that were not looked at"
    return "the run is inside a loop by then"
