"""What stands behind the place of a stop on the command line: `if`, `hit`, `after`, `log`, `note` and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gpdebug.debugger.command_call import Arguments, Call
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.stops import parse_message
from gpdebug.debugger.whole_numbers import whole_number
from vm.errors import ConditionError

_TEXT = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_CLAUSE = re.compile(
    r"(?:^|(?<=\s)|(?<=[\"']))(?:(?P<hit>hits?)\s*(?P<rule>(?:==|>=|%)\s*\d+)|after\s+(?P<after>\d+)"
    rf"|log\s+(?P<log>{_TEXT})|note\s+(?P<note>{_TEXT})|(?P<once>once)|(?P<snapshot>snapshot))\s*\Z"
)
_IF = re.compile(r"(?:^|(?<=\s))if(?:\s+|\Z)")
CLAUSES = "'if CONDITION', 'hit RULE' (== N, >= N, % N), 'after STOP', log \"TEXT\", note \"TEXT\", once or snapshot"
WORDS = ("if", "hit", "hits", "after", "log", "note", "once", "snapshot")


@dataclass(frozen=True, slots=True)
class Terms:
    """The place and the terms of a stop, as written.

    Attributes:
        place: what stands before the terms.
        column: where that begins.
        terms: as `StopList.set` takes them.
        condition_column: where the condition begins.
    """

    place: str
    column: int
    terms: dict[str, Any]
    condition_column: int

    @contextmanager
    def errors_in(self, call: Call) -> Iterator[None]:
        """Turns the errors of the condition into errors of the line."""
        with call.expression_at(self.condition_column):
            yield


def read_terms(arguments: Arguments) -> Terms:
    """Reads a place and the terms behind it, to the end of the line.

    The clauses are taken off from the end, so that a condition may hold anything; `hits == 3` at the end of one is
    part of it.

    Raises:
        CommandError: a clause stands twice, or a message is wrong.
    """
    text, column = arguments.rest, arguments.column
    terms: dict[str, Any] = {}
    condition = _IF.search(text)
    while True:
        match = _CLAUSE.search(text)
        if match is None or (match["hit"] == "hits" and condition is not None and match.start() > condition.start()):
            break
        name, value = _clause(match)
        if name in terms:
            raise CommandError(f"{name} stands twice", column=column + match.start())
        if name == "message":
            with _message_at(column + match.start("log") + 1):
                parse_message(value)
        terms[name] = value
        text = text[: match.start()].rstrip()
    condition = _IF.search(text)
    if condition is None:
        return Terms(text, column, terms, column)
    terms["condition"] = text[condition.end() :]
    if not terms["condition"].strip():
        raise CommandError("expected a condition behind 'if'", column=column + len(text))
    return Terms(text[: condition.start()].rstrip(), column, terms, column + condition.end())


def unquoted(text: str) -> str:
    """The text in quotes, backslashes undone."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _clause(match: re.Match[str]) -> tuple[str, Any]:
    if match["hit"]:
        return "rule", match["rule"]
    if match["after"]:
        return "after", whole_number(match["after"])
    if match["log"]:
        return "message", unquoted(match["log"])
    if match["note"]:
        return "note", unquoted(match["note"])
    return ("temporary", True) if match["once"] else ("snapshot", True)


@contextmanager
def _message_at(column: int) -> Iterator[None]:
    try:
        yield
    except ConditionError as error:
        raise CommandError(str(error), column=column + error.column) from None
