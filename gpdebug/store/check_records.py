"""Whether the history and the lineage of a run fit its generations, and themselves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpdebug.store.findings import Findings, listed
from gpdebug.store.history import History
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.run import HISTORY_FILE, LINEAGE_FILE


def check_history(findings: Findings, history: History, best: Mapping[int, int]) -> None:
    """Adds where a history differs from what is stored.

    Args:
        findings: the list.
        history: of the run.
        best: the smallest error in each stored generation.
    """
    last = int(history["generation"][-1]) if len(history) else -1
    late = [generation for generation in best if generation > last]
    if late:
        findings.warning(HISTORY_FILE, f"ends at generation {last}, but stored are also {listed(late)}")
    _check_values(findings, history)
    known = dict(zip(history["generation"].tolist(), history["best"].tolist(), strict=True))
    solved = [generation for generation, error in best.items() if error == 0 and known.get(generation, 0) > 0]
    if solved:
        what = f"generation {solved[0]}: best is {known[solved[0]]:,}, but a stored program has error 0"
        findings.warning(HISTORY_FILE, what)


def _check_values(findings: Findings, history: History) -> None:
    """Adds the first row whose quartiles do not ascend, and that of each share that is none."""
    for low, high in (("q1", "median"), ("median", "q3")):
        if low in history and high in history:
            rows = np.flatnonzero(history[low] > history[high])
            if rows.size:
                what = f"generation {history['generation'][rows[0]]}: {low} is greater than {high}"
                findings.error(HISTORY_FILE, what)
    for name in history.columns:
        if name == "diversity" or name.startswith("success_"):
            rows = np.flatnonzero((history[name] < 0) | (history[name] > 1))
            if rows.size:
                where = history["generation"][rows[0]]
                findings.error(HISTORY_FILE, f"generation {where}: {name} is {history[name][rows[0]]:g}, not 0 to 1")


def check_births(findings: Findings, lineage: Lineage) -> None:
    """Adds births that cannot be."""
    for column in (0, 1):
        parents = lineage.parents[:, column]
        rows = lineage.rows_of(parents)
        unknown = np.flatnonzero((parents >= 0) & (rows < 0))
        if unknown.size:
            what = f"#{lineage.ids[unknown[0]]} has the parent #{parents[unknown[0]]}, which is not there"
            findings.warning(LINEAGE_FILE, f"{what} ({unknown.size:,} like it)", "store every ancestor")
        younger = np.flatnonzero((rows >= 0) & (parents >= lineage.ids))
        if younger.size:
            what = f"#{lineage.ids[younger[0]]} has the parent #{parents[younger[0]]}"
            findings.error(LINEAGE_FILE, what, "a parent has a smaller id than its child")
        later = np.flatnonzero((rows >= 0) & (lineage.born[rows] > lineage.born))
        if later.size:
            what = f"#{lineage.ids[later[0]]} was born in an earlier generation than its parent #{parents[later[0]]}"
            findings.error(LINEAGE_FILE, what)


def check_survivors(findings: Findings, lineage: Lineage, last: Population) -> None:
    """Adds which individuals of the last generation a lineage lacks, or knows otherwise."""
    rows = lineage.rows_of(last.ids)
    absent = np.flatnonzero(rows < 0)
    if absent.size:
        what = f"#{last.ids[absent[0]]} of the last generation is not there ({absent.size:,} like it)"
        findings.warning(LINEAGE_FILE, what, "store every survivor with its ancestors")
    for at in np.flatnonzero(rows >= 0).tolist():
        if lineage.programs[rows[at]] != last.programs[at]:
            findings.error(LINEAGE_FILE, f"#{last.ids[at]} has another program than in the last generation")
            return
