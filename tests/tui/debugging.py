"""What the tests of the debug screen share: real programs, and an app whose session runs at once."""

from __future__ import annotations

from textual.widget import Widget

from gpdebug.store.task import Case, Task
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.debug import DebugScreen
from vm.dialect import BF, TAPE
from vm.program import Program

REVERSE = Program.parse("[>]<[.<}]", TAPE)
ADD = Program.parse("[->+<]>.", TAPE)
HELLO = Program.parse(
    "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.", BF
)
REVERSE_TASK = Task(
    "reverse",
    TAPE,
    tuple(Case(word, word[::-1]) for word in (b"abcd", b"hello", b"x")),
    (Case(b"held", b"dleh"),),
)


class DebugApp(GpdebugApp):
    """Opens the debug screen at once; calls on the session run where they are asked for."""

    def __init__(self, program: Program = REVERSE, **options: object) -> None:
        super().__init__()
        self._options = {"title": "reverse ▸ #7", **options}
        self._program = program

    def first_screen(self) -> DebugScreen:
        return self.make()

    def make(self) -> DebugScreen:
        return DebugScreen(self._program, runner=lambda work: work(), **self._options)  # type: ignore[arg-type]

    @property
    def here(self) -> DebugScreen:
        assert isinstance(self.screen, DebugScreen)
        return self.screen


def reverse_app(**options: object) -> DebugApp:
    return DebugApp(REVERSE, task=REVERSE_TASK, **options)


def text_of(widget: Widget) -> str:
    """What a widget shows, line by line."""
    strips = widget.render_lines(widget.size.region)
    return "\n".join(strip.text for strip in strips)
