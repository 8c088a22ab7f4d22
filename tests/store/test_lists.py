from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.lists import read_program_list
from gpdebug.store.population import Individual
from vm.dialect import BF, BFF, TAPE


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_programs_is_a_population(tmp_path: Path) -> None:
    found = read_program_list(write(tmp_path, "mine.jsonl", '{"program": "[>]<[.<}]"}\n{"program": ""}\n'))
    assert (found.name, found.dialect, len(found), found.task, found.error) == ("mine", TAPE, 2, None, None)
    assert found.individual(1) == Individual(row=1, id=1, code=b"")
    csv = read_program_list(write(tmp_path, "mine.csv", 'program\n"+[,.] a comment, too"\n",[.,]"\n'))
    assert csv.dialect is BF
    assert [csv.programs[row] for row in range(2)] == [b"+[,.],", b",[.,]"]


def test_what_rows_tell_of_their_programs_is_kept(tmp_path: Path) -> None:
    row = {"id": 70, "parent0": 3, "operator": "cross", "born": 4, "island": 1, "steps": 99, "errors": [1, 2]}
    text = "\n".join(
        json.dumps(item) for item in ({"program": "+", **row}, {"program_hex": "2d", **row, "parent0": None})
    )
    found = read_program_list(write(tmp_path, "a.jsonl", text))
    assert found.individual(0) == Individual(
        row=0, id=70, code=b"+", parents=(3,), operator="cross", born=4, island=1, errors=(1, 2), error=3, steps=99
    )
    assert found.individual(1).parents == ()
    csv = "program,id,parent0,parent1,operator,errors,error\n+,7,1,2,cross,1 2,3\n-,8,,,,0 0,0\n"
    table = read_program_list(write(tmp_path, "a.csv", csv))
    assert table.individual(0) == Individual(
        row=0, id=7, code=b"+", parents=(1, 2), operator="cross", errors=(1, 2), error=3
    )
    assert table.individual(1).operator == ""


def test_the_dialect_is_given_or_named_or_guessed(tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", '{"program": "+x", "dialect": "bff"}')
    assert read_program_list(file).dialect is BFF
    assert read_program_list(file, BF).programs[0] == b"+"
    assert read_program_list(write(tmp_path, "a.jsonl", '{"program": ""}\n{"program": "+}"}')).dialect is TAPE


def test_an_empty_list_is_an_empty_population(tmp_path: Path) -> None:
    for name, text in (("a.jsonl", ""), ("a.csv", "program,errors\n"), ("b.csv", "")):
        assert len(read_program_list(write(tmp_path, name, text))) == 0


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('{"program": "+"}\n\n{"program": "+}?"}', ("line 3: program: line 1, column 3: '?'", "--dialect")),
        ('{"program_hex": "2b3f", "dialect": "tape"}', ("line 1: program: line 1, column 2: '?'",)),
        ('{"program": 5}', ("line 1: program: expected a text, not 5",)),
        ('{"code": "+"}', ("line 1: program: missing; give each row",)),
        ('{"input": "a", "output": "b"}', ("line 1: program: missing; these look like cases",)),
        ('{"program": "+", "dialect": "brain"}', ("no dialect is called 'brain'", "known are tape, bf")),
        ('{"program": "+", "id": 1}\n{"program": "-"}', ("line 2: id: missing; give it in every row or in none",)),
        ('{"program": "+", "id": "one"}', ("line 1: id: expected a whole number of 64 bits, not 'one'",)),
        ('{"program": "+", "born": 2147483648}', ("line 1: born: expected a whole number of 32 bits",)),
        ('{"program": "+", "error": null}', ("line 1: error: expected a whole number",)),
        ('{"program": "+", "errors": 3}', ("errors: expected a list of whole numbers, not 3",)),
        ('{"program": "+", "errors": [1]}\n{"program": "+", "errors": []}', ("line 2: errors: 0 values, the first",)),
        ('{"program": "+", "errors": [1.5]}', ("line 1: errors: expected a whole number",)),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, messages: tuple[str, ...]) -> None:
    file = write(tmp_path, "a.jsonl", text)
    with pytest.raises(StoreError) as caught:
        read_program_list(file)
    assert str(caught.value).startswith(str(file))
    for message in messages:
        assert message in str(caught.value)
