"""The diff screen: any two moments, of this run or of others, folded into changes or side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from gpdebug.debugger.diff import Diff, Side
from gpdebug.debugger.errors import DebuggerError
from gpdebug.debugger.export import write_diff
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.operands import is_run
from gpdebug.debugger.queries import Question
from gpdebug.debugger.session import Session
from gpdebug.tui.bridge import Bridge
from gpdebug.tui.diff_rows import register_rows, side_parts
from gpdebug.tui.keymap import APP, VIEW, bind, with_keys
from gpdebug.tui.moment_choices import choices_of
from gpdebug.tui.screens.dialog import AnsweringScreen
from gpdebug.tui.screens.moments import MomentScreen
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.command_line import CommandLine, Prompt
from gpdebug.tui.widgets.diff_view import DiffForm, DiffScene, DiffView
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.rows import Rows
from vm.errors import VMError
from vm.touch import Access

EXPORT = Prompt("export", "write to", "a file: JSON if it ends in .json, else text")
_SIDES = ("before", "after")


class Compared(Message):
    """Two moments were compared."""

    def __init__(self, pair: tuple[str, str], diff: Diff, *, cumulative: bool) -> None:
        super().__init__()
        self.pair, self.diff, self.cumulative = pair, diff, cumulative


class Failed(Message):
    """What was asked for cannot be done; the screen shows what it showed."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Reached(Message):
    """The search for a far moment has come to a step; None: it is over."""

    def __init__(self, step: int | None) -> None:
        super().__init__()
        self.step = step


class Parted(Message):
    """It is known where two runs first differ."""

    def __init__(self, other: str, side: int, step: int | None) -> None:
        super().__init__()
        self.other, self.side, self.step = other, side, step


class Changed(Message):
    """It is known when a cell changed."""

    def __init__(self, cell: int, step: int | None) -> None:
        super().__init__()
        self.cell, self.step = cell, step


class Written(Message):
    """A diff was written to a file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


class DiffScreen(AnsweringScreen[tuple[int, int] | None]):
    """Compares two moments; the heads, the counters and the output come first.

    Comes back with a cell and the step at which it changed, if the user asked for that, else with None.
    """

    DEFAULT_CSS = """
    DiffScreen { layers: default command; }
    DiffScreen #picks { height: auto; padding: 0 0 1 0; }
    DiffScreen #registers { height: auto; max-height: 40%; }
    DiffScreen DiffView { height: 1fr; }
    DiffScreen Heading { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("b", "pick(0)", "before", id="diff.before", group=VIEW,
             tip="compare with another moment: a snapshot, a step, another case, individual or branch, a file"),
        bind("a", "pick(1)", "after", id="diff.after", group=VIEW, tip="compare another moment"),
        bind("right", "turn(1, 1)", "next moment", id="diff.after_next", group=VIEW, show=False,
             tip="compare the next moment of the list"),
        bind("left", "turn(1, -1)", "previous moment", id="diff.after_previous", group=VIEW, show=False,
             tip="compare the previous moment of the list"),
        bind("s", "swap", "swap", id="diff.swap", group=VIEW, tip="turn the comparison round"),
        bind("v", "view", "view", id="diff.view", group=VIEW,
             tip="only what differs, in runs, or all cells side by side"),
        bind("c", "cumulative", "changed back", id="diff.cumulative", group=VIEW,
             tip="what happened on the way, too: cells that changed and changed back, how often each was written"),
        bind("n", "next(1)", "next", id="diff.next", group=VIEW, tip="the next line with a difference"),
        bind("N", "next(-1)", "previous", id="diff.previous", group=VIEW, show=False,
             tip="the line with a difference before"),
        bind("p", "part", "part", id="diff.part", group=VIEW, show=False,
             tip="go to the first step at which two runs differ"),
        bind("x", "export", "export", id="diff.export", group=VIEW, tip="write the diff to a file, as text or JSON"),
        bind("enter", "when", "to the change", id="diff.when", group=VIEW,
             tip="go to the moment at which the cell of the line changed for the last time"),
        bind("escape,d,q", "leave", "back", id="diff.back", group=APP, tip="back to the debugger"),
    ]  # fmt: skip

    view = getters.query_one(DiffView)
    line = getters.query_one(CommandLine)

    def __init__(
        self,
        crumbs: Sequence[str],
        session: Session,
        bridge: Bridge,
        before: str,
        after: str,
        *,
        uses_head1: bool = True,
        cumulative: bool = False,
    ) -> None:
        """Compares two moments.

        Args:
            crumbs: where the program is from.
            session: whose moments they are.
            bridge: where calls on it run.
            before: the moment to compare with, as users write it.
            after: the one to compare.
            uses_head1: whether the second head means anything.
            cumulative: begin with what happened on the way.
        """
        super().__init__()
        self._crumbs = tuple(crumbs)
        self._session, self._bridge = session, bridge
        self._pair = (before, after)
        self._uses_head1 = uses_head1
        self._cumulative = cumulative
        self._form = DiffForm.CHANGES
        self._diff: Diff | None = None

    def compose(self) -> ComposeResult:
        """The choice, the registers, the cells."""
        yield TitleLine((*self._crumbs, "diff"))
        with Vertical(id="picks"):
            yield Bar(id="before")
            yield Bar(id="after")
        yield Rows(id="registers")
        yield Heading()
        yield DiffView()
        yield CommandLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Compares."""
        self.query_one("#registers", Rows).can_focus = False
        self.view.focus()
        self._compare(self._pair, cumulative=self._cumulative)

    # what is compared

    def action_pick(self, side: int) -> None:
        """Asks for a moment for a side."""

        def take(operand: str | None) -> None:
            if operand is not None:
                self._compare(self._with(side, operand), cumulative=self._cumulative)

        title = "compare with" if side == 0 else "compare"
        self.app.push_screen(MomentScreen(title, choices_of(self._session), self._pair[side]), take)

    def action_turn(self, side: int, by: int) -> None:
        """Takes the next or the previous moment of the list for a side."""
        operands = [choice.operand for choice in choices_of(self._session)]
        at = operands.index(self._pair[side]) + by if self._pair[side] in operands else 0
        self._compare(self._with(side, operands[at % len(operands)]), cumulative=self._cumulative)

    def action_swap(self) -> None:
        """Turns the comparison round."""
        self._compare((self._pair[1], self._pair[0]), cumulative=self._cumulative)

    def action_cumulative(self) -> None:
        """Counts what happened on the way, or leaves it out."""
        self._compare(self._pair, cumulative=not self._cumulative)

    def _with(self, side: int, operand: str) -> tuple[str, str]:
        return (operand, self._pair[1]) if side == 0 else (self._pair[0], operand)

    def _compare(self, pair: tuple[str, str], *, cumulative: bool) -> None:
        """Has two moments compared, in the session's thread."""

        def find(interrupt: Interrupt) -> Message:
            found = self._session.diff(*pair, cumulative=cumulative, interrupt=interrupt, on_progress=self._tell_step)
            _ = len(found.changed.cells), len(found.changed.starts)
            return Compared(pair, found, cumulative=cumulative)

        self._ask("compare", find)

    def _ask(self, label: str, find: Callable[[Interrupt], Message]) -> None:
        """Has something done in the session's thread; what it returns, or why it cannot be done, is posted here."""

        def call(interrupt: Interrupt, report: ProgressCallback) -> None:
            try:
                self.post_message(find(interrupt))
            except (DebuggerError, VMError) as error:
                self.post_message(Failed(error))
            self.post_message(Reached(None))

        if not self._bridge.ask(label, call):
            text = with_keys(self, "the program is running; {diff.back} stops it")
            self.notify(text, severity="warning", timeout=3, markup=False)

    def _tell_step(self, step: int) -> None:
        self.post_message(Reached(step))

    def action_part(self) -> None:
        """Compares two runs where they first differ."""
        other = next((operand.partition("@")[0] for operand in self._pair if is_run(operand)), None)
        if other is None:
            self.notify("compare with another case, individual or branch to see where two runs part", timeout=4)
            return
        side = 0 if is_run(self._pair[0]) else 1

        def find(interrupt: Interrupt) -> Message:
            parted = self._session.find.divergence(other, interrupt=interrupt, on_progress=self._tell_step)
            return Parted(other, side, parted.state)

        self._ask("compare", find)

    @on(Parted)
    def _parted(self, event: Parted) -> None:
        if event.step is None:
            self.notify("the two runs never differ", timeout=4)
            return
        there, here = f"{event.other}@{event.step}", str(event.step)
        self._compare((there, here) if event.side == 0 else (here, there), cumulative=False)

    def action_when(self) -> None:
        """Looks for the moment at which the chosen cell changed."""
        self.view.choose()

    @on(DiffView.Chosen)
    def _when(self, event: DiffView.Chosen) -> None:
        """Goes to the moment at which a cell changed for the last time before the later side."""
        found, cell = self._diff, event.cell
        if found is None or any(is_run(operand) for operand in self._pair):
            self.notify("when a cell changed is looked for in the run that is debugged", timeout=4)
            return
        question = Question.cells(cell, access=Access.CHANGE)
        before = max(found.before.state.steps, found.after.state.steps) + 1

        def find(interrupt: Interrupt) -> Message:
            queries = self._session.find
            return Changed(
                cell, queries.last(question, before=before, interrupt=interrupt, on_progress=self._tell_step)
            )

        self._ask("look", find)

    @on(Changed)
    def _changed(self, event: Changed) -> None:
        if event.step is None:
            self.notify(f"cell {event.cell:,} never changed before that", timeout=4)
        else:
            self.dismiss((event.cell, event.step))

    @on(Compared)
    def _compared(self, event: Compared) -> None:
        self._pair, self._diff, self._cumulative = event.pair, event.diff, event.cumulative
        self._show()

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        if self._diff is None:
            self.dismiss(None)
        self.notify(str(event.error), severity="warning", timeout=5, markup=False)

    @on(Reached)
    def _reached(self, event: Reached) -> None:
        if event.step is not None:
            looking = with_keys(self, f"looking · step {event.step:,} · {{diff.back}} stops")
            self.query_one(TitleLine).show((*self._crumbs, "diff"), (looking,))
        elif self._diff is not None:
            self.query_one(TitleLine).show((*self._crumbs, "diff"), self._facts())

    # how it is shown

    def action_view(self) -> None:
        """Only the changes, the runs of them, or all cells."""
        self._form = self._form.next
        self._show()

    def action_next(self, direction: int) -> None:
        """Goes to the next difference."""
        self.view.next_change(direction)

    def action_leave(self) -> None:
        """Stops a search that is going on, else goes back."""
        if self._bridge.busy:
            self._bridge.interrupt()
        else:
            self.dismiss(None)

    def _facts(self) -> tuple[str, ...]:
        found = self._diff
        if found is None:
            return ()
        words = {0: "no cell differs", 1: "1 cell differs"}.get(found.changed_cells)
        return f"{found.before.name} → {found.after.name}", words or f"{found.changed_cells:,} cells differ"

    def _show(self) -> None:
        found = self._diff
        if found is None:
            return
        for side, picked in enumerate((found.before, found.after)):
            self._show_side(side, picked)
        self.query_one("#registers", Rows).show(register_rows(found, self._uses_head1))
        self.query_one(Heading).show(self._heading(found), self._heading_right())
        self.view.show(DiffScene.of(found, self._form, uses_head1=self._uses_head1, rewritten=found.rewritten))
        self.query_one(TitleLine).show((*self._crumbs, "diff"), self._facts())

    def _show_side(self, side: int, picked: Side) -> None:
        action = f"screen.pick({side})"
        key = Part(f" {_SIDES[side][0]} another ", "key", action, "choose another moment")
        self.query_one(f"#{_SIDES[side]}", Bar).show(side_parts(_SIDES[side], picked, action), [key])

    def _heading(self, found: Diff) -> list[Part]:
        runs, words = len(found.changed.starts), self._facts()[1]
        if found.rewritten is not None:
            back = int((found.rewritten.mask & ~found.changed.mask).sum())
            words += f", {back:,} changed back"
        elif runs > 1:
            words += f" in {runs:,} runs"
        return [Part(" memory  ", "heading"), Part(words, "muted")]

    def _heading_right(self) -> list[Part]:
        form = Part(f" {self._form.value} ", "muted", "screen.view", "only what differs, in runs, or all cells")
        since = "and in between" if self._cumulative else "at both moments"
        return [Part(f" {since} ", "muted", "screen.cumulative", "count what changed and changed back, too"), form]

    # export

    def action_export(self) -> None:
        """Asks for a file to write to."""
        found = self._diff
        if found is not None:
            self.line.open(EXPORT, re.sub(r"\W+", "_", f"{found.before.name}-{found.after.name}") + ".txt")

    @on(CommandLine.Submitted)
    def _submitted(self, event: CommandLine.Submitted) -> None:
        found, all_cells, path = self._diff, self._form is DiffForm.ALL, Path(event.text.strip()).expanduser()
        if found is not None and event.text.strip():
            self._ask("export", lambda interrupt: Written(write_diff(found, path, all_cells=all_cells)))
        self.line.close()

    @on(Written)
    def _written(self, event: Written) -> None:
        self.notify(f"written to {event.path}", timeout=4, markup=False)

    @on(CommandLine.Closed)
    def _line_closed(self) -> None:
        self.view.focus()
