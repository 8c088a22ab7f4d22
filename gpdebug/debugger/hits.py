"""How often each stop was hit since step 0: positions in a run, remembered at checkpoints."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from gpdebug.debugger.stops import Breakpoint

Place = tuple[int, str]
"""What is counted: an instruction and the text of a condition. Every stop of this place has the same hits."""


def place_of(stop: Breakpoint) -> Place:
    """What the hits of a stop count."""
    return stop.instruction, stop.condition.text if stop.condition is not None else ""


@dataclass(frozen=True, slots=True)
class Count:
    """Hits up to a step.

    Attributes:
        step: when.
        hits: of each place.
        arrived: whether the hits of `step` itself are among them.
    """

    step: int
    hits: Mapping[Place, int]
    arrived: bool


class HitBook:
    """Counts that were made, to be counted on from: at checkpoints, and where the session last stood."""

    def __init__(self) -> None:
        self._marks: dict[int, Count] = {}
        self._latest: Count | None = None

    def __len__(self) -> int:
        return len(self._marks)

    def note(self, count: Count) -> None:
        """Remembers a count: for a while if the hits of its own step are in it, else for its checkpoint."""
        if count.arrived:
            self._latest = count
        else:
            self._marks[count.step] = count

    def at(self, step: int, places: Collection[Place]) -> Count | None:
        """The count before the hits of exactly this step, if all these places were counted then."""
        if step == 0:
            return Count(0, dict.fromkeys(places, 0), arrived=False)
        count = self._marks.get(step)
        return count if count is not None and count.hits.keys() >= set(places) else None

    def best(self, step: int, places: Collection[Place]) -> Count:
        """The last count up to `step` of all these places; at worst, that nothing was hit before step 0."""
        best, wanted = Count(0, dict.fromkeys(places, 0), arrived=False), set(places)
        for count in self._marks.values():
            if best.step < count.step <= step and count.hits.keys() >= wanted:
                best = count
        latest = self._latest
        if latest is not None and best.step <= latest.step <= step and latest.hits.keys() >= wanted:
            return latest
        return best

    def prune(self, steps: Container[int]) -> None:
        """Forgets counts at other steps than these."""
        self._marks = {step: count for step, count in self._marks.items() if step in steps}
