from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from gpdebug.evolve.arms import ARMS, arm_for, arm_of
from gpdebug.evolve.catalogue import find
from gpdebug.evolve.errors import SearchError
from gpdebug.evolve.options import AUTO, MUTATIONS, OPTIONS, Arm, Replacement, Selection, Ties
from gpdebug.evolve.settings import BASICS, SearchSettings
from gpdebug.evolve.settings_file import read_settings
from gpdebug.evolve.steady.arm import ARMS as STEADY_ARMS
from gpdebug.evolve.steady.arm import CONSTANTS, for_constant, steady_arm_of
from gpdebug.store.run import RunFolder

ROOT = Path(__file__).parents[2]
CHOSEN = {
    "arms": "long", "selection": "epsilon-lexicase", "replacement": "generational", "tournament": 5,
    "ties": "faster", "step_pressure": 15, "byte_error": "circular",
    "cases": 6, "down_sampling": 10, "step_limit": 900, "crossover": 30, "recombination": "one-point:2,homologous:1",
    "mutation": "umad:1", "one_more": 10, "umad": 0.2, "long_runs": 5, "elites": 20, "retries": 1,
    "migration": 50, "migrants": 3, "patience": 5_000,
    "max_tokens": 300, "max_instructions": 900, "start_tokens": 20, "growth": 40,
}  # fmt: skip


def test_every_setting_is_an_option_with_values_and_the_other_way_round() -> None:
    assert [field.name for field in fields(SearchSettings)] == [*BASICS, *OPTIONS]
    assert CHOSEN.keys() == OPTIONS.keys()


def test_settings_survive_json() -> None:
    settings = SearchSettings.of({"seed": 3, "population": 50, "islands": 1, **CHOSEN})
    data = json.loads(json.dumps(settings.to_dict()))
    assert data == {"seed": 3, "population": 50, "islands": 1, **CHOSEN}
    assert SearchSettings.from_dict(data) == settings


def test_what_is_auto_is_not_written_down() -> None:
    assert SearchSettings.of(dict.fromkeys(OPTIONS, AUTO)) == SearchSettings()
    assert SearchSettings(crossover=30).to_dict() == {"seed": 0, "population": 1_000, "islands": 2, "crossover": 30}


def test_settings_of_runs_from_before_there_were_options_are_read() -> None:
    for folder in sorted((ROOT / "sample_runs").iterdir()):
        info = RunFolder.open(folder).info
        assert SearchSettings.from_dict(info.settings).to_dict() == info.settings


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("selection", "lottery", "tournament, lexicase or epsilon-lexicase, not 'lottery'"),
        ("crossover", 101, "a whole number from 0 to 100, not 101"),
        ("crossover", "many", "a whole number from 0 to 100, not 'many'"),
        ("crossover", True, "a whole number from 0 to 100"),
        ("umad", 0, "a number from 0.001 to 1.0, not 0"),
        ("mutation", "insert:3,zap:1", "insert:3,delete with weights"),
        ("mutation", "insert:3,insert:1", "insert:3,delete with weights"),
        ("mutation", "insert:0", "insert:3,delete with weights"),
        ("mutation", "insert:x", "insert:3,delete with weights"),
        ("recombination", 7, "one-point:3,segment-inserted with weights"),
        ("max_tokens", 0, "a whole number from 4 to 65,535, not 0"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name_with_what_is_allowed(
    name: str, value: object, expected: str
) -> None:
    with pytest.raises(SearchError) as refusal:
        SearchSettings.of({name: value})
    assert str(refusal.value).startswith(f"{name} must be ")
    assert expected in str(refusal.value)


def test_an_unknown_setting_is_refused_and_a_close_one_named() -> None:
    with pytest.raises(SearchError, match="did you mean selection"):
        SearchSettings.of({"selektion": "lexicase"})


def test_weights_are_read_from_texts_and_tables_alike() -> None:
    text, table = (
        SearchSettings.of({"mutation": "delete, insert:3"}),
        SearchSettings.of({"mutation": {"delete": 1, "insert": 3}}),
    )
    assert text == table
    assert text.mutation == (("insert", 3), ("delete", 1))


def test_an_arm_takes_what_was_chosen_and_keeps_the_rest() -> None:
    assert [arm_of(SearchSettings(), arm) for arm in Arm] == [ARMS[arm] for arm in Arm]
    arm = arm_of(SearchSettings(selection=Selection.EPSILON_LEXICASE, ties=Ties.FASTER, cases=3), Arm.SHORT)
    assert (arm.selection, arm.ties, arm.active) == (Selection.EPSILON_LEXICASE, Ties.FASTER, 3)
    assert (arm.circular, arm.weights, arm.token_caps) == (True, ARMS[Arm.SHORT].weights, ARMS[Arm.SHORT].token_caps)


def test_a_steady_island_is_refused_what_only_generations_have() -> None:
    with pytest.raises(SearchError, match="replacement=steady has no selection and no elites: leave that out, or"):
        SearchSettings(replacement=Replacement.STEADY, selection=Selection.LEXICASE, elites=5)
    assert SearchSettings(replacement=Replacement.STEADY, crossover=5).of_generations() == []


def test_islands_take_the_arms_by_turns_unless_one_is_better_on_all() -> None:
    reverse, add = find("reverse"), find("add")
    assert [arm_for(reverse, SearchSettings(), island) for island in range(3)] == [Arm.LONG, Arm.SHORT, Arm.LONG]
    assert [arm_for(add, SearchSettings(), island) for island in range(3)] == [Arm.SHORT] * 3
    assert [arm_for(find("trim-left"), SearchSettings(), island) for island in range(2)] == [Arm.LONG] * 2
    assert arm_for(add, SearchSettings(arms=Arm.LONG), 1) is Arm.LONG


def test_what_is_chosen_decides_whether_an_island_is_steady() -> None:
    reverse, hello = find("reverse"), find("text:hello")
    assert steady_arm_of(reverse, SearchSettings(), 0) is None
    assert steady_arm_of(reverse, SearchSettings(), 1) == STEADY_ARMS[Arm.SHORT]
    assert steady_arm_of(hello, SearchSettings(), 0) == for_constant(len(b"hello"))
    chosen = steady_arm_of(hello, SearchSettings(crossover=7), 0)
    assert chosen is not None
    assert (chosen.crossover, chosen.parts) == (7, CONSTANTS.parts)
    assert steady_arm_of(hello, SearchSettings(elites=5), 0) is None
    assert steady_arm_of(hello, SearchSettings(replacement=Replacement.GENERATIONAL), 0) is None
    assert steady_arm_of(reverse, SearchSettings(replacement=Replacement.STEADY), 0) == STEADY_ARMS[Arm.LONG]
    mutated = steady_arm_of(hello, SearchSettings(mutation=(("insert", 1),)), 0)
    assert mutated is not None
    assert (mutated.trades, mutated.parts) == (0, 0)


def test_a_short_constant_is_searched_by_few_and_with_little_patience() -> None:
    arms = [for_constant(length) for length in (0, 2, 5, 21, 1_000)]
    assert [arm.population for arm in arms] == [20, 30, 45, 125, CONSTANTS.population]
    assert [arm.patience for arm in arms] == sorted(arm.patience for arm in arms)
    assert arms[1].patience < arms[-1].patience <= CONSTANTS.patience
    chosen = steady_arm_of(find("text:hello"), SearchSettings(patience=70_000), 0)
    assert chosen is not None
    assert (chosen.population, chosen.patience_with(0)) == (45, 70_000)


def test_umad_alone_is_done_once_a_child_unless_more_is_asked_for() -> None:
    alone = arm_of(SearchSettings.of({"mutation": "umad"}), Arm.LONG)
    assert alone.weights == tuple(int(name == "umad") for name in MUTATIONS)
    assert alone.one_more == 0
    assert arm_of(SearchSettings.of({"mutation": "umad", "one_more": 30}), Arm.LONG).one_more == 30


def test_the_longest_program_can_be_chosen_in_both_arms() -> None:
    settings = SearchSettings(max_tokens=5_000, max_instructions=10_000, start_tokens=100)
    for name in Arm:
        arm = arm_of(settings, name)
        assert arm.width == 5_000
        assert arm.first_caps(0) == (200, 10_000)
        assert arm.caps(0, 4_995) == (5_000, 10_000)
    assert arm_of(SearchSettings(max_tokens=40), Arm.SHORT).caps(40, 7) == (40, 120)


def test_a_fixed_patience_is_the_same_for_every_cap() -> None:
    arm = arm_of(SearchSettings(patience=9_000), Arm.SHORT)
    assert arm.patience_with(12) == arm.patience_with(32) == 9_000


def test_a_file_gives_settings_and_what_is_wrong_in_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "search.toml"
    file.write_text('selection = "lexicase"\ncrossover = 30\npopulation = 200\n[mutation]\ninsert = 2\n')
    assert SearchSettings.of(read_settings(file)).mutation == (("insert", 2),)
    for text, what in (
        ("crossover = 300", "crossover must be"),
        ("seed = 3", "seed"),
        ("= 3", "no TOML"),
        ("x = 1", "'x'"),
    ):
        file.write_text(text)
        with pytest.raises(SearchError, match=what) as refusal:
            read_settings(file)
        assert str(file) in str(refusal.value)


def test_the_readme_lists_every_setting_as_it_is() -> None:
    readme = (ROOT / "README.md").read_text()
    for name, option in OPTIONS.items():
        assert f"| `{name}` | {option.what} | {option.auto} | {option.paper} |\n" in readme
