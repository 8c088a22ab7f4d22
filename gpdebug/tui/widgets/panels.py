"""The lists of the debug screen: one below the other where there is room, else one at a time behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Resize

from gpdebug.tui.keymap import EDIT, STOPS, bind
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.rows import Row, Rows


class StopRows(Rows):
    """The user's stops."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            "enter",
            "ask('open')",
            "show",
            id="stops.show",
            group=STOPS,
            tip="put the cursor on its instruction or cell",
        ),
        bind("e", "ask('edit')", "edit", id="stops.edit", group=STOPS, tip="where it is, condition, hit rule, message"),
        bind("a,insert", "ask_new", "add", id="stops.add", group=STOPS, tip="set a stop of any kind"),
        bind("x", "ask('toggle')", "on/off", id="stops.toggle", group=STOPS, tip="disable or enable the stop"),
        bind("delete,backspace", "ask('delete')", "delete", id="stops.delete", group=STOPS, tip="delete the stop"),
    ]


class SnapshotRows(Rows):
    """The snapshots."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "ask('open')", "restore", id="snapshots.restore", group=STOPS, tip="go back to that moment"),
        bind("x", "ask('diff')", "compare", id="snapshots.diff", group=STOPS, tip="what differs between it and now"),
        bind("u", "ask('since')", "since it", id="snapshots.since", group=STOPS, tip="show what changed since it"),
        bind("e", "ask('edit')", "edit", id="snapshots.edit", group=STOPS, tip="another name or note"),
        bind("w", "ask('save')", "save", id="snapshots.save", group=STOPS, tip="write it to a file"),
        bind("o", "screen.load_snapshot", "load", id="snapshots.load", group=STOPS, tip="read one from a file"),
        bind("y", "screen.snapshot_series", "series", id="snapshots.series", group=STOPS,
             tip="take one every so many steps"),
        bind("a,insert", "ask_new", "add", id="snapshots.add", group=STOPS, show=False,
             tip="take one of this moment"),
        bind("delete,backspace", "ask('delete')", "delete", id="snapshots.delete", group=STOPS, tip="delete it"),
    ]  # fmt: skip


class BranchRows(Rows):
    """The branches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "ask('open')", "switch", id="branches.switch", group=EDIT,
             tip="go to the branch, to where you last stood on it"),
        bind("e", "ask('edit')", "name", id="branches.name", group=EDIT, tip="give the branch a name"),
        bind("delete,backspace", "ask('delete')", "delete", id="branches.delete", group=EDIT,
             tip="delete the branch, with those forked from it"),
    ]  # fmt: skip


class WatchRows(Rows):
    """The watches: expressions that are shown at every stop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter,e", "ask('open')", "edit", id="watches.edit", group=STOPS, tip="another expression or name"),
        bind("greater_than_sign", "ask('change')", "next change", id="watches.change", group=STOPS,
             tip="run to where its value changes next"),
        bind("less_than_sign", "ask('change_back')", "last change", id="watches.change_back", group=STOPS,
             tip="go back to where its value changed last"),
        bind("a,insert", "ask_new", "add", id="watches.add", group=STOPS, tip="watch another expression"),
        bind("delete,backspace", "ask('delete')", "delete", id="watches.delete", group=STOPS,
             tip="watch it no longer"),
    ]  # fmt: skip


class BookmarkRows(Rows):
    """The bookmarks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "ask('open')", "go there", id="bookmarks.go", group=STOPS, tip="go to its moment"),
        bind("e", "ask('edit')", "edit", id="bookmarks.edit", group=STOPS, tip="another name or note"),
        bind("a,insert", "ask_new", "add", id="bookmarks.add", group=STOPS, tip="bookmark this moment"),
        bind("delete,backspace", "ask('delete')", "delete", id="bookmarks.delete", group=STOPS, tip="delete it"),
    ]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the lists.

    Attributes:
        name: what it is called.
        rows: its widget.
        empty: what it says while nothing is in it.
        add: what a click on `+` does; empty for a list that fills by itself.
        add_tip: that in words.
    """

    name: str
    rows: type[Rows]
    empty: str
    add: str = ""
    add_tip: str = ""


PANELS = (
    Panel("stops", StopRows, "no stops · {debug.breakpoint} at the cursor, {debug.watch_cell} on a cell",
          "screen.add_stop", "set a stop of any kind"),
    Panel("snapshots", SnapshotRows, "no snapshots · {debug.snapshot} takes one", "screen.snapshot",
          "take a snapshot of this moment"),
    Panel("branches", BranchRows, "no branches · {debug.edit} begins one here", "screen.edit",
          "change this moment"),
    Panel("watches", WatchRows, "no watches · {debug.watch} adds an expression", "screen.add_watch",
          "show an expression at every stop"),
    Panel("bookmarks", BookmarkRows, "no bookmarks · {debug.bookmark} sets one here", "screen.bookmark",
          "bookmark this moment"),
    Panel("log", Rows, "no messages · {debug.command} takes a command"),
)  # fmt: skip
NAMES = tuple(panel.name for panel in PANELS)


def shared_lines(needs: Sequence[int], room: int) -> list[int]:
    """Lines for each of several lists: what it needs if there is room, at least one, the same for those that lack.

    What nobody needs goes to the last.
    """
    lines = [1] * len(needs)
    left = room - len(needs)
    while left > 0:
        lacking = [index for index, need in enumerate(needs) if lines[index] < need]
        if not lacking:
            lines[-1] += left
            break
        for index in lacking[:left]:
            lines[index] += 1
        left -= len(lacking[:left])
    return lines


class Panels(Vertical):
    """All the lists."""

    DEFAULT_CSS = """
    Panels { height: 1fr; }
    Panels .tabs { background: $surface; }
    Panels Rows { height: 1fr; }
    Panels Heading { display: none; }
    Panels Rows { display: none; }
    Panels Rows.-active { display: block; }
    Panels.-stacked .tabs { display: none; }
    Panels.-stacked Heading { display: block; }
    Panels.-stacked Rows { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.active = NAMES[0]
        self._facts: dict[str, str] = dict.fromkeys(NAMES, "")

    def compose(self) -> ComposeResult:
        """Tabs, and a heading over each list."""
        yield Bar(classes="tabs")
        for panel in PANELS:
            yield Heading(id=f"heading-{panel.name}")
            yield panel.rows(id=panel.name, empty=panel.empty)

    def on_mount(self) -> None:
        """Shows the first list."""
        self.activate(self.active)

    def on_resize(self, event: Resize) -> None:
        """Shares the lines anew."""
        self._share_lines()

    def rows(self, name: str) -> Rows:
        """One of the lists."""
        return self.query_one("#" + name, Rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The lists, in the order of their tabs."""
        return NAMES

    def place_of(self, name: str) -> tuple[int, int] | None:
        """The blank before the heading of a list, or before its tab; None if it cannot be seen."""
        if self.has_class("-stacked"):
            heading = self.query_one(f"#heading-{name}").region
            return (heading.x, heading.y) if heading else None
        tabs = self.query_one(".tabs", Bar)
        column = tabs.column_of(f"screen.panel('{name}')")
        return None if column is None else (tabs.region.x + column - 1, tabs.region.y)

    def show(self, name: str, rows: Sequence[Row], fact: str, *, follow: bool = False) -> None:
        """Shows the lines of a list.

        Args:
            name: which list.
            rows: its lines.
            fact: a word about it for its tab, such as how many.
            follow: choose the last line.
        """
        shown = self.rows(name)
        before = shown.line_count
        shown.show(rows, follow=follow)
        if shown.line_count != before:
            self._share_lines()
        if self._facts[name] != fact:
            self._facts[name] = fact
            self._draw_tabs()

    def activate(self, name: str) -> None:
        """Brings a list to the front."""
        self.active = name
        for each in NAMES:
            self.rows(each).set_class(each == name, "-active")
        self._draw_tabs()

    def stack(self, stacked: bool) -> None:
        """Shows all lists at once, or one behind tabs."""
        self.set_class(stacked, "-stacked")
        self._share_lines()

    def _share_lines(self) -> None:
        """Gives each list the lines it needs where all are shown; behind tabs a list has all the room."""
        if not self.has_class("-stacked"):
            for name in NAMES:
                self.rows(name).styles.height = "1fr"
            return
        needs = [self.rows(name).line_count for name in NAMES]
        for name, lines in zip(NAMES, shared_lines(needs, self.size.height - len(NAMES)), strict=True):
            self.rows(name).styles.height = lines

    def _draw_tabs(self) -> None:
        tabs = []
        add: list[Part] = []
        for panel in PANELS:
            name, fact = panel.name, self._facts[panel.name]
            active = name == self.active
            plus = [Part(" + ", "key", panel.add, panel.add_tip)] if panel.add else []
            add = plus if active else add
            tabs.append(Part(" "))
            tabs.append(Part(name, "heading" if active else "muted", f"screen.panel('{name}')", f"show the {name}"))
            tabs.append(Part(f" {fact} ", "base" if active else "muted"))
            heading = [Part(f" {name} ", "heading"), Part(fact, "muted")]
            self.query_one(f"#heading-{name}", Heading).show(heading, plus)
        self.query_one(".tabs", Bar).show(tabs, add)
