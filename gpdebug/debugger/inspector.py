"""What a session can be asked at the moment where it stands: values, words, snapshots, diffs. Nothing here moves it."""

from __future__ import annotations

from gpdebug.debugger import stepping, words
from gpdebug.debugger.ahead import Effect, effect_of
from gpdebug.debugger.bookmarks import Bookmark, BookmarkList, Mark
from gpdebug.debugger.brackets import code_size, partner, primitive_at
from gpdebug.debugger.errors import BookmarkError
from gpdebug.debugger.history import History
from gpdebug.debugger.moment import Interrupt, LogLine, MachineType, Moment, ProgressCallback, StopReason
from gpdebug.debugger.snapshots import NOW, SnapshotList
from gpdebug.debugger.stops import StopList
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from gpdebug.debugger.travel import Traveller
from gpdebug.debugger.watches import Picture, Reading, WatchList
from vm.conditions import parse
from vm.dialect import Primitive
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings
from vm.state import State, Status, output_of

DEFAULT_CHECKPOINT_BYTES = 256 << 20


class Inspector:
    """One run of one program, and where the user stands in it: the part of a session that only looks.

    Attributes:
        program, data, settings: what is run; fixed.
        wanted: the output that is wanted of it, or None.
        stops: the user's stops.
        snapshots: the user's snapshots.
        watches: the expressions that are shown at every stop.
        bookmarks: the user's bookmarks.
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
        self.program, self.data, self.wanted = program, data, wanted
        self.settings = program.dialect.settings if settings is None else settings
        self._timeline = Timeline(machine, program, data, self.settings, checkpoint_bytes)
        state = self._timeline.state()
        self.stops = StopList(program, code_size(program, state))
        self.snapshots = SnapshotList()
        self.watches = WatchList()
        self.bookmarks = BookmarkList()
        self.mark: Mark | None = None
        self.history = History()
        self._traveller = Traveller(self._timeline, self.stops)
        self._moment = self._look(state, StopReason.START)

    @property
    def moment(self) -> Moment:
        """Where the session stands."""
        return self._moment

    @property
    def total_steps(self) -> int | None:
        """The length of the run, once its end was seen."""
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
        self, step: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> State | None:
        """The state at any step (the last one if the run is shorter); the session stays where it is.

        None if interrupted.
        """
        arrival = self._timeline.go_to(step, Control(interrupt, on_progress))
        state = self._timeline.state()
        self._timeline.go_to(self._moment.step)
        return None if arrival is Arrival.INTERRUPTED else state

    def set_bookmark(self, name: str | None = None, note: str = "") -> Bookmark:
        """Gives the present moment a name to come back to: of the user's, or the next free one.

        Raises:
            BookmarkError: the name is taken, or no word.
        """
        return self.bookmarks.add(Bookmark(name or self.bookmarks.next_name(), self._moment.step, note))

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
            BookmarkError: there is neither a snapshot nor a bookmark of this name.
        """
        name = at if isinstance(at, str) else ""
        if at is None or name in self.snapshots:
            state, output = self._picture(name or NOW)
        else:
            if name and name not in self.bookmarks:
                raise BookmarkError(f"there is neither a snapshot nor a bookmark {name}")
            step = self.bookmarks[name].step if name else int(at)
            found = self.state_at(step, interrupt=interrupt, on_progress=on_progress)
            if found is None:
                return None
            state, output = found, self._output(found)
        self.mark = Mark(state, output, name)
        return self.mark

    def readings(self, since: State | None = None) -> tuple[Reading, ...]:
        """What the watches show now, and showed in another state.

        Args:
            since: what to compare with; None: the stop before this one.
        """
        moment = self._moment
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
        return words.meaning(primitive, argument, partner(self.program, state, instruction) if is_bracket else None)

    def _picture(self, name: str) -> tuple[State, bytes]:
        if name == NOW:
            return self._moment.state, self._moment.output
        return self.snapshots[name].state, self.snapshots[name].output

    def _output(self, state: State) -> bytes:
        return output_of(state, self.program.dialect, self.settings)

    def _look(
        self,
        state: State,
        reason: StopReason,
        fired: tuple[int, ...] = (),
        previous: State | None = None,
        logged: tuple[LogLine, ...] = (),
    ) -> Moment:
        return Moment(
            state,
            self._output(state),
            reason,
            fired,
            previous,
            self._timeline.total,
            self._timeline.seen,
            logged,
        )
