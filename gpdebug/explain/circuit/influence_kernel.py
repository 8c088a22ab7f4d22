"""Hands influence back along the edges of a slice, compiled: see `gpdebug.explain.circuit.influence`."""

from __future__ import annotations

from typing import Any

from vm.jit import kernel


@kernel()
def _of_row(begin: int, end: int, row: int, strengths: Any, target_rows: Any) -> float:
    """The strengths of the edges of a loop's row, and of those that all its rows have."""
    total = 0.0
    for edge in range(begin, end):
        if target_rows[edge] < 0 or target_rows[edge] == row:
            total += strengths[edge]
    return total


@kernel()
def _of_loop(
    begin: int, end: int, strengths: Any, target_rows: Any, inflow: float, row_inflows: Any, flows: Any
) -> None:
    """Divides what a loop has got: what each of its rows got goes to the row's edges and to those of all rows."""
    rest, common = inflow, 0.0
    for edge in range(begin, end):
        flows[edge] = 0.0
        row = target_rows[edge]
        if row < 0:
            common += strengths[edge]
    for edge in range(begin, end):
        row = target_rows[edge]
        if row < 0:
            continue
        is_first = True
        for other in range(begin, edge):
            is_first = is_first and target_rows[other] != row
        total = _of_row(begin, end, row, strengths, target_rows)
        flows[edge] = row_inflows[row] * strengths[edge] / total
        if is_first:
            rest -= row_inflows[row]
            for other in range(begin, end):
                if target_rows[other] < 0:
                    flows[other] += row_inflows[row] * strengths[other] / total
    if common > 0 and rest > 0:
        for edge in range(begin, end):
            if target_rows[edge] < 0:
                flows[edge] += rest * strengths[edge] / common


@kernel(
    "void(int32[::1],int32[::1],float64[::1],int32[::1],int32[::1],float64[::1],float64[::1],float64[::1])",
    name="influence",
)
def push(
    targets: Any, sources: Any, strengths: Any, target_rows: Any, source_rows: Any, inflows: Any, row_inflows: Any,
    flows: Any,
) -> None:  # fmt: skip
    """Divides the influence of every step among what it depends on.

    Args:
        targets: `int32[edges]`, steps in order: all edges of one stand together.
        sources: `int32[edges]`, earlier steps, or less than 0: leaves.
        strengths: `float64[edges]`, not negative; in proportion to them it is divided.
        target_rows: `int32[edges]`, the row of a loop that alone has the edge, or -1.
        source_rows: `int32[edges]`, the row of a loop that it goes to, or -1.
        inflows: `float64[steps]`, zeros but for the root, written: the influence of each step.
        row_inflows: `float64[rows]`, the same of each row of a loop.
        flows: `float64[edges]`, written: what goes through each edge.
    """
    end = len(targets)
    while end > 0:
        begin, has_rows, total = end - 1, False, 0.0
        while begin > 0 and targets[begin - 1] == targets[end - 1]:
            begin -= 1
        for edge in range(begin, end):
            has_rows = has_rows or target_rows[edge] >= 0
            total += strengths[edge]
        inflow = inflows[targets[begin]]
        if has_rows:
            _of_loop(begin, end, strengths, target_rows, inflow, row_inflows, flows)
        else:
            for edge in range(begin, end):
                flows[edge] = inflow * strengths[edge] / total if total > 0 else 0.0
        for edge in range(begin, end):
            if sources[edge] >= 0:
                inflows[sources[edge]] += flows[edge]
            if source_rows[edge] >= 0:
                row_inflows[source_rows[edge]] += flows[edge]
        end = begin
