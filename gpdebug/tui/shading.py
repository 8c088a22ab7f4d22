"""What the background of instructions and cells tells: how often each was used, whether at all, what it is good for."""

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
    KNOCK_OUTS = "knock-outs"
    ROBUSTNESS = "robustness"
    OFF = "off"

    @property
    def next(self) -> Shading:
        """The one that follows, the first one after the last."""
        shadings = list(Shading)
        return shadings[(shadings.index(self) + 1) % len(shadings)]

    @property
    def is_scan(self) -> bool:
        """Whether it is found by running the program changed; it tells nothing of cells."""
        return self in (Shading.KNOCK_OUTS, Shading.ROBUSTNESS)

    def styles(self, palette: Palette) -> tuple[Style, ...]:
        """A background for each level that `levels` gives, or the levels of a scan."""
        if self is Shading.KNOCK_OUTS:
            return palette.effects
        return palette.coverage if self is Shading.COVERAGE else palette.heat

    def levels(self, counts: NDArray[np.int64], most: int | None = None) -> NDArray[np.uint8] | None:
        """A level for each count, 0 for what was never used; None where the background tells nothing.

        Args:
            counts: how often each was used.
            most: the largest of all counts, if these are only some; heat is relative to it, on a logarithmic scale.
        """
        if self is Shading.OFF or self.is_scan:
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


def fragility_levels(neutral: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A level of heat for each instruction: the fewer of its mutations are neutral, the hotter it is; never 0.

    Args:
        neutral: the share of its mutations that are; NaN of none.
    """
    fragile = 1 - np.nan_to_num(neutral, nan=1.0)
    levels: NDArray[np.uint8] = np.clip(1 + np.rint(fragile * (HEAT_LEVELS - 2)), 1, HEAT_LEVELS - 1).astype(np.uint8)
    return levels
