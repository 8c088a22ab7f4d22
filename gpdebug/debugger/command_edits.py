"""The commands that change a moment, and those about the branches that this begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gpdebug.debugger.branches import Branch
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.edits import Edit, Register, SetCells, SetCode, SetInput, SetRegister
from gpdebug.debugger.errors import BranchError, CommandError, EditError
from gpdebug.debugger.typed_edits import typed_bytes, typed_cells, typed_number

_TARGETS = "mem[CELL], mem[FROM..TO], cell0, cell1, pc, h0, h1, spare, code[INSTRUCTION] or input"
_TARGET = re.compile(r"\s*([A-Za-z_]\w*)\s*(\[)?")
_REGISTERS = {
    "pc": Register.PC, "h0": Register.HEAD0, "head0": Register.HEAD0, "h1": Register.HEAD1,
    "head1": Register.HEAD1, "spare": Register.SPARE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the line, and where it begins."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be set: `mem[3..6]` has the name `mem`, the place `3..6`; `pc` has no place."""

    name: str
    column: int
    place: _Piece | None


def set_(call: Call) -> None:
    """Changes something of this moment."""
    target, value = _split(call)
    try:
        edit = _edit(call, target, value)
        before = call.session.moment
        moment = call.session.edit(edit)
    except EditError as error:
        place = target.place if error.of_place else value
        raise CommandError(str(error), column=value.column if place is None else place.column) from None
    if moment is before:
        call.say(f"nothing changes: {edit} already")
        return
    branch = call.session.branches[moment.branch]
    call.say(f"{branch.title}: {branch.words}")


def _split(call: Call) -> tuple[_Target, _Piece]:
    """Reads `TARGET = VALUE`."""
    line, start = call.arguments.rest, call.arguments.column
    match = _TARGET.match(line)
    if match is None:
        raise CommandError(f"expected what to set: {_TARGETS}", column=start)
    end, place = match.end(), None
    if match[2]:
        close = _closing(line, end)
        if close < 0:
            raise CommandError("expected ]", column=start + len(line))
        place = _Piece(line[end:close], start + end)
        end = close + 1
    equals = re.compile(r"\s*=(?!=)\s*").match(line, end)
    if equals is None:
        raise CommandError("expected = and a value", column=start + end)
    return _Target(match[1], start + match.start(1), place), _Piece(line[equals.end() :], start + equals.end())


def _closing(line: str, start: int) -> int:
    """Where the bracket closes that was opened just before `start`; -1 if nowhere."""
    depth = 1
    for index in range(start, len(line)):
        depth += {"[": 1, "]": -1}.get(line[index], 0)
        if depth == 0:
            return index
    return -1


def _edit(call: Call, target: _Target, value: _Piece) -> Edit:
    """The edit that a line means."""
    if not value.text:
        raise CommandError("expected a value", column=value.column)
    if (target.name in ("mem", "code")) != (target.place is not None):
        what = f"expected {target.name}[INDEX]" if target.place is None else f"{target.name} takes no index"
        raise CommandError(what, column=target.column if target.place is None else target.place.column - 1)
    state = call.session.moment.state
    if target.name in _REGISTERS:
        return SetRegister(_REGISTERS[target.name], _number(call, value))
    match target.name:
        case "mem":
            first, size = _range(call, target.place)
            return SetCells(first, _filled(_cells(call, value), size, value))
        case "cell0" | "cell1":
            return SetCells(state.head0 if target.name == "cell0" else state.head1, _cells(call, value))
        case "code":
            first, size = _range(call, target.place)
            return SetCode(first, _filled(_bytes(value), size, value))
        case "input" | "in":
            return SetInput(_bytes(value))
    raise CommandError(f"expected {_TARGETS}, found {target.name!r}", column=target.column)


def _range(call: Call, place: _Piece | None) -> tuple[int, int | None]:
    """The first index of `3` or `3..6`, and how many there are, None if that depends on the value."""
    assert place is not None
    first, dots, last = place.text.partition("..")
    low = _number(call, _Piece(first, place.column))
    if not dots:
        return low, None
    column = place.column + len(first) + 2
    high = _number(call, _Piece(last, column))
    if high < low:
        raise CommandError(f"expected an index from {low:,}, found {high:,}", column=column)
    return low, min(high - low + 1, 1 << 25)


def _number(call: Call, piece: _Piece) -> int:
    with _pointed_at(piece):
        return typed_number(piece.text, call.session.situation)


def _cells(call: Call, value: _Piece) -> bytes:
    with _pointed_at(value):
        return typed_cells(value.text, call.session.situation)


def _bytes(value: _Piece) -> bytes:
    with _pointed_at(value):
        return typed_bytes(value.text)


@contextmanager
def _pointed_at(piece: _Piece) -> Iterator[None]:
    """Turns the error of a piece into one of the line."""
    try:
        yield
    except CommandError as error:
        raise CommandError(str(error), column=piece.column + error.column) from None


def _filled(values: bytes, size: int | None, value: _Piece) -> bytes:
    """As many values as a range has, repeated from the first."""
    if size is None or not values:
        return values
    if len(values) > size:
        raise CommandError(
            f"expected at most {size:,} bytes for this range, found {len(values):,}", column=value.column
        )
    return (values * -(-size // len(values)))[:size]


def branches(call: Call) -> None:
    """Lists the branches."""
    call.arguments.end()
    found = list(call.session.branches)
    call.details = lambda: {"branches": [_details(branch) for branch in found]}
    for branch in found:
        call.say(_line(branch))
    if len(found) == 1:
        call.say("no branches: 'set mem[3] = 7' changes this moment and begins one")


def _line(branch: Branch) -> str:
    mark = "*" if branch.is_current else " "
    name = f"{'  ' * branch.depth}{branch.number} {branch.name}"
    length = f"{branch.seen:,}+ steps" if branch.length is None else f"{branch.length:,} steps"
    fork = "" if branch.parent is None else f"  from step {branch.fork:,}: {branch.words}"
    return f"{mark} {name:16} {length:>14}{fork}"


def _details(branch: Branch) -> dict[str, object]:
    return {
        "number": branch.number, "name": branch.name, "parent": branch.parent, "fork": branch.fork,
        "edits": branch.words, "length": branch.length, "seen": branch.seen, "current": branch.is_current,
    }  # fmt: skip


def branch(call: Call) -> None:
    """Names the branch that one stands on."""
    name = call.arguments.word("a name for this branch; 'branches' lists them, 'switch' goes to one")
    call.arguments.end()
    before = call.session.branches[call.session.moment.branch]
    call.session.branches.rename(before.number, name)
    call.say(f"{before.title} is now {name}")


def switch(call: Call) -> None:
    """Goes to another branch."""
    chosen = call.arguments.word("the number or name of a branch")
    call.arguments.end()
    call.moved(call.session.switch(chosen, interrupt=call.interrupt, on_progress=call.on_progress))


def delete_branch(call: Call) -> None:
    """Deletes branches."""
    expected = "the number or name of a branch"
    words = [call.arguments.word(expected)]
    while call.arguments.rest:
        words.append(call.arguments.word(expected))
    for number in dict.fromkeys(call.session.branches[word].number for word in words):
        if number in call.session.branches:
            gone = call.session.branches.delete(number)
            call.say(f"deleted {', '.join(each.title for each in gone)}")


def _at_word(action: Callable[[Call], None]) -> Action:
    """The errors of a command whose first word names a branch point at that word."""

    def act(call: Call) -> None:
        column = call.arguments.column
        try:
            action(call)
        except BranchError as error:
            raise CommandError(str(error), column=column) from None

    return act


EDITS: dict[str, Action] = {
    "set": set_,
    "branches": branches,
    "branch": _at_word(branch),
    "switch": _at_word(switch),
    "delete-branch": _at_word(delete_branch),
}
