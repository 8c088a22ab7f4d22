"""What a session can be asked at the moment where it stands: values, words, snapshots, diffs. Nothing here moves it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger import stepping, words
from gpdebug.debugger.activity import Activity, ActivitySurvey
from gpdebug.debugger.ahead import Effect, effect_of
from gpdebug.debugger.bookmarks import Bookmark, BookmarkList, Mark
from gpdebug.debugger.brackets import code_size, partner, primitive_at
from gpdebug.debugger.branches import Branches
from gpdebug.debugger.edits import Situation
from gpdebug.debugger.errors import BookmarkError
from gpdebug.debugger.firings import Firing
from gpdebug.debugger.foresight import Foresight
from gpdebug.debugger.history import History, Visit
from gpdebug.debugger.loops import PATIENCE, LoopPass, Loops
from gpdebug.debugger.moment import Interrupt, LogLine, MachineType, Moment, ProgressCallback, StopReason
from gpdebug.debugger.snapshots import NOW, SnapshotList
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stops import UserStop
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from gpdebug.debugger.trail import Trail
from gpdebug.debugger.travel import Traveller
from gpdebug.debugger.watches import Picture, Reading, WatchList
from gpdebug.explain.meanings import meaning
from vm.conditions import parse
from vm.dialect import Primitive
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings
from vm.state import State, Status, output_of

DEFAULT_CHECKPOINT_BYTES = 256_000_000


class Inspector:
    """One run of one program, and where the user stands in it: the part of a session that only looks.

    Attributes:
        settings: of the machine; fixed.
        stops: the user's stops.
        branches: the run, and those that edits forked from it.
        snapshots: the user's snapshots.
        watches: the expressions that are shown at every stop.
        bookmarks: the user's bookmarks.
        machine_type: what runs it.
        mark: the moment from which changes are measured, or None.
        history: the moments the user looked at.
    """

    def __init__(
        self,
        program: Program,
        data: bytes = b"",
        settings: Settings | None = None,
        *,
        wanted: bytes | None = None,
        machine: MachineType = ReferenceMachine,
        checkpoint_bytes: int = DEFAULT_CHECKPOINT_BYTES,
    ) -> None:
        """Loads a program and its input, and stands at step 0.

        Args:
            program: what to debug.
            data: its input.
            settings: of the machine; None: those of the dialect.
            wanted: the right output, for front ends to compare with.
            machine: what runs it; the reference machine needs no compiled code.
            checkpoint_bytes: how much the timeline may keep beside the machine.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        self.settings = program.dialect.settings if settings is None else settings
        self._wanted = (data, wanted)
        self.machine_type = machine
        timeline = Timeline(machine, program, data, self.settings, checkpoint_bytes)
        state = timeline.state()
        self.stops = StopList(program, code_size(program, state), self.settings.memory)
        self.branches = Branches(timeline, self.stops, self._take_at)
        self.snapshots = SnapshotList()
        self.watches = WatchList()
        self.bookmarks = BookmarkList()
        self.mark: Mark | None = None
        self.history = History()
        self._loops = Loops()
        self._foresight: tuple[int, Foresight] | None = None
        self._activity: ActivitySurvey | None = None
        self._is_fresh = False
        self._moment = self._look(state, StopReason.START)

    @property
    def moment(self) -> Moment:
        """Where the session stands."""
        return self._moment

    @property
    def program(self) -> Program:
        """What is run at this step; on a branch, the user may have edited it."""
        return self._moment.program

    @property
    def data(self) -> bytes:
        """The input as of this step; on a branch, the user may have edited it."""
        return self._moment.data

    @property
    def situation(self) -> Situation:
        """All that decides how the run goes on from here."""
        return Situation(self.program, self.data, self.settings, self._moment.state)

    @property
    def wanted(self) -> bytes | None:
        """The output that is wanted; None if that is not known, as of an input that was edited."""
        data, wanted = self._wanted
        return wanted if self.data == data else None

    @property
    def _timeline(self) -> Timeline:
        return self.branches.current.timeline

    @property
    def _traveller(self) -> Traveller:
        return self.branches.current.traveller

    @property
    def way(self) -> Trail:
        """The stretches between edits, from step 0 to the end of this branch."""
        return self._timeline.checkpoints

    @property
    def total_steps(self) -> int | None:
        """The length of the run, as it goes on this branch, once its end was seen."""
        return self._timeline.total

    def find_end(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> int | None:
        """How many steps the run has; the session stays where it is. None if interrupted."""
        here = self._moment.step
        if self.total_steps is None:
            self._timeline.advance(control=Control(interrupt, on_progress))
            self._timeline.go_to(here)
        return self.total_steps

    def state_at(
        self,
        step: int,
        *,
        branch: int | str | None = None,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> State | None:
        """The state at any step (the last one if the run is shorter); the session stays where it is.

        Args:
            step: when.
            branch: of which branch; None: of that on which the session stands.
            interrupt: ends the call early; it returns None then.
            on_progress: is told which step it has come to.

        Raises:
            BranchError: there is no such branch.
        """
        found = self.situation_at(step, branch=branch, interrupt=interrupt, on_progress=on_progress)
        return None if found is None else found.state

    def situation_at(
        self,
        step: int,
        *,
        branch: int | str | None = None,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Situation | None:
        """As `state_at`, with the program and the input that are in force there."""
        timeline = self._timeline if branch is None else self.branches.limb(branch).timeline
        arrival = timeline.go_to(step, Control(interrupt, on_progress))
        found = Situation(timeline.program, timeline.data, self.settings, timeline.state())
        self._timeline.go_to(self._moment.step)
        return None if arrival is Arrival.INTERRUPTED else found

    def set_bookmark(self, name: str | None = None, note: str = "") -> Bookmark:
        """Gives the present moment a name to come back to: of the user's, or the next free one.

        Raises:
            BookmarkError: the name is taken, or no word.
        """
        return self.bookmarks.add(
            Bookmark(name or self.bookmarks.next_name(), self._moment.step, note, self._moment.branch)
        )

    def set_mark(
        self,
        at: str | int | None = None,
        *,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Mark | None:
        """Measures changes from a moment from now on; None, and nothing happens, if interrupted.

        Args:
            at: name of a snapshot or bookmark, or a step; None is now.
            interrupt: ends the call early.
            on_progress: is told which step it has come to.

        Raises:
            BookmarkError: there is neither a snapshot nor a bookmark of this name, or its memory has another size.
        """
        name = at if isinstance(at, str) else ""
        if at is None or name in self.snapshots:
            state, output, branch = self._picture(name or NOW)
        else:
            if name and name not in self.bookmarks:
                raise BookmarkError(f"there is neither a snapshot nor a bookmark {name}")
            place = self.bookmarks[name] if name else Visit(int(at), self._moment.branch)
            found = self.state_at(place.step, branch=place.branch, interrupt=interrupt, on_progress=on_progress)
            if found is None:
                return None
            state, output, branch = found, self._output(found), place.branch
        cells, theirs = len(self._moment.state.memory), len(state.memory)
        if cells != theirs:
            raise BookmarkError(
                f"snapshot {name} has {theirs:,} cells, here are {cells:,}: 'diff {name}' compares them"
            )
        self.mark = Mark(state, output, name, branch)
        return self.mark

    def readings(self, moment: Moment | None = None, since: State | None = None) -> tuple[Reading, ...]:
        """What the watches show at a moment, and showed in another state.

        Args:
            moment: of this session; None: where it stands.
            since: what to compare with; None: the stop before that moment.
        """
        moment = moment or self._moment
        before = moment.previous if since is None else since
        return self.watches.read(
            Picture(moment.state, self.data, moment.output),
            None if before is None else Picture(before, self.data, self._output(before)),
        )

    def hits(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> dict[int, int] | None:
        """How often each active stop was hit since step 0, now included; None if interrupted."""
        return self._traveller.hits(Control(interrupt, on_progress))

    def foresee(self, *, interrupt: Interrupt | None = None) -> tuple[NDArray[np.int64], bool]:
        """The steps at which stops would stop a run that comes to them, and whether these are all.

        They are those up to the end of the run, or, where that is not known, up to the farthest step seen; of very
        many, some all along it. Interrupted, it gives those that were found, and goes on from there the next time.

        Returns:
            `int64[at most 2048]`, and whether it was not interrupted.
        """
        timeline, revision = self._timeline, self.stops.revision
        seen = self._foresight
        if seen is None or seen[0] != revision or not seen[1].is_of(timeline):
            self._foresight = seen = revision, self._traveller.foresight()
        try:
            is_all = seen[1].look(Control(interrupt))
        finally:
            timeline.go_to(self._moment.step)
        return seen[1].found.steps, is_all

    def activity(self, *, interrupt: Interrupt | None = None) -> tuple[Activity, bool]:
        """How much happens all along this branch and where it writes output, and whether that is all.

        It is all up to the end of the run, or, where that is not known, up to the farthest step seen. Interrupted,
        it gives what was counted, and goes on from there the next time.
        """
        timeline, survey = self._timeline, self._activity
        if survey is None or not survey.is_of(timeline):
            self._activity = survey = ActivitySurvey(timeline)
        try:
            is_all = survey.look(Control(interrupt))
        finally:
            timeline.go_to(self._moment.step)
        return survey.found(), is_all

    def loops(
        self, *, most: int = 8, seconds: float = PATIENCE, interrupt: Interrupt | None = None
    ) -> tuple[LoopPass, ...]:
        """The loops around pc, the innermost first, in which pass of how many; before them one about to be entered.

        Args:
            most: how many to tell of at most.
            seconds: for how long to look for the beginning and the end of each; then they count as not known.
            interrupt: asked now and then.
        """
        return self._loops.around(
            self._timeline, self._moment.state, most=most, seconds=seconds, interrupt=interrupt
        )  # fmt: skip

    def value(self, expression: str) -> int:
        """What an expression is now; `hits` is 0 in it.

        Raises:
            ConditionError: a wrong expression, with its column.
        """
        moment = self._moment
        return parse(expression).value(moment.state, data=self.data, output=moment.output, hits=0)

    def effect(self) -> Effect | None:
        """What the instruction at pc is about to do; None if the run is over without a fault."""
        state = self._moment.state
        if state.status is not Status.RUNNING and not state.status.is_fault:
            return None
        return effect_of(state, self.program, self.settings, self.data)

    def next_words(self) -> str:
        """In plain words: what the instruction at pc is about to do, or why the run is over."""
        return words.next_words(self._moment.state, self.effect(), self.settings, self.data)

    def meaning(self, instruction: int) -> str:
        """In plain words: what an instruction means, in the code as it is now.

        Raises:
            MoveError: there is no such instruction.
        """
        state = self._moment.state
        stepping.check(self.program, state, instruction)
        primitive, argument = primitive_at(self.program, state, instruction)
        is_bracket = primitive in (Primitive.OPEN, Primitive.CLOSE)
        return meaning(primitive, argument, partner(self.program, state, instruction) if is_bracket else None)

    def _take_at(self, stop: UserStop, state: State) -> str:
        return self.snapshots.take_at(stop.id, state, self._timeline, self.branches.current.number)

    def _picture(self, name: str) -> tuple[State, bytes, int]:
        found = self._moment if name == NOW else self.snapshots[name]
        return found.state, found.output, found.branch

    def _output(self, state: State) -> bytes:
        return output_of(state, self._timeline.program.dialect, self.settings)

    def _look(
        self,
        state: State,
        reason: StopReason,
        firings: tuple[Firing, ...] = (),
        previous: State | None = None,
        logged: tuple[LogLine, ...] = (),
    ) -> Moment:
        return Moment(
            state,
            self._output(state),
            self._timeline.program,
            self._timeline.data,
            reason,
            firings,
            previous,
            self._timeline.total,
            self._timeline.seen,
            logged,
            self.branches.current.number,
        )
