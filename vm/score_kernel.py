"""The scorers of `vm.scoring` over whole evaluations."""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.jit import kernel
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


@kernel("void(int64,uint8[:,:,::1],int32[:,::1],uint8[:,::1],uint8[::1],int64[::1],int64[:,::1])")
def score(scorer: int, outputs: Any, lengths: Any, status: Any, wanted: Any, wanted_offsets: Any, errors: Any) -> None:
    """Writes the error of every program on every case, `int64[programs, cases]`."""
    per_missing = 9 if scorer == BITS else 256
    for program in range(len(outputs)):
        for case in range(outputs.shape[1]):
            begin = wanted_offsets[case]
            asked = wanted_offsets[case + 1] - begin
            length = np.int64(lengths[program, case])
            error = 0
            for index in range(min(asked, length)):
                error += byte_error(scorer, np.int64(outputs[program, case, index]), np.int64(wanted[begin + index]))
            error += per_missing * abs(asked - length)
            if scorer == EXACT:
                error = min(error, 1)
            ended = status[program, case] == FINISHED or status[program, case] == HALTED
            errors[program, case] = error + (0 if ended else 1)
