"""The settings of a search, as plain checked data; the defaults solve the catalogue's tasks without tuning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self

from gpdebug.evolve.errors import SearchError
from gpdebug.evolve.options import AUTO, OPTIONS, Arm, ByteError, Replacement, Selection, Ties, Weights, Whole

BASICS = {
    "seed": Whole(0, (1 << 63) - 1),
    "population": Whole(4, 1_000_000),
    "islands": Whole(1, 64),
}
"""Numbers that are never `auto`."""
OF_GENERATIONS = ("selection", "ties", "down_sampling", "elites", "retries")
GENERATIONAL = f"choose replacement={Replacement.GENERATIONAL}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """What a run is determined by, together with its task.

    All but the first three are explained in `options.OPTIONS`; None is `auto`.

    Attributes:
        seed: of all random numbers.
        population: individuals of an island.
        islands: searches side by side.

    Raises:
        SearchError: a value is out of range, or none of those that an option can have.
    """

    seed: int = 0
    population: int = 1_000
    islands: int = 2
    arms: Arm | None = None
    selection: Selection | None = None
    replacement: Replacement | None = None
    tournament: int | None = None
    ties: Ties | None = None
    step_pressure: int | None = None
    byte_error: ByteError | None = None
    cases: int | None = None
    down_sampling: int | None = None
    step_limit: int | None = None
    crossover: int | None = None
    recombination: Weights | None = None
    mutation: Weights | None = None
    one_more: int | None = None
    umad: float | None = None
    long_runs: int | None = None
    elites: int | None = None
    retries: int | None = None
    migration: int | None = None
    migrants: int | None = None
    patience: int | None = None
    max_tokens: int | None = None
    max_instructions: int | None = None
    start_tokens: int | None = None
    growth: int | None = None

    def __post_init__(self) -> None:
        for name, values in BASICS.items():
            object.__setattr__(self, name, _read(name, values, getattr(self, name)))
        for name, option in OPTIONS.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, None if value == AUTO else _read(name, option.values, value))
        if self.replacement is Replacement.STEADY and (chosen := self.of_generations()):
            raise SearchError(f"replacement=steady has no {' and no '.join(chosen)}: leave that out, or {GENERATIONAL}")

    @classmethod
    def of(cls, choices: Mapping[str, object]) -> Self:
        """Settings from names and values as a file or a command line has them; what is not named is `auto`.

        Raises:
            SearchError: a name is unknown, or a value is none of those that it can have.
        """
        for name in choices:
            if name not in BASICS and name not in OPTIONS:
                raise SearchError(_unknown(name))
        return cls(**choices)  # type: ignore[arg-type]

    def of_generations(self) -> list[str]:
        """Names of the options that were chosen and mean something only where generations follow each other."""
        return [name for name in OF_GENERATIONS if getattr(self, name) is not None]

    def to_dict(self) -> dict[str, Any]:
        """All settings that are not `auto` as JSON can hold them; `from_dict` reads them back."""
        chosen = {name: getattr(self, name) for name in (*BASICS, *OPTIONS)}
        return {name: _plain(value) for name, value in chosen.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads settings; options that are not there are `auto`, as they were before there were any.

        Raises:
            SearchError: the seed, the population or the islands are missing, a key is unknown, or a value is wrong.
        """
        for name in BASICS:
            if not isinstance(data.get(name), int):
                raise SearchError(f"settings: expected whole numbers {', '.join(BASICS)}; wrong is {name!r}")
        try:
            return cls.of(data)
        except SearchError as error:
            raise SearchError(f"settings: {error}") from None


def _read(name: str, values: Any, value: object) -> Any:
    try:
        return values.read(value)
    except ValueError as expected:
        raise SearchError(f"{name} must be {expected}, not {_shown(value)}") from None


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else repr(value)


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return ",".join(f"{name}:{weight}" for name, weight in value)
    return value if isinstance(value, int | float) else str(value)


def _unknown(name: str) -> str:
    names = (*BASICS, *OPTIONS)
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
    return f"{name!r} is no setting of a search; {hint}"
