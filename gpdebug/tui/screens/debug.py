"""The debug screen: a program, its memory and its run; it composes the views and forwards what is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.timer import Timer

from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.errors import DebuggerError
from gpdebug.debugger.moment import Moment, StopReason
from gpdebug.debugger.session import Session
from gpdebug.tui import present
from gpdebug.tui.arrangement import Needs, arrange
from gpdebug.tui.bridge import Bridge, CallFailed, Idle, MomentReached, Progressed, Runner
from gpdebug.tui.debug_keys import DEBUG_KEYS
from gpdebug.tui.player import FRAME
from gpdebug.tui.scene import ProgramScene
from gpdebug.tui.screens.asking import AskingScreen
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.command_line import CommandLine
from gpdebug.tui.widgets.io_bar import IoBar, IoScene
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.memory import MemoryScene, MemoryView
from gpdebug.tui.widgets.panels import NAMES, Panels
from gpdebug.tui.widgets.program_grid import ProgramGrid
from gpdebug.tui.widgets.program_listing import ProgramListing
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.timeline import Timeline, TimelineScene
from vm.dialect import Io
from vm.errors import VMError
from vm.program import Program

if TYPE_CHECKING:
    from gpdebug.store.population import Individual
    from gpdebug.store.task import Task
    from vm.profile import Profile


class DebugScreen(AskingScreen):
    """Looks at one run of one program."""

    DEFAULT_CSS = """
    DebugScreen #body { layout: vertical; height: 1fr; }
    DebugScreen #main { height: 1fr; }
    DebugScreen #views { height: 1fr; }
    DebugScreen #data { margin-left: 1; }
    DebugScreen #program-bar, DebugScreen #cell-bar { background: $background; }
    DebugScreen ProgramView, DebugScreen MemoryView { height: 1fr; }
    DebugScreen.-wide #body { layout: horizontal; }
    DebugScreen.-wide #main { width: 1fr; }
    DebugScreen.-wide Panels { margin-left: 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = DEBUG_KEYS

    title_line = getters.query_one(TitleLine)
    grid = getters.query_one(ProgramGrid)
    listing = getters.query_one(ProgramListing)
    io_bar = getters.query_one(IoBar)
    timeline = getters.query_one(Timeline)
    panels = getters.query_one(Panels)

    def __init__(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
        runner: Runner | None = None,
    ) -> None:
        """Opens a program.

        Args:
            program: what to debug.
            task: what it was evolved for; its cases can be chosen from.
            individual: what its run knows about it.
            case: which of the task's training cases to begin with.
            data: an input of one's own instead of a case.
            title: where it is from, parts separated by ` ▸ `.
            runner: where the session's calls run; None: in a thread.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        super().__init__()
        own = data is not None or task is None or not task.training
        self.subject = Subject(program, title, task, individual, None if own else case, data or b"")
        self.session = self._open(self.subject)
        self.bridge = Bridge(self, runner or (lambda work: self.run_worker(work, thread=True, group="session")))
        self.moment = self.session.moment
        self.profile: Profile | None = None
        self._as_listing: bool | None = None
        self._progress = ""
        self._player_timer: Timer | None = None

    def _open(self, subject: Subject) -> Session:
        return Session(subject.program, subject.data, wanted=subject.wanted)

    def compose(self) -> ComposeResult:
        """Program and memory side by side, below them what goes in and out, the run as a line, and the lists."""
        yield TitleLine(self.subject.crumbs)
        with Container(id="body"):
            with Vertical(id="main"):
                with Horizontal(id="views"):
                    with Vertical(id="code"):
                        yield Heading(id="program-heading")
                        yield ProgramGrid(id="grid")
                        yield ProgramListing(lambda instruction, partner: str(instruction), id="listing")
                        yield Bar(id="program-bar")
                    with Vertical(id="data"):
                        yield Heading(id="memory-heading")
                        yield MemoryView(id="memory")
                        yield Bar(id="cell-bar")
                yield IoBar()
                yield Timeline()
            yield Panels()
        yield CommandLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows where the session stands."""
        self._player_timer = self.set_interval(FRAME, self.play_frame, pause=True)
        self._arrange()
        self.show_moment(self.moment)
        self.view.focus()

    @property
    def view(self) -> ProgramView:
        """The program's view that is shown."""
        return self.listing if self.listing.display else self.grid

    @property
    def cursor(self) -> int:
        """The instruction under the cursor."""
        return self.view.cursor

    def on_resize(self, event: events.Resize) -> None:
        """Shares the room anew."""
        self._arrange()

    def _arrange(self) -> None:
        length = code_size(self.subject.program, self.moment.state)
        lines = self.size.height - 18
        listing = self._as_listing if self._as_listing is not None else length <= lines and self.size.width >= 100
        needs = Needs(
            length,
            self.subject.program.dialect.self_modifying,
            listing,
            self.session.settings.memory,
            self.memory.form,
        )
        plan = arrange(self.size.width, self.size.height, needs)
        self.set_class(plan.side > 0, "-wide")
        self.query_one("#code").styles.width = plan.program
        self.query_one("#data").styles.width = plan.memory
        self.panels.styles.width = plan.side or "100%"
        self.panels.styles.height = "1fr" if plan.side else plan.below
        self.panels.stack(plan.side > 0)
        if listing != self.listing.display or self.grid.display == listing:
            old, new = (self.grid, self.listing) if listing else (self.listing, self.grid)
            new.cursor = old.cursor
            had_focus = old.has_focus
            old.display, new.display = False, True
            if had_focus:
                new.focus()

    # what the session tells

    @on(MomentReached)
    def _reached(self, event: MomentReached) -> None:
        self.show_moment(event.moment)

    @on(CallFailed)
    def _call_failed(self, event: CallFailed) -> None:
        if not isinstance(event.error, DebuggerError | VMError):
            raise event.error
        self.notify(str(event.error), severity="warning", timeout=4)

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        self._progress = f"{event.label} · step {event.step:,} · Space pauses"
        self.show_status()

    @on(Idle)
    def _idle(self) -> None:
        self._progress = ""
        self.show_status()

    def show_moment(self, moment: Moment) -> None:
        """Shows another moment in all views."""
        self.moment = moment
        if moment.reason is not StopReason.STEP or moment.at_end:
            self.player.stop()
        self._show_program()
        self._show_memory()
        self._show_run()
        self.show_status()

    def _show_program(self) -> None:
        moment = self.moment
        scene = ProgramScene.of(
            self.subject.program,
            moment.state,
            marks=present.marks_of(self.session.stops),
            executions=None if self.profile is None else self.profile.executions,
            previous=moment.previous,
        )
        self.grid.show(scene)
        self.listing.show(scene)
        facts = present.program_facts(len(scene), self.profile)
        form = "listing" if self.listing.display else "grid"
        self.query_one("#program-heading", Heading).show(
            [Part(" program  ", "heading"), Part(facts, "muted")],
            [Part(form + " ", "muted", "screen.view", "grid or listing")],
        )

    def _show_memory(self) -> None:
        state, previous = self.moment.state, self.moment.previous
        own = self.subject.program.dialect.self_modifying
        self.memory.show(
            MemoryScene(
                state.memory,
                state.head0,
                state.head1 if self.subject.uses_head1 else None,
                None if previous is None else previous.memory,
                state.pc if own else None,
            )
        )
        self._show_cell()

    def _show_cell(self) -> None:
        self.query_one("#memory-heading", Heading).show(
            [Part(" memory  ", "heading"), Part(present.memory_facts(self.session.settings), "muted")],
            [
                present.heads_follow(self.memory.follows),
                Part(self.memory.form.label + " ", "muted", "screen.format", "hex, decimal, signed, characters"),
            ],
        )
        self.query_one("#cell-bar", Bar).show(
            present.cell_parts(self.memory.cursor, self.moment, self.subject.uses_head1, self.profile)
        )

    def _show_run(self) -> None:
        moment, subject = self.moment, self.subject
        streams = subject.program.dialect.io is Io.STREAMS
        self.io_bar.show(
            IoScene(
                subject.data,
                moment.state.input_pos if streams else None,
                subject.wanted,
                moment.output,
                moment.at_end,
            )
        )
        self.timeline.show(TimelineScene(moment.step, moment.seen_steps, moment.total_steps))
        stops = list(self.session.stops)
        self.panels.show("stops", present.stop_rows(stops, subject.program.dialect), str(len(stops) or ""))

    def show_status(self) -> None:
        """Shows what goes on in the title line, and plays or pauses."""
        if self._player_timer is not None:
            (self._player_timer.resume if self.player.playing else self._player_timer.pause)()
        facts = []
        if self.count:
            facts.append(f"{self.count:,} ×")
        if self.subject.case_words:
            facts.append(self.subject.case_words)
        error = self.subject.error(self.moment)
        if error is not None:
            facts.append(f"error {error:,}")
        if self._progress:
            facts.append(self._progress)
        elif self.player.playing:
            facts += [f"playing at {self.player.words}", present.step_words(self.moment)]
        else:
            facts += [present.state_words(self.moment), present.step_words(self.moment)]
        self.title_line.show(self.subject.crumbs, facts)

    # what the user asks

    def on_key(self, event: events.Key) -> None:
        """Takes digits as a count for the next key."""
        if event.character is not None and event.character.isdecimal() and (self.count or event.character != "0"):
            event.stop()
            self.type_digit(int(event.character))

    def _edit(self, change: Callable[[], object]) -> None:
        """Changes the stops; refused while the program runs."""
        if self.bridge.busy:
            self.notify("the program is running; Space pauses it", severity="warning", timeout=3)
            return
        try:
            change()
        except (DebuggerError, VMError) as error:
            self.notify(str(error), severity="error", timeout=4)
        self.show_moment(self.moment)

    def action_breakpoint(self) -> None:
        """Sets or removes a breakpoint at the cursor."""
        self._edit(lambda: self.session.stops.toggle(self.cursor))

    @on(ProgramView.BreakpointClicked)
    def _breakpoint_clicked(self, event: ProgramView.BreakpointClicked) -> None:
        self._edit(lambda: self.session.stops.toggle(event.index))

    @on(ProgramView.CursorMoved)
    def _cursor_moved(self, event: ProgramView.CursorMoved) -> None:
        other = self.grid if self.listing.display else self.listing
        other.cursor = event.index

    @on(MemoryView.CursorMoved)
    def _cell_moved(self) -> None:
        self._show_cell()

    @on(Timeline.Sought)
    def _sought(self, event: Timeline.Sought) -> None:
        self.action_seek(event.step)

    def action_view(self) -> None:
        """Shows the program as a grid or as a listing."""
        self._as_listing = not self.listing.display
        self._arrange()
        self._show_program()

    def action_format(self) -> None:
        """Writes memory in the next format."""
        self.memory.set_format(self.memory.form.next)
        self._arrange()
        self._show_cell()

    def action_show_instruction(self, index: int) -> None:
        """Puts the cursor on an instruction."""
        self.view.move_cursor(index)
        self.view.focus()

    def action_panel(self, name: str) -> None:
        """Brings a list to the front and gives it the keys."""
        self.panels.activate(name)
        self.panels.rows(name).focus()

    def action_next_panel(self) -> None:
        """The next list."""
        self.action_panel(NAMES[(NAMES.index(self.panels.active) + 1) % len(NAMES)])

    def action_escape(self) -> None:
        """Stops what runs, else forgets a typed count, else leaves the screen."""
        if self.player.playing or self.bridge.busy:
            self.player.stop()
            self.bridge.interrupt()
        elif self.count:
            self.count = 0
        elif len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        self.show_status()
