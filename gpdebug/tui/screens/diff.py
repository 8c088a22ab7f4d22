"""The diff screen: two moments side by side or only what differs, with the choice of which two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen

from gpdebug.debugger.typed_bytes import show_bytes
from gpdebug.tui.keymap import APP, VIEW, bind
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.diff_view import DiffScene, DiffView
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.rows import Row, Rows, Words
from vm.state import State


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A moment that can be compared.

    Attributes:
        name: what the user calls it.
        state: complete.
        output: as of then.
    """

    name: str
    state: State
    output: bytes


class DiffScreen(Screen[None]):
    """Compares two moments; the heads, the counters and the output come first."""

    DEFAULT_CSS = """
    DiffScreen #picks { height: auto; padding: 0 0 1 0; }
    DiffScreen #registers { height: auto; max-height: 9; }
    DiffScreen DiffView { height: 1fr; }
    DiffScreen Heading { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("b", "pick(0, 1)", "before", id="diff.before", group=VIEW, tip="another moment to compare with"),
        bind("B", "pick(0, -1)", "before", id="diff.before_back", group=VIEW, show=False,
             tip="the moment before it in the list"),
        bind("a", "pick(1, 1)", "after", id="diff.after", group=VIEW, tip="another moment to compare"),
        bind("A", "pick(1, -1)", "after", id="diff.after_back", group=VIEW, show=False,
             tip="the moment before it in the list"),
        bind("s", "swap", "swap", id="diff.swap", group=VIEW, tip="turn the comparison round"),
        bind("v", "view", "view", id="diff.view", group=VIEW, tip="only what differs, or all cells side by side"),
        bind("n", "next(1)", "next", id="diff.next", group=VIEW, tip="the next line with a difference"),
        bind("N", "next(-1)", "previous", id="diff.previous", group=VIEW, show=False,
             tip="the line with a difference before"),
        bind("escape,d,q", "app.leave", "back", id="diff.back", group=APP, tip="back to the debugger"),
    ]  # fmt: skip

    view = getters.query_one(DiffView)

    def __init__(
        self, crumbs: Sequence[str], pictures: Sequence[Picture], before: str, after: str, *, uses_head1: bool = True
    ) -> None:
        """Compares two of some moments.

        Args:
            crumbs: where the program is from.
            pictures: the moments to choose from.
            before: name of the one to compare with.
            after: name of the one to compare.
            uses_head1: whether the second head means anything.
        """
        super().__init__()
        self._crumbs = tuple(crumbs)
        self._pictures = list(pictures)
        names = [picture.name for picture in pictures]
        self._picked = [names.index(before), names.index(after)]
        self._uses_head1 = uses_head1
        self._all_cells = False

    def compose(self) -> ComposeResult:
        """The choice, the registers, the cells."""
        yield TitleLine((*self._crumbs, "diff"))
        with Vertical(id="picks"):
            yield Bar(id="before")
            yield Bar(id="after")
        yield Rows(id="registers")
        yield Heading()
        yield DiffView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Compares."""
        self.query_one("#registers", Rows).can_focus = False
        self.view.focus()
        self._show()

    def action_pick(self, side: int, by: int) -> None:
        """Chooses the next moment for a side."""
        self._picked[side] = (self._picked[side] + by) % len(self._pictures)
        self._show()

    def action_choose(self, side: int, index: int) -> None:
        """Chooses a moment for a side, by mouse."""
        self._picked[side] = index
        self._show()

    def action_swap(self) -> None:
        """Turns the comparison round."""
        self._picked.reverse()
        self._show()

    def action_view(self) -> None:
        """Only the changes, or all cells."""
        self._all_cells = not self._all_cells
        self._show()

    def action_next(self, direction: int) -> None:
        """Goes to the next difference."""
        self.view.next_change(direction)

    def _show(self) -> None:
        before, after = (self._pictures[index] for index in self._picked)
        self.query_one("#before", Bar).show(self._picks(0))
        self.query_one("#after", Bar).show(self._picks(1))
        self.query_one("#registers", Rows).show(list(_registers(before, after, self._uses_head1)))
        heads = (self._heads(before), self._heads(after))
        scene = DiffScene.of(before.state.memory, after.state.memory, heads, (before.name, after.name))
        count = len(scene.changed)
        words = {0: "no cell differs", 1: "1 cell differs"}.get(count, f"{count:,} cells differ")
        form = "all cells" if self._all_cells else "only changes"
        self.query_one(Heading).show(
            [Part(" memory  ", "heading"), Part(words, "muted")],
            [Part(form + " ", "muted", "screen.view", "only what differs, or all cells")],
        )
        self.view.show(scene, all_cells=self._all_cells)
        self.query_one(TitleLine).show((*self._crumbs, "diff"), (f"{before.name} → {after.name}", words))

    def _heads(self, picture: Picture) -> tuple[int, int | None]:
        return picture.state.head0, picture.state.head1 if self._uses_head1 else None

    def _picks(self, side: int) -> list[Part]:
        parts = [Part(" before  " if side == 0 else " after   ", "muted")]
        for index, picture in enumerate(self._pictures):
            chosen = index == self._picked[side]
            text = f" {picture.name} " if not chosen else f" {picture.name} · step {picture.state.steps:,} "
            style = "head0_fill" if chosen else "base"
            parts += [Part(text, style, f"screen.choose({side}, {index})", "compare this one"), Part(" ")]
        return parts


def _registers(before: Picture, after: Picture, uses_head1: bool) -> list[Row]:
    """A line for each register, the changed ones bright, and for the output."""
    one, two = before.state, after.state
    values: list[tuple[str, int, int]] = [
        ("step", one.steps, two.steps),
        ("pc", one.pc, two.pc),
        ("head0", one.head0, two.head0),
    ]
    if uses_head1:
        values.append(("head1", one.head1, two.head1))
    if one.input_pos or two.input_pos:
        values.append(("input read", one.input_pos, two.input_pos))
    if one.spare or two.spare:
        values.append(("spare", one.spare, two.spare))
    rows = [_register(name, old, new) for name, old, new in values]
    if one.status is not two.status:
        rows.append(_texts("status", str(one.status).replace("_", " "), str(two.status).replace("_", " ")))
    rows.append(_texts("output", show_bytes(before.output), show_bytes(after.output)))
    return rows


def _register(name: str, old: int, new: int) -> Row:
    words: Words = ((f"{name:<12}", "muted"), (f"{old:>10,}", "base" if old != new else "muted"))
    if old == new:
        return Row("", (*words, ("   the same", "faint")))
    change = f"+{new - old:,}" if new > old else f"−{old - new:,}"
    number = f"{new:,}"
    blank = " " * (10 - len(number))
    return Row("", (*words, (" → " + blank, "faint"), (number, "changed"), (f"{change:>12}", "base")))


def _texts(name: str, old: str, new: str) -> Row:
    if old == new:
        return Row("", ((f"{name:<12}", "muted"), (old, "muted"), ("   the same", "faint")))
    return Row("", ((f"{name:<12}", "muted"), (old, "base"), (" → ", "faint"), (new, "changed")))
