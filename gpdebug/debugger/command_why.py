"""The command that asks why something is as it is now: the exact chain of steps behind a byte, a cell or a jump."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.command_what_if import what, why_not
from gpdebug.debugger.errors import CommandError, QueryError
from gpdebug.wording import counted
from vm.dialect import Io

if TYPE_CHECKING:
    from gpdebug.explain.criteria import Criterion

_TARGET = re.compile(r"(?P<what>out|mem)\[(?P<index>.+)\]\Z")
_EXPECTED = "out[N], mem[N] or jump, and perhaps the kinds value,control,address,code or all; or not WHAT"


def why(call: Call) -> None:
    """Explains a byte of the output or a cell as it is now, or the jump that is about to be made or not."""
    if call.arguments.rest.split(maxsplit=1)[:1] == ["not"]:
        call.arguments.word()
        why_not(call)
        return
    from gpdebug.explain.answer import explain
    from gpdebug.explain.errors import ExplainError
    from gpdebug.explain.parts import parse_kinds
    from gpdebug.explain.present import to_dict, to_lines
    from gpdebug.explain.trace import WINDOW

    criterion, last, end = _criterion(call)
    column = call.arguments.column
    kinds = call.arguments.word() or "value"
    call.arguments.end()
    try:
        followed = parse_kinds(kinds)
    except ExplainError as error:
        raise CommandError(str(error), column=column) from None
    begin = max(call.session.way.at(last).start, end - WINDOW)
    before = call.session.situation_at(begin, interrupt=call.interrupt, on_progress=call.on_progress)
    if before is None:
        raise QueryError("interrupted before the answer was there")
    try:
        found = explain(
            before.program, before.data, before.settings, criterion, followed, start=before.state, to_step=end
        )  # fmt: skip
    except ExplainError as error:
        raise QueryError(str(error)) from None
    call.details = lambda: to_dict(found)
    call.say(*to_lines(found))


def _criterion(call: Call) -> tuple[Criterion, int, int]:
    """What is asked, the moment that it is a matter of, and up to which step the run has to be looked at."""
    from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte

    column, now = call.arguments.column, call.session.moment.step
    word = call.arguments.word(_EXPECTED)
    if word == "jump":
        return JumpAt(now), now, now
    match = _TARGET.match(word)
    if match is None:
        raise CommandError(f"expected {_EXPECTED}, found {word!r}", column=column)
    with call.expression_at(column + match.start("index")):
        index = call.session.value(match["index"])
    if match["what"] == "mem":
        return CellAt(index, now), now, now
    has = len(call.session.moment.output)
    if not 0 <= index < has:
        raise QueryError(f"there is no output byte {index:,} yet: the output has {counted(has, 'byte')}")
    if call.session.program.dialect.io is Io.REGIONS:
        return CellAt(call.session.settings.out_start + index, now), now, now
    written = call.session.find.output_written(index, interrupt=call.interrupt, on_progress=call.on_progress)
    if written is None:
        raise QueryError("interrupted before the answer was there")
    return OutputByte(index), written - 1, written


WHYS: dict[str, Action] = {"why": why, "what": what}
