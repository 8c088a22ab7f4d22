"""Runs the mutants of a program block by block: only on the cases that come to what was edited, and from there on.

A mutant whose edits neither add nor remove a bracket does what the original does until it comes to one of them: on a
case that never does, all of it is the same. Else the two runs are the same at least up to the moment at which the block
of the edit (see `vm.blocks`) is entered for the first time, so that the mutant begins with the original's state of that
moment. Such states are kept, one for each block and case, or for some of them if there are too many: an earlier one is
as good. Where no instruction moves, the original's compiled blocks are used, too, but for those that are edited.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.batch_kernel import IN_AT, IS_STREAM, REJECTS, START_HEAD0, START_HEAD1
from vm.block_kernel import run_blocks, run_plainly
from vm.blocks import BRACKETS, COLD, COST, HOT, UNREACHED, begin_blocks, begin_program, find_blocks, jumps
from vm.condition_kernel import output_length
from vm.jit import borrowed, kernel
from vm.layout import LIMIT, OUT_IS_STREAM, OUT_LENGTH, OUT_LIMIT, OUT_START, RUNNING, UNMATCHED
from vm.loop_traces import ROOM
from vm.mutant_kernel import DELETE, INSERT, PUT, write_mutant
from vm.score_kernel import run_error

KEPT = 9
ENTERED, HEAD0, HEAD1, INPUT_AT, SPARE, WRITTEN, LEFT, FRONT, BACK = range(KEPT)
"""Of a kept state: the block that is entered, the heads, where in all inputs, the spare register, bytes written, steps
left; all cells from `FRONT` to `BACK` are zero."""
_MACHINE = "Tuple((int64[::1],int64[::1],int64[:,::1],uint8[::1]))"


@kernel()
def zero_cells(memory: Any) -> tuple[int, int]:
    """A stretch of zero cells in the middle of a memory, the first and behind the last: to set them is faster than to
    copy them.
    """
    middle = len(memory) // 2
    front = back = middle
    while front > 0 and memory[front - 1] == 0:
        front -= 1
    while back < len(memory) and memory[back] == 0:
        back += 1
    return front, back


@kernel(f"int64(uint8[::1],uint8[::1],int64[::1],{_MACHINE},int64,int32[:,::1],uint8[:,::1],int64[:,::1])")
def keep_entries(
    source: Any, inputs: Any, input_offsets: Any, machine: Any, stride: int, entries: Any, memories: Any, states: Any
) -> int:  # fmt: skip
    """Runs a program on every case and keeps states at which blocks are entered for the first time.

    Args:
        source: `uint8[program_length]`.
        inputs: `uint8[total]`, of all cases.
        input_offsets: `int64[cases + 1]`.
        machine: settings, start, `meanings` and `bracket_shapes`, as `vm.fast_batch` takes them.
        stride: of so many first entries of a case one is kept.
        entries: `int32[cases, blocks]`, -1 before; written: the state to begin with so that the block is yet to come.
        memories: `uint8[states, memory]`, written.
        states: `int64[states, KEPT]`, written: see `ENTERED`.

    Returns:
        How many states are kept.
    """
    settings, start, table, shapes = machine
    length = len(source)
    found = np.empty((4, length + 4), np.int64)
    edges, partners, pending, progress = found[0], found[1], found[2], found[3]
    blocks = np.empty((length + 1) * HOT, np.int64)
    begin_blocks(edges, pending, blocks, progress)
    find_blocks(length, False, source, 0, length, shapes, edges, partners, pending, blocks, progress)
    memory, output = np.zeros(memories.shape[1], np.uint8), np.empty(settings[OUT_LIMIT], np.uint8)
    kept = 0
    for case in range(len(entries)):
        at, size = input_offsets[case], input_offsets[case + 1]
        memory[:] = 0
        if not start[IS_STREAM]:
            memory[start[IN_AT] : start[IN_AT] + size - at] = inputs[at:size]
        h0, h1, left = start[START_HEAD0], start[START_HEAD1], settings[LIMIT]
        spare: Any = 0
        row: Any = 0
        written = seen = 0
        while row >= 0:
            block = row // HOT
            if entries[case, block] < 0:
                if seen % stride == 0:
                    memories[kept] = memory
                    states[kept, ENTERED], states[kept, HEAD0], states[kept, HEAD1] = block, h0, h1
                    states[kept, INPUT_AT], states[kept, SPARE] = at, spare
                    states[kept, WRITTEN], states[kept, LEFT] = written, left
                    states[kept, FRONT], states[kept, BACK] = zero_cells(memory)
                    kept += 1
                entries[case, block] = kept - 1
                seen += 1
            stop = edges[block + 1] - 1
            status, h0, h1, at, spare, written, left = run_plainly(
                source, edges[block], stop, table, memory, inputs, at, size, output, settings,
                h0, h1, spare, written, left,
            )  # fmt: skip
            if status != RUNNING or left == 0 or block == progress[BRACKETS]:
                break
            left -= 1
            if_zero, if_not = jumps(row, source[stop], shapes, partners, progress[BRACKETS], settings[UNMATCHED] != 0)
            row = if_zero if memory[h0] == 0 else if_not
    return kept


@kernel(
    "void(uint8[::1],Tuple((int64[::1],int64[::1],uint8[::1],uint8[::1])),int64,int64,"
    f"{_MACHINE},"
    "Tuple((uint8[::1],int64[::1],uint8[::1],int64[::1],uint8[::1],int64[::1],int64[::1],uint8[::1])),int64,"
    "Tuple((uint8[:,::1],int32[:,::1],uint8[:,::1],int64[:,::1])),int64[:,::1],uint8[:,::1],uint8[:,::1])",
    name="mutants by blocks",
)
def batch_mutants(
    source: Any, mutants: Any, first: int, last: int, machine: Any, cases: Any, scorer: int, known: Any,
    errors: Any, status: Any, changed: Any,
) -> None:  # fmt: skip
    """Runs mutants `first` to `last` on every case.

    Args:
        source: `uint8[program_length]`, the original.
        mutants: the arrays of `vm.mutants.Mutants`.
        first: of the mutants.
        last: behind the last.
        machine: see `keep_entries`.
        cases: inputs, wanted outputs and the original's outputs, each as `uint8[total]` and `int64[cases + 1]`; the
            original's errors and status.
        scorer: the measure, by its place in `vm.scoring.Scorer`.
        known: of the original, `uint8[program_length + 1, cases]`: whether a case may come to a place; then what
            `keep_entries` wrote.
        errors: `int64[mutants, cases]`, written where a mutant can be loaded.
        status: `uint8[mutants, cases]`, likewise.
        changed: `uint8[mutants, cases]`, likewise.
    """
    longest = len(source)
    for mutant in range(first, last):
        longest = max(longest, len(source) + mutants[0][mutant + 1] - mutants[0][mutant])
    cells = known[2].shape[1]
    found = np.empty((2, 4, longest + 4), np.int64)
    compiled = (np.empty((2, (longest + 1) * HOT), np.int64), np.empty((2, (longest + 1) * COLD), np.int64))
    actions, rates = np.empty((2, longest + 1 + ROOM), np.int64), np.empty((2, 2 * longest + 2), np.int64)
    codes, block_of = np.empty((2, longest), np.uint8), np.empty(longest + 1, np.int64)
    memories, output = np.empty((2, cells), np.uint8), np.empty(machine[0][OUT_LIMIT], np.uint8)
    _run_all(
        source, mutants, first, last, machine, cases, scorer, known, errors, status, changed,
        found, compiled, actions, rates, codes, block_of, memories, output,
    )  # fmt: skip


@kernel(inline=True)
def has_brackets(source: Any, places: Any, kinds: Any, symbols: Any, begin: int, end: int, shapes: Any) -> bool:
    """Whether edits `begin` to `end` add or remove a bracket."""
    found = False
    for edit in range(begin, end):
        found |= kinds[edit] != INSERT and shapes[source[places[edit]]] > 0
        found |= kinds[edit] != DELETE and shapes[symbols[edit]] > 0
    return found


@kernel(inline=True)
def first_state(places: Any, begin: int, end: int, case: int, block_of: Any, reached: Any, entries: Any) -> Any:
    """The kept state to begin with so that the case is yet to come to edits `begin` to `end`; -1 if it never does."""
    state: Any = -1
    for edit in range(begin, end):
        place = places[edit]
        entry = np.int64(entries[case, block_of[place]])
        if reached[place, case] and entry >= 0:
            state = entry if state < 0 else min(state, entry)
    return state


@kernel()
def _run_all(
    source: Any, mutants: Any, first: int, last: int, machine: Any, cases: Any, scorer: int, known: Any,
    errors: Any, status: Any, changed: Any,
    found: Any, compiled: Any, actions: Any, rates: Any, codes: Any, block_of: Any, memories: Any, output: Any,
) -> None:  # fmt: skip
    """`batch_mutants` with its scratch arrays, of the original's code and of a mutant's that is as a whole its own."""
    edits, places, kinds, symbols = mutants
    edits, places, kinds, symbols = borrowed(edits), borrowed(places), borrowed(kinds), borrowed(symbols)
    settings, start, table, shapes = machine
    settings, table, shapes = borrowed(settings), borrowed(table), borrowed(shapes)
    inputs, input_offsets, wanted, wanted_offsets, own, own_offsets, own_errors, own_status = cases
    inputs, wanted, own = borrowed(inputs), borrowed(wanted), borrowed(own)
    reached, entries, kept_memories, states = known
    reached, entries, kept_memories = borrowed(reached), borrowed(entries), borrowed(kept_memories)
    states, source, output, memories = borrowed(states), borrowed(source), borrowed(output), borrowed(memories)
    found, actions, rates, codes = borrowed(found), borrowed(actions), borrowed(rates), borrowed(codes)
    rows, colds, block_of = borrowed(compiled[0]), borrowed(compiled[1]), borrowed(block_of)
    memory, past = memories[0], memories[1]
    length = len(source)
    streams = settings[OUT_LENGTH] == OUT_IS_STREAM
    got, got_at = (output, 0) if streams else (memory, settings[OUT_START])
    codes[0, :length] = source
    begin_blocks(found[0, 0], found[0, 2], rows[0], found[0, 3])
    find_blocks(
        length, False, codes[0], 0, length, shapes, found[0, 0], found[0, 1], found[0, 2], rows[0], found[0, 3]
    )  # fmt: skip
    block_of[0] = 0
    for place in range(length):
        block_of[place + 1] = block_of[place] + np.int64(shapes[source[place]] > 0)
    for mutant in range(first, last):
        begin, end = edits[mutant], edits[mutant + 1]
        brackets = has_brackets(source, places, kinds, symbols, begin, end, shapes)
        own_code = brackets
        for edit in range(begin, end):
            own_code |= kinds[edit] != PUT
        which = 1 if own_code else 0
        code, edges, partners = codes[which], found[which, 0], found[which, 1]
        pending, progress, blocks, details = found[which, 2], found[which, 3], rows[which], colds[which]
        size = length
        if own_code:
            size = write_mutant(source, places, kinds, symbols, begin, end, code, 0)
            rejects = brackets and start[REJECTS] != 0
            if begin_program(rejects, code, 0, size, shapes, edges, partners, pending, blocks, progress):
                continue
        else:
            for edit in range(begin, end):
                code[places[edit]] = symbols[edit]
                blocks[block_of[places[edit]] * HOT + COST] = UNREACHED
        for case in range(len(entries)):
            state = np.int64(entries[case, 0])
            if not brackets:
                state = first_state(places, begin, end, case, block_of, reached, entries)
            if state < 0:
                errors[mutant, case], status[mutant, case] = own_errors[case], own_status[case]
                changed[mutant, case] = 0
                continue
            entered, written = states[state, ENTERED], states[state, WRITTEN]
            if progress[BRACKETS] < entered:
                find_blocks(entered, False, code, 0, size, shapes, edges, partners, pending, blocks, progress)
            front, back = states[state, FRONT], states[state, BACK]
            memory[:front] = kept_memories[state, :front]
            memory[front:back] = 0
            memory[back:] = kept_memories[state, back:]
            own_at = own_offsets[case]
            if streams:
                output[:written] = own[own_at : own_at + written]
            ended, _, written = run_blocks(
                code, 0, size, table, shapes, edges, partners, pending, progress, blocks, details,
                actions[which], rates[which], memory, past, inputs, states[state, INPUT_AT], input_offsets[case + 1],
                output, settings, states[state, HEAD0], states[state, HEAD1],
                entered * HOT, states[state, SPARE], written, states[state, LEFT],
            )  # fmt: skip
            made = output_length(memory, settings, written)
            differs = made != own_offsets[case + 1] - own_at or ended != own_status[case]
            index = 0
            while not differs and index < made:
                differs = got[got_at + index] != own[own_at + index]
                index += 1
            errors[mutant, case], status[mutant, case], changed[mutant, case] = own_errors[case], ended, differs
            if differs:
                asked_at = wanted_offsets[case]
                errors[mutant, case] = run_error(
                    scorer, got, got_at, made, ended, wanted, asked_at, wanted_offsets[case + 1] - asked_at
                )  # fmt: skip
        if not own_code:
            for edit in range(begin, end):
                code[places[edit]] = source[places[edit]]
                blocks[block_of[places[edit]] * HOT + COST] = UNREACHED
