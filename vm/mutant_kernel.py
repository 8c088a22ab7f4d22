"""Writing mutants out."""

from __future__ import annotations

from typing import Any

from vm.jit import kernel

PUT, INSERT, DELETE = range(3)


@kernel(inline=True)
def write_mutant(source: Any, places: Any, kinds: Any, symbols: Any, first: int, last: int, code: Any, at: int) -> int:
    """Writes a program with some edits made; returns where its code ends.

    Args:
        source: `uint8[program_length]`, the original.
        places: see `vm.mutants.Mutants`.
        kinds: see there.
        symbols: see there.
        first: the mutant's first edit.
        last: behind its last.
        code: `uint8[...]`, written.
        at: where its code begins.
    """
    done = 0
    for edit in range(first, last):
        place = places[edit]
        for index in range(done, place):
            code[at + index - done] = source[index]
        at += place - done
        done = place
        if kinds[edit] != DELETE:
            code[at] = symbols[edit]
            at += 1
        if kinds[edit] != INSERT:
            done += 1
    for index in range(done, len(source)):
        code[at + index - done] = source[index]
    return at + len(source) - done


@kernel("void(uint8[::1],int64[::1],int64[::1],uint8[::1],uint8[::1],int64[::1],uint8[::1])")
def write_mutants(source: Any, edits: Any, places: Any, kinds: Any, symbols: Any, offsets: Any, code: Any) -> None:
    """Writes mutants one behind the other.

    Args:
        source: `uint8[program_length]`, the original.
        edits: `int64[mutants + 1]`: which edits make each of them.
        places: see `vm.mutants.Mutants`.
        kinds: see there.
        symbols: see there.
        offsets: `int64[mutants + 1]`: where each begins in `code`.
        code: `uint8[total]`, written.
    """
    for mutant in range(len(edits) - 1):
        write_mutant(source, places, kinds, symbols, edits[mutant], edits[mutant + 1], code, offsets[mutant])


@kernel("void(uint8[::1],int64[::1],uint8[::1],int64[::1])")
def count_strays(code: Any, offsets: Any, shapes: Any, strays: Any) -> None:
    """Counts the brackets of each program that have no partner.

    Args:
        code: `uint8[total]`.
        offsets: `int64[programs + 1]`: where each begins in it.
        shapes: `vm.blocks.bracket_shapes`.
        strays: `int64[programs]`, written.
    """
    for program in range(len(strays)):
        depth = found = 0
        for index in range(offsets[program], offsets[program + 1]):
            shape = shapes[code[index]]
            if shape == 1:
                depth += 1
            elif shape == 3 and depth > 0:
                depth -= 1
            elif shape == 3:
                found += 1
        strays[program] = found + depth
