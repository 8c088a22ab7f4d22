"""The compiled evaluator of conditions: the postfix code of `vm.conditions` inside the run loop."""

from __future__ import annotations

from typing import Any

from vm import layout, watch_layout
from vm.conditions import Op
from vm.jit import kernel

CODE_END, NO_CONDITION = watch_layout.CODE_END, watch_layout.NO_CONDITION
WITH_CONSTANT, MEMORY_AT = watch_layout.WITH_CONSTANT, watch_layout.MEMORY_AT
OUT_IS_STREAM, OUT_TO_ZERO = layout.OUT_IS_STREAM, layout.OUT_TO_ZERO
OUT_START, OUT_SETTING = layout.OUT_START, layout.OUT_LENGTH
REGISTER_PC, REGISTER_STEPS, REGISTER_WRITTEN = layout.PC, layout.STEPS, layout.OUT_COUNT
REGISTER_HEAD0, REGISTER_HEAD1 = layout.HEAD0, layout.HEAD1

CONSTANT, PC, STEP, HEAD0, HEAD1 = int(Op.CONSTANT), int(Op.PC), int(Op.STEP), int(Op.HEAD0), int(Op.HEAD1)
CELL0, CELL1, HITS = int(Op.CELL0), int(Op.CELL1), int(Op.HITS)
OUT_LENGTH, IN_LENGTH = int(Op.OUT_LENGTH), int(Op.IN_LENGTH)
MEMORY, INPUT, OUTPUT = int(Op.MEMORY), int(Op.INPUT), int(Op.OUTPUT)
NEGATE, INVERT, NOT = int(Op.NEGATE), int(Op.INVERT), int(Op.NOT)
OR, AND = int(Op.OR), int(Op.AND)
EQUAL, UNEQUAL, LESS = int(Op.EQUAL), int(Op.UNEQUAL), int(Op.LESS)
AT_MOST, GREATER, AT_LEAST = int(Op.AT_MOST), int(Op.GREATER), int(Op.AT_LEAST)
BIT_OR, BIT_XOR, BIT_AND = int(Op.BIT_OR), int(Op.BIT_XOR), int(Op.BIT_AND)
SHIFT_LEFT, SHIFT_RIGHT = int(Op.SHIFT_LEFT), int(Op.SHIFT_RIGHT)
ADD, SUBTRACT, MULTIPLY = int(Op.ADD), int(Op.SUBTRACT), int(Op.MULTIPLY)
DIVIDE, REMAINDER = int(Op.DIVIDE), int(Op.REMAINDER)


@kernel()
def output_length(memory: Any, settings: Any, written: int) -> int:
    """How many bytes the output has now."""
    if settings[OUT_SETTING] == OUT_IS_STREAM:
        return written
    if settings[OUT_SETTING] != OUT_TO_ZERO:
        return settings[OUT_SETTING]  # type: ignore[no-any-return]
    end = settings[OUT_START]
    while end < len(memory) and memory[end] != 0:
        end += 1
    return end - settings[OUT_START]  # type: ignore[no-any-return]


@kernel()
def byte_at(array: Any, index: int, length: int) -> int:
    """A byte, or -1 where there is none."""
    return int(array[index]) if 0 <= index < length else -1


@kernel()
def binary(op: int, left: int, right: int) -> int:
    """Applies an operator to two values; 64 bits, wrapping."""
    if op == EQUAL:
        return left == right
    if op == LESS:
        return left < right
    if op == GREATER:
        return left > right
    if op == AND:
        return left != 0 and right != 0
    if op == OR:
        return left != 0 or right != 0
    if op == UNEQUAL:
        return left != right
    if op == AT_MOST:
        return left <= right
    if op == AT_LEAST:
        return left >= right
    if op == ADD:
        return left + right
    if op == SUBTRACT:
        return left - right
    if op == MULTIPLY:
        return left * right
    if op == DIVIDE:
        return -left if right == -1 else (left // right if right != 0 else 0)
    if op == REMAINDER:
        return left % right if right != 0 and right != -1 else 0
    if op == BIT_AND:
        return left & right
    if op == BIT_OR:
        return left | right
    if op == BIT_XOR:
        return left ^ right
    if right < 0 or right > 63:
        return 0
    return left << right if op == SHIFT_LEFT else left >> right


@kernel(inline=True)
def condition_value(
    codes: Any, start: int, hits: int, stack: Any, memory: Any, data: Any, output: Any, registers: Any, settings: Any
) -> int:
    """Value of the condition whose code begins at row `start`, as `vm.watch_layout` packs it; 1 if there is none.

    `stack` is `int64[MAX_DEPTH]`.
    """
    if start == NO_CONDITION:
        return 1
    top = -1
    row = start
    while codes[row, 0] != CODE_END:
        op = codes[row, 0]
        if op >= WITH_CONSTANT:
            stack[top] = binary(op - WITH_CONSTANT, stack[top], codes[row, 1])
        elif op == MEMORY_AT:
            top += 1
            stack[top] = byte_at(memory, codes[row, 1], len(memory))
        elif op >= OR:
            top -= 1
            stack[top] = binary(op, stack[top], stack[top + 1])
        elif op == NEGATE:
            stack[top] = -stack[top]
        elif op == INVERT:
            stack[top] = ~stack[top]
        elif op == NOT:
            stack[top] = stack[top] == 0
        elif op == MEMORY:
            stack[top] = byte_at(memory, stack[top], len(memory))
        elif op == INPUT:
            stack[top] = byte_at(data, stack[top], len(data))
        elif op == OUTPUT:
            length = output_length(memory, settings, registers[REGISTER_WRITTEN])
            if settings[OUT_SETTING] == OUT_IS_STREAM:
                stack[top] = byte_at(output, stack[top], length)
            elif 0 <= stack[top] < length:
                stack[top] = memory[settings[OUT_START] + stack[top]]
            else:
                stack[top] = -1
        else:
            top += 1
            if op == CONSTANT:
                stack[top] = codes[row, 1]
            elif op == PC:
                stack[top] = registers[REGISTER_PC]
            elif op == STEP:
                stack[top] = registers[REGISTER_STEPS]
            elif op == HEAD0:
                stack[top] = registers[REGISTER_HEAD0]
            elif op == HEAD1:
                stack[top] = registers[REGISTER_HEAD1]
            elif op == CELL0:
                stack[top] = memory[registers[REGISTER_HEAD0]]
            elif op == CELL1:
                stack[top] = memory[registers[REGISTER_HEAD1]]
            elif op == HITS:
                stack[top] = hits
            elif op == IN_LENGTH:
                stack[top] = len(data)
            elif op == OUT_LENGTH:
                stack[top] = output_length(memory, settings, registers[REGISTER_WRITTEN])
        row += 1
    return stack[0]  # type: ignore[no-any-return]
