"""Whole numbers as users write them, everywhere by the same rules."""

from __future__ import annotations

import re

LARGEST = 1 << 62
"""What larger numbers are taken for: no run has so many steps, no program so many instructions."""

_DIGITS = len(str(LARGEST))


def whole_number(text: str) -> int:
    """The value of `1204`, `1,204`, `1_204`, `0012` or `0x4b4`.

    Args:
        text: digits, as a pattern has found them; anything else is no affair of the user's.
    """
    digits = re.sub("[,_]", "", text.strip())
    if digits[:2] in ("0x", "0X"):
        return min(int(digits, 16), LARGEST)
    digits = digits.lstrip("0") or "0"
    return LARGEST if len(digits) > _DIGITS else min(int(digits), LARGEST)
