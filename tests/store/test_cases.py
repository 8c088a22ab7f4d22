from __future__ import annotations

from pathlib import Path

import pytest

from gpdebug.store.cases import Case, read_case_file, read_cases
from gpdebug.store.errors import StoreError


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"input": "ab", "output": "\\u00ff"}\n\n{"input": "", "output": "b,"}\n'),
        ("a.jsonl", '{"input_hex": "61 62", "output_hex": "ff"}\r\n{"input": [], "output": [98, 44]}'),
        ("a.ndjson", '{"input_base64": "YWI=", "output_base64": "/w=="}\n{"input": "", "output_numbers": "98 44"}'),
        ("a.csv", 'input,output\nab,ÿ\n"","b,"\n'),
        ("a.csv", '\ufeffinput , output_hex\r\nab,ff\r\n"",622c\r\n'),
        ("a.CSV", 'input_numbers,output_numbers\n97 98,255\n"","98,44"\n'),
        ("a.csv", "input_base64,output_base64\nYWI=,/w==\n,Yiw=\n"),
    ],
)
def test_cases_are_read_as_text_hex_base64_and_numbers(tmp_path: Path, name: str, text: str) -> None:
    assert read_cases(write(tmp_path, name, text)) == (Case(b"ab", b"\xff"), Case(b"", b"b,"))


def test_held_out_cases_are_told_apart(tmp_path: Path) -> None:
    csv = write(tmp_path, "a.csv", "input,output,held_out\na,b,no\nc,d,1\ne,f,\n")
    cases = read_case_file(csv)
    assert cases.training == (Case(b"a", b"b"), Case(b"e", b"f"))
    assert cases.held_out == (Case(b"c", b"d"),)
    json = write(tmp_path, "a.jsonl", '{"input": "a", "output": "b", "held_out": true}')
    assert read_case_file(json).held_out == (Case(b"a", b"b"),)
    assert read_cases(csv)[-1] == Case(b"c", b"d")


@pytest.mark.parametrize(
    ("name", "text", "messages"),
    [
        ("a.jsonl", '{"input": "a", "output": "b"}\n{"input": "aй", "output": "b"}', ("line 2", "input", "'й'", "hex")),
        ("a.jsonl", '{"input": [1, 256], "output": ""}', ("line 1", "input: 256 is no byte", "0 to 255")),
        ("a.jsonl", '{"input": [1, -1], "output": ""}', ("input: -1 is no byte",)),
        ("a.jsonl", '{"input": [true], "output": ""}', ("input: True is no byte",)),
        ("a.jsonl", '{"input": 5, "output": ""}', ("input: expected a text, not 5",)),
        ("a.jsonl", '{"input": "a"}', ("line 1", "output: missing", "output_hex")),
        ("a.jsonl", '{"input": "a", "input_hex": "61", "output": ""}', ("given twice", "keep one")),
        ("a.jsonl", '{"input_hex": "6g", "output": ""}', ("input_hex", "not hex")),
        ("a.jsonl", '{"input_base64": "a", "output": ""}', ("input_base64", "not base64")),
        ("a.jsonl", '{"input": "a"', ("line 1", "not JSON", "column")),
        ("a.jsonl", "[1]", ("line 1", "expected an object")),
        ("a.jsonl", "[" * 100_000, ("line 1", "not JSON")),
        ("a.jsonl", '{"input": "a", "output": "b", "held_out": 3}', ("held_out: expected true or false, not 3",)),
        ("a.jsonl", "", ("holds no case", "one row a case")),
        ("a.csv", "", ("holds no case",)),
        ("a.csv", "input,output\na\n", ("line 2", "has 1 fields, the header names 2")),
        ("a.csv", 'input,output\na,"b\n', ("not CSV",)),
        ("a.csv", "input,output\na,€\n", ("line 2", "'€'", "no byte")),
        ("a.csv", "input_numbers,output\n1 x,a\n", ("input_numbers: 'x' is no byte",)),
        ("a.jsonl", b'{"input": "\xff"}', ("byte 11 is not UTF-8",)),
        ("a.txt", "input", ("not a file of rows", ".jsonl")),
    ],
)
def test_a_wrong_case_is_named_with_its_place(
    tmp_path: Path, name: str, text: str | bytes, messages: tuple[str, ...]
) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(StoreError) as caught:
        read_cases(path)
    assert str(caught.value).startswith(str(path))
    for message in messages:
        assert message in str(caught.value)


def test_a_missing_file_of_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.csv: no such file"):
        read_cases(tmp_path / "none.csv")
