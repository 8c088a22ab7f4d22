"""Runs programs as machine code of their own, made of templates as far as a run comes (see `vm.native_code`).

Code is made a stretch of the program at a time, in one pass. A block, which begins where the program does or after a
bracket and ends with the next bracket, begins with a header: that takes what the block costs from the steps left, and
leaves the code if they are too few. A bracket leaves it, too, as long as there is no code for what it leads to.

All that there is to know for it is in a *state*, an `int64` array: first what the code itself uses, then where things
are, then some words for each place in the program (see `LINKS`).
"""

from __future__ import annotations

from typing import Any

import numba.extending
from llvmlite import ir
from numba import types

from vm.block_kernel import run_plainly
from vm.blocks import (
    BRACKETS,
    COPIES,
    COST,
    HOT,
    KIND,
    MEANINGS,
    NOWHERE,
    PART,
    REACHED,
    SETS,
    SPARES,
    STEP0,
    STREAMS,
    THE_END,
    count_brackets,
    find_blocks,
    find_brackets,
    find_closing,
)
from vm.jit import kernel
from vm.lanes import first_lane as first_bit
from vm.lanes import last_lane as last_bit
from vm.layout import FINISHED, LIMIT, OUT_LIMIT, RUNNING, STEP_LIMIT, UNMATCHED_BRACKET
from vm.native_code import (
    AMOUNT_AT,
    BLOCK,
    BLOCK_BEFORE,
    CODE_AT,
    COST_BEFORE,
    ENTRY,
    HEAD0,
    HEAD1,
    HEADER_AT,
    HEADER_SIZE,
    INPUT,
    INPUT_END,
    JUMP,
    JUMP_BEFORE,
    JUMP_THROUGH,
    LEAVE_BEFORE,
    LEAVES,
    LEAVING,
    LEAVING_SIZE,
    LEFT,
    OUTPUT,
    OUTPUT_END,
    SIZE_AT,
    SPARE,
    TEMPLATE,
    TO_END,
    TO_LIMIT,
    TO_MORE,
    TO_PARTNER,
)
from vm.raw import EQUAL, WORD, address, byte, copy_half_row, equal_bytes, half, put_byte, put_half, put_word, word

MEMORY, SOURCE, TOTAL, BEGIN, LENGTH, SYMBOLS, SYMBOLS_END, TEMPLATES, CODE, CODE_END = range(10, 20)
"""Words of the state: addresses of the memory, of all programs and how long they are; where in them this one begins and
how long it is; what `vm.blocks` knows of brackets; addresses of templates, and of memory for code and its end."""
CURSOR, OWN, STRICT = range(20, 23)
"""Where the next code is to be and where that of this program begins; a jump that leads nowhere is a fault."""
NOBODY = 23
"""A word that nobody reads."""
LINKS, TARGET, NEXT, BEHIND, PARTNER, OUTER = 5, 0, 1, 2, 3, 4
STATE = 30
"""Words for each place of the program. `TARGET`: of a place where a block begins the code to jump to, if not less than
`OWN`; `NEXT`: where code that ends before it goes on. Of a bracket that there is code for: what is behind that, its
partner or -1, and the bracket that is open around it; the last one also of a place where code ends. The words before
place 0 stand for no bracket."""
FEW_STEPS, MOST_STEPS = 500, 4_000
"""Steps that a run makes as code, fewer if it is in a simple loop then; what is left is worth looking for its forms."""
ALIGNED = 64
SLACK = 8
"""Templates that there is room for beside those of the instructions."""


def _run_code(typing_context: Any, entry: Any, memory: Any, state: Any, target: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * 3)
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64, types.int64), codegen


run_code: Any = numba.extending.intrinsic(_run_code)
"""Calls the code at an address with that of a memory, of a state, and of where to begin."""


@kernel(inline=True)
def _at(state: int, which: int) -> Any:
    return word(state + which * WORD)


@kernel(inline=True)
def _put(state: int, which: int, value: int) -> None:
    put_word(state + which * WORD, value)


@kernel(inline=True)
def _link(state: int, place: int, which: int) -> Any:
    """The address of one of a place's words."""
    return state + (STATE + place * LINKS + which) * WORD


@kernel(inline=True)
def _leaving(state: int, reason: int) -> Any:
    return _at(state, CODE) + LEAVING + reason * LEAVING_SIZE


@kernel(inline=True)
def words_of_state(longest: int) -> int:
    """How many words a state has for programs of up to so many instructions."""
    return STATE + (longest + 2) * LINKS


@kernel()
def prepare_code(
    state: Any, source: Any, shapes: Any, templates: Any, room: Any, memory: Any, strict: bool
) -> None:  # fmt: skip
    """Fills a state with what is the same for all programs of a batch.

    Args:
        state: `int64[words_of_state(…)]`, all zero.
        source: `uint8[total]`, all programs.
        shapes: see `vm.blocks.bracket_shapes`.
        templates: `uint8[256, TEMPLATE]`, or without a row: then nothing is run as code.
        room: `uint8[CODE_SIZE]`, see `vm.native_code.room_for_code`; or empty.
        memory: `uint8[memory]`.
        strict: a jump from a bracket without a partner is a fault.
    """
    at = address(state)
    _put(at, SOURCE, address(source))
    _put(at, TOTAL, len(source))
    _put(at, SYMBOLS, address(shapes))
    _put(at, SYMBOLS_END, address(shapes) + len(shapes))
    _put(at, TEMPLATES, address(templates))
    _put(at, CODE, address(room) if len(templates) > 0 and len(room) > 0 else 0)
    _put(at, CODE_END, address(room) + len(room))
    _put(at, CURSOR, address(room) + CODE_AT)
    _put(at, MEMORY, address(memory))
    _put(at, STRICT, strict)
    put_word(_link(at, -1, OUTER), -1)


@kernel(inline=True)
def begin_code(state: Any, begin: int, end: int) -> None:
    """Forgets the code of the last program; the next one is `begin` to `end` of the source.

    Addresses of code grow, so that none of an older program is taken for one of this; where they begin anew, all are
    forgotten.
    """
    at = address(state)
    room = _at(at, CODE_END) - _at(at, CODE)
    if _at(at, CODE_END) - _at(at, CURSOR) < min((end - begin + SLACK) * TEMPLATE, room // 2):
        _put(at, CURSOR, _at(at, CODE) + CODE_AT)
        state[STATE:] = 0
    _put(at, OWN, _at(at, CURSOR))
    _put(at, BEGIN, begin)
    _put(at, LENGTH, end - begin)


@kernel(inline=True)
def _put_jump(at: int, target: int) -> None:
    """Completes a jump whose distance is at an address."""
    put_half(at, target - (at + 4))


@kernel(inline=True)
def _put_header(place: int, block: int, leaving: int) -> None:
    """Completes the header of a block that ends at a place, but for what it costs."""
    put_half(place - COST_BEFORE, 0)
    put_half(place - BLOCK_BEFORE, block)
    put_half(place - LEAVE_BEFORE, leaving - place)


@kernel(inline=True)
def _copy_all(state: int, first: int, stop: int, place: int) -> Any:
    """Makes the code of some instructions, brackets and headers not completed; returns where the next is to be."""
    templates, at = _at(state, TEMPLATES), _at(state, SOURCE) + _at(state, BEGIN) + first
    stop_at, behind = at + stop - first, _link(state, first, BEHIND)
    while at < stop_at:
        times = equal_bytes(at, stop_at)
        row = templates + byte(at) * TEMPLATE
        amount_at = byte(row + AMOUNT_AT)
        if times > 0 and amount_at > 0:
            copy_half_row(row, place)
            put_byte(place + amount_at, byte(row + amount_at) * times)
            place += byte(row + SIZE_AT)
            at += times
            behind += times * LINKS * WORD
            continue
        part = min(stop_at, at + EQUAL)
        while at < part:
            row = templates + byte(at) * TEMPLATE
            copy_half_row(row, place)
            place += byte(row + SIZE_AT)
            put_word(behind, place)
            at += 1
            behind += LINKS * WORD
    return place


@kernel()
def _make(state: int, block: int, inner: int) -> int:
    """Makes code from the start of a block on; returns its address, or 0 if there is no room for it.

    What is done for a bracket does not depend on which it is by a jump: to predict one wrongly would take longer.

    Args:
        state: its address.
        block: where it begins.
        inner: the innermost open bracket there, or -1.
    """
    source, begin, length = _at(state, SOURCE), _at(state, BEGIN), _at(state, LENGTH)
    begins = _at(state, CURSOR) + ALIGNED - 1 & -ALIGNED
    limit, unknown, own = _leaving(state, TO_LIMIT), _leaving(state, TO_PARTNER), _at(state, OWN)
    nobody, strict = state + NOBODY * WORD, _at(state, STRICT)
    place = header = begins + HEADER_SIZE
    at = stop = block
    found = closing = 0
    while found == 0 and (stop < length or stop == block):
        at, stop = stop, min(stop + PART, length)
        if place + (stop - at + SLACK) * TEMPLATE > _at(state, CODE_END):
            return 0
        if at == block:
            copy_half_row(_at(state, CODE) + HEADER_AT, begins)
            _put_header(header, block, limit)
        if at == length:
            break
        found, closing = find_brackets(
            source, begin + at, begin + stop, _at(state, TOTAL), _at(state, SYMBOLS), _at(state, SYMBOLS_END)
        )
        last = stop if stop == length or found == 0 else at + last_bit(found) + 1
        place = _copy_all(state, at, last, place)
    put_word(_link(state, block, TARGET), begins)
    put_word(_link(state, block, NEXT), begins)
    known = False
    while found != 0:
        bracket = at + first_bit(found)
        closes, own_place = closing >> first_bit(found) & 1, _link(state, bracket, BEHIND)
        found &= found - 1
        put_half(header - COST_BEFORE, bracket + 1 - block)
        block, header = bracket + 1, word(own_place)
        follows, jump = header - HEADER_SIZE, header - JUMP_BEFORE
        _put_header(header, block, limit)
        known = word(_link(state, block, TARGET)) >= own
        target = word(_link(state, inner + 1, TARGET))
        target = target if target >= own else unknown
        target = target if inner >= 0 else unknown if strict else follows
        _put_jump(jump, target if closes else unknown)
        partner = inner if closes else -1
        opened = word(_link(state, partner, BEHIND)) - JUMP_BEFORE
        _put_jump(opened if opened >= begins else nobody, follows)
        put_word(_link(state, partner, PARTNER), bracket)
        put_word(_link(state, bracket, PARTNER), partner)
        put_word(_link(state, bracket, OUTER), inner)
        inner = word(_link(state, inner, OUTER)) if closes else bracket
        if known:
            break
        put_word(_link(state, block, TARGET), follows)
        put_word(_link(state, block, NEXT), follows)
    if stop == length and not known:
        put_half(header - COST_BEFORE, length - block)
        put_byte(place, JUMP)
        _put_jump(place + 1, _leaving(state, TO_END))
        while not strict and word(_link(state, inner, BEHIND)) >= begins:
            jump = word(_link(state, inner, BEHIND)) - JUMP_BEFORE
            _put_jump(jump, jump + 4)
            inner = word(_link(state, inner, OUTER))
    else:
        if not known:
            put_word(_link(state, block, OUTER), inner)
            put_word(_link(state, block, NEXT), _leaving(state, TO_MORE))
        put_half(header, JUMP_THROUGH)
        put_half(header + 2, _link(state, block, NEXT) - state)
    _put(state, CURSOR, place + SLACK)
    return begins  # type: ignore[no-any-return]


@kernel(inline=True)
def _is_stopped(state: int, place: int) -> bool:
    """Whether a run is at a block that there is code for: it may not make another step there."""
    return place >= 0 and word(_link(state, place, TARGET)) >= _at(state, OWN)


@kernel(inline=True)
def _cost(state: int, block: int) -> Any:
    """Steps of a block that there is code for, its bracket included."""
    return half(word(_link(state, block, TARGET)) + HEADER_SIZE - COST_BEFORE)


@kernel()
def run_on(state: int, block: int, inner: int) -> int:
    """Runs a program from the start of a block on, as far as the steps in the state go.

    What the state has of the run is where it has come to then. Fewer steps than the next block takes may be left.

    Args:
        state: its address.
        block: where the block begins.
        inner: the innermost open bracket there, or -1.

    Returns:
        Where the next block begins, or `THE_END` or `NOWHERE`.
    """
    jump = 0
    while True:
        target = word(_link(state, block, TARGET))
        if target < _at(state, OWN):
            target = _make(state, block, inner)
        if target == 0:
            return block
        if jump != 0:
            _put_jump(jump, target)
        run_code(_at(state, CODE) + ENTRY, _at(state, MEMORY), state, target)
        reason, block = _at(state, LEAVES), _at(state, BLOCK)
        while reason == TO_MORE:
            target = _make(state, block, word(_link(state, block, OUTER)))
            if target == 0:
                return block
            run_code(_at(state, CODE) + ENTRY, _at(state, MEMORY), state, target)
            reason, block = _at(state, LEAVES), _at(state, BLOCK)
        if reason == TO_LIMIT:
            _put(state, LEFT, (_at(state, LEFT) << 32 >> 32) + _cost(state, block))
            return block
        if reason == TO_END:
            return THE_END
        bracket = block + _cost(state, block) - 1
        jump, inner = word(_link(state, bracket, BEHIND)) - JUMP_BEFORE, word(_link(state, bracket, OUTER))
        begin, partner = _at(state, BEGIN), word(_link(state, bracket, PARTNER))
        opens = byte(_at(state, SYMBOLS) + byte(_at(state, SOURCE) + begin + bracket)) == 1
        if opens and partner < 0:
            partner = find_closing(
                1, _at(state, SOURCE), begin + bracket + 1, begin + _at(state, LENGTH), _at(state, TOTAL),
                _at(state, SYMBOLS), _at(state, SYMBOLS_END),
            ) - begin  # fmt: skip
            put_word(_link(state, bracket, PARTNER), max(partner, -1))
        if partner < 0:
            if _at(state, STRICT):
                return NOWHERE
            block, inner = bracket + 1, bracket if opens else inner
        else:
            block, inner = partner + 1, inner if opens else partner


@kernel(inline=True)
def _is_linear(state: int, block: int, table: int, cells: int) -> bool:
    """Whether a block is an innermost loop that only adds, always to the same cells."""
    bracket = block + _cost(state, block) - 1
    if block == 0 or word(_link(state, bracket, PARTNER)) != block - 1:
        return False
    at = _at(state, SOURCE) + _at(state, BEGIN)
    travel = kinds = 0
    for place in range(at + block, at + bracket):
        row = table + byte(place) * (MEANINGS * WORD)
        travel += word(row + STEP0 * WORD)
        kinds |= word(row + KIND * WORD)
    return travel % cells == 0 and kinds & (COPIES | SETS | STREAMS | SPARES) == 0


@kernel(inline=True)
def begin_run(
    state: Any, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, memory: Any, inputs: Any, at: Any, size: int, output: Any, settings: Any, h0: Any,
    h1: Any,
) -> tuple[int, Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a program from its beginning as code, as far as that can be done and is worth it.

    The parameters are those of `vm.block_kernel.run_blocks`, which goes on with what is returned if the run is not
    over: the status, the row, the place in the input, where the heads are, the spare register, the bytes that are
    written and the steps that are left.
    """
    here, limit = address(state), settings[LIMIT]
    steps, most = min(limit, FEW_STEPS), min(limit, MOST_STEPS)
    if _at(here, CODE) == 0 or most > settings[OUT_LIMIT]:
        return RUNNING, 0, at, h0, h1, 0, 0, limit
    _put(here, LEFT, steps)
    _put(here, HEAD0, h0)
    _put(here, HEAD1, h1)
    _put(here, INPUT, address(inputs) + at)
    _put(here, INPUT_END, address(inputs) + size)
    _put(here, OUTPUT, address(output))
    _put(here, OUTPUT_END, address(output) + len(output))
    _put(here, SPARE, 0)
    place = run_on(here, 0, -1)
    if most > steps and _is_stopped(here, place) and not _is_linear(here, place, address(table), len(memory)):
        _put(here, LEFT, _at(here, LEFT) + most - steps)
        steps = most
        place = run_on(here, place, -1)
    left = limit - steps + _at(here, LEFT)
    at, written = _at(here, INPUT) - address(inputs), _at(here, OUTPUT) - address(output)
    h0, h1, spare = _at(here, HEAD0), _at(here, HEAD1), _at(here, SPARE)
    status, row = RUNNING, place
    if place == THE_END:
        status = FINISHED
    elif place == NOWHERE:
        status = UNMATCHED_BRACKET
        left += 1
    elif _is_stopped(here, place) and left < _cost(here, place):
        _, _, _, _, _, written, left = run_plainly(
            source, begin + place, begin + place + left, table, memory, inputs, at, size, output, settings, h0, h1,
            spare, written, left,
        )  # fmt: skip
        status = STEP_LIMIT
    else:
        block = count_brackets(
            address(source), begin, begin + place, len(source), address(shapes), address(shapes) + len(shapes)
        )
        if progress[BRACKETS] <= block:
            find_blocks(block, False, source, begin, end, shapes, edges, partners, pending, blocks, progress)
        row = block * HOT
        if blocks[row + COST] < 0:
            blocks[row + COST] = REACHED
    return status, row, at, h0, h1, spare, written, left
