"""What the debug screen asks for in the line at the bottom: commands, places to go to, bytes to find."""

from __future__ import annotations

from collections.abc import Sequence

from textual import getters, on
from textual.message import Message
from textual.widget import Widget

from gpdebug.debugger import commands
from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.command_table import TABLE
from gpdebug.debugger.errors import DebuggerError
from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.store.typed_bytes import BytesError, parse_bytes, show_bytes
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.places import HINT, Kind, Place, PlaceError, parse_place
from gpdebug.tui.present import help_sections
from gpdebug.tui.screens.help import HelpScreen
from gpdebug.tui.screens.motion import MotionScreen
from gpdebug.tui.widgets.command_line import CommandLine, Complete, Prompt
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.program_view import ProgramView
from vm.errors import ConditionError

COMMAND = Prompt("command", ":", "break 12 if mem[3] > 5 · help lists all words · Tab completes · Enter repeats")
GO_TO = Prompt("go to", "go to", HINT)
ALL_WORDS = frozenset(name for word in TABLE if word.name == "help" for name in (word.name, *word.aliases))
"""Commands that tell of all commands: that is a page, no lines for the log."""
FIND = Prompt("find", "find in memory", 'text, "text\\n" or 0x61 62')


class Replied(Message):
    """A command was carried out."""

    def __init__(self, reply: commands.Reply) -> None:
        super().__init__()
        self.reply = reply


class AskingScreen(MotionScreen):
    """Opens the line, and does what was answered."""

    moment: Moment
    commands: commands.CommandLine
    command_line = getters.query_one(CommandLine)
    memory = getters.query_one(MemoryView)

    def __init__(self) -> None:
        super().__init__()
        self._asked_from: Widget | None = None

    @property
    def view(self) -> ProgramView:
        """The program's view that has the cursor."""
        raise NotImplementedError

    def say(self, lines: Sequence[str], style: str = "base") -> None:
        """Writes lines to the log."""
        raise NotImplementedError

    def action_command(self) -> None:
        """Asks for a command."""
        self._ask(COMMAND, complete=self.commands.complete)

    def action_go_to(self) -> None:
        """Asks where to go."""
        self._ask(GO_TO)

    def action_find(self) -> None:
        """Asks for bytes to find in memory."""
        self._ask(FIND)

    def _ask(self, prompt: Prompt, text: str = "", complete: Complete | None = None) -> None:
        self._asked_from = self.focused
        self.command_line.open(prompt, text, complete)

    @on(CommandLine.Closed)
    def _line_closed(self) -> None:
        if self.focused is None or self.focused is self.command_line.field:
            (self._asked_from or self.view).focus()

    @on(CommandLine.Submitted)
    def _line_submitted(self, event: CommandLine.Submitted) -> None:
        if event.prompt is COMMAND:
            self._execute(event.text)
            return
        try:
            if event.text.strip():
                self.answer(event.prompt, event.text)
        except (PlaceError, BytesError, DebuggerError) as error:
            self.command_line.fail(str(error))
        except ConditionError as error:
            self.command_line.fail(str(error), error.column)
        else:
            self.command_line.close()

    def answer(self, prompt: Prompt, text: str) -> None:
        """Does what was entered into the line.

        Raises:
            PlaceError, BytesError, DebuggerError, ConditionError: what is wrong with it.
        """
        (self._go_to if prompt is GO_TO else self._find)(text)

    def _execute(self, text: str) -> None:
        line = self.commands

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            return Replied(line.execute(text, interrupt=interrupt, on_progress=report))

        self._leave_play()
        if text.strip() in ALL_WORDS:
            self.command_line.close()
            self.app.push_screen(HelpScreen((), help_sections()))
            return
        if text.strip():
            self.say([f": {text.strip()}"], "key")
        if not self.bridge.ask("command", call):
            self.command_line.fail(with_keys(self, "the program is running: Esc, then {debug.play} pauses it"))

    def _go_to(self, text: str) -> None:
        name = text.strip()
        if name in self.session.bookmarks or (name == MARK and self.session.mark is not None):
            self.walk(f"go to {name}", self.session.recall, name)
            return
        place = parse_place(text)
        match place.kind:
            case Kind.STEP:
                self.action_seek(place.number)
            case Kind.FORWARD:
                self.action_seek(max(0, self.moment.step + place.number))
            case Kind.SHARE:
                self._go_to_share(place)
            case Kind.INSTRUCTION:
                if not 0 <= place.number < self.view.length:
                    raise PlaceError(f"instructions are 0 to {self.view.length - 1:,}, not {place.number:,}")
                self.view.move_cursor(place.number)
                self._asked_from = self.view
            case Kind.CELL:
                cells = len(self.moment.state.memory)
                if not 0 <= place.number < cells:
                    raise PlaceError(f"cells are 0 to {cells - 1:,}, not {place.number:,}")
                self.memory.move_cursor(place.number)
                self._asked_from = self.memory

    def _go_to_share(self, place: Place) -> None:
        total = self.moment.total_steps
        if total is None:
            raise PlaceError("the length of the run is not known yet: run to its end first (c)")
        self.action_seek(round(place.share * total))

    def _find(self, text: str) -> None:
        pattern = parse_bytes(text.strip())
        if self.memory.find(pattern) is None:
            raise BytesError(f"no cell from which memory holds {show_bytes(pattern)}")
        self._asked_from = self.memory
