"""What the grid and the listing of a program share: the scene, a cursor that rides on pc, keys and mouse."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.reactive import var

from gpdebug.tui.scene import ProgramScene
from gpdebug.tui.widgets.line_view import LineView


class ProgramView(LineView, can_focus=True):
    """A view of a program with a cursor; subclasses place instructions on lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(0, -1)", "Up", show=False, id="program.up"),
        Binding("down", "move(0, 1)", "Down", show=False, id="program.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="program.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="program.page_down"),
        Binding("home", "first", "First", show=False, id="program.first"),
        Binding("end", "last", "Last", show=False, id="program.last"),
        Binding("full_stop", "to_pc", "To pc", show=False, id="program.to_pc", tooltip="Move the cursor to pc"),
    ]

    cursor: var[int] = var(0)
    """The instruction under the cursor."""

    class BreakpointClicked(Message):
        """A breakpoint is to be set or removed by mouse."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: ProgramScene | None = None

    def show(self, scene: ProgramScene) -> None:
        """Draws another moment; the cursor goes along with pc if it was there."""
        old, self.scene = self.scene, scene
        riding = old is None or self.cursor == min(old.pc, max(0, len(old) - 1))
        self.place()
        if riding:
            self._set_cursor(scene.pc)
        if old is None or old.pc != scene.pc:
            self.reveal(scene.pc)
        self.redraw()

    def place(self) -> None:
        """Fits the lines to the scene and the size."""
        raise NotImplementedError

    def row_of(self, index: int) -> int:
        """The line that holds an instruction."""
        raise NotImplementedError

    def index_at(self, x: int, line: int) -> int | None:
        """The instruction at a column of a line, or None."""
        raise NotImplementedError

    def step_of(self, dx: int, dy: int) -> int:
        """How far a move of the cursor goes, in instructions."""
        raise NotImplementedError

    def reveal(self, index: int) -> None:
        """Scrolls an instruction into view, with some lines around it."""
        self.show_line(self.row_of(min(index, max(0, self.length - 1))), margin=self.page // 4)

    @property
    def length(self) -> int:
        """Instructions in the scene."""
        return 0 if self.scene is None else len(self.scene)

    def on_resize(self, event: Resize) -> None:
        """Fits the lines to the new size; the cursor stays visible."""
        self.place()
        self.redraw()
        self.call_after_refresh(self.reveal, self.cursor)

    def move_cursor(self, index: int) -> None:
        """Puts the cursor on an instruction and shows it."""
        self._set_cursor(index)
        self.show_line(self.row_of(self.cursor))
        self.redraw()

    def follow_cursor(self, index: int) -> None:
        """Puts the cursor where another view of the same program has it."""
        self._set_cursor(index)
        if self.display:
            self.show_line(self.row_of(self.cursor))
            self.redraw()

    def _set_cursor(self, index: int) -> None:
        self.cursor = max(0, min(index, self.length - 1))

    def action_move(self, dx: int, dy: int) -> None:
        """Moves the cursor by a cell or a line; it stays where that leads nowhere."""
        target = self.cursor + self.step_of(dx, dy)
        if 0 <= target < self.length:
            self.move_cursor(target)

    def action_page(self, direction: int) -> None:
        """Moves the cursor by a page."""
        self.move_cursor(self.cursor + direction * self.page * max(1, self.step_of(0, 1)))

    def action_first(self) -> None:
        """Moves the cursor to the first instruction."""
        self.move_cursor(0)

    def action_last(self) -> None:
        """Moves the cursor to the last instruction."""
        self.move_cursor(self.length - 1)

    def action_to_pc(self) -> None:
        """Moves the cursor to the instruction that runs next."""
        if self.scene is not None:
            self.move_cursor(self.scene.pc)

    def on_click(self, event: Click) -> None:
        """Moves the cursor; in the margin, or as a double click, sets or removes a breakpoint."""
        place = self.line_at(event)
        if place is None:
            return
        index = self.index_at(*place)
        if index is not None:
            self.move_cursor(index)
            if event.chain == 2:
                self.post_message(self.BreakpointClicked(index))
