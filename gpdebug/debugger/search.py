"""Finds the last moment of a stretch of the run at which a stop fires, running it forwards as little as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.timeline import Arrival, Control, Timeline
from vm.stops import StopSet

_MANY = 32
"""So many firings in a row, and the far half of what is left is searched first."""


class SearchInterruptedError(Exception):
    """The user asked to stop; caught where the search was begun."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A moment at which stops fired.

    Attributes:
        step: when.
        hits, fired: `int64[stops]` and `uint8[stops]` of the stop set, that moment's included.
    """

    step: int
    hits: NDArray[np.int64]
    fired: NDArray[np.uint8]


def last_firing(timeline: Timeline, stops: StopSet, high: int, control: Control) -> Firing | None:
    """The last firing from where the timeline stands up to, not including, step `high`.

    One pass over the stretch while few stops fire. Where many do, halves are searched from the far end, so the
    whole costs at most about three passes, never one pause a firing.

    Args:
        timeline: stands at the start of the stretch, whose step counts.
        stops: with the hits before that step.
        high: the end of the stretch.
        control: how the call is watched.

    Raises:
        SearchInterruptedError: the user asked to stop.
    """
    found: Firing | None = None
    pauses = 0
    while True:
        arrival = timeline.advance(stops, until=high, skip_first=found is not None, control=control)
        if arrival is Arrival.INTERRUPTED:
            raise SearchInterruptedError
        if arrival is not Arrival.STOP:
            return found
        found = Firing(timeline.step, stops.hits.copy(), stops.fired.copy())
        pauses += 1
        if pauses == _MANY and high - found.step > _MANY:
            middle = (found.step + high) // 2
            here = timeline.snapshot()
            count_to(timeline, stops, middle, skip_first=True, control=control)
            later = last_firing(timeline, stops, high, control)
            if later is not None:
                return later
            timeline.place(here)
            stops.hits[:] = found.hits
            high, pauses = middle, 0


def count_to(
    timeline: Timeline,
    stops: StopSet,
    step: int,
    *,
    skip_first: bool,
    control: Control,
    on_checkpoint: Callable[[int], None] | None = None,
) -> None:
    """Counts the hits up to a step, its own not included, without pausing at any.

    Args:
        timeline: stands where the count begins.
        stops: with the hits up to there.
        step: where to halt.
        skip_first: the hits of the first step are counted already.
        control: how the call is watched.
        on_checkpoint: as for `Timeline.advance`.

    Raises:
        SearchInterruptedError: the user asked to stop.
    """
    stops.pausing = False
    arrival = timeline.advance(
        stops, until=step, skip_first=skip_first, control=control, on_checkpoint=on_checkpoint
    )  # fmt: skip
    stops.pausing = True
    if arrival is Arrival.INTERRUPTED:
        raise SearchInterruptedError
