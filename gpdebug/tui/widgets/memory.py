"""The memory: cells in four formats, a line under the heads' rows that names them, a cursor that rides on a head."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.reactive import var

from gpdebug.tui.keymap import EDIT, VIEW, bind
from gpdebug.tui.scene import WatchedCells, within
from gpdebug.tui.shading import Shading
from gpdebug.tui.widgets.line_view import LineView, runs
from gpdebug.tui.widgets.memory_layout import Format, Layout, texts
from gpdebug.wording import character, is_printable

_RIGHT = 3


@dataclass(frozen=True, slots=True, eq=False)
class MemoryScene:
    """The memory at a moment.

    Attributes:
        memory: `uint8[cells]`.
        head0: its cell.
        head1: its cell, or None where no instruction uses it.
        before: `uint8[cells]` at the last stop, or None: nothing counts as changed.
        pc: the instruction that runs next, where the memory is the program; else None.
        watched: the cells that stops watch; of several on one cell, the first is shown.
        shading: what the background tells.
        accesses: `int64[cells]` each, of several kinds; empty when unknown.
        most: the largest number of accesses that a cell has.
    """

    memory: NDArray[np.uint8]
    head0: int
    head1: int | None = None
    before: NDArray[np.uint8] | None = None
    pc: int | None = None
    watched: tuple[WatchedCells, ...] = ()
    shading: Shading = Shading.OFF
    accesses: tuple[NDArray[np.int64], ...] = ()
    most: int = 0

    def signs(self, start: int, stop: int) -> dict[int, tuple[str, WatchedCells]]:
        """What stands before those of some neighbouring cells that stops watch, and which cells it is about."""
        cells = len(self.memory)
        found: dict[int, tuple[str, WatchedCells]] = {}
        for watched in self.watched:
            offset = (start - watched.low) % cells
            if offset >= watched.size and offset + stop - start <= cells:
                continue
            for cell in range(start, min(stop, cells)):
                sign = watched.sign(cell, cells)
                is_better = cell not in found or (found[cell][0] == "─" and sign != "─")
                if sign and is_better:
                    found[cell] = sign, watched
        return found

    def shaded(self, shading: Shading, *accesses: NDArray[np.int64]) -> MemoryScene:
        """The same with backgrounds that tell of accesses."""
        most = int(_sum(accesses).max(initial=0)) if shading is Shading.HEAT else 0
        return replace(self, shading=shading, accesses=accesses, most=most)

    def shades(self, start: int, stop: int) -> list[int]:
        """The levels of the background of some neighbouring cells; empty where it tells nothing."""
        if self.shading is Shading.OFF or not self.accesses:
            return []
        levels = self.shading.levels(_sum([counts[start:stop] for counts in self.accesses]), self.most)
        return [] if levels is None else levels.tolist()


def _sum(counts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    total: NDArray[np.int64] = np.sum(counts, axis=0)
    return total


class MemoryView(LineView, can_focus=True):
    """The memory view.

    Channels: a head is a filled cell and a name in the line below; both heads on one cell share it half and half.
    Changed is underlined. The cursor fills the space around its cell. Zeros are faint. The background of a cell tells
    of its accesses. What stops watch has their mark before it.
    """

    pinned = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1, 0)", show=False, id="memory.left"),
        Binding("right", "move(1, 0)", show=False, id="memory.right"),
        Binding("up", "move(0, -1)", show=False, id="memory.up"),
        Binding("down", "move(0, 1)", show=False, id="memory.down"),
        Binding("pageup", "page(-1)", show=False, id="memory.page_up"),
        Binding("pagedown", "page(1)", show=False, id="memory.page_down"),
        Binding("home", "go(0)", show=False, id="memory.first"),
        Binding("end", "go(-1)", show=False, id="memory.last"),
        bind("h", "to_head(0)", "head 0", id="memory.head0", group=VIEW, tip="go to head 0 and follow it", show=False),
        bind("H", "to_head(1)", "head 1", id="memory.head1", group=VIEW, tip="go to head 1 and follow it", show=False),
        bind("greater_than_sign", "seek_change(1)", "next change", id="memory.change", group=VIEW, show=False,
             tip="run to where the cell at the cursor changes next"),
        bind("less_than_sign", "seek_change(-1)", "last change", id="memory.change_back", group=VIEW, show=False,
             tip="go back to where the cell at the cursor changed last"),
        bind("left_curly_bracket", "screen.put_head(0)", "head 0 here", id="memory.put_head0", group=EDIT,
             tip="put head 0 on the cell under the cursor, which begins a branch", show=False),
        bind("right_curly_bracket", "screen.put_head(1)", "head 1 here", id="memory.put_head1", group=EDIT,
             tip="put head 1 on the cell under the cursor, which begins a branch", show=False),
    ]  # fmt: skip

    class ChangeSought(Message):
        """The user asked for the moment at which a cell changes next, or changed last."""

        def __init__(self, cell: int, direction: int) -> None:
            super().__init__()
            self.cell = cell
            self.direction = direction

    cursor: var[int] = var(0)
    """The cell under the cursor."""

    class WatchClicked(Message):
        """A cell is to be watched, or no longer, by mouse."""

        def __init__(self, cell: int) -> None:
            super().__init__()
            self.cell = cell

    class CellOpened(Message):
        """The cell under the cursor is to be changed, by mouse."""

    def __init__(self, form: Format = Format.HEX, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: MemoryScene | None = None
        self.form = form
        self.found: range = range(0)
        self._layout = Layout.fit(self.form, 1, 80)

    @property
    def follows(self) -> int | None:
        """The head that the cursor rides on: 0, 1, or None."""
        if self.scene is not None:
            if self.cursor == self.scene.head0:
                return 0
            if self.cursor == self.scene.head1:
                return 1
        return None

    def show(self, scene: MemoryScene) -> None:
        """Draws another moment; a cursor that was on a head goes along with it."""
        head = 0 if self.scene is None else self.follows
        self.scene = scene
        self.place()
        if head is not None:
            self.cursor = scene.head1 if head and scene.head1 is not None else scene.head0
            self.reveal(self.cursor, margin=2)
        self.redraw()

    def place(self) -> None:
        """Fits the lines to the scene and the size."""
        scene = self.scene
        if scene is None:
            return
        marked = [cell for cell in (scene.head0, scene.head1, scene.pc) if cell is not None]
        fitted = Layout.fit(self.form, len(scene.memory), self.size.width)
        fitted = Layout.fit(self.form, len(scene.memory), self.room(fitted.lines + len(marked)))
        self._layout = fitted.with_marks([cell for cell in marked if cell < len(scene.memory)])
        self.set_line_count(self._layout.lines)

    def set_format(self, form: Format) -> None:
        """Writes the cells in another format."""
        self.form = form
        self.place()
        self.reveal(self.cursor)
        self.redraw()

    def reveal(self, cell: int, margin: int = 1) -> None:
        """Scrolls a cell, and the line below it, into view."""
        self.show_line(self._layout.line_of(cell // self._layout.columns), margin)

    def move_cursor(self, cell: int) -> None:
        """Puts the cursor on a cell and shows it."""
        if self.scene is None:
            return
        self.cursor = max(0, min(cell, len(self.scene.memory) - 1))
        self.reveal(self.cursor)
        self.redraw()

    def find(self, pattern: bytes) -> int | None:
        """Moves the cursor to the next place that holds these bytes, going round at the end; None if there is none."""
        if self.scene is None or not pattern:
            return None
        memory = self.scene.memory.tobytes()
        place = memory.find(pattern, self.cursor + 1)
        if place < 0:
            place = memory.find(pattern)
        self.found = range(place, place + len(pattern)) if place >= 0 else range(0)
        if place >= 0:
            self.move_cursor(place)
        self.redraw()
        return place if place >= 0 else None

    def on_resize(self, event: Resize) -> None:
        """Fits the lines to the new size; the cursor stays visible."""
        self.place()
        self.redraw()
        self.call_after_refresh(self.reveal, self.cursor)

    def action_move(self, dx: int, dy: int) -> None:
        """Moves the cursor by a cell or a line; it stays where that leads nowhere."""
        target = self.cursor + dx + dy * self._layout.columns
        if self.scene is not None and 0 <= target < len(self.scene.memory):
            self.move_cursor(target)

    def action_page(self, direction: int) -> None:
        """Moves the cursor by a page."""
        self.move_cursor(self.cursor + direction * self.page * self._layout.columns)

    def action_go(self, cell: int) -> None:
        """Moves the cursor to a cell, from the end if negative."""
        if self.scene is not None:
            self.move_cursor(cell % len(self.scene.memory))

    def action_to_head(self, head: int) -> None:
        """Moves the cursor to a head; it rides along from there."""
        if self.scene is not None:
            cell = self.scene.head1 if head else self.scene.head0
            if cell is not None:
                self.move_cursor(cell)

    def action_seek_change(self, direction: int) -> None:
        """Asks for a moment at which the cell under the cursor changes."""
        self.post_message(self.ChangeSought(self.cursor, direction))

    def on_click(self, event: Click) -> None:
        """Moves the cursor to the cell under the mouse; a double click changes it, the right button watches it."""
        place = self.line_at(event)
        if place is None or self.scene is None:
            return
        column = self._layout.column_at(place[0])
        row, _ = self._layout.row_at(place[1])
        if column is not None and row * self._layout.columns + column < len(self.scene.memory):
            self.move_cursor(row * self._layout.columns + column)
            if event.button == _RIGHT:
                self.post_message(self.WatchClicked(self.cursor))
            elif event.chain == 2:
                self.post_message(self.CellOpened())

    def signature(self, y: int) -> Hashable:
        """What the look of a row, or of the line below it, depends on."""
        scene = self.scene
        if scene is None:
            return None
        row, marks = self._layout.row_at(y)
        start, end = row * self._layout.columns, (row + 1) * self._layout.columns
        places = [None if c is None else within(c, start, end) for c in (scene.head0, scene.head1, scene.pc)]
        where = row, self._layout.columns, self._layout.form, self._layout.aside
        if marks:
            return where, tuple(places)
        before = None if scene.before is None else scene.before[start:end].tobytes()
        found = self.found.start < end and self.found.stop > start
        cursor = within(self.cursor, start, end)
        shades = scene.shading, tuple(scene.shades(start, end))
        signs = tuple(scene.signs(start, end).items())
        cells = scene.memory[start:end].tobytes(), before, shades, signs
        return where, cells, tuple(places), cursor, self.found if found else None

    def head_signature(self) -> Hashable:
        """What the look of the column numbers depends on."""
        return self.cursor % self._layout.columns, self._layout.columns, self._layout.form, self._layout.aside

    def header(self, y: int) -> Iterable[Segment]:
        """Column numbers; the cursor's is bright."""
        layout, palette = self._layout, self.palette
        here = self.cursor % layout.columns
        return runs(self._header_cells(layout, here, palette.faint, palette.heading))

    def _header_cells(self, layout: Layout, here: int, quiet: Style, bright: Style) -> Iterator[tuple[str, Style]]:
        at = 0
        for column in range(min(layout.columns, layout.cells)):
            label = f"{column:x}" if layout.form.base == 16 else str(column)
            if layout.form.width == 1:
                label = label[-1]
            end = layout.x_of(column) + layout.form.width
            yield label.rjust(end - at), bright if column == here else quiet
            at = end

    def line(self, y: int) -> Iterable[Segment]:
        """One row of cells, or the line below one that names the heads."""
        if self.scene is None:
            return []
        row, marks = self._layout.row_at(y)
        return runs(self._marks(self.scene, row) if marks else self._row(self.scene, row))

    def _marks(self, scene: MemoryScene, row: int) -> Iterator[tuple[str, Style]]:
        """Names of what is on a row, each below its cell, pushed right where they meet."""
        layout, palette = self._layout, self.palette
        names = [(scene.head0, "▲0", palette.head0)]
        if scene.head1 is not None:
            names.append((scene.head1, "▲1", palette.head1))
        if scene.pc is not None:
            names.append((scene.pc, "▲pc", Style(color=palette.pc_fill.bgcolor, bold=True)))
        at = 0
        for cell, name, style in sorted(names, key=lambda mark: mark[0]):
            if cell // layout.columns != row:
                continue
            x = layout.x_of(cell % layout.columns) + max(0, layout.form.width - 2)
            if x > at:
                yield " " * (x - at), palette.base
                at = x
            yield name, style
            at += len(name)

    def _row(self, scene: MemoryScene, row: int) -> Iterator[tuple[str, Style]]:
        layout, palette = self._layout, self.palette
        start = row * layout.columns
        values = scene.memory[start : start + layout.columns].tolist()
        changed = self._changed(scene, start, len(values))
        here = start <= self.cursor < start + layout.columns
        label = layout.form.address(start).rjust(layout.digits)
        yield label, palette.heading if here else palette.faint
        written = texts(layout.form)
        at = layout.digits
        around = palette.cursor if self.has_focus else palette.cursor_blurred
        shades, warmth = scene.shades(start, start + len(values)), scene.shading.styles(palette)
        signs = scene.signs(start, start + len(values))
        for column, value in enumerate(values):
            cell = start + column
            x = layout.x_of(column)
            style = palette.base if value else palette.faint
            # the blank before a cell takes the cell's own style where that shows nothing: fewer, longer pieces
            if x - at > 1:
                yield " ", palette.base + around if cell == self.cursor + 1 and column else style
            is_beside = cell == self.cursor or (cell == self.cursor + 1 and column > 0 and x - at == 1)
            before = palette.base + around if is_beside else style
            if cell in signs:
                sign, watched = signs[cell]
                yield sign, before + self._sign_style(watched)
            else:
                yield " ", before
            if shades and shades[column]:
                style = style + warmth[shades[column]]
            if changed[column]:
                style = style + palette.changed
            if cell in self.found:
                style = style + palette.match
            yield from self._cell(scene, cell, written[value], style)
            at = x + layout.form.width
        if layout.aside:
            yield " " * (layout.aside_at - at), palette.base
            yield from self._aside(scene, start, values, changed)

    def _sign_style(self, watched: WatchedCells) -> Style:
        """The style of a mark, in the colour of the head that the watched cells go along with."""
        if watched.head is None:
            return self.palette.breakpoint
        return (self.palette.head1 if watched.head else self.palette.head0) + Style(bold=True)

    def _cell(self, scene: MemoryScene, cell: int, text: str, style: Style) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        on0, on1 = cell == scene.head0, cell == scene.head1
        if on0 and on1:
            half = (len(text) + 1) // 2
            yield text[:half], style + palette.head0_fill
            yield text[half:], style + palette.head1_fill
        elif on0 or on1:
            yield text, style + (palette.head0_fill if on0 else palette.head1_fill)
        elif cell == self.cursor:
            yield text, style + (palette.cursor if self.has_focus else palette.cursor_blurred)
        else:
            yield text, style

    def _aside(
        self, scene: MemoryScene, start: int, values: list[int], changed: list[bool]
    ) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        for column, value in enumerate(values):
            style = palette.muted if is_printable(value) else palette.faint
            if changed[column]:
                style = palette.changed
            yield character(value) if value else " ", style

    @staticmethod
    def _changed(scene: MemoryScene, start: int, count: int) -> list[bool]:
        if scene.before is None:
            return [False] * count
        stop = start + count
        result: list[bool] = (scene.memory[start:stop] != scene.before[start:stop]).tolist()
        return result
