from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.tables import (
    read_history,
    read_lineage,
    read_population,
    write_history,
    write_lineage,
    write_population,
)
from tests.store.examples import population, random_codes, reverse_task
from vm.dialect import BF, BFF, TAPE
from vm.evaluate import Programs

CODES = [b"+", b"", b"[>]<", b"...", b"-"]


def read(path: Path, **known: Any) -> Population:
    options: dict[str, Any] = {"name": "x", "dialect": TAPE} | known
    return read_population(path, **options)


def foreign(path: Path, *, rows_per_group: int = 1 << 20, **columns: Any) -> Path:
    """A file as another tool writes it."""
    pq.write_table(pa.table(columns), path, row_group_size=rows_per_group)
    return path


def arrays_of(items: Population) -> dict[str, NDArray[Any]]:
    found = {field.name: getattr(items, field.name) for field in fields(items)}
    found |= {"code": items.programs.code, "offsets": items.programs.offsets}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def test_a_population_comes_back_as_it_was(tmp_path: Path) -> None:
    stored = population(200)
    write_population(tmp_path / "3.parquet", [stored])
    found = read(tmp_path / "3.parquet", name="reverse", dialect=None, task=reverse_task())
    assert (found.name, found.dialect, found.generation) == ("reverse", stored.dialect, 3)
    assert arrays_of(found).keys() == arrays_of(stored).keys()
    for name, array in arrays_of(stored).items():
        if name != "operator":
            assert np.array_equal(arrays_of(found)[name], array), name
    for row in range(200):
        assert found.individual(row) == stored.individual(row)


def test_arrays_are_writable_contiguous_and_their_own(tmp_path: Path) -> None:
    write_population(tmp_path / "a.parquet", [population()])
    for name, array in arrays_of(read(tmp_path / "a.parquet")).items():
        assert array.flags.writeable, name
        assert array.flags.c_contiguous, name
        assert array.flags.aligned, name


def test_columns_that_are_none_are_left_out(tmp_path: Path) -> None:
    bare = Population(name="x", dialect=TAPE, programs=Programs.of(CODES), ids=np.arange(5))
    write_population(tmp_path / "a.parquet", [bare])
    assert pq.read_schema(tmp_path / "a.parquet").names == ["id", "length", "program"]
    found = read(tmp_path / "a.parquet")
    assert arrays_of(found).keys() == {"ids", "code", "offsets"}
    assert found.generation is None


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_population_and_an_empty_program_are_stored(tmp_path: Path, count: int) -> None:
    stored = population(12)
    columns = [name for name in arrays_of(stored) if name not in ("code", "offsets")]
    cut: dict[str, Any] = {name: arrays_of(stored)[name][:count] for name in columns}
    few = replace(stored, programs=Programs.of([b""] * count), **cut)
    write_population(tmp_path / "a.parquet", [few])
    found = read(tmp_path / "a.parquet", dialect=None, task=reverse_task())
    assert len(found) == count
    assert found.errors is not None
    assert found.errors.shape == (count, 5)
    assert found.programs.code.size == 0


def test_a_file_of_another_tool_needs_programs_only(tmp_path: Path) -> None:
    found = read(foreign(tmp_path / "a.parquet", program=CODES))
    assert [found.programs[row] for row in range(5)] == CODES
    assert found.ids.tolist() == [0, 1, 2, 3, 4]
    assert found.error is None


@pytest.mark.parametrize(
    "kind",
    [pa.binary(), pa.large_binary(), pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
@pytest.mark.parametrize("rows_per_group", [1, 2, 100])
def test_programs_are_read_from_every_type_that_can_hold_them(
    tmp_path: Path, kind: pa.DataType, rows_per_group: int
) -> None:
    column = (
        pa.array(CODES).cast(pa.string()).cast(kind) if pa.types.is_dictionary(kind) else pa.array(CODES).cast(kind)
    )
    found = read(foreign(tmp_path / "a.parquet", program=column, rows_per_group=rows_per_group))
    assert [found.programs[row] for row in range(5)] == CODES


def test_texts_and_fixed_widths_are_programs_of_bytes(tmp_path: Path) -> None:
    text = foreign(tmp_path / "a.parquet", program=["+\xff", ""])
    assert read(text, dialect=BFF).programs[0] == b"+\xff"
    fixed = foreign(tmp_path / "b.parquet", program=pa.array([b"+-", b"[]"], pa.binary(2)))
    assert read(fixed).programs[1] == b"[]"
    with pytest.raises(StoreError, match=r"column program: row 1, character 2, '€', is no byte"):
        read(foreign(tmp_path / "c.parquet", program=["+", "-€"]), dialect=BFF)


def test_slices_of_arrow_arrays_are_read_where_they_are() -> None:
    from gpdebug.store.columns import programs

    whole = pa.array(random_codes(100), pa.binary())
    large = whole.cast(pa.large_binary())
    for array in (whole, large):
        table = pa.table({"program": pa.chunked_array([array.slice(5, 10), array.slice(0, 0), array.slice(90)])})
        wanted = random_codes(100)[5:15] + random_codes(100)[90:]
        found = programs(table, "program")
        assert [found[row] for row in range(20)] == wanted
    lists = pa.table({"program": pa.chunked_array([], pa.binary())})
    assert len(programs(lists, "program")) == 0


@pytest.mark.parametrize("kind", [pa.list_(pa.int64()), pa.large_list(pa.int32()), pa.list_(pa.uint8(), 2)], ids=str)
@pytest.mark.parametrize("rows_per_group", [2, 100])
def test_errors_are_read_from_every_type_of_list(tmp_path: Path, kind: pa.DataType, rows_per_group: int) -> None:
    errors = [[row, 2 * row] for row in range(5)]
    file = foreign(tmp_path / "a.parquet", program=CODES, errors=pa.array(errors, kind), rows_per_group=rows_per_group)
    found = read(file)
    assert found.errors is not None
    assert found.errors.tolist() == errors
    assert found.error is not None
    assert found.error.tolist() == [0, 3, 6, 9, 12]


def test_parents_may_be_missing_or_empty_and_operators_are_any_texts(tmp_path: Path) -> None:
    file = foreign(
        tmp_path / "a.parquet",
        program=CODES,
        parent0=[None, 3, None, 4, -1],
        operator=["b", None, "a", "b", "a"],
        rows_per_group=2,
    )
    found = read(file)
    assert found.parents is not None
    assert found.parents.tolist() == [[-1, -1], [3, -1], [-1, -1], [4, -1], [-1, -1]]
    assert [found.individual(row).operator for row in range(5)] == ["b", "", "a", "b", "a"]
    nobody = foreign(tmp_path / "b.parquet", program=["+"], parent0=pa.nulls(1), operator=pa.nulls(1))
    assert read(nobody).individual(0).parents == ()


@pytest.mark.parametrize(
    ("columns", "messages"),
    [
        ({"id": [1]}, ("column program: missing", "store the code")),
        ({"program": [5]}, ("column program: expected bytes, not int64",)),
        ({"program": ["+", None]}, ("column program: row 1 has no value", "every row needs one")),
        ({"program": ["+", "-\n[x]"]}, ("column program: row 1, line 1, column 2", "'\\n' is no symbol of tape")),
        ({"program": ["+"], "id": [0.5]}, ("column id: expected whole numbers, not double",)),
        ({"program": ["+"], "born": [2**31]}, ("column born: row 0 holds 2,147,483,648; expected",)),
        ({"program": ["+"], "id": pa.array([2**64 - 1], pa.uint64())}, ("column id: row 0 holds 18,446",)),
        ({"program": ["+", "-"], "error": [1, None]}, ("column error: row 1 has no value",)),
        ({"program": ["+", "-"], "errors": [[1], [1, 2]]}, ("column errors: row 1 has 2 values, row 0 has 1",)),
        ({"program": ["+", "-"], "errors": [[1], None]}, ("column errors: row 1 has no value",)),
        ({"program": ["+", "-"], "errors": [[1, 1], [2, None]]}, ("column errors: row 1 has no value",)),
        ({"program": ["+"], "errors": [3]}, ("column errors: expected lists of whole numbers, not int64",)),
        ({"program": ["+"], "errors": [["a"]]}, ("column errors: expected whole numbers, not string",)),
        ({"program": ["+"], "operator": [3]}, ("column operator: expected texts, not int64",)),
        ({"program": ["+"] * 300, "operator": [str(i) for i in range(300)]}, ("300 different texts",)),
    ],
)
def test_wrong_columns_are_named_with_their_row(
    tmp_path: Path, columns: dict[str, Any], messages: tuple[str, ...]
) -> None:
    file = foreign(tmp_path / "a.parquet", **columns)
    with pytest.raises(StoreError) as caught:
        read(file)
    assert str(caught.value).startswith(str(file))
    for message in messages:
        assert message in str(caught.value)


def test_a_column_that_is_there_twice_is_told(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["+"]), pa.array(["-"])], names=["program", "program"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(StoreError, match="column program: there are 2 of it; keep one"):
        read(tmp_path / "a.parquet")


def test_a_file_that_names_no_dialect_needs_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"does not say which dialect .* give one with --dialect"):
        read(foreign(tmp_path / "a.parquet", program=["+"]), dialect=None)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (b"{", "metadata: not JSON"),
        (b"[]", "metadata: expected an object"),
        (b'{"version": 9}', "metadata.version: written in version 9"),
        (b'{"version": 1, "dialect": {"name": "x"}}', "metadata.dialect.symbols: a dialect needs"),
        (b'{"version": 1, "dialect": 3}', "metadata.dialect: expected an object"),
    ],
)
def test_wrong_metadata_is_told(tmp_path: Path, metadata: bytes, message: str) -> None:
    table = pa.table({"program": ["+"]}).replace_schema_metadata({b"gpdebug": metadata})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(StoreError, match=message):
        read(tmp_path / "a.parquet", dialect=None)


def test_every_cut_and_every_flipped_byte_of_a_file_is_told_or_harmless(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    stored = population(12)
    write_population(file, [stored])
    whole = file.read_bytes()
    for length in range(0, len(whole), 97):
        file.write_bytes(whole[:length])
        with pytest.raises(StoreError, match=r"no readable Parquet file: .*; it may be cut short"):
            read(file)
    for place in range(4, len(whole), 37):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x04]) + whole[place + 1 :])
        try:
            found = read(file)
        except StoreError:
            continue
        assert np.array_equal(found.programs.code, stored.programs.code)


def test_a_million_programs_lie_in_one_array(tmp_path: Path) -> None:
    count = 1_000_000
    lengths = np.arange(count) % 7
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    code = np.resize(np.frombuffer(b"+->.<[]", np.uint8), offsets[-1])
    whole = Population(name="x", dialect=TAPE, programs=Programs(code, offsets), ids=np.arange(count))
    write_population(tmp_path / "a.parquet", [whole])
    found = read(tmp_path / "a.parquet")
    assert np.array_equal(found.programs.code, code)
    assert np.array_equal(found.programs.offsets, offsets)


def test_a_history_comes_back_and_takes_what_another_tool_writes(tmp_path: Path) -> None:
    stored = History.of([{"generation": g, "best": 9 - g, "median": g / 3, "entropy": 2.0} for g in range(5)])
    write_history(tmp_path / "h.parquet", stored)
    found = read_history(tmp_path / "h.parquet")
    assert {name: values.tolist() for name, values in found.columns.items()} == {
        name: values.tolist() for name, values in stored.columns.items()
    }
    foreign(tmp_path / "f.parquet", generation=[0, 1], best=[3, 2], median=[None, 4], note=["a", "b"])
    other = read_history(tmp_path / "f.parquet")
    assert np.isnan(other["median"][0])
    assert other["median"][1] == 4
    assert "note" not in other
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"generation": [0]}, "column best: missing"),
        ({"generation": [0], "best": ["a"]}, "column best: expected whole numbers, not string"),
        ({"generation": [0], "best": [1], "median": ["a"]}, "column median: expected numbers, not string"),
        ({"generation": [1, 0], "best": [1, 1]}, "column generation: does not ascend"),
    ]
    for columns, message in wrong:
        with pytest.raises(StoreError, match=message):
            read_history(foreign(tmp_path / "f.parquet", **columns))


def test_a_lineage_is_written_piece_by_piece(tmp_path: Path) -> None:
    codes = random_codes(11)
    whole = Lineage(
        ids=np.arange(11) * 3,
        parents=np.arange(-1, 21).reshape(11, 2),
        operators=("a", "b", "c"),
        operator=(np.arange(11) % 3).astype(np.uint8),
        born=np.arange(11, dtype=np.int32),
        error=np.arange(11) - 1,
        programs=Programs.of(codes),
    )
    write_lineage(tmp_path / "l.parquet", (whole.part(first, first + 3) for first in range(0, 11, 3)))
    assert pq.ParquetFile(tmp_path / "l.parquet").num_row_groups == 4
    found = read_lineage(tmp_path / "l.parquet", TAPE)
    for name in ("ids", "parents", "operators", "operator", "born", "error"):
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    assert [found.programs[row] for row in range(11)] == codes


def test_a_lineage_of_another_tool_may_be_unsorted_and_brief(tmp_path: Path) -> None:
    file = foreign(tmp_path / "l.parquet", id=[7, 3], parent0=[3, None], program=["+-", "+"])
    lineage = read_lineage(file, TAPE)
    assert lineage.ids.tolist() == [3, 7]
    assert [lineage.programs[row] for row in range(2)] == [b"+", b"+-"]
    assert lineage.descent(7).tolist() == [0, 1]
    assert lineage.error.tolist() == lineage.born.tolist() == [-1, -1]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"id": [1, 1], "parent0": [0, 0], "program": ["+", "+"]}, "column id: 1 is there twice"),
        ({"parent0": [0], "program": ["+"]}, "column id: missing"),
        ({"id": [0], "program": ["+"]}, "column parent0: missing"),
        ({"id": [0], "parent0": [None], "program": ["x"]}, "row 0, line 1, column 1: 'x' is no symbol of bf"),
    ]
    for columns, message in wrong:
        with pytest.raises(StoreError, match=message):
            read_lineage(foreign(tmp_path / "l.parquet", **columns), BF)


def test_another_tool_can_read_what_is_stored(tmp_path: Path) -> None:
    write_population(tmp_path / "a.parquet", [population()])
    table = pq.read_table(tmp_path / "a.parquet")
    first = table.slice(0, 1).to_pylist()[0]
    assert first["program"] == b"[>]<[.<}]"
    assert (first["length"], first["operator"], first["errors"], first["parent0"]) == (9, "random", [0] * 5, -1)
    metadata = json.loads(table.schema.metadata[b"gpdebug"])
    assert (metadata["version"], metadata["generation"], metadata["dialect"]["name"]) == (1, 3, "tape")
