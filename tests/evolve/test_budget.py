from __future__ import annotations

import pytest

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.errors import SearchError
from gpdebug.evolve.settings import SearchSettings


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["60s"], Budget(seconds=60)),
        (["1.5min"], Budget(seconds=90)),
        (["2h"], Budget(seconds=7200)),
        (["2M"], Budget(evaluations=2_000_000)),
        (["500k"], Budget(evaluations=500_000)),
        (["1234"], Budget(evaluations=1234)),
        (["60s", "2M"], Budget(60, 2_000_000)),
        (["none"], Budget()),
    ],
)
def test_a_budget_is_a_time_or_a_number_of_evaluations_or_both(texts: list[str], wanted: Budget) -> None:
    assert Budget.parse(texts) == wanted


@pytest.mark.parametrize("texts", [["5x"], [""], ["-3s"], ["0s"], ["0"], ["0.2"], ["x"], ["10s", "20s"], ["1", "2M"]])
def test_a_budget_that_makes_no_sense_is_refused(texts: list[str]) -> None:
    with pytest.raises(SearchError, match="budget"):
        Budget.parse(texts)


def test_the_nearer_bound_decides() -> None:
    budget = Budget(seconds=10, evaluations=100)
    assert not budget.is_spent(9, 99)
    assert budget.is_spent(10, 0)
    assert budget.is_spent(0, 100)
    assert budget.used(5, 90) == 0.9
    assert budget.used(20, 0) == 1.0
    assert Budget().used(1e9, 10**9) is None


@pytest.mark.parametrize("values", [{"population": 3}, {"population": 10**9}, {"islands": 0}, {"seed": -1}])
def test_settings_out_of_range_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(SearchError, match=next(iter(values))):
        SearchSettings.of(values)


def test_settings_survive_their_plain_form_and_wrong_ones_are_named() -> None:
    settings = SearchSettings(seed=7, population=50, islands=3)
    assert SearchSettings.from_dict(settings.to_dict()) == settings
    for data in ({"seed": 1, "population": 50}, settings.to_dict() | {"speed": 3}, settings.to_dict() | {"seed": "x"}):
        with pytest.raises(SearchError, match="settings"):
            SearchSettings.from_dict(data)
