"""The commands that show: the place, registers, memory, values, the program, stops and snapshots."""

from __future__ import annotations

import re

from gpdebug.debugger import words
from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.command_keeping import info_bookmarks, info_displays, info_mark
from gpdebug.debugger.command_snapshots import info_snapshots
from gpdebug.debugger.diff_text import shown
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Moment, StopReason
from gpdebug.debugger.session import Session
from gpdebug.debugger.whole_numbers import whole_number
from gpdebug.wording import character, escaped, is_printable, signed_byte

TOPICS = ("stops", "snapshots", "displays", "bookmarks", "mark", "registers", "loops", "run")
_TOPIC_ALIASES = {
    "b": "stops",
    "break": "stops",
    "breakpoints": "stops",
    "display": "displays",
    "r": "registers",
    "s": "snapshots",
}
_PER_ROW = {"x": 16, "d": 8, "u": 8, "c": 16}
_LISTED = 11
_ALL_LOOPS = 1000
_LONG = 2.0
_QUIET = (StopReason.STEP, StopReason.SEEK)


def place(session: Session) -> list[str]:
    """Where the session stands, why, and what comes next: two lines."""
    moment = session.moment
    of = f" of {moment.total_steps:,}" if moment.total_steps is not None else ""
    why = "" if moment.reason in _QUIET else f" · {_reason(moment)}"
    on = f" on {session.branches[moment.branch].title}" if len(session.branches) > 1 else ""
    lines = [f"step {moment.step:,}{of}{on}{why}"]
    state = moment.state
    if session.effect() is None:
        return [*lines, f"      {session.next_words()}"]
    return [*lines, f"{state.pc:5,} {_symbol(session, state.pc)}  {session.next_words()}"]


def _reason(moment: Moment) -> str:
    fired = [words.firing_words(firing) for firing in moment.firings]
    if moment.reason is StopReason.STOP:
        return ", ".join(fired)
    return ", ".join([str(moment.reason), *fired])


def _symbol(session: Session, instruction: int) -> str:
    if session.program.dialect.self_modifying:
        return escaped(int(session.moment.state.memory[instruction]))
    return chr(session.program.code[instruction])


def where(call: Call) -> None:
    """Says where the session stands."""
    call.arguments.end()
    call.say(*place(call.session))
    for loop in call.session.loops(most=1, interrupt=call.interrupt):
        call.say(f"      {_loop(loop)}")


def print_(call: Call) -> None:
    """Evaluates an expression."""
    text, column = call.arguments.rest, call.arguments.column
    if not text:
        raise CommandError("expected an expression, such as mem[3] or h0 + 1", column=column)
    with call.expression_at(column):
        call.say(f"{text} = {words.number(call.session.value(text))}")


def examine(call: Call) -> None:
    """Shows cells of the memory."""
    match = re.fullmatch(r"(\d*)([xduc]?)b?", call.modifier)
    if match is None:
        message = f"expected x/COUNT and a format (x d u c; cells are bytes: b), found x/{call.modifier}"
        raise CommandError(message, column=call.modifier_column)
    memory, column = call.session.moment.state.memory, call.arguments.column
    with call.expression_at(column):
        text = call.arguments.rest
        start = call.session.value(text) if text else call.session.moment.state.head0
    if not 0 <= start < len(memory):
        raise CommandError(f"there is no cell {start:,}: cells are 0 to {len(memory) - 1:,}", column=column)
    kind = match[2] or "x"
    cells = memory[start : start + whole_number(match[1] or "16")].tobytes()
    for at in range(0, len(cells), _PER_ROW[kind]):
        call.say(_row(start + at, cells[at : at + _PER_ROW[kind]], kind))


def _row(start: int, cells: bytes, kind: str) -> str:
    match kind:
        case "d":
            shown_cells = " ".join(f"{signed_byte(byte):4}" for byte in cells)
        case "u":
            shown_cells = " ".join(f"{byte:3}" for byte in cells)
        case "c":
            shown_cells = " ".join(character(byte) for byte in cells)
        case _:
            text = "".join(chr(byte) if is_printable(byte) else "." for byte in cells)
            shown_cells = f"{cells.hex(' '):47}  {text}"
    return f"{start:8,}: {shown_cells}".rstrip()


def list_(call: Call) -> None:
    """Shows the program around an instruction."""
    session, state = call.session, call.session.moment.state
    middle = call.arguments.number("the index of an instruction", state.pc)
    call.arguments.end()
    size = code_size(session.program, state)
    first = max(0, min(middle, size) - _LISTED // 2)
    for index in range(first, min(size, first + _LISTED)):
        mark = "→" if index == state.pc else " "
        stop = "●" if any(stop.is_active for stop in session.stops.at(index)) else " "
        call.say(f"{mark}{stop}{index:6,} {_symbol(session, index)}  {session.meaning(index)}")
    if size <= middle or state.pc >= size:
        call.say(f"the program ends at {size:,}")


def output(call: Call) -> None:
    """Shows the output, and the wanted one."""
    call.arguments.end()
    moment = call.session.moment
    call.say(f"output {shown(moment.output, 1000)}")
    if call.session.wanted is not None:
        call.say(f"wanted {shown(call.session.wanted, 1000)}")


def info(call: Call) -> None:
    """Shows all there is of something."""
    column = call.arguments.column
    word = call.arguments.word(f"one of {', '.join(TOPICS)}")
    call.arguments.end()
    topic = _TOPIC_ALIASES.get(word, word)
    if topic not in TOPICS:
        raise CommandError(f"expected one of {', '.join(TOPICS)}, found {word!r}", column=column)
    _TOPIC_ACTIONS[topic](call)


def _info_stops(call: Call) -> None:
    hits = call.session.hits(interrupt=call.interrupt, on_progress=call.on_progress)
    for stop in call.session.stops:
        notes = [] if stop.enabled else ["disabled"]
        if stop.misfit is not None:
            notes.append(f"does not fit: {stop.misfit}")
        elif hits is not None and stop.id in hits:
            notes.append(f"{_times(hits[stop.id])} up to now")
        if stop.note:
            notes.append(stop.note)
        call.say(" · ".join([str(stop), *notes]))
    if not call.session.stops:
        call.say("no stops are set: 'break 12' sets one")


def _info_loops(call: Call) -> None:
    loops = call.session.loops(most=_ALL_LOOPS, seconds=_LONG, interrupt=call.interrupt)
    for loop in loops:
        when = "" if loop.entered is None or not loop.number else f", entered at step {loop.entered:,}"
        if loop.left is not None:
            when += f", left at step {loop.left:,}"
        elif loop.is_last_known:
            when += ", the run ends in it"
        call.say(_loop(loop) + when)
    if not loops:
        call.say(f"no loop is around instruction {call.session.moment.state.pc:,}")


def _loop(loop: LoopPass) -> str:
    return f"loop {loop.open:,} to {loop.close:,}: {loop.words}"


def _info_registers(call: Call) -> None:
    state, memory = call.session.moment.state, call.session.moment.state.memory
    call.say(f"{'pc':12} {state.pc:,}")
    for name, head in (("head0", state.head0), ("head1", state.head1)):
        call.say(f"{name:12} {head:,}   cell {head:,} = {words.number(int(memory[head]))}")
    call.say(f"{'step':12} {state.steps:,}", f"{'status':12} {state.status}")
    call.say(
        f"{'input read':12} {state.input_pos:,} of {len(call.session.data):,} bytes", f"{'spare':12} {state.spare}"
    )


def _info_run(call: Call) -> None:
    session, moment = call.session, call.session.moment
    program = session.program
    total = "not known yet" if session.total_steps is None else f"{session.total_steps:,}"
    call.say(
        f"program  {len(program):,} instructions of {program.dialect.name}, hash {program.hash}",
        f"input    {len(session.data):,} bytes {shown(session.data)}",
        f"length   {total} steps, {moment.seen_steps:,} seen",
        f"branch   {session.branches[moment.branch].title}, {len(session.branches)} in all",
        "settings " + ", ".join(f"{key} {value}" for key, value in session.settings.to_dict().items()),
    )


_TOPIC_ACTIONS: dict[str, Action] = {
    "stops": _info_stops,
    "snapshots": info_snapshots,
    "displays": info_displays,
    "bookmarks": info_bookmarks,
    "mark": info_mark,
    "registers": _info_registers,
    "loops": _info_loops,
    "run": _info_run,
}

VIEWS: dict[str, Action] = {
    "where": where,
    "print": print_,
    "x": examine,
    "list": list_,
    "output": output,
    "info": info,
}


def _times(hits: int) -> str:
    return {0: "not hit", 1: "hit once"}.get(hits, f"hit {hits:,} times")
