"""The graph of an explanation as arrays: one node a leaf, a line, a folded loop or a site, and its influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.answer import Explanation
from gpdebug.explain.circuit import influence_kernel
from gpdebug.explain.circuit.skips import NO_SKIPS, Skips
from gpdebug.explain.circuit.view import PlaceKind, View
from gpdebug.explain.edges import NO_EFFECT, Ints32
from gpdebug.explain.parts import Kind

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_AS_USUAL = View()
VARIOUS = -1000
"""Weight of an edge that stands for dependences with several ones, or for none by value."""
_PLACE = 31
"""Bits that hold the number of any instruction."""
APART, FOLDED = -1, -2
"""What stands for a line's loop where it has none: it is steps, or a folded activation."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes are numbered: leaves, then what ran in the order in which it did, then the criterion, if it is no step.

    Attributes:
        leaves: how many of the nodes are leaves.
        lines: `int64[lines, 3]`: first and last step, counted in the trace; number of its loop, or `APART`, `FOLDED`.
        node_of: `int64[lines]`, counted from the first node that is no leaf: lines of one site have the same.
        count: of nodes.
        source: `int32[edges]`, a node.
        target: `int32[edges]`, another; edges are ordered by it, then by source and kind.
        kind: `int32[edges]`, a `Kind`, or `SKIP`.
        weight: `int32[edges]`, as of `CircuitEdge`, or `VARIOUS`.
        effect: `int32[edges]`, modulo 256, or `NO_EFFECT`.
        number: `int64[edges]`, how many dependences it stands for.
        flow: `float64[edges]`, the influence that goes through it.
        influence: `float64[nodes]`.
    """

    leaves: int
    lines: Ints
    node_of: Ints
    count: int
    source: Ints32
    target: Ints32
    kind: Ints32
    weight: Ints32
    effect: Ints32
    number: Ints
    flow: Floats
    influence: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges before those between the same nodes are put together."""

    source: Ints32
    target: Ints32
    kind: Ints32
    weight: Ints32
    effect: Ints32
    flow: Floats


def graph_of(explanation: Explanation, view: View = _AS_USUAL, skips: Skips = NO_SKIPS) -> Graph:
    """Reads the graph of an explanation, folded as a view says."""
    lines = _folded(explanation, view)
    node_of = _by_site(explanation, view, lines)
    part = explanation.slice
    leaves, ran = len(part.leaf_codes), int(node_of.max(initial=-1)) + 1
    count = leaves + ran + (not part.root.stands_alone)
    return _merged(_edges(explanation, lines, node_of, count, skips), leaves, lines, node_of, count)


def _folded(explanation: Explanation, view: View) -> Ints:
    """The lines of an explanation, runs taken apart and activations of loops put together."""
    lines, first = explanation.lines, explanation.slice.flow.trace.first
    apart = [(place.first - first, place.last - first) for place in view.places(PlaceKind.STEPS)]
    chosen = np.zeros(len(lines), np.bool_)
    for begin, end in apart:
        chosen |= (lines[:, 0] == begin) & (lines[:, 1] == end) & (lines[:, 2] == APART)
    steps = [np.arange(begin, end + 1) for begin, end, _ in lines[chosen].tolist()]
    singles = np.concatenate([np.empty(0, np.int64), *steps])
    lines = np.concatenate([lines[~chosen], np.column_stack([singles, singles, np.full(len(singles), APART)])])
    for place in view.places(PlaceKind.ACTIVATION):
        begin, end = place.first - first, place.last - first
        inside = (lines[:, 0] >= begin) & (lines[:, 1] <= end)
        if explanation.slice.root.stands_alone:
            inside &= lines[:, 1] != explanation.slice.root.step
        if inside.any():
            lines = np.concatenate([lines[~inside], np.array([[begin, end, FOLDED]])])
    return lines[np.argsort(lines[:, 0], kind="stable")]


def _by_site(explanation: Explanation, view: View, lines: Ints) -> Ints:
    """Which node each line belongs to: all lines of a site to one."""
    flow, root = explanation.slice.flow, explanation.slice.root
    first, last = flow.instructions[lines[:, 0]], flow.instructions[lines[:, 1]]
    together = np.full(len(lines), bool(view.by_site))
    for place in view.places(PlaceKind.SITE):
        together ^= (first == place.first) & (last == place.last)
    if not together.any():
        return np.arange(len(lines))
    together &= lines[:, 2] != FOLDED
    if root.stands_alone:
        together &= lines[:, 1] != root.step
    sites = (first << _PLACE | last) << 1 | (lines[:, 2] == APART)
    keys = np.where(together, sites, -1 - np.arange(len(lines)))
    _, begins, numbers = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(begins), np.int64)
    rank[np.argsort(begins)] = np.arange(len(begins))
    return rank[numbers.reshape(-1)]


def _node(lines: Ints, node_of: Ints, steps: Ints | Ints32) -> Ints:
    """The node that each step belongs to, counted from the first that is no leaf."""
    if not len(lines):
        return np.zeros(len(steps), np.int64)
    return node_of[np.searchsorted(lines[:, 0], steps, side="right") - 1]


def _edges(explanation: Explanation, lines: Ints, node_of: Ints, count: int, skips: Skips) -> _Edges:
    """All dependences, from node to node, with their influence."""
    part = explanation.slice
    leaves, virtual = len(part.leaf_codes), len(part.flow)
    table = skips.added_to(part.table)
    difference = (table.weight + 128) % 256 - 128
    by_value = (table.kind == Kind.VALUE) & ((table.cell < 0) | (table.target_row >= 0))
    strength = np.where(by_value, np.abs(difference), 1).astype(np.float64)
    flow, inflows, row_inflows = np.zeros(len(table)), np.zeros(virtual + 1), np.zeros(len(part.groups.rows))
    root = part.root.step if part.root.stands_alone else virtual
    inflows[root] = 1.0
    influence_kernel.push(
        table.target, table.source, strength, table.target_row, table.source_row, inflows, row_inflows, flow
    )
    ends = np.maximum(table.source, 0)
    source = np.where(table.source < 0, -1 - table.source, leaves + _node(lines, node_of, ends))
    target = np.where(table.target == virtual, count - 1, leaves + _node(lines, node_of, table.target))
    weight = np.where(by_value, difference, VARIOUS).astype(np.int32)
    return _Edges(source.astype(np.int32), target.astype(np.int32), table.kind, weight, table.effect, flow)


def _merged(edges: _Edges, leaves: int, lines: Ints, node_of: Ints, count: int) -> Graph:
    """Puts edges between the same nodes and of the same kind together; leaves out those inside a node."""
    order = np.lexsort((edges.kind, edges.source, edges.target))
    order = order[(edges.source != edges.target)[order]]
    source, target, kind = edges.source[order], edges.target[order], edges.kind[order]
    differs = (source[1:] != source[:-1]) | (target[1:] != target[:-1]) | (kind[1:] != kind[:-1])
    starts = np.flatnonzero(np.append(True, differs)[: len(order)])
    flow, influence = np.empty(0), np.zeros(count)
    weight = effect = np.empty(0, np.int32)
    if len(starts):
        weights, effects = edges.weight[order], edges.effect[order]
        low, high = np.minimum.reduceat(weights, starts), np.maximum.reduceat(weights, starts)
        weight = np.where(low == high, low, VARIOUS).astype(np.int32)
        some = np.minimum.reduceat(effects, starts) == NO_EFFECT
        effect = np.where(some, NO_EFFECT, np.add.reduceat(effects, starts) % 256).astype(np.int32)
        flow = np.add.reduceat(edges.flow[order], starts)
        influence += np.bincount(source[starts], flow, minlength=count)
    influence[-1] = 1.0
    number = np.diff(np.append(starts, len(order)))
    return Graph(
        leaves, lines, node_of, count, source[starts], target[starts], kind[starts], weight, effect, number, flow,
        influence,
    )  # fmt: skip
