"""Columns of an Arrow table to NumPy arrays and back, each copied once: Arrow's own memory is read-only."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from vm.evaluate import Programs

_Integer = TypeVar("_Integer", bound=np.integer)


def integers(table: Any, name: str, dtype: type[_Integer], *, missing: int | None = None) -> NDArray[_Integer] | None:
    """A column of whole numbers, or None where the table has no such column.

    Args:
        table: an Arrow table.
        name: the column.
        dtype: of the result, C-contiguous and writable; `[rows]`.
        missing: what an empty value becomes; None refuses them.

    Raises:
        StoreError: the column holds something else, or a number that does not fit.
    """
    column = _column(table, name)
    return None if column is None else _integers(column, name, dtype, missing)


def floats(table: Any, name: str, *, optional: bool) -> NDArray[np.float64] | None:
    """A column of numbers, NaN where a value is empty: `float64[rows]`, or None if there is none.

    Args:
        table: an Arrow table.
        name: the column.
        optional: give None as well where it holds something else.

    Raises:
        StoreError: the column holds something else, and is not optional.
    """
    import pyarrow as pa

    column = _column(table, name)
    if column is None:
        return None
    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
        if optional:
            return None
        raise _wrong_type(name, "numbers", kind)
    result: NDArray[np.float64] = np.array(column.cast(pa.float64()).to_numpy(), np.float64)
    return result


def integer_lists(table: Any, name: str) -> NDArray[np.int64] | None:
    """A column of lists of whole numbers, all of one length: `int64[rows, length]`, or None if there is none.

    Raises:
        StoreError: the column holds something else, or lists of different lengths.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    column = _column(table, name)
    if column is None:
        return None
    kind = column.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        raise _wrong_type(name, "lists of whole numbers", kind)
    _require_complete(column, name)
    lengths = pc.list_value_length(column).to_numpy()
    width = int(lengths[0]) if len(lengths) else 0
    odd = np.flatnonzero(lengths != width)
    if odd.size:
        raise StoreError(f"column {name}: row {odd[0]} has {lengths[odd[0]]} values, row 0 has {width}")
    return _integers(pc.list_flatten(column), name, np.int64, None, width).reshape(len(column), width)


def words(table: Any, name: str) -> tuple[tuple[str, ...], NDArray[np.uint8]] | None:
    """A column of few different texts: the texts, and for each row which; None if there is no such column.

    Raises:
        StoreError: the column holds something else, or more than 256 different texts.
    """
    import pyarrow as pa

    column = _column(table, name)
    if column is None:
        return None
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise _wrong_type(name, "texts", column.type)
    if column.null_count or pa.types.is_null(kind):
        column = column.cast(pa.string()).fill_null("")
    column = column.dictionary_encode().unify_dictionaries()
    if not column.num_chunks:
        return (), np.zeros(0, np.uint8)
    names: tuple[str, ...] = tuple(column.chunk(0).dictionary.to_pylist())
    if len(names) > 256:
        raise StoreError(f"column {name}: has {len(names):,} different texts; expected at most 256")
    indices = pa.chunked_array([chunk.indices for chunk in column.chunks])
    return names, _integers(indices, name, np.uint8, None)


def programs(table: Any, name: str) -> Programs:
    """A column of programs: bytes, or texts of Latin-1 characters.

    Raises:
        StoreError: there is no such column, it holds something else, or a row is empty of a value.
    """
    import pyarrow as pa

    column = _column(table, name)
    if column is None:
        raise StoreError(f"column {name}: missing", hint="store the code of each program as bytes")
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], kind.value_type)
        kind = kind.value_type
    _require_complete(column, name)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = _from_texts(column.cast(pa.large_string()), name)
    elif pa.types.is_fixed_size_binary(kind):
        column = column.cast(pa.binary())
    elif not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        raise _wrong_type(name, "bytes", kind)
    return _ragged(column.chunks, len(column))


def from_programs(items: Programs) -> Any:
    """Programs as an Arrow array of bytes that shares their memory."""
    import pyarrow as pa

    offsets = np.ascontiguousarray(items.offsets, np.int64)
    code = np.ascontiguousarray(items.code)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(items), [None, pa.py_buffer(offsets), pa.py_buffer(code)]
    )


def _ragged(chunks: list[Any], count: int) -> Programs:
    """Joins the offsets and values of binary chunks, each of which may be a slice of a larger array."""
    views = [_buffers(chunk) for chunk in chunks if len(chunk)]
    code = np.empty(sum(int(ends[-1] - ends[0]) for ends, _ in views), np.uint8)
    offsets = np.zeros(count + 1, np.int64)
    row = at = 0
    for ends, values in views:
        size = int(ends[-1] - ends[0])
        code[at : at + size] = values[ends[0] : ends[-1]]
        np.add(ends[1:], at - int(ends[0]), out=offsets[row + 1 : row + len(ends)], dtype=np.int64)
        row += len(ends) - 1
        at += size
    return Programs(code, offsets)


def _buffers(chunk: Any) -> tuple[NDArray[np.signedinteger[Any]], NDArray[np.uint8]]:
    import pyarrow as pa

    dtype = np.dtype(np.int64 if pa.types.is_large_binary(chunk.type) else np.int32)
    _, ends, values = chunk.buffers()
    offsets = np.frombuffer(ends, dtype, len(chunk) + 1, chunk.offset * dtype.itemsize)
    return offsets, np.zeros(0, np.uint8) if values is None else np.frombuffer(values, np.uint8)


def _from_texts(column: Any, name: str) -> Any:
    """Texts as bytes: the same memory where all is ASCII, else each recoded from UTF-8 to Latin-1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.string_is_ascii(column)).as_py() in (True, None):
        return column.cast(pa.large_binary())
    codes = []
    for row, text in enumerate(column.to_pylist()):
        try:
            codes.append(text.encode("latin-1"))
        except UnicodeEncodeError as error:
            raise StoreError(
                f"column {name}: row {row}, character {error.start + 1}, {text[error.start]!r}, is no byte"
            ) from None
    return pa.chunked_array([pa.array(codes, pa.large_binary())])


def _integers(
    column: Any, name: str, dtype: type[_Integer], missing: int | None, per_row: int = 1
) -> NDArray[_Integer]:
    import pyarrow as pa

    if missing is not None and column.null_count:
        column = column.cast(pa.int64()) if pa.types.is_null(column.type) else column
        column = column.fill_null(missing)
    if not pa.types.is_integer(column.type):
        raise _wrong_type(name, "whole numbers", column.type)
    _require_complete(column, name, per_row)
    result = np.empty(len(column), dtype)
    limits = np.iinfo(dtype)
    at = 0
    for chunk in column.chunks:
        values = chunk.to_numpy(zero_copy_only=True)
        if len(values) and not np.can_cast(values.dtype, dtype):
            _require_range(values, name, at, limits, per_row)
        result[at : at + len(values)] = values
        at += len(values)
    return result


def _require_range(values: NDArray[Any], name: str, at: int, limits: np.iinfo[Any], per_row: int) -> None:
    low, high = int(values.min()), int(values.max())
    if low < limits.min or high > limits.max:
        wrong = low if low < limits.min else high
        row = (at + int(np.flatnonzero(values == wrong)[0])) // per_row
        raise StoreError(f"column {name}: row {row} holds {wrong:,}; expected {limits.min:,} to {limits.max:,}")


def _require_complete(column: Any, name: str, per_row: int = 1) -> None:
    if not column.null_count:
        return
    row = int(np.flatnonzero(column.is_null().to_numpy())[0]) // per_row
    raise StoreError(f"column {name}: row {row} has no value", hint="every row needs one")


def _column(table: Any, name: str) -> Any:
    found = table.schema.get_all_field_indices(name)
    if len(found) > 1:
        raise StoreError(f"column {name}: there are {len(found)} of it", hint="keep one")
    return table.column(found[0]) if found else None


def _wrong_type(name: str, expected: str, kind: Any) -> StoreError:
    return StoreError(f"column {name}: expected {expected}, not {kind}")
