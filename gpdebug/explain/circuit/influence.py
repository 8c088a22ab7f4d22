"""How much each node and edge counts for the criterion, for display: it ranks; it proves nothing.

The criterion has influence 1. Every step hands its own on to what it depends on, in proportion to the absolute weights
of these dependences, one that has no weight counting 1; a loop that is one node does so for each of its cells. So what
ends in leaves, and in steps that depend on nothing else, adds up to 1. What reaches a site counts as often as it comes
from elsewhere. Attribution graphs of language models are ranked like this (Ameisen et al., Circuit Tracing, 2025).
"""

from __future__ import annotations

import heapq
import math

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
    """The fewest of these that have a share of the whole together, of equal ones the latest.

    Args:
        influence: `float64[n]`.
        share: more than 0, and 1 for all of them.
    """
    if share >= 1:
        return np.ones(len(influence), np.bool_)
    reached = np.cumsum(np.sort(influence)[::-1])
    count = 1 + int(np.searchsorted(reached, share * reached[-1])) if len(reached) else 0
    chosen = np.zeros(len(influence), np.bool_)
    chosen[len(influence) - 1 - np.argsort(-influence[::-1], kind="stable")[:count]] = True
    return chosen


def prune(graph: Graph, view: View) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which nodes and edges are shown: enough of them for the shares of a view, and all lead to the criterion."""
    if graph.count <= view.whole or (view.keep_nodes >= 1 and view.keep_edges >= 1 and graph.count <= view.most):
        return np.ones(graph.count, np.bool_), np.ones(len(graph.source), np.bool_)
    shown, needed = _grown(graph, view.keep_nodes, view.most)
    lines = shown[graph.source] & shown[graph.target]
    lines[lines] = kept(graph.flow[lines], view.keep_edges)
    return shown, lines | needed


def _grown(graph: Graph, share: float, most: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Nodes with a share of all nodes' influence, and the edge by which each was found.

    From the criterion on, of what the chosen nodes depend on always the one of most influence is next, of equal ones
    the latest. So nothing hangs loose, and of a long chain the end is chosen.
    """
    chosen, needed = np.zeros(graph.count, np.bool_), np.zeros(len(graph.source), np.bool_)
    waiting = [(-1.0, 1 - graph.count, -1)]
    wanted = share * float(graph.influence.sum()) if share < 1 else math.inf
    while waiting and most and wanted > 0:
        influence, node, edge = heapq.heappop(waiting)
        if chosen[-node]:
            continue
        chosen[-node], most, wanted = True, most - 1, wanted + influence
        if edge >= 0:
            needed[edge] = True
        begin, end = np.searchsorted(graph.target, [-node, 1 - node]).tolist()
        for number in range(begin, end):
            source = int(graph.source[number])
            if not chosen[source]:
                heapq.heappush(waiting, (-float(graph.influence[source]), -source, number))
    return chosen, needed
