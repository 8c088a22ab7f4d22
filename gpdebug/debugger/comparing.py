"""What a session keeps whole and compares: snapshots, series of them, their files, and any two moments."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from os import PathLike

from gpdebug.debugger.diff import Diff, Side
from gpdebug.debugger.errors import SnapshotError
from gpdebug.debugger.inspector import Inspector
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.operands import LAST, Operand, side_of, sides_of
from gpdebug.debugger.others import Others
from gpdebug.debugger.queries import Queries
from gpdebug.debugger.rewritten import rewritten_between
from gpdebug.debugger.snapshot_file import load_snapshot
from gpdebug.debugger.snapshots import NOW, Snapshot
from gpdebug.debugger.timeline import Arrival, Control


class Comparing(Inspector):
    """One run of one program, and where the user stands in it: the part of a session that keeps and compares."""

    @cached_property
    def others(self) -> Others:
        """Other runs to compare with; a front end that knows of cases or individuals sets its own."""
        return Others(self.machine_type)

    @cached_property
    def find(self) -> Queries:
        """Answers to questions about the whole run."""
        return Queries(self)

    def take_snapshot(self, name: str | None = None, note: str = "") -> Snapshot:
        """Gives the present moment a name, of the user's or the next free letter.

        Raises:
            SnapshotError: the name is taken or no word, or there is no room.
        """
        name = name or self.snapshots.next_name()
        return self.snapshots.add(Snapshot.of(self._moment.state, self._timeline, name, note, self._moment.branch))

    def take_snapshots(
        self,
        every: int,
        low: int = 0,
        high: int | None = None,
        *,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> tuple[Snapshot, ...]:
        """Takes a snapshot every so many steps, named `s1000` after its step; the session stays where it is.

        On branch 2 it is `s1000.2`. Those that are there already are not taken again. Interrupted, it keeps what it
        has.

        Args:
            every: how many steps apart.
            low: the first step.
            high: the last step, or one after it; None: the end of the run.
            interrupt: asked now and then whether to stop.
            on_progress: told now and then which step it has come to.

        Raises:
            SnapshotError: they would be too many, or take too much memory; then none is taken.
        """
        total = self.total_steps
        if high is None and total is None:
            total = self.find_end(interrupt=interrupt, on_progress=on_progress)
        end = min((limit for limit in (high, total) if limit is not None), default=None)
        taken: list[Snapshot] = []
        branch = self._moment.branch
        if end is None:
            return ()
        for step in self.snapshots.steps_of_series(every, low, end, self.settings.memory):
            arrival = self._timeline.go_to(step, Control(interrupt, on_progress))
            state = self._timeline.state()
            if arrival is Arrival.INTERRUPTED or state.steps != step:
                break
            name = f"s{step}.{branch}" if branch else f"s{step}"
            if name not in self.snapshots:
                taken.append(self.snapshots.add(Snapshot.of(state, self._timeline, name, branch=branch)))
        self._timeline.go_to(self._moment.step)
        return tuple(taken)

    def diff(
        self,
        before: Operand = LAST,
        after: Operand = NOW,
        *,
        cumulative: bool = False,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Diff:
        """Compares two moments; the session stays where it is.

        Args:
            before: a snapshot, by itself or by name; a bookmark; a step; or a word: `now`, `last` (the stop before
                this one), `mark`, `start`, `end`, `50%`, `+20`, `-20`; another run, at the step of the other moment
                or one of its own: `case:3`, `parent`, `id:57@500`; or the path of a snapshot file.
            after: the other one.
            cumulative: count what changed on the way, too, cells that changed back included; both moments must be of
                the run on which the session stands.
            interrupt: asked now and then whether to stop, where a moment is far.
            on_progress: told now and then which step it has come to.

        Raises:
            SnapshotError: there is no such moment.
            MoveError: interrupted on the way to one.
        """
        control = Control(interrupt, on_progress)
        sides = sides_of(self, before, after, control)
        return Diff(*sides, rewritten_between(self, *sides, control) if cumulative else None)

    def stretches(self, low: int, high: int) -> list[tuple[int, int]]:
        """The stretches, first and last step, from one step to another between which nothing was edited."""
        starts = [stretch.start for stretch in self._timeline.checkpoints.stretches if low < stretch.start <= high]
        edges = [low, *starts, high]
        return list(pairwise(edges))

    def side(
        self, operand: Operand, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Side:
        """A moment to compare, as `diff` takes it; raises what `diff` raises."""
        return side_of(self, operand, Control(interrupt, on_progress))

    def load_snapshot(self, path: str | PathLike[str], name: str | None = None) -> Snapshot:
        """Reads a snapshot of this run from a file, under the name it was saved by or another.

        Raises:
            SnapshotError: it is damaged, of another run, or its name is taken.
        """
        loaded = load_snapshot(path)
        if loaded.branch:
            raise SnapshotError(
                f"{path}: was taken on branch {loaded.branch}, after an edit that no run of the program makes: "
                "it can be compared, not restored"
            )
        whole = self.branches.limb(0).timeline.checkpoints.at(0)
        loaded.require(whole.program, whole.data, self.settings)
        return self.snapshots.add(replace(loaded, name=name or loaded.name))
