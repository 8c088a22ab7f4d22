"""The cells of two memories: a line each change, a line each run of changes, or all cells side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message

from gpdebug.debugger.changed import Places
from gpdebug.debugger.diff import Diff
from gpdebug.debugger.rewritten import Rewritten
from gpdebug.tui.widgets.line_view import LineView, runs
from gpdebug.wording import character, quoted, signed, signed_byte, with_minus

_COLUMNS = (32, 16, 8, 4)
_BETWEEN = 3
_RUN_HEAD = 22
_MOST_OF_A_RUN = 16
_ROOM_FOR_ALL = 104
"""Width from which the signed numbers are shown beside the writes."""


class DiffForm(Enum):
    """How a diff is shown."""

    CHANGES = "only changes"
    RUNS = "runs of changes"
    ALL = "all cells"

    @property
    def next(self) -> DiffForm:
        """The form after this one."""
        forms = list(DiffForm)
        return forms[(forms.index(self) + 1) % len(forms)]


@dataclass(frozen=True, slots=True, eq=False)
class DiffScene:
    """Two memories.

    Attributes:
        diff: what is compared.
        form: how.
        uses_head1: whether the second head means anything.
        rewritten: which cells were written between the moments, to show those too that hold again what they held;
            None: those are left out.
        rows: the cells that have a line of their own.
    """

    diff: Diff
    form: DiffForm
    uses_head1: bool
    rewritten: Rewritten | None
    rows: Places

    @classmethod
    def of(cls, diff: Diff, form: DiffForm, *, uses_head1: bool, rewritten: Rewritten | None = None) -> DiffScene:
        """A diff in a form."""
        changed = diff.changed
        rows = changed.cells if rewritten is None else Places(changed.mask | rewritten.mask)
        return cls(diff, form, uses_head1, rewritten, rows)

    @property
    def cells(self) -> int:
        """Cells that both have."""
        return len(self.diff.changed.mask)

    @property
    def lines(self) -> int:
        """How many lines there are in its form, the cells of a line of `ALL` not counted."""
        return len(self.diff.changed.starts) if self.form is DiffForm.RUNS else len(self.rows)


class DiffView(LineView, can_focus=True):
    """Scrolls by keys and wheel."""

    pinned = 2

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, id="diff.up"),
        Binding("down", "move(1)", show=False, id="diff.down"),
        Binding("pageup", "page(-1)", show=False, id="diff.page_up"),
        Binding("pagedown", "page(1)", show=False, id="diff.page_down"),
        Binding("home", "move(-1000000000)", show=False, id="diff.first"),
        Binding("end", "move(1000000000)", show=False, id="diff.last"),
    ]

    class Chosen(Message):
        """The user wants to see when a cell changed."""

        def __init__(self, cell: int) -> None:
            super().__init__()
            self.cell = cell

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: DiffScene | None = None
        self.cursor = 0
        self._columns = 8

    def show(self, scene: DiffScene) -> None:
        """Shows two memories, from the first difference on."""
        self.scene = scene
        self.cursor = 0
        self._place()
        first = scene.rows.following(0)
        self.scroll_to(y=(first or 0) // self._columns if scene.form is DiffForm.ALL else 0, animate=False)
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Fits as many cells a line as there is room for."""
        self._place()

    def _place(self) -> None:
        scene = self.scene
        if scene is None:
            return
        fitting = (n for n in _COLUMNS if self._after_at(n) + 3 * n <= self.size.width)
        self._columns = next(fitting, _COLUMNS[-1])
        if scene.form is DiffForm.ALL:
            self.set_line_count(-(-scene.cells // self._columns))
        else:
            self.set_line_count(max(1, scene.lines))

    @property
    def _digits(self) -> int:
        return 2 if self.scene is None else max(2, len(f"{max(0, self.scene.cells - 1):x}"))

    def _after_at(self, columns: int) -> int:
        return 1 + self._digits + 3 * columns + _BETWEEN

    def header(self, y: int) -> Iterable[Segment]:
        """Names of the two sides, and of the columns."""
        scene = self.scene
        if scene is None:
            return []
        if y == 0:
            return self._sides(scene)
        if scene.form is DiffForm.CHANGES:
            return [Segment(self._titles(scene), self.palette.faint)]
        if scene.form is DiffForm.RUNS:
            old = 3 * self._run_bytes() + 2
            return [Segment(f"{'cells':>14} {'count':>6}  {'before':{old}}   {'after':{old}}", self.palette.faint)]
        numbers = "".join(f" {column:2x}" for column in range(self._columns))
        return [Segment(" " * (1 + self._digits) + numbers + " " * _BETWEEN + numbers, self.palette.faint)]

    def _titles(self, scene: DiffScene) -> str:
        text = f"{'cell':>14}  {'hex':<11}{'decimal':<10} {'change':>7}   "
        if self._has_signed(scene):
            text += f"{'signed':<14}"
        return text + f"{'character':<12}" + ("" if scene.rewritten is None else f"{'writes':>6}  last at step")

    def _has_signed(self, scene: DiffScene) -> bool:
        return scene.rewritten is None or self.size.width >= _ROOM_FOR_ALL

    def _sides(self, scene: DiffScene) -> Iterable[Segment]:
        if scene.form is not DiffForm.ALL:
            return []
        before, after = scene.diff.before.name, scene.diff.after.name
        at = self._after_at(self._columns)
        left = " " * (2 + self._digits) + before[: 3 * self._columns]
        return [Segment(left.ljust(at + 1) + after, self.palette.heading)]

    def line(self, y: int) -> Iterable[Segment]:
        """One change, one run of them, or one row of both memories."""
        scene = self.scene
        if scene is None:
            return []
        if scene.form is DiffForm.ALL:
            return runs(self._row(scene, y * self._columns))
        if not scene.lines:
            return [Segment(" no cell differs", self.palette.muted)]
        segments = runs(self._run(scene, y) if scene.form is DiffForm.RUNS else self._change(scene, y))
        if y != self.cursor or not self.has_focus:
            return segments
        used = sum(segment.cell_length for segment in segments)
        chosen = [*segments, Segment(" " * max(0, self.size.width - used))]
        return [Segment(segment.text, (segment.style or Style()) + self.palette.cursor) for segment in chosen]

    def _change(self, scene: DiffScene, y: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        cell = scene.rows[y]
        begins = y == 0 or scene.rows[y - 1] != cell - 1
        goes_on = y + 1 < len(scene.rows) and scene.rows[y + 1] == cell + 1
        old, new = int(scene.diff.before.state.memory[cell]), int(scene.diff.after.state.memory[cell])
        differs = bool(scene.diff.changed.mask[cell])
        bracket = ("┌" if goes_on else " ") if begins else ("│" if goes_on else "└")
        yield f" {bracket} ", palette.faint
        yield f"{cell:>11,}  ", palette.heading if begins else palette.muted
        if differs:
            yield f"{old:02x} → ", palette.muted
            yield f"{new:02x}", palette.changed
            yield f"    {old:>3} → ", palette.muted
            yield f"{new:>3}", palette.base
            yield f"   {signed(new - old):>5}", palette.base
        else:
            yield f"{old:02x}", palette.muted
            yield f"         {old:>3}", palette.muted
            yield "   as before", palette.ok
            yield "  ", palette.base
        if self._has_signed(scene):
            yield f"   {with_minus(signed_byte(old)):>4}", palette.faint
            yield (" → " if differs else "   "), palette.faint
            yield f"{with_minus(signed_byte(new)) if differs else '':>4}", palette.muted
        yield f"   {quoted(old):>3}", palette.muted
        yield (" → " if differs else "   "), palette.muted
        yield f"{quoted(new) if differs else '':<3}", palette.base
        if scene.rewritten is not None:
            yield f"{int(scene.rewritten.writes[cell]):>9,}", palette.base
            step = int(scene.rewritten.last[cell])
            yield f"  {step:,}" if step >= 0 else "  –", palette.muted

    def _run_bytes(self) -> int:
        """Bytes of a run that a line has room for, on either side and as characters."""
        return max(4, min(_MOST_OF_A_RUN, (self.size.width - _RUN_HEAD - 12) // 8))

    def _run(self, scene: DiffScene, y: int) -> Iterator[tuple[str, Style]]:
        palette, room = self.palette, self._run_bytes()
        start, last = scene.diff.changed.starts[y], scene.diff.changed.lasts[y]
        count, end = last - start + 1, min(last + 1, start + room)
        yield f"{start:>14,} ", palette.heading
        yield f"{count:>6,}  ", palette.muted
        width = 3 * room + 2
        texts = []
        for side, style in ((scene.diff.before, palette.muted), (scene.diff.after, palette.changed)):
            data = side.state.memory[start:end].tobytes()
            text = data.hex(" ") + (" …" if count > room else "")
            yield text, style
            yield " " * (width - len(text)) + ("   " if side is scene.diff.before else " "), palette.base
            texts.append("".join(character(byte) for byte in data))
        if end - start <= room // 2:
            yield f" {texts[0]} → ", palette.faint
        yield f"{texts[1]}", palette.muted

    def _row(self, scene: DiffScene, start: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        end = min(start + self._columns, scene.cells)
        differs = scene.diff.changed.mask[start:end].tolist()
        kept = None if scene.rewritten is None else scene.rewritten.mask[start:end].tolist()
        yield f" {start:0{self._digits}x}".rjust(1 + self._digits), palette.heading if any(differs) else palette.faint
        for place, side in enumerate((scene.diff.before, scene.diff.after)):
            state = side.state
            for offset, value in enumerate(state.memory[start:end].tolist()):
                style = palette.base if value else palette.faint
                if differs[offset]:
                    style = palette.changed if place else palette.heading
                elif kept is not None and kept[offset]:
                    style = palette.ok
                if start + offset == state.head0:
                    style = style + palette.head0_fill
                elif start + offset == state.head1 and scene.uses_head1:
                    style = style + palette.head1_fill
                yield " ", palette.base
                yield f"{value:02x}", style
            missing = self._columns - (end - start)
            yield "   " * missing + (" " * _BETWEEN if place == 0 else ""), palette.base

    def next_change(self, direction: int) -> None:
        """Goes to the next or the previous run of changes, or, among all cells, to the next line that has one."""
        scene = self.scene
        if scene is None:
            return
        if scene.form is not DiffForm.ALL:
            self._go_to(self._beside(scene, direction))
            return
        top = self.scroll_offset.y * self._columns
        found = scene.rows.following(top + self._columns) if direction > 0 else scene.rows.preceding(top)
        if found is not None:
            self.scroll_to(y=found // self._columns, animate=False)

    def _beside(self, scene: DiffScene, direction: int) -> int:
        """The line of the next or the previous run of changes, else the last or the first line."""
        starts, rows = scene.diff.changed.starts, scene.rows
        if scene.form is DiffForm.RUNS or not len(rows):
            return self.cursor + direction
        cell = rows[min(self.cursor, len(rows) - 1)]
        found = starts.following(cell + 1) if direction > 0 else starts.preceding(cell)
        return rows.before(found) if found is not None else (len(rows) - 1 if direction > 0 else 0)

    def _go_to(self, line: int) -> None:
        self.cursor = max(0, min(line, self.line_count - 1))
        self.show_line(self.cursor)
        self.refresh()

    def action_move(self, lines: int) -> None:
        """Chooses another line; among all cells, scrolls."""
        if self.scene is None or self.scene.form is not DiffForm.ALL:
            self._go_to(self.cursor + lines)
        else:
            self.scroll_to(y=max(0, self.scroll_offset.y + lines), animate=False)

    def action_page(self, direction: int) -> None:
        """Moves by a page."""
        self.action_move(direction * self.page)

    def choose(self) -> None:
        """Asks when the cell of the chosen line changed; of a run, its first cell."""
        scene = self.scene
        if scene is None or not scene.lines or scene.form is DiffForm.ALL:
            return
        starts = scene.diff.changed.starts
        self.post_message(self.Chosen(starts[self.cursor] if scene.form is DiffForm.RUNS else scene.rows[self.cursor]))

    def on_click(self, event: Click) -> None:
        """Chooses a line; clicked twice, asks when its cell changed. Among all cells, the one under the mouse."""
        place, scene = self.line_at(event), self.scene
        if place is None or scene is None:
            return
        if scene.form is not DiffForm.ALL:
            self._go_to(place[1])
            if event.chain == 2:
                self.choose()
        elif event.chain == 2 and (cell := self._cell_at(*place)) is not None:
            self.post_message(self.Chosen(cell))

    def _cell_at(self, x: int, y: int) -> int | None:
        """The cell of either memory at a place among all cells."""
        left = 1 + self._digits
        for start in (left, self._after_at(self._columns)):
            column = (x - start) // 3
            cell = y * self._columns + column
            if 0 <= column < self._columns and cell < len(self.scene.diff.changed.mask if self.scene else ()):
                return cell
        return None
