"""The scorers of `vm.scoring` over whole evaluations."""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.jit import borrowed, kernel
from vm.layout import FINISHED, HALTED

BYTES, CIRCULAR, BITS, EXACT = range(4)


@kernel()
def byte_error(scorer: int, got: int, wanted: int) -> int:
    """The error of one byte that is there."""
    if scorer == BITS:
        bits = 0
        difference = got ^ wanted
        while difference != 0:
            difference &= difference - 1
            bits += 1
        return bits
    distance = abs(got - wanted)
    return min(distance, 256 - distance) if scorer == CIRCULAR else distance


@kernel()
def run_error(scorer: int, got: Any, at: int, length: int, status: int, wanted: Any, begin: int, asked: int) -> int:
    """The error of one run: `vm.scoring.case_error`, compiled.

    Args:
        scorer: the measure.
        got: `uint8[...]`, which holds the output from `at` on, at least as much of it as is asked for.
        at: see `got`.
        length: of the whole output.
        status: how the run ended.
        wanted: `uint8[...]`, which holds the wanted output from `begin` on.
        begin: see `wanted`.
        asked: its length.
    """
    error: Any = 0
    for index in range(min(asked, length)):
        error += byte_error(scorer, np.int64(got[at + index]), np.int64(wanted[begin + index]))
    error += (9 if scorer == BITS else 256) * abs(asked - length)
    if scorer == EXACT:
        error = min(error, 1)
    return error if status in (FINISHED, HALTED) else error + 1  # type: ignore[no-any-return]


@kernel("void(int64,uint8[:,:,::1],int32[:,::1],uint8[:,::1],uint8[::1],int64[::1],int64[:,::1])")
def score(scorer: int, outputs: Any, lengths: Any, status: Any, wanted: Any, wanted_offsets: Any, errors: Any) -> None:
    """Writes the error of every program on every case, `int64[programs, cases]`."""
    wanted = borrowed(wanted)
    for program in range(len(outputs)):
        for case in range(outputs.shape[1]):
            begin = wanted_offsets[case]
            errors[program, case] = run_error(
                scorer, borrowed(outputs[program, case]), 0, np.int64(lengths[program, case]),
                np.int64(status[program, case]), wanted, begin, wanted_offsets[case + 1] - begin,
            )  # fmt: skip
