"""Rows of a `.jsonl` or `.csv` file, each with its place, for cases and for programs alike."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gpdebug.store.errors import StoreError
from gpdebug.store.fields import shown

ROW_SUFFIXES = (".jsonl", ".ndjson", ".csv")
_FORMS = ("", "_hex", "_base64", "_numbers")
_LONGEST_FIELD = 1 << 24


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Reads a file of rows.

    Args:
        path: a `.jsonl` (or `.ndjson`) or `.csv` file in UTF-8, the latter with a header line.

    Yields:
        The place (`line 3`) and the row. Every value of a `.csv` is a text.

    Raises:
        StoreError: the file cannot be read, or a line is malformed.
    """
    suffix = path.suffix.lower()
    if suffix not in ROW_SUFFIXES:
        raise StoreError("not a file of rows", where=path, hint=f"its name must end in {', '.join(ROW_SUFFIXES)}")
    text = read_text(path)
    yield from _csv_rows(path, text) if suffix == ".csv" else _json_rows(path, text)


def read_text(path: Path) -> str:
    """Reads a text file.

    Raises:
        StoreError: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise StoreError("no such file", where=path, hint="check the path") from None
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}", where=path) from None
    except UnicodeDecodeError as error:
        raise StoreError(
            f"byte {error.start} is not UTF-8 text", where=path, hint="save the file as UTF-8, bytes as hex or base64"
        ) from None


def _json_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = f"column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            raise StoreError(
                f"not JSON: {what}", where=f"{path}: {place}", hint="each line holds one JSON object"
            ) from None
        if not isinstance(row, dict):
            raise StoreError(
                f"expected an object, not {shown(row)}",
                where=f"{path}: {place}",
                hint="each line holds one JSON object",
            )
        yield place, row


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    while True:
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise StoreError(f"not CSV: {error}", where=f"{path}: line {reader.line_num}") from None
        if values is None:
            return
        if not values:
            continue
        if header is None:
            header = [name.strip() for name in values]
            continue
        place = f"line {reader.line_num}"
        if len(values) != len(header):
            raise StoreError(
                f"has {len(values)} fields, the header names {len(header)}",
                where=f"{path}: {place}",
                hint='put a field that holds a comma into "quotes"',
            )
        yield place, dict(zip(header, values, strict=True))


def has_bytes(row: Mapping[str, Any], key: str) -> bool:
    """Whether a row has the bytes `key` in some form."""
    return any(key + form in row for form in _FORMS)


def bytes_of(row: Mapping[str, Any], key: str) -> bytes:
    """The bytes that a row gives under `key`: as text or a list of numbers, or under `key_hex`, `key_base64`,
    or `key_numbers` (decimal, separated by spaces or commas).

    Raises:
        StoreError: they are missing, given twice, or no bytes.
    """
    given = [form for form in _FORMS if key + form in row]
    expected = ", ".join(key + form for form in _FORMS)
    if not given:
        raise StoreError(f"{key}: missing", hint=f"give one of {expected}")
    if len(given) > 1:
        raise StoreError(f"{key}: given twice, as {' and '.join(key + form for form in given)}", hint="keep one")
    name = key + given[0]
    value = row[name]
    if isinstance(value, list) and given[0] in ("", "_numbers"):
        return _from_numbers(name, value)
    if not isinstance(value, str):
        raise StoreError(f"{name}: expected a text, not {shown(value)}")
    match given[0]:
        case "_hex":
            return _from_hex(name, value)
        case "_base64":
            return _from_base64(name, value)
        case "_numbers":
            return _from_numbers(name, value.replace(",", " ").split())
    return _from_text(name, value)


def _from_text(name: str, value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise StoreError(
            f"{name}: character {error.start + 1}, {value[error.start]!r}, is no byte",
            hint=f"give the bytes as {name}_hex or {name}_base64",
        ) from None


def _from_hex(name: str, value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        raise StoreError(f"{name}: {shown(value)} is not hex", hint="write two hex digits a byte") from None


def _from_base64(name: str, value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise StoreError(f"{name}: {shown(value)} is not base64") from None


def _from_numbers(name: str, values: list[Any]) -> bytes:
    numbers = []
    for value in values:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 255:
            raise StoreError(f"{name}: {shown(value)} is no byte", hint="give whole numbers from 0 to 255")
        numbers.append(number)
    return bytes(numbers)
