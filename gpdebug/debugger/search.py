"""Runs a stretch of a timeline past all stops: to count hits, or to find the last moment at which one fires."""

from __future__ import annotations

from collections.abc import Callable

from gpdebug.debugger.armed_stops import ArmedStops
from gpdebug.debugger.timeline import Arrival, Control, Timeline


class SearchInterruptedError(Exception):
    """The user asked to stop; caught where the search was begun."""


def count_to(
    timeline: Timeline,
    armed: ArmedStops,
    step: int,
    control: Control,
    on_checkpoint: Callable[[int], None] | None = None,
) -> None:
    """Counts the hits from where the timeline stands up to a step, that step's own included, without a pause.

    The last firing on the way is `armed.set.last_step`.

    Args:
        timeline: stands where the count begins.
        armed: with the hits up to there.
        step: where to halt.
        control: how the call is watched.
        on_checkpoint: as for `Timeline.advance`.

    Raises:
        SearchInterruptedError: the user asked to stop.
    """
    armed.run_on(True)
    arrival = timeline.advance(armed.set, until=step, control=control, on_checkpoint=on_checkpoint)
    armed.run_on(False)
    if arrival is Arrival.INTERRUPTED:
        raise SearchInterruptedError
