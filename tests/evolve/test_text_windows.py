"""Tasks from a text: which byte follows."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gpdebug.evolve import tasks, text_windows
from gpdebug.evolve.errors import TaskError
from gpdebug.store.task import Task
from vm.dialect import BF


def task_of(folder: Path, text: str, size: int) -> Task:
    (folder / "some text.txt").write_text(text, encoding="utf-8")
    return tasks.load(f"text-next:{folder / 'some text.txt'}:{size}")


def followers(text: bytes, window: bytes) -> set[int]:
    """The bytes after a window, wherever it is."""
    places = (at for at in range(len(text) - len(window)) if text[at : at + len(window)] == window)
    return {text[at + len(window)] for at in places}


@pytest.mark.parametrize(("size", "chunk"), [(1, 7), (2, 100), (8, 1 << 20)])
def test_cases_foretell_the_next_byte_wherever_they_are_in_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, chunk: int
) -> None:
    monkeypatch.setattr(text_windows, "_CHUNK", chunk)
    chooser = random.Random(size)
    text = "".join(chooser.choices(["the ", "cat ", "sät ", "on ", "a ", "mat. "], k=300)) + "zebra quagga vixen" * 3
    task = task_of(tmp_path, text, size)
    data = text.encode()
    assert task.name == f"text-next:some text.txt:{size}"
    for case in task.training + task.held_out:
        assert len(case.input) == size
        assert followers(data, case.input) == set(case.output)
    border = (len(data) - size) * 3 // 4
    assert all(data.find(case.input) < border for case in task.training)
    assert all(data.find(case.input) >= border for case in task.held_out)
    every = {data[at : at + size] for at in range(border)}
    assert len(task.training) == min(128, sum(len(followers(data, window)) == 1 for window in every))


def test_the_task_is_the_same_every_time_and_in_any_dialect(tmp_path: Path) -> None:
    text = "".join(chr(97 + n * n % 26) + chr(97 + n % 25) for n in range(400))
    assert task_of(tmp_path, text, 4) == task_of(tmp_path, text, 4)
    assert tasks.load(f"text-next:{tmp_path / 'some text.txt'}:4", BF).dialect.name == "bf"


@pytest.mark.parametrize(("text", "size"), [("", 1), ("ab", 2), ("abacadbcdbadcabdca" * 2, 1)])
def test_a_text_that_foretells_nothing_is_refused(tmp_path: Path, text: str, size: int) -> None:
    with pytest.raises(TaskError, match="longer text" if len(text) > size else "too few for"):
        task_of(tmp_path, text, size)


@pytest.mark.parametrize(
    "name", ["text-next:", "text-next:8", "text-next:x.txt:0", "text-next:x.txt:129", "text-next:x.txt:n"]
)
def test_another_form_of_the_name_is_refused(name: str) -> None:
    with pytest.raises(TaskError, match="FILE:N"):
        tasks.load(name)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc\xff")
    with pytest.raises(TaskError, match="byte 3 is no UTF-8"):
        tasks.load(f"text-next:{tmp_path / 'x'}:2")
    with pytest.raises(TaskError, match="cannot be read"):
        tasks.load(f"text-next:{tmp_path / 'y'}:2")
