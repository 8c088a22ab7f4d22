"""The mutations there are, in the order of their weights and names, and how one of them is drawn."""

from __future__ import annotations

from typing import Any

from gpdebug.evolve.genome import Tokens
from gpdebug.evolve.loops import counted_loop, retune, rotate_loop, until_loop
from gpdebug.evolve.mutation import (
    Material,
    change_count,
    copy_segment,
    delete,
    delete_segment,
    drawn,
    insert,
    insert_idiom,
    move_segment,
    replace,
    spell,
    swap,
    umad,
    wrap_in_brackets,
    wrap_in_inverses,
)
from gpdebug.evolve.random import Stream
from vm.jit import kernel

OPERATORS = (
    insert, delete, replace, change_count, delete_segment, copy_segment, move_segment,
    wrap_in_brackets, wrap_in_inverses, insert_idiom, swap, umad, until_loop, retune, counted_loop, spell, rotate_loop,
)  # fmt: skip
"""In the order of `Material.weights` and of `options.MUTATIONS`."""


@kernel(inline=True)
def mutate(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Applies one mutation, drawn by weight. Needs `tidy`."""
    operator = drawn(material.weights, stream)
    if operator == 0:
        return insert(genome, size, material, stream)
    if operator == 1:
        return delete(genome, size, material, stream)
    if operator == 2:
        return replace(genome, size, material, stream)
    if operator == 3:
        return change_count(genome, size, material, stream)
    if operator == 4:
        return delete_segment(genome, size, material, stream)
    if operator == 5:
        return copy_segment(genome, size, material, stream)
    if operator == 6:
        return move_segment(genome, size, material, stream)
    if operator == 7:
        return wrap_in_brackets(genome, size, material, stream)
    if operator == 8:
        return wrap_in_inverses(genome, size, material, stream)
    if operator == 9:
        return insert_idiom(genome, size, material, stream)
    if operator == 10:
        return swap(genome, size, material, stream)
    if operator == 11:
        return umad(genome, size, material, stream)
    if operator == 12:
        return until_loop(genome, size, material, stream)
    if operator == 13:
        return retune(genome, size, material, stream)
    if operator == 14:
        return counted_loop(genome, size, material, stream)
    if operator == 15:
        return spell(genome, size, material, stream)
    return rotate_loop(genome, size, material, stream)
