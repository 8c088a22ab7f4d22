"""Loading the compiled machine while the screens already work: numba is imported here, after the first frame."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from gpdebug.debugger.moment import MachineType


@dataclass
class MachineProgressed(Message):
    """A kernel is being compiled, or loaded from the cache."""

    kernel: str
    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Only the last of several matters."""
        return isinstance(message, type(self))

    def __str__(self) -> str:
        if not self.total:
            return "loading the compiled machine"
        return f"compiling {min(self.done + 1, self.total)} of {self.total}"


@dataclass
class MachineLoaded(Message):
    """The compiled machine can be used."""

    machine: MachineType


@dataclass
class MachineFailed(Message):
    """It cannot be used here; the reference machine goes on doing all the work."""

    reason: str


def load(post: Callable[[Message], object]) -> None:
    """Imports and compiles; to be called in a thread.

    Args:
        post: takes the messages, from any thread.
    """
    post(MachineProgressed("", 0, 0))
    try:
        from vm.jit import warm_up

        def progressed(kernel: str, done: int, total: int) -> None:
            post(MachineProgressed(kernel, done, total))

        warm_up(progressed)
        from vm.machine import Machine

        # The compiler leaves a million objects that live as long as the program. Looked through at every full
        # collection they would cost a frame 90 ms now and then.
        gc.freeze()
    except Exception as error:
        # Whatever keeps numba from working (a broken install, no room for the cache) must not cost the screens.
        post(MachineFailed(f"{type(error).__name__}: {error}"))
        return
    post(MachineLoaded(Machine))
