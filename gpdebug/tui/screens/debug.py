"""The debug screen: a program, its memory and its run; it composes the views and forwards what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from gpdebug.debugger.commands import CommandLine as Commands
from gpdebug.debugger.errors import CommandError, DebuggerError
from gpdebug.debugger.moment import MachineType, Moment, StopReason
from gpdebug.debugger.others import Others
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from gpdebug.tui import branch_lines, present, stop_words
from gpdebug.tui.arrangement import Form
from gpdebug.tui.bridge import Bridge, CallFailed, Idle, MomentReached, Progressed, Runner
from gpdebug.tui.counts import Counts, Surveyed
from gpdebug.tui.debug_keys import DEBUG_KEYS
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.player import FRAME
from gpdebug.tui.screens.asking import COMMAND, Replied
from gpdebug.tui.screens.case import CaseScreen
from gpdebug.tui.screens.explaining import ExplainingScreen
from gpdebug.tui.screens.help import Section
from gpdebug.tui.screens.jump import Target
from gpdebug.tui.settings import Preferences
from gpdebug.tui.shading import Shading
from gpdebug.tui.subject import Subject
from gpdebug.tui.views import DebugViews, Look
from gpdebug.tui.widgets.command_line import CommandLine
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.memory_layout import Format
from gpdebug.tui.widgets.panels import NAMES
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.rows import Row
from gpdebug.tui.widgets.timeline import Timeline
from vm.errors import ConditionError, VMError
from vm.program import Program

if TYPE_CHECKING:
    from gpdebug.store.individuals import Individuals
    from gpdebug.store.population import Individual
    from gpdebug.store.task import Task

LOG_LINES = 1000


class DebugScreen(ExplainingScreen):
    """Looks at one run of one program."""

    DEFAULT_CSS = "DebugScreen { layers: default command; }"
    BINDINGS: ClassVar[list[BindingType]] = DEBUG_KEYS

    title_line = getters.query_one(TitleLine)

    def __init__(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
        name: str | None = None,
        fresh: bool = False,
        individuals: Individuals | None = None,
        preferences: Preferences | None = None,
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
            name: what its session is saved under; None: exactly this program.
            fresh: begin without what is saved.
            individuals: the others of its run, to compare with.
            preferences: how things are shown at first; None: the defaults.
            runner: where the session's calls run; None: in a thread.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        super().__init__()
        own = data is not None or task is None or not task.training
        self.runner = runner
        self.bridge = Bridge(self, runner or (lambda work: self.run_worker(work, thread=True, group="session")))
        self._preferences = preferences or Preferences()
        self._machine: MachineType | None = None
        self._progress = ""
        self._log_rows: list[Row] = []
        self._player_timer: Timer | None = None
        self.session_file = SessionFile(program, name=name, fresh=fresh)
        subject = Subject(program, title, task, individual, None if own else case, data or b"", individuals)
        last = self.session_file.last_input if data is None and task is None else None
        try:
            self._open(subject if last is None else subject.on_input(last))
        except VMError:
            if last is None:
                raise
            self._open(subject)
        self.session_file.restore_lists(self.session)
        self._saved_version = self.session_file.version(self.session)

    def _open(self, subject: Subject, before: Session | None = None) -> None:
        """Begins a session; stops and snapshots of the one before are kept."""
        session = Session(subject.program, subject.data, wanted=subject.wanted)
        if self._machine is not None:
            session.use(self._machine)
        session.others = Others(session.machine_type, subject.task, subject.individual, subject.individuals)
        if before is not None:
            session.stops.adopt(before.stops)
            for snapshot in before.snapshots:
                session.snapshots.add(snapshot)
            for watch in before.watches:
                session.watches.adopt(watch)
        self.subject, self.session, self.moment = subject, session, session.moment
        self.commands = Commands(session)
        self.counts = Counts(session, ready=self._machine is not None)
        self.forget_counts()
        self.session_file.begin(session)

    def compose(self) -> ComposeResult:
        """A title, the views, a line to type into, the keys."""
        yield TitleLine(self.subject.crumbs)
        wanted = self._preferences
        form = None if wanted.program is None else Form(wanted.program)
        memory = next(each for each in Format if each.label == wanted.memory)
        yield DebugViews(form, memory, Shading(wanted.shading))
        yield CommandLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows where the session stands."""
        self._player_timer = self.set_interval(FRAME, self.play_frame, pause=True)
        self.show_moment(self.moment)
        self.view.focus()
        self.watch(self.app, "machine_type", self.use_machine)
        self.watch(self.views.memory, "cursor", self._cell_chosen, init=False)
        self.restore_session()

    def on_resize(self, event: events.Resize) -> None:
        """Shares the room anew."""
        self.views.share_room()

    @property
    def view(self) -> ProgramView:
        """The program's view that has the cursor."""
        return self.views.program

    @property
    def cursor(self) -> int:
        """The instruction under the cursor."""
        return self.view.cursor

    # what the session tells

    def use_machine(self, machine: MachineType | None) -> None:
        """Goes on with the compiled machine, once it is there."""
        if machine is None or machine is self._machine:
            return
        self._machine = machine
        self.counts.ready = True
        session = self.session
        self.bridge.ask("load", lambda interrupt, report: session.use(machine))
        self.restore_session()
        self.survey()

    @on(MomentReached)
    def _reached(self, event: MomentReached) -> None:
        survey = event.survey
        if isinstance(survey, Surveyed) and survey.counts is self.counts:
            self.learn(survey)
        self.show_moment(event.moment)

    @on(Replied)
    def _replied(self, event: Replied) -> None:
        self.say(event.reply.lines)
        if event.reply.lines:
            self.views.panels.activate("log")
        self.command_line.close()
        self.show_moment(event.reply.moment)

    @on(CallFailed)
    def _call_failed(self, event: CallFailed) -> None:
        error = event.error
        if not isinstance(error, DebuggerError | VMError):
            raise error
        if self.command_line.display and self.command_line.prompt is COMMAND:
            column = error.column if isinstance(error, CommandError | ConditionError) else None
            self.command_line.fail(str(error), column)
            return
        self.player.stop()
        self.notify(str(error), severity="warning", timeout=4, markup=False)
        self.show_status()

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        if not self.player.playing:
            self._progress = with_keys(self, f"{event.label} · step {event.step:,} · {{debug.play}} pauses")
            self.show_status()

    @on(Idle)
    def _idle(self, event: Idle) -> None:
        self.bridge.heard(event)
        if self._progress:
            self._progress = ""
            self.show_status()

    def _cell_chosen(self) -> None:
        """Asks about the cell under the cursor, where accesses are not counted for all cells."""
        if not self.counts.covers_memory:
            self.survey()

    def show_moment(self, moment: Moment) -> None:
        """Shows another moment in all views."""
        moved = moment is not self.moment
        is_elsewhere = moment.branch != self.moment.branch
        self.moment = moment
        if is_elsewhere and not self.is_surveyed:
            self.profile = None
        if moment.reason is not StopReason.STEP or moment.at_end:
            self.player.stop()
        if moved:
            self.say([f"{line.step:,}  {line.text}" for line in moment.logged])
            self.say(stop_words.firing_lines(moment), "breakpoint")
        self._progress = ""
        self.show_kept()
        self.show_status()
        self.survey()

    def show_kept(self) -> None:
        """Shows the moment and what is kept."""
        session, moment, since = self.session, self.moment, self.since
        subject, snapshots, bookmarks = self.subject.at(moment), tuple(session.snapshots), tuple(session.bookmarks)
        look = Look(
            subject,
            session.settings,
            moment,
            stops=tuple(session.stops),
            snapshots=snapshots,
            branches=tuple(session.branches),
            bookmarks=bookmarks,
            readings=session.readings(moment, since.state),
            since=since,
            hits=self.hits,
            line=branch_lines.timeline_scene(
                moment,
                session.branches,
                snapshots=snapshots,
                bookmarks=bookmarks,
                mark=session.mark,
                stop_steps=self.stop_steps,
                activity=self.activity,
            ),
            profile=self.profile,
            next_parts=present.next_parts(subject, session.settings, moment),
            loops=self.loops if self.is_surveyed else (),
            accesses=self.accesses if self.is_surveyed else None,
        )
        self.views.show(look)
        self.keep_session()

    def show_status(self) -> None:
        """Shows what goes on in the title line, and plays or pauses."""
        if self._player_timer is not None:
            (self._player_timer.resume if self.player.playing else self._player_timer.pause)()
        count = f"{self.count:,} ×" if self.count else ""
        running = self._progress
        if self.player.playing:
            running = f"playing at {self.player.words} · {present.step_words(self.moment)}"
        subject, branches = self.subject.at(self.moment), self.session.branches
        branch = branches[self.moment.branch].title if len(branches) > 1 else ""
        self.title_line.show(subject.crumbs, present.title_facts(subject, self.moment, count, branch, running))

    def say(self, lines: Sequence[str], style: str = "base") -> None:
        """Writes lines to the log."""
        if lines:
            width = self.views.panels.size.width - 3
            wrapped = [part for line in lines for part in present.wrapped(line, width)]
            self._log_rows = [*self._log_rows, *(Row("", ((line, style),)) for line in wrapped)][-LOG_LINES:]
            self.views.panels.show("log", self._log_rows, str(len(self._log_rows)), follow=True)

    # what the user asks

    def on_key(self, event: events.Key) -> None:
        """Takes digits as a count for the next key."""
        if event.character is not None and event.character.isdecimal() and (self.count or event.character != "0"):
            event.stop()
            self.type_digit(int(event.character))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Brightens the heading of what has the keys."""
        self.views.show_focus()

    @on(Timeline.Sought)
    def _sought(self, event: Timeline.Sought) -> None:
        self.action_seek(event.step)

    def action_view(self) -> None:
        """Shows the program as a grid, a listing, or both."""
        self.views.next_form()

    def action_format(self) -> None:
        """Writes memory in the next format."""
        self.views.next_format()

    def action_case(self) -> None:
        """Asks for another case or input."""
        self.app.push_screen(CaseScreen(self.subject), self.take_subject)

    def take_subject(self, subject: Subject | None) -> None:
        """Runs the program on something else; stops and snapshots stay."""
        if subject is None:
            return
        self._leave_play()
        self.leave_session()
        try:
            self._open(subject, self.session)
        except VMError as error:
            self.notify(str(error), severity="error", timeout=6, markup=False)
            return
        self.show_moment(self.moment)
        self.begin_run()

    def action_show_instruction(self, index: int) -> None:
        """Puts the cursor on an instruction."""
        self.view.move_cursor(index)
        self.view.focus()

    def action_panel(self, name: str) -> None:
        """Brings a list to the front and gives it the keys."""
        self.views.panels.activate(name)
        self.views.panels.rows(name).focus()

    def action_next_panel(self) -> None:
        """The next list."""
        self.action_panel(NAMES[(NAMES.index(self.views.panels.active) + 1) % len(NAMES)])

    async def action_escape(self) -> None:
        """Stops what runs, else forgets a typed count, else leaves the screen."""
        if self.player.playing or self.bridge.busy:
            self.bridge.interrupt()
            self._leave_play()
        elif self.count:
            self.count = 0
        elif not self.stop_scan():
            await self.run_action("app.leave")
            return
        self.show_status()

    def jump_targets(self) -> Sequence[Target]:
        """What one can jump to."""
        return self.views.jump_targets(self.action_panel)

    def help_sections(self) -> Sequence[Section]:
        """The command words, for the help."""
        return present.help_sections()
