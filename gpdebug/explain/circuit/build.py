"""Makes a circuit from an explanation: its lines as nodes, the less influential ones hidden and counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.answer import Explanation
from gpdebug.explain.circuit.graph import VARIOUS, Graph, graph_of
from gpdebug.explain.circuit.influence import prune
from gpdebug.explain.circuit.nodes import NodeMaker
from gpdebug.explain.circuit.parts import Circuit, CircuitEdge, EdgeKind
from gpdebug.explain.circuit.skips import NO_SKIPS, SKIP, SkipFinder, Skips
from gpdebug.explain.circuit.view import PlaceKind, View
from gpdebug.explain.edges import NO_EFFECT
from gpdebug.explain.parts import Kind
from gpdebug.explain.slices import Slice, slice_of


def circuit_of(explanation: Explanation, view: View | None = None) -> Circuit:
    """The circuit of an explanation.

    Args:
        explanation: what is shown.
        view: how it is looked at; None: as usual, see `View`.
    """
    view = View() if view is None else view
    seen, skips = _seen(explanation, view)
    graph = graph_of(seen, view, skips)
    if view.by_site is None:
        view = view.decided(graph.count)
        graph = graph_of(seen, view, skips) if view.by_site else graph
    shown, lines = prune(graph, view)
    numbers = np.cumsum(shown) - 1
    maker = NodeMaker(seen, graph, _hidden(graph, shown, lines))
    return Circuit(
        explanation,
        view,
        tuple(maker.node(number) for number in np.flatnonzero(shown).tolist()),
        tuple(_edge(graph, number, numbers) for number in np.flatnonzero(lines).tolist()),
        graph.count,
        len(graph.source),
        skips.untried,
    )


def _seen(explanation: Explanation, view: View) -> tuple[Explanation, Skips]:
    """The explanation with the loops apart that a view takes apart, more kinds where it opens them, and its skips."""
    part = explanation.slice
    loops = _loops_apart(part, view)
    if not (loops or view.opened or view.skips):
        return explanation, NO_SKIPS
    groups, more = part.groups, _more(part, view)
    for step in loops:
        groups = groups.without(step)
    finder = SkipFinder(part.flow)
    skips, tests = NO_SKIPS, np.empty(0, np.int64)
    while True:
        part = slice_of(part.flow, part.criterion, part.kinds, groups=groups, more=more, besides=tests)
        if view.skips:
            skips = finder.find(part)
        found = np.union1d(tests, skips.tests)
        if len(found) == len(tests):
            return replace(explanation, slice=part), skips
        tests = found


def _loops_apart(part: Slice, view: View) -> list[int]:
    """A step of each loop that a view takes apart."""
    steps = [place.first - part.flow.trace.first for place in view.places(PlaceKind.STEPS)]
    return [step for step in steps if 0 <= step < len(part.flow) and part.groups.loop_of[step] >= 0]


def _more(part: Slice, view: View) -> NDArray[np.uint8]:
    """The kinds that a view follows besides at each step."""
    flow = part.flow
    more = np.zeros(len(flow), np.uint8)
    for place, kind in view.opened:
        if place.kind is PlaceKind.SITE:
            more[(flow.instructions >= place.first) & (flow.instructions <= place.last)] |= np.uint8(kind)
        else:
            first = flow.trace.first
            more[max(0, place.first - first) : max(0, place.last + 1 - first)] |= np.uint8(kind)
    return more


def _hidden(graph: Graph, shown: NDArray[np.bool_], lines: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Of each node that is shown, on how many others it depends by edges that are not shown only."""
    pairs, inner = graph.target.astype(np.int64) * graph.count + graph.source, shown[graph.target]
    away = np.setdiff1d(pairs[inner & ~lines], pairs[lines])
    return np.bincount(away // graph.count, minlength=graph.count)


def _edge(graph: Graph, number: int, numbers: NDArray[np.intp]) -> CircuitEdge:
    kind, weight, effect = int(graph.kind[number]), int(graph.weight[number]), int(graph.effect[number])
    return CircuitEdge(
        int(numbers[graph.source[number]]),
        int(numbers[graph.target[number]]),
        EdgeKind.SKIP if kind == SKIP else EdgeKind(Kind(kind).words[0]),
        None if weight == VARIOUS else weight,
        None if effect == NO_EFFECT else effect,
        int(graph.number[number]),
        float(graph.flow[number]),
    )
