"""Makes the machine code of programs out of templates, a stretch at a time (see `vm.native_code`).

Code is made a stretch of the program at a time, in one pass. A block, which begins where the program does or after a
bracket and ends with the next bracket, begins with a header: that takes what the block costs from the steps left, and
leaves the code if they are too few. A bracket leaves it, too, as long as there is no code for what it leads to.

All that there is to know for it is in a *state*, an `int64` array: first what the code itself uses, then where things
are, then some words for each place in the program (see `LINKS`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from vm.blocks import PART, find_brackets
from vm.jit import kernel
from vm.lanes import count_lanes as count_bits
from vm.lanes import first_lane as first_bit
from vm.lanes import last_lane as last_bit
from vm.native_code import (
    AMOUNT_AT,
    BLOCK_BEFORE,
    CODE_AT,
    COST_BEFORE,
    HEADER_AT,
    HEADER_SIZE,
    JUMP,
    JUMP_BEFORE,
    JUMP_THROUGH,
    LEAVE_BEFORE,
    LEAVING,
    LEAVING_SIZE,
    SIZE_AT,
    TEMPLATE,
    TO_END,
    TO_LIMIT,
    TO_MORE,
    TO_PARTNER,
)
from vm.native_rows import (
    PART_BEFORE,
    ROW_BLOCK_BEFORE,
    ROW_COST_BEFORE,
    ROW_HEADER_SIZE,
    ROW_JUMP_BEFORE,
    ROW_LEAVE_BEFORE,
    ROW_TEMPLATE,
    ROW_WAIT_BEFORE,
    TO_PART,
    TO_WAIT,
)
from vm.raw import (
    EQUAL,
    HALF_ROW,
    QUARTER_ROW,
    WORD,
    address,
    byte,
    copy_half_row,
    copy_quarter_row,
    equal_bytes,
    put_byte,
    put_half,
    put_word,
    word,
)


class Form(NamedTuple):
    """Sizes of templates, of headers, and how far before a header's end is what has to be completed; 0: there is none.

    See `vm.native_code` and `vm.native_rows`.
    """

    template: int
    header: int
    cost: int
    block: int
    limit: int
    jump: int
    wait: int
    part: int


SINGLE = Form(TEMPLATE, HEADER_SIZE, COST_BEFORE, BLOCK_BEFORE, LEAVE_BEFORE, JUMP_BEFORE, 0, 0)
"""Of code for one case."""
ROWS = Form(
    ROW_TEMPLATE, ROW_HEADER_SIZE, ROW_COST_BEFORE, ROW_BLOCK_BEFORE, ROW_LEAVE_BEFORE, ROW_JUMP_BEFORE,
    ROW_WAIT_BEFORE, PART_BEFORE,
)  # fmt: skip
"""Of code for rows of lanes."""

MEMORY, SOURCE, TOTAL, BEGIN, LENGTH, SYMBOLS, SYMBOLS_END, TEMPLATES, CODE, CODE_END = range(15, 25)
"""Words of the state: addresses of the memory, of all programs and how long they are; where in them this one begins and
how long it is; what `vm.blocks` knows of brackets; addresses of templates, and of memory for code and its end."""
CURSOR, OWN, STRICT = range(25, 28)
"""Where the next code is to be and where that of this program begins; a jump that leads nowhere is a fault."""
NOBODY, IN_HALVES, REACHED, TARGETS = range(28, 32)
"""A word that nobody reads; whether half of each template, and of brackets what is before the header, is enough; the
last place that code was made to since addresses of code began anew; the address of the first place's target."""
LINKS, NEXT, BEHIND, PARTNER, OUTER = 4, 0, 1, 2, 3
STATE = 36
"""Words for each place of the program. `NEXT`: where code that ends before it goes on. Of a bracket that there is code
for: what is behind that, its partner or -1, and the bracket that is open around it; the last one also of a place where
code ends. The words before place 0 stand for no bracket.

Behind all these there is a *target* for each place: of one where a block begins the code to jump to, if not less than
`OWN`. It is all that must be known of a place that there is no code for, so nothing else is cleared for a batch: of
long programs that would drive what is run out of the processor's cache."""
ALIGNED = 64
"""Code begins at a multiple of it."""
MANY_BRACKETS = 8
"""A stretch goes on until there are so many brackets in it: to make less takes longer where all is run in the end."""
SIGN = 63
"""The bit of an `int64` that fills it if it is shifted to the right so far."""
SLACK = 8
"""Templates that there is room for beside those of the instructions."""


@kernel(inline=True)
def word_of(state: int, which: int) -> Any:
    """A word of a state, which is given by its address."""
    return word(state + which * WORD)


@kernel(inline=True)
def put_word_of(state: int, which: int, value: int) -> None:
    """Writes a word of a state."""
    put_word(state + which * WORD, value)


@kernel(inline=True)
def link(state: int, place: int, which: int) -> Any:
    """The address of one of a place's words."""
    return state + (STATE + place * LINKS + which) * WORD


@kernel(inline=True)
def target_of(state: int, place: int) -> Any:
    """The address of a place's target."""
    return word_of(state, TARGETS) + place * WORD


@kernel(inline=True)
def shape_of(state: int, place: int) -> Any:
    """1 for an instruction that opens a loop, 3 for one that closes one."""
    return byte(word_of(state, SYMBOLS) + byte(word_of(state, SOURCE) + word_of(state, BEGIN) + place))


@kernel(inline=True)
def leaving(state: int, reason: int) -> Any:
    """The address that is jumped to so as to leave the code."""
    return word_of(state, CODE) + LEAVING + reason * LEAVING_SIZE


@kernel(inline=True)
def words_of_state(longest: int) -> int:
    """How many words a state has for programs of up to so many instructions."""
    return STATE + (longest + 2) * (LINKS + 1)


@kernel(inline=True)
def _is_in_halves(templates: Any, shapes: Any) -> bool:
    """What `IN_HALVES` tells; a bracket without its header is shorter than half a template."""
    longest = 0
    for symbol in range(len(templates)):
        if shapes[symbol] == 0:
            longest = max(longest, int(templates[symbol, templates.shape[1] - TEMPLATE + SIZE_AT]))
    return longest <= templates.shape[1] // 2  # type: ignore[no-any-return]


@kernel()
def prepare_code(
    state: Any, source: Any, shapes: Any, templates: Any, room: Any, memory: Any, strict: bool
) -> None:  # fmt: skip
    """Fills a state with what is the same for all programs of a batch.

    Args:
        state: `int64[words_of_state(…)]`.
        source: `uint8[total]`, all programs.
        shapes: see `vm.blocks.bracket_shapes`.
        templates: `uint8[256, TEMPLATE]`, or without a row: then nothing is run as code.
        room: `uint8[CODE_SIZE]`, see `vm.native_code.take_room`; or empty.
        memory: `uint8[memory]`.
        strict: a jump from a bracket without a partner is a fault.
    """
    at, places = address(state), (len(state) - STATE) // (LINKS + 1)
    targets = STATE + places * LINKS
    state[:STATE] = 0
    state[targets:] = 0
    put_word_of(at, TARGETS, at + targets * WORD)
    put_word_of(at, SOURCE, address(source))
    put_word_of(at, TOTAL, len(source))
    put_word_of(at, SYMBOLS, address(shapes))
    put_word_of(at, SYMBOLS_END, address(shapes) + len(shapes))
    put_word_of(at, TEMPLATES, address(templates))
    put_word_of(at, CODE, address(room) if len(templates) > 0 and len(room) > 0 else 0)
    put_word_of(at, CODE_END, address(room) + len(room))
    put_word_of(at, CURSOR, address(room) + CODE_AT)
    put_word_of(at, MEMORY, address(memory))
    put_word_of(at, STRICT, strict)
    put_word_of(at, IN_HALVES, _is_in_halves(templates, shapes))
    put_word(link(at, -1, OUTER), -1)


@kernel(inline=True)
def begin_code(state: Any, begin: int, end: int, form: Form) -> None:
    """Forgets the code of the last program; the next one is `begin` to `end` of the source.

    Addresses of code grow, so that none of an older program is taken for one of this; where they begin anew, all are
    forgotten.
    """
    at = address(state)
    room = word_of(at, CODE_END) - word_of(at, CODE)
    if word_of(at, CODE_END) - word_of(at, CURSOR) < min((end - begin + SLACK) * form.template, room // 2):
        put_word_of(at, CURSOR, word_of(at, CODE) + CODE_AT)
        for place in range(word_of(at, REACHED) + 2):
            put_word(target_of(at, place), 0)
        put_word_of(at, REACHED, 0)
    put_word_of(at, OWN, word_of(at, CURSOR))
    put_word_of(at, BEGIN, begin)
    put_word_of(at, LENGTH, end - begin)


@kernel(inline=True)
def put_jump(at: int, target: int) -> None:
    """Completes a jump whose distance is at an address."""
    put_half(at, target - (at + 4))


@kernel(inline=True)
def _put_header(state: int, place: int, block: int, form: Form) -> None:
    """Puts the header of a block that ends at a place, complete but for what it costs."""
    header = word_of(state, CODE) + HEADER_AT
    copy_quarter_row(header, place - form.header)
    copy_quarter_row(header + form.header - QUARTER_ROW, place - QUARTER_ROW)
    put_half(place - form.block, block)
    put_jump(place - form.limit, leaving(state, TO_LIMIT))
    if form.wait > 0:
        put_jump(place - form.wait, leaving(state, TO_WAIT))


@kernel(inline=True)
def _copy_template(row: int, place: int, half: bool, form: Form) -> None:
    if form.template > HALF_ROW:
        copy_half_row(row, place)
        if not half:
            copy_half_row(row + HALF_ROW, place + HALF_ROW)
    else:
        copy_quarter_row(row, place)
        if not half:
            copy_quarter_row(row + QUARTER_ROW, place + QUARTER_ROW)


@kernel(inline=True)
def _copy_all(state: int, first: int, stop: int, place: int, form: Form) -> Any:
    """Makes the code of some instructions, brackets and headers not completed; returns where the next is to be."""
    templates, at = word_of(state, TEMPLATES), word_of(state, SOURCE) + word_of(state, BEGIN) + first
    stop_at, behind, half = at + stop - first, link(state, first, BEHIND), word_of(state, IN_HALVES) != 0
    while at < stop_at:
        times = equal_bytes(at, stop_at)
        row = templates + byte(at) * form.template
        amount_at = byte(row + form.template - TEMPLATE + AMOUNT_AT)
        if times > 0 and amount_at > 0:
            _copy_template(row, place, half, form)
            put_byte(place + amount_at, byte(row + amount_at) * times)
            place += byte(row + form.template - TEMPLATE + SIZE_AT)
            at += times
            behind += times * LINKS * WORD
            continue
        part = min(stop_at, at + EQUAL)
        while at < part:
            row = templates + byte(at) * form.template
            _copy_template(row, place, half, form)
            place += byte(row + form.template - TEMPLATE + SIZE_AT)
            put_word(behind, place)
            at += 1
            behind += LINKS * WORD
    return place


@kernel(inline=True)
def leave_out_jump(state: int, bracket: int, form: Form) -> None:
    """Makes a bracket lead to what follows it, whatever the cell is."""
    follows = word(link(state, bracket, BEHIND)) - form.header
    put_jump(follows + form.header - form.jump, follows)
    if form.part > 0:
        put_jump(follows + form.header - form.part, follows)


@kernel(inline=True)
def _choose(which: int, one: int, other: int) -> int:
    """One number if all bits of `which` are set, another one if none is: a compiler makes no jump of it."""
    return other ^ (one ^ other) & which


@kernel(inline=True)
def _make(state: int, block: int, inner: int, form: Form) -> int:
    """Makes code from the start of a block on; returns its address, or 0 if there is no room for it.

    What is done for a bracket does not depend on which it is by a jump: to predict one wrongly would take longer.

    Args:
        state: its address.
        block: where it begins.
        inner: the innermost open bracket there, or -1.
        form: of the code.
    """
    source, begin, length = word_of(state, SOURCE), word_of(state, BEGIN), word_of(state, LENGTH)
    begins = word_of(state, CURSOR) + ALIGNED - 1 & -ALIGNED
    unknown, own = leaving(state, TO_PARTNER), word_of(state, OWN)
    nobody, strict = state + NOBODY * WORD, word_of(state, STRICT)
    place = header = begins + form.header
    start = stop = block
    many, known = 0, False
    while not known and many < MANY_BRACKETS and (stop < length or stop == start):
        at, stop = stop, min(stop + PART, length)
        if place + (stop - at + SLACK) * form.template > word_of(state, CODE_END):
            if many == 0:
                return 0
            stop = at
            break
        if at == start:
            _put_header(state, header, block, form)
            put_word(target_of(state, block), begins)
            put_word(link(state, block, NEXT), begins)
        if at == length:
            break
        found, closing = find_brackets(
            source, begin + at, begin + stop, word_of(state, TOTAL), word_of(state, SYMBOLS),
            word_of(state, SYMBOLS_END),
        )  # fmt: skip
        many += count_bits(found)
        is_last = many >= MANY_BRACKETS and stop < length
        place = _copy_all(state, at, at + last_bit(found) + 1 if is_last else stop, place, form)
        while found != 0:
            bracket = at + first_bit(found)
            closes, own_place = closing << SIGN - first_bit(found) >> SIGN, link(state, bracket, BEHIND)
            found &= found - 1
            put_half(header - form.cost, bracket + 1 - block)
            block, header = bracket + 1, word(own_place)
            follows, jump = header - form.header, header - form.jump
            _put_header(state, header, block, form)
            known = word(target_of(state, block)) >= own
            target = word(target_of(state, inner + 1))
            target = target if target >= own else unknown
            target = target if inner >= 0 else unknown if strict else follows
            put_jump(jump, target if closes else unknown)
            if form.part > 0:
                parts = inner >= 0 or not closes or strict
                put_jump(header - form.part, leaving(state, TO_PART) if parts else follows)
            partner, outer = _choose(closes, inner, -1), word(link(state, inner, OUTER))
            opened = word(link(state, partner, BEHIND)) - form.jump
            put_jump(_choose(opened - begins >> SIGN, nobody, opened), follows)
            put_word(link(state, partner, PARTNER), bracket)
            put_word(link(state, bracket, PARTNER), partner)
            put_word(link(state, bracket, OUTER), inner)
            inner = _choose(closes, outer, bracket)
            if known:
                break
            put_word(target_of(state, block), follows)
            put_word(link(state, block, NEXT), follows)
    if stop == length and not known:
        put_half(header - form.cost, length - block)
        put_byte(place, JUMP)
        put_jump(place + 1, leaving(state, TO_END))
        while not strict and word(link(state, inner, BEHIND)) >= begins:
            leave_out_jump(state, inner, form)
            inner = word(link(state, inner, OUTER))
    else:
        if not known:
            put_word(link(state, block, OUTER), inner)
            put_word(link(state, block, NEXT), leaving(state, TO_MORE))
        put_half(header, JUMP_THROUGH)
        put_half(header + 2, link(state, block, NEXT) - state)
    put_word_of(state, CURSOR, place + SLACK)
    put_word_of(state, REACHED, max(word_of(state, REACHED), stop))
    return begins  # type: ignore[no-any-return]


@kernel()
def make_single(state: int, block: int, inner: int) -> int:
    """`_make` for one case."""
    return _make(state, block, inner, SINGLE)  # type: ignore[no-any-return]


@kernel()
def make_rows(state: int, block: int, inner: int) -> int:
    """`_make` for rows of lanes."""
    return _make(state, block, inner, ROWS)  # type: ignore[no-any-return]
