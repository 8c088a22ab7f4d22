"""How much each node and edge counts for the criterion, for display: it ranks; it proves nothing.

The criterion has influence 1. Every step hands its own on to what it depends on, in proportion to the absolute weights
of these dependences, one that has no weight counting 1; a loop that is one node does so for each of its cells. So what
ends in leaves, and in steps that depend on nothing else, adds up to 1. What reaches a site counts as often as it comes
from elsewhere. Attribution graphs of language models are ranked like this (Ameisen et al., Circuit Tracing, 2025).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.answer import Explanation
from gpdebug.explain.circuit.graph import Graph, graph_of
from gpdebug.explain.circuit.view import View


def coverage_of(explanation: Explanation) -> float:
    """The share of an explanation's influence that ends in what is known, and not in cuts."""
    graph = graph_of(explanation)
    return 1.0 - float(graph.influence[: graph.leaves][explanation.slice.cuts].sum())


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


def prune(graph: Graph, view: View) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which nodes and edges are shown: enough of them for the shares of a view, and what leads to the criterion."""
    small = graph.count <= view.whole
    shown = kept(graph.influence, 1 if small else view.keep_nodes)
    if int(shown.sum()) > view.most:
        shown &= _first(graph.influence, view.most)
    shown[-1] = True
    lines = shown[graph.source] & shown[graph.target]
    lines[lines] = kept(graph.flow[lines], 1 if small else view.keep_edges)
    leads = _leading(graph, lines)
    return leads, lines & leads[graph.source] & leads[graph.target]


def _leading(graph: Graph, lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The nodes from which edges lead to the criterion."""
    sources: dict[int, list[int]] = {}
    for source, target in zip(graph.source[lines].tolist(), graph.target[lines].tolist(), strict=True):
        sources.setdefault(target, []).append(source)
    leads = np.zeros(graph.count, np.bool_)
    pending = [graph.count - 1]
    while pending:
        node = pending.pop()
        if not leads[node]:
            leads[node] = True
            pending += sources.get(node, [])
    return leads
