"""How kernels see a machine: what each place of their arrays holds, and how enums are numbered there.

Registers are an `int64[12]` indexed by `PC` … `TOUCHED_STREAM`, the last four of which say what the step to this
moment read and wrote where something is watched; settings are an `int64[7]` indexed by `LIMIT` … `OUT_LENGTH`. A
program is a word an instruction and a last one for its end, `int64[program_length + 1]`: the primitive in the lowest
`OPERAND` bits (with flags), above them its argument or its bracket's partner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Io, Primitive
from vm.program import Program
from vm.settings import Edge, Eof, Settings, Unmatched
from vm.state import Pause, State, Status
from vm.stops import HitKind

NOP, HALT = int(Primitive.NOP), int(Primitive.HALT)
MOVE0, MOVE1 = int(Primitive.MOVE0), int(Primitive.MOVE1)
ADD, SET = int(Primitive.ADD), int(Primitive.SET)
COPY01, COPY10 = int(Primitive.COPY01), int(Primitive.COPY10)
OPEN, CLOSE = int(Primitive.OPEN), int(Primitive.CLOSE)
READ, WRITE = int(Primitive.READ), int(Primitive.WRITE)
STASH, UNSTASH = int(Primitive.STASH), int(Primitive.UNSTASH)
END = len(Primitive)

OPERAND = 8
OP_BITS = (1 << OPERAND) - 1
ARMED = 0x80
"""Flag of a word at which the run loop comes back before it executes it."""
NO_PARTNER = -1

RUNNING, FINISHED, STEP_LIMIT = int(Status.RUNNING), int(Status.FINISHED), int(Status.STEP_LIMIT)
HALTED, OUT_OF_BOUNDS = int(Status.HALTED), int(Status.OUT_OF_BOUNDS)
UNMATCHED_BRACKET = int(Status.UNMATCHED_BRACKET)
INPUT_EXHAUSTED, OUTPUT_LIMIT = int(Status.INPUT_EXHAUSTED), int(Status.OUTPUT_LIMIT)
ENDED, BUDGET, STOP = int(Pause.ENDED), int(Pause.BUDGET), int(Pause.STOP)
HIT_ALWAYS, HIT_EQUAL = int(HitKind.ALWAYS), int(HitKind.EQUAL)
HIT_AT_LEAST, HIT_EVERY = int(HitKind.AT_LEAST), int(HitKind.EVERY)

PC, HEAD0, HEAD1, STEPS, STATUS, INPUT_POS, SPARE, OUT_COUNT = range(8)
READ_CELL, WRITTEN_CELL, OLD_VALUE, TOUCHED_STREAM = range(8, 12)
NO_CELL = -1
WRITE_STEP, WRITE_AT, WRITES, READS, CHANGES = range(5)
LIMIT, EDGE, UNMATCHED, EOF, OUT_LIMIT, OUT_START, OUT_LENGTH = range(7)

EOF_ZERO, EOF_KEEP, EOF_HALT = range(3)
OUT_TO_ZERO, OUT_IS_STREAM = -1, -2


def pack_settings(dialect: Dialect, settings: Settings) -> NDArray[np.int64]:
    """The settings as `int64[7]`."""
    if dialect.io is not Io.REGIONS:
        out_length = OUT_IS_STREAM
    else:
        out_length = OUT_TO_ZERO if settings.out_len is None else settings.out_len
    return np.array(
        [
            settings.limit,
            settings.edge is Edge.HALT,
            settings.unmatched is not Unmatched.IGNORE,
            {Eof.ZERO: EOF_ZERO, Eof.KEEP: EOF_KEEP, Eof.HALT: EOF_HALT}[settings.eof],
            settings.out_limit,
            settings.out_start,
            out_length,
        ],
        np.int64,
    )


def pack_registers(state: State) -> NDArray[np.int64]:
    """The registers of a state as `int64[12]`; it is not known what the step to it did."""
    return np.array(
        [
            state.pc,
            state.head0,
            state.head1,
            state.steps,
            state.status,
            state.input_pos,
            state.spare,
            len(state.output),
            NO_CELL,
            NO_CELL,
            0,
            0,
        ],
        np.int64,
    )


def decode_words(dialect: Dialect, settings: Settings) -> NDArray[np.int64]:
    """The word of every byte, `int64[256]`: values modulo 256, moves modulo the memory where heads wrap,
    brackets without their partner.
    """
    primitives, arguments = dialect.table[0].astype(np.int64), dialect.table[1].copy()
    moves = (primitives == MOVE0) | (primitives == MOVE1)
    if settings.edge is Edge.WRAP:
        arguments[moves] %= settings.memory
    arguments[~moves] %= 256
    return primitives | arguments << OPERAND


def unpack(registers: NDArray[np.int64], memory: NDArray[np.uint8], output: NDArray[np.uint8]) -> State:
    """The state that buffers hold, copied."""
    pc, head0, head1, steps, status, input_pos, spare, written = registers[:8].tolist()
    frozen = memory.copy()
    frozen.setflags(write=False)
    return State(pc, head0, head1, steps, Status(status), input_pos, spare, frozen, output[:written].tobytes())


def pack_code(program: Program, settings: Settings) -> NDArray[np.int64]:
    """The words of a program; of a self-modifying one `int64[memory + 1]`, only its end.

    A bracket without a partner that is to be ignored is its own partner: it reads its cell and goes on.
    """
    if program.dialect.self_modifying:
        words = np.zeros(settings.memory + 1, np.int64)
    else:
        words = np.append(decode_words(program.dialect, settings)[program.code], 0)
        brackets = np.flatnonzero((program.primitives == OPEN) | (program.primitives == CLOSE))
        partners = program.partners[brackets].astype(np.int64)
        if settings.unmatched is Unmatched.IGNORE:
            partners = np.where(partners == NO_PARTNER, brackets, partners)
        words[brackets] = program.primitives[brackets] | partners << OPERAND
    words[-1] = END
    return words


NOTHING_COUNTED = (np.empty(0, np.int64), np.empty((0, 4), np.int64))
"""What a run loop is given that does not profile."""
