"""What the user notes on the debug screen: watches, bookmarks, and the mark from which changes are measured."""

from __future__ import annotations

from textual import getters, on

from gpdebug.debugger.bookmarks import Bookmark, Mark
from gpdebug.debugger.watches import WatchedExpression, parse_watch
from gpdebug.tui import present
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.stopping import StoppingScreen
from gpdebug.tui.views import DebugViews
from gpdebug.tui.widgets.command_line import Prompt
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.rows import Rows

WATCH = Prompt("watch", "watch", "mem[3] + 1 · total = mem[3] + mem[4] · pc step h0 h1 cell0 in[e] out[e] len(out)")
LAST_STOP = "last stop"
BOOKMARK = Prompt("bookmark", "bookmark", "its name, and a note if you like")


class NotingScreen(StoppingScreen):
    """Watches, bookmarks and the mark, by key, by mouse and in their lists."""

    views = getters.query_one(DebugViews)

    def __init__(self) -> None:
        super().__init__()
        self._edited_watch: WatchedExpression | None = None
        self._edited_bookmark: Bookmark | None = None
        self._shown_mark: Mark | None = None
        self._since_mark = False

    @property
    def since(self) -> present.Since:
        """What changes are measured from: the mark, once it is set, until the user wants the last stop again."""
        mark = self.session.mark
        if mark is not self._shown_mark:
            self._shown_mark, self._since_mark = mark, mark is not None
        if mark is not None and self._since_mark:
            return present.Since(mark.label, mark.state, is_mark=True)
        return present.Since(LAST_STOP, self.moment.previous)

    def answer(self, prompt: Prompt, text: str) -> None:
        """Does what was entered into the line."""
        if prompt is WATCH:
            self._keep_watch(text)
        elif prompt is BOOKMARK:
            self._keep_bookmark(text)
        else:
            super().answer(prompt, text)

    # watches

    def action_add_watch(self) -> None:
        """Asks for an expression to show at every stop."""
        self._ask_watch(None)

    def _ask_watch(self, watch: WatchedExpression | None) -> None:
        self._edited_watch = watch
        self._ask(WATCH, "" if watch is None else watch.text)

    def _keep_watch(self, text: str) -> None:
        parse_watch(text)
        watches, watch = self.session.watches, self._edited_watch
        self._edit(lambda: watches.add(text) if watch is None else watches.change(watch.id, text))
        self.views.panels.activate("watches")

    @on(Rows.Asked, "#watches")
    def _watch_asked(self, event: Rows.Asked) -> None:
        match event.verb:
            case "add":
                self.action_add_watch()
            case "open":
                self._ask_watch(self.session.watches[int(event.key)])
            case "change":
                self._seek_change(self.session.watches[int(event.key)].expression.text, 1)
            case "change_back":
                self._seek_change(self.session.watches[int(event.key)].expression.text, -1)
            case "delete":
                self._edit(lambda: self.session.watches.remove(int(event.key)))

    @on(MemoryView.ChangeSought)
    def _cell_change_sought(self, event: MemoryView.ChangeSought) -> None:
        self._seek_change(f"mem[{event.cell}]", event.direction)

    def _seek_change(self, expression: str, direction: int) -> None:
        """Goes to where an expression changes next, or changed last."""
        move = self.session.step_change if direction > 0 else self.session.step_change_back
        words = "changes next" if direction > 0 else "changed last"
        self.walk(f"to where {expression} {words}", move, expression, times=self.take_count())

    # bookmarks

    def action_bookmark(self) -> None:
        """Bookmarks this moment."""
        self._edit(self._set_bookmark)
        self.views.panels.activate("bookmarks")

    def _set_bookmark(self) -> str:
        kept = self.session.set_bookmark()
        return f"bookmark {kept.name} at step {kept.step:,}"

    def _keep_bookmark(self, text: str) -> None:
        bookmark = self._edited_bookmark
        if bookmark is None:
            return
        name, _, note = text.strip().partition(" ")
        bookmarks = self.session.bookmarks
        if name != bookmark.name:
            bookmarks.check_name(name)
        self._edit(lambda: bookmarks.change(bookmark.name, new_name=name, note=note.strip()))

    @on(Rows.Asked, "#bookmarks")
    def _bookmark_asked(self, event: Rows.Asked) -> None:
        name = event.key
        match event.verb:
            case "add":
                self.action_bookmark()
            case "open":
                self.walk(f"go to {name}", self.session.recall, name)
            case "edit":
                self._edited_bookmark = kept = self.session.bookmarks[name]
                self._ask(BOOKMARK, f"{kept.name} {kept.note}".rstrip())
            case "delete":
                self._edit(lambda: self.session.bookmarks.remove(name))

    # the mark

    def action_mark(self) -> None:
        """Sets the mark here, or, where it is already, removes it."""
        self._edit(self._set_mark)

    def _set_mark(self) -> str:
        session = self.session
        mark, moment = session.mark, session.moment
        if mark is not None and (mark.branch, mark.step) == (moment.branch, moment.step):
            session.mark = None
            return "no mark any more"
        session.set_mark()
        return f"changes are shown since step {session.moment.step:,}"

    def action_since(self) -> None:
        """Shows what changed since the last stop, or since the mark."""
        if self.session.mark is None:
            self.notify(with_keys(self, "no mark is set: {debug.mark} sets one here"), timeout=3)
            return
        self._since_mark = not self.since.is_mark
        self.show_kept()
