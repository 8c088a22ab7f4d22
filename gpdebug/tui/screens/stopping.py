"""The stops on the debug screen: set, edited, deleted by key, by mouse and in their list."""

from __future__ import annotations

from textual import on

from gpdebug.debugger.stops import UserStop
from gpdebug.tui.screens.breakpoint import BreakpointScreen, StopTexts
from gpdebug.tui.screens.snapshots import SnapshotsScreen
from gpdebug.tui.stop_words import watched_cells
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.rows import Rows


class StoppingScreen(SnapshotsScreen):
    """Stops by key, by mouse and in their list."""

    def action_breakpoint(self) -> None:
        """Sets or removes a breakpoint at the cursor."""
        self.when_settled(self._toggle_breakpoint)

    def _toggle_breakpoint(self) -> None:
        cursor = self.cursor
        self._edit(lambda: self.session.stops.toggle(cursor))

    @on(ProgramView.BreakpointClicked)
    def _breakpoint_clicked(self, event: ProgramView.BreakpointClicked) -> None:
        self._edit(lambda: self.session.stops.toggle(event.index))

    def action_watch_cell(self) -> None:
        """Watches the cell under the memory's cursor for changes, or no longer."""
        self.when_settled(lambda: self._toggle_watch(self.memory.cursor))

    def _toggle_watch(self, cell: int) -> None:
        self._edit(lambda: self.session.stops.toggle_watch(cell))

    @on(MemoryView.WatchClicked)
    def _watch_clicked(self, event: MemoryView.WatchClicked) -> None:
        self._toggle_watch(event.cell)

    def action_edit_breakpoint(self) -> None:
        """Asks for the texts of the stop at the cursor; sets one if there is none."""
        self.when_settled(self._edit_breakpoint)

    def _edit_breakpoint(self) -> None:
        here = self.session.stops.at(self.cursor)
        self.edit_stop(here[0] if here else None, self.cursor)

    def edit_stop(self, stop: UserStop | None, instruction: int = 0) -> None:
        """Asks for the texts of a stop.

        Args:
            stop: which; None sets a new breakpoint.
            instruction: where that is to be set.
        """
        symbol = self.session.stops.symbol_at(instruction)
        title = f"breakpoint at {instruction:,}  {symbol}" if stop is None else f"stop {stop.id} {stop.where}"
        texts = StopTexts() if stop is None else texts_of(stop)

        def keep(answer: StopTexts | None) -> None:
            if answer is not None:
                self._edit(lambda: self._keep_stop(stop, instruction, answer))

        self.app.push_screen(BreakpointScreen(title, texts), keep)

    def _keep_stop(self, stop: UserStop | None, instruction: int, texts: StopTexts) -> None:
        stops = self.session.stops
        message = texts.message or None
        if stop is None:
            stops.add(instruction, condition=texts.condition, rule=texts.rule, message=message)
            return
        stops.set_condition(stop.id, texts.condition)
        stops.set_rule(stop.id, texts.rule)
        stops.set_message(stop.id, message)

    def action_edit_stop(self, number: int) -> None:
        """Asks for the texts of a stop."""
        self.edit_stop(self.session.stops[number])

    def _show_stop(self, stop: UserStop) -> None:
        """Puts the cursor where a stop is: on its instruction, or on the first cell that it watches."""
        if stop.instruction is not None:
            self.view.move_cursor(stop.instruction)
        for watched in watched_cells([stop], self.moment.state):
            self.memory.move_cursor(watched.low)

    @on(Rows.Asked, "#stops")
    def _stop_asked(self, event: Rows.Asked) -> None:
        stop = self.session.stops[int(event.key)]
        match event.verb:
            case "open":
                self._show_stop(stop)
            case "edit":
                self.edit_stop(stop)
            case "toggle":
                self._edit(lambda: self.session.stops.enable(stop.id, not stop.enabled))
            case "delete":
                self._edit(lambda: self.session.stops.remove(stop.id))


def texts_of(stop: UserStop) -> StopTexts:
    """What the user wrote about a stop."""
    return StopTexts(
        "" if stop.condition is None else stop.condition.text,
        str(stop.rule),
        "" if stop.message is None else stop.message.text,
    )
