"""The commands about stops."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gpdebug.debugger.command_call import Action, Arguments, Call
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.stops import parse_message

_RULE_AT_END = re.compile(r"(?:^|\s)(hits?)\s*(?:==|>=|%)\s*\d+\Z")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")


@dataclass(frozen=True, slots=True)
class _When:
    """The condition and hit rule of a stop, as written, and where the condition begins."""

    condition: str
    rule: str
    column: int


def break_(call: Call) -> None:
    """Sets a breakpoint."""
    _set(call, temporary=False)


def tbreak(call: Call) -> None:
    """Sets a breakpoint that goes when a run stops at it."""
    _set(call, temporary=True)


def _set(call: Call, *, temporary: bool) -> None:
    instruction = _instruction(call)
    when = _when(call.arguments)
    with call.expression_at(when.column):
        stop = call.session.stops.add(instruction, condition=when.condition, rule=when.rule, temporary=temporary)
    call.say(f"set {stop}")


def log(call: Call) -> None:
    """Sets a logpoint."""
    arguments = call.arguments
    instruction = arguments.number("the index of an instruction")
    match = _QUOTED.match(arguments.rest)
    column = arguments.column + 1
    if match is None:
        raise CommandError("expected a message in quotes", column=arguments.column)
    arguments.take(match.end())
    when = _when(arguments)
    message = re.sub(r"\\(.)", r"\1", match[1] if match[1] is not None else match[2])
    with call.expression_at(column):
        parse_message(message)
    with call.expression_at(when.column):
        stop = call.session.stops.add(instruction, condition=when.condition, rule=when.rule, message=message)
    call.say(f"set {stop}")


def _instruction(call: Call) -> int:
    """The instruction that a stop is set at: an index, or, if the next word is none, the present one."""
    following = call.arguments.rest.split(maxsplit=1)[:1]
    if not following or following[0] in ("if", "hit", "hits"):
        return call.session.moment.state.pc
    return call.arguments.number("the index of an instruction, 'if' or 'hit'")


def _when(arguments: Arguments) -> _When:
    """Reads `[if CONDITION] [hit RULE]` to the end of the line."""
    text, column, rule = arguments.rest, arguments.column, ""
    match = _RULE_AT_END.search(text)
    has_condition = re.match(r"if\b", text) is not None
    if match is not None and (match[1] == "hit" or not has_condition):
        rule, text = text[match.end(1) :], text[: match.start()]
    if has_condition:
        condition = text[2:]
        if not condition.strip():
            raise CommandError("expected a condition behind 'if'", column=column + len(text))
        return _When(condition, rule, column + 2)
    if text.strip():
        raise CommandError(f"expected 'if CONDITION' or 'hit RULE' (== N, >= N, % N), found {text!r}", column=column)
    return _When("", rule, column)


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
    "condition": condition,
    "hit": hit,
    "delete": delete,
    "enable": enable,
    "disable": disable,
}
