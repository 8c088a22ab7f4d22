"""Folding and unfolding the nodes of a circuit: each gives another view of it."""

from __future__ import annotations

import numpy as np

from gpdebug.explain.circuit.parts import Circuit, CircuitNode, NodeKind
from gpdebug.explain.circuit.view import Place, PlaceKind, View
from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.errors import ViewError
from vm.dialect import Primitive


def fold(circuit: Circuit, number: int) -> View:
    """The view in which a node is one with what belongs to it: equal steps, else the loop around it.

    Raises:
        ViewError: there is nothing to fold it into.
    """
    node, view = circuit.nodes[number], circuit.view
    if node.place is None or node.instruction is None:
        raise ViewError(f"{node.short}: only steps can be folded")
    apart = [place for place in view.places(PlaceKind.STEPS) if place.first <= node.first and node.last <= place.last]
    if apart:
        return view.turn(apart[0])
    if node.kind is NodeKind.SITE:
        raise ViewError(f"{node.short}: all its instances are one node already")
    return view.turn(_loop_around(circuit, node))


def fold_site(circuit: Circuit, number: int) -> View:
    """The view in which all instances of a node's instruction are one node.

    Raises:
        ViewError: it has no instruction, or is a folded loop.
    """
    node = circuit.nodes[number]
    if node.instruction is None or node.last_instruction is None or node.kind in (NodeKind.ACTIVATION, NodeKind.SITE):
        raise ViewError(f"{node.short}: only instances of an instruction can be one node")
    return circuit.view.turn(Place(PlaceKind.SITE, node.instruction, node.last_instruction))


def unfold(circuit: Circuit, number: int) -> View:
    """The view in which what is one node is apart.

    Raises:
        ViewError: it is one step.
    """
    node = circuit.nodes[number]
    if node.place is None or (node.kind not in (NodeKind.ACTIVATION, NodeKind.SITE) and node.steps == 1):
        raise ViewError(f"{node.short}: one step, nothing to unfold")
    return circuit.view.turn(node.place)


def _loop_around(circuit: Circuit, node: CircuitNode) -> Place:
    """The activation of the innermost loop around a node."""
    flow = circuit.explanation.slice.flow
    start = flow.trace.first
    first, last = node.first - start, node.last - start
    enters = (flow.primitives == Primitive.OPEN) & (flow.old != 0) & ~flow.jumped
    leaves = (flow.primitives == Primitive.CLOSE) & (flow.old == 0) & ~flow.jumped
    level = np.cumsum(enters.astype(np.int64) - leaves)
    if enters[first] and first == last:
        opened = first
    else:
        around = int(level[first - 1]) if first else 0
        opens = np.flatnonzero(enters[:first] & (level[:first] == around))
        opened = int(opens[-1]) if len(opens) else -1
    if opened < 0:
        raise ViewError(f"{node.short}: no loop of the trace is around it")
    closes = np.flatnonzero(leaves[last:] & (level[last:] == int(level[opened]) - 1))
    closed = last + int(closes[0]) if len(closes) else len(flow) - 1
    _check(flow, opened, closed, node)
    return Place(PlaceKind.ACTIVATION, start + opened, start + closed)


def _check(flow: Dataflow, opened: int, closed: int, node: CircuitNode) -> None:
    """Refuses what is no loop: brackets without partners, or a program that changed them meanwhile."""
    inside = flow.instructions[opened : closed + 1]
    is_over = bool(flow.primitives[closed] == Primitive.CLOSE)
    if inside.min() < inside[0] or (is_over and inside.max() > inside[-1]):
        raise ViewError(f"{node.short}: the brackets around it are no loop all the time")
