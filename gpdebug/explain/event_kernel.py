"""What each step of a trace did, and which earlier step each of its dependences goes to: one pass, compiled.

Rows of the sources, `int32[SOURCES, steps]`: a step of the trace, `NONE` or `BEFORE`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.jit import kernel
from vm.layout import (
    ADD,
    CLOSE,
    COPY01,
    COPY10,
    EOF_ZERO,
    MOVE0,
    MOVE1,
    OP_BITS,
    OPEN,
    OPERAND,
    READ,
    SET,
    STASH,
    UNSTASH,
    WRITE,
)  # fmt: skip

NONE, BEFORE = -1, -2
"""There is no such dependence; or it goes to what was there when the trace began."""
VALUE, ADDRESS0, ADDRESS1, CONTROL, CODE = range(5)
SOURCES = 5
NOBODY = -1

EVENTS = "Tuple((uint8[::1],uint8[::1],int32[::1],int32[::1],uint8[::1],uint8[::1],boolean[::1],int64[::1],int64[::1]))"
_ENTRY = f"void(int64[:,::1],int64,int64[::1],int64[::1],uint8[::1],uint8[::1],int64,int64,{EVENTS},int32[:,::1])"


@kernel()
def enclose(ops: Any, enclosing: Any, partner: Any, pending: Any) -> None:
    """Finds the innermost loop around each instruction, and the partner of each bracket.

    Args:
        ops: `uint8[instructions]`, primitives.
        enclosing: `int32[instructions]`, written: the loop's open, or -1. A close is in its loop, an open is not.
        partner: `int32[instructions]`, written: -1 without one.
        pending: `int32[instructions]`, scratch.
    """
    depth = 0
    for pc in range(len(ops)):
        partner[pc] = NOBODY
        if ops[pc] == OPEN:
            pending[depth] = pc
            depth += 1
        elif ops[pc] == CLOSE and depth > 0:
            depth -= 1
            partner[pc], partner[pending[depth]] = pending[depth], pc
    depth = 0
    for pc in range(len(ops)):
        enclosing[pc] = pending[depth - 1] if depth > 0 else NOBODY
        if ops[pc] == OPEN and partner[pc] >= 0:
            pending[depth] = pc
            depth += 1
        elif ops[pc] == CLOSE and partner[pc] >= 0:
            depth -= 1


@kernel(_ENTRY, name="dependences")
def follow(
    records: Any, last_pc: int, code: Any, decoded: Any, memory: Any, data: Any, eof: int, began: int,
    events: Any, sources: Any,
) -> None:  # fmt: skip
    """Says of each step what it did and what it depends on.

    Args:
        records: `int64[steps, 3]`, see `vm.machine.Machine.trace`.
        last_pc: pc after the last step.
        code: `int64[instructions + 1]`, the program's words; none if the program is the memory.
        decoded: `int64[256]`, the word of each byte.
        memory: `uint8[memory]`, at the beginning; becomes that of the end.
        data: the input.
        eof: what a read at its end does.
        began: the step at which the trace begins.
        events: for each step its primitive, its argument modulo 256, the cells it reads and writes or -1, the value
            of the written (else of the read) cell before and after, whether it jumped, where head0 and head1 are.
        sources: `int32[SOURCES, steps]`, written.
    """
    ops, arguments, read, written, old, new, jumped, heads0, heads1 = events
    living = len(code) == 0
    size = len(memory) if living else len(code) - 1
    now = np.empty(size, np.uint8)
    for pc in range(size):
        now[pc] = (decoded[memory[pc]] if living else code[pc]) & OP_BITS
    enclosing, partner, pending = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size + 1, np.int32)
    enclose(now, enclosing, partner, pending)
    unknown = NONE if began == 0 else BEFORE
    entered = np.full(size, unknown, np.int32)
    wrote = np.full(len(memory), BEFORE, np.int32)
    moved0, moved1, stashed = BEFORE, BEFORE, BEFORE
    for t in range(len(records)):
        pc = records[t, 0] & 0xFFFFFFFF
        v0, v1 = records[t, 0] >> 32 & 255, records[t, 0] >> 40 & 255
        h0, h1, spare = records[t, 1] & 0xFFFFFF, records[t, 1] >> 24 & 0xFFFFFF, records[t, 1] >> 48 & 255
        at = records[t, 2] & 0xFFFFFFFF
        following = records[t + 1, 0] & 0xFFFFFFFF if t + 1 < len(records) else last_pc
        word = decoded[memory[pc]] if living else code[pc]
        op, operand = word & OP_BITS, word >> OPERAND & 255
        ops[t], arguments[t], jumped[t], heads0[t], heads1[t] = op, operand, following != pc + 1, h0, h1
        value, address0, address1 = NONE, NONE, NONE
        reads, writes, result = NOBODY, NOBODY, np.int64(0)
        if op == ADD:
            reads, writes, result = h0, h0, (v0 + operand) & 255
        elif op == SET:
            writes, result = h0, operand
        elif op == COPY01:
            reads, writes, result = h0, h1, v0
            address1 = moved1
        elif op == COPY10:
            reads, writes, result = h1, h0, v1
            address1 = moved1
        elif op in (OPEN, CLOSE, WRITE, STASH):
            reads = h0
        elif op == READ:
            if at < len(data):
                writes, result = h0, np.int64(data[at])
            elif eof == EOF_ZERO:
                writes = h0
        elif op == UNSTASH:
            writes, result, value = h0, spare, stashed
        elif op == MOVE1:
            address1 = moved1
        if op in (MOVE0, READ) or writes == h0 or reads == h0:
            address0 = moved0
        if reads >= 0:
            value = wrote[reads]
        around = enclosing[pc]
        control = NONE
        if around >= 0:
            control = max(entered[around], entered[partner[around]])
        sources[VALUE, t], sources[ADDRESS0, t], sources[ADDRESS1, t] = value, address0, address1
        sources[CONTROL, t], sources[CODE, t] = control, wrote[pc] if living else NONE
        read[t], written[t] = reads, writes
        if writes >= 0:
            old[t], new[t] = memory[writes], result
        elif reads >= 0:
            old[t], new[t] = v0, v0
        else:
            old[t], new[t] = 0, 0
        if op == MOVE0:
            moved0 = t
        elif op == MOVE1:
            moved1 = t
        elif op == STASH:
            stashed = t
        elif op in (OPEN, CLOSE) and partner[pc] >= 0:
            if (op == OPEN) != jumped[t]:
                entered[pc] = t
            else:
                entered[pc] = NONE
                entered[partner[pc]] = NONE
        if writes >= 0:
            wrote[writes] = t
            before = memory[writes]
            memory[writes] = result
            if living and before != result:
                was, is_now = now[writes], decoded[result] & OP_BITS
                now[writes] = is_now
                if was in (OPEN, CLOSE) or is_now in (OPEN, CLOSE):
                    enclose(now, enclosing, partner, pending)
