"""The compiled machine: one run loop, built in four variants, and the loop around it that checks stops.

A kernel gets arrays and integers, writes into the arrays and returns an integer. `vm.layout` says what
the arrays hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.condition_kernel import condition_value
from vm.jit import borrowed, kernel
from vm.layout import (
    ADD,
    ARMED,
    BUDGET,
    CLOSE,
    COPY01,
    COPY10,
    EDGE,
    END,
    ENDED,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    FINISHED,
    HALT,
    HALTED,
    HEAD0,
    HEAD1,
    HIT_ALWAYS,
    HIT_AT_LEAST,
    HIT_EQUAL,
    HIT_EVERY,
    INPUT_EXHAUSTED,
    INPUT_POS,
    LIMIT,
    MOVE0,
    MOVE1,
    OP_BITS,
    OPEN,
    OPERAND,
    OUT_COUNT,
    OUT_LIMIT,
    OUT_OF_BOUNDS,
    OUTPUT_LIMIT,
    PC,
    READ,
    RUNNING,
    SET,
    SPARE,
    STASH,
    STATUS,
    STEP_LIMIT,
    STEPS,
    STOP,
    UNMATCHED,
    UNMATCHED_BRACKET,
    UNSTASH,
    WRITE,
)  # fmt: skip


@kernel()
def search_partner(memory: Any, decoded: Any, pc: int, unmatched: int) -> int:
    """Where a taken bracket goes in the memory as it is now: to its partner; without one, nowhere or -1: a fault."""
    here = decoded[memory[pc]] & OP_BITS
    opposite, towards = (CLOSE, 1) if here == OPEN else (OPEN, -1)
    depth, index = 0, pc
    while 0 <= index < len(memory):
        op = decoded[memory[index]] & OP_BITS
        if op == here:
            depth += 1
        elif op == opposite:
            depth -= 1
            if depth == 0:
                return index
        index += towards
    return -1 if unmatched else pc


@kernel()
def written_cell(op: int, h0: int, h1: int, reads: bool) -> int:
    """The cell that an instruction is about to write, or -1."""
    if op == COPY01:
        return h1
    if op in (ADD, SET, COPY10, UNSTASH) or (op == READ and reads):
        return h0
    return -1


def _make_run(*, living: bool, profiled: bool) -> Any:
    """Builds the run loop; what a variant does not need is not in its code.

    Args:
        living: the program is the memory: each byte is decoded when it is executed.
        profiled: executions and writes are counted.
    """

    @kernel(
        "int64(int64[::1],int64[::1],uint8[::1],uint8[::1],uint8[::1],int64[::1],int64[::1],int64,boolean,"
        "int64[::1],int64[:,::1])",
        name=f"{'profile' if profiled else 'run'} {'self-modifying' if living else 'plain'}",
    )
    def run(
        code: Any, decoded: Any, memory: Any, data: Any, output: Any, registers: Any, settings: Any,
        budget: int, skip_first: bool, executions: Any, written_cells: Any,
    ) -> int:  # fmt: skip
        """Runs until the end, an armed instruction, or `budget` steps.

        Args:
            code: `int64[program_length + 1]`, the program's words.
            decoded: `int64[256]`, the word of each byte.
            memory: `uint8[memory]`.
            data: the input.
            output: `uint8[out_limit]`, what `write` appends to.
            registers: `int64[8]`, the state, read and written back.
            settings: `int64[7]`.
            budget: the most steps to make.
            skip_first: execute the first instruction even if it is armed.
            executions: `int64[program_length]`, counted if profiled.
            written_cells: `int64[memory, 3]`, if profiled: step and instruction of each cell's last write,
                and how often it was written.

        Returns:
            A `Pause`; `STOP` at an armed instruction, which is not executed.
        """
        edge, eof, out_limit = settings[EDGE], settings[EOF], settings[OUT_LIMIT]
        pc, h0, h1 = registers[PC], registers[HEAD0], registers[HEAD1]
        at, spare, written = registers[INPUT_POS], registers[SPARE], registers[OUT_COUNT]
        status, pause = registers[STATUS], ENDED
        cells = len(memory)
        until = registers[STEPS] + budget
        bound = min(settings[LIMIT], until)
        left = bound - registers[STEPS]
        word = code[min(pc, len(code) - 1)]
        if skip_first:
            word &= ~ARMED
        while status == RUNNING:
            if living and word != END:
                word |= decoded[memory[uintp(pc)]]
            op = word & OP_BITS
            if left <= 0:
                if bound == until:
                    pause = BUDGET
                else:
                    status = FINISHED if op == END else STEP_LIMIT
                break
            if profiled and op < END:
                executions[uintp(pc)] += 1
                cell = written_cell(op, h0, h1, at < len(data) or eof == EOF_ZERO)
                if cell >= 0:
                    written_cells[uintp(cell), 0] = bound - left
                    written_cells[uintp(cell), 1] = pc
                    written_cells[uintp(cell), 2] += 1
            if op == MOVE0:
                to = h0 + (word >> OPERAND)
                if uintp(to) < uintp(cells):
                    h0 = to
                elif edge == 0:
                    h0 = to - cells
                else:
                    status = OUT_OF_BOUNDS
            elif op == ADD:
                memory[uintp(h0)] += np.uint8(word >> OPERAND)
            elif op == OPEN:
                if memory[uintp(h0)] == 0:
                    target = search_partner(memory, decoded, pc, settings[UNMATCHED]) if living else word >> OPERAND
                    if target < 0:
                        status = UNMATCHED_BRACKET
                    else:
                        pc = target
            elif op == CLOSE:
                if memory[uintp(h0)] != 0:
                    target = search_partner(memory, decoded, pc, settings[UNMATCHED]) if living else word >> OPERAND
                    if target < 0:
                        status = UNMATCHED_BRACKET
                    else:
                        pc = target
            elif op == MOVE1:
                to = h1 + (word >> OPERAND)
                if uintp(to) < uintp(cells):
                    h1 = to
                elif edge == 0:
                    h1 = to - cells
                else:
                    status = OUT_OF_BOUNDS
            elif op == COPY01:
                memory[uintp(h1)] = memory[uintp(h0)]
            elif op == COPY10:
                memory[uintp(h0)] = memory[uintp(h1)]
            elif op == SET:
                memory[uintp(h0)] = np.uint8(word >> OPERAND)
            elif op == READ:
                if at < len(data):
                    memory[uintp(h0)] = data[uintp(at)]
                    at += 1
                elif eof == EOF_ZERO:
                    memory[uintp(h0)] = 0
                elif eof == EOF_HALT:
                    status = INPUT_EXHAUSTED
            elif op == WRITE:
                if written < out_limit:
                    output[uintp(written)] = memory[uintp(h0)]
                    written += 1
                else:
                    status = OUTPUT_LIMIT
            elif op == STASH:
                spare = np.int64(memory[uintp(h0)])
            elif op == UNSTASH:
                memory[uintp(h0)] = np.uint8(spare)
            elif op == HALT:
                status = HALTED
            elif op == END:
                status = FINISHED
            elif op >= ARMED:
                pause = STOP
            if pause == STOP or (status != RUNNING and status != HALTED):
                break
            pc += 1
            left -= 1
            word = code[uintp(pc)]
        if profiled and status > HALTED:
            executions[uintp(pc)] -= 1
        registers[PC], registers[HEAD0], registers[HEAD1] = pc, h0, h1
        registers[INPUT_POS], registers[SPARE], registers[OUT_COUNT] = at, spare, written
        registers[STEPS], registers[STATUS] = bound - left, status
        return pause

    return run


run_plain = _make_run(living=False, profiled=False)
run_living = _make_run(living=True, profiled=False)
profile_plain = _make_run(living=False, profiled=True)
profile_living = _make_run(living=True, profiled=True)


@kernel()
def arrive(
    stops: Any, conditions: Any, hits: Any, fired: Any, stack: Any,
    memory: Any, data: Any, output: Any, registers: Any, settings: Any,
) -> bool:  # fmt: skip
    """Counts the hits of the stops at pc, condition first; whether one fired that pauses."""
    any_fired = False
    for index in range(len(stops)):
        fired[index] = 0
        if stops[index, 0] != registers[PC]:
            continue
        hit = hits[index] + 1
        if condition_value(conditions, stops[index, 1], hit, stack, memory, data, output, registers, settings) == 0:
            continue
        hits[index] = hit
        rule, count = stops[index, 2], stops[index, 3]
        allowed = rule == HIT_ALWAYS
        allowed |= rule == HIT_EQUAL and hit == count
        allowed |= rule == HIT_AT_LEAST and hit >= count
        allowed |= rule == HIT_EVERY and hit % count == 0
        fired[index] = allowed
        any_fired |= allowed
    return any_fired and fired[len(stops)] != 0


@kernel(
    "int64(int64[::1],int64[::1],uint8[::1],uint8[::1],uint8[::1],int64[::1],int64[::1],int64,boolean,"
    "int64[::1],int64[:,::1],boolean,int64[:,::1],int64[:,::1],int64[::1],uint8[::1],int64[::1])"
)
def run_until(
    code: Any, decoded: Any, memory: Any, data: Any, output: Any, registers: Any, settings: Any,
    budget: int, skip_first: bool, executions: Any, written_cells: Any,
    living: bool, stops: Any, conditions: Any, hits: Any, fired: Any, stack: Any,
) -> int:  # fmt: skip
    """Runs until the end, a stop that fires, or `budget` steps.

    The first eleven arguments are those of the run loop, `code` armed where the stops are. Then: whether
    the program is its memory; `stops` as `int64[stops, 4]` (instruction, start of its condition, hit
    rule, hit count); `conditions`, the code of all of them, `int64[operations, 2]`; `hits`,
    `int64[stops]`, counted here; `fired`, `uint8[stops + 1]`, which stops fired, and in its last place 1
    if one that fires is to pause the run; `stack`, `int64[MAX_DEPTH]`, scratch of the conditions.
    """
    code, decoded, memory, data = borrowed(code), borrowed(decoded), borrowed(memory), borrowed(data)
    output, registers, settings = borrowed(output), borrowed(registers), borrowed(settings)
    executions, written_cells = borrowed(executions), borrowed(written_cells)
    stops, conditions, hits, fired = borrowed(stops), borrowed(conditions), borrowed(hits), borrowed(fired)
    stack = borrowed(stack)
    until = registers[STEPS] + budget
    while True:
        budget = until - registers[STEPS]
        if living:
            pause = run_living(
                code, decoded, memory, data, output, registers, settings, budget, skip_first, executions, written_cells
            )
        else:
            pause = run_plain(
                code, decoded, memory, data, output, registers, settings, budget, skip_first, executions, written_cells
            )
        if pause != STOP:
            return pause  # type: ignore[no-any-return]
        if arrive(stops, conditions, hits, fired, stack, memory, data, output, registers, settings):
            return STOP
        skip_first = True
