"""Batch evaluation inside one kernel: every program of a range on every case."""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.condition_kernel import output_length
from vm.jit import kernel
from vm.kernels import run_living, run_plain
from vm.layout import (
    CLOSE,
    END,
    HEAD0,
    HEAD1,
    NO_PARTNER,
    NOP,
    OP_BITS,
    OPEN,
    OPERAND,
    OUT_COUNT,
    OUT_IS_STREAM,
    OUT_LENGTH,
    OUT_LIMIT,
    OUT_START,
    PC,
    STATUS,
    STEP_LIMIT,
    STEPS,
    UNMATCHED,
)  # fmt: skip

NO_LIMIT = 1 << 62
IN_AT, START_HEAD0, START_HEAD1, HEADS_FROM_TAPE, IS_STREAM, REJECTS, MOST_TIMEOUTS, LONGEST_MOVE = range(8)


@kernel()
def link(source: Any, first: int, last: int, decoded: Any, ignores: bool, words: Any, pending: Any) -> int:
    """Translates a program into words with bracket partners; returns how many brackets have none.

    Args:
        source: `uint8[total]`.
        first: where the program begins in it.
        last: where it ends.
        decoded: `int64[256]`, the word of each byte.
        ignores: a bracket without a partner becomes a `nop`.
        words: `int64[at least its length + 1]`, written.
        pending: `int64[at least its length]`, scratch.
    """
    depth = 0
    strays = 0
    for index in range(last - first):
        word = decoded[source[first + index]]
        op = word & OP_BITS
        if op == OPEN:
            pending[depth] = index
            depth += 1
        elif op == CLOSE:
            if depth > 0:
                depth -= 1
                partner = pending[depth]
                words[partner] = OPEN | index << OPERAND
                word = CLOSE | partner << OPERAND
            else:
                strays += 1
                word = NOP if ignores else CLOSE | NO_PARTNER << OPERAND
        words[index] = word
    for index in range(depth):
        words[pending[index]] = NOP if ignores else OPEN | NO_PARTNER << OPERAND
    words[last - first] = END
    return strays + depth


def _make_batch(*, living: bool) -> Any:
    """Builds the batch loop for programs apart from their memory, or for those that are it."""

    @kernel(
        "int64(uint8[::1],int64[::1],int64,int64,uint8[::1],int64[::1],int64[::1],int64[::1],int64[::1],int64,"
        "uint8[:,:,::1],int32[:,::1],int64[:,::1],uint8[:,::1])",
        name=f"batch {'self-modifying' if living else 'plain'}",
    )
    def batch(
        source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any,
        decoded: Any, settings: Any, start: Any, cells: int,
        outputs: Any, lengths: Any, steps: Any, status: Any,
    ) -> int:  # fmt: skip
        """Runs programs `first` to `last`; returns the index of one that must be rejected, or -1.

        Programs are `source` (`uint8[total]`) at `offsets`, inputs likewise; `start` is an `int64[7]`
        (`IN_AT` …). Results go to `outputs` (`uint8[programs, cases, width]`, all zero before),
        `lengths`, `steps` and `status` (`[programs, cases]`).
        """
        cases = len(input_offsets) - 1
        width = outputs.shape[2]
        longest = 0
        for program in range(first, last):
            longest = max(longest, offsets[program + 1] - offsets[program])
        linked = np.empty(longest + 1, np.int64)
        undecoded = np.zeros(cells + 1 if living else 1, np.int64)
        undecoded[-1] = END
        pending = np.empty(longest, np.int64)
        memory = np.empty(cells, np.uint8)
        output = np.empty(settings[OUT_LIMIT], np.uint8)
        registers = np.empty(8, np.int64)
        counted = (np.empty(0, np.int64), np.empty((0, 4), np.int64))
        watched = (
            np.empty((0, 10), np.int64), np.empty((0, 2), np.int64), np.empty((0, 0), np.int64),
            np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint8), np.empty((0, 0), np.int64),
        )  # fmt: skip
        for program in range(first, last):
            begin, end = offsets[program], offsets[program + 1]
            if not living or start[REJECTS]:
                strays = link(source, begin, end, decoded, settings[UNMATCHED] == 0, linked, pending)
                if strays > 0 and start[REJECTS]:
                    return program
            code = undecoded if living else linked[: end - begin + 1]
            timeouts = 0
            for case in range(cases):
                data = inputs[input_offsets[case] : input_offsets[case + 1]]
                memory[:] = 0
                if living:
                    memory[: end - begin] = source[begin:end]
                if not start[IS_STREAM]:
                    memory[start[IN_AT] : start[IN_AT] + len(data)] = data
                registers[:] = 0
                registers[HEAD0], registers[HEAD1] = start[START_HEAD0], start[START_HEAD1]
                if start[HEADS_FROM_TAPE]:
                    registers[HEAD0], registers[HEAD1] = memory[0] % cells, memory[min(1, cells - 1)] % cells
                    registers[PC] = 2
                arguments = (code, decoded, memory, data, output, registers, settings, NO_LIMIT, counted, watched)
                if living:
                    run_living(*arguments)
                else:
                    run_plain(*arguments)
                steps[program, case], status[program, case] = registers[STEPS], registers[STATUS]
                length = output_length(memory, settings, registers[OUT_COUNT])
                kept = min(length, width)
                if settings[OUT_LENGTH] == OUT_IS_STREAM:
                    outputs[program, case, :kept] = output[:kept]
                else:
                    outputs[program, case, :kept] = memory[settings[OUT_START] : settings[OUT_START] + kept]
                lengths[program, case] = length
                timeouts += registers[STATUS] == STEP_LIMIT
                if timeouts >= start[MOST_TIMEOUTS]:
                    break
        return -1

    return batch


batch_plain = _make_batch(living=False)
batch_living = _make_batch(living=True)
