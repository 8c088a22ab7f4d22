"""The compiled machine: one run loop, built in variants that each have in them only what they need.

A kernel gets arrays and integers, writes into the arrays and returns an integer. `vm.layout` and
`vm.watch_layout` say what the arrays hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.arrival_kernel import arrive, note_touch, note_values
from vm.jit import borrowed, kernel
from vm.layout import (
    ADD,
    ARMED,
    BUDGET,
    CHANGES,
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
    READS,
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
    WRITE_AT,
    WRITE_STEP,
    WRITES,
)  # fmt: skip

_ENTRY = (
    "int64(int64[::1],int64[::1],uint8[::1],uint8[::1],uint8[::1],int64[::1],int64[::1],int64,"
    "Tuple((int64[::1],int64[:,::1])),"
    "Tuple((int64[:,::1],int64[:,::1],int64[:,::1],int64[::1],int64[::1],uint8[::1],int64[:,::1])))"
)


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
def count_accesses(
    op: int, operand: int, h0: int, h1: int, incoming: int, spare: int, memory: Any, pc: int, step: int, cells: Any
) -> None:
    """Counts what an instruction is about to read, write and change.

    Args:
        op: its primitive.
        operand: its argument.
        h0: where head0 is.
        h1: where head1 is.
        incoming: what a read of the input is going to store, or -1.
        spare: the spare register.
        memory: `uint8[memory]`, before it.
        pc: which instruction it is.
        step: the step before it.
        cells: `int64[memory, 5]`: see `vm.layout`.
    """
    if op in (ADD, COPY01, OPEN, CLOSE, WRITE, STASH):
        cells[uintp(h0), READS] += 1
    elif op == COPY10:
        cells[uintp(h1), READS] += 1
    written = h0
    value: Any = -1
    if op == COPY01:
        written, value = h1, np.int64(memory[uintp(h0)])
    elif op == ADD:
        value = (memory[uintp(h0)] + operand) & 255
    elif op == SET:
        value = operand
    elif op == COPY10:
        value = np.int64(memory[uintp(h1)])
    elif op == READ:
        value = incoming
    elif op == UNSTASH:
        value = spare
    if value >= 0:
        cells[uintp(written), WRITE_STEP] = step
        cells[uintp(written), WRITE_AT] = pc
        cells[uintp(written), WRITES] += 1
        cells[uintp(written), CHANGES] += memory[uintp(written)] != value


def _make_run(
    name: str,
    *,
    living: bool,
    profiled: bool = False,
    traced: bool = False,
    stopping: bool = False,
    watching: bool = False,
) -> Any:
    """Builds the run loop; what a variant does not need is not in its code.

    Args:
        name: what `warm_up` calls it.
        living: the program is the memory: each byte is decoded when it is executed.
        profiled: executions, reads and writes are counted.
        traced: each moment is written down.
        stopping: moments where instructions are armed are looked at for stops.
        watching: so are moments after steps that do what is watched.
    """

    @kernel(_ENTRY, name=f"{name} {'self-modifying' if living else 'plain'}")
    def run(
        code: Any, decoded: Any, memory: Any, data: Any, output: Any, registers: Any, settings: Any, budget: int,
        counted: Any, watched: Any,
    ) -> int:  # fmt: skip
        """Runs until the end, a stop, or `budget` steps.

        Args:
            code: `int64[program_length + 1]`, the program's words, armed where stops are.
            decoded: `int64[256]`, the word of each byte.
            memory: `uint8[memory]`.
            data: the input.
            output: `uint8[out_limit]`, what `write` appends to.
            registers: `int64[12]`, the state, read and written back.
            settings: `int64[7]`.
            budget: the most steps to make.
            counted: `int64[program_length]` and `int64[memory, 5]`, if profiled: executions, and step and
                instruction of each cell's last write, how often it was written, read and changed.
            watched: the stops: `rows`, `codes` (see `vm.watch_layout`), `counts`, `steps` (see
                `vm.stops.StopSet`), `stack`, `mask` and `traps`.

        Returns:
            A `Pause`.
        """
        executions, accesses = counted
        rows, codes, counts, steps, stack, mask, traps = watched
        if stopping:
            decoded, memory, data, output = borrowed(decoded), borrowed(memory), borrowed(data), borrowed(output)
            registers, settings = borrowed(registers), borrowed(settings)
            rows, codes, counts = borrowed(rows), borrowed(codes), borrowed(counts)
            steps, stack, mask, traps = borrowed(steps), borrowed(stack), borrowed(mask), borrowed(traps)
        if profiled or traced:
            accesses = borrowed(accesses)
        edge, eof, out_limit = settings[EDGE], settings[EOF], settings[OUT_LIMIT]
        pc, h0, h1 = registers[PC], registers[HEAD0], registers[HEAD1]
        at, spare, written = registers[INPUT_POS], registers[SPARE], registers[OUT_COUNT]
        status, pause = registers[STATUS], ENDED
        cells = len(memory)
        began = registers[STEPS]
        until = began + budget
        bound = min(settings[LIMIT], until)
        left = bound - began
        word = code[min(pc, len(code) - 1)] & ~ARMED
        if watching:
            note_values(rows, codes, counts, stack, memory, data, output, registers, settings)
        while True:
            if living and word & ~ARMED != END:
                word |= decoded[memory[uintp(pc)]]
            op = word & OP_BITS
            if (left <= 0 or status != RUNNING) and not (stopping and op >= ARMED):
                if status == RUNNING:
                    if bound == until:
                        pause = BUDGET
                    else:
                        status = FINISHED if op == END else STEP_LIMIT
                break
            if traced and op < END:
                row = bound - left - began
                accesses[uintp(row), 0] = pc | np.int64(memory[uintp(h0)]) << 32 | np.int64(memory[uintp(h1)]) << 40
                accesses[uintp(row), 1] = h0 | h1 << 24 | spare << 48
                accesses[uintp(row), 2] = at | written << 32
            if profiled and op < END:
                executions[uintp(pc)] += 1
                incoming = np.int64(data[uintp(at)]) if at < len(data) else 0 if eof == EOF_ZERO else -1
                count_accesses(
                    op, word >> OPERAND, h0, h1, incoming, spare, memory, pc, bound - left, accesses
                )  # fmt: skip
            trapped = False
            if watching:
                seen = (mask[uintp(h0)] & traps[0, uintp(op)]) | (mask[uintp(h1)] & traps[1, uintp(op)])
                trapped = (seen | traps[2, uintp(op)]) != 0
                if trapped and (seen | traps[3, uintp(op)]) != 0:
                    note_touch(op, h0, h1, at < len(data), at < len(data) or eof == EOF_ZERO, memory, registers)
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
            elif stopping and op >= ARMED:
                registers[PC], registers[HEAD0], registers[HEAD1] = pc, h0, h1
                registers[INPUT_POS], registers[SPARE], registers[OUT_COUNT] = at, spare, written
                registers[STEPS], registers[STATUS] = bound - left, status
                if arrive(rows, codes, counts, steps, stack, memory, data, output, registers, settings):
                    pause = STOP
                    break
                word &= ~ARMED
                continue
            if status != RUNNING and status != HALTED:
                break
            pc += 1
            left -= 1
            word = code[uintp(pc)]
            if watching and trapped:
                word |= ARMED
        if profiled and status > HALTED:
            executions[uintp(pc)] -= 1
        registers[PC], registers[HEAD0], registers[HEAD1] = pc, h0, h1
        registers[INPUT_POS], registers[SPARE], registers[OUT_COUNT] = at, spare, written
        registers[STEPS], registers[STATUS] = bound - left, status
        return pause

    return run


run_plain = _make_run("run", living=False)
run_living = _make_run("run", living=True)
profile_plain = _make_run("profile", living=False, profiled=True)
profile_living = _make_run("profile", living=True, profiled=True)
trace_plain = _make_run("trace", living=False, traced=True)
trace_living = _make_run("trace", living=True, traced=True)
stop_plain = _make_run("run with breakpoints", living=False, stopping=True)
stop_living = _make_run("run with breakpoints", living=True, stopping=True)
watch_plain = _make_run("run with watchpoints", living=False, stopping=True, watching=True)
watch_living = _make_run("run with watchpoints", living=True, stopping=True, watching=True)
