"""What the background of instructions and cells tells: how often each was used, or whether it was at all."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from gpdebug.tui.themes import HEAT_LEVELS, Palette


class Shading(Enum):
    """What it tells; the values are words for the screen and the settings file."""

    HEAT = "heat"
    COVERAGE = "coverage"
    OFF = "off"

    @property
    def next(self) -> Shading:
        """The one that follows, the first one after the last."""
        shadings = list(Shading)
        return shadings[(shadings.index(self) + 1) % len(shadings)]

    def styles(self, palette: Palette) -> tuple[Style, ...]:
        """A background for each level that `levels` gives."""
        return palette.coverage if self is Shading.COVERAGE else palette.heat

    def levels(self, counts: NDArray[np.int64], most: int | None = None) -> NDArray[np.uint8] | None:
        """A level for each count, 0 for what was never used; None where the background tells nothing.

        Args:
            counts: how often each was used.
            most: the largest of all counts, if these are only some; heat is relative to it, on a logarithmic scale.
        """
        if self is Shading.OFF:
            return None
        if self is Shading.COVERAGE:
            return (counts > 0).astype(np.uint8)
        return _heat(counts, int(counts.max(initial=0)) if most is None else most)


def _heat(counts: NDArray[np.int64], most: int) -> NDArray[np.uint8]:
    if most == 0:
        return np.zeros(len(counts), np.uint8)
    top = HEAT_LEVELS - 2
    share = np.log1p(counts) / np.log1p(most)
    return np.where(counts > 0, 1 + np.minimum(top, (share * (top + 1)).astype(np.int64)), 0).astype(np.uint8)
