"""The user's snapshots: named states of a run, to restore and to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, product
from string import ascii_uppercase
from typing import Protocol

from gpdebug.debugger.diff import Side
from gpdebug.debugger.errors import SnapshotError
from gpdebug.wording import counted
from vm.program import Program
from vm.settings import Settings
from vm.state import State, output_of

NOW = "now"
"""What the present moment is called where a snapshot is asked for."""

RESERVED = (NOW, "all", "case", "end", "every", "id", "last", "mark", "parent", "start", "to")
"""Words that mean something else where a snapshot is asked for."""

DEFAULT_BYTES = 256 << 20
MOST_OF_A_SERIES = 2_000
"""Snapshots that one `every` takes at most: more cannot be told apart by anyone."""

_NAME = re.compile(r"[^\W\d][\w.-]*\Z")


class RunLike(Protocol):
    """What a snapshot is taken of: a timeline has it."""

    @property
    def program(self) -> Program:
        """What is run."""
        ...

    @property
    def data(self) -> bytes:
        """Its input."""
        ...

    @property
    def settings(self) -> Settings:
        """Those of its machine."""
        ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Snapshot:
    """A named moment of a run.

    Attributes:
        name: what the user calls it.
        state: complete: memory, registers, output, steps, status.
        output: the output as of then.
        program, data, settings: the run it is of.
        note: what the user wrote about it.
        branch: number of the branch it was taken on.
    """

    name: str
    state: State
    output: bytes
    program: Program
    data: bytes
    settings: Settings
    note: str = ""
    branch: int = 0

    @classmethod
    def of(cls, state: State, run: RunLike, name: str, note: str = "", branch: int = 0) -> Snapshot:
        """A moment of a run under a name."""
        output = output_of(state, run.program.dialect, run.settings)
        return cls(name, state, output, run.program, run.data, run.settings, note, branch)

    def __repr__(self) -> str:
        return f"<Snapshot {self.name} of step {self.step:,}{f': {self.note}' if self.note else ''}>"

    @property
    def step(self) -> int:
        """When it was taken."""
        return self.state.steps

    @property
    def program_hash(self) -> str:
        """Names exactly this program in exactly this language."""
        return self.program.hash

    @property
    def size(self) -> int:
        """How much memory it takes."""
        return len(self.state.memory) + len(self.state.output)

    @property
    def side(self) -> Side:
        """It as something to compare."""
        return Side(self.name, self.state, self.output, self.program, self.data, self.settings)

    def require(self, program: Program, data: bytes, settings: Settings) -> None:
        """Refuses to be restored into another run than its own: there its state may be no state at all.

        Raises:
            SnapshotError: says what is different.
        """
        if self.program_hash != program.hash:
            raise SnapshotError(
                f"snapshot {self.name} is of another program ({self.program_hash}, this one is {program.hash}): "
                "it can be compared, not restored"
            )
        if self.data != data:
            raise SnapshotError(f"snapshot {self.name} is of a run on another input: it can be compared, not restored")
        if self.settings != settings:
            mine, theirs = settings.to_dict(), self.settings.to_dict()
            different = ", ".join(f"{key} {theirs[key]}, here {mine[key]}" for key in mine if mine[key] != theirs[key])
            raise SnapshotError(
                f"snapshot {self.name} is of a machine with other settings ({different}): "
                "it can be compared, not restored"
            )


class SnapshotList:
    """Snapshots by name, in the order in which they were taken; names it gives itself are A, B, … Z, AA, …

    Attributes:
        revision: grows with every change.
    """

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        """Begins without any.

        Args:
            most_bytes: how much memory they may take together; further ones are refused.
        """
        self._snapshots: dict[str, Snapshot] = {}
        self._uses: dict[int, int] = {}
        self._size = 0
        self._most_bytes = most_bytes
        self.revision = 0

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(tuple(self._snapshots.values()))

    def __len__(self) -> int:
        return len(self._snapshots)

    def __contains__(self, name: str) -> bool:
        return name in self._snapshots

    def __getitem__(self, name: str) -> Snapshot:
        """One snapshot.

        Raises:
            SnapshotError: there is none of this name.
        """
        if name not in self._snapshots:
            names = list(self._snapshots)
            known = ", ".join(names[:8]) + (f", … {names[-1]}" if len(names) > 8 else "") or "there are none"
            raise SnapshotError(f"there is no snapshot {name} (snapshots: {known})")
        return self._snapshots[name]

    @property
    def size(self) -> int:
        """How much memory they take; a state that several share counts once."""
        return self._size

    def next_name(self) -> str:
        """The first of the names A, B, … that is free."""
        names = ("".join(letters) for length in count(1) for letters in product(ascii_uppercase, repeat=length))
        return next(name for name in names if name not in self._snapshots)

    def check_name(self, name: str) -> str:
        """A name that a new snapshot can have.

        Raises:
            SnapshotError: it is taken, or no word.
        """
        if name in self._snapshots:
            raise SnapshotError(f"there is a snapshot {name} already, of step {self._snapshots[name].step:,}")
        if name in RESERVED or not _NAME.match(name):
            raise SnapshotError(
                f"a snapshot's name is a word that begins with a letter, not {name!r}"
                + (": that means something else" if name in RESERVED else "")
            )
        return name

    def add(self, snapshot: Snapshot) -> Snapshot:
        """Keeps a snapshot under its name.

        Raises:
            SnapshotError: the name is taken or no word, or there is no room.
        """
        self.check_name(snapshot.name)
        self._require_room(snapshot.size, 1)
        return self._keep(snapshot)

    def take_at(self, stop: int, state: State, run: RunLike, branch: int = 0) -> str:
        """Takes the snapshot that a stop takes when it fires; says so in a line for the log.

        It is called after the stop and the step, so that passing the same moment again takes no second one.
        """
        name = f"b{stop}.{state.steps}"
        if name in self._snapshots:
            return f"snapshot {name} is there already"
        try:
            self.add(Snapshot.of(state, run, name, f"taken by stop {stop}", branch))
        except SnapshotError as error:
            return f"stop {stop} takes no snapshot: {error}"
        return f"snapshot {name}"

    def steps_of_series(self, every: int, low: int, high: int, cells: int) -> range:
        """The steps of a series of snapshots, every so many from `low` to `high`.

        Raises:
            SnapshotError: they are none, too many, or take more memory than there is room for.
        """
        if every < 1:
            raise SnapshotError(f"snapshots are taken every N steps with N from 1, not {every:,}")
        if low > high:
            raise SnapshotError(f"there is no step from {low:,} to {high:,}")
        steps = range(low, high + 1, every)
        if len(steps) > MOST_OF_A_SERIES:
            enough = -(-(high - low + 1) // MOST_OF_A_SERIES)
            raise SnapshotError(
                f"these would be {len(steps):,} snapshots, at most {MOST_OF_A_SERIES:,} are taken at once: "
                f"take them every {enough:,} steps"
            )
        self._require_room(len(steps) * cells, len(steps))
        return steps

    def annotate(self, name: str, note: str) -> Snapshot:
        """Writes something about a snapshot, or nothing.

        Raises:
            SnapshotError: there is none of this name.
        """
        return self._keep(replace(self[name], note=note))

    def rename(self, name: str, other: str) -> Snapshot:
        """Gives a snapshot another name; its place in the order stays.

        Raises:
            SnapshotError: there is none of this name, or the other one cannot be given.
        """
        renamed = replace(self[name], name=self.check_name(other))
        self._snapshots = {
            (other if key == name else key): (renamed if key == name else taken)
            for key, taken in self._snapshots.items()
        }
        self.revision += 1
        return renamed

    def remove(self, name: str) -> Snapshot:
        """Deletes a snapshot and returns it.

        Raises:
            SnapshotError: there is none of this name.
        """
        snapshot = self[name]
        del self._snapshots[name]
        self._count(snapshot, -1)
        self.revision += 1
        return snapshot

    def _keep(self, snapshot: Snapshot) -> Snapshot:
        before = self._snapshots.get(snapshot.name)
        self._snapshots[snapshot.name] = snapshot
        self._count(snapshot, 1)
        if before is not None:
            self._count(before, -1)
        self.revision += 1
        return snapshot

    def _count(self, snapshot: Snapshot, uses: int) -> None:
        """Notes that a state is used by so many snapshots more."""
        key = id(snapshot.state)
        was, now = self._uses.get(key, 0), self._uses.get(key, 0) + uses
        self._size += snapshot.size * ((now > 0) - (was > 0))
        self._uses[key] = now
        if not now:
            del self._uses[key]

    def _require_room(self, size: int, number: int) -> None:
        if self.size + size > self._most_bytes:
            kept = f" and {counted(len(self), 'snapshot')} take {_mebibytes(self.size)}" if self._snapshots else ""
            what = "it takes" if number == 1 else f"{number:,} of them take"
            raise SnapshotError(
                f"no room: {what} {_mebibytes(size)}, all together may take {_mebibytes(self._most_bytes)}{kept}; "
                "delete some with 'forget'" + ("" if number == 1 else " or take fewer")
            )


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"
