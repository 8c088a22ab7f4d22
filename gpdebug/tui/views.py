"""All views of the debug screen together: where they are, and what they show of a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from gpdebug.debugger.activity import Activity
from gpdebug.debugger.bookmarks import Bookmark
from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.branches import Branch
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Moment
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.stops import UserStop
from gpdebug.debugger.watches import Reading
from gpdebug.tui import branch_lines, present, stop_words
from gpdebug.tui.arrangement import GAP, Form, Needs, arrange, form_for
from gpdebug.tui.cell_words import cell_parts
from gpdebug.tui.counts import LastAccesses
from gpdebug.tui.foreseen import StopHits
from gpdebug.tui.scene import ProgramScene
from gpdebug.tui.screens.jump import Target, target_on
from gpdebug.tui.shading import Shading
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.io_bar import IoBar, IoScene
from gpdebug.tui.widgets.line_view import LineView
from gpdebug.tui.widgets.memory import MemoryScene, MemoryView
from gpdebug.tui.widgets.memory_layout import Format
from gpdebug.tui.widgets.panels import Panels
from gpdebug.tui.widgets.program_grid import ProgramGrid
from gpdebug.tui.widgets.program_listing import ProgramListing
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.timeline import Timeline, TimelineScene
from vm.dialect import Io
from vm.settings import Settings

if TYPE_CHECKING:
    from vm.profile import Profile


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Everything that the views show.

    Attributes:
        subject: the program and what it runs on.
        settings: of its machine.
        moment: where the session stands.
        stops, snapshots, branches, bookmarks: what the user keeps.
        readings: what the watches show.
        hits: how often each stop was hit.
        since: what changes are measured from.
        line: the run as a line.
        profile: counts of the run up to about now, or None.
        next_parts: the next instruction in words.
        loops: those around pc as far as they were counted, the innermost first.
        accesses: the last ones of a cell, where they are not counted for all.
    """

    subject: Subject
    settings: Settings
    moment: Moment
    stops: tuple[UserStop, ...]
    snapshots: tuple[Snapshot, ...]
    branches: tuple[Branch, ...]
    bookmarks: tuple[Bookmark, ...]
    readings: tuple[Reading, ...]
    hits: StopHits
    since: present.Since
    line: TimelineScene
    profile: Profile | None
    next_parts: Sequence[Part]
    loops: tuple[LoopPass, ...] = ()
    accesses: LastAccesses | None = None


class DebugViews(Container):
    """Program and memory side by side; below them the next step, what goes in and out, and the run; the lists."""

    DEFAULT_CSS = """
    DebugViews { layout: vertical; height: 1fr; }
    DebugViews #main, DebugViews #views { height: 1fr; }
    DebugViews #data { margin-left: 1; }
    DebugViews ProgramView, DebugViews MemoryView { height: 1fr; }
    DebugViews.-wide { layout: horizontal; }
    DebugViews.-wide #main { width: 1fr; }
    DebugViews.-wide Panels { margin-left: 1; }
    """

    grid = getters.query_one(ProgramGrid)
    listing = getters.query_one(ProgramListing)
    memory = getters.query_one(MemoryView)
    io_bar = getters.query_one(IoBar)
    timeline = getters.query_one(Timeline)
    panels = getters.query_one(Panels)

    def __init__(
        self, form: Form | None = None, memory_form: Format = Format.HEX, shading: Shading = Shading.HEAT
    ) -> None:
        """Makes the views.

        Args:
            form: how the program is shown at first; None: as there is room.
            memory_form: the format of the memory at first.
            shading: what backgrounds tell at first.
        """
        super().__init__()
        self._memory_form, self.shading = memory_form, shading
        self.scan_levels: dict[Shading, NDArray[np.uint8]] = {}
        self._look: Look | None = None
        self._chosen = form
        self.form = Form.GRID
        self._program_width = self._memory_width = self._main_width = self._lists_width = 0

    def compose(self) -> ComposeResult:
        """The views."""
        with Vertical(id="main"):
            with Horizontal(id="views"):
                with Vertical(id="code"):
                    yield Heading(id="program-heading")
                    yield ProgramGrid(id="grid")
                    yield ProgramListing(id="listing")
                with Vertical(id="data"):
                    yield Heading(id="memory-heading")
                    yield MemoryView(self._memory_form, id="memory")
                    yield Bar(id="cell")
            yield Bar(id="next")
            yield IoBar()
            yield Timeline()
        yield Panels()

    def on_mount(self) -> None:
        """Keeps the cursors of grid and listing together, and the line about the cell under the cursor up to date."""
        self.watch(self.grid, "cursor", self._cursor_moved, init=False)
        self.watch(self.listing, "cursor", self._cursor_moved, init=False)
        self.watch(self.memory, "cursor", self._cell_moved, init=False)

    @property
    def program(self) -> ProgramView:
        """The program's view that has the cursor."""
        return self.listing if self.listing.has_focus or not self.form.has_grid else self.grid

    def show(self, look: Look) -> None:
        """Shows a moment."""
        first, self._look = self._look is None, look
        if first:
            self.share_room()
        self._show_program(look)
        self._show_memory(look)
        self._show_run(look)
        subject = look.subject
        self._show_stops(look)
        names = " ".join(snapshot.name for snapshot in look.snapshots[-8:])
        self.panels.show("snapshots", present.snapshot_rows(look.snapshots, look.moment, subject.data), names)
        branches = branch_lines.branch_rows(look.branches)
        self.panels.show("branches", branches, str(len(branches) or ""))
        self.panels.show("watches", present.watch_rows(look.readings), str(len(look.readings) or ""))
        bookmarks = present.bookmark_rows(look.bookmarks, look.moment)
        self.panels.show("bookmarks", bookmarks, str(len(bookmarks) or ""))

    def show_foreseen(self, hits: StopHits, stop_steps: tuple[int, ...]) -> None:
        """Shows what was found about the stops, and nothing else anew."""
        if self._look is not None:
            self._look = look = replace(self._look, hits=hits, line=replace(self._look.line, stop_steps=stop_steps))
            self._show_stops(look)
            self.timeline.show(look.line)

    def show_activity(self, activity: Activity) -> None:
        """Shows how much happens along the run, and nothing else anew."""
        if self._look is not None:
            self._look = look = replace(self._look, line=replace(self._look.line, activity=activity))
            self.timeline.show(look.line)

    def next_form(self) -> None:
        """Shows the program as a grid, a listing, or both."""
        forms = list(Form)
        self._chosen = forms[(forms.index(self.form) + 1) % len(forms)]
        self.share_room()

    def next_format(self) -> None:
        """Writes memory in the next format, in the room that it has."""
        self.memory.set_format(self.memory.form.next)
        if self._look is not None:
            self._show_cell(self._look)

    def next_shading(self) -> None:
        """Has the background of program and memory tell something else, or nothing."""
        self.shading = self.shading.next
        self.show_shading()

    def show_shading(self) -> None:
        """Draws the backgrounds anew."""
        if self._look is not None:
            self._show_program(self._look)
            self._show_memory(self._look)

    def jump_targets(self, show_list: Callable[[str], object]) -> list[Target]:
        """What one can jump to: the views, and the lists or their tabs.

        Args:
            show_list: brings a list to the front.
        """
        views: list[tuple[str, LineView]] = [("program", self.grid), ("listing", self.listing), ("memory", self.memory)]
        targets = [target_on(view, name) for name, view in views if view.display]
        for name in self.panels.names:
            place = self.panels.place_of(name)
            if place is not None:
                targets.append(Target(name, *place, partial(show_list, name), width=1))
        return targets

    def share_room(self) -> None:
        """Shares the room of the screen."""
        look, size = self._look, self.screen.size
        if look is None:
            return
        program = look.subject.program
        length = code_size(program, look.moment.state)
        needs = Needs(length, program.dialect.self_modifying, look.settings.memory, self.memory.form)
        self.form = self._chosen or form_for(size.width, size.height, needs)
        plan = arrange(size.width, size.height, needs, self.form)
        self.set_class(plan.side > 0, "-wide")
        self.query_one("#code").styles.width = self._program_width = plan.program
        self.query_one("#data").styles.width = self._memory_width = plan.memory
        self._lists_width = plan.side or size.width
        self._main_width = size.width - (plan.side + GAP if plan.side else 0)
        self.panels.styles.width = plan.side or "100%"
        self.panels.styles.height = "1fr" if plan.side else plan.below
        self.panels.stack(plan.side > 0)
        self.grid.styles.height = plan.grid_lines if self.form is Form.BOTH else "1fr"
        had_focus = self.grid.has_focus or self.listing.has_focus
        self.grid.display, self.listing.display = self.form.has_grid, self.form.has_listing
        if had_focus and not (self.screen.focused is not None and self.screen.focused.display):
            self.program.focus()
        self._show_program(look)
        self._show_cell(look)
        self._show_next(look)
        self._show_stops(look)

    def show_focus(self) -> None:
        """Brightens the heading of what has the keys."""
        code = self.grid.has_focus or self.listing.has_focus
        self.query_one("#program-heading").set_class(code, "-active")
        self.query_one("#memory-heading").set_class(self.memory.has_focus, "-active")

    def _cursor_moved(self, index: int) -> None:
        for view in (self.grid, self.listing):
            if view.cursor != index:
                view.follow_cursor(index)

    def _cell_moved(self) -> None:
        if self._look is not None:
            self._show_cell(self._look)

    def _show_program(self, look: Look) -> None:
        moment, profile = look.moment, look.profile
        scene = ProgramScene.of(
            look.subject.program,
            moment.state,
            marks=stop_words.marks_of(look.stops),
            executions=None if profile is None else profile.executions,
            shading=self.shading,
            loops={loop.open: loop.words for loop in look.loops},
            previous=look.since.state,
            scan=self.scan_levels.get(self.shading),
        )
        for view in (self.grid, self.listing):
            if view.display:
                view.show(scene)
        width = self._program_width
        is_missing = self.shading.is_scan and self.shading not in self.scan_levels
        shading = self.shading.value + (" …" if is_missing else "")
        heading = present.program_heading(len(scene), profile, self.form.value, shading, width)
        self.query_one("#program-heading", Heading).show(*heading)

    def _show_memory(self, look: Look) -> None:
        state, since = look.moment.state, look.since.state
        own = look.subject.program.dialect.self_modifying
        head1 = state.head1 if look.subject.uses_head1 else None
        before = None if since is None else since.memory
        watched = stop_words.watched_cells(look.stops, state)
        scene = MemoryScene(state.memory, state.head0, head1, before, state.pc if own else None, watched)
        if look.profile is not None:
            scene = scene.shaded(self.shading, look.profile.reads, look.profile.writes)
        self.memory.show(scene)
        self._show_cell(look)

    def _show_cell(self, look: Look) -> None:
        memory = self.memory
        heading = present.memory_heading(look.settings, memory.follows, memory.form, look.since, self._memory_width)
        self.query_one("#memory-heading", Heading).show(*heading)
        watchers = stop_words.watcher_parts(look.stops, memory.cursor, look.moment.state)
        parts = cell_parts(
            memory.cursor,
            memory.form,
            look.moment,
            look.since.state,
            look.subject.uses_head1,
            look.profile,
            look.accesses,
            self._memory_width - sum(len(part.text) for part in watchers),
        )
        self.query_one("#cell", Bar).show([*watchers, *parts])

    def _show_stops(self, look: Look) -> None:
        rows = stop_words.stop_rows(look.stops, look.subject.program.dialect, look.hits, self._lists_width)
        self.panels.show("stops", rows, str(len(look.stops) or ""))

    def _show_next(self, look: Look) -> None:
        """What comes next; if there is room, what the stops that fired saw before, and the passes of loops."""
        room = self._main_width - sum(len(part.text) for part in look.next_parts)
        sights = stop_words.sight_parts(look.moment, room)
        loops = present.loop_parts(look.loops, room - sum(len(part.text) for part in sights))
        self.query_one("#next", Bar).show(look.next_parts, [*sights, *loops])

    def _show_run(self, look: Look) -> None:
        moment, subject = look.moment, look.subject
        io = subject.program.dialect.io
        self._show_next(look)
        self.io_bar.display = io is not Io.TAPE
        taken = moment.state.input_pos if io is Io.STREAMS else None
        self.io_bar.show(IoScene(subject.data, taken, subject.wanted, moment.output, moment.at_end))
        self.timeline.show(look.line)
