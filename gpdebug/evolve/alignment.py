"""How much of an output is in order: what of the wanted bytes it holds, and what else, wherever that stands.

A program that writes one byte too many has all bytes after it in the wrong place, and counted byte by byte it is no
better than one that writes anything. So each case has three more objectives, by the longest common subsequence (LCS) of
the output and what is wanted: wanted bytes that are not in it, bytes of the output that are not in it, and both
together. Who stops in time has none of the second kind, who repeats a line without end none of the first; of those who
do something of either, who repeats it the right number of times has the least of the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from vm.jit import kernel
from vm.lanes import count_lanes as count_bits

OBJECTIVES = 3
"""Of each case."""
WORD = 64
_PRIME = np.uint64(0x100000001B3)
"""Fowler, Noll, Vo: FNV-1a."""


def places_of(outputs: Sequence[bytes]) -> NDArray[np.uint64]:
    """Where each byte is in each wanted output: bits `uint64[cases, 256, words]`."""
    words = (max(map(len, outputs), default=0) + WORD - 1) // WORD
    places = np.zeros((len(outputs), 256, max(words, 1)), np.uint64)
    for case, output in enumerate(outputs):
        for place, byte in enumerate(output):
            places[case, byte, place // WORD] |= np.uint64(1 << place % WORD)
    return places


@kernel()
def in_order(
    got: NDArray[np.uint8], length: int, places: NDArray[np.uint64], words: int, carries: NDArray[np.uint64]
) -> Any:
    """The length of the longest common subsequence, 64 places at a time.

    Hyyrö: Bit-parallel LCS-length computation revisited, AWOCA 2004. What both begin with needs no computation: each of
    its bytes is in order, and of nothing else is it known yet.

    Args:
        got: `uint8[at least length]`.
        length: bytes of it.
        places: `uint64[256, at least words]`.
        words: so many as have wanted bytes.
        carries: `uint64[at least length]`, to work in: what each byte carries over to the next word.
    """
    alike = 0
    while alike < length and alike < WORD * words:
        if places[uintp(got[uintp(alike)]), uintp(alike // WORD)] >> np.uint64(alike % WORD) & np.uint64(1) == 0:
            break
        alike += 1
    carries[alike:length] = 0
    common = alike // WORD * WORD
    state = ~np.uint64(0) << np.uint64(alike % WORD)
    for word in range(alike // WORD, words):
        for index in range(alike, length):
            here = places[uintp(got[uintp(index)]), uintp(word)]
            match, carry = state & here, carries[uintp(index)]
            total = state + match
            carried = total + carry
            carries[uintp(index)] = np.uint64(total < match) | np.uint64(carried < carry)
            state = carried | (state & ~here)
        common += count_bits(np.int64(~state))
        state = ~np.uint64(0)
    return common


@kernel()
def align(
    outputs: NDArray[np.uint8],
    lengths: NDArray[np.int32],
    wanted: NDArray[np.int64],
    places: NDArray[np.uint64],
    objectives: NDArray[np.int16],
    behaviours: NDArray[np.uint64],
) -> None:
    """Measures outputs.

    Args:
        outputs: `uint8[programs, cases, width]`, of which `lengths` `int32[programs, cases]` bytes were written.
        lengths: see above.
        wanted: `int64[cases]`, lengths of the wanted outputs.
        places: of `places_of`.
        objectives: `int16[programs, OBJECTIVES * cases]`, filled: for each case wanted bytes that are not there in
            order, bytes that are there besides, as far as the width lets them be seen, and their sum.
        behaviours: `uint64[programs]`, hashes to which these are added.
    """
    carries = np.empty(outputs.shape[2], np.uint64)
    for program in range(outputs.shape[0]):
        for case in range(outputs.shape[1]):
            length = min(np.int64(lengths[program, case]), outputs.shape[2])
            words = (wanted[case] + WORD - 1) // WORD
            common = in_order(outputs[program, case], length, places[case], words, carries)
            missing, besides = wanted[case] - common, length - common
            objectives[program, OBJECTIVES * case] = missing
            objectives[program, OBJECTIVES * case + 1] = besides
            objectives[program, OBJECTIVES * case + 2] = missing + besides
            behaviours[program] = (behaviours[program] ^ np.uint64(missing << 16 | besides)) * _PRIME
