"""The commands that ask what would be: `what if` something were changed, and `why not`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from gpdebug.debugger.command_call import Call
from gpdebug.debugger.errors import CommandError, DebuggerError, QueryError
from vm.program import Program

if TYPE_CHECKING:
    from gpdebug.explain.change.run import Run
    from gpdebug.explain.change.text import Reader
    from gpdebug.explain.change.what_if import Judge

_Read = TypeVar("_Read")


def what(call: Call) -> None:
    """Says what comes of changes of the run, which stays as it is."""
    from gpdebug.explain.change.present import to_dict, to_lines
    from gpdebug.explain.change.what_if import what_if

    column = call.arguments.column
    if call.arguments.word("if and what is changed, as in 'what if blank 12'") != "if":
        raise CommandError("expected if", column=column)
    reader = _reader(call)
    changes = _read(call, reader.changes)
    found = _answered(lambda: what_if(reader.run, changes, judge=_judge(call, reader.run), interrupt=reader.interrupt))
    call.details = lambda: to_dict(found)
    call.say(*to_lines(found))


def why_not(call: Call) -> None:
    """Says why something did not happen up to now."""
    from gpdebug.explain.change.present_why_not import to_dict, to_lines
    from gpdebug.explain.change.why_not import why_not

    reader = _reader(call)
    goal = _read(call, reader.goal)
    now = call.session.moment.step
    found = _answered(lambda: why_not(reader.run, goal, until=now, interrupt=reader.interrupt))
    call.details = lambda: to_dict(found)
    call.say(*to_lines(found))


def _reader(call: Call) -> Reader:
    """Reads changes of the run on which the session stands, on a branch from its fork on."""
    from gpdebug.explain.change.run import Run
    from gpdebug.explain.change.text import Reader

    session = call.session
    now = session.moment.step
    begin = session.situation_at(session.way.at(now).start, interrupt=call.interrupt, on_progress=call.on_progress)
    if begin is None:
        raise QueryError("interrupted before the answer was there")
    run = Run(begin.program, begin.data, begin.settings, begin.state)

    def find_program(name: str) -> Program:
        return session.others.find(name, session.program, session.data).program

    return Reader(run, now, find_program, None if call.interrupt is None else call.interrupt.is_set)


def _read(call: Call, read: Callable[[str], _Read]) -> _Read:
    """Reads the rest of the line."""
    from gpdebug.explain.errors import ChangeError

    column, text = call.arguments.column, call.arguments.take(len(call.arguments.rest))
    try:
        return _answered(lambda: read(text))
    except ChangeError as error:
        raise CommandError(str(error), column=column + (error.column or 0)) from None
    except DebuggerError as error:
        raise CommandError(str(error), column=column) from None


def _answered(ask: Callable[[], _Read]) -> _Read:
    from gpdebug.explain.errors import ChangeError, ExplainError

    try:
        return ask()
    except ChangeError as error:
        if error.column is not None:
            raise
        raise QueryError(str(error)) from None
    except ExplainError as error:
        raise QueryError(str(error)) from None


def _judge(call: Call, run: Run) -> Judge | None:
    """The cases of the task, or the one output that is wanted."""
    from gpdebug.explain.change.what_if import Judge
    from gpdebug.store.task import Case

    session = call.session
    found = Judge.of_task(session.others.task, run.data)
    if found is None and session.wanted is not None:
        return Judge((Case(run.data, session.wanted),), case=0)
    return found
