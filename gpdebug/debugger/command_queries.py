"""The commands that ask about the whole run: when something happened last, next, for the n-th time, or at all."""

from __future__ import annotations

import re

from gpdebug.debugger import words
from gpdebug.debugger.ahead import effect_of
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.place_text import parse_place
from gpdebug.debugger.places import ACCESSES, OnCells
from gpdebug.debugger.queries import Question
from gpdebug.debugger.whole_numbers import whole_number
from gpdebug.wording import counted
from vm.stops import Stop

LISTED = 20
WHICH = ("last", "next", "first", "all", "count")
KINDS = (*ACCESSES, "at", "when")
_EXPECTED = "last, next, first, a number, all or count"


def find(call: Call) -> None:
    """Says when something happened; with /g goes there."""
    if call.modifier not in ("", "g"):
        raise CommandError(f"expected find or find/g, found find/{call.modifier}", column=call.modifier_column)
    column = call.arguments.column
    which = call.arguments.word(f"{_EXPECTED}, output or split")
    match which:
        case "output":
            _tell(call, _output_step(call), f"output byte {call.lines.pop()}", go=bool(call.modifier))
        case "split":
            _split(call)
        case "all":
            _all(call)
        case "count":
            question, text = _question(call)
            count = call.session.find.count(question, interrupt=call.interrupt, on_progress=call.on_progress)
            call.say(f"{text}: {counted(count, 'time')} in the whole run")
        case _:
            _one(call, which, column, go=bool(call.modifier))


def last(call: Call) -> None:
    """Goes to the last time before now that something happened."""
    _one(call, "last", call.arguments.column, go=True)


def coming(call: Call) -> None:
    """Goes to the next time after now that something happens."""
    _one(call, "next", call.arguments.column, go=True)


def _one(call: Call, which: str, column: int, *, go: bool) -> None:
    number = re.fullmatch(r"\d[\d,_]*", which)
    if which not in WHICH and number is None:
        raise CommandError(f"expected {_EXPECTED}, output or split, found {which!r}", column=column)
    question, text = _question(call)
    queries = call.session.find
    if which in ("last", "next"):
        ask = queries.last if which == "last" else queries.next
        step = ask(question, interrupt=call.interrupt, on_progress=call.on_progress)
        none = f"{text}: not {'before' if which == 'last' else 'after'} now"
    else:
        wanted = 1 if number is None else whole_number(which)
        step = queries.nth(question, wanted, interrupt=call.interrupt, on_progress=call.on_progress)
        none = f"{text}: not {'once' if wanted == 1 else f'{wanted:,} times'} in the whole run"
    _tell(call, step, text, none, go=go, by_arrival=isinstance(question.stop.place, int))


def _output_step(call: Call) -> int | None:
    byte = call.arguments.number("the number of a byte of the output, from 0")
    call.arguments.end()
    call.say(f"{byte:,}")
    return call.session.find.output_written(byte, interrupt=call.interrupt, on_progress=call.on_progress)


def _tell(call: Call, step: int | None, text: str, none: str = "", *, go: bool, by_arrival: bool = False) -> None:
    """Says when it was and what was done then; perhaps goes there."""
    call.details = lambda: {"step": step}
    if step is None:
        call.say(none or f"{text}: not written")
        return
    if go:
        call.moved(call.session.seek(step, interrupt=call.interrupt, on_progress=call.on_progress))
        return
    call.say(f"{text}: step {step:,}{'' if by_arrival else _done_by(call, step)}")


def _done_by(call: Call, step: int) -> str:
    """The step that led to a moment, in words."""
    before = call.session.situation_at(step - 1, interrupt=call.interrupt) if step else None
    if before is None:
        return ""
    effect = effect_of(before.state, before.program, before.settings, before.data)
    done = words.next_words(before.state, effect, before.settings, before.data)
    return f", by instruction {before.state.pc:,}: {done}"


def _all(call: Call) -> None:
    question, text = _question(call)
    steps = call.session.find.steps(question, interrupt=call.interrupt, on_progress=call.on_progress)
    call.details = lambda: {"steps": steps.tolist()}
    shown = ", ".join(f"{step:,}" for step in steps[:LISTED].tolist())
    more = f", … ({len(steps):,} in all)" if len(steps) > LISTED else ""
    call.say(f"{text}: {f'steps {shown}{more}' if len(steps) else 'never'}")


def _split(call: Call) -> None:
    other = call.arguments.word("another run: case:N, id:N, parent or branch:N")
    call.arguments.end()
    found = call.session.find.divergence(other, interrupt=call.interrupt, on_progress=call.on_progress)
    call.details = lambda: {"state": found.state, "path": found.path}
    if found.state is None:
        call.say(f"this run and that of {other} are the same from beginning to end")
        return
    path = "they take the same way to the end" if found.path is None else f"their ways part at step {found.path:,}"
    call.say(f"this run and that of {other} differ from step {found.state:,} on; {path}")
    if call.modifier:
        step = found.state if found.path is None else found.path
        call.moved(call.session.seek(step, interrupt=call.interrupt, on_progress=call.on_progress))


def _question(call: Call) -> tuple[Question, str]:
    """Reads `[read|write|change|access] CELLS`, `at INSTRUCTION` or `when EXPRESSION`."""
    arguments, column = call.arguments, call.arguments.column
    kind = (arguments.rest.split(maxsplit=1) or [""])[0]
    if kind in KINDS:
        arguments.word()
    else:
        kind = "write"
    if kind == "at":
        instruction = arguments.number("the index of an instruction")
        arguments.end()
        return Question.instruction(instruction), f"instruction {instruction:,} about to run"
    text, column = arguments.rest, arguments.column
    if not text:
        raise CommandError("expected cells (3, 3..7, mem[h0+1]), 'at INSTRUCTION' or 'when EXPRESSION'", column=column)
    with call.expression_at(column):
        if kind == "when":
            return Question.becomes_true(text), f"{text} becomes true"
        where = parse_place(text, call.session.settings.memory, ACCESSES[kind])
    if isinstance(where, OnCells):
        return Question(Stop(where.cells)), str(where)
    if kind not in ("write", "change"):
        raise CommandError("only cells are read: mem[3], 3..7", column=column)
    return Question(Stop(where.change)), str(where)


QUERIES: dict[str, Action] = {"find": find, "last": last, "coming": coming}
