"""What the user keeps on the debug screen, and the stops: setting, editing, switching them off."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from gpdebug.debugger.files import StopFile
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.stops import UserStop
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.asking import AskingScreen
from gpdebug.tui.screens.breakpoint import BreakpointScreen, StopTexts
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.rows import Rows


class Noted(Message):
    """Something the user should know about what is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Edited(Message):
    """What is kept was changed; `text` is to be told, if there is one."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text


class KeepingScreen(AskingScreen):
    """Stops by key, by mouse and in their list."""

    subject: Subject
    stop_file: StopFile
    _saved: tuple[object, int] = (None, 0)

    def keep_stops(self) -> None:
        """Saves the stops, in the background, if they are other ones than those that were saved last."""
        stops = self.session.stops
        version = (stops, stops.revision)
        if self._saved == version:
            return
        file = self.stop_file

        def save(interrupt: Interrupt, report: ProgressCallback) -> Message | None:
            note = file.save(stops)
            return None if note is None else Noted(note)

        if self.bridge.ask("save stops", save):
            self._saved = version

    @on(Noted)
    def _noted(self, event: Noted) -> None:
        self.say([event.text], "warning")
        self.notify(event.text, severity="warning", timeout=6, markup=False)

    def show_kept(self) -> None:
        """Shows stops and snapshots anew, wherever they are seen."""
        raise NotImplementedError

    def _edit(self, change: Callable[[], object]) -> None:
        """Changes what is kept, after the moves that were asked for before; refused while a long one goes on.

        Args:
            change: makes the change; a text that it returns is told in the log.
        """

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            text = change()
            return Edited(text if isinstance(text, str) else None)

        if not self.bridge.ask("edit", call):
            self.notify(
                with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning", timeout=3
            )

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        if event.text is not None:
            self.say([event.text])
        self.show_kept()

    # stops

    def action_breakpoint(self) -> None:
        """Sets or removes a breakpoint at the cursor."""
        self.when_settled(self._toggle_breakpoint)

    def _toggle_breakpoint(self) -> None:
        cursor = self.cursor
        self._edit(lambda: self.session.stops.toggle(cursor))

    @on(ProgramView.BreakpointClicked)
    def _breakpoint_clicked(self, event: ProgramView.BreakpointClicked) -> None:
        self._edit(lambda: self.session.stops.toggle(event.index))

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

    def _show_stop(self, stop: UserStop) -> None:
        """Puts the cursor where a stop is: on its instruction, or on the cell that it watches."""
        if stop.instruction is not None:
            self.view.move_cursor(stop.instruction)

    # their list

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
