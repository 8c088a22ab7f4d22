"""Playing at a chosen speed: how many steps are due in a frame, so that states are drawn once a frame at most."""

from __future__ import annotations

FRAME = 0.02
"""Seconds from one frame to the next while playing, at least: while steps are run or drawn, none is begun."""

SPEEDS: tuple[int | None, ...] = (1, 2, 5, 10, 20, 50, 100, 500, 2_000, 10_000, 100_000, 1_000_000, None)
"""Steps a second to choose from; None is as fast as the machine can."""

_FASTEST_START = 10_000
_BUSY_SHARE = 0.4


class Player:
    """The speed, and the steps that are owed since the last frame.

    Attributes:
        playing: whether it plays.
    """

    def __init__(self) -> None:
        self.playing = False
        self._speed = SPEEDS.index(10)
        self._owed = 0.0
        self._slice = _FASTEST_START

    @property
    def words(self) -> str:
        """The speed for people."""
        speed = SPEEDS[self._speed]
        return "full speed" if speed is None else f"{speed:,} steps/s"

    def start(self) -> None:
        """Plays; the first step is due at once."""
        self.playing = True
        self._owed = 1.0

    def stop(self) -> None:
        """Pauses."""
        self.playing = False

    def change(self, by: int) -> None:
        """Chooses a faster or slower speed."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + by))
        self._owed = 0.0

    def due(self) -> int:
        """Steps to execute in the next frame."""
        speed = SPEEDS[self._speed]
        if speed is None:
            return self._slice
        self._owed += speed * FRAME
        steps = int(self._owed)
        self._owed -= steps
        return steps

    def took(self, seconds: float) -> None:
        """Learns how long a frame's steps took, so that full speed fills a frame and no more."""
        if SPEEDS[self._speed] is None and seconds > 0:
            factor = max(0.5, min(2.0, _BUSY_SHARE * FRAME / seconds))
            self._slice = max(1, int(self._slice * factor))
