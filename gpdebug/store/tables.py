"""Populations, histories and lineages as Parquet files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.store import columns
from gpdebug.store.errors import StoreError
from gpdebug.store.history import COLUMNS, Column, History
from gpdebug.store.lineage import Lineage
from gpdebug.store.parquet import TableFile, read_table, write_table
from gpdebug.store.population import Population
from gpdebug.store.ragged import take
from gpdebug.store.symbols import require_symbols
from gpdebug.store.task import Task, read_dialect
from vm.dialect import Dialect


def write_population(path: Path, parts: Iterable[Population]) -> None:
    """Writes a population; columns that are None are left out.

    Args:
        path: the file.
        parts: the population, in one piece or several that follow each other, of the same columns; each is written
            before the next is asked for.

    Raises:
        StoreError: the file cannot be written.
    """
    remaining = iter(parts)
    first = next(remaining)
    metadata: dict[str, Any] = {"dialect": first.dialect.to_dict()}
    if first.generation is not None:
        metadata["generation"] = first.generation
    write_table(path, map(_population_arrays, chain((first,), remaining)), metadata)


def _population_arrays(population: Population) -> dict[str, Any]:
    import pyarrow as pa

    arrays = {"id": pa.array(population.ids)}
    if population.parents is not None:
        arrays |= {"parent0": pa.array(population.parents[:, 0]), "parent1": pa.array(population.parents[:, 1])}
    if population.operator is not None:
        arrays["operator"] = _words(population.operators, population.operator)
    for name in ("born", "island", "error", "steps"):
        if (values := getattr(population, name)) is not None:
            arrays[name] = pa.array(values)
    if population.errors is not None and population.errors.shape[1]:
        item = pa.field("element", pa.int64(), nullable=False)
        kind = pa.list_(item, population.errors.shape[1])
        arrays["errors"] = pa.FixedSizeListArray.from_arrays(pa.array(population.errors.ravel()), type=kind)
    arrays["length"] = pa.array(population.programs.lengths.astype(np.int32))
    arrays["program"] = columns.from_programs(population.programs)
    return arrays


def read_population(
    path: Path, *, name: str, dialect: Dialect | None = None, task: Task | None = None, generation: int | None = None
) -> Population:
    """Reads a population.

    Args:
        path: a Parquet file with at least the column `program`.
        name: what to call it.
        dialect: its language; None: the one the file names.
        task: what it was evolved for.
        generation: which; None: the one the file names, if it does.

    Raises:
        StoreError: the file is damaged, a column is wrong, or a program is not of the dialect.
    """
    file = read_table(path)
    try:
        return population_from(file, name=name, dialect=dialect or dialect_of(file), task=task, generation=generation)
    except StoreError as error:
        raise error.at(path) from None


def dialect_of(file: TableFile) -> Dialect:
    """The dialect that a file names.

    Raises:
        StoreError: it names none.
    """
    if "dialect" not in file.metadata.data:
        raise StoreError("does not say which dialect its programs are in", hint="give one with --dialect")
    return read_dialect(file.metadata.object("dialect"), "metadata.dialect")


def write_history(path: Path, history: History) -> None:
    """Writes a history.

    Raises:
        StoreError: the file cannot be written.
    """
    import pyarrow as pa

    write_table(path, [{name: pa.array(values) for name, values in history.columns.items()}], {})


def read_history(path: Path) -> History:
    """Reads a history; columns that hold no numbers are left out.

    Raises:
        StoreError: the file is damaged, or a column is wrong.
    """
    table = read_table(path).table
    try:
        found: dict[str, Column] = {}
        for name in table.column_names:
            values = _numbers(table, name)
            if values is not None:
                found[name] = values
        return History(found)
    except StoreError as error:
        raise error.at(path) from None


def write_lineage(path: Path, parts: Iterable[Lineage]) -> None:
    """Writes a lineage.

    Args:
        path: the file.
        parts: at least one; each is written before the next is asked for.

    Raises:
        StoreError: the file cannot be written.
    """
    write_table(path, map(_lineage_arrays, parts), {})


def _lineage_arrays(lineage: Lineage) -> dict[str, Any]:
    import pyarrow as pa

    return {
        "id": pa.array(lineage.ids),
        "parent0": pa.array(lineage.parents[:, 0]),
        "parent1": pa.array(lineage.parents[:, 1]),
        "operator": _words(lineage.operators, lineage.operator),
        "born": pa.array(lineage.born),
        "error": pa.array(lineage.error),
        "program": columns.from_programs(lineage.programs),
    }


def read_lineage(path: Path, dialect: Dialect) -> Lineage:
    """Reads a lineage; rows may come in any order.

    Raises:
        StoreError: the file is damaged, a column is wrong, or a program is not of the dialect.
    """
    table = read_table(path).table
    try:
        return _lineage(table, dialect)
    except StoreError as error:
        raise error.at(path) from None


def population_from(
    file: TableFile, *, name: str, dialect: Dialect, task: Task | None = None, generation: int | None = None
) -> Population:
    """Makes a population of a table; see `read_population`.

    Raises:
        StoreError: a column is wrong, or a program is not of the dialect.
    """
    table = file.table
    programs = columns.programs(table, "program")
    require_symbols(programs, dialect)
    ids = columns.integers(table, "id", np.int64)
    errors = columns.integer_lists(table, "errors")
    if errors is not None and not len(errors) and task is not None:
        errors = errors.reshape(0, len(task.training))
    error = columns.integers(table, "error", np.int64)
    operators, operator = columns.words(table, "operator") or ((), None)
    if generation is None and "generation" in file.metadata.data:
        generation = file.metadata.integer("generation")
    return Population(
        name=name,
        dialect=dialect,
        task=task,
        generation=generation,
        programs=programs,
        ids=np.arange(len(programs), dtype=np.int64) if ids is None else ids,
        parents=_parents(table),
        operators=operators,
        operator=operator,
        born=columns.integers(table, "born", np.int32),
        island=columns.integers(table, "island", np.int16),
        errors=errors,
        error=errors.sum(axis=1) if error is None and errors is not None else error,
        steps=columns.integers(table, "steps", np.int64),
    )


def _lineage(table: Any, dialect: Dialect) -> Lineage:
    programs = columns.programs(table, "program")
    require_symbols(programs, dialect)
    ids = columns.integers(table, "id", np.int64)
    parents = _parents(table)
    if ids is None or parents is None:
        raise StoreError(f"column {'id' if ids is None else 'parent0'}: missing", hint="a lineage cannot do without")
    count = len(programs)
    operators, operator = columns.words(table, "operator") or (("",), np.zeros(count, np.uint8))
    born = columns.integers(table, "born", np.int32, missing=-1)
    error = columns.integers(table, "error", np.int64, missing=-1)
    order = np.argsort(ids, kind="stable")
    repeated = np.flatnonzero(np.diff(ids[order]) == 0)
    if repeated.size:
        raise StoreError(f"column id: {ids[order[repeated[0]]]} is there twice", hint="store each individual once")
    return Lineage(
        ids=ids[order],
        parents=parents[order],
        operators=operators,
        operator=operator[order],
        born=np.full(count, -1, np.int32) if born is None else born[order],
        error=np.full(count, -1, np.int64) if error is None else error[order],
        programs=take(programs, order),
    )


def _numbers(table: Any, name: str) -> Column | None:
    """A column of a history; None for a further one that holds no numbers."""
    if COLUMNS.get(name) is np.int64:
        return columns.integers(table, name, np.int64)
    return columns.floats(table, name, optional=name not in COLUMNS)


def _parents(table: Any) -> NDArray[np.int64] | None:
    first = columns.integers(table, "parent0", np.int64, missing=-1)
    if first is None:
        return None
    parents = np.full((len(first), 2), -1, np.int64)
    parents[:, 0] = first
    second = columns.integers(table, "parent1", np.int64, missing=-1)
    if second is not None:
        parents[:, 1] = second
    return parents


def _words(names: tuple[str, ...], which: NDArray[np.uint8]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(which.astype(np.int32)), pa.array(names, pa.string()))
