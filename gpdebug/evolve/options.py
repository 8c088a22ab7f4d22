"""What can be chosen about a search: each option's values, what it means, and whose idea it is.

One table from which settings are checked, `gpdebug evolve --help` is made and the README's table is tested. A value
of None is `auto`: the arm chooses, by the kind of task (see `arms`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

AUTO = "auto"

Weights = tuple[tuple[str, int], ...]
"""Names with weights, such as (("insert", 3), ("delete", 3))."""


class Arm(StrEnum):
    """Which of two settings an island searches with; no single one solves every task."""

    SHORT = "short"
    """Short programs that calculate: tournaments on the total error, single `+ -`, many loop idioms."""
    LONG = "long"
    """Texts and constants: lexicase over the bytes of the output, runs of `+ -` as long as the cases suggest."""


class Selection(StrEnum):
    """How parents are chosen."""

    TOURNAMENT = "tournament"
    LEXICASE = "lexicase"
    EPSILON_LEXICASE = "epsilon-lexicase"


class ByteError(StrEnum):
    """How far a byte is from the wanted one."""

    ABSOLUTE = "absolute"
    CIRCULAR = "circular"


class Replacement(StrEnum):
    """Whose place children take."""

    GENERATIONAL = "generational"
    """All places but those of the best ones, a generation at a time."""
    STEADY = "steady"
    """Each the place of somebody worse, as soon as it is born."""


class Ties(StrEnum):
    """Which of two programs with the same error is better."""

    SHORTER = "shorter"
    FASTER = "faster"
    NEITHER = "neither"


MUTATIONS = (
    "insert", "delete", "replace", "count", "delete-segment", "copy-segment", "move-segment",
    "brackets", "inverses", "idiom", "swap", "umad", "until", "retune", "counted", "spell", "rotate",
)  # fmt: skip
"""Names of `operators.OPERATORS`, in their order."""
RECOMBINATIONS = ("one-point", "segment-inserted", "segment-replaced", "two-point", "homologous")
"""Names of the crossovers, in the order of `crossover.cross`."""


class Values(Protocol):
    """What an option can be."""

    def read(self, value: object) -> Any:
        """A value from a program, a file or a command line.

        Raises:
            ValueError: it is none; the message says what is expected.
        """

    def allowed(self) -> str:
        """All values, in a few words."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    low: int
    high: int

    def read(self, value: object) -> int:
        """The number, also from its digits."""
        number = value
        if isinstance(value, str):
            try:
                number = int(value)
            except ValueError:
                number = None
        if not isinstance(number, int) or isinstance(number, bool) or not self.low <= number <= self.high:
            raise ValueError(f"a whole number from {self.low:,} to {self.high:,}")
        return number

    def allowed(self) -> str:
        """The bounds."""
        return f"{self.low:,} to {self.high:,}"


@dataclass(frozen=True, slots=True)
class Real:
    """A number within bounds."""

    low: float
    high: float

    def read(self, value: object) -> float:
        """The number, also from its digits."""
        number = value
        if isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                number = None
        if not isinstance(number, int | float) or isinstance(number, bool) or not self.low <= number <= self.high:
            raise ValueError(f"a number from {self.low} to {self.high}")
        return float(number)

    def allowed(self) -> str:
        """The bounds."""
        return f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few names."""

    names: type[StrEnum]

    def read(self, value: object) -> StrEnum:
        """The member that is called so."""
        try:
            return self.names(str(value))
        except ValueError:
            raise ValueError(self.allowed()) from None

    def allowed(self) -> str:
        """The names."""
        *most, last = map(str, self.names)
        return f"{', '.join(most)} or {last}"


@dataclass(frozen=True, slots=True)
class Mix:
    """Some of a few names, each with a weight: how often it is taken."""

    names: tuple[str, ...]
    most: int = 1_000

    def read(self, value: object) -> Weights:
        """The weights, also from `insert:3,delete` or a mapping; the order of names is that of `names`."""
        found: dict[str, int] = {}
        for name, weight in self._pairs(value):
            if name not in self.names or name in found or not 0 <= weight <= self.most:
                raise ValueError(self._expected())
            found[name] = weight
        if not sum(found.values()):
            raise ValueError(self._expected())
        return tuple((name, found[name]) for name in self.names if found.get(name))

    def _pairs(self, value: object) -> list[tuple[str, int]]:
        if isinstance(value, str):
            parts = [part.strip().partition(":") for part in value.split(",")]
            value = {name: weight if colon else "1" for name, colon, weight in parts}
            if len(value) < len(parts):
                raise ValueError(self._expected())
        try:
            return [(str(name), int(weight)) for name, weight in dict(value).items()]  # type: ignore[call-overload]
        except (TypeError, ValueError):
            raise ValueError(self._expected()) from None

    def _expected(self) -> str:
        return f"names such as {self.names[0]}:3,{self.names[1]} with weights from 0 to {self.most:,}, out of " + (
            ", ".join(self.names)
        )

    def allowed(self) -> str:
        """The names."""
        return "weights of " + ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen.

    Attributes:
        values: what it can be.
        what: what that means, in a few words.
        auto: what is chosen where nothing is.
        paper: whose idea it is.
    """

    values: Values
    what: str
    auto: str
    paper: str = ""


OPTIONS: Mapping[str, Option] = {
    "arms": Option(OneOf(Arm), "the defaults of all others", "short for numbers, long for streams, else by turns"),
    "selection": Option(
        OneOf(Selection), "how parents are chosen", "lexicase (long), tournament (short)",
        "Spector 2012; La Cava, Spector, Danai 2016",
    ),
    "replacement": Option(
        OneOf(Replacement), "whose place children take", "steady for one constant and in the short arm",
        "Syswerda 1989; Whitley 1989",
    ),
    "tournament": Option(Whole(1, 1_000), "of how many a parent is the best", "3", "Goldberg, Deb 1991"),
    "ties": Option(OneOf(Ties), "which of two with equal errors is better", "shorter", "Luke, Panait 2002"),
    "step_pressure": Option(
        Whole(0, 100), "percent of parents that are the one with fewer steps of two winners", "0", "Luke, Panait 2002"
    ),
    "byte_error": Option(OneOf(ByteError), "the error of a byte", "absolute (long), circular (short)"),
    "cases": Option(Whole(1, 10_000), "training cases that everyone is tried on", "10 (long), 8 (short)"),
    "down_sampling": Option(
        Whole(1, 100), "percent of the training cases, drawn anew each generation, in place of `cases`", "not done",
        "Hernandez, Lalejini, Dolson, Ofria 2019",
    ),
    "step_limit": Option(Whole(1, 1_000_000_000), "steps of a run during the search", "10,000 or the task's, if less"),
    "crossover": Option(Whole(0, 100), "percent of children with two parents", "50"),
    "recombination": Option(
        Mix(RECOMBINATIONS), "how two parents are crossed", "one-point, segment-inserted, segment-replaced",
        "Brameier, Banzhaf 2007; Francone et al. 1999; Platel, Clergue, Collard 2003",
    ),
    "mutation": Option(
        Mix(MUTATIONS), "how children are changed",
        "insert:6,delete:6,replace:4,count:4,swap:1, segments, brackets and inverses 2, idiom 10 (short),"
        " idiom, until, counted and spell 2, retune and rotate 1 (long)",
        "Brameier, Banzhaf 2007; Helmuth, McPhee, Spector 2018",
    ),
    "one_more": Option(Whole(0, 95), "percent of children that are changed again, each time", "60; 0 for umad alone"),
    "umad": Option(
        Real(0.001, 1.0), "additions for each token by umad, which deletes as many", "0.09",
        "Helmuth, McPhee, Spector 2018",
    ),
    "long_runs": Option(Whole(0, 100), "percent of new `+ -` that are runs", "33 (long), 0 (short)"),
    "elites": Option(Whole(0, 90), "percent of a population that stay, the best, one at least", "10", "De Jong 1975"),
    "retries": Option(Whole(0, 10), "how often a child that behaves like another one is made again", "2"),
    "migration": Option(
        Whole(1, 1_000_000), "generations after which the best of each island also go to the next one", "not done",
        "Whitley, Rana, Heckendorn 1999",
    ),
    "migrants": Option(Whole(1, 1_000), "how many go", "5"),
    "patience": Option(
        Whole(1_000, 1_000_000_000_000), "programs without a better best one before an island begins anew",
        "250,000 (long), 2,500 for each token of the cap (short), 1,250 (several numbers), 300 for each individual"
        " (one constant)",
        "Auger, Hansen 2005",
    ),
    "max_tokens": Option(
        Whole(4, 65_535), "most tokens of a program, a run of one symbol being one",
        "160 (long), 12 to 32 (short), 32 to 48 for each of several numbers",
    ),
    "max_instructions": Option(
        Whole(4, 1_000_000), "most instructions of a program", "2,000 (long), 3 a token of the cap (short)"
    ),
    "start_tokens": Option(Whole(1, 65_535), "most tokens of a random program", "12 (long), half the cap (short)"),
    "growth": Option(Whole(1, 65_535), "tokens a child may have more than the best program", "18 (long), any (short)"),
}  # fmt: skip
"""By the name of the field of `SearchSettings`."""
