"""What a run depends on, found the slow and obvious way: by the definitions, one step of the reference at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpdebug.explain.event_kernel import BEFORE, NONE
from tests.vm.runs import Run
from vm.dialect import Primitive
from vm.reference import ReferenceMachine
from vm.state import State
from vm.touch import READS_HEAD0, READS_HEAD1

BRACKETS = (Primitive.OPEN, Primitive.CLOSE)
AT_HEAD0 = READS_HEAD0 | {Primitive.SET, Primitive.READ, Primitive.UNSTASH, Primitive.COPY10, Primitive.MOVE0}
AT_HEAD1 = {Primitive.MOVE1, Primitive.COPY01, Primitive.COPY10}


@dataclass
class Known:
    """What is known of a run so far."""

    wrote: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    stashed: int = BEFORE
    entered: dict[int, int] = field(default_factory=dict)


def sources_of(run: Run) -> list[tuple[int, int, int, int, int]]:
    """Of each step: value, address of head0 and head1, control, code."""
    machine = ReferenceMachine(run.program, run.data, run.settings)
    known = Known()
    found: list[tuple[int, int, int, int, int]] = []
    while True:
        before = machine.snapshot()
        if not machine.step():
            return found
        found.append(_step(run, before, machine.snapshot(), known))


def _step(run: Run, before: State, after: State, known: Known) -> tuple[int, int, int, int, int]:
    living = run.program.dialect.self_modifying
    code = before.memory if living else run.program.code
    primitives = [Primitive(int(run.program.dialect.table[0][byte])) for byte in code]
    primitive, t = primitives[before.pc], before.steps
    read = before.head0 if primitive in READS_HEAD0 else before.head1 if primitive in READS_HEAD1 else None
    value = NONE if read is None else known.wrote.get(read, BEFORE)
    value = known.stashed if primitive is Primitive.UNSTASH else value
    address0 = known.moved.get(0, BEFORE) if primitive in AT_HEAD0 else NONE
    address1 = known.moved.get(1, BEFORE) if primitive in AT_HEAD1 else NONE
    pairs = _pairs(primitives)
    around = [pair for pair in pairs if pair[0] < before.pc <= pair[1]]
    control = max(known.entered.get(place, NONE) for place in max(around)) if around else NONE
    code_source = known.wrote.get(before.pc, BEFORE) if living else NONE
    _learn(run, primitive, pairs, before, after, known)
    assert t == before.steps
    return value, address0, address1, control, code_source


def _learn(
    run: Run, primitive: Primitive, pairs: list[tuple[int, int]], before: State, after: State, known: Known
) -> None:  # fmt: skip
    t = before.steps
    match primitive:
        case Primitive.ADD | Primitive.SET | Primitive.COPY10 | Primitive.UNSTASH:
            known.wrote[before.head0] = t
        case Primitive.COPY01:
            known.wrote[before.head1] = t
        case Primitive.READ if before.input_pos < len(run.data) or run.settings.eof == "zero":
            known.wrote[before.head0] = t
        case Primitive.MOVE0 | Primitive.MOVE1:
            known.moved[int(primitive is Primitive.MOVE1)] = t
        case Primitive.STASH:
            known.stashed = t
    loop = next((pair for pair in pairs if before.pc in pair), None)
    if loop is not None:
        goes_in = loop[0] < after.pc <= loop[1]
        if goes_in:
            known.entered[before.pc] = t
        else:
            known.entered.update(dict.fromkeys(loop, NONE))


def _pairs(primitives: list[Primitive]) -> list[tuple[int, int]]:
    pending, pairs = [], []
    for index, primitive in enumerate(primitives):
        if primitive is Primitive.OPEN:
            pending.append(index)
        elif primitive is Primitive.CLOSE and pending:
            pairs.append((pending.pop(), index))
    return pairs


def reached_from(sources: list[tuple[int, ...]], root: int, places: list[int]) -> set[int]:
    """The steps that a step depends on, itself included, by some of the dependences."""
    found, pending = {root}, [root]
    while pending:
        step = pending.pop()
        for place in places:
            source = sources[step][place]
            if source >= 0 and source not in found:
                found.add(source)
                pending.append(source)
    return found
