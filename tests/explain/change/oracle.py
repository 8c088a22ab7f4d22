"""A run that keeps to its path while values are changed, one step of the reference at a time; and random changes."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment
from tests.vm.runs import Run
from vm.dialect import Io, Primitive
from vm.reference import ReferenceMachine
from vm.settings import Eof


@dataclass
class Kept:
    """What such a run comes to."""

    memory: bytearray
    spare: int
    output: bytearray
    steps: int


def keep_to_path(run: Run, changes: list[Change]) -> Kept:
    """The definition: at each step the recorded instruction, or what is there instead, acts where the heads were."""
    machine = ReferenceMachine(run.program, run.data, run.settings)
    dialect, data = run.program.dialect, bytearray(run.data)
    kept = Kept(bytearray(machine.memory), 0, bytearray(), 0)
    instead: dict[int, tuple[Primitive, int]] = {}
    while True:
        t = machine.steps
        heads = [machine.head0, machine.head1]
        blank = False
        for change in changes:
            if (change.step or 0) != t:
                continue
            match change:
                case Put(Place.HEAD):
                    heads[change.index] = _new(change, heads[change.index], run.settings.memory)
                case Put():
                    _put(change, kept, data, run)
                case BlankSite():
                    instead[change.instruction] = Primitive.NOP, 0
                    if dialect.self_modifying:
                        kept.memory[change.instruction] = blank_symbol(dialect)[1]
                case TakeSegment():
                    for at, byte in enumerate(change.code, change.first):
                        instead[at] = Primitive(int(dialect.table[0][byte])), int(dialect.table[1][byte])
                        if dialect.self_modifying:
                            kept.memory[at] = byte
                case BlankStep():
                    blank = True
        pc, at, before = machine.pc, machine.input_pos, bytes(machine.memory)
        primitive, argument = Primitive.NOP, 0
        if pc < (len(before) if dialect.self_modifying else len(run.program)):
            code = before if dialect.self_modifying else run.program.code
            primitive, argument = Primitive(int(dialect.table[0][code[pc]])), int(dialect.table[1][code[pc]])
        recorded, h0, h1 = primitive, machine.head0, machine.head1
        if not machine.step():
            kept.steps = t
            return kept
        primitive, argument = (Primitive.NOP, 0) if blank else instead.get(pc, (primitive, argument))
        _act(primitive, argument, heads, at, kept, data, run)
        if dialect.self_modifying:
            for cell in written(recorded, h0, h1, at, run):
                instead.pop(cell, None)


def written(primitive: Primitive, h0: int, h1: int, at: int, run: Run) -> list[int]:
    """The cell that the recorded instruction wrote."""
    match primitive:
        case Primitive.ADD | Primitive.SET | Primitive.COPY10 | Primitive.UNSTASH:
            return [h0]
        case Primitive.COPY01:
            return [h1]
        case Primitive.READ if at < len(run.data) or run.settings.eof is Eof.ZERO:
            return [h0]
    return []


def _new(change: Put, before: int, modulus: int) -> int:
    return (before * change.is_added + change.value) % modulus


def _put(change: Put, kept: Kept, data: bytearray, run: Run) -> None:
    match change.place:
        case Place.CELL:
            kept.memory[change.index] = _new(change, kept.memory[change.index], 256)
        case Place.SPARE:
            kept.spare = _new(change, kept.spare, 256)
        case Place.INPUT:
            data[change.index] = _new(change, data[change.index], 256)
            if run.program.dialect.io is Io.REGIONS:
                cell = run.settings.in_at + change.index
                kept.memory[cell] = _new(change, kept.memory[cell], 256)


def _act(
    primitive: Primitive, argument: int, heads: list[int], at: int, kept: Kept, data: bytearray, run: Run
) -> None:  # fmt: skip
    memory, (h0, h1) = kept.memory, heads
    match primitive:
        case Primitive.ADD:
            memory[h0] = (memory[h0] + argument) % 256
        case Primitive.SET:
            memory[h0] = argument % 256
        case Primitive.COPY01:
            memory[h1] = memory[h0]
        case Primitive.COPY10:
            memory[h0] = memory[h1]
        case Primitive.READ if at < len(data):
            memory[h0] = data[at]
        case Primitive.READ if run.settings.eof is Eof.ZERO:
            memory[h0] = 0
        case Primitive.WRITE:
            kept.output.append(memory[h0])
        case Primitive.STASH:
            kept.spare = memory[h0]
        case Primitive.UNSTASH:
            memory[h0] = kept.spare


@st.composite
def puts(draw: st.DrawFn, run: Run, steps: int) -> Put:
    """A value that is changed at some step of a run."""
    places = [Place.CELL, Place.HEAD, Place.SPARE, *([Place.INPUT] if run.data else [])]
    place = draw(st.sampled_from(places))
    size = {Place.CELL: run.settings.memory, Place.HEAD: 2, Place.INPUT: len(run.data)}.get(place, 1)
    added = draw(st.booleans()) and place is not Place.HEAD
    most = run.settings.memory - 1 if place is Place.HEAD else 255
    step = draw(st.none() | st.integers(0, steps))
    return Put(place, draw(st.integers(0, size - 1)), draw(st.integers(0, most)), added, step)


@st.composite
def changes(draw: st.DrawFn, run: Run, steps: int) -> Change:
    """Any change of a run that can be made in it and keeps to places."""
    size = run.settings.memory if run.program.dialect.self_modifying else len(run.program)
    kinds = ["put", *(["step", "flip"] if steps else []), *(["site", "take"] if size else [])]
    match draw(st.sampled_from(kinds)):
        case "put":
            return draw(puts(run, steps))
        case "step":
            return BlankStep(draw(st.integers(0, steps - 1)))
        case "flip":
            return FlipTest(draw(st.integers(0, steps - 1)))
        case "site":
            return BlankSite(draw(st.integers(0, size - 1)), step=draw(st.none() | st.integers(0, steps)))
    first = draw(st.integers(0, size - 1))
    symbols = st.sampled_from([ord(symbol) for symbol in run.program.dialect.symbols])
    code = bytes(draw(st.lists(symbols, min_size=1, max_size=min(5, size - first))))
    return TakeSegment(first, first + len(code) - 1, code, step=draw(st.none() | st.integers(0, steps)))
