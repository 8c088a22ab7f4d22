"""The commands about stops."""

from __future__ import annotations

import re
from typing import Any

from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.command_terms import CLAUSES, WORDS, Terms, read_terms, unquoted
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.place_text import parse_place
from gpdebug.debugger.places import ACCESS, Event, OnCells
from gpdebug.debugger.stops import UserStop, parse_message
from vm.touch import Access

_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")


def break_(call: Call) -> None:
    """Sets a breakpoint."""
    _set_at_instruction(call, temporary=False)


def tbreak(call: Call) -> None:
    """Sets a breakpoint that goes when a run stops at it."""
    _set_at_instruction(call, temporary=True)


def _set_at_instruction(call: Call, *, temporary: bool) -> None:
    instruction = _instruction(call)
    _add(call, instruction, _terms(call), {"temporary": True} if temporary else {})


def log(call: Call) -> None:
    """Sets a logpoint."""
    arguments = call.arguments
    instruction = arguments.number("the index of an instruction")
    match = _QUOTED.match(arguments.rest)
    column = arguments.column + 1
    if match is None:
        raise CommandError("expected a message in quotes", column=arguments.column)
    message = unquoted(arguments.take(match.end()).rstrip())
    with call.expression_at(column):
        parse_message(message)
    _add(call, instruction, _terms(call), {"message": message})


def _add(call: Call, instruction: int, found: Terms, more: dict[str, Any]) -> None:
    with found.errors_in(call):
        _say_set(call, call.session.stops.add(instruction, **(found.terms | more)))


def _instruction(call: Call) -> int:
    """The instruction that a stop is set at: an index, or, if the next word is none, the present one."""
    following = call.arguments.rest.split(maxsplit=1)[:1]
    if not following or following[0] in WORDS:
        return call.session.moment.state.pc
    return call.arguments.number("the index of an instruction, 'if' or 'hit'")


def _terms(call: Call) -> Terms:
    """What stands behind the place of a stop."""
    found = read_terms(call.arguments)
    if found.place:
        raise CommandError(f"expected {CLAUSES}, found {found.place!r}", column=found.column)
    return found


def watch(call: Call) -> None:
    """Sets a watchpoint on changes, or, with /w, on all writes."""
    if call.modifier not in ("", "w"):
        raise CommandError(f"expected watch or watch/w, found watch/{call.modifier}", column=call.modifier_column)
    _set_watch(call, Access.WRITE if call.modifier else Access.CHANGE)


def rwatch(call: Call) -> None:
    """Sets a watchpoint on reads."""
    _set_watch(call, Access.READ)


def awatch(call: Call) -> None:
    """Sets a watchpoint on reads and writes."""
    _set_watch(call, ACCESS)


def _set_watch(call: Call, access: Access) -> None:
    found = read_terms(call.arguments)
    if not found.place:
        raise CommandError("expected a cell (3), cells (3..7, mem[h0+1]) or an expression", column=found.column)
    stops = call.session.stops
    with call.expression_at(found.column):
        where = parse_place(found.place, call.session.settings.memory, access)
    if not isinstance(where, OnCells) and access is not Access.CHANGE:
        raise CommandError("only cells can be watched for reads and writes: mem[3], 3..7", column=found.column)
    with found.errors_in(call):
        _say_set(call, stops.set(where, **found.terms))


def catch(call: Call) -> None:
    """Sets a stop at output, input or an end of the run."""
    column = call.arguments.column
    expected = f"one of {', '.join(Event)}"
    word = call.arguments.word(expected)
    if word not in tuple(Event):
        raise CommandError(f"expected {expected}, found {word!r}", column=column)
    found = _terms(call)
    with found.errors_in(call):
        _say_set(call, call.session.stops.catch(Event(word), **found.terms))


def _say_set(call: Call, stop: UserStop) -> None:
    call.say(f"set {stop}")


def condition(call: Call) -> None:
    """Gives a stop a condition, or takes it away."""
    number = call.arguments.number("the number of a stop")
    with call.expression_at(call.arguments.column):
        stop = call.session.stops.set_condition(number, call.arguments.rest)
    call.say(str(stop))


def hit(call: Call) -> None:
    """Gives a stop a hit rule, or takes it away."""
    number = call.arguments.number("the number of a stop")
    call.say(str(call.session.stops.set_rule(number, call.arguments.rest)))


def after(call: Call) -> None:
    """Has a stop armed by another, or from the start."""
    number = call.arguments.number("the number of a stop")
    other = call.arguments.number("the number of the stop that arms it", 0)
    call.arguments.end()
    call.say(str(call.session.stops.set_after(number, other or None)))


def delete(call: Call) -> None:
    """Deletes stops."""
    for number in _numbers(call):
        call.say(f"deleted {call.session.stops.remove(number)}")


def enable(call: Call) -> None:
    """Lets stops fire."""
    for number in _numbers(call):
        call.say(f"enabled {call.session.stops.enable(number)}")


def disable(call: Call) -> None:
    """Keeps stops from firing."""
    for number in _numbers(call):
        call.say(f"disabled {call.session.stops.enable(number, False)}")


def _numbers(call: Call) -> list[int]:
    """The stops that are named, all of which exist; `all` names all."""
    arguments, stops = call.arguments, call.session.stops
    if arguments.rest == "all":
        return [stop.id for stop in stops]
    expected = "the numbers of stops, or 'all'"
    numbers = [arguments.number(expected)]
    while arguments.rest:
        numbers.append(arguments.number(expected))
    return [stops[number].id for number in dict.fromkeys(numbers)]


STOPS: dict[str, Action] = {
    "break": break_,
    "tbreak": tbreak,
    "log": log,
    "watch": watch,
    "rwatch": rwatch,
    "awatch": awatch,
    "catch": catch,
    "after": after,
    "condition": condition,
    "hit": hit,
    "delete": delete,
    "enable": enable,
    "disable": disable,
}
