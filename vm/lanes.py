"""Rows of one byte a lane, and what is done with a whole row at once: LLVM vectors inside kernels.

A memory for runs side by side is an array of rows: row c holds cell c of every lane. LLVM splits a row into vectors of
the width that the machine has. A set of lanes is a *mask*, an `int64` whose bit l stands for lane l.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

LANES = 64
ROW_TYPE = np.dtype([("lanes", np.uint8, (LANES,))])
_BYTE, _WORD = ir.IntType(8), ir.IntType(64)
_ROW, _FLAGS = ir.VectorType(_BYTE, LANES), ir.VectorType(ir.IntType(1), LANES)


class _Rows:
    """Emits the code of one call: of its arguments, arrays of rows and integers, some are told by their place."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder, self.types, self.values = context, builder, signature.args, arguments

    def place(self, array: int, index: int) -> Any:
        """The address of a row."""
        view = self.context.make_array(self.types[array])(self.context, self.builder, value=self.values[array])
        return self.builder.gep(self.builder.bitcast(view.data, _ROW.as_pointer()), [self.values[index]])

    def row(self, array: int, index: int) -> Any:
        """All lanes of a row."""
        return self.builder.load(self.place(array, index), align=1)

    def spread(self, value: int) -> Any:
        """A row whose lanes all are the lowest byte of an argument."""
        nothing = ir.Constant(_ROW, ir.Undefined)
        byte = self.builder.trunc(self.values[value], _BYTE)
        first = self.builder.insert_element(nothing, byte, ir.Constant(_WORD, 0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(first, nothing, places)

    def put(self, row: Any, array: int, index: int, mask: int) -> Any:
        """Writes the lanes of a mask and leaves the others."""
        chosen = self.builder.bitcast(self.values[mask], _FLAGS)
        place = self.place(array, index)
        self.builder.store(self.builder.select(chosen, row, self.builder.load(place, align=1)), place, align=1)
        return self.context.get_dummy_value()

    def mask(self, flags: Any) -> Any:
        """A flag of each lane as a mask."""
        return self.builder.bitcast(flags, _WORD)


def _aligned(typing_context: Any, array: Any) -> Any:
    """Compiles `aligned`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, value=arguments[0])
        address = builder.ptrtoint(view.data, _WORD)
        up = builder.and_(builder.add(address, ir.Constant(_WORD, LANES - 1)), ir.Constant(_WORD, -LANES))
        view.data = builder.inttoptr(up, view.data.type)
        view.nitems = builder.sub(view.nitems, ir.Constant(_WORD, 1))
        view.shape = builder.insert_value(view.shape, view.nitems, 0)
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), codegen


def _add_to_row(typing_context: Any, rows: Any, to: Any, of: Any, amount: Any, mask: Any) -> Any:
    """Compiles `add_to_row`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        return emit.put(builder.add(emit.row(0, 2), emit.spread(3)), 0, 1, 4)

    return types.void(rows, types.int64, types.int64, types.int64, types.int64), codegen


def _set_row(typing_context: Any, rows: Any, to: Any, value: Any, mask: Any) -> Any:
    """Compiles `set_row`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        return emit.put(emit.spread(2), 0, 1, 3)

    return types.void(rows, types.int64, types.int64, types.int64), codegen


def _copy_row(typing_context: Any, rows: Any, to: Any, others: Any, of: Any, mask: Any) -> Any:
    """Compiles `copy_row`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        return emit.put(emit.row(2, 3), 0, 1, 4)

    return types.void(rows, types.int64, others, types.int64, types.int64), codegen


def _grow_row(typing_context: Any, rows: Any, to: Any, counts: Any, of: Any, rate: Any, mask: Any) -> Any:
    """Compiles `grow_row`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        grown = builder.mul(emit.row(2, 3), emit.spread(4))
        return emit.put(builder.add(emit.row(0, 1), grown), 0, 1, 5)

    return types.void(rows, types.int64, counts, types.int64, types.int64, types.int64), codegen


def _lanes_at(typing_context: Any, rows: Any, index: Any, value: Any) -> Any:
    """Compiles `lanes_at`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        return emit.mask(builder.icmp_unsigned("==", emit.row(0, 1), emit.spread(2)))

    return types.int64(rows, types.int64, types.int64), codegen


def _equal_lanes(typing_context: Any, rows: Any, index: Any, others: Any, other: Any) -> Any:
    """Compiles `equal_lanes`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        return emit.mask(builder.icmp_unsigned("==", emit.row(0, 1), emit.row(2, 3)))

    return types.int64(rows, types.int64, others, types.int64), codegen


def _lane(typing_context: Any, rows: Any, index: Any, lane: Any) -> Any:
    """Compiles `lane_of`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        first = builder.bitcast(emit.place(0, 1), _BYTE.as_pointer())
        return builder.zext(builder.load(builder.gep(first, [arguments[2]])), _WORD)

    return types.int64(rows, types.int64, types.int64), codegen


def _put_lane(typing_context: Any, rows: Any, index: Any, lane: Any, value: Any) -> Any:
    """Compiles `put_lane`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = _Rows(context, builder, signature, arguments)
        first = builder.bitcast(emit.place(0, 1), _BYTE.as_pointer())
        builder.store(builder.trunc(arguments[3], _BYTE), builder.gep(first, [arguments[2]]))
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64, types.int64), codegen


def _first_lane(typing_context: Any, mask: Any) -> Any:
    """Compiles `first_lane`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), codegen


def _count_lanes(typing_context: Any, mask: Any) -> Any:
    """Compiles `count_lanes`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), codegen


aligned: Any = intrinsic(_aligned)
"""The same rows less one, from an address on that is a multiple of their size, so that none lies across two lines of
the cache; not counted, like what `vm.jit.borrowed` gives."""
add_to_row: Any = intrinsic(_add_to_row)
"""`rows[to] = rows[of] + amount` in the lanes of a mask: `(rows, to, of, amount, mask)`."""
set_row: Any = intrinsic(_set_row)
"""`rows[to] = value` in the lanes of a mask: `(rows, to, value, mask)`."""
copy_row: Any = intrinsic(_copy_row)
"""`rows[to] = others[of]` in the lanes of a mask: `(rows, to, others, of, mask)`."""
grow_row: Any = intrinsic(_grow_row)
"""`rows[to] += counts[of] * rate` in the lanes of a mask: `(rows, to, counts, of, rate, mask)`."""
lanes_at: Any = intrinsic(_lanes_at)
"""The lanes in which `rows[index]` is `value`: `(rows, index, value)`."""
equal_lanes: Any = intrinsic(_equal_lanes)
"""The lanes in which `rows[index]` is `others[other]`: `(rows, index, others, other)`."""
lane_of: Any = intrinsic(_lane)
"""One lane of a row: `(rows, index, lane)`."""
put_lane: Any = intrinsic(_put_lane)
"""Writes one lane of a row: `(rows, index, lane, value)`."""
first_lane: Any = intrinsic(_first_lane)
"""The lowest lane of a mask that is not empty."""
count_lanes: Any = intrinsic(_count_lanes)
"""How many lanes a mask has."""
