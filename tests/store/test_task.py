from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.task import Case, Task
from tests.store.examples import reverse_task
from vm.dialect import BFF, BUILT_IN


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_a_task_comes_back_from_json_as_it_was(name: str) -> None:
    cases = (Case(b"", b"\x00\xff"),)
    task = replace(reverse_task(), dialect=BUILT_IN[name], training=cases, held_out=())
    assert Task.from_dict(json.loads(json.dumps(task.to_dict()))) == task


def test_only_name_dialect_and_training_are_needed() -> None:
    data = {"name": "t", "dialect": {"name": "mine", "based_on": "bf"}, "training": [{"input": "a", "output": "b"}]}
    task = Task.from_dict(data)
    assert task.training == (Case(b"a", b"b"),)
    assert task.held_out == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 5}, "task.name: expected a text, not 5"),
        ({"dialect": "tape"}, "task.dialect: expected an object, not 'tape'"),
        ({"dialect": {"name": "x", "symbols": {}}}, "task.dialect.symbols: a dialect needs at least one symbol"),
        ({"dialect": {"name": "x", "sybmols": {}}}, "task.dialect.sybmols: unknown key"),
        ({"scorer": "square"}, "task.scorer: expected one of bytes, circular, bits, exact, not 'square'"),
        ({"scorer": ["bytes"]}, "task.scorer: expected one of"),
        ({"training": {}}, "task.training: expected a list"),
        ({"training": ["a"]}, r"task.training\[0\]: expected an object, not 'a'"),
        ({"held_out": [{"input": "a", "output": [300]}]}, r"task.held_out\[0\].output: 300 is no byte"),
    ],
)
def test_a_wrong_key_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        Task.from_dict(reverse_task().to_dict() | change)


@pytest.mark.parametrize("key", ["name", "dialect", "training"])
def test_a_missing_key_is_named(key: str) -> None:
    data = reverse_task().to_dict()
    del data[key]
    with pytest.raises(StoreError, match=f"task.{key}: missing"):
        Task.from_dict(data)


def test_an_input_longer_than_the_memory_is_refused() -> None:
    task = reverse_task()
    fits = Case(bytes(156), b"")
    dialect = task.dialect.with_settings(in_at=100)
    assert replace(task, dialect=dialect, training=(fits,)).training == (fits,)
    with pytest.raises(StoreError, match=r"training\[1\]: the input has 157 bytes.* room for 156; use a larger"):
        replace(task, dialect=dialect, training=(fits, Case(bytes(157), b"")))
    with pytest.raises(StoreError, match=r"held_out\[0\]: bff takes no input"):
        replace(task, dialect=BFF, training=(), held_out=(Case(b"a", b""),))
