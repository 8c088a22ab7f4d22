"""Orders the vertices of each layer, so that few lines cross: barycentres, down and up in turn."""

from __future__ import annotations

from gpdebug.explain.circuit.layers import Layers, Segment

SWEEPS = 12
LARGE = 1200
"""Vertices from which on one order is enough: several would take too long."""
Order = list[list[int]]


def orders(found: Layers) -> list[Order]:
    """Orders of the vertices of each layer from left to right, all of them good in some way; no two are the same.

    From several first orders, that after one sweep, and that with the fewest crossings.
    """
    above, below = _neighbours(found)
    first = [_first_order(found, above, latest=True)]
    if len(above) < LARGE:
        first += [_first_order(found, above, latest=False), [layer[::-1] for layer in first[0]]]
    best = [order for begin in first for order in _swept(begin, found, above, below)]
    return [order for number, order in enumerate(best) if order not in best[:number]]


def _swept(begin: Order, found: Layers, above: dict[int, list[int]], below: dict[int, list[int]]) -> list[Order]:
    """A first order after one sweep, and after that sweep after which the fewest lines cross."""
    layers = [list(layer) for layer in begin]
    once, best, fewest = begin, begin, crossings(layers, found.gaps)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        others = above if down else below
        numbers = range(1, len(layers)) if down else range(len(layers) - 2, -1, -1)
        for number in numbers:
            _sort(layers[number], layers[number - 1 if down else number + 1], others)
        count = crossings(layers, found.gaps)
        once = [list(layer) for layer in layers] if sweep == 0 else once
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return [best, once]


def crossings(layers: list[list[int]], gaps: list[list[Segment]]) -> int:
    """How many pairs of segments cross that do not begin or end at the same vertex."""
    total = 0
    for number, gap in enumerate(gaps):
        upper = {vertex: place for place, vertex in enumerate(layers[number])}
        lower = {vertex: place for place, vertex in enumerate(layers[number + 1])}
        ends = [at for _, at in sorted((upper[segment.upper], lower[segment.lower]) for segment in gap)]
        total += _inversions(ends, len(lower))
    return total


def _inversions(numbers: list[int], size: int) -> int:
    """How many pairs are the wrong way round: a tree of partial sums (Fenwick 1994)."""
    tree, total = [0] * (size + 1), 0
    for seen, number in enumerate(numbers):
        at, smaller = number + 1, 0
        while at:
            smaller += tree[at]
            at &= at - 1
        total += seen - smaller
        at = number + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return total


def _neighbours(found: Layers) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    above: dict[int, list[int]] = {vertex: [] for layer in found.layers for vertex in layer}
    below: dict[int, list[int]] = {vertex: [] for layer in found.layers for vertex in layer}
    for gap in found.gaps:
        for segment in gap:
            above[segment.lower].append(segment.upper)
            below[segment.upper].append(segment.lower)
    return above, below


def _first_order(found: Layers, above: dict[int, list[int]], *, latest: bool) -> Order:
    """From the lowest layer up, what feeds the same vertex stands together: depth first, the latest first or last."""
    layer_of = {vertex: number for number, layer in enumerate(found.layers) for vertex in layer}
    layers: list[list[int]] = [[] for _ in found.layers]
    seen: set[int] = set()
    for begin in (vertex for layer in reversed(found.layers) for vertex in layer):
        pending = [begin]
        while pending:
            vertex = pending.pop()
            if vertex not in seen:
                seen.add(vertex)
                layers[layer_of[vertex]].append(vertex)
                pending += sorted(above[vertex], reverse=not latest)
    return layers


def _sort(layer: list[int], fixed: list[int], others: dict[int, list[int]]) -> None:
    """Sorts a layer by the mean place of what each vertex is connected to; one that is not keeps its place."""
    at = {vertex: place for place, vertex in enumerate(fixed)}
    scale = len(fixed) / max(1, len(layer))
    means = {
        vertex: sum(at[other] for other in others[vertex]) / len(others[vertex]) if others[vertex] else place * scale
        for place, vertex in enumerate(layer)
    }
    layer.sort(key=means.__getitem__)
