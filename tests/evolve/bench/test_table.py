from __future__ import annotations

from math import inf

import pytest

from gpdebug.evolve.bench import peers, table
from gpdebug.evolve.bench.summary import Row, row_of
from gpdebug.evolve.bench.trial import Trial
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.tasks import load
from tests.evolve.bench.examples import CONDITIONS, FACTS, TEXT, trial

MINUTE = Budget(seconds=60)


def cells(row: Row, budget: Budget = MINUTE) -> dict[str, str]:
    shown = table.columns([row.task])
    named = [
        column.title if column.title != "95 %" or not index else f"95 % {index}" for index, column in enumerate(shown)
    ]
    return {name: column.cell(row, budget) for name, column in zip(named, shown, strict=True)}


def ten(solved: int) -> list[Trial]:
    return [trial(seed=seed, seconds=1.0 + seed, solved=seed < solved) for seed in range(10)]


def test_a_row_counts_unsolved_seeds_as_never_solved() -> None:
    row = row_of("add", FACTS, ten(7))
    assert (row.solved, row.trials) == (7, 10)
    assert row.seconds == 5.0
    assert row.seconds_interval == (2.0, inf)
    assert row.ratio == pytest.approx(2698 / 5)
    shown = cells(row)
    assert shown["solved"] == "7/10"
    assert shown["95 % 2"] == "40–89%"
    assert shown["median s"] == "5.0"
    assert shown["95 % 5"] == "> 2.0"
    assert shown["held out"] == "7/7"
    assert shown["faster"] == "540 ×"
    assert shown["shortest program"] == "[->+<]>."


def test_without_half_of_the_seeds_there_is_a_bound_and_no_ratio() -> None:
    row = row_of("add", FACTS, ten(4))
    assert row.seconds == inf
    assert cells(row)["median s"] == "> 60"
    assert cells(row, Budget(evaluations=2_000_000))["median s"] == "–"
    assert cells(row, Budget(evaluations=2_000_000))["programs"] == "> 2.0 M"
    assert cells(row)["faster"] == "–"
    assert row.to_dict()["median_seconds"] is None


def test_a_task_that_was_never_solved_tells_why() -> None:
    assert cells(row_of("add", FACTS, ten(0)))["shortest program"] == "(120 of 128 right, stuck since 0 s)"
    late = [trial(solved=False, error=0, held_out_error=7), trial(seed=1, solved=False)]
    row = row_of("add", FACTS, late)
    assert cells(row)["held out"] == "0/1"
    assert cells(row)["shortest program"] == "(right on training cases only)"
    assert row_of("text:hi", TEXT, [trial(solved=False)]).why.startswith("off by 9")
    assert cells(row_of("text:hi", TEXT, [trial()]))["held out"] == "–"
    assert row_of("add", FACTS, ten(10)).why == ""


def test_programs_per_second_are_those_of_all_trials_together() -> None:
    assert row_of("add", FACTS, [trial(seconds=1.0), trial(seed=1, seconds=3.0)]).programs_per_s == 20_000


@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40])
def test_a_text_is_as_wide_as_the_terminal_at_most_and_keeps_the_rate_and_the_median(width: int) -> None:
    row = row_of("text:I love all humans", TEXT, ten(10))
    shown = table.fitting(table.columns([row.task]), width)
    titles = [column.title for column in shown]
    assert {"task", "solved", "median s"} <= set(titles)
    assert ("faster" in titles) == (width >= 80)
    assert ("shortest program" in titles) == (width >= 100)
    for line in (titles, [column.cell(row, MINUTE) for column in shown]):
        assert len(table.text_line(shown, line)) <= max(width, 44)


def test_markdown_has_as_many_cells_in_each_line_and_says_who_the_peers_are() -> None:
    rows = [row_of("add", FACTS, ten(7)), row_of("double", FACTS, ten(0)), row_of("echo", FACTS, ten(10))]
    said = table.markdown(CONDITIONS, range(10), rows)
    lines = [line for line in said.splitlines() if line.startswith("|")]
    assert len(lines) == 5
    assert {line.count("|") for line in lines} == {12}
    assert "seeds 0 to 9, at most 60s each" in said
    assert "`[->+<]>.`" in lines[2]
    assert "6,353*" in lines[3]
    assert said.count("AI-Programmer (") == 1
    assert "extended" in said


@pytest.mark.parametrize(
    ("code", "wanted"),
    [(b"+++++.", "+{5}."), (b"++++.", "++++."), (b"", ""), (b"[-]" * 30, ("[-]" * 7)[:19] + "…")],
)
def test_long_runs_of_a_program_are_counted_and_the_rest_is_cut(code: bytes, wanted: str) -> None:
    assert table.abbreviated(code, 20) == wanted


def test_amounts_have_a_unit_and_durations_two_digits_that_count() -> None:
    values = (0, 950, 9_312, 99_700, 999_900, 1_234_567, 5e9)
    assert [table.amount(value) for value in values] == ["0", "950", "9.3 k", "100 k", "1.0 M", "1.2 M", "5.0 G"]
    assert [table.duration(value) for value in (0.0834, 0.25, 1.23, 35.2, 7644)] == [
        "0.083",
        "0.25",
        "1.2",
        "35",
        "7,644",
    ]


def test_every_task_that_a_peer_has_a_time_for_can_be_evolved_for() -> None:
    for name, figures in peers.FIGURES.items():
        assert load(name).training
        assert [figure.seconds for figure in figures] == sorted(figure.seconds for figure in figures)
    assert peers.best("text:hi") == peers.Figure(peers.BRAINFUCK_EVOLVED, 0.07)
    assert peers.best("echo") is None


def test_a_peer_that_gave_up_is_told_as_a_bound() -> None:
    shown = cells(row_of("text:Hello, world!", TEXT, [trial("text:Hello, world!")]))
    assert (shown["peer s"], shown["faster"]) == ("> 30", "> 20 ×")


@pytest.mark.parametrize(
    ("seconds", "said"), [(36_000 / 9_999, "9,999 ×"), (0.13, "277 k ×"), (0.9, "40.0 k ×"), (0.006, "6.0 M ×")]
)
def test_what_is_very_much_faster_is_told_in_thousands_and_never_cut(seconds: float, said: str) -> None:
    row = row_of("text:I love all humans", TEXT, [trial("text:I love all humans", seconds=seconds)])
    assert cells(row)["faster"] == said
    shown = table.columns([row.task])
    assert said in table.text_line(shown, [column.cell(row, MINUTE) for column in shown])
