"""Runs code: enters it, and does what has to be done where it was left, until a run has come as far as it may.

See `vm.native_make` for how code is made, and for what a state is.
"""

from __future__ import annotations

from typing import Any

import numba.extending
from llvmlite import ir
from numba import types

from vm.blocks import NOWHERE, THE_END, find_closing
from vm.jit import kernel
from vm.native_code import BLOCK, ENTRY, LEAVES, LEFT, TO_END, TO_LIMIT, TO_MORE, TO_PARTNER
from vm.native_make import (
    BEGIN,
    BEHIND,
    CODE,
    LENGTH,
    MEMORY,
    OUTER,
    OWN,
    PARTNER,
    ROWS,
    SINGLE,
    SOURCE,
    STRICT,
    SYMBOLS,
    SYMBOLS_END,
    TOTAL,
    Form,
    link,
    make_rows,
    make_single,
    put_jump,
    put_word_of,
    shape_of,
    target_of,
    word_of,
)
from vm.raw import half, put_word, word

FEW_STEPS, MORE, MOST_STEPS = 500, 3, 4_000
"""Steps that a run makes as code, fewer if it is in a simple loop then; what is left is worth looking for its forms."""


def _run_code(typing_context: Any, entry: Any, memory: Any, state: Any, target: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * 3)
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64, types.int64), codegen


run_code: Any = numba.extending.intrinsic(_run_code)
"""Calls the code at an address with that of a memory, of a state, and of where to begin."""


@kernel(inline=True)
def is_made(state: int, place: int) -> bool:
    """Whether there is code for the block that begins at a place; a run that has stopped there may not go on."""
    return place >= 0 and word(target_of(state, place)) >= word_of(state, OWN)


@kernel(inline=True)
def cost_of(state: int, block: int, form: Form) -> Any:
    """Steps of a block that there is code for, its bracket included."""
    return half(word(target_of(state, block)) + form.header - form.cost)


@kernel(inline=True)
def partner_of(state: int, bracket: int) -> Any:
    """Where the partner of a bracket is that there is code for; below 0 if it has none."""
    begin, partner = word_of(state, BEGIN), word(link(state, bracket, PARTNER))
    if partner < 0 and opens(state, bracket):
        partner = find_closing(
            1, word_of(state, SOURCE), begin + bracket + 1, begin + word_of(state, LENGTH), word_of(state, TOTAL),
            word_of(state, SYMBOLS), word_of(state, SYMBOLS_END),
        ) - begin  # fmt: skip
        put_word(link(state, bracket, PARTNER), max(partner, -1))
    return partner


@kernel(inline=True)
def opens(state: int, bracket: int) -> bool:
    """Whether a bracket opens a loop."""
    return shape_of(state, bracket) == 1  # type: ignore[no-any-return]


@kernel(inline=True)
def ways_on(state: int, bracket: int) -> tuple[Any, Any, Any, Any]:
    """Where a bracket leads if it does not jump and if it does, each with the innermost bracket that is open there."""
    inner, partner, opening = word(link(state, bracket, OUTER)), partner_of(state, bracket), opens(state, bracket)
    on, on_inner = bracket + 1, bracket if opening else word(link(state, inner, OUTER))
    if partner >= 0:
        return on, on_inner, partner + 1, inner if opening else partner
    return on, on_inner, NOWHERE if word_of(state, STRICT) else on, on_inner


@kernel(inline=True)
def _run_on(state: int, block: int, inner: int, form: Form) -> tuple[int, int]:
    """Runs a program from the start of a block on, as far as the steps in the state go.

    What the state has of the run is where it has come to then. Fewer steps than the next block takes may be left.

    Args:
        state: its address.
        block: where the block begins.
        inner: the innermost open bracket there, or -1.
        form: of the code.

    Returns:
        Why it has stopped, and where: the start of the next block, or `THE_END` or `NOWHERE`; if lanes part, the start
        of the block that they part behind. `TO_MORE`: there is no room for code.
    """
    jump, reason = 0, TO_PARTNER
    while True:
        target = word(target_of(state, block))
        if target < word_of(state, OWN) or reason == TO_MORE:
            target = make_rows(state, block, inner) if form.part > 0 else make_single(state, block, inner)
        if target == 0:
            return TO_MORE, block
        if jump != 0:
            put_jump(jump, target)
        run_code(word_of(state, CODE) + ENTRY, word_of(state, MEMORY), state, target)
        reason, block = word_of(state, LEAVES), word_of(state, BLOCK)
        if reason == TO_MORE:
            jump, inner = 0, word(link(state, block, OUTER))
            continue
        if reason == TO_LIMIT:
            put_word_of(state, LEFT, (word_of(state, LEFT) << 32 >> 32) + cost_of(state, block, form))
        if reason == TO_END:
            block = THE_END
        if reason != TO_PARTNER:
            return reason, block
        bracket = block + cost_of(state, block, form) - 1
        jump = word(link(state, bracket, BEHIND)) - form.jump
        _, _, block, inner = ways_on(state, bracket)
        if block == NOWHERE:
            return TO_END, block


@kernel()
def run_single(state: int, block: int, inner: int) -> int:
    """`_run_on` for one case; returns where it has stopped."""
    return _run_on(state, block, inner, SINGLE)[1]  # type: ignore[no-any-return]


@kernel()
def run_rows(state: int, block: int, inner: int) -> tuple[int, int]:
    """`_run_on` for lanes."""
    return _run_on(state, block, inner, ROWS)  # type: ignore[no-any-return]
