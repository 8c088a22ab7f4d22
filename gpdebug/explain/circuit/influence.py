"""How much each node and edge counts for the criterion, for display: it ranks; it proves nothing.

The criterion has influence 1. Every node hands its own on to what it depends on, in proportion to the absolute weights
of these edges, a dependence that has no weight counting 1. So what reaches the leaves, and steps that depend on nothing
else, adds up to 1. Attribution graphs of language models are ranked like this (Ameisen et al., Circuit Tracing, 2025).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.circuit.graph import Graph
from gpdebug.explain.circuit.parts import View


def influence_of(graph: Graph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The influence of each node and of each edge: `float64[nodes]` and `float64[edges]`."""
    totals = np.bincount(graph.target, weights=graph.strength, minlength=graph.count)
    shares = graph.strength / totals[graph.target]
    nodes = np.zeros(graph.count)
    nodes[-1] = 1.0
    edges = np.empty(len(shares))
    for number in range(len(shares) - 1, -1, -1):
        edges[number] = shares[number] * nodes[graph.target[number]]
        nodes[graph.source[number]] += edges[number]
    return nodes, edges


def kept(influence: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """The fewest of these that have a share of the whole together, those with the same influence in their order.

    Args:
        influence: `float64[n]`.
        share: more than 0, and 1 for all of them.
    """
    if share >= 1:
        return np.ones(len(influence), np.bool_)
    reached = np.cumsum(np.sort(influence)[::-1])
    return _first(influence, 1 + int(np.searchsorted(reached, share * reached[-1])) if len(reached) else 0)


def _first(influence: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    """The so many that have the most influence."""
    chosen = np.zeros(len(influence), np.bool_)
    chosen[np.argsort(-influence, kind="stable")[:count]] = True
    return chosen


def prune(
    graph: Graph, nodes: NDArray[np.float64], edges: NDArray[np.float64], view: View
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
    """Which nodes and edges are shown: enough of them for the shares of the view, and what leads to the criterion.

    Args:
        graph: of an explanation.
        nodes: their influence.
        edges: their influence.
        view: how much to show.
    """
    small = graph.count <= view.whole
    shown = kept(nodes, 1 if small else view.keep_nodes)
    shown[-1] = True
    if int(shown.sum()) > view.most:
        shown &= _first(nodes, view.most)
        shown[-1] = True
    lines = shown[graph.source] & shown[graph.target]
    lines[lines] = kept(edges[lines], 1 if small else view.keep_edges)
    leads = np.zeros(graph.count, np.bool_)
    leads[-1] = True
    for number in np.flatnonzero(lines)[::-1].tolist():
        leads[graph.source[number]] |= leads[graph.target[number]]
    lines &= leads[graph.source] & leads[graph.target]
    return leads, lines
