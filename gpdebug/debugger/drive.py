"""The machine that all branches of a session share, which stretch of which run it stands in, and how fast it is."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from gpdebug.debugger.moment import MachineLike, MachineType
from gpdebug.debugger.trail import Stretch
from vm.settings import Settings
from vm.state import State

SLICE_SECONDS = 0.005
"""How long a slice of a long call is to take: an interrupt is seen at its end."""
_TELLING = 1024
"""Steps from which on a slice tells how fast the machine is."""
_MACHINES = 2
"""Machines that are kept ready: on the way over a fork with another program or input, one for each side."""


class Pace:
    """How many steps a slice takes, and how fast the machine is: learnt while it runs."""

    def __init__(self) -> None:
        self.steps = 256
        self.speed = 1e5

    def learn(self, steps: int, seconds: float) -> None:
        """Takes a slice into account; halves or doubles the next one when it was far from its time."""
        if steps >= min(self.steps, _TELLING):
            self.speed = steps / max(seconds, 1e-9)
        if seconds > SLICE_SECONDS * 2 and self.steps > 1:
            self.steps //= 2
        elif seconds < SLICE_SECONDS / 2 and steps >= self.steps:
            self.steps *= 2


class Drive:
    """A machine at some moment of some stretch.

    Attributes:
        machine: what runs.
        stretch: where it stands.
        pace: how fast it is.
        checkpoint_seconds: how long it takes to keep a checkpoint.
    """

    def __init__(self, machine_type: MachineType, stretch: Stretch, settings: Settings) -> None:
        """Stands at the start of a run.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        self._type = machine_type
        self._settings = settings
        self._machines: list[tuple[Stretch, MachineLike]] = []
        self.stretch = stretch
        self.machine = self._machine(stretch)
        self.pace = Pace()
        self.checkpoint_seconds = 0.0

    def use(self, machine_type: MachineType) -> None:
        """Goes on with another kind of machine, at exactly the same moment."""
        state = self.machine.snapshot()
        self._type, self._machines, self.pace = machine_type, [], Pace()
        self.stand(self.stretch, state)

    def stand(self, stretch: Stretch, state: State) -> None:
        """Goes to a moment of a stretch."""
        if stretch is not self.stretch or not self._machines:
            self.stretch, self.machine = stretch, self._machine(stretch)
        self.machine.restore(state)

    def keep(self, checkpoint: Callable[[State], None]) -> None:
        """Hands the present moment to what keeps it; one slow measurement of that changes little."""
        started = perf_counter()
        checkpoint(self.machine.snapshot())
        seconds = perf_counter() - started
        before = self.checkpoint_seconds
        self.checkpoint_seconds = min(seconds, 2 * before) if before else seconds

    def _machine(self, stretch: Stretch) -> MachineLike:
        """The machine that runs the program and input of a stretch."""
        for kept in self._machines:
            if kept[0].program is stretch.program and kept[0].data == stretch.data:
                self._machines.remove(kept)
                self._machines.insert(0, kept)
                return kept[1]
        machine = self._type(stretch.program, stretch.data, self._settings)
        self._machines = [(stretch, machine), *self._machines][:_MACHINES]
        return machine
