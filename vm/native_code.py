"""Machine code for programs on x86-64: what each instruction becomes, and memory that code may be run from.

Every byte of a program is a *template* here, a few machine instructions of fixed length with all amounts filled in;
`vm.native_kernel` copies one after the other. They hold a machine's registers all along:

| register | |
| --- | --- |
| `rdi` | address of the memory |
| `rsi` | address of the state: `LEFT` … |
| `r8`, `r9` | head0, head1 |
| `al` | the value of head0's cell |
| `edx` | steps left |
| `ecx` | where the block begins |
| `r10`, `r11` | addresses of the next byte of the input and of the output |

Where a processor is another one, or a system forbids memory that is written and run, there is no such code, and
`vm.block_kernel` does all: results are the same. `GPDEBUG_NATIVE=0` in the environment asks for that.
"""

from __future__ import annotations

import mmap
import os
import platform
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Heads, Primitive
from vm.layout import OPERAND, decode_words
from vm.settings import Edge, Eof, Settings

TEMPLATE = 32
"""Bytes that are copied for an instruction."""
SIZE_AT, AMOUNT_AT = 31, 30
"""Bytes of a template that are none of its code: how long that is; where its amount is (0: more of the same symbol are
not one instruction)."""

LEFT, HEAD0, HEAD1, INPUT, INPUT_END, OUTPUT, OUTPUT_END, SPARE, BLOCK, LEAVES = range(10)
"""Words of the state that the code uses; `LEAVES`: why it was left, `TO_LIMIT` …."""
TO_LIMIT, TO_PARTNER, TO_MORE, TO_END = range(4)
"""Why code is left: the block would pass the limit; what its bracket leads to is not known to it; the block itself is
not made yet; the program has ended."""

CODE_SIZE = 1 << 19
"""Bytes of memory for code. It is larger than the processor's cache for code, as to write to what is there stops it,
and leaves room for other things in the next larger one."""
ENTRY, LEAVING, LEAVING_SIZE, HEADER_AT, CODE_AT = 0, 64, 16, 192, 256
"""Where in it are: what loads the registers; what is jumped to so as to leave, for each reason; a header to copy; code
for programs."""
JUMP, JUMP_THROUGH = 0xE9, 0xA6FF
"""`jmp DISTANCE`; `jmp [rsi + DISTANCE]`."""

STORE = bytes.fromhex("42880407")  # mov [rdi+r8], al
LOAD = bytes.fromhex("420fb60407")  # movzx eax, byte [rdi+r8]
LOAD1 = bytes.fromhex("420fb6040f")  # movzx eax, byte [rdi+r9]
STORE1 = bytes.fromhex("4288040f")  # mov [rdi+r9], al
HEADER = bytes.fromhex("81ea00000000 b900000000 0f8800000000")  # sub edx, COST; mov ecx, BLOCK; js LEAVING
HEADER_SIZE = len(HEADER)
COST_BEFORE, BLOCK_BEFORE, LEAVE_BEFORE = 15, 10, 4
"""How far before its end a header has its cost, its block and where it leaves to."""
JUMP_BEFORE = HEADER_SIZE + 4
"""How far before the end of the next block's header a bracket has where it jumps to."""


def templates(dialect: Dialect, settings: Settings) -> NDArray[np.uint8]:
    """The code of every byte: `uint8[256, TEMPLATE]`, or `uint8[0, TEMPLATE]` if not all of them can be made.

    A bracket is a test, a jump and the header of the block that follows.
    """
    return code_of_all(dialect, settings, partial(_template, settings=settings), TEMPLATE)


def code_of_all(
    dialect: Dialect, settings: Settings, template: Callable[[Primitive, int], tuple[bytes, int]], size: int
) -> NDArray[np.uint8]:
    """A table of what each byte becomes, given by its primitive and amount: `uint8[256, size]`, or `uint8[0, size]`."""
    primitives = dialect.table[0]
    known = dialect.heads is Heads.START and not dialect.self_modifying
    known = known and settings.edge is Edge.WRAP and settings.eof is not Eof.HALT
    if not known or (primitives == Primitive.HALT).any():
        return np.zeros((0, size), np.uint8)
    table = np.zeros((256, size), np.uint8)
    for byte, word in enumerate(decode_words(dialect, settings).tolist()):
        code, amount_at = template(Primitive(int(primitives[byte])), word >> OPERAND)
        table[byte, : len(code)] = np.frombuffer(code, np.uint8)
        table[byte, SIZE_AT - TEMPLATE], table[byte, AMOUNT_AT - TEMPLATE] = len(code), amount_at
    return table


def _template(primitive: Primitive, amount: int, *, settings: Settings) -> tuple[bytes, int]:
    match primitive:
        case Primitive.NOP:
            return b"", 0
        case Primitive.MOVE0:
            code, amount_at = move(0, amount, settings.memory)
            return code + LOAD, amount_at
        case Primitive.MOVE1:
            return move(1, amount, settings.memory)
        case Primitive.ADD:
            return b"\x04" + bytes([amount]) + STORE, 1  # add al, AMOUNT
        case Primitive.SET:
            return b"\xb0" + bytes([amount]) + STORE, 0  # mov al, AMOUNT
        case Primitive.COPY01:
            return STORE1, 0
        case Primitive.COPY10:
            return LOAD1 + STORE, 0
        case Primitive.OPEN:
            return bytes.fromhex("84c0 0f8400000000") + HEADER, 0  # test al, al; jz
        case Primitive.CLOSE:
            return bytes.fromhex("84c0 0f8500000000") + HEADER, 0  # test al, al; jnz
        case Primitive.READ:
            return _read(settings.eof), 0
        case Primitive.WRITE:
            # cmp r11, [OUTPUT_END]; jae over; mov [r11], al; over: inc r11
            return bytes([0x4C, 0x3B, 0x5E, 8 * OUTPUT_END]) + bytes.fromhex("7303 418803 49ffc3"), 0
        case Primitive.STASH:
            return bytes([0x88, 0x46, 8 * SPARE]), 0  # mov [SPARE], al
        case Primitive.UNSTASH:
            return bytes([0x8A, 0x46, 8 * SPARE]) + STORE, 0  # mov al, [SPARE]
    raise AssertionError(primitive)


def move(head: int, step: int, cells: int) -> tuple[bytes, int]:
    """A head moves by a step that is less than the memory has cells; where the step is."""
    if cells == 256:
        return bytes([0x41, 0x80, 0xC0 + head, step]), 3  # add r8b, STEP
    to, size = step.to_bytes(4, "little"), cells.to_bytes(4, "little")
    if step <= cells // 2:  # add r8d, STEP; cmp r8d, CELLS; jb over; sub r8d, CELLS; over:
        add, compare = bytes([0x41, 0x81, 0xC0 + head]) + to, bytes([0x41, 0x81, 0xF8 + head]) + size
        return add + compare + b"\x72\x07" + bytes([0x41, 0x81, 0xE8 + head]) + size, 0
    back = (cells - step).to_bytes(4, "little")  # sub r8d, CELLS - STEP; jae over; add r8d, CELLS; over:
    return bytes([0x41, 0x81, 0xE8 + head]) + back + b"\x73\x07" + bytes([0x41, 0x81, 0xC0 + head]) + size, 0


def _read(eof: Eof) -> bytes:
    """Reads a byte; at the end of the input a zero, or nothing."""
    compare = bytes([0x4C, 0x3B, 0x56, 8 * INPUT_END])  # cmp r10, [INPUT_END]
    take = bytes.fromhex("410fb602 49ffc2")  # movzx eax, byte [r10]; inc r10
    if eof is Eof.KEEP:
        return compare + bytes([0x73, len(take) + len(STORE)]) + take + STORE  # jae over
    return compare + bytes.fromhex("b800000000") + bytes([0x73, len(take)]) + take + STORE  # mov eax, 0; jae over


@lru_cache(maxsize=1)
def frame() -> bytes:
    """What stands before the code for programs: how it is entered and how it is left."""
    loads = [(0x4C, 0x46, HEAD0), (0x4C, 0x4E, HEAD1), (0x4C, 0x56, INPUT), (0x4C, 0x5E, OUTPUT)]
    code = b"".join(bytes([prefix, 0x8B, operands, 8 * word]) for prefix, operands, word in loads)
    code += bytes.fromhex("4889d1") + bytes([0x8B, 0x56, 8 * LEFT])  # mov rcx, rdx; mov edx, [LEFT]
    code += LOAD + bytes.fromhex("ffe1")  # jmp rcx
    kept = [(0x48, 0x46, LEAVES), (0x48, 0x4E, BLOCK), (0x48, 0x56, LEFT), (0x4C, 0x46, HEAD0), (0x4C, 0x4E, HEAD1)]
    kept += [(0x4C, 0x56, INPUT), (0x4C, 0x5E, OUTPUT)]
    return frame_of(code, kept, (TO_LIMIT, TO_PARTNER, TO_MORE, TO_END), HEADER)


def frame_of(entry: bytes, kept: Sequence[tuple[int, int, int]], reasons: Sequence[int], header: bytes) -> bytes:
    """What stands before code: how it is entered; for each reason to leave it a jump to where registers are kept.

    How a register is kept is a prefix, the operands and the word of the state.
    """
    save = b"".join(bytes([prefix, 0x89, operands, 8 * word]) for prefix, operands, word in kept) + b"\xc3"
    save_at = LEAVING + len(reasons) * LEAVING_SIZE
    found = bytearray(CODE_AT)
    found[ENTRY : ENTRY + len(entry)] = entry
    for reason in reasons:
        at = LEAVING + reason * LEAVING_SIZE  # mov eax, REASON; jmp save
        jump = save_at - (at + 10)
        found[at : at + 10] = b"\xb8" + reason.to_bytes(4, "little") + b"\xe9" + jump.to_bytes(4, "little")
    found[save_at : save_at + len(save)] = save
    found[HEADER_AT : HEADER_AT + len(header)] = header
    return bytes(found)


@lru_cache(maxsize=1)
def is_possible() -> bool:
    """Whether code for programs can be made and run here."""
    if os.environ.get("GPDEBUG_NATIVE") == "0" or platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        _new_room().close()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _new_room() -> mmap.mmap:
    rights = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    return mmap.mmap(-1, CODE_SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, rights)


_rooms: defaultdict[bytes, list[NDArray[np.uint8]]] = defaultdict(list)
"""Memory that nobody uses now, by the frame that it begins with; threads take and give it without a lock."""


def take_room(begins: bytes) -> NDArray[np.uint8]:
    """Memory to run code from that nobody else uses until it is given back, and that begins with a frame.

    It is `uint8[CODE_SIZE]`, or `uint8[0]` if there is none.
    """
    if not is_possible():
        return np.empty(0, np.uint8)
    try:
        return _rooms[begins].pop()
    except IndexError:
        room = np.frombuffer(_new_room(), np.uint8)
        room[: len(begins)] = np.frombuffer(begins, np.uint8)
        return room


def give_room(begins: bytes, room: NDArray[np.uint8]) -> None:
    """Gives memory back that was taken for a frame."""
    if len(room):
        _rooms[begins].append(room)
