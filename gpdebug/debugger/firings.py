"""What fired where a run stopped: the user's stops, and what the step before did to what they watch."""

from __future__ import annotations

from dataclasses import dataclass

from gpdebug.debugger.stops import UserStop
from vm.touch import Access


@dataclass(frozen=True, slots=True)
class Sight:
    """What a step did to what a stop watches.

    Attributes:
        subject: what it did it to: `mem[3]`, `h0 + h1`, `output byte 2`.
        access: `CHANGE`; `WRITE`, of the same value; `READ`, `OUTPUT`, `INPUT`.
        before: the value that it had.
        after: the value that it has; for what was read, output or input, that byte.
        instruction: the one that was executed.
        symbol: its byte, as the code was then.
    """

    subject: str
    access: Access
    before: int
    after: int
    instruction: int
    symbol: int


@dataclass(frozen=True, slots=True)
class Firing:
    """A stop of the user that fired.

    Attributes:
        stop: as it was then; a temporary one is gone by now.
        sight: what it saw, if it watches what steps do.
    """

    stop: UserStop
    sight: Sight | None = None
