"""The user's snapshots: named states of a run, to restore and to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from string import ascii_uppercase

from gpdebug.debugger.errors import SnapshotError
from vm.program import Program
from vm.settings import Settings
from vm.state import State

NOW = "now"
"""What the present moment is called where a snapshot is asked for."""

_NAME = re.compile(r"[^\W\d][\w.-]*\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A named moment of a run.

    Attributes:
        name: what the user calls it.
        state: complete: memory, registers, output, steps, status.
        output: the output as of then.
        program_hash, data, settings: the run it is of.
        note: what the user wrote about it.
    """

    name: str
    state: State
    output: bytes
    program_hash: str
    data: bytes
    settings: Settings
    note: str = ""

    @property
    def step(self) -> int:
        """When it was taken."""
        return self.state.steps

    def require(self, program: Program, data: bytes, settings: Settings) -> None:
        """Refuses to be restored into another run than its own: there its state may be no state at all.

        Raises:
            SnapshotError: says what is different.
        """
        if self.program_hash != program.hash:
            raise SnapshotError(
                f"snapshot {self.name} is of another program ({self.program_hash}, this one is {program.hash})"
            )
        if self.data != data:
            raise SnapshotError(f"snapshot {self.name} is of a run on another input")
        if self.settings != settings:
            mine, theirs = settings.to_dict(), self.settings.to_dict()
            different = ", ".join(f"{key} {theirs[key]}, here {mine[key]}" for key in mine if mine[key] != theirs[key])
            raise SnapshotError(f"snapshot {self.name} is of a machine with other settings ({different})")


class SnapshotList:
    """Snapshots by name, in the order in which they were taken; names it gives itself are A, B, … Z, AA, …"""

    def __init__(self) -> None:
        self._snapshots: dict[str, Snapshot] = {}

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
            known = ", ".join(self._snapshots) or "there are none"
            raise SnapshotError(f"there is no snapshot {name} (snapshots: {known})")
        return self._snapshots[name]

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
        if name == NOW or not _NAME.match(name):
            raise SnapshotError(f"a snapshot's name is a word that begins with a letter and is not 'now', not {name!r}")
        return name

    def add(self, snapshot: Snapshot) -> Snapshot:
        """Keeps a snapshot under its name.

        Raises:
            SnapshotError: the name is taken, or no word.
        """
        self._snapshots[self.check_name(snapshot.name)] = snapshot
        return snapshot

    def remove(self, name: str) -> Snapshot:
        """Deletes a snapshot and returns it.

        Raises:
            SnapshotError: there is none of this name.
        """
        snapshot = self[name]
        del self._snapshots[name]
        return snapshot
