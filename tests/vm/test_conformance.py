"""The conformance vectors agree on every path, and a wrong vector is noticed on each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vm.conformance import PATHS, conform, first_difference, read_vector
from vm.errors import VectorError, VMError

VECTORS = Path(__file__).parent.parent / "fixtures" / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    with (VECTORS / f"{name}.jsonl").open() as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", ["tape", "bf", "bff"])
def test_every_path_agrees_with_all_vectors(name: str) -> None:
    for verdict in conform(map(read_vector, vectors(name))):
        assert verdict.first is None, f"{verdict.path}: {verdict.first}"
        assert verdict.agreed == verdict.total > 50


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_final_state_is_noticed(path: str) -> None:
    vector = vectors("tape")[0]
    vector["final"] |= {"steps": vector["final"]["steps"] + 1}
    difference = first_difference(read_vector(vector), PATHS[path])
    assert difference is not None
    assert difference.what == "steps"


@pytest.mark.parametrize("path", [path for path in PATHS if path != "batch evaluation"])
def test_a_wrong_intermediate_state_is_noticed(path: str) -> None:
    vector = next(vector for vector in vectors("bff") if vector["states"])
    step, state = next(iter(vector["states"].items()))
    state["head1"] += 1
    difference = first_difference(read_vector(vector), PATHS[path])
    assert difference is not None
    assert (str(difference.step), difference.what) == (step, "head1")
    assert f"after step {step}: head1 should be" in str(difference)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dialect": "perl"}, "dialect: expected one of"),
        ({"program": 5}, "program: missing or of the wrong type"),
        ({"input": "xyz"}, "input: expected bytes in hex"),
        ({"memory": 0}, "memory must be 1 to"),
        ({"states": {"one": {}}}, "states: expected"),
        ({"states": {"-1": {"pc": 0}}}, "states.-1: a step number is at least 0"),
        ({"states": {"0": {}}}, "states.0: expected some of pc, .* found nothing"),
        ({"final": None}, "final: missing"),
        ({"final": {"stauts": "finished"}}, "final: expected some of pc, .* found 'stauts'"),
        ({"input": "00" * 5000}, "the input has 5,000 bytes"),
        ({"program": "?"}, "'\\?' is no symbol of tape"),
    ],
)
def test_a_wrong_vector_is_refused_with_its_key(change: dict[str, Any], message: str) -> None:
    with pytest.raises(VMError, match=message):
        read_vector(vectors("tape")[0] | change)


@pytest.mark.parametrize("path", PATHS)
def test_a_state_after_the_end_of_the_run_is_noticed(path: str) -> None:
    vector = read_vector({"dialect": "tape", "program": "++", "states": {"5": {"pc": 2}}, "final": {"pc": 2}})
    difference = first_difference(vector, PATHS[path])
    assert difference is not None
    assert str(difference).startswith("after step 5: ")


def test_of_long_bytes_the_first_that_differs_is_told() -> None:
    vector = {"dialect": "tape", "program": ">++", "memory": 4, "final": {"memory": "00030000"}}
    found = first_difference(read_vector(vector), PATHS["reference"])
    assert str(found) == "at the end: memory[1] should be '03', is '02'"
    vector["final"] = {"memory": "0002"}
    found = first_difference(read_vector(vector), PATHS["reference"])
    assert str(found) == "at the end: length of memory should be 2, is 4"


def test_a_vector_is_an_object() -> None:
    with pytest.raises(VectorError, match="expected an object, found list"):
        read_vector([])
