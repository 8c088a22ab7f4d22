"""How long a run may go on: seconds, evaluations, or both; time decides when to stop, never what is computed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gpdebug.evolve.errors import SearchError

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_COUNTS = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)")
MOST = 1e15
EXPECTED = "a time such as 60s, 5min or 2h, or a number of evaluations such as 500k or 2M, or none"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may use.

    Attributes:
        seconds: of this session, however far an earlier one came; None: no bound.
        evaluations: of the whole run; None: no bound.
    """

    seconds: float | None = None
    evaluations: int | None = None

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Budget:
        """Reads a budget from one or two bounds.

        Raises:
            SearchError: a bound cannot be read, is nothing, or is given twice.
        """
        seconds: float | None = None
        evaluations: int | None = None
        for text in texts:
            if text == "none":
                continue
            number, unit = _parts(text)
            if unit in _SECONDS and seconds is None:
                seconds = number * _SECONDS[unit]
            elif unit in _COUNTS and evaluations is None:
                evaluations = int(number * _COUNTS[unit])
            else:
                raise SearchError(f"budget {text!r}: there is a bound of that kind already")
        return cls(seconds, evaluations)

    def is_spent(self, seconds: float, evaluations: int) -> bool:
        """Whether a bound is reached."""
        return (self.seconds is not None and seconds >= self.seconds) or (
            self.evaluations is not None and evaluations >= self.evaluations
        )

    def used(self, seconds: float, evaluations: int) -> float | None:
        """The part that is used, 0 to 1, of the bound that is nearer; None without a bound."""
        parts = []
        if self.seconds is not None:
            parts.append(seconds / self.seconds)
        if self.evaluations is not None:
            parts.append(evaluations / self.evaluations)
        return min(max(parts), 1.0) if parts else None

    def left(self, seconds: float, evaluations: int, per_second: float) -> float | None:
        """Seconds until the nearer bound is reached at the present pace; None without a bound."""
        bounds = []
        if self.seconds is not None:
            bounds.append(self.seconds - seconds)
        if self.evaluations is not None:
            bounds.append((self.evaluations - evaluations) / max(per_second, 1.0))
        return max(min(bounds), 0.0) if bounds else None


def seconds_of(text: str) -> float:
    """Reads a time such as 0s, 30s or 5min.

    Raises:
        SearchError: it is none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or found[2] not in _SECONDS:
        raise SearchError(f"{text!r}: expected a time such as 2s or 5min")
    return float(found[1]) * _SECONDS[found[2]]


def _parts(text: str) -> tuple[float, str]:
    found = _FORM.fullmatch(text.strip())
    if found is None or found[2] not in (*_SECONDS, *_COUNTS):
        raise SearchError(f"budget {text!r}: expected {EXPECTED}")
    number = float(found[1])
    if number == 0 or (found[2] in _COUNTS and number * _COUNTS[found[2]] < 1):
        raise SearchError(f"budget {text!r}: is nothing; expected {EXPECTED}")
    if number >= MOST:
        raise SearchError(f"budget {text!r}: is never spent; give none for no bound")
    return number, found[2]
