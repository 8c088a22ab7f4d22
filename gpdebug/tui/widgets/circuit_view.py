"""The view of a circuit: it scrolls both ways, arrows go from node to node, the mouse chooses, opens and drags."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gpdebug.tui.circuit_scene import CircuitScene
from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.themes import Palette, palette_of

_ROLES = {
    "mark": "key",
    "steps": "muted",
    "added": "changed",
    "hidden": "faint",
    "weight": "muted",
    "value line": "muted",
    "control line": "faint",
    "address line": "faint",
    "code line": "faint",
    "skip line": "faint",
}
"""Styles of the palette for what is drawn; anything else is plain text."""


class CircuitView(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws a circuit."""

    DEFAULT_CSS = "CircuitView { background: $background; scrollbar-size: 1 1; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "walk(0, -1)", "up", id="circuit.up", group=MOVE, show=False, tip="the nearest node above"),
        bind("down", "walk(0, 1)", "down", id="circuit.down", group=MOVE, show=False, tip="the nearest node below"),
        bind("left,h", "walk(-1, 0)", "left", id="circuit.left", group=MOVE, show=False, tip="the node to the left"),
        bind("right,l", "walk(1, 0)", "right", id="circuit.right", group=MOVE, show=False,
             tip="the node to the right"),
        bind("pageup", "page_up", "page up", id="circuit.page_up", group=MOVE, show=False),
        bind("pagedown", "page_down", "page down", id="circuit.page_down", group=MOVE, show=False),
        bind("home", "edge(0)", "first node", id="circuit.first", group=MOVE, show=False),
        bind("end", "edge(-1)", "what is explained", id="circuit.last", group=MOVE, show=False),
        bind("ctrl+left,shift+left", "pan(-8)", "pan left", id="circuit.pan_left", group=MOVE, show=False),
        bind("ctrl+right,shift+right", "pan(8)", "pan right", id="circuit.pan_right", group=MOVE, show=False),
    ]  # fmt: skip

    selected: var[int | None] = var(None)
    """The chosen node."""

    class Chosen(Message):
        """A node was opened with a double click."""

    class Moved(Message):
        """Another node is the chosen one."""

        def can_replace(self, message: Message) -> bool:
            """Only the last of several matters."""
            return isinstance(message, type(self))

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: CircuitScene | None = None
        self.empty = ""
        self._strips: dict[int, Strip] = {}
        self._drawn_with: object = None
        self._dragged: tuple[int, int] | None = None

    def show(self, scene: CircuitScene | None, selected: int | None = None) -> None:
        """Draws another circuit; None: nothing but what `empty` says.

        Args:
            scene: the circuit.
            selected: the node to choose; None: what is explained.
        """
        self.scene = scene
        self._strips.clear()
        self.virtual_size = Size(0, 0) if scene is None else Size(scene.layout.width, scene.layout.height)
        chosen = None if scene is None else scene.circuit.criterion if selected is None else selected
        if chosen == self.selected:
            self.refresh()
        self.selected = chosen
        self.call_after_refresh(self._reveal)

    def watch_selected(self) -> None:
        """Shows the chosen node, and tells."""
        self._strips.clear()
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        if self.scene is not None and self.selected is not None:
            box = self.scene.box(self.selected)
            self.scroll_to_region(Region(box.x, box.y, box.width, 1), animate=False, force=True, spacing=None)

    def action_walk(self, dx: int, dy: int) -> None:
        """Chooses the nearest node in a direction."""
        if self.scene is not None and self.selected is not None:
            self.selected = self.scene.towards(self.selected, dx, dy)

    def action_edge(self, number: int) -> None:
        """Chooses the first node or the last."""
        if self.scene is not None:
            self.selected = number % len(self.scene.circuit.nodes)

    def action_pan(self, columns: int) -> None:
        """Shows what is further left or right."""
        self.scroll_relative(x=columns, animate=False)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Chooses the node under the mouse, or begins to drag."""
        self._dragged = (event.screen_x, event.screen_y)
        self.capture_mouse()
        node = self._node_at(event)
        if node is not None:
            self.selected = node

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drags what is shown."""
        if self._dragged is not None:
            dx, dy = self._dragged[0] - event.screen_x, self._dragged[1] - event.screen_y
            self._dragged = (event.screen_x, event.screen_y)
            self.scroll_relative(x=dx, y=dy, animate=False)

    def on_mouse_up(self) -> None:
        """Drags no longer."""
        self._dragged = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Opens the node that was clicked twice."""
        if event.chain == 2 and self._node_at(event) is not None:
            self.post_message(self.Chosen())

    def _node_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if self.scene is None or offset is None:
            return None
        return self.scene.layout.node_at(offset.x + self.scroll_offset.x, offset.y + self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """Draws a line of the screen."""
        palette = palette_of(self.app)
        if self._drawn_with != (id(palette), self.has_focus):
            self._strips.clear()
            self._drawn_with = (id(palette), self.has_focus)
        width, left = self.size.width, self.scroll_offset.x
        if self.scene is None:
            text = f"  {self.empty}" if y == 1 else ""
            return Strip([Segment(text, palette.muted)]).adjust_cell_length(width).apply_style(palette.base)
        line = y + self.scroll_offset.y
        if line not in self._strips:
            self._strips[line] = self._strip(self.scene, line, palette)
        return self._strips[line].crop_extend(left, left + width, palette.base).apply_style(palette.base)

    def _strip(self, scene: CircuitScene, line: int, palette: Palette) -> Strip:
        if line >= len(scene.lines):
            return Strip([])
        around = scene.beside.get(-1 if self.selected is None else self.selected, frozenset())
        here = palette.cursor if self.has_focus else palette.cursor_blurred
        segments = []
        for span in scene.lines[line]:
            style: Style = getattr(palette, _ROLES.get(span.role.value, ""), Style())
            if span.node is not None and span.node == self.selected:
                style += here
            elif span.node in around:
                style += Style(bold=True)
            segments.append(Segment(span.text, style))
        return Strip(segments)
