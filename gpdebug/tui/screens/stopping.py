"""The stops on the debug screen: set, edited, deleted by key, by mouse and in their list."""

from __future__ import annotations

from textual import on

from gpdebug.debugger.stops import UserStop
from gpdebug.tui.screens.snapshots import SnapshotsScreen
from gpdebug.tui.screens.stop import StopScreen
from gpdebug.tui.stop_form import FormReader, Kind, StopForm
from gpdebug.tui.stop_words import covering, watched_cells
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
        """Asks for all of the stop at the cursor; sets one if there is none."""
        self.when_settled(self._edit_breakpoint)

    def _edit_breakpoint(self) -> None:
        here = self.session.stops.at(self.cursor)
        self._ask_stop(here[0] if here else None, StopForm(place=str(self.cursor)))

    def action_edit_watch(self) -> None:
        """Asks for all of the stop on the cell under the memory's cursor; sets one if there is none."""
        self.when_settled(self._edit_watch)

    def _edit_watch(self) -> None:
        cell, stops = self.memory.cursor, self.session.stops
        here = [*stops.watching(cell), *covering(stops, cell, self.moment.state)]
        self._ask_stop(here[0] if here else None, StopForm(Kind.WATCH, f"mem[{cell}]"))

    def action_add_stop(self) -> None:
        """Asks for a new stop of any kind."""
        self.when_settled(lambda: self._ask_stop(None, StopForm(place=str(self.cursor)), "kind"))

    def action_edit_stop(self, number: int) -> None:
        """Asks for all of a stop."""
        self._ask_stop(self.session.stops[number], StopForm())

    def _ask_stop(self, stop: UserStop | None, new: StopForm, first: str = "condition") -> None:
        """Asks for all of a stop.

        Args:
            stop: which; None sets a new one.
            new: what is written at first for a new one.
            first: what to begin with.
        """
        self._show_form(stop, new if stop is None else StopForm.of(stop), first)

    def _show_form(self, stop: UserStop | None, form: StopForm, first: str) -> None:
        """Shows the dialog; again, as it was filled in, if the answer cannot be taken now."""
        stops, number = self.session.stops, None if stop is None else stop.id
        reader = FormReader(stops, self.session.settings.memory, number)

        def keep(answer: StopForm | None) -> None:
            if answer is None:
                return
            where, terms = reader.where(answer), reader.terms(answer)
            if not self._edit(
                lambda: stops.set(where, **terms) if number is None else stops.change(number, where, **terms)
            ):
                self._show_form(stop, answer, first)

        warning = "" if stop is None else stop.misfit or ""
        self.app.push_screen(StopScreen(form, reader, number=number, first=first, warning=warning), keep)

    def _show_stop(self, stop: UserStop) -> None:
        """Puts the cursor where a stop is, on its instruction or on the first cell that it watches; a stop that is
        nowhere to be seen is asked about.
        """
        watched = watched_cells([stop], self.moment.state)
        if stop.instruction is not None:
            self.view.move_cursor(stop.instruction)
        elif watched:
            self.memory.move_cursor(watched[0].low)
        else:
            self.action_edit_stop(stop.id)

    @on(Rows.Asked, "#stops")
    def _stop_asked(self, event: Rows.Asked) -> None:
        if event.verb == "add":
            self.action_add_stop()
            return
        stop = self.session.stops[int(event.key)]
        match event.verb:
            case "open":
                self._show_stop(stop)
            case "edit":
                self.action_edit_stop(stop.id)
            case "toggle":
                self._edit(lambda: self.session.stops.enable(stop.id, not stop.enabled))
            case "delete":
                self._edit(lambda: self.session.stops.remove(stop.id))
