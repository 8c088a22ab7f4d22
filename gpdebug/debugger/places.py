"""Where the user's stops are: instructions, cells, expressions and events, in the machine's terms and in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vm.dialect import Dialect, Io
from vm.settings import Settings
from vm.state import Status
from vm.stops import Cells, Change, Place, Stream
from vm.touch import Access

ACCESS = Access.READ | Access.WRITE
"""Read or written, changed or not: what gdb's `awatch` waits for."""
ACCESSES = {"change": Access.CHANGE, "write": Access.WRITE, "read": Access.READ, "access": ACCESS}
"""The ways to watch cells, by name."""
ACCESS_WORDS = {
    Access.CHANGE: "changed",
    Access.WRITE: "written",
    Access.READ: "read",
    ACCESS: "read or written",
}


class Event(StrEnum):
    """What a stop can catch."""

    OUTPUT = "output"
    """A byte of the output is written; where the output is a region of the memory, a cell of it."""
    INPUT = "input"
    """A byte of the input is read; where the input lies in the memory, a cell of it."""
    END = "end"
    """The program finishes or halts."""
    FAULT = "fault"
    """An instruction cannot be executed."""
    LIMIT = "limit"
    """The steps are used up."""
    OVER = "over"
    """The run ends, for whatever reason."""

    @property
    def is_status(self) -> bool:
        """Whether it is a way for the run to end: no step does it, so machines know nothing of it."""
        return self not in (Event.OUTPUT, Event.INPUT)

    def is_case(self, status: Status) -> bool:
        """Whether a run that ended like this is a case of it."""
        match self:
            case Event.END:
                return status in (Status.FINISHED, Status.HALTED)
            case Event.FAULT:
                return status.is_fault
            case Event.LIMIT:
                return status is Status.STEP_LIMIT
            case _:
                return self is Event.OVER and status is not Status.RUNNING


@dataclass(frozen=True, slots=True)
class AtInstruction:
    """At an instruction, about to execute it.

    Attributes:
        instruction: its index.
        symbol: what stood there when the stop was set, to notice when a program has changed.
    """

    instruction: int
    symbol: str

    def __str__(self) -> str:
        return f"at {self.instruction} {self.symbol!r}"


@dataclass(frozen=True, slots=True)
class OnCells:
    """After a step that accessed cells; see `vm.stops.Cells`."""

    cells: Cells

    def __str__(self) -> str:
        return f"{ACCESS_WORDS[self.cells.access]} {cells_words(self.cells)}"


@dataclass(frozen=True, slots=True)
class OnChange:
    """After a step that gave an expression another value."""

    change: Change

    def __str__(self) -> str:
        return f"changed {self.change.expression.text}"


@dataclass(frozen=True, slots=True)
class OnEvent:
    """After a step that wrote output or read input, or where the run ends."""

    event: Event

    def __str__(self) -> str:
        return f"on {self.event}"


Where = AtInstruction | OnCells | OnChange | OnEvent


def cells_words(cells: Cells) -> str:
    """Cells as the command language writes them: `mem[3]`, `mem[3..7]`, `mem[h0+1]`."""
    base = "" if cells.head is None else f"h{cells.head}"

    def index(at: int) -> str:
        if not base:
            return str(at)
        return base if at == 0 else f"{base}{at:+d}"

    last = cells.low + cells.size - 1
    return f"mem[{index(cells.low)}]" if cells.size == 1 else f"mem[{index(cells.low)}..{index(last)}]"


def machine_place(where: Where, dialect: Dialect, settings: Settings, input_length: int) -> Place | None:
    """The place as a machine knows it; None for the ways a run can end, and where there is nothing to wait for.

    Args:
        where: the user's place.
        dialect: says whether input and output are streams or regions of the memory.
        settings: say where those regions are.
        input_length: bytes of the input.
    """
    match where:
        case AtInstruction():
            return where.instruction
        case OnCells():
            return where.cells
        case OnChange():
            return where.change
    if where.event.is_status:
        return None
    if dialect.io is not Io.REGIONS:
        return Stream(Access.OUTPUT if where.event is Event.OUTPUT else Access.INPUT)
    if where.event is Event.OUTPUT:
        size = settings.memory - settings.out_start if settings.out_len is None else settings.out_len
        return Cells(settings.out_start, size, access=Access.WRITE) if size else None
    return Cells(settings.in_at, input_length, access=Access.READ) if input_length else None
