"""What a node of a circuit is, in as few words as possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import words
from gpdebug.explain.criteria import JumpAt, OutputByte
from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.parts import Leaf, LeafKind, Loop
from gpdebug.explain.slices import Slice
from gpdebug.wording import signed_byte, value_words
from vm.dialect import Primitive


def short_step(flow: Dataflow, first: int, last: int) -> str:
    """What a step did, or some equal ones one after the other; steps are counted in the trace."""
    new = int(flow.new[last])
    cell = int(flow.written[first]) if flow.written[first] >= 0 else int(flow.read[first])
    match flow.primitive(first):
        case Primitive.ADD:
            return f"cell {cell:,}: {int(flow.old[first])}→{new}"
        case Primitive.MOVE0 | Primitive.MOVE1:
            return f"head{int(flow.primitive(first) is Primitive.MOVE1)} → {words.moved_to(flow, first, last):,}"
        case Primitive.OPEN | Primitive.CLOSE:
            return f"cell {cell:,} is {new}: {_way(flow, first)}"
        case Primitive.WRITE:
            return f"writes {value_words(new)}"
        case Primitive.STASH:
            return f"spare = {value_words(new)}"
        case Primitive.READ if flow.written[first] < 0:
            return "end of input"
        case Primitive.NOP | Primitive.HALT:
            return words.step_words(flow, first, last)
    return f"cell {cell:,} = {value_words(new)}"


def _way(flow: Dataflow, step: int) -> str:
    """Where a bracket led."""
    opens, stays = flow.primitive(step) is Primitive.OPEN, bool(flow.new[step])
    if opens != stays and not flow.jumped[step]:
        return "no partner"
    return ("in" if stays else "past") if opens else ("again" if stays else "out")


def short_loop(loop: Loop) -> str:
    """What a loop did that is one node."""
    if len(loop.sums) == 1:
        cell, added = next(iter(loop.sums.items()))
        signed = signed_byte(added)
        return f"{loop.passes}× cell {cell:,} {'+' if signed >= 0 else '−'}{abs(signed)}"
    cells = f"{len(loop.sums)} cells" if loop.sums else f"cell {loop.counter:,} = 0"
    return f"{loop.passes}× {cells}"


def short_leaf(leaf: Leaf) -> str:
    """What a leaf is."""
    value = value_words(leaf.value)
    match leaf.kind:
        case LeafKind.INPUT:
            return f"input {leaf.index:,} = {value}"
        case LeafKind.PROGRAM:
            return f"program {leaf.index:,} = {value}"
        case LeafKind.CELL | LeafKind.CUT_CELL:
            return f"cell {leaf.index:,} = {value}"
        case LeafKind.HEAD | LeafKind.CUT_HEAD:
            return f"head{leaf.index} = {leaf.value:,}"
        case LeafKind.SPARE | LeafKind.CUT_SPARE:
            return f"spare = {value}"
    return "a test"


def short_criterion(found: Slice) -> str:
    """What is explained."""
    value = value_words(found.root.value)
    match found.criterion:
        case OutputByte(index):
            return f"output byte {index:,} = {value}"
        case JumpAt(step):
            at = step - found.flow.trace.first
            return short_step(found.flow, at, at)
    return f"cell {found.root.cell:,} = {value}"


def short_site(flow: Dataflow, firsts: NDArray[np.int64], lasts: NDArray[np.int64], *, is_loop: bool) -> str:
    """What the instances of an instruction did, or of some equal ones one after the other."""
    times, first, last = f"{len(firsts):,} times", int(firsts[0]), int(lasts[0])
    argument = flow.argument(first) * (last - first + 1)
    cells = np.unique(np.where(flow.written[firsts] >= 0, flow.written[firsts], flow.read[firsts]))
    where = f"cell {int(cells[0]):,}" if len(cells) == 1 else f"{len(cells):,} cells"
    change = f"{'+' if argument >= 0 else '−'}{abs(argument):,}"
    if is_loop:
        return f"{times} a loop"
    match flow.primitive(first):
        case Primitive.ADD:
            return f"{times}: {where} {change}"
        case Primitive.MOVE0 | Primitive.MOVE1:
            return f"{times}: head{int(flow.primitive(first) is Primitive.MOVE1)} {change}"
        case Primitive.OPEN | Primitive.CLOSE:
            stays = int((flow.new[firsts] != 0).sum())
            opens = flow.primitive(first) is Primitive.OPEN
            ways = [(stays, "in" if opens else "again"), (len(firsts) - stays, "past" if opens else "out")]
            return ", ".join(f"{count:,}× {way}" for count, way in ways if count)
        case Primitive.NOP | Primitive.HALT:
            return times
    return f"{times}: {where}"
