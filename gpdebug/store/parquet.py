"""Arrow tables to Parquet files and back: one place for how they are laid out, and for what can go wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from gpdebug.store.atomic import replacing
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.version import FORMAT_VERSION, require_version

_METADATA = b"gpdebug"
_ENCODINGS = {
    "program": "DELTA_LENGTH_BYTE_ARRAY",
    "id": "DELTA_BINARY_PACKED",
    "parent0": "DELTA_BINARY_PACKED",
    "parent1": "DELTA_BINARY_PACKED",
    "steps": "DELTA_BINARY_PACKED",
    "generation": "DELTA_BINARY_PACKED",
    "evaluations": "DELTA_BINARY_PACKED",
    "errors": "BYTE_STREAM_SPLIT",
}
"""What is smaller and faster than the dictionary that Parquet starts with, measured on real runs."""


@dataclass(frozen=True, slots=True, eq=False)
class TableFile:
    """What a Parquet file holds.

    Attributes:
        table: an Arrow table.
        metadata: what `write_table` was given; empty in files of other tools.
    """

    table: Any
    metadata: Fields


def write_table(path: Path, parts: Iterable[Mapping[str, Any]], metadata: Mapping[str, Any]) -> None:
    """Writes Arrow arrays, none of them with empty values, as one Parquet file.

    Args:
        path: the file.
        parts: columns by name, one mapping a row group, at least one; each is on the disk before the next is asked
            for, so that a large table is never in memory as a whole.
        metadata: what JSON can hold.

    Raises:
        StoreError: the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = json.dumps({"version": FORMAT_VERSION, **metadata}, allow_nan=False)
    remaining = iter(parts)
    first = next(remaining)
    fields = [pa.field(name, array.type, nullable=False) for name, array in first.items()]
    schema = pa.schema(fields, metadata={_METADATA: text})
    encodings = {_leaf(name, first[name]): _ENCODINGS[name] for name in first if name in _ENCODINGS}
    with (
        replacing(path) as file,
        pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            use_dictionary=[name for name in first if name not in _ENCODINGS],
            column_encoding=encodings,
            write_page_checksum=True,
        ) as writer,
    ):
        for part in chain((first,), remaining):
            writer.write_table(pa.Table.from_arrays(list(part.values()), schema=schema))


def read_table(path: Path) -> TableFile:
    """Reads a whole Parquet file.

    Raises:
        StoreError: it is missing, damaged, no Parquet, or of a later version of the format.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
    except FileNotFoundError:
        raise StoreError("no such file", where=path, hint="check the path") from None
    except PermissionError as error:
        raise StoreError(f"cannot be read: {error.strerror}", where=path) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).split("\n")[0].rstrip(".")
        raise StoreError(
            f"no readable Parquet file: {reason}",
            where=path,
            hint="it may be cut short; copy it again from where it came, or delete it",
        ) from None
    try:
        return TableFile(table, _metadata(table))
    except StoreError as error:
        raise error.at(path) from None


def _metadata(table: Any) -> Fields:
    text = (table.schema.metadata or {}).get(_METADATA)
    if text is None:
        return Fields({}, "metadata")
    try:
        fields = Fields(json.loads(text), "metadata")
    except (ValueError, RecursionError) as error:
        raise StoreError(f"metadata: not JSON: {error}") from None
    require_version(fields)
    return fields


def _leaf(name: str, array: Any) -> str:
    """The name that Parquet gives the values of a column."""
    import pyarrow as pa

    return f"{name}.list.element" if pa.types.is_fixed_size_list(array.type) else name
