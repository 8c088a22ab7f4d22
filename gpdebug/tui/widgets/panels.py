"""Stops, snapshots and the log: one below the other where there is room, else one at a time behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from gpdebug.tui.keymap import STOPS, bind
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.rows import Row, Rows

NAMES = ("stops", "snapshots", "log")


class StopRows(Rows):
    """The user's stops."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "ask('open')", "show", id="stops.show", group=STOPS, tip="put the cursor on its instruction"),
        bind("e", "ask('edit')", "edit", id="stops.edit", group=STOPS, tip="condition, hit rule, message of the stop"),
        bind("x", "ask('toggle')", "on/off", id="stops.toggle", group=STOPS, tip="disable or enable the stop"),
        bind("delete,backspace", "ask('delete')", "delete", id="stops.delete", group=STOPS, tip="delete the stop"),
    ]


class SnapshotRows(Rows):
    """The snapshots."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "ask('open')", "restore", id="snapshots.restore", group=STOPS, tip="go back to that moment"),
        bind("x", "ask('diff')", "compare", id="snapshots.diff", group=STOPS, tip="what differs between it and now"),
        bind("delete,backspace", "ask('delete')", "delete", id="snapshots.delete", group=STOPS, tip="delete it"),
    ]


class Panels(Vertical):
    """The three lists."""

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
        yield Heading(id="heading-stops")
        yield StopRows(id="stops", empty="no stops · {debug.breakpoint} sets one at the cursor")
        yield Heading(id="heading-snapshots")
        yield SnapshotRows(id="snapshots", empty="no snapshots · {debug.snapshot} takes one")
        yield Heading(id="heading-log")
        yield Rows(id="log", empty="no messages · {debug.command} takes a command")

    def on_mount(self) -> None:
        """Shows the first list."""
        self.activate(self.active)

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
        self.rows(name).show(rows, follow=follow)
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

    def _draw_tabs(self) -> None:
        tabs = []
        for name in NAMES:
            active = name == self.active
            tabs.append(Part(" "))
            tabs.append(Part(name, "heading" if active else "muted", f"screen.panel('{name}')", f"show the {name}"))
            tabs.append(Part(f" {self._facts[name]} ", "base" if active else "muted"))
            heading = [Part(f" {name} ", "heading"), Part(self._facts[name], "muted")]
            self.query_one(f"#heading-{name}", Heading).show(heading)
        self.query_one(".tabs", Bar).show(tabs)
