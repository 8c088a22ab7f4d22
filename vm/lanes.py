"""Rows of one number a lane, and what is done with a whole row at once: LLVM vectors inside kernels.

A memory for runs side by side is an array of rows: row c holds cell c of every lane. How many lanes a row has, and
whether they hold bytes or words, is part of the array's type (`row_type`), so that a kernel is compiled for each width
that it is called with; LLVM splits a row into vectors of the size that the machine has. A set of lanes is a *mask*, an
`int64` whose bit l stands for lane l. A row can also be a kernel's variable (`row_of` …), kept in registers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic, models, register_model

_WORD, _FLAG = ir.IntType(64), ir.IntType(1)


def row_type(lanes: int, number: type[np.generic] = np.uint8) -> np.dtype[Any]:
    """The element type of an array of rows: `lanes` bytes, or words (`np.int64`)."""
    return np.dtype([("lanes", number, (lanes,))])


class Row(types.Type):
    """A row in a kernel's variable."""

    def __init__(self, lanes: int, bits: int) -> None:
        super().__init__(name=f"Row({lanes} x {bits})")
        self.lanes, self.bits = lanes, bits


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    """A row is one LLVM vector."""

    def __init__(self, manager: Any, row: Row) -> None:
        super().__init__(manager, row, ir.VectorType(ir.IntType(row.bits), row.lanes))  # type: ignore[no-untyped-call]


def _row_in(rows: Any) -> Row:
    """The type of an array's rows."""
    lanes = rows.dtype.fields["lanes"].type
    return Row(lanes.shape[0], lanes.dtype.bitwidth)


class _Emitter:
    """Emits the code of one call: its arguments, arrays of rows, rows and integers, are told by their place."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder, self.types, self.values = context, builder, signature.args, arguments
        first = signature.args[0]
        row = first if isinstance(first, Row) else _row_in(first)
        self.lanes, self.number = row.lanes, ir.IntType(row.bits)
        self.vector = ir.VectorType(self.number, row.lanes)

    def place(self, array: int, index: int) -> Any:
        """The address of a row."""
        view = self.context.make_array(self.types[array])(self.context, self.builder, value=self.values[array])
        return self.builder.gep(self.builder.bitcast(view.data, self.vector.as_pointer()), [self.values[index]])

    def lane(self, array: int, index: int, lane: int) -> Any:
        """The address of one lane of a row."""
        first = self.builder.bitcast(self.place(array, index), self.number.as_pointer())
        return self.builder.gep(first, [self.values[lane]])

    def row(self, array: int, index: int) -> Any:
        """All lanes of a row."""
        return self.builder.load(self.place(array, index), align=1)

    def spread(self, value: Any) -> Any:
        """A row whose lanes all are one number, or its lowest byte."""
        if self.number.width < _WORD.width:
            value = self.builder.trunc(value, self.number)
        nothing = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(nothing, value, ir.Constant(_WORD, 0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, nothing, places)

    def flags(self, mask: int) -> Any:
        """A mask as a flag of each lane."""
        bits = self.values[mask]
        if self.lanes < _WORD.width:
            bits = self.builder.trunc(bits, ir.IntType(self.lanes))
        return self.builder.bitcast(bits, ir.VectorType(_FLAG, self.lanes))

    def mask(self, flags: Any) -> Any:
        """A flag of each lane as a mask."""
        bits = self.builder.bitcast(flags, ir.IntType(self.lanes))
        return self.builder.zext(bits, _WORD) if self.lanes < _WORD.width else bits

    def put(self, row: Any, array: int, index: int, mask: int) -> Any:
        """Writes the lanes of a mask and leaves the others."""
        place = self.place(array, index)
        chosen = self.builder.select(self.flags(mask), row, self.builder.load(place, align=1))
        self.builder.store(chosen, place, align=1)
        return self.context.get_dummy_value()

    def call(self, name: str, result: Any, *values: Any) -> Any:
        """Calls one of LLVM's operations on rows."""
        kind = ir.FunctionType(result, [value.type for value in values])
        full_name = f"llvm.{name}.v{self.lanes}i{self.number.width}"
        operation = get_or_insert_function(self.builder.module, kind, full_name)  # type: ignore[no-untyped-call]
        return self.builder.call(operation, values)


def _emits(code: Callable[[_Emitter], Any]) -> Callable[..., Any]:
    """Numba's form of a function that emits code."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return code(_Emitter(context, builder, signature, arguments))

    return codegen


def _aligned(typing_context: Any, array: Any) -> Any:
    """Compiles `aligned`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, value=arguments[0])
        address, row = builder.ptrtoint(view.data, _WORD), _row_in(array)
        size = row.lanes * row.bits // 8
        up = builder.and_(builder.add(address, ir.Constant(_WORD, size - 1)), ir.Constant(_WORD, -size))
        view.data = builder.inttoptr(up, view.data.type)
        view.nitems = builder.sub(view.nitems, ir.Constant(_WORD, 1))
        view.shape = builder.insert_value(view.shape, view.nitems, 0)
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), codegen


def _lanes_in(typing_context: Any, rows: Any) -> Any:
    """Compiles `lanes_in`."""
    return types.int64(rows), _emits(lambda emit: ir.Constant(_WORD, emit.lanes))


def _row_of(typing_context: Any, rows: Any, index: Any) -> Any:
    """Compiles `row_of`."""
    return _row_in(rows)(rows, types.int64), _emits(lambda emit: emit.row(0, 1))


def _spread(typing_context: Any, rows: Any, value: Any) -> Any:
    """Compiles `spread`."""
    return _row_in(rows)(rows, types.int64), _emits(lambda emit: emit.spread(emit.values[1]))


def _put_row(typing_context: Any, rows: Any, to: Any, row: Any, mask: Any) -> Any:
    """Compiles `put_row`."""
    code = _emits(lambda emit: emit.put(emit.values[2], 0, 1, 3))
    return types.void(rows, types.int64, row, types.int64), code


def _add_to_row(typing_context: Any, rows: Any, to: Any, of: Any, amount: Any, mask: Any) -> Any:
    """Compiles `add_to_row`."""

    def code(emit: _Emitter) -> Any:
        return emit.put(emit.builder.add(emit.row(0, 2), emit.spread(emit.values[3])), 0, 1, 4)

    return types.void(rows, types.int64, types.int64, types.int64, types.int64), _emits(code)


def _set_row(typing_context: Any, rows: Any, to: Any, value: Any, mask: Any) -> Any:
    """Compiles `set_row`."""
    code = _emits(lambda emit: emit.put(emit.spread(emit.values[2]), 0, 1, 3))
    return types.void(rows, types.int64, types.int64, types.int64), code


def _copy_row(typing_context: Any, rows: Any, to: Any, others: Any, of: Any, mask: Any) -> Any:
    """Compiles `copy_row`."""
    code = _emits(lambda emit: emit.put(emit.row(2, 3), 0, 1, 4))
    return types.void(rows, types.int64, others, types.int64, types.int64), code


def _copy_rows(typing_context: Any, rows: Any, to: Any, of: Any, mask: Any) -> Any:
    """Compiles `copy_rows`."""

    def code(emit: _Emitter) -> Any:
        several = ir.VectorType(emit.number, _WORD.width)
        of, to = (emit.builder.bitcast(emit.place(0, row), several.as_pointer()) for row in (2, 1))
        each = ir.Constant(_WORD, sum(1 << bit for bit in range(0, _WORD.width, emit.lanes)))
        flags = emit.builder.bitcast(emit.builder.mul(emit.values[3], each), ir.VectorType(_FLAG, _WORD.width))
        copied, kept = (emit.builder.load(place, align=1) for place in (of, to))
        emit.builder.store(emit.builder.select(flags, copied, kept), to, align=1)
        return emit.context.get_dummy_value()

    return types.void(rows, types.int64, types.int64, types.int64), _emits(code)


def _grow_row(typing_context: Any, rows: Any, to: Any, counts: Any, rate: Any, mask: Any) -> Any:
    """Compiles `grow_row`."""

    def code(emit: _Emitter) -> Any:
        grown = emit.builder.mul(emit.values[2], emit.spread(emit.values[3]))
        return emit.put(emit.builder.add(emit.row(0, 1), grown), 0, 1, 4)

    return types.void(rows, types.int64, counts, types.int64, types.int64), _emits(code)


def _pace_row(typing_context: Any, rows: Any, to: Any, counts: Any, rate: Any, more: Any, mask: Any) -> Any:
    """Compiles `pace_row`."""

    def code(emit: _Emitter) -> Any:
        grown = emit.builder.mul(emit.builder.zext(emit.values[2], emit.vector), emit.spread(emit.values[3]))
        moved = emit.builder.add(emit.builder.sub(emit.row(0, 1), grown), emit.spread(emit.values[4]))
        return emit.put(moved, 0, 1, 5)

    return types.void(rows, types.int64, counts, types.int64, types.int64, types.int64), _emits(code)


def _next_row(typing_context: Any, last: Any, keep: Any, loaded: Any, take: Any, amount: Any) -> Any:
    """Compiles `next_row`."""

    def code(emit: _Emitter) -> Any:
        last, keep, loaded, take, amount = emit.values
        kept = emit.builder.and_(last, emit.spread(keep))
        taken = emit.builder.and_(loaded, emit.spread(take))
        return emit.builder.add(emit.builder.add(kept, taken), emit.spread(amount))

    return last(last, types.int64, loaded, types.int64, types.int64), _emits(code)


def _spots(typing_context: Any, rows: Any, index: Any, far: Any, cells: Any) -> Any:
    """Compiles `spots`."""

    def code(emit: _Emitter) -> Any:
        cell = emit.builder.add(emit.row(0, 1), emit.spread(emit.values[2]))
        around = emit.builder.sub(cell, emit.spread(emit.values[3]))
        cell = emit.builder.select(emit.builder.icmp_unsigned("<", cell, around), cell, around)
        size, lanes = ir.Constant(_WORD, emit.lanes), ir.Constant(emit.vector, list(range(emit.lanes)))
        return emit.builder.add(emit.builder.mul(cell, emit.spread(size)), lanes)

    return _row_in(rows)(rows, types.int64, types.int64, types.int64), _emits(code)


def _passes_of(typing_context: Any, tested: Any, shift: Any, inverse: Any) -> Any:
    """Compiles `passes_of`."""

    def code(emit: _Emitter) -> Any:
        tested, shift, inverse = emit.values
        nothing = ir.Constant(emit.vector, None)
        shifts = emit.spread(shift)
        times = emit.builder.mul(emit.builder.lshr(emit.builder.sub(nothing, tested), shifts), emit.spread(inverse))
        return emit.builder.and_(times, emit.builder.lshr(emit.builder.not_(nothing), shifts))

    return tested(tested, types.int64, types.int64), _emits(code)


def _less(typing_context: Any, row: Any, amount: Any) -> Any:
    """Compiles `less`."""

    def code(emit: _Emitter) -> Any:
        return emit.call("usub.sat", emit.vector, emit.values[0], emit.spread(emit.values[1]))

    return row(row, types.int64), _emits(code)


def _least_of(typing_context: Any, row: Any, mask: Any) -> Any:
    """Compiles `least_of`."""

    def code(emit: _Emitter) -> Any:
        words = emit.number.width == _WORD.width
        chosen = emit.builder.select(emit.flags(1), emit.values[0], emit.spread(ir.Constant(_WORD, (1 << 63) - 1)))
        least = emit.call(f"vector.reduce.{'smin' if words else 'umin'}", emit.number, chosen)
        return least if words else emit.builder.zext(least, _WORD)

    return types.int64(row, types.int64), _emits(code)


def _most_of(typing_context: Any, row: Any, mask: Any) -> Any:
    """Compiles `most_of`."""

    def code(emit: _Emitter) -> Any:
        chosen = emit.builder.select(emit.flags(1), emit.values[0], ir.Constant(emit.vector, None))
        return emit.builder.zext(emit.call("vector.reduce.umax", emit.number, chosen), _WORD)

    return types.int64(row, types.int64), _emits(code)


def _lanes_less(typing_context: Any, row: Any, value: Any) -> Any:
    """Compiles `lanes_less`."""

    def code(emit: _Emitter) -> Any:
        return emit.mask(emit.builder.icmp_signed("<", emit.values[0], emit.spread(emit.values[1])))

    return types.int64(row, types.int64), _emits(code)


def _lanes_with(typing_context: Any, row: Any, bits: Any) -> Any:
    """Compiles `lanes_with`."""

    def code(emit: _Emitter) -> Any:
        common = emit.builder.and_(emit.values[0], emit.spread(emit.values[1]))
        return emit.mask(emit.builder.icmp_unsigned("!=", common, ir.Constant(emit.vector, None)))

    return types.int64(row, types.int64), _emits(code)


def _lanes_at(typing_context: Any, rows: Any, index: Any, value: Any) -> Any:
    """Compiles `lanes_at`."""

    def code(emit: _Emitter) -> Any:
        return emit.mask(emit.builder.icmp_unsigned("==", emit.row(0, 1), emit.spread(emit.values[2])))

    return types.int64(rows, types.int64, types.int64), _emits(code)


def _equal_lanes(typing_context: Any, rows: Any, index: Any, others: Any, other: Any) -> Any:
    """Compiles `equal_lanes`."""

    def code(emit: _Emitter) -> Any:
        return emit.mask(emit.builder.icmp_unsigned("==", emit.row(0, 1), emit.row(2, 3)))

    return types.int64(rows, types.int64, others, types.int64), _emits(code)


def _lane(typing_context: Any, rows: Any, index: Any, lane: Any) -> Any:
    """Compiles `lane_of`."""

    def code(emit: _Emitter) -> Any:
        number = emit.builder.load(emit.lane(0, 1, 2))
        return number if emit.number.width == _WORD.width else emit.builder.zext(number, _WORD)

    return types.int64(rows, types.int64, types.int64), _emits(code)


def _put_lane(typing_context: Any, rows: Any, index: Any, lane: Any, value: Any) -> Any:
    """Compiles `put_lane`."""

    def code(emit: _Emitter) -> Any:
        value = emit.values[3]
        if emit.number.width < _WORD.width:
            value = emit.builder.trunc(value, emit.number)
        emit.builder.store(value, emit.lane(0, 1, 2))
        return emit.context.get_dummy_value()

    return types.void(rows, types.int64, types.int64, types.int64), _emits(code)


def _first_lane(typing_context: Any, mask: Any) -> Any:
    """Compiles `first_lane`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(_FLAG, 1))

    return types.int64(types.int64), codegen


def _last_lane(typing_context: Any, mask: Any) -> Any:
    """Compiles `last_lane`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        leading = builder.ctlz(arguments[0], ir.Constant(_FLAG, 1))
        return builder.sub(ir.Constant(_WORD, _WORD.width - 1), leading)

    return types.int64(types.int64), codegen


def _count_lanes(typing_context: Any, mask: Any) -> Any:
    """Compiles `count_lanes`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), codegen


aligned: Any = intrinsic(_aligned)
"""The same rows less one, from an address on that is a multiple of their size, so that none lies across two lines of
the cache; not counted, like what `vm.jit.borrowed` gives."""
lanes_in: Any = intrinsic(_lanes_in)
"""How many lanes the rows of an array have."""
row_of: Any = intrinsic(_row_of)
"""`rows[index]`: `(rows, index)`."""
spread: Any = intrinsic(_spread)
"""A row like those of an array, with one number in all lanes: `(rows, number)`."""
put_row: Any = intrinsic(_put_row)
"""`rows[to] = row` in the lanes of a mask: `(rows, to, row, mask)`."""
add_to_row: Any = intrinsic(_add_to_row)
"""`rows[to] = rows[of] + amount` in the lanes of a mask: `(rows, to, of, amount, mask)`."""
set_row: Any = intrinsic(_set_row)
"""`rows[to] = value` in the lanes of a mask: `(rows, to, value, mask)`."""
copy_row: Any = intrinsic(_copy_row)
"""`rows[to] = others[of]` in the lanes of a mask: `(rows, to, others, of, mask)`."""
copy_rows: Any = intrinsic(_copy_rows)
"""`copy_row` of as many rows as 64 bytes are, all read before the first is written: `(rows, to, of, mask)`."""
grow_row: Any = intrinsic(_grow_row)
"""`rows[to] += counts * rate` in the lanes of a mask, `counts` being a row: `(rows, to, counts, rate, mask)`."""
pace_row: Any = intrinsic(_pace_row)
"""`rows[to] += more - counts * rate`, words, `counts` being bytes: `(rows, to, counts, rate, more, mask)`."""
next_row: Any = intrinsic(_next_row)
"""`(last & keep) + (loaded & take) + amount` of two rows: `(last, keep, loaded, take, amount)`."""
spots: Any = intrinsic(_spots)
"""Where each lane's cell is that is `rows[index]` behind `cell`, around so many cells, in an array of rows of bytes and
counted in bytes; a row of words: `(rows, index, cell, cells)`."""
passes_of: Any = intrinsic(_passes_of)
"""`vm.loop_forms.passes_left` of every lane, where there is an end: `(tested, shift, inverse)`, `shift` below 8."""
less: Any = intrinsic(_less)
"""A row of bytes less an amount, at least 0: `(row, amount)`."""
least_of: Any = intrinsic(_least_of)
"""The least number in the lanes of a mask: `(row, mask)`."""
most_of: Any = intrinsic(_most_of)
"""The largest byte in the lanes of a mask: `(row, mask)`."""
lanes_less: Any = intrinsic(_lanes_less)
"""The lanes of a row of words that are less than a number: `(row, number)`."""
lanes_with: Any = intrinsic(_lanes_with)
"""The lanes of a row that have any of some bits: `(row, bits)`."""
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
last_lane: Any = intrinsic(_last_lane)
"""The highest lane of a mask that is not empty."""
count_lanes: Any = intrinsic(_count_lanes)
"""How many lanes a mask has."""
