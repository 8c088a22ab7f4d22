"""The beginning of runs in lanes as machine code; `vm.lockstep` goes on with the groups that are left.

Groups part and come together as there (see `vm.lane_groups`), but go from block to block by themselves: code is left
only where some of a group's lanes jump and others do not, and at a block that another group waits at or before. What
waits is known by its place in the program, not by the number of its block.
"""

from __future__ import annotations

from typing import Any

from vm.blocks import NOWHERE
from vm.jit import borrowed, kernel
from vm.lane_blocks import lanes_short_of, run_rows_plainly
from vm.lane_groups import (
    APART,
    AT_HEAD0,
    AT_HEAD1,
    AT_INPUT,
    AT_ROW,
    AT_WRITTEN,
    EXTRA,
    FIXED,
    FREE,
    NO_GROUP,
    TOGETHER,
    TURN,
    WITH_LANES,
    WITH_LEFT,
    gathered,
    joins,
    leave,
    park,
    settle,
)
from vm.lanes import lanes_in, set_row
from vm.layout import FINISHED, LIMIT, UNMATCHED_BRACKET
from vm.lockstep import ALL
from vm.native_code import HEAD0, HEAD1, INPUT, INPUT_END, LEFT, OUTPUT, TO_LIMIT
from vm.native_kernel import MOST_STEPS, cost_of, is_made, opens, run_rows, ways_on
from vm.native_loops import NO_FORM, WANTS_PASS, is_loop, row_at, skip_loop
from vm.native_make import CODE, OUTER, ROWS, leave_out_jump, link, put_word_of, word_of
from vm.native_rows import LOWEST, MASK, NONZERO, PRESENT, STREAM, TO_PART
from vm.raw import address, put_word, word

ANYWHERE = (1 << 31) - 1
"""A block that is behind all others."""
STEPS_AT_ONCE = 200
"""After so many steps it is looked at whether a group is in a loop whose passes can be skipped."""
PAUSES = 4
"""So many times as long it is not looked at a loop again each time that none could be skipped."""
PATIENCE = 8
"""How often groups wait for others that do not come, for each that has come; then they go on by themselves."""


@kernel()
def begin_lane_runs(
    state: Any, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, sums: Any, memory: Any, past: Any, counts: Any,
    stream: Any, present: Any, output: Any, settings: Any, h0: Any, h1: Any, runs: int, registers: Any, groups: Any,
    aside: Any,
) -> int:  # fmt: skip
    """Runs lanes from the program's start as code, as far as that can be done and is worth it.

    The parameters are those of `vm.lockstep.run_lanes` and `vm.native_loops.skip_loop`, but for where heads are, how
    many lanes are used, the lowest ones (`runs`), and `int64[lanes + 2, GROUP]` for groups that are `aside`. Returns
    how many groups wait for `run_lanes` in `groups`.
    """
    source, table, shapes, edges = borrowed(source), borrowed(table), borrowed(shapes), borrowed(edges)
    partners, pending, progress, blocks = borrowed(partners), borrowed(pending), borrowed(progress), borrowed(blocks)
    details, actions, rates, sums = borrowed(details), borrowed(actions), borrowed(rates), borrowed(sums)
    settings, memory, past, output = borrowed(settings), borrowed(memory), borrowed(past), borrowed(output)
    stream, present, counts = borrowed(stream), borrowed(present), borrowed(counts)
    registers, groups, aside = borrowed(registers), borrowed(groups), borrowed(aside)
    here, cells = address(state), len(memory) - 1
    for register in (EXTRA, APART, TURN):
        set_row(registers, register, 0, ALL)
    place, mask, left, at, written = 0, ALL if runs == 64 else (1 << runs) - 1, settings[LIMIT], 0, 0
    most = left - min(left, MOST_STEPS)
    if word_of(here, CODE) == 0 or left - most > len(output):
        return park(groups, 0, registers, memory, past, FIXED, 0, h0, h1, at, written, left, mask)  # type: ignore[no-any-return]
    _tell_streams(here, stream, present, lanes_in(memory))
    put_word(link(here, 0, OUTER), -1)
    waiting, set_aside, lowest, patience = 0, 0, NO_GROUP, PATIENCE
    stuck = stopped = kept = False
    passed = formless = -1
    pause = again_at = 0
    while True:
        if place < 0:
            status, more = (UNMATCHED_BRACKET, 1) if place == NOWHERE else (FINISHED, 0)
            leave(registers, mask, status, 0, h0, h1, at, written, left + more)
            mask = 0
        elif mask != 0 and patience > 0 and (
            place > lowest or (place == lowest and joins(groups, waiting, place, h0, h1, at, written, TOGETHER, cells))
        ):  # fmt: skip
            others = waiting
            waiting = park(groups, waiting, registers, memory, past, TOGETHER, place, h0, h1, at, written, left, mask)
            patience += PATIENCE if waiting == others else -1
            mask = 0
        if mask == 0:
            if waiting == 0:
                break
            waiting -= 1
            place, h0, h1 = groups[waiting, AT_ROW], groups[waiting, AT_HEAD0], groups[waiting, AT_HEAD1]
            at, written = groups[waiting, AT_INPUT], groups[waiting, AT_WRITTEN]
            left, mask = groups[waiting, WITH_LEFT], groups[waiting, WITH_LANES]
            h1, stuck = gathered(registers, h1, cells, mask)
            passed = -1
        lowest = groups[waiting - 1, AT_ROW] if waiting else NO_GROUP
        steps = max(STEPS_AT_ONCE, left - again_at) if place == formless else STEPS_AT_ONCE
        asked, cost = False, 0
        if is_made(here, place) and not stuck:
            cost = cost_of(here, place, ROWS)
            steps = max(steps, cost)
            if left < cost:
                short = lanes_short_of(cost, registers, mask, left)
                run_rows_plainly(
                    source, begin + place, begin + place + cost, False, table, memory, cells, stream, present, at,
                    output, settings, h0, h1, False, written, left, short, registers,
                )  # fmt: skip
                mask &= ~short
                if mask != 0:
                    left = settle(registers, mask, left)
                continue
            if stopped and (place != formless or left <= again_at) and is_loop(here, place, cost):
                whole = passed == place
                left, h1, over, verdict = skip_loop(
                    place, cost, whole, whole and kept, here, source, begin, end, table, shapes, edges,
                    partners, pending, progress, blocks, details, actions, rates, sums, memory, past, counts, settings,
                    registers, h0, h1, left, mask,
                )  # fmt: skip
                if verdict != WANTS_PASS:
                    stopped = False
                    if verdict == NO_FORM:
                        pause = pause * PAUSES if place == formless else STEPS_AT_ONCE
                        formless, again_at = place, left - pause
                    h1, stuck = gathered(registers, h1, cells, mask)
                    put_word(link(here, place + cost, OUTER), word(link(here, place - 1, OUTER)))
                    if over == mask:
                        place += cost
                    elif over != 0:
                        waiting = park(
                            groups, waiting, registers, memory, past, TOGETHER, place + cost, h0, h1, at, written, left,
                            over,
                        )  # fmt: skip
                        mask &= ~over
                    continue
                steps, asked = cost, True
            stuck = left - most < cost
        if stuck:
            set_aside = park(aside, set_aside, registers, memory, past, FREE, place, h0, h1, at, written, left, mask)
            mask = 0
            continue
        before, began, floor = place, left, max(left - steps, most)
        wall = ANYWHERE if waiting == 0 or patience == 0 else lowest + (lowest == place)
        reason, place, h0, h1, at, written, left = _run_group(
            here, place, h0, h1, at, written, left, floor, mask, wall, stream, output
        )
        stopped, kept = reason == TO_LIMIT, asked
        passed = place if stopped and place == before and left == began - cost < began else -1
        stuck = place >= 0 and reason != TO_PART and not is_made(here, place)
        if reason == TO_PART:
            block, bracket = place, place + cost_of(here, place, ROWS) - 1
            place, stay, high, high_inner = _part(here, bracket, mask)
            stopped = place == block
            passed = place if stopped else -1
            if high == NOWHERE:
                leave(registers, mask & ~stay, UNMATCHED_BRACKET, 0, h0, h1, at, written, left + 1)
            elif stay != mask:
                put_word(link(here, high, OUTER), high_inner)
                waiting = park(
                    groups, waiting, registers, memory, past, TOGETHER, high, h0, h1, at, written, left, mask & ~stay
                )
                lowest = min(lowest, high)
            mask = stay
    for index in range(set_aside):
        groups[index] = aside[index]
        groups[index, AT_ROW] = row_at(
            aside[index, AT_ROW], source, begin, end, shapes, edges, partners, pending, progress, blocks
        )
    return set_aside


@kernel(inline=True)
def _tell_streams(here: int, stream: Any, present: Any, row_size: int) -> None:
    """Puts into the state where the inputs are."""
    put_word_of(here, INPUT_END, address(stream) + (len(present) - 1) * row_size)
    put_word_of(here, STREAM, address(stream))
    put_word_of(here, PRESENT, address(present))


@kernel(inline=True)
def _run_group(
    here: int, place: int, h0: Any, h1: Any, at: Any, written: Any, left: int, floor: int, mask: int, wall: int,
    stream: Any, output: Any,
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a group until it has only `floor` steps left, or comes to a block from `wall` on, or parts.

    Returns why it has stopped, where it is (see `run_rows`), its heads, places in the streams and steps left.
    """
    row_size = lanes_in(output)
    put_word_of(here, LEFT, left - floor)
    put_word_of(here, HEAD0, h0)
    put_word_of(here, HEAD1, h1)
    put_word_of(here, INPUT, address(stream) + at * row_size)
    put_word_of(here, OUTPUT, address(output) + written * row_size)
    put_word_of(here, MASK, mask)
    put_word_of(here, LOWEST, wall)
    reason, place = run_rows(here, place, word(link(here, place, OUTER)))
    at = (word_of(here, INPUT) - address(stream)) // row_size
    written = (word_of(here, OUTPUT) - address(output)) // row_size
    return reason, place, word_of(here, HEAD0), word_of(here, HEAD1), at, written, floor + word_of(here, LEFT)


@kernel(inline=True)
def _part(here: int, bracket: int, mask: int) -> tuple[Any, Any, Any, Any]:
    """Where a group goes that has parted: the lower place and the lanes that go there; where the others go.

    A bracket that leads all lanes to the same place is left out from now on. The last number is what the others need
    to be known of their place, its `OUTER`.
    """
    place, inner, high, high_inner = ways_on(here, bracket)
    stay = word_of(here, NONZERO)
    if not opens(here, bracket):
        stay = mask & ~stay
    if place == high:
        leave_out_jump(here, bracket, ROWS)
        stay = mask
    elif high != NOWHERE and high < place:
        place, inner, high, high_inner, stay = high, high_inner, place, inner, mask & ~stay
    put_word(link(here, place, OUTER), inner)
    return place, stay, high, high_inner
