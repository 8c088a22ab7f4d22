"""The command line of the debugger: gdb's and delve's words over a session, for every front end alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.command_call import Action, Arguments, Call
from gpdebug.debugger.command_edits import EDITS
from gpdebug.debugger.command_keeping import KEEPING, displays
from gpdebug.debugger.command_moves import MOVES
from gpdebug.debugger.command_queries import QUERIES
from gpdebug.debugger.command_snapshots import SNAPSHOTS, moments
from gpdebug.debugger.command_stops import STOPS
from gpdebug.debugger.command_table import TABLE, Completes, Group, Word
from gpdebug.debugger.command_views import TOPICS, VIEWS, place
from gpdebug.debugger.command_why import WHYS
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.debugger.places import Event
from gpdebug.debugger.session import Session

_LINE = re.compile(r"\s*(?:(\d+)\s*(?=[A-Za-z]))?([^\s/]*)(?:/(\S*))?\s*")
_ACTIONS: dict[str, Action] = {**MOVES, **STOPS, **SNAPSHOTS, **KEEPING, **EDITS, **QUERIES, **WHYS, **VIEWS}
_BY_WORD = {word: entry for entry in TABLE for word in (entry.name, *entry.aliases)}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command came to.

    Attributes:
        lines: text for the user.
        moved: whether the session stands at another moment, or came to this one anew.
        moment: where it stands.
        details: makes what the command found, as JSON can hold it; None if it only tells.
        command: the full word of the command that was carried out.
    """

    lines: tuple[str, ...]
    moved: bool
    moment: Moment
    details: Callable[[], dict[str, Any]] | None = None
    command: str = ""


class CommandLine:
    """Understands lines of the command language, one session long."""

    def __init__(self, session: Session) -> None:
        """Begins.

        Args:
            session: what the commands act on.
        """
        self.session = session
        self._repeat = ""

    def execute(
        self, line: str, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Reply:
        """Carries out a line. An empty one does the last command again if it was one that moves step by step.

        Raises:
            DebuggerError: it cannot be done; a `CommandError` also says at which column of the line.
        """
        line = line if line.strip() else self._repeat
        before = self.session.moment
        if not line:
            return Reply((), False, before)
        entry, call = self._parse(line)
        call.interrupt, call.on_progress = interrupt, on_progress
        self._repeat = line if entry.repeats else ""
        if entry.name == "help":
            _help(call)
        else:
            _ACTIONS[entry.name](call)
        moved = self.session.moment is not before
        if moved:
            call.say(*place(self.session), *displays(self.session))
        return Reply(tuple(call.lines), moved, self.session.moment, call.details, entry.name)

    def complete(self, prefix: str) -> list[str]:
        """The lines that a beginning can be completed to, shortest commands first."""
        word, space, rest = prefix.lstrip().partition(" ")
        if not space:
            return [entry.name for entry in TABLE if entry.name.startswith(word)]
        entry = _BY_WORD.get(word)
        if entry is None:
            return []
        *done, last = rest.split(" ")
        head = " ".join([word, *done])
        return [f"{head} {choice}" for choice in self._choices(entry.completes) if choice.startswith(last)]

    def _choices(self, kind: Completes) -> list[str]:
        match kind:
            case Completes.STOPS:
                return [*(str(stop.id) for stop in self.session.stops), "all"]
            case Completes.SNAPSHOTS:
                return [taken.name for taken in self.session.snapshots]
            case Completes.MOMENTS:
                return moments(self.session)
            case Completes.TOPICS:
                return list(TOPICS)
            case Completes.DISPLAYS:
                return [*(str(watch.id) for watch in self.session.watches), "all"]
            case Completes.BOOKMARKS:
                return [kept.name for kept in self.session.bookmarks]
            case Completes.KEPT:
                return [kept.name for kept in (*self.session.snapshots, *self.session.bookmarks)]
            case Completes.MARKS:
                return [*(kept.name for kept in (*self.session.snapshots, *self.session.bookmarks)), "off"]
            case Completes.PLACES:
                marks = [] if self.session.mark is None else [MARK]
                return ["start", "end", "50%", *marks, *(kept.name for kept in self.session.bookmarks)]
            case Completes.BRANCHES:
                return [branch.label for branch in self.session.branches]
            case Completes.TARGETS:
                return ["mem[", "cell0 =", "cell1 =", "pc =", "h0 =", "h1 =", "spare =", "code[", "input ="]
            case Completes.EVENTS:
                return list(Event)
            case Completes.WORDS:
                return [entry.name for entry in TABLE]
        return []

    def _parse(self, line: str) -> tuple[Word, Call]:
        """The command of a line, and a call with its arguments."""
        match = _LINE.match(line)
        assert match is not None
        entry = _word(match[2], match.start(2))
        if match[1] is not None:
            if not entry.counts:
                raise CommandError(f"{entry.name} takes no count before it: {entry.usage}", column=match.start(1))
            line = f"{line.rstrip()} {match[1]}"
        if match[3] is not None and "/" not in entry.usage:
            raise CommandError(f"{entry.name} takes nothing behind a slash: {entry.usage}", column=match.end(2))
        return entry, Call(self.session, Arguments(line, match.end()), match[3] or "", match.end(2) + 1)


def _word(text: str, column: int) -> Word:
    """The command of a word, or of its unique beginning."""
    if text in _BY_WORD:
        return _BY_WORD[text]
    begun = [entry for entry in TABLE if text and entry.name.startswith(text)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise CommandError(f"{text!r} can be {', '.join(entry.name for entry in begun)}", column=column)
    close = get_close_matches(text, [entry.name for entry in TABLE], 1)
    hint = f"did you mean {close[0]!r}?" if close else "'help' lists the commands"
    raise CommandError(f"there is no command {text!r}; {hint}", column=column)


def _help(call: Call) -> None:
    """Prints the table, or one entry of it."""
    if call.arguments.rest:
        column = call.arguments.column
        entry = _word(call.arguments.word(), column)
        call.arguments.end()
        short = f" (also {', '.join(entry.aliases)})" if entry.aliases else ""
        call.say(f"{entry.usage}{short}", entry.help, *(f"    {example}" for example in entry.examples))
        return
    for group in Group:
        entries = [entry for entry in TABLE if entry.group is group]
        call.say(f"{group}:", *(f"  {_short(entry):28} {entry.summary}" for entry in entries))


def _short(entry: Word) -> str:
    return ", ".join([entry.name, *entry.aliases])
