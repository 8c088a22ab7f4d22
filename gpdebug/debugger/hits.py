"""How often each stop was hit since step 0: positions in a run, remembered at checkpoints."""

from __future__ import annotations

from collections.abc import Container, Mapping, Set
from dataclasses import dataclass

from vm.stops import Place


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted. Every stop of this place, condition and arming has the same hits.

    Attributes:
        place: where.
        condition: its text, or no text.
        rule: as text; no text where the hits are counted, the rule where the firings are.
        after: the firings that must have begun before, or None.
    """

    place: Place
    condition: str
    rule: str = ""
    after: Counted | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Counts up to a step, that step's own included.

    Attributes:
        step: when.
        numbers: hits, or firings, of each.
    """

    step: int
    numbers: Mapping[Counted, int]


class HitBook:
    """Counts that were made, to be counted on from: at checkpoints, and where the session last stood."""

    def __init__(self) -> None:
        self._marks: dict[int, Count] = {}
        self._latest: Count | None = None

    def __len__(self) -> int:
        return len(self._marks)

    def note(self, count: Count) -> None:
        """Remembers the count at a checkpoint."""
        self._marks[count.step] = count

    def stand(self, count: Count) -> None:
        """Remembers the count where the session stands, until it stands elsewhere."""
        self._latest = count

    def best(self, step: int, wanted: Set[Counted]) -> Count | None:
        """The last count up to `step` that has all of these, or None."""
        best: Count | None = None
        latest = [] if self._latest is None else [self._latest]
        for count in (*self._marks.values(), *latest):
            if (best is None or best.step < count.step) and count.step <= step and count.numbers.keys() >= wanted:
                best = count
        return best

    def prune(self, steps: Container[int]) -> None:
        """Forgets counts at other steps than these."""
        self._marks = {step: count for step, count in self._marks.items() if step in steps}
