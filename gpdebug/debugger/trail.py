"""The way a branch takes through the tree of runs: stretches one after the other, each with its own checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gpdebug.debugger.checkpoints import Checkpoints
from gpdebug.debugger.edits import Edit
from vm.program import Program


@dataclass(slots=True, eq=False)
class Stretch:
    """What a branch has to itself: from the step where it forks on, with its edits made there.

    Attributes:
        program, data: what is run from there on.
        start: the step where it forks; 0 for the whole run.
        edits: what is changed there.
        checkpoints: of its own steps.
        seen: the farthest step reached so far.
        total: its last step, once it was seen.
    """

    program: Program
    data: bytes
    start: int
    edits: tuple[Edit, ...]
    checkpoints: Checkpoints
    seen: int
    total: int | None = None


class Trail:
    """The stretches from the start of the whole run to the end of a branch, and their checkpoints as if of one run.

    A step at which one stretch ends and the next starts belongs to the next. A checkpoint that the first has there
    is of the moment before the edits; it serves as well, since they can be made again.
    """

    def __init__(self, stretches: tuple[Stretch, ...]) -> None:
        self.stretches = stretches

    @property
    def last(self) -> Stretch:
        """The branch's own stretch."""
        return self.stretches[-1]

    def at(self, step: int) -> Stretch:
        """The stretch that a step belongs to."""
        return next(stretch for stretch in reversed(self.stretches) if stretch.start <= step)

    def up_to(self, stretch: Stretch) -> tuple[Stretch, ...]:
        """The stretches up to one, itself included."""
        return self.stretches[: self.stretches.index(stretch) + 1]

    def following(self, stretch: Stretch) -> Stretch | None:
        """The one that comes after a stretch."""
        index = self.stretches.index(stretch) + 1
        return self.stretches[index] if index < len(self.stretches) else None

    def nearest(self, step: int) -> tuple[Stretch, int]:
        """The last checkpoint up to a step: whose it is, and at which step."""
        for stretch in reversed(self.stretches):
            if stretch.start <= step:
                found = stretch.checkpoints.at_or_before(step)
                if found is not None:
                    return stretch, found
                step = stretch.start
        raise AssertionError("the first checkpoint of the whole run stays always")

    # as one run's checkpoints

    def __len__(self) -> int:
        return sum(stretch.checkpoints.count(end) for stretch, end in self._ends())

    def __contains__(self, step: object) -> bool:
        return isinstance(step, int) and any(
            step in stretch.checkpoints and (end is None or step <= end) for stretch, end in self._ends()
        )

    @property
    def interval(self) -> int:
        """Steps between the regular checkpoints to come on the branch itself."""
        return self.last.checkpoints.interval

    def at_or_before(self, step: int) -> int:
        """The step of the last checkpoint that is not after `step`."""
        return self.nearest(step)[1]

    def after(self, step: int) -> int | None:
        """The step of the first checkpoint after `step`."""
        for stretch, end in self._ends():
            found = stretch.checkpoints.after(step)
            if found is not None and (end is None or found <= end):
                return found
        return None

    def _ends(self) -> Iterator[tuple[Stretch, int | None]]:
        """Each stretch, and where the next one begins."""
        starts = [*(stretch.start for stretch in self.stretches[1:]), None]
        yield from zip(self.stretches, starts, strict=True)
