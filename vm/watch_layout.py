"""How kernels see stops: a row each, the code of their conditions, and what makes the run loop look at them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vm.conditions import MAX_DEPTH, Condition, Op
from vm.dialect import Dialect, Io, Primitive
from vm.layout import ARMED, OP_BITS
from vm.settings import Settings
from vm.stops import Cells, Change, Stop, StopSet, Stream
from vm.touch import READS_HEAD0, READS_HEAD1, WRITES_HEAD0, WRITES_HEAD1, Access

AT_INSTRUCTION, ON_CELLS, ON_STREAM, ON_CHANGE = range(4)
KIND, WHERE, CONDITION, RULE, COUNT, AFTER, SIZE, HEAD, ACCESS, QUIET = range(10)
"""Columns of a stop's row. `WHERE` is an instruction, the first cell or the start of an expression."""
NO_HEAD = NO_STOP = -1
CODE_END = -1
NO_CONDITION = -1
WITH_CONSTANT = 64
"""Added to an operator: its right side is the number beside it."""
MEMORY_AT = len(Op)
"""The cell whose number is beside it."""

TOUCH, VALUE = 1, 2
"""Why a primitive always matters: for what it touches, or for the values of expressions alone."""

NOTHING_WATCHED = (
    np.empty((0, 10), np.int64),
    np.empty((0, 2), np.int64),
    np.empty((0, 0), np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.uint8),
    np.empty((0, 0), np.int64),
)
"""What a run loop is given that does not look for stops."""

ALL_OPS = np.arange(OP_BITS + 1) < ARMED
_WRITERS = WRITES_HEAD0 | WRITES_HEAD1
_READERS = READS_HEAD0 | READS_HEAD1
_HEAD0, _HEAD1, _ALWAYS, _TOUCHES = range(4)


@dataclass(frozen=True, slots=True)
class PackedStops:
    """A stop set as the kernels take it.

    Attributes:
        rows: `int64[stops, 10]`.
        codes: `int64[operations, 2]`, conditions and expressions one after the other, each ended by `CODE_END`.
        mask: `uint8[memory]`, at each cell which accesses are watched: `READ` and `WRITE` bits.
        traps: `int64[4, 256]`, for each primitive: the bits of `mask` that matter at head0 and at head1, whether it
            always matters (`TOUCH`, `VALUE`), and whether what it touches does.
        stack: `int64[MAX_DEPTH]`, scratch of the conditions.
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    mask: NDArray[np.uint8]
    traps: NDArray[np.int64]
    stack: NDArray[np.int64]


def pack_stops(stops: StopSet, dialect: Dialect, settings: Settings) -> PackedStops:
    """Packs a stop set for a machine."""
    codes = _Codes()
    rows = np.array([_row(stop, codes) for stop in stops.stops], np.int64).reshape(-1, 10)
    mask = np.zeros(settings.memory, np.uint8)
    traps = np.zeros((4, OP_BITS + 1), np.int64)
    if stops.is_watching:
        _trap(traps[_HEAD0], READS_HEAD0, Access.READ)
        _trap(traps[_HEAD0], WRITES_HEAD0, Access.WRITE)
        _trap(traps[_HEAD1], READS_HEAD1, Access.READ)
        _trap(traps[_HEAD1], WRITES_HEAD1, Access.WRITE)
        for stop in stops.stops:
            _watch(stop, mask, traps[_ALWAYS], dialect, settings)
    traps[_TOUCHES] = traps[_ALWAYS] & TOUCH
    return PackedStops(rows, codes.joined(), mask, traps, np.empty(MAX_DEPTH, np.int64))


class _Codes:
    """Postfix code being put one after the other."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.int64]] = [np.empty((0, 2), np.int64)]
        self._length = 0

    def add(self, condition: Condition | None) -> int:
        if condition is None:
            return NO_CONDITION
        start = self._length
        code = _fused(condition)
        self._parts += [code, np.array([[CODE_END, 0]], np.int64)]
        self._length += len(code) + 1
        return start

    def joined(self) -> NDArray[np.int64]:
        return np.ascontiguousarray(np.concatenate(self._parts))


def _fused(condition: Condition) -> NDArray[np.int64]:
    """The code of a condition with each constant in the operation that takes it from the top of the stack."""
    fused: list[tuple[int, int]] = []
    for operation, constant in condition.code.tolist():
        after_constant = bool(fused) and fused[-1][0] == Op.CONSTANT
        if after_constant and operation == Op.MEMORY:
            fused[-1] = MEMORY_AT, fused[-1][1]
        elif after_constant and operation >= Op.OR:
            fused[-1] = WITH_CONSTANT + operation, fused[-1][1]
        else:
            fused.append((operation, constant))
    return np.array(fused, np.int64).reshape(-1, 2)


def _row(stop: Stop, codes: _Codes) -> tuple[int, ...]:
    place = stop.place
    kind, where, size, head, access = AT_INSTRUCTION, 0, 0, NO_HEAD, 0
    if isinstance(place, int):
        where = place
    elif isinstance(place, Cells):
        kind, where, size, access = ON_CELLS, place.low, place.size, int(place.access)
        head = NO_HEAD if place.head is None else place.head
    elif isinstance(place, Stream):
        kind, access = ON_STREAM, int(place.access)
    else:
        kind, where = ON_CHANGE, codes.add(place.expression)
    after = NO_STOP if stop.after is None else stop.after
    condition, rule = codes.add(stop.condition), stop.rule
    return kind, where, condition, int(rule.kind), rule.count, after, size, head, access, int(stop.quiet)


def _trap(row: NDArray[np.int64], primitives: frozenset[Primitive], bits: int) -> None:
    for primitive in primitives:
        row[primitive] |= bits


def _watch(
    stop: Stop, mask: NDArray[np.uint8], always: NDArray[np.int64], dialect: Dialect, settings: Settings
) -> None:
    """Makes the run loop look where this stop may be hit."""
    place = stop.place
    if isinstance(place, Cells):
        reads = bool(place.access & Access.READ)
        writes = bool(place.access & (Access.WRITE | Access.CHANGE))
        if place.head is None:
            accesses = np.uint8(reads * Access.READ | writes * Access.WRITE)
            low = place.low % len(mask)
            mask[low : low + place.size] |= accesses
            mask[: max(0, low + place.size - len(mask))] |= accesses
        else:
            _trap(always, (_READERS if reads else frozenset()) | (_WRITERS if writes else frozenset()), TOUCH)
    elif isinstance(place, Stream):
        _trap(always, frozenset({Primitive.WRITE if place.access & Access.OUTPUT else Primitive.READ}), TOUCH)
    elif isinstance(place, Change):
        _watch_inputs(place.expression, mask, always, dialect, settings)


def _watch_inputs(
    expression: Condition, mask: NDArray[np.uint8], always: NDArray[np.int64], dialect: Dialect, settings: Settings
) -> None:
    """Makes the run loop look at every step that can give an expression another value."""
    before: tuple[int, int] | None = None
    for operation, constant in expression.code.tolist():
        match Op(operation):
            case Op.PC | Op.STEP:
                always[ALL_OPS] |= VALUE
            case Op.HEAD0:
                _trap(always, frozenset({Primitive.MOVE0}), VALUE)
            case Op.HEAD1:
                _trap(always, frozenset({Primitive.MOVE1}), VALUE)
            case Op.CELL0:
                _trap(always, _WRITERS | {Primitive.MOVE0}, VALUE)
            case Op.CELL1:
                _trap(always, _WRITERS | {Primitive.MOVE1}, VALUE)
            case Op.MEMORY if before is not None and before[0] == Op.CONSTANT:
                if 0 <= before[1] < len(mask):
                    mask[before[1]] |= Access.WRITE
            case Op.MEMORY:
                _trap(always, _WRITERS, VALUE)
            case Op.OUTPUT | Op.OUT_LENGTH if dialect.io is Io.REGIONS:
                mask[settings.out_start :] |= np.uint8(Access.WRITE)
            case Op.OUTPUT | Op.OUT_LENGTH:
                _trap(always, frozenset({Primitive.WRITE}), VALUE)
        before = operation, constant
