"""A run that keeps to the path that was recorded while values in it are changed: compiled."""

from __future__ import annotations

from typing import Any

from vm.jit import kernel
from vm.layout import (
    ADD,
    COPY01,
    COPY10,
    EOF_ZERO,
    NOP,
    OP_BITS,
    OPERAND,
    READ,
    SET,
    STASH,
    UNSTASH,
    WRITE,
)  # fmt: skip

CELL, SPARE, INPUT, HEAD0, HEAD1, CODE, BLANK = range(7)
"""What a row of the changes is about."""
STEP, WHAT, WHERE, VALUE, ADDED = range(5)
"""Columns of it."""
AS_RECORDED = -1
DONE, SPARE_AT, WRITTEN = range(3)
"""What is carried from one stretch to the next: changes made, the spare register, bytes written in this one."""

_ENTRY = (
    "void(int64[:,::1],int64,int64[::1],int64[::1],uint8[::1],uint8[::1],uint8[::1],uint8[::1],int64,int64[:,::1],"
    "int64[::1],int64[::1],uint8[::1],int64[::1])"
)


@kernel()
def _act(op: int, operand: int, h0: int, h1: int, spare: int, byte: int, memory: Any) -> int:
    """Does what an instruction does to cells and the spare register, which it returns; `byte` is read, -1 for none."""
    if op == ADD:
        memory[h0] = (memory[h0] + operand) & 255
    elif op == SET:
        memory[h0] = operand
    elif op == COPY01:
        memory[h1] = memory[h0]
    elif op == COPY10:
        memory[h0] = memory[h1]
    elif op == READ:
        if byte >= 0:
            memory[h0] = byte
    elif op == STASH:
        return int(memory[h0])
    elif op == UNSTASH:
        memory[h0] = spare
    return spare


@kernel()
def _next_byte(data: Any, at: int, eof: int) -> int:
    """What a read would get; -1: it keeps the cell."""
    if at < len(data):
        return int(data[at])
    return 0 if eof == EOF_ZERO else -1


@kernel()
def _wrote(op: int, h0: int, h1: int, byte: int) -> int:
    """The cell that an instruction wrote, or -1."""
    if op in (ADD, SET, COPY10, UNSTASH) or (op == READ and byte >= 0):
        return h0
    return h1 if op == COPY01 else -1


@kernel(_ENTRY, name="frozen path")
def keep_to_path(
    records: Any, first: int, code: Any, decoded: Any, recorded: Any, memory: Any, given: Any, data: Any,
    eof: int, changes: Any, instead: Any, carried: Any, output: Any, written: Any,
) -> None:  # fmt: skip
    """Executes what was recorded once more, where it was, with changes.

    Args:
        records: `int64[steps, 3]`, see `vm.machine.Machine.trace`.
        first: the step at which they begin.
        code: `int64[instructions + 1]`, the program's words; none if the program is the memory.
        decoded: `int64[256]`, the word of each byte.
        recorded: `uint8[memory]`, as it was, if the program is the memory; goes on with the run.
        memory: `uint8[memory]`, as it is with the changes; goes on with the run.
        given: `uint8[input]`.
        data: the same, becomes what the changes make it.
        eof: what a read at its end does.
        changes: `int64[changes, 5]`, in the order of their steps.
        instead: `int64[instructions]`, the word that is executed instead of the recorded one, or `AS_RECORDED`.
        carried: `int64[3]`, read and written.
        output: `uint8[steps]`, written: what is output in these steps.
        written: `int64[steps]`, written: at which step each byte is.
    """
    living = len(code) == 0
    done, spare, count = carried[DONE], carried[SPARE_AT], 0
    for t in range(len(records)):
        pc = records[t, 0] & 0xFFFFFFFF
        h0, h1, at = records[t, 1] & 0xFFFFFF, records[t, 1] >> 24 & 0xFFFFFF, records[t, 2] & 0xFFFFFFFF
        was = decoded[recorded[pc]] if living else code[pc]
        if living:
            byte = _next_byte(given, at, eof)
            _act(was & OP_BITS, was >> OPERAND & 255, h0, h1, records[t, 1] >> 48 & 255, byte, recorded)
        blank = False
        new0, new1 = h0, h1
        while done < len(changes) and changes[done, STEP] == first + t:
            what, where = changes[done, WHAT], changes[done, WHERE]
            value, added = changes[done, VALUE], changes[done, ADDED]
            done += 1
            if what == CELL:
                memory[where] = (added * memory[where] + value) & 255
            elif what == SPARE:
                spare = (added * spare + value) & 255
            elif what == INPUT:
                data[where] = (added * data[where] + value) & 255
            elif what == HEAD0:
                new0 = (added * h0 + value) % len(memory)
            elif what == HEAD1:
                new1 = (added * h1 + value) % len(memory)
            elif what == CODE:
                instead[where] = value
            else:
                blank = True
        word = was if instead[pc] == AS_RECORDED else instead[pc]
        op = NOP if blank else word & OP_BITS
        if op == WRITE:
            output[count], written[count] = memory[new0], first + t
            count += 1
        spare = _act(op, word >> OPERAND & 255, new0, new1, spare, _next_byte(data, at, eof), memory)
        if living:
            cell = _wrote(was & OP_BITS, h0, h1, _next_byte(given, at, eof))
            if cell >= 0:
                instead[cell] = AS_RECORDED
    carried[DONE], carried[SPARE_AT], carried[WRITTEN] = done, spare, count
