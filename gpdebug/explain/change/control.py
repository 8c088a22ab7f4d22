"""The tests of a run, and which of them may have turned control away from an instruction."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.dataflow import Dataflow, dataflow
from gpdebug.explain.trace import Trace
from vm.dialect import Primitive
from vm.program import bracket_partners

_FAR = 1 << 30
_EACH = 6
"""Times that a test came out one way which are looked at: the last ones, and the first."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A test as it came out.

    Attributes:
        step: when.
        instruction: the bracket.
        cell: what it looked at.
        value: what that held.
        jumped: whether it jumped.
    """

    step: int
    instruction: int
    cell: int
    value: int
    jumped: bool


def turns(trace: Trace, instruction: int | None = None, *, most: int = 4096) -> list[Turn]:
    """The tests of a run that may have turned control away, the likeliest first.

    First those of brackets that always came out the same way: nearest to the instruction, then latest. Behind them all
    others, the latest first.

    Args:
        trace: the run.
        instruction: that control was turned away from; None: from anything.
        most: how many at most.
    """
    flow = dataflow(trace)
    steps = np.flatnonzero(np.isin(flow.primitives, (Primitive.OPEN, Primitive.CLOSE)))
    sites, jumped = flow.instructions[steps], flow.jumped[steps]
    way = sites * 2 + jumped
    ways = np.unique(way).tolist()
    known, partners = set(ways), _partners(trace)
    distances = None if instruction is None else _distances(trace, instruction)
    always: list[tuple[int, int, int]] = []
    for each in ways:
        other = each >> 1 if each & 1 else int(partners[each >> 1])
        if each ^ 1 in known or other < 0:
            continue
        far = 0 if distances is None else distances[other + 1]
        if far < _FAR or trace.program.dialect.self_modifying:
            at = steps[way == each]
            always += [(far, -int(step), int(step)) for step in _some(at)]
    first = [step for _, _, step in sorted(always)]
    others = [] if instruction is not None and not trace.program.dialect.self_modifying else steps[::-1].tolist()
    return [_turn(flow, step) for step in list(dict.fromkeys([*first, *others[:most]]))[:most]]


def _some(steps: NDArray[np.intp]) -> list[int]:
    """The last few, and the first."""
    found: list[int] = [*steps[-_EACH:][::-1].tolist(), *steps[:1].tolist()]
    return list(dict.fromkeys(found))


def _turn(flow: Dataflow, step: int) -> Turn:
    return Turn(
        flow.trace.first + step,
        int(flow.instructions[step]),
        int(flow.read[step]),
        int(flow.old[step]),
        bool(flow.jumped[step]),
    )


def _code(trace: Trace) -> NDArray[np.uint8]:
    """The code as it is at the end."""
    return trace.end.memory if trace.program.dialect.self_modifying else trace.program.code


def _partners(trace: Trace) -> NDArray[np.int32]:
    if not trace.program.dialect.self_modifying:
        return trace.program.partners
    return bracket_partners(trace.program.dialect.table[0][_code(trace)])


def _distances(trace: Trace, instruction: int) -> list[int]:
    """From each place of the code, how many tests lie on the way to an instruction at least; `_FAR` without a way."""
    primitives = trace.program.dialect.table[0][_code(trace)].tolist()
    partners = _partners(trace).tolist()
    size = len(primitives)
    before: list[list[int]] = [[] for _ in range(size + 1)]
    for place in range(size):
        if primitives[place] != Primitive.HALT:
            before[place + 1].append(place)
        if partners[place] >= 0:
            before[partners[place] + 1].append(place)
    far = [_FAR] * (size + 1)
    far[instruction] = 0
    pending = deque([instruction])
    while pending:
        here = pending.popleft()
        for place in before[here]:
            cost = int(partners[place] >= 0)
            if far[here] + cost < far[place]:
                far[place] = far[here] + cost
                (pending.append if cost else pending.appendleft)(place)
    return far
