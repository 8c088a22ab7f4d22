"""The graph of a slice with one node a line: leaves, steps, runs of equal steps and loops, all as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.answer import Explanation
from gpdebug.explain.parts import Edge, Kind, Leaf
from gpdebug.wording import signed_byte

NO_EFFECT = -1
VARIOUS = -1000
"""Weight of an edge that stands for dependences with several ones."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes are numbered: leaves, then lines in the order in which they ran, then the criterion, if it is no step.

    Attributes:
        leaves: with their effects.
        lines: `int64[lines, 3]`, see `Explanation.lines`.
        count: of nodes.
        source: `int64[edges]`, a node.
        target: `int64[edges]`, a later node; edges are ordered by it, then by source and kind.
        kind: `int64[edges]`, a `Kind`.
        weight: `int64[edges]`, as of `CircuitEdge`, or `VARIOUS`.
        strength: `float64[edges]`, how much it counts among the edges of its target.
        effect: `int64[edges]`, modulo 256, or `NO_EFFECT`.
        number: `int64[edges]`, how many dependences it stands for.
    """

    leaves: list[tuple[Leaf, int | None]]
    lines: NDArray[np.int64]
    count: int
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    kind: NDArray[np.int64]
    weight: NDArray[np.int64]
    strength: NDArray[np.float64]
    effect: NDArray[np.int64]
    number: NDArray[np.int64]


def graph_of(explanation: Explanation) -> Graph:
    """Reads the graph of an explanation."""
    part = explanation.slice
    leaves, lines = list(part.leaves.items()), explanation.lines
    numbers = {leaf: number for number, (leaf, _) in enumerate(leaves)}
    starts = lines[:, 0]

    def node(end: int | Leaf) -> int:
        if isinstance(end, Leaf):
            return numbers[end]
        return len(leaves) + int(np.searchsorted(starts, end, side="right")) - 1

    count = len(leaves) + len(lines)
    rows = [(node(edge.source), node(edge.target), int(edge.kind), *_weighed(edge)) for edge in part.edges()]
    if not part.root.stands_alone:
        last = 0 if part.root.step is None else node(part.root.step)
        rows.append((last, count, int(Kind.VALUE), 1, 1.0, 1))
        count += 1
    return Graph(leaves, lines, count, *_merged([row for row in rows if row[0] != row[1]]))


def _weighed(edge: Edge) -> tuple[int, float, int]:
    """Weight, strength and effect of an edge."""
    weight = signed_byte(edge.weight)
    return weight, float(abs(weight) or 1), NO_EFFECT if edge.effect is None else edge.effect


def _merged(rows: list[tuple[int, int, int, int, float, int]]) -> Iterator[NDArray[Any]]:
    """Edges between the same nodes and of the same kind as one each."""
    table = np.array([row[:4] + row[5:] for row in rows], np.int64).reshape(-1, 5)
    strength = np.array([row[4] for row in rows], np.float64)
    order = np.lexsort((table[:, 2], table[:, 0], table[:, 1]))
    table, strength = table[order], strength[order]
    starts = np.flatnonzero(np.append(True, (table[1:, :3] != table[:-1, :3]).any(axis=1))[: len(table)])
    yield from (table[starts, column] for column in (0, 1, 2))
    if not len(starts):
        yield from (np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64))
        return
    weight = table[:, 3]
    same = np.minimum.reduceat(weight, starts) == np.maximum.reduceat(weight, starts)
    yield np.where(same, weight[starts], VARIOUS)
    yield np.add.reduceat(strength, starts)
    effect = np.add.reduceat(table[:, 4], starts) % 256
    yield np.where(np.minimum.reduceat(table[:, 4], starts) == NO_EFFECT, NO_EFFECT, effect)
    yield np.diff(np.append(starts, len(table)))
