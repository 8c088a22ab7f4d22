"""The settings of a search, as plain checked data; the defaults solve the catalogue's tasks without tuning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from gpdebug.evolve.errors import SearchError

MAX_POPULATION = 100_000
MAX_ISLANDS = 64


class Arm(StrEnum):
    """Which of two settings an island searches with; no single one solves every task."""

    SHORT = "short"
    """Short programs that calculate: tournaments on the total error, single `+ -`, many loop idioms."""
    LONG = "long"
    """Texts and constants: lexicase over the bytes of the output, runs of `+ -` as long as the cases suggest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """What a run is determined by, together with its task.

    Attributes:
        seed: of all random numbers.
        population: individuals of an island.
        islands: searches side by side that do not exchange anyone, by turns of the arms `long` and `short`.

    Raises:
        SearchError: a value is out of range.
    """

    seed: int = 0
    population: int = 1_000
    islands: int = 2

    def __post_init__(self) -> None:
        _within("seed", self.seed, 0, (1 << 63) - 1)
        _within("population", self.population, 4, MAX_POPULATION)
        _within("islands", self.islands, 1, MAX_ISLANDS)

    def arm(self, island: int) -> Arm:
        """The setting an island searches with."""
        return (Arm.LONG, Arm.SHORT)[island % 2]

    def to_dict(self) -> dict[str, Any]:
        """All settings as JSON can hold them; `from_dict` reads them back."""
        return {"seed": self.seed, "population": self.population, "islands": self.islands}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads settings.

        Raises:
            SearchError: a key is missing or unknown, or a value is out of range.
        """
        known = ("seed", "population", "islands")
        for key in [*known, *data]:
            if key not in known or not isinstance(data.get(key), int):
                raise SearchError(f"settings: expected whole numbers {', '.join(known)}; wrong is {key!r}")
        return cls(**{key: data[key] for key in known})


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise SearchError(f"{name} must be {low:,} to {high:,}, not {value:,}")
