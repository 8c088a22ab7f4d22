"""How often operators succeed, as the Evolve screen tells it: means over the history, drawn for the room there is."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App

from gpdebug.store.history import History
from gpdebug.tui.operator_rates import LATELY, rate_lines, rates_of
from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.page import Lines


def history(**shares: list[float]) -> History:
    count = len(next(iter(shares.values())))
    rows = [
        {"generation": at, "best": 5, **{f"success_{name}": values[at] for name, values in shares.items()}}
        for at in range(count)
    ]
    return History.of(rows)


def text_of(lines: Lines) -> list[str]:
    return ["".join(segment.text for segment in line) for line in lines]


def test_lately_is_told_apart_from_the_whole_run() -> None:
    (rate,) = rates_of(history(two_point=[0.5] * LATELY + [0.1] * LATELY))
    assert rate.name == "two point"
    assert rate.lately == pytest.approx(0.1)
    assert rate.whole == pytest.approx(0.3)


def test_of_a_short_run_the_end_is_told_apart_too() -> None:
    (rate,) = rates_of(history(two_point=[0.5] * 6 + [0.1] * 2))
    assert rate.lately == pytest.approx(0.1)
    assert rate.whole == pytest.approx(0.4)


def test_generations_weigh_the_same_where_rows_were_left_out() -> None:
    rows = [{"generation": at, "best": 5, "success_mutation": share} for at, share in ((0, 0.0), (9, 1.0))]
    assert rates_of(History.of(rows))[0].whole == pytest.approx(0.9)


def test_generations_without_a_child_count_for_nothing() -> None:
    used, unused = rates_of(history(mutation=[np.nan, 0.2], one_point=[np.nan, np.nan]))
    assert used.whole == pytest.approx(0.2)
    assert np.isnan(unused.lately)


def test_there_is_nothing_to_tell_before_the_first_row() -> None:
    assert rates_of(None) == rates_of(History.of(())) == ()


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [
        (45, 4, ["                    lately  whole run",
                 " mutation           10.00%     10.00%  ████",
                 " one point          <0.01%     <0.01%  ",
                 " two point               –          –  "]),
        (80, 2, [" mutation          10.00%  one point         <0.01%  two point              – "]),
        (52, 2, [" mutation          10.00%  one point         <0.01% ", " two point              – "]),
    ],
)  # fmt: skip
def test_they_are_drawn_for_the_room_there_is(width: int, height: int, shown: list[str]) -> None:
    rates = rates_of(history(mutation=[0.1], one_point=[0.00001], two_point=[np.nan]))
    assert text_of(rate_lines(rates, width, height, palette_of(App()))) == shown
