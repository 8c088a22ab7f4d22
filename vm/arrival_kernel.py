"""What the compiled machine does at a moment where stops may be hit: `vm.stops.StopSet` in kernels."""

from __future__ import annotations

from typing import Any

from vm import stops, watch_layout
from vm.condition_kernel import condition_value
from vm.jit import kernel
from vm.layout import (
    ADD,
    CLOSE,
    COPY01,
    COPY10,
    HEAD0,
    HEAD1,
    LIMIT,
    NO_CELL,
    OLD_VALUE,
    OPEN,
    PC,
    READ,
    READ_CELL,
    RUNNING,
    SET,
    STASH,
    STATUS,
    STEPS,
    TOUCHED_STREAM,
    UNSTASH,
    WRITE,
    WRITTEN_CELL,
)  # fmt: skip
from vm.touch import Access

KIND, WHERE, CONDITION, RULE = watch_layout.KIND, watch_layout.WHERE, watch_layout.CONDITION, watch_layout.RULE
COUNT, AFTER, SIZE, HEAD, ACCESS = (
    watch_layout.COUNT, watch_layout.AFTER, watch_layout.SIZE, watch_layout.HEAD, watch_layout.ACCESS
)  # fmt: skip
AT_INSTRUCTION, ON_CELLS = watch_layout.AT_INSTRUCTION, watch_layout.ON_CELLS
ON_STREAM, NO_HEAD, NO_STOP = watch_layout.ON_STREAM, watch_layout.NO_HEAD, watch_layout.NO_STOP
NO_CONDITION, QUIET = watch_layout.NO_CONDITION, watch_layout.QUIET
HITS, FIRES, FIRED, VALUES = stops.HITS, stops.FIRES, stops.FIRED, stops.VALUES
LAST_HITS, LAST_FIRES, LAST_FIRED = stops.LAST_HITS, stops.LAST_FIRES, stops.LAST_FIRED
MODE, LAST_STEP, COLLECTED = stops.MODE, stops.LAST_STEP, stops.COLLECTED
PAUSE, COLLECT = int(stops.Mode.PAUSE), int(stops.Mode.COLLECT)
HIT_ALWAYS, HIT_EQUAL = int(stops.HitKind.ALWAYS), int(stops.HitKind.EQUAL)
HIT_AT_LEAST, HIT_EVERY = int(stops.HitKind.AT_LEAST), int(stops.HitKind.EVERY)
ACCESS_READ, ACCESS_WRITE, ACCESS_CHANGE = int(Access.READ), int(Access.WRITE), int(Access.CHANGE)
ACCESS_OUTPUT, ACCESS_INPUT = int(Access.OUTPUT), int(Access.INPUT)


@kernel(inline=True)
def note_touch(op: int, h0: int, h1: int, taken: bool, stored: bool, memory: Any, registers: Any) -> None:
    """Notes what an instruction is about to touch: `vm.touch.touch_of`."""
    registers[READ_CELL] = NO_CELL
    registers[WRITTEN_CELL] = NO_CELL
    registers[TOUCHED_STREAM] = 0
    if op in (ADD, COPY01, OPEN, CLOSE, WRITE, STASH):
        registers[READ_CELL] = h0
    elif op == COPY10:
        registers[READ_CELL] = h1
    if op == COPY01:
        registers[WRITTEN_CELL] = h1
    elif op in (ADD, SET, COPY10, UNSTASH) or (op == READ and stored):
        registers[WRITTEN_CELL] = h0
    if op == WRITE:
        registers[TOUCHED_STREAM] = ACCESS_OUTPUT
    elif op == READ and taken:
        registers[TOUCHED_STREAM] = ACCESS_INPUT
    if registers[WRITTEN_CELL] != NO_CELL:
        registers[OLD_VALUE] = memory[registers[WRITTEN_CELL]]


@kernel()
def covers(stop: Any, cell: int, cells: int, registers: Any) -> bool:
    """Whether a cell is one of those that a stop watches."""
    if cell == NO_CELL:
        return False
    distance = cell - stop[WHERE]
    if stop[HEAD] != NO_HEAD:
        distance -= registers[HEAD1] if stop[HEAD] else registers[HEAD0]
    distance %= cells
    return (distance + cells if distance < 0 else distance) < stop[SIZE]  # type: ignore[no-any-return]


@kernel()
def is_touched(stop: Any, memory: Any, registers: Any) -> bool:
    """Whether the step to this moment accessed the cells that a stop watches, in the way that it watches."""
    access, written = stop[ACCESS], registers[WRITTEN_CELL]
    if access & ACCESS_READ and covers(stop, registers[READ_CELL], len(memory), registers):
        return True
    if not covers(stop, written, len(memory), registers):
        return False
    changed = memory[written] != registers[OLD_VALUE]
    return access & ACCESS_WRITE != 0 or (access & ACCESS_CHANGE != 0 and changed)  # type: ignore[no-any-return]


@kernel()
def note_values(
    rows: Any, codes: Any, counts: Any, stack: Any, memory: Any, data: Any, output: Any, registers: Any, settings: Any
) -> None:
    """Notes the values of expressions where a run begins or goes on."""
    for index in range(len(rows)):
        if rows[index, KIND] > ON_STREAM:
            start = rows[index, WHERE]
            counts[VALUES, index] = condition_value(codes, start, 0, stack, memory, data, output, registers, settings)


@kernel(inline=True)
def arrive(
    rows: Any, codes: Any, counts: Any, steps: Any, stack: Any,
    memory: Any, data: Any, output: Any, registers: Any, settings: Any,
) -> bool:  # fmt: skip
    """Counts the hits of a moment that was just reached; whether the machine is to pause there."""
    any_fired = any_loud = False
    runs_on = registers[STATUS] == RUNNING and registers[STEPS] < settings[LIMIT]
    for index in range(len(rows)):
        counts[FIRED, index] = 0
        stop = rows[index]
        if stop[KIND] == AT_INSTRUCTION:
            if stop[WHERE] != registers[PC] or not runs_on:
                continue
        elif stop[KIND] == ON_CELLS:
            if not is_touched(stop, memory, registers):
                continue
        elif stop[KIND] == ON_STREAM:
            if stop[ACCESS] & registers[TOUCHED_STREAM] == 0:
                continue
        else:
            value = condition_value(codes, stop[WHERE], 0, stack, memory, data, output, registers, settings)
            if value == counts[VALUES, index]:
                continue
            counts[VALUES, index] = value
        if stop[AFTER] != NO_STOP and counts[FIRES, stop[AFTER]] == 0:
            continue
        hit = counts[HITS, index] + 1
        if stop[CONDITION] != NO_CONDITION:
            start = stop[CONDITION]
            if condition_value(codes, start, hit, stack, memory, data, output, registers, settings) == 0:
                continue
        counts[HITS, index] = hit
        rule, count = stop[RULE], stop[COUNT]
        allowed = rule == HIT_ALWAYS
        allowed |= rule == HIT_EQUAL and hit == count
        allowed |= rule == HIT_AT_LEAST and hit >= count
        allowed |= rule == HIT_EVERY and hit % count == 0
        counts[FIRED, index] = allowed
        any_fired |= allowed
        any_loud |= allowed and stop[QUIET] == 0
    registers[READ_CELL] = NO_CELL
    registers[WRITTEN_CELL] = NO_CELL
    registers[TOUCHED_STREAM] = 0
    if any_fired:
        for index in range(len(rows)):
            counts[FIRES, index] += counts[FIRED, index]
    return any_loud and fire(counts, steps, registers[STEPS])


@kernel(inline=True)
def fire(counts: Any, steps: Any, step: int) -> bool:
    """Takes note of stops that fired; whether the machine is to pause."""
    last = counts.shape[1] - 1
    for index in range(last):
        counts[LAST_HITS, index] = counts[HITS, index]
        counts[LAST_FIRES, index] = counts[FIRES, index]
        counts[LAST_FIRED, index] = counts[FIRED, index]
    counts[LAST_STEP, last] = step
    if counts[MODE, last] != COLLECT:
        return counts[MODE, last] == PAUSE  # type: ignore[no-any-return]
    steps[counts[COLLECTED, last]] = step
    counts[COLLECTED, last] += 1
    return counts[COLLECTED, last] == len(steps)  # type: ignore[no-any-return]
