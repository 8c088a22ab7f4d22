"""The commands about what the user keeps beside stops and snapshots: displays, bookmarks, the mark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gpdebug.debugger import words
from gpdebug.debugger.bookmarks import MARK, Bookmark
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.moment import Moment
from gpdebug.debugger.session import Session
from gpdebug.debugger.watches import Reading
from gpdebug.debugger.whole_numbers import whole_number

_NUMBERED = re.compile(r"(\d+)\s*=(?!=)\s*")


def display(call: Call) -> None:
    """Shows an expression at every stop, changes one that is shown, or shows all now."""
    arguments, watches = call.arguments, call.session.watches
    if not arguments.rest:
        info_displays(call)
        return
    match = _NUMBERED.match(arguments.rest)
    number = None if match is None else watches[whole_number(match[1])].id
    if match is not None:
        arguments.take(match.end())
    with call.expression_at(arguments.column):
        watch = watches.add(arguments.rest) if number is None else watches.change(number, arguments.rest)
    call.say(*(reading_line(reading) for reading in call.session.readings() if reading.watch is watch))


def undisplay(call: Call) -> None:
    """Shows expressions no longer."""
    arguments, watches = call.arguments, call.session.watches
    if arguments.rest == "all":
        numbers = [watch.id for watch in watches]
    else:
        expected = "the numbers of displays, or 'all'"
        numbers = [arguments.number(expected)]
        while arguments.rest:
            numbers.append(arguments.number(expected))
        numbers = [watches[number].id for number in dict.fromkeys(numbers)]
    for number in numbers:
        call.say(f"no longer displayed: {watches.remove(number).text}")


def bookmark(call: Call) -> None:
    """Sets a bookmark here."""
    name = call.arguments.word()
    kept = call.session.set_bookmark(name or None, call.arguments.rest)
    call.say(f"bookmark {kept.name} at step {kept.step:,}")


def bookmarks(call: Call) -> None:
    """Lists the bookmarks."""
    call.arguments.end()
    info_bookmarks(call)


def unbookmark(call: Call) -> None:
    """Deletes bookmarks."""
    kept, expected = call.session.bookmarks, "the names of bookmarks, or 'all'"
    names = [call.arguments.word(expected)]
    while call.arguments.rest:
        names.append(call.arguments.word())
    if names == ["all"]:
        names = [each.name for each in kept]
    for name in [kept[name].name for name in dict.fromkeys(names)]:
        call.say(f"deleted bookmark {kept.remove(name).name}")


def rename(call: Call) -> None:
    """Gives a bookmark or a snapshot another name."""
    name = call.arguments.word("the name of a bookmark or a snapshot")
    new = call.arguments.word("its new name")
    call.arguments.end()
    if name in call.session.snapshots:
        call.say(f"snapshot {call.session.snapshots.rename(name, new).name}, which was {name}")
        return
    call.say(_line(call.session.bookmarks.change(name, new_name=new)))


def note(call: Call) -> None:
    """Writes a note about a bookmark, a snapshot or a stop, or removes it."""
    name = call.arguments.word("the name of a bookmark or a snapshot, or the number of a stop")
    if name.isdecimal():
        call.say(str(call.session.stops.set_note(whole_number(name), call.arguments.rest)))
        return
    if name in call.session.snapshots:
        call.session.snapshots.annotate(name, call.arguments.rest)
        return
    call.say(_line(call.session.bookmarks.change(name, note=call.arguments.rest)))


def mark(call: Call) -> None:
    """Measures changes from here, from another moment, or no longer."""
    session, column = call.session, call.arguments.column
    word = call.arguments.word()
    call.arguments.end()
    if word == "off":
        session.mark = None
        call.say("no mark")
        return
    if word == MARK:
        raise CommandError("expected a step, a snapshot, a bookmark or 'off'", column=column)
    is_step = re.fullmatch(r"\d[\d,_]*", word) is not None
    at = whole_number(word) if is_step else word or None
    found = session.set_mark(at, interrupt=call.interrupt, on_progress=call.on_progress)
    if found is None:
        call.say("interrupted before that step was reached; the mark is where it was")
    else:
        info_mark(call)


def change(call: Call) -> None:
    """Runs until an expression has another value."""
    _to_change(call, Session.step_change)


def reverse_change(call: Call) -> None:
    """Goes back to where an expression took another value."""
    _to_change(call, Session.step_change_back)


def _to_change(call: Call, move: Callable[..., Moment]) -> None:
    """Moves to a change of an expression, or of the display of a number."""
    text, column = call.arguments.rest, call.arguments.column
    if not text:
        raise CommandError("expected an expression or the number of a display", column=column)
    expression = call.session.watches[whole_number(text)].expression.text if text.isdecimal() else text
    with call.expression_at(column):
        call.moved(move(call.session, expression, interrupt=call.interrupt, on_progress=call.on_progress))


def info_displays(call: Call) -> None:
    """Lists the displays with their values."""
    call.say(*displays(call.session))
    call.details = lambda: {"displays": [_details(reading) for reading in call.session.readings()]}
    if not call.session.watches:
        call.say("nothing is displayed: 'display mem[3]' shows an expression at every stop")


def info_bookmarks(call: Call) -> None:
    """Lists the bookmarks."""
    call.say(*map(_line, call.session.bookmarks))
    call.details = lambda: {"bookmarks": [kept.to_dict() for kept in call.session.bookmarks]}
    if not call.session.bookmarks:
        call.say("no bookmarks are set: 'bookmark' sets one here")


def info_mark(call: Call) -> None:
    """Says where the mark is, and how much has changed since."""
    session = call.session
    if session.mark is None:
        call.say("no mark is set: 'mark' sets it here")
        return
    count = int((session.mark.state.memory != session.moment.state.memory).sum())
    differ = {0: "the memory is as it was", 1: "1 cell is different now"}
    named = f" ({session.mark.name})" if session.mark.name else ""
    call.say(f"mark at step {session.mark.step:,}{named}: {differ.get(count, f'{count:,} cells are different now')}")


def displays(session: Session) -> list[str]:
    """What the watches show: a line each."""
    return [reading_line(reading) for reading in session.readings()]


def _details(reading: Reading) -> dict[str, Any]:
    watch = reading.watch
    return {"number": watch.id, **watch.to_dict(), "value": reading.value, "before": reading.before}


def reading_line(reading: Reading) -> str:
    """What one watch shows: `1: total = 5 (0x5)  was 4, +1`."""
    text = f"{reading.watch.id}: {reading.watch.label} = {words.number(reading.value)}"
    return f"{text}  was {reading.before}, {reading.delta:+d}" if reading.is_changed else text


def _line(kept: Bookmark) -> str:
    text = f"{kept.name:8} step {kept.step:,}" + (f" on branch {kept.branch}" if kept.branch else "")
    return f"{text}  {kept.note}" if kept.note else text


KEEPING: dict[str, Action] = {
    "display": display,
    "undisplay": undisplay,
    "change": change,
    "reverse-change": reverse_change,
    "bookmark": bookmark,
    "bookmarks": bookmarks,
    "unbookmark": unbookmark,
    "rename": rename,
    "note": note,
    "mark": mark,
}
