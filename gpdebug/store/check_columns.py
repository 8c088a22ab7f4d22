"""Whether the columns of a population can be true."""

from __future__ import annotations

import numpy as np

from gpdebug.store import columns
from gpdebug.store.errors import StoreError
from gpdebug.store.findings import Findings
from gpdebug.store.parquet import TableFile
from gpdebug.store.population import Population
from gpdebug.store.symbols import unmatched_rows
from vm.settings import Unmatched

_OPTIONAL = ("parents", "operator", "born", "errors", "error", "steps")


def check_lengths(findings: Findings, where: str, file: TableFile, population: Population) -> None:
    """Adds the first row whose stored length is not that of its program."""
    try:
        stored = columns.integers(file.table, "length", np.int64)
    except StoreError as error:
        findings.failed(error, where)
        return
    if stored is None:
        return
    lengths = population.programs.lengths
    wrong = np.flatnonzero(stored != lengths)
    if wrong.size:
        row = int(wrong[0])
        what = f"column length: row {row} says {stored[row]:,}, its program has {lengths[row]:,} instructions"
        findings.error(where, what)


def check_columns(findings: Findings, where: str, population: Population) -> None:
    """Adds what is wrong with the values of a population, and with its programs."""
    absent = [name for name in _OPTIONAL if getattr(population, name) is None]
    if absent:
        findings.note(where, f"not stored: {', '.join(absent)}", "the screens leave these columns out")
    _check_ids(findings, where, population)
    _check_signs(findings, where, population)
    _check_sums(findings, where, population)
    _check_births(findings, where, population)
    _check_programs(findings, where, population)


def _check_ids(findings: Findings, where: str, population: Population) -> None:
    ids, counts = np.unique(population.ids, return_counts=True)
    twice = np.flatnonzero(counts > 1)
    if twice.size:
        what = f"column id: {ids[twice[0]]} is there {counts[twice[0]]} times"
        findings.error(where, what, "an id names one program")


def _check_signs(findings: Findings, where: str, population: Population) -> None:
    for column, name in (("ids", "id"), ("born", "born"), ("errors", "errors"), ("error", "error"), ("steps", "steps")):
        values = getattr(population, column)
        if values is not None and values.size and values.min() < 0:
            row = int(np.argwhere(values < 0)[0, 0])
            findings.error(where, f"column {name}: row {row} is negative")


def _check_sums(findings: Findings, where: str, population: Population) -> None:
    if population.errors is None or population.error is None:
        return
    sums = population.errors.sum(axis=1)
    wrong = np.flatnonzero(sums != population.error)
    if wrong.size:
        row = int(wrong[0])
        what = f"column error: row {row} says {population.error[row]:,}, its errors sum to {sums[row]:,}"
        findings.error(where, what)


def _check_births(findings: Findings, where: str, population: Population) -> None:
    if population.born is None or population.generation is None:
        return
    wrong = np.flatnonzero(population.born > population.generation)
    if wrong.size:
        row = int(wrong[0])
        findings.error(where, f"column born: row {row} was born in generation {population.born[row]}, a later one")


def _check_programs(findings: Findings, where: str, population: Population) -> None:
    dialect, settings = population.dialect, population.dialect.settings
    lengths = population.programs.lengths
    long = np.flatnonzero(lengths > settings.memory)
    if dialect.self_modifying and long.size:
        row = int(long[0])
        what = f"column program: row {row} has {lengths[row]:,} bytes, the memory it is only {settings.memory:,} cells"
        findings.error(where, what, "enlarge the memory in the settings of the dialect")
    if settings.unmatched is Unmatched.REJECT:
        rows = unmatched_rows(population.programs, dialect)
        if rows.size:
            what = f"column program: row {rows[0]} has a bracket without a partner, which {dialect.name} rejects"
            findings.error(where, what, f"{rows.size:,} of {len(population):,} programs cannot be run")
