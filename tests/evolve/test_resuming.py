"""Searches of many kinds that are saved, pruned and gone on with at any time end where those do that never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.record import Snapshot, lineage_of, restore, state_of
from gpdebug.evolve.settings import SearchSettings

ROUNDS = 6

ANY = {"islands": st.integers(1, 3), "population": st.integers(8, 40)}
MAYBE = {
    "migration": st.integers(1, 4),
    "arms": st.sampled_from(["short", "long"]),
    "patience": st.integers(1_000, 2_000),
    "crossover": st.integers(0, 100),
}
OF_GENERATIONS = {
    "replacement": st.just("generational"),
    "selection": st.sampled_from(["tournament", "lexicase", "epsilon-lexicase"]),
    "elites": st.integers(1, 50),
    "down_sampling": st.integers(1, 100),
}
SEARCHES = st.one_of(
    st.fixed_dictionaries(ANY, optional=MAYBE),
    st.fixed_dictionaries(ANY | {"replacement": st.just("steady")}, optional=MAYBE),
    st.fixed_dictionaries(ANY, optional=MAYBE | OF_GENERATIONS),
)


def measured(engine: Engine) -> None:
    """Does what saving does to an engine."""
    errors = [some.error for some in Snapshot.of(engine).measured(engine.task, "") if some.error is not None]
    for _ in lineage_of(engine, np.concatenate(errors)):
        pass


def state(engine: Engine) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """All that an engine is, everyone's errors measured."""
    measured(engine)
    return state_of(engine)


def go_on(engine: Engine, rounds: int) -> None:
    """Some rounds of a search, as a run does them: it is over once the task is solved."""
    for _ in range(rounds):
        if not engine.solved:
            engine.advance()


@settings(max_examples=10)
@example("subtract", {"islands": 1, "population": 8}, 1, ["go on"] * 4 + ["resume", "go on"], 1, 2)
@example(
    "fibonacci-4", {"islands": 2, "patience": 1_000}, 3, ["go on", "resume", "go on", "save", "resume", "go on"], 9, 2
)
@given(
    st.sampled_from(["sort", "subtract", "text:hello there", "fibonacci-4"]),
    SEARCHES,
    st.integers(0, 99),
    st.lists(st.sampled_from(["go on", "save", "resume"]), min_size=ROUNDS, max_size=ROUNDS),
    st.integers(1, 200),
    st.integers(2, 4),
)
def test_it_ends_alike_however_it_is_saved_pruned_and_resumed_on_any_number_of_threads(
    task: str, chosen: Mapping[str, Any], seed: int, happens: list[str], spare: int, threads: int
) -> None:
    search = SearchSettings.from_dict({**SearchSettings(seed=seed).to_dict(), **chosen})
    whole = Engine(catalogue.find(task), search)
    go_on(whole, ROUNDS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("gpdebug.evolve.births.MOST_SPARE", spare)
        patched.setattr("gpdebug.evolve.births.AT_ONCE", 37)
        patched.setattr("gpdebug.evolve.packed.MUCH", 100)
        parts = Engine(catalogue.find(task), search, threads=threads)
        for what in happens:
            go_on(parts, 1)
            if what != "go on":
                saved = state(parts)
            if what == "resume":
                parts.close()
                parts = Engine(catalogue.find(task), search, threads=threads)
                restore(parts, *saved)
        (first, told), (second, also) = state(whole), state(parts)
    whole.close()
    parts.close()
    assert told == also
    assert first.keys() == second.keys()
    for name in first:
        assert np.array_equal(first[name], second[name]), name
