"""The frozen replay of a slice: only its steps, on the path that was recorded, from nothing but its leaves."""

from __future__ import annotations

from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.parts import Leaf, LeafKind, Loop
from gpdebug.explain.slices import Slice
from vm.dialect import Primitive


def replay(found: Slice) -> int | None:
    """The criterion's value, made again from a slice that follows values.

    Each step of the slice is executed where the heads were when it was recorded, with no memory but the cells that
    are leaves of the slice: a step or a leaf that the slice lacks is missed. Loops that are one node are executed as
    the maps that they are. This checks the slice; it does not say that the program would do the same without the
    rest of itself.

    Returns:
        The value, or None if something is missing.
    """
    frozen = _Frozen(found.flow, list(found.leaves))
    loops = {loop.opened: loop for loop in found.loops}
    try:
        for step in sorted([*found.steps.tolist(), *loops]):
            if step in loops:
                frozen.run_loop(loops[step])
            else:
                frozen.run(step)
        return frozen.cells[found.root.cell]
    except KeyError:
        return None


class _Frozen:
    """A memory that has only what was put there."""

    def __init__(self, flow: Dataflow, leaves: list[Leaf]) -> None:
        self._flow = flow
        self.cells = {leaf.cell: leaf.value for leaf in leaves if leaf.cell is not None}
        spares = [leaf.value for leaf in leaves if leaf.kind in (LeafKind.SPARE, LeafKind.CUT_SPARE)]
        self._spare = dict(enumerate(spares))

    def run_loop(self, loop: Loop) -> None:
        """Makes as many passes as the counter says."""
        for cell, added in loop.sums.items():
            counter, passes = self.cells[loop.counter], 0
            while (counter + passes * loop.step) % 256:
                passes += 1
            self.cells[cell] = (self.cells[cell] + passes * added) % 256
        self.cells[loop.counter] = 0

    def run(self, step: int) -> None:
        """Executes a step where it was."""
        flow, data = self._flow, self._flow.trace.data
        read, written, argument = int(flow.read[step]), int(flow.written[step]), flow.argument(step)
        match flow.primitive(step):
            case Primitive.ADD:
                self.cells[written] = (self.cells[read] + argument) % 256
            case Primitive.SET:
                self.cells[written] = argument % 256
            case Primitive.COPY01 | Primitive.COPY10:
                self.cells[written] = self.cells[read]
            case Primitive.READ if written >= 0:
                at = int(flow.inputs[step])
                self.cells[written] = data[at] if at < len(data) else 0
            case Primitive.STASH:
                self._spare[0] = self.cells[read]
            case Primitive.UNSTASH:
                self.cells[written] = self._spare[0]
