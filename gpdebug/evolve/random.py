"""Random numbers from a counter: splitmix64, one stream for each (seed, island, generation, individual).

Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014. A stream is keyed by what it
is for, so a result depends neither on threads nor on where a run was interrupted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.jit import kernel

Stream = NDArray[np.uint64]
"""`uint64[1]`: the counter of one stream; kernels advance it in place."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


@kernel(inline=True)
def mix(value: np.uint64) -> Any:
    """The finaliser of splitmix64: a bijection of 64 bits."""
    value = (value ^ (value >> _S30)) * _MIX1
    value = (value ^ (value >> _S27)) * _MIX2
    return value ^ (value >> _S31)


@kernel(inline=True)
def seek(stream: Stream, seed: int, island: int, generation: int, individual: int) -> None:
    """Puts a stream at the start of what belongs to a key."""
    value = mix(np.uint64(seed) + _GOLDEN)
    value = mix(value ^ (np.uint64(island) + _GOLDEN))
    value = mix(value ^ (np.uint64(generation) + _GOLDEN))
    stream[0] = mix(value ^ (np.uint64(individual) + _GOLDEN))


@kernel(inline=True)
def draw(stream: Stream) -> Any:
    """The next 64 random bits."""
    stream[0] += _GOLDEN
    return mix(stream[0])


@kernel(inline=True)
def below(stream: Stream, bound: int) -> Any:
    """A random whole number from 0 to `bound` - 1, `bound` up to 2^31 (Lemire's multiplication, bias < 2^-32)."""
    return np.int64(((draw(stream) >> _S32) * np.uint64(bound)) >> _S32)
