"""Files of programs, one a row: `.jsonl` and `.csv` become a population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.dialects import find_dialect
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import shown
from gpdebug.store.population import Population
from gpdebug.store.rows import bytes_of, has_bytes, read_rows
from gpdebug.store.sources import guess_dialect
from vm.dialect import Dialect
from vm.errors import ProgramError
from vm.evaluate import Programs
from vm.program import Program

_Row = tuple[str, dict[str, Any]]


def read_program_list(path: Path, dialect: Dialect | None = None) -> Population:
    """Reads programs, one a row, with whatever else the rows tell of them.

    Args:
        path: a `.jsonl` or `.csv` file. Each row has `program` (source text), `program_hex` or
            `program_base64`, and may have `id`, `parent0`, `parent1`, `operator`, `born`, `island`, `error`,
            `errors`, `steps` and `dialect`.
        dialect: the language; None: the one the first row names, else as guessed from all programs.

    Raises:
        StoreError: names the line and the key that is wrong.
    """
    rows = list(read_rows(path))
    try:
        dialect = dialect or _dialect(rows)
        programs = Programs.of(_each(rows, lambda row: _code(row, dialect)))
        ids = _integers(rows, "id", np.int64)
        errors = _errors(rows)
        error = _integers(rows, "error", np.int64)
        operators, operator = _operators(rows)
        return Population(
            name=path.stem,
            dialect=dialect,
            programs=programs,
            ids=np.arange(len(rows), dtype=np.int64) if ids is None else ids,
            parents=_parents(rows),
            operators=operators,
            operator=operator,
            born=_integers(rows, "born", np.int32),
            island=_integers(rows, "island", np.int16),
            errors=errors,
            error=errors.sum(axis=1) if error is None and errors is not None else error,
            steps=_integers(rows, "steps", np.int64),
        )
    except StoreError as problem:
        raise problem.at(path) from None


def _each(rows: Sequence[_Row], read: Callable[[dict[str, Any]], Any]) -> list[Any]:
    values = []
    for place, row in rows:
        try:
            values.append(read(row))
        except StoreError as error:
            raise error.at(place) from None
    return values


def _dialect(rows: Sequence[_Row]) -> Dialect:
    if rows and rows[0][1].get("dialect"):
        return find_dialect(str(rows[0][1]["dialect"]))
    texts = [row["program"] for _, row in rows if isinstance(row.get("program"), str)]
    if any("}" in text or "{" in text for text in texts):
        return guess_dialect("}")
    return guess_dialect(next((text for text in texts if text.strip()), ""))


def _code(row: dict[str, Any], dialect: Dialect) -> bytes:
    if not has_bytes(row, "program"):
        hint = "these look like cases: give the file to gpdebug evolve" if has_bytes(row, "input") else ""
        raise StoreError("program: missing", hint=hint or "give each row a program, as text, hex or base64")
    text = row.get("program")
    try:
        if not isinstance(text, str):
            return Program(bytes_of(row, "program"), dialect).code.tobytes()
        if not text.strip("".join(dialect.symbols)):
            return text.encode("latin-1")
        return Program.parse(text, dialect).code.tobytes()
    except ProgramError as error:
        raise StoreError(
            f"program: {error}", hint="if the programs are in another dialect, name it with --dialect"
        ) from None


def _present(rows: Sequence[_Row], key: str) -> bool:
    """Whether the rows have a key; all of them or none."""
    having = [key in row for _, row in rows]
    if any(having) and not all(having):
        raise StoreError(f"{key}: missing", where=rows[having.index(False)][0], hint="give it in every row or in none")
    return any(having)


def _integers(
    rows: Sequence[_Row], key: str, dtype: type[np.signedinteger[Any]], missing: int | None = None
) -> NDArray[Any] | None:
    if not _present(rows, key):
        return None
    limits = np.iinfo(dtype)
    return np.array(_each(rows, lambda row: _integer(key, row[key], missing, limits)), dtype)


def _integer(key: str, value: object, missing: int | None, limits: np.iinfo[Any]) -> int:
    if value in (None, "") and missing is not None:
        return missing
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if not isinstance(number, int) or isinstance(number, bool) or not limits.min <= number <= limits.max:
        raise StoreError(f"{key}: expected a whole number of {limits.bits} bits, not {shown(value)}")
    return number


def _parents(rows: Sequence[_Row]) -> NDArray[np.int64] | None:
    first = _integers(rows, "parent0", np.int64, -1)
    second = _integers(rows, "parent1", np.int64, -1)
    if first is None:
        return None
    return np.stack([first, np.full(len(rows), -1, np.int64) if second is None else second], axis=1)


def _operators(rows: Sequence[_Row]) -> tuple[tuple[str, ...], NDArray[np.uint8] | None]:
    if not _present(rows, "operator"):
        return (), None
    words = [str(row["operator"] or "") for _, row in rows]
    names = tuple(dict.fromkeys(words))
    if len(names) > 256:
        raise StoreError(f"operator: {len(names):,} different ones; expected at most 256")
    return names, np.array([names.index(word) for word in words], np.uint8)


def _errors(rows: Sequence[_Row]) -> NDArray[np.int64] | None:
    if not rows or not _present(rows, "errors"):
        return None
    width = len(_error_list(rows[0][1]))

    def checked(row: dict[str, Any]) -> list[int]:
        values = _error_list(row)
        if len(values) != width:
            raise StoreError(f"errors: {len(values)} values, the first row has {width}", hint="give one for each case")
        return [_integer("errors", value, None, np.iinfo(np.int64)) for value in values]

    return np.array(_each(rows, checked), np.int64).reshape(len(rows), width)


def _error_list(row: dict[str, Any]) -> list[Any]:
    values = row["errors"]
    if isinstance(values, str):
        return values.replace(",", " ").split()
    if not isinstance(values, list):
        raise StoreError(f"errors: expected a list of whole numbers, not {shown(values)}")
    return values
