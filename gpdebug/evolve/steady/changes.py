"""Mutations for texts, which change one byte of the output and leave those after it as they are.

In `+{9}.+{3}.-{2}.` a longer first run raises every byte that is written after it; if the second run is shorter by as
much (`trade`), only the first byte is another one. And `.{4}` is one token, so nothing could ever be put between its
writes but by taking it apart (`part`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.evolve.genome import ADD, MAX_COUNT, Language, Tokens
from gpdebug.evolve.mutation import Material, new_count, new_token, open_gap
from gpdebug.evolve.random import Stream, below
from vm.jit import kernel

_TRIES = 4
_FARTHEST = 3


@kernel(inline=True)
def _grow(token: int, amount: int, language: Language) -> Any:
    """A token that adds so much more; it may become what undoes its symbol, or an empty one."""
    count = (token & 255) + amount
    symbol: Any = token >> 8
    if count < 0:
        count, symbol = -count, np.int64(language.inverse[symbol])
    return symbol << 8 | min(count, MAX_COUNT)


@kernel(inline=True)
def trade(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Changes a run of `+ -` and one of the next three by opposite amounts. Needs `tidy`."""
    language = material.language
    for _ in range(_TRIES if size > 0 else 0):
        at = below(stream, size)
        token = np.int64(genome[at])
        if language.kinds[token >> 8] != ADD or language.inverse[token >> 8] < 0:
            continue
        amount: Any = 1 + below(stream, 3) if below(stream, 3) > 0 else new_count(token >> 8, material, stream)
        amount = amount if below(stream, 2) else -amount
        genome[at] = _grow(token, amount, language)
        skipped = below(stream, _FARTHEST)
        for other in range(at + 1, size):
            symbol = np.int64(genome[other]) >> 8
            if language.kinds[symbol] == ADD:
                if skipped == 0:
                    same = symbol == token >> 8
                    genome[other] = _grow(np.int64(genome[other]), -amount if same else amount, language)
                    break
                skipped -= 1
        break
    return size


@kernel(inline=True)
def part(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Takes a run apart: a new token comes between its pieces, or one and what undoes it around the middle piece."""
    for _ in range(_TRIES if size > 0 else 0):
        at = below(stream, size)
        token = np.int64(genome[at])
        symbol, count = token >> 8, token & 255
        if count < 2:
            continue
        new = new_token(material, stream)
        inverse = np.int64(material.language.inverse[new >> 8])
        undone = inverse >= 0 and below(stream, 2) == 0
        if open_gap(genome, size, at, 4 if undone else 2) == size:
            return size
        before = 1 + below(stream, count - 1)
        inside = 1 + below(stream, count - before) if undone else count - before
        genome[at], genome[at + 1], genome[at + 2] = symbol << 8 | before, new, symbol << 8 | inside
        if not undone:
            return size + 2
        genome[at + 3], genome[at + 4] = inverse << 8 | (new & 255), symbol << 8 | (count - before - inside)
        return size + 4
    return size
