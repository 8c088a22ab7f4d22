"""The commands that move: stepping, running, going to a step, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.errors import CommandError, MoveError
from gpdebug.debugger.moment import Moment, StopReason
from gpdebug.debugger.session import Session
from gpdebug.debugger.whole_numbers import whole_number

Method = Callable[..., Moment]

_PLACES = "a step, a share as 50%, +N, -N, 'start', 'end', a bookmark or 'mark'"


def counted(method: Method) -> Action:
    """A command that hands its count over: `step 20`."""

    def act(call: Call) -> None:
        column = call.arguments.column
        count = call.arguments.number("a number of steps", 1)
        call.arguments.end()
        if count < 1:
            raise CommandError("expected a number of steps from 1", column=column)
        call.moved(method(call.session, count, interrupt=call.interrupt, on_progress=call.on_progress))

    return act


def repeated(method: Method, while_: StopReason = StopReason.STEP) -> Action:
    """A command that is done several times, as long as each can be done and ends as expected: `next 3`."""

    def act(call: Call) -> None:
        count = call.arguments.number("how many times", 1)
        call.arguments.end()
        for done in range(count):
            try:
                moment = call.moved(method(call.session, interrupt=call.interrupt, on_progress=call.on_progress))
            except MoveError:
                if not done:
                    raise
                return
            if moment.reason is not while_:
                return

    return act


def plain(method: Method) -> Action:
    """A command without arguments."""

    def act(call: Call) -> None:
        call.arguments.end()
        call.moved(method(call.session, interrupt=call.interrupt, on_progress=call.on_progress))

    return act


def to_instruction(method: Method) -> Action:
    """A command that goes to an instruction: `until 12`."""

    def act(call: Call) -> None:
        instruction = call.arguments.number("the index of an instruction")
        call.arguments.end()
        call.moved(method(call.session, instruction, interrupt=call.interrupt, on_progress=call.on_progress))

    return act


def restart(call: Call) -> None:
    """Goes to step 0."""
    call.arguments.end()
    call.session.restart()


def goto(call: Call) -> None:
    """Goes to a step, a share of the run, one of its ends, a bookmark or the mark."""
    session, column = call.session, call.arguments.column
    word = call.arguments.word(_PLACES)
    call.arguments.end()
    if word == "start":
        session.seek(0)
    elif word == "end":
        session.to_end(interrupt=call.interrupt, on_progress=call.on_progress)
    elif word == MARK or word in session.bookmarks:
        session.recall(word, interrupt=call.interrupt, on_progress=call.on_progress)
    else:
        step = _step(call, word, column)
        if step is not None:
            session.seek(step, interrupt=call.interrupt, on_progress=call.on_progress)


def _step(call: Call, word: str, column: int) -> int | None:
    """The step that a word names; None if the run's length was needed and finding it was interrupted."""
    match = re.fullmatch(r"([+-]?)(\d[\d,_]*)|(\d+(?:\.\d+)?)%", word)
    if match is None:
        raise CommandError(f"expected {_PLACES}, found {word!r}", column=column)
    if match[3] is None:
        number = whole_number(match[2])
        here = call.session.moment.step
        return {"": number, "+": here + number, "-": max(0, here - number)}[match[1]]
    if float(match[3]) > 100:
        raise CommandError("a share of the run is 0% to 100%", column=column)
    total = call.session.find_end(interrupt=call.interrupt, on_progress=call.on_progress)
    if total is None:
        call.say("interrupted before the end of the run was found, so its length is not known")
        return None
    return round(total * float(match[3]) / 100)


MOVES: dict[str, Action] = {
    "step": counted(Session.step),
    "reverse-step": counted(Session.step_back),
    "next": repeated(Session.step_over),
    "reverse-next": repeated(Session.step_over_back),
    "group": repeated(Session.step_group),
    "reverse-group": repeated(Session.step_group_back),
    "finish": repeated(Session.step_out),
    "reverse-finish": repeated(Session.step_out_back),
    "pass": repeated(Session.step_pass),
    "reverse-pass": repeated(Session.step_pass_back),
    "byte": repeated(Session.step_output),
    "reverse-byte": repeated(Session.step_output_back),
    "until": to_instruction(Session.run_to),
    "reverse-until": to_instruction(Session.run_to_back),
    "continue": repeated(Session.continue_, StopReason.STOP),
    "reverse-continue": repeated(Session.reverse_continue, StopReason.STOP),
    "restart": restart,
    "goto": goto,
    "back": plain(Session.back),
    "forward": plain(Session.forward),
}
