from __future__ import annotations

from pathlib import Path

import pytest

from gpdebug.evolve import tasks
from gpdebug.evolve.errors import TaskError
from gpdebug.store.errors import StoreError
from vm.dialect import BF, BFF, Dialect

ROWS = "".join(f'{{"input_hex": "{n:02x}", "output_hex": "{n + 1:02x}"}}\n' for n in range(16))


def written(folder: Path, text: str, name: str = "next.jsonl") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_a_file_of_cases_is_a_task_of_which_every_fourth_case_is_held_out(tmp_path: Path) -> None:
    task = tasks.load(written(tmp_path, ROWS))
    assert task.name == "next"
    assert task.dialect.name == "tape"
    assert [case.input[0] for case in task.held_out] == [3, 7, 11, 15]
    assert len(task.training) == 12
    assert task.training[0].output == b"\1"


def test_held_out_cases_come_from_the_file_or_from_another_one(tmp_path: Path) -> None:
    marked = ROWS + '{"input": "a", "output": "b", "held_out": true}\n'
    task = tasks.load(written(tmp_path, marked))
    assert (len(task.training), len(task.held_out)) == (16, 1)
    task = tasks.load(written(tmp_path, ROWS), held_out=written(tmp_path, '{"input": "x", "output": "y"}\n', "o.jsonl"))
    assert (len(task.training), [case.input for case in task.held_out]) == (16, [b"x"])


def test_a_csv_file_of_texts_is_a_task_in_the_dialect_that_was_asked_for(tmp_path: Path) -> None:
    task = tasks.load(written(tmp_path, "input,output\nab,ba\nxy,yx\n", "swap.csv"), BF)
    assert task.dialect.name == "bf"
    assert [case.output for case in task.training] == [b"ba", b"yx"]
    assert task.held_out == ()


def test_outputs_of_one_length_may_hold_zeros(tmp_path: Path) -> None:
    rows = '{"input_hex": "01", "output_hex": "00"}\n{"input_hex": "02", "output_hex": "01"}\n'
    assert tasks.load(written(tmp_path, rows)).dialect.settings.out_len == 1


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ('{"input": "a", "output": "b"}\n{"input": "a", "output": "c"}\n', "contradict"),
        ('{"input": "a", "output": "b", "held_out": true}\n', "no training case"),
        ('{"input": "a", "output_hex": "00"}\n{"input": "b", "output_hex": "0102"}\n', "zero"),
        ('{"input": "a", "output": "' + "b" * 200 + '"}\n', "more than 128"),
    ],
)
def test_cases_that_nothing_could_solve_are_refused(tmp_path: Path, rows: str, what: str) -> None:
    with pytest.raises(TaskError, match=what):
        tasks.load(written(tmp_path, rows))


def test_files_that_are_missing_or_empty_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone"):
        tasks.load(str(tmp_path / "gone.csv"))
    with pytest.raises(StoreError, match="no case"):
        tasks.load(written(tmp_path, ""))


def test_a_catalogue_task_takes_no_cases_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="reverse"):
        tasks.load("reverse", held_out=written(tmp_path, ROWS))


@pytest.mark.parametrize(
    ("dialect", "what"),
    [
        (Dialect("flat", tuple(i for i in BF.instructions if i.symbol not in "[]")), "loops"),
        (Dialect("mute", tuple(i for i in BF.instructions if i.symbol != ".")), "output"),
        (BFF, "apart from memory"),
    ],
)
def test_a_dialect_that_nothing_can_be_evolved_in_is_refused(dialect: Dialect, what: str) -> None:
    with pytest.raises(TaskError, match=what):
        tasks.load("reverse", dialect)
