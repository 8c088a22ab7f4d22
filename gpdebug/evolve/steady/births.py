"""Births one at a time inside one kernel: parents, variation, run, error, and whose place the child takes.

A steady-state genetic algorithm (Syswerda: Uniform crossover in genetic algorithms, ICGA 1989; Whitley: The GENITOR
algorithm, ICGA 1989): the better of a few random individuals become parents, the worst of a few others is the victim,
and the child takes its place unless it is worse. A child that does what somebody does already may only take that one's
place, if it is no longer, so behaviours stay different. As soon as a child is surely worse than its victim it is given
up, which changes nothing but the time it takes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from gpdebug.evolve.crossover import cross
from gpdebug.evolve.genome import SLACK, merge
from gpdebug.evolve.mutation import lent
from gpdebug.evolve.objectives import Wanted, behaviour_of, judge_case
from gpdebug.evolve.operators import mutate
from gpdebug.evolve.random import below, seek
from gpdebug.evolve.repeats import leave_one, repeated, tokens_of_one
from gpdebug.evolve.steady.behaviours import enter, find, forget, remember_all
from gpdebug.evolve.steady.changes import part, trade
from gpdebug.evolve.steady.running import ABANDONED, clean, run_tokens
from gpdebug.evolve.steady.tokens import WIDTH, Meanings, compile_tokens
from gpdebug.evolve.variation import MUTATION, fit
from vm.batch_kernel import IN_AT, IS_STREAM, START_HEAD0, START_HEAD1
from vm.condition_kernel import output_length
from vm.jit import borrowed, kernel
from vm.layout import LIMIT, OUT_IS_STREAM, OUT_LENGTH, OUT_START, RUNNING, STEP_LIMIT
from vm.raw import address

STEADY = 1 << 40
"""In the key of a birth in the place of a generation."""

BIRTHS, GENERATION, DONE, BEST, BEST_AT, EVALUATIONS, LOGGED, SUSPECT, FRESH, LEADER = range(10)
PROGRESS = 10
"""What changes: births ever, the generation, births of it that are done, the smallest total since the restart, the
evaluations at which it was reached, evaluations ever, rows of the log that are used, the row of a program that is right
on the active cases, whether errors were measured anew, and the row of the best one."""

(
    UNTIL, PARENTS, VICTIMS, CROSSOVER, TRADES, PARTS, ONE_MORE, FEWEST_TOKENS, MOST_TOKENS, GROWTH, MOST_INSTRUCTIONS,
    PATIENCE, CHANCES, A_GENERATION, STEP_PRESSURE, REPEATS, DRIFTS, HORIZON,
) = range(18)  # fmt: skip
"""What does not: the generation to stop before, sizes of the two tournaments, percent of births with two parents, of
changes that are `trade` and `part` and of those after which there is another, bounds of the token cap and how far it is
above the tokens of the best, most instructions, evaluations without a better best after which to stop, timeouts after
which the cases left count as failed, births a generation, percent of parents that are the faster of two, how often a
program does the same (see `evolve.repeats`), whether children may be like others and longer (see `SteadyArm`), and
bytes of an output that count."""

TRIES = 4
"""A child that is its mother again is changed again, at most so many times."""

REACHED, FULL, FOUND, STALE = range(4)
"""Why `advance` comes back: the generation is reached, the log is full, there is a suspect, patience is at an end."""


def scratch_for(meanings: Meanings, limit: int, width: int) -> tuple[NDArray[Any], ...]:
    """What `advance` works in: the child's tokens, its operations, open brackets, memory, dirt and random numbers."""
    tokens = 2 * width + SLACK
    return (
        np.zeros(tokens, np.uint16), np.zeros(WIDTH * (tokens + 1), np.int64), np.zeros(tokens + 1, np.int64),
        np.zeros(meanings.cells, np.uint8), np.zeros(2 * limit + tokens, np.int32), np.zeros(1, np.uint64),
    )  # fmt: skip


def results_for(wanted: Wanted) -> tuple[NDArray[Any], ...]:
    """What a child's results go into: outputs, lengths, statuses and objectives of one program."""
    cases = len(wanted.lengths)
    return (
        np.zeros((1, cases, wanted.width), np.uint8), np.zeros((1, cases), np.int32), np.zeros((1, cases), np.uint8),
        np.zeros((1, wanted.count), np.int16),
    )  # fmt: skip


@kernel(inline=True)
def _better(totals: Any, lengths: Any, first: int, second: int) -> Any:
    a, b = uintp(first), uintp(second)
    return (totals[a] < totals[b]) | ((totals[a] == totals[b]) & (lengths[a] < lengths[b]))


@kernel(inline=True)
def _best_of(totals: Any, lengths: Any, size: int, stream: Any) -> Any:
    """The best of some random rows."""
    best = below(stream, len(totals))
    for _ in range(size - 1):
        rival = below(stream, len(totals))
        best = rival if _better(totals, lengths, rival, best) else best
    return best


@kernel(inline=True)
def _parent(totals: Any, lengths: Any, steps: Any, size: int, pressure: int, stream: Any) -> Any:
    """The winner of a tournament, or the one with fewer steps of two; see `selection.tournament`."""
    best = _best_of(totals, lengths, size, stream)
    if pressure > 0 and below(stream, 100) < pressure:
        rival = _best_of(totals, lengths, size, stream)
        best = rival if steps[uintp(rival)] < steps[uintp(best)] else best
    return best


@kernel(inline=True)
def _worst_of(totals: Any, lengths: Any, size: int, stream: Any) -> Any:
    """The worst of some random rows."""
    worst = below(stream, len(totals))
    for _ in range(size - 1):
        rival = below(stream, len(totals))
        worst = rival if _better(totals, lengths, worst, rival) else worst
    return worst


@kernel(inline=True)
def _best(totals: Any, lengths: Any) -> int:
    """The best row, the first of equals."""
    best = 0
    for row in range(len(totals)):
        best = row if _better(totals, lengths, row, best) else best
    return best


@kernel(inline=True)
def _is(child: Any, size: int, genomes: Any, row: int, row_size: int) -> bool:
    """Whether a child has the genome of a row."""
    if size != row_size:
        return False
    for index in range(size):  # noqa: SIM110
        if child[uintp(index)] != genomes[uintp(row), uintp(index)]:
            return False
    return True


@kernel()
def advance(
    crowd: Any, log: Any, table: Any, progress: Any, meanings: Any, material: Any, cases: Any, wanted: Any,
    circular: bool, wrong: int, scratch: Any, knobs: Any, counts: Any, key: tuple[int, int, int],
) -> int:  # fmt: skip
    """Does births up to the end of a generation, or until something has to be decided outside.

    Args:
        crowd: genomes, sizes, ids, parents, operators, born, lengths, totals, behaviours and steps of a `Crowd`,
            changed.
        log: the same columns of one that is filled with those who enter the population, up to `born`.
        table: see `behaviours`.
        progress: `int64[PROGRESS]`, `BIRTHS` ….
        meanings: `Meanings`.
        material: what mutations build from.
        cases: inputs `uint8[total]` and their `int64[cases + 1]` offsets.
        wanted: outputs, lengths and rows of `Wanted`.
        circular: how errors of bytes are counted.
        wrong: see `Judge`.
        scratch: of `scratch_for` and `results_for`.
        knobs: `int64[18]`, `UNTIL` ….
        counts: `int64[operators]` twice: children that each operator made, and those of them that entered the
            population and are better than their first parent; added to.
        key: the seed, the island and how many islands there are.

    Returns:
        `REACHED` ….
    """
    genomes, sizes, lengths = borrowed(crowd[0]), borrowed(crowd[1]), borrowed(crowd[6])
    totals, behaviours, steps = borrowed(crowd[7]), borrowed(crowd[8]), borrowed(crowd[9])
    keys, owners = borrowed(table[0]), borrowed(table[1])
    settings, start = borrowed(meanings[1]), borrowed(meanings[2])
    cells, halting = meanings[3], meanings[4]
    inputs, offsets = borrowed(cases[0]), borrowed(cases[1])
    right = (borrowed(wanted[0]), borrowed(wanted[1]), borrowed(wanted[2]))
    child, memory = borrowed(scratch[0]), borrowed(scratch[3])
    dirt, stream = borrowed(scratch[4]), borrowed(scratch[5])
    got = (borrowed(scratch[6]), borrowed(scratch[7]), borrowed(scratch[8]))
    objectives = borrowed(scratch[9])
    child_at, ops_at, pending_at, memory_at, dirt_at = (
        address(child), address(scratch[1]), address(scratch[2]), address(memory), address(dirt),
    )  # fmt: skip
    effects_at, settings_at, inputs_at = address(meanings[0]), address(settings), address(inputs)
    outputs_at, wanted_at = address(got[0]), address(right[0])
    material = lent(material)
    language = material.language
    streams = settings[OUT_LENGTH] == OUT_IS_STREAM
    width = got[0].shape[2]
    while progress[GENERATION] < knobs[UNTIL]:
        if progress[DONE] == 0 or progress[FRESH]:
            remember_all(keys, owners, behaviours)
            progress[FRESH] = 0
            progress[LEADER] = _best(totals, lengths)
        while progress[DONE] < knobs[A_GENERATION]:
            if progress[LOGGED] == len(log[1]):
                return FULL
            seek(stream, key[0], key[1], STEADY, progress[BIRTHS])
            mother = _parent(totals, lengths, steps, knobs[PARENTS], knobs[STEP_PRESSURE], stream)
            father = -1
            size = np.int64(sizes[uintp(mother)])
            for index in range(size):
                child[uintp(index)] = genomes[uintp(mother), uintp(index)]
            if knobs[REPEATS] > 1:
                size = leave_one(child, size, lengths[uintp(mother)] // knobs[REPEATS])
            operator = np.int64(MUTATION)
            if below(stream, 100) < knobs[CROSSOVER]:
                father = _parent(totals, lengths, steps, knobs[PARENTS], knobs[STEP_PRESSURE], stream)
                others = tokens_of_one(genomes[father], sizes[uintp(father)], lengths[uintp(father)] // knobs[REPEATS])
                size, operator = cross(child, size, genomes[father], others, material, stream)
            best_size = sizes[uintp(progress[LEADER])] // knobs[REPEATS]
            most = min(max(best_size + knobs[GROWTH], knobs[FEWEST_TOKENS]), knobs[MOST_TOKENS])
            length = np.int64(0)
            for attempt in range(TRIES):
                if attempt > 0 and knobs[REPEATS] > 1:
                    size = leave_one(child, size, length // knobs[REPEATS])
                while True:
                    change = below(stream, 100)
                    if change < knobs[TRADES]:
                        size = trade(child, size, material, stream)
                    elif change < knobs[TRADES] + knobs[PARTS]:
                        size = part(child, size, material, stream)
                    else:
                        size = mutate(child, size, material, stream)
                    if below(stream, 100) >= knobs[ONE_MORE]:
                        break
                size = merge(child, size, language)
                if size > most:
                    size = fit(child, size, language, most, knobs[MOST_INSTRUCTIONS], stream)
                length, unclosed = compile_tokens(child_at, size, effects_at, cells, halting, ops_at, pending_at)
                if unclosed != 0 or length > knobs[MOST_INSTRUCTIONS]:
                    size = fit(child, size, language, most, knobs[MOST_INSTRUCTIONS], stream)
                    length, _ = compile_tokens(child_at, size, effects_at, cells, halting, ops_at, pending_at)
                if knobs[REPEATS] > 1:
                    size = merge(child, repeated(child, size, knobs[REPEATS]), language)
                    length, _ = compile_tokens(child_at, size, effects_at, cells, halting, ops_at, pending_at)
                if not _is(child, size, genomes, mother, sizes[uintp(mother)]):
                    break
            victim = _worst_of(totals, lengths, knobs[VICTIMS], stream)
            number = progress[BIRTHS]
            progress[BIRTHS] += 1
            progress[EVALUATIONS] += 1
            progress[DONE] += 1
            counts[0][operator] += 1

            bound = totals[uintp(victim)]
            total = np.int64(0)
            timeouts = made = 0
            for case in range(len(offsets) - 1):
                at, stop = offsets[uintp(case)], offsets[uintp(case + 1)]
                status, written = RUNNING, 0
                output = got[0][0, case]
                for index in range(width):
                    output[uintp(index)] = 0
                if timeouts < knobs[CHANCES]:
                    if not start[IS_STREAM]:
                        for index in range(stop - at):
                            memory[uintp(start[IN_AT] + index)] = inputs[uintp(at + index)]
                    status, written, dirty, left, _, _ = run_tokens(
                        child_at, ops_at, effects_at, memory_at, cells, inputs_at, at, stop, outputs_at + case * width,
                        width, settings_at, halting, start[START_HEAD0], start[START_HEAD1], wanted_at + case * width,
                        np.int64(right[1][uintp(case)]), circular, bound - total if streams else -1, dirt_at,
                    )  # fmt: skip
                    written = min(output_length(memory, settings, written), knobs[HORIZON])
                    if not streams:
                        for index in range(min(written, width)):
                            output[uintp(index)] = memory[uintp(settings[OUT_START] + index)]
                        for index in range(stop - at):
                            memory[uintp(start[IN_AT] + index)] = 0
                    clean(memory, dirt, dirty)
                    timeouts += status == STEP_LIMIT
                    made += settings[LIMIT] - left
                if status == ABANDONED:
                    total = bound + 1
                    break
                got[1][0, case], got[2][0, case] = written, status
                total += judge_case(got, 0, case, right, circular, wrong, objectives)
                if total > bound:
                    break
            if total > bound:
                continue

            beaten = totals[uintp(mother)]
            seen = behaviour_of(got, 0, right, objectives)
            row = -1 if knobs[DRIFTS] else find(keys, owners, seen)
            if row >= 0:
                if length > lengths[uintp(row)]:
                    continue
            else:
                row = victim
                if not knobs[DRIFTS] and total == bound and length > lengths[uintp(row)]:
                    continue
                forget(keys, owners, behaviours[uintp(row)], row)
                enter(keys, owners, seen, row)
            for index in range(size):
                genomes[uintp(row), uintp(index)] = child[uintp(index)]
            sizes[uintp(row)], lengths[uintp(row)] = size, length
            totals[uintp(row)], behaviours[uintp(row)], steps[uintp(row)] = total, seen, made
            here = progress[LOGGED]
            crowd[3][row, 0], crowd[3][row, 1] = crowd[2][mother], crowd[2][father] if father >= 0 else -1
            crowd[2][row] = number * key[2] + key[1]
            crowd[4][row], crowd[5][row] = operator, progress[GENERATION]
            for index in range(size):
                log[0][here, index] = child[uintp(index)]
            log[1][here], log[2][here], log[3][here] = size, crowd[2][row], crowd[3][row]
            log[4][here], log[5][here] = operator, progress[GENERATION]
            progress[LOGGED] += 1
            counts[1][operator] += total < beaten
            if _better(totals, lengths, row, progress[LEADER]):
                progress[LEADER] = row
            if total < progress[BEST]:
                progress[BEST], progress[BEST_AT] = total, progress[EVALUATIONS]
            if total == 0:
                progress[SUSPECT] = row
                return FOUND
        progress[DONE] = 0
        progress[GENERATION] += 1
        if progress[EVALUATIONS] - progress[BEST_AT] > knobs[PATIENCE]:
            return STALE
    return REACHED
