"""What stops saw: the step before the moment at which they fired, looked at once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gpdebug.debugger.ahead import effect_of
from gpdebug.debugger.brackets import primitive_at
from gpdebug.debugger.edits import Situation
from gpdebug.debugger.firings import Firing, Sight
from gpdebug.debugger.places import machine_place
from gpdebug.debugger.stops import UserStop
from gpdebug.debugger.timeline import Timeline
from vm.settings import Eof
from vm.state import output_of
from vm.stops import VALUES, Cells, Change, Mode, Place, Stop, StopSet, Stream
from vm.touch import Access, Touch, touch_of


def firings_at(stops: Sequence[UserStop], timeline: Timeline) -> tuple[Firing, ...]:
    """The firings of stops where a timeline stands, with what they saw. It stands there again afterwards."""
    line = timeline
    places = [machine_place(stop.where, line.program.dialect, line.settings, len(line.data)) for stop in stops]
    if line.step == 0 or all(place is None or isinstance(place, int) for place in places):
        return tuple(Firing(stop) for stop in stops)
    here = line.snapshot()
    line.go_to(here.steps - 1)
    before = Situation(line.program, line.data, line.settings, line.snapshot())
    watched = StopSet([Stop(place) for place in places if isinstance(place, Change)], mode=Mode.COUNT)
    line.advance(watched if watched.stops else None, until=here.steps)
    values = iter(watched.counts[VALUES].tolist())
    line.place(here)
    sights = (
        _on_change(place, next(values), before) if isinstance(place, Change) else _seen(place, before)
        for place in places
    )
    return tuple(Firing(stop, sight) for stop, sight in zip(stops, sights, strict=True))


def _on_change(change: Change, after: int, before: Situation) -> Sight:
    output = output_of(before.state, before.program.dialect, before.settings)
    value = change.expression.value(before.state, data=before.data, output=output, hits=0)
    pc = before.state.pc
    return Sight(change.expression.text, Access.CHANGE, value, after, pc, _symbol(before, pc))


def _seen(place: Place | None, before: Situation) -> Sight | None:
    """What the instruction at pc does at a place."""
    match place:
        case Cells():
            return _on_cells(place, _touch(before), before)
        case Stream(Access.OUTPUT):
            byte = int(before.state.memory[before.state.head0])
            return _of_byte(f"output byte {len(before.state.output):,}", Access.OUTPUT, byte, before)
        case Stream():
            position = before.state.input_pos
            return _of_byte(f"input byte {position:,}", Access.INPUT, before.data[position], before)
    return None


def _on_cells(cells: Cells, touch: Touch, before: Situation) -> Sight | None:
    """The write if that is watched, else the read."""
    pc = touch.instruction
    effect = effect_of(before.state, before.program, before.settings, before.data)
    if touch.written is not None and effect is not None and effect.value is not None:
        access = Access.CHANGE if effect.value != touch.old else Access.WRITE
        if cells.cover(touch.written, before.state) and cells.access & (access | Access.WRITE):
            return Sight(f"mem[{touch.written}]", access, touch.old, effect.value, pc, _symbol(before, pc))
    if touch.read is None:
        return None
    return _of_byte(f"mem[{touch.read}]", Access.READ, int(before.state.memory[touch.read]), before)


def _of_byte(subject: str, access: Access, byte: int, before: Situation) -> Sight:
    pc = before.state.pc
    return Sight(subject, access, byte, byte, pc, _symbol(before, pc))


def _symbol(moment: Situation, instruction: int) -> int:
    """The byte of an instruction, as the code is at a moment."""
    own = moment.program.dialect.self_modifying
    return int((moment.state.memory if own else moment.program.code)[instruction])


def _touch(before: Situation) -> Touch:
    """What the instruction at pc is about to touch."""
    state = before.state
    primitive, _ = primitive_at(before.program, state, state.pc)
    taken = state.input_pos < len(before.data)
    stored = taken or before.settings.eof is Eof.ZERO
    touch = touch_of(primitive, state.pc, state.head0, state.head1, taken=taken, stored=stored)
    return touch if touch.written is None else replace(touch, old=int(state.memory[touch.written]))
