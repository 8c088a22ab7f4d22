"""Arrays by their address, for kernels that are called once a block or loop.

A call hands over seven words for each array, and a kernel with several arrays keeps none of them in registers: an
address is one word. Nothing is checked: the caller holds the array and stays inside it. The operations are plain loads
and stores, the same on every processor.
"""

from __future__ import annotations

from typing import Any

import numba.extending
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.np.arrayobj import populate_array

from vm.jit import kernel

WORD = 8
"""Bytes of an `int64`."""
EQUAL = WORD
"""Bytes that are compared with each other at once."""
_ENDLESS = 1 << 32
EACH = 0x0101010101010101
"""So many times a byte is eight of it."""
ROW = 64
"""Bytes that `bytes_equal_to` looks at."""
HALF_ROW, QUARTER_ROW = ROW // 2, ROW // 4
"""Bytes that `copy_half_row` and `copy_quarter_row` copy."""


def _address(typing_context: Any, array: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, value=arguments[0])
        return builder.ptrtoint(view.data, ir.IntType(64))

    return types.int64(array), codegen


def _byte(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        return builder.zext(builder.load(pointer), ir.IntType(64))

    return types.int64(types.int64), codegen


def _word(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()))

    return types.int64(types.int64), codegen


def _half(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(32).as_pointer())
        return builder.zext(builder.load(pointer, align=1), ir.IntType(64))

    return types.int64(types.int64), codegen


def _unaligned_word(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()), align=1)

    return types.int64(types.int64), codegen


def _put_byte(typing_context: Any, address: Any, value: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        builder.store(builder.trunc(arguments[1], ir.IntType(8)), pointer)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _put_word(typing_context: Any, address: Any, value: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _put_unaligned_word(typing_context: Any, address: Any, value: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.store(arguments[1], pointer, align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _put_half(typing_context: Any, address: Any, value: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        half = ir.IntType(32)
        builder.store(builder.trunc(arguments[1], half), builder.inttoptr(arguments[0], half.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _copies(size: int) -> Any:
    def copy(typing_context: Any, source: Any, target: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer = ir.VectorType(ir.IntType(8), size).as_pointer()
            loaded = builder.load(builder.inttoptr(arguments[0], pointer), align=1)
            builder.store(loaded, builder.inttoptr(arguments[1], pointer), align=1)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), codegen

    return copy


def _fetch(typing_context: Any, address: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        operation = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")  # type: ignore[no-untyped-call]
        builder.call(operation, [builder.inttoptr(arguments[0], pointer), *(number(what) for what in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


def _arrays_at(dtype: Any) -> Any:
    def array_at(typing_context: Any, address: Any) -> Any:
        array = types.Array(dtype, 1, "C")

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            view = context.make_array(array)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(dtype))
            populate_array(  # type: ignore[no-untyped-call]
                view, builder.inttoptr(arguments[0], view.data.type), [ir.Constant(ir.IntType(64), _ENDLESS)],
                [ir.Constant(ir.IntType(64), size)], ir.Constant(ir.IntType(64), size), None,
            )  # fmt: skip
            return view._getvalue()

        return array(types.int64), codegen

    return array_at


def _bytes_equal_to(typing_context: Any, address: Any, value: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row = ir.VectorType(ir.IntType(8), ROW)
        nothing, zero = ir.Constant(row, ir.Undefined), ir.Constant(ir.IntType(32), 0)
        first = builder.insert_element(nothing, builder.trunc(arguments[1], ir.IntType(8)), zero)
        wanted = builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), ROW), [0] * ROW))
        found = builder.load(builder.inttoptr(arguments[0], row.as_pointer()), align=1)
        return builder.bitcast(builder.icmp_unsigned("==", found, wanted), ir.IntType(64))

    return types.int64(types.int64, types.int64), codegen


address: Any = numba.extending.intrinsic(_address)
"""Where an array that lies in one piece begins: an `int64`."""
byte: Any = numba.extending.intrinsic(_byte)
"""The byte at an address, as an `int64`."""
word: Any = numba.extending.intrinsic(_word)
"""The `int64` at an address, which is a multiple of eight."""
unaligned_word: Any = numba.extending.intrinsic(_unaligned_word)
"""The `int64` at any address."""
put_byte: Any = numba.extending.intrinsic(_put_byte)
"""Stores the lowest byte of a number at an address."""
put_word: Any = numba.extending.intrinsic(_put_word)
"""Stores an `int64` at an address."""
put_unaligned_word: Any = numba.extending.intrinsic(_put_unaligned_word)
"""Stores an `int64` at any address."""
half: Any = numba.extending.intrinsic(_half)
"""The four bytes at any address, as an `int64`."""
put_half: Any = numba.extending.intrinsic(_put_half)
"""Stores the lowest four bytes of a number at any address."""
copy_half_row: Any = numba.extending.intrinsic(_copies(HALF_ROW))
"""Copies `HALF_ROW` bytes from one address to another."""
copy_quarter_row: Any = numba.extending.intrinsic(_copies(QUARTER_ROW))
"""Copies `QUARTER_ROW` bytes from one address to another."""
fetch: Any = numba.extending.intrinsic(_fetch)
"""Has what is at an address, any, brought from memory, and does not wait for it."""
bytes_equal_to: Any = numba.extending.intrinsic(_bytes_equal_to)
"""Which of the `ROW` bytes from an address on are a value: bit i of an `int64` stands for byte i."""


words_at: Any = numba.extending.intrinsic(_arrays_at(types.int64))
"""What is from an address on, as an array of `int64` whose length is not known."""
halves_at: Any = numba.extending.intrinsic(_arrays_at(types.int32))
"""The same as an array of `int32`."""
shorts_at: Any = numba.extending.intrinsic(_arrays_at(types.uint16))
"""The same as an array of `uint16`."""
bytes_at: Any = numba.extending.intrinsic(_arrays_at(types.uint8))
"""The same as an array of `uint8`."""


@kernel(inline=True)
def equal_bytes(place: int, stop: int) -> int:
    """How many bytes from an address on are the same, counted in eights and not beyond `stop`: 0, 8, 16 …"""
    count = 0
    if place + EQUAL <= stop:
        eight = unaligned_word(place)
        if eight == (eight & 255) * EACH:
            count = EQUAL
            while place + count + EQUAL <= stop and unaligned_word(place + count) == eight:
                count += EQUAL
    return count
