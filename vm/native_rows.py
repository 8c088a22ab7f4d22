"""Machine code for programs that run in lanes, on x86-64 with AVX-512: what each instruction becomes.

It is the code of `vm.native_code` with a row of lanes for each cell, kept in a vector register, and more reasons to
leave it: some of a group's lanes jump and others do not, or a block is one that another group waits at. An instruction
changes only the lanes of the group, those in `k1`.

| register | |
| --- | --- |
| `rdi` | address of the memory, rows |
| `rsi` | address of the state: `LEFT` …, `MASK` … |
| `r8`, `r9` | head0, head1 |
| `r10` | how many bytes head0's row is from the memory's start |
| `v16` | the row of head0's cell, in all lanes: `xmm16` or `zmm16` |
| `k1` | the lanes of the group |
| `edx` | steps left |
| `ecx` | where the block begins |
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Primitive
from vm.native_code import (
    BLOCK,
    HEAD0,
    HEAD1,
    INPUT,
    INPUT_END,
    LEAVES,
    LEFT,
    OUTPUT,
    TO_END,
    TO_LIMIT,
    TO_MORE,
    TO_PARTNER,
    code_of_all,
    frame_of,
    move,
)
from vm.settings import Eof, Settings

ROW_TEMPLATE = 64
"""Bytes that are copied for an instruction; the last two are as in a `TEMPLATE`."""
MASK, NONZERO, LOWEST, STREAM, PRESENT = range(10, 15)
"""More words of the state: the lanes of the group; those of them in which a cell is not zero; the lowest block that
another group waits at; addresses of the inputs' rows and of the lanes that have such a byte."""
TO_PART, TO_WAIT = 4, 5
"""More reasons to leave code: some lanes jump; another group waits at the block, or before it."""

ROW_HEADER = (
    bytes.fromhex("b900000000")
    + bytes([0x3B, 0x4E, 8 * LOWEST])
    + bytes.fromhex("0f8300000000 81ea00000000 0f8800000000")
)  # mov ecx, BLOCK; cmp ecx, [LOWEST]; jae LEAVING; sub edx, COST; js LEAVING
ROW_HEADER_SIZE = len(ROW_HEADER)
ROW_COST_BEFORE, ROW_BLOCK_BEFORE, ROW_LEAVE_BEFORE, ROW_WAIT_BEFORE = 10, 25, 4, 16
"""How far before its end a header has its cost, its block, and where it leaves to at the limit and to wait."""
PART_BEFORE, ROW_JUMP_BEFORE = ROW_HEADER_SIZE + 4, ROW_HEADER_SIZE + 14
"""How far before the end of the next block's header a bracket has where it leaves to if the lanes part, and where it
jumps to."""
NARROW, WIDE = 16, 64
"""Lanes of a row that there is code for."""


class _Assembler:
    """The parts of templates, for rows of so many lanes. `v17`, `r11`, `rax` and `k2` are scratch."""

    def __init__(self, lanes: int, settings: Settings) -> None:
        self.lanes = lanes
        self.settings = settings
        self.shift = lanes.bit_length() - 1
        self.store = self.vector("62a1fe087f0417")  # vmovdqu64 [rdi+r10], v16
        self.load = self.vector("62a1fe086f0417")  # vmovdqu64 v16, [rdi+r10]
        self.find_row = bytes.fromhex("4589c2 41c1e2") + bytes([self.shift])  # mov r10d, r8d; shl r10d, SHIFT
        self.merge = self.vector("62a17f096fc8")  # vmovdqu8 v17{k1}, v16
        self.nonzero = self.vector("62b27d0126d0") + bytes.fromhex("c461fb93da")  # vptestmb k2{k1}, v16, v16; kmovq r11

    def vector(self, code: str) -> bytes:
        """An instruction on a vector, given as that of 16 lanes."""
        found = bytearray.fromhex(code)
        if self.lanes == WIDE:
            found[3] |= 0x40
        return bytes(found)

    def template(self, primitive: Primitive, amount: int) -> tuple[bytes, int]:
        """The code of an instruction, and where its amount is (see `vm.native_code.AMOUNT_AT`)."""
        match primitive:
            case Primitive.NOP:
                return b"", 0
            case Primitive.MOVE0:
                code, amount_at = move(0, amount, self.settings.memory)
                return code + self.find_row + self.load, amount_at
            case Primitive.MOVE1:
                return move(1, amount, self.settings.memory)
            case Primitive.ADD:  # mov r11d, AMOUNT; vpbroadcastb v17, r11d; vpaddb v16{k1}, v16, v17
                add = self.vector("62c27d087acb") + self.vector("62a17d01fcc1")
                return bytes([0x41, 0xBB, amount, 0, 0, 0]) + add + self.store, 2
            case Primitive.SET:  # mov r11d, AMOUNT; vpbroadcastb v16{k1}, r11d
                return bytes([0x41, 0xBB, amount, 0, 0, 0]) + self.vector("62c27d097ac3") + self.store, 0
            case Primitive.COPY01:  # vmovdqu64 v17, [rdi+r11]; merge; vmovdqu64 [rdi+r11], v17
                return self._row1() + self.vector("62a1fe086f0c1f") + self.merge + self.vector("62a1fe087f0c1f"), 0
            case Primitive.COPY10:  # vmovdqu8 v16{k1}, [rdi+r11]
                return self._row1() + self.vector("62a17f096f041f") + self.store, 0
            case Primitive.OPEN:  # test r11, r11; jz PARTNER; cmp r11, [MASK]; jne LEAVING
                jumps = bytes.fromhex("4d85db 0f8400000000") + self._cmp_mask() + bytes.fromhex("0f8500000000")
                return self.nonzero + jumps + ROW_HEADER, 0
            case Primitive.CLOSE:  # cmp r11, [MASK]; je PARTNER; cmp r11, 0; jne LEAVING
                jumps = self._cmp_mask() + bytes.fromhex("0f8400000000 4983fb00 0f8500000000")
                return self.nonzero + jumps + ROW_HEADER, 0
            case Primitive.READ:
                return self._read(), 0
            case Primitive.WRITE:  # mov r11, [OUTPUT]; vmovdqu64 v17, [r11]; merge; vmovdqu64 [r11], v17
                put = self.vector("62c1fe086f0b") + self.merge + self.vector("62c1fe087f0b")
                return bytes([0x4C, 0x8B, 0x5E, 8 * OUTPUT]) + put + self._next(OUTPUT), 0
            case Primitive.STASH:  # vmovdqu64 v17, [rdi+SPARE]; merge; vmovdqu64 [rdi+SPARE], v17
                load, put = self.vector("62e1fe086f8f"), self.vector("62e1fe087f8f")
                return load + self._spare() + self.merge + put + self._spare(), 0
            case Primitive.UNSTASH:  # vmovdqu8 v16{k1}, [rdi+SPARE]
                return self.vector("62e17f096f87") + self._spare() + self.store, 0
        raise AssertionError(primitive)

    def _row1(self) -> bytes:
        """Where head1's row is: mov r11d, r9d; shl r11d, SHIFT."""
        return bytes.fromhex("4589cb 41c1e3") + bytes([self.shift])

    def _cmp_mask(self) -> bytes:
        """Compares with the lanes of the group: cmp r11, [MASK]."""
        return bytes([0x4C, 0x3B, 0x5E, 8 * MASK])

    def _next(self, pointer: int) -> bytes:
        """A pointer goes on by a row: add qword [rsi+POINTER], LANES."""
        return bytes([0x48, 0x83, 0x46, 8 * pointer, self.lanes])

    def _spare(self) -> bytes:
        """How far from the memory's start the row of spare registers is."""
        return (self.settings.memory * self.lanes).to_bytes(4, "little")

    def _read(self) -> bytes:
        """Reads a byte; behind the end of a lane's input there are zeros, taken or left."""
        code = bytes([0x4C, 0x8B, 0x5E, 8 * INPUT])  # mov r11, [INPUT]
        if self.settings.eof is Eof.KEEP:
            # mov rax, r11; sub rax, [STREAM]; shr rax, SHIFT - 3; add rax, [PRESENT]; kmovq k2, [rax]; kandq k2, k2, k1
            code += bytes.fromhex("4c89d8 482b46") + bytes([8 * STREAM]) + bytes.fromhex("48c1e8")
            code += bytes([self.shift - 3]) + bytes.fromhex("480346") + bytes([8 * PRESENT])
            code += bytes.fromhex("c4e1f89010 c4e1ec41d1") + self.vector("62c17f0a6f03")  # vmovdqu8 v16{k2}, [r11]
        else:
            code += self.vector("62c17f096f03")  # vmovdqu8 v16{k1}, [r11]
        after = self._next(INPUT)  # cmp r11, [INPUT_END]; jae over; …; over:
        return code + self.store + bytes([0x4C, 0x3B, 0x5E, 8 * INPUT_END, 0x73, len(after)]) + after


def row_templates(dialect: Dialect, settings: Settings, lanes: int) -> NDArray[np.uint8]:
    """The code of every byte: `uint8[256, ROW_TEMPLATE]`, or `uint8[0, ROW_TEMPLATE]` if it cannot be made or run."""
    if lanes not in (NARROW, WIDE) or not has_vectors():
        return np.zeros((0, ROW_TEMPLATE), np.uint8)
    return code_of_all(dialect, settings, _Assembler(lanes, settings).template, ROW_TEMPLATE)


@lru_cache(maxsize=1)
def has_vectors() -> bool:
    """Whether the processor has the instructions on rows that are used here."""
    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    return all(features.get(name, False) for name in ("avx512f", "avx512bw", "avx512vl"))


@lru_cache
def row_frame(lanes: int) -> bytes:
    """What stands before the code for programs in rows of so many lanes: how it is entered and how it is left."""
    assembler = _Assembler(lanes, Settings())
    code = bytes.fromhex("4889d1") + bytes([0x8B, 0x56, 8 * LEFT])  # mov rcx, rdx; mov edx, [LEFT]
    code += bytes([0x4C, 0x8B, 0x46, 8 * HEAD0, 0x4C, 0x8B, 0x4E, 8 * HEAD1])  # mov r8, [HEAD0]; mov r9, [HEAD1]
    code += bytes.fromhex("c4e1f8904e") + bytes([8 * MASK])  # kmovq k1, [MASK]
    code += assembler.find_row + assembler.load + bytes.fromhex("ffe1")  # jmp rcx
    kept = [(0x48, 0x46, LEAVES), (0x48, 0x4E, BLOCK), (0x48, 0x56, LEFT), (0x4C, 0x46, HEAD0), (0x4C, 0x4E, HEAD1)]
    kept += [(0x4C, 0x5E, NONZERO)]
    return frame_of(code, kept, (TO_LIMIT, TO_PARTNER, TO_MORE, TO_END, TO_PART, TO_WAIT), ROW_HEADER)
