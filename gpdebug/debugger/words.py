"""Plain words: what an instruction is about to do with the values of a moment, and what a stop saw."""

from __future__ import annotations

from gpdebug.debugger.ahead import Effect
from gpdebug.debugger.firings import Firing, Sight
from gpdebug.debugger.places import OnEvent
from gpdebug.wording import escaped, is_printable, literal, value_words
from vm.dialect import Primitive
from vm.settings import Settings
from vm.state import State, Status
from vm.touch import Access


def next_words(state: State, effect: Effect | None, settings: Settings, data: bytes) -> str:
    """What the run does next, or why it is over.

    Args:
        state: the moment.
        effect: what the instruction at pc will do then (`ahead.effect_of`).
        settings: of the machine.
        data: the whole input.
    """
    if state.status is Status.FINISHED:
        return "finished: nothing is left to execute"
    if state.status is Status.HALTED:
        return "halted: the program ended the run"
    if state.status is Status.STEP_LIMIT:
        return f"the limit of {settings.limit:,} steps is reached"
    if effect is None:
        return "nothing is left to execute"
    if effect.fault is not None:
        return f"fault {effect.fault}: {_fault_words(state, effect, settings)}"
    match effect.primitive:
        case Primitive.MOVE0 | Primitive.MOVE1:
            return _move_words(state, effect)
        case Primitive.OPEN | Primitive.CLOSE:
            return _bracket_words(state, effect)
        case Primitive.READ:
            return _read_words(state, effect, data)
        case Primitive.WRITE:
            return f"writes {value_words(_cell0(state))} from cell {state.head0:,} as output byte {len(state.output):,}"
    return _other_words(state, effect)


def _fault_words(state: State, effect: Effect, settings: Settings) -> str:
    match effect.primitive:
        case Primitive.MOVE0 | Primitive.MOVE1:
            at = state.head1 if effect.head else state.head0
            edge = "the last" if effect.argument > 0 else "the first"
            cells = f"{abs(effect.argument):,} from cell {at:,}" if abs(effect.argument) != 1 else f"from cell {at:,}"
            return f"head{effect.head} cannot move {cells} past {edge} cell"
        case Primitive.READ:
            return "the input is at its end"
        case Primitive.WRITE:
            return f"the output is full, its limit is {settings.out_limit:,}"
    return f"cell {state.head0:,} is {_cell0(state)}, but this bracket has no partner to jump to"


def _move_words(state: State, effect: Effect) -> str:
    at, to = (state.head1 if effect.head else state.head0), int(effect.head_to or 0)
    past = " past the edge" if to != at + effect.argument else ""
    holds = value_words(int(state.memory[to]))
    return f"head{effect.head} moves from cell {at:,}{past} to cell {to:,}, which holds {holds}"


def _bracket_words(state: State, effect: Effect) -> str:
    value = _cell0(state)
    is_open = effect.primitive is Primitive.OPEN
    cell = f"cell {state.head0:,} is {value}" + (", not 0" if value else "")
    if effect.partner is None:
        return f"{cell}; this bracket has no partner and does nothing"
    if is_open:
        return f"{cell}: into the loop" if value else f"{cell}: past the loop to {effect.next_pc:,}"
    return f"{cell}: back to {effect.next_pc:,}" if value else f"{cell}: out of the loop"


def _read_words(state: State, effect: Effect, data: bytes) -> str:
    if effect.cell is None:
        return f"the input is at its end: cell {state.head0:,} stays {_cell0(state)}"
    change = f"cell {effect.cell:,}: {_cell0(state)} → {effect.value}"
    if state.input_pos >= len(data):
        return f"the input is at its end: {change}"
    return f"reads input byte {state.input_pos:,}, {value_words(data[state.input_pos])}: {change}"


def _other_words(state: State, effect: Effect) -> str:
    cell, new = effect.cell, effect.value
    if cell is None or new is None:
        if effect.primitive is Primitive.STASH:
            change = f"spare register {state.spare} → {_cell0(state)}"
            return f"saves {value_words(_cell0(state))} from cell {state.head0:,}: {change}"
        return "ends the run" if effect.primitive is Primitive.HALT else "does nothing"
    old = int(state.memory[cell])
    change = f"{old} → {new}" if old != new else f"stays {old}"
    match effect.primitive:
        case Primitive.ADD:
            wraps = ", wrapping round" if new != old + effect.argument else ""
            return f"cell {cell:,}: {change}{wraps}"
        case Primitive.COPY01:
            return f"copies {value_words(new)} from cell {state.head0:,} to cell {cell:,}: {change}"
        case Primitive.COPY10:
            return f"copies {value_words(new)} from cell {state.head1:,} to cell {cell:,}: {change}"
        case Primitive.UNSTASH:
            return f"fetches {value_words(new)} from the spare register to cell {cell:,}: {change}"
    return f"cell {cell:,}: {change}"


def firing_words(firing: Firing) -> str:
    """Which stop fired, and what it saw: `watchpoint 2: mem[3] 3 → 4 by 17 +`."""
    name = f"{firing.stop.kind} {firing.stop.id}"
    if firing.sight is not None:
        return f"{name}: {sight_words(firing.sight)}"
    return f"{name}: {firing.stop.where.event}" if isinstance(firing.stop.where, OnEvent) else name


def sight_words(sight: Sight) -> str:
    """What a step did to what a stop watches: `mem[3] 3 → 4 by 17 +`."""
    by = f"by {sight.instruction:,} {escaped(sight.symbol)}"
    match sight.access:
        case Access.CHANGE:
            return f"{sight.subject} {sight.before} → {sight.after} {by}"
        case Access.WRITE:
            return f"{sight.subject} stays {sight.after}, written {by}"
        case Access.READ:
            return f"{sight.subject} = {sight.after}, read {by}"
    return f"{sight.subject} = {value_words(sight.after)} {by}"


def _cell0(state: State) -> int:
    return int(state.memory[state.head0])


def number(value: int) -> str:
    """A number in decimal, hex, and what it is as a byte: `200 (0xc8, -56 signed)`."""
    more = [f"-0x{-value:x}" if value < 0 else f"0x{value:x}"]
    if 127 < value < 256:
        more.append(f"{value - 256} signed")
    if is_printable(value):
        more.append(literal(value))
    return f"{value} ({', '.join(more)})"
