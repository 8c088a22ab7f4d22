"""What can be explained: a byte of the output, a cell at a step, a jump; and where it lies in a trace."""

from __future__ import annotations

from dataclasses import dataclass

from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.errors import CriterionError
from vm.dialect import Io, Primitive
from vm.state import output_of


@dataclass(frozen=True, slots=True)
class OutputByte:
    """A byte of the output, as it was written; where the output is a region of the memory, as it is at the end.

    Attributes:
        index: which, from 0.
    """

    index: int


@dataclass(frozen=True, slots=True)
class CellAt:
    """What a cell holds.

    Attributes:
        cell: which.
        step: the moment: after so many steps; None: at the end of the trace.
    """

    cell: int
    step: int | None = None


@dataclass(frozen=True, slots=True)
class JumpAt:
    """Why a bracket jumps or does not.

    Attributes:
        step: the moment at which it is the next instruction.
    """

    step: int


Criterion = OutputByte | CellAt | JumpAt


@dataclass(frozen=True, slots=True)
class Root:
    """Where an explanation begins.

    Attributes:
        cell: the cell whose value is explained.
        value: that value.
        moment: the step at which it has it.
        step: the step of the trace that an explanation starts from; None: nothing in the trace wrote the cell.
        stands_alone: that step is explained itself, not the loop that it is in.
    """

    cell: int
    value: int
    moment: int
    step: int | None
    stands_alone: bool = False


def find_root(flow: Dataflow, criterion: Criterion) -> Root:
    """Finds a criterion in a run.

    Raises:
        CriterionError: there is no such byte, cell or jump, or it lies before the trace.
    """
    match criterion:
        case OutputByte():
            return _output_root(flow, criterion.index)
        case CellAt():
            return _cell_root(flow, criterion.cell, criterion.step)
    return _jump_root(flow, criterion.step)


def _output_root(flow: Dataflow, index: int) -> Root:
    trace = flow.trace
    dialect, settings = trace.program.dialect, trace.settings
    output = output_of(trace.end, dialect, settings)
    if not 0 <= index < len(output):
        has = "no output" if not output else "1 byte of output" if len(output) == 1 else f"{len(output):,} bytes"
        instead = "; explain a cell instead" if dialect.io is Io.TAPE else ""
        raise CriterionError(f"there is no output byte {index:,}: this run has {has}{instead}")
    if dialect.io is Io.REGIONS:
        return _cell_root(flow, settings.out_start + index, None)
    if index < len(trace.start.output):
        raise CriterionError(f"output byte {index:,} was written before step {trace.first:,}, where the trace begins")
    writes = (flow.primitives == Primitive.WRITE) & (flow.outputs == index)
    step = int(writes.argmax())
    return Root(int(flow.read[step]), output[index], trace.first + step, step, stands_alone=True)


def _cell_root(flow: Dataflow, cell: int, step: int | None) -> Root:
    trace = flow.trace
    moment = trace.end.steps if step is None else step
    if not 0 <= cell < trace.settings.memory:
        raise CriterionError(f"there is no cell {cell:,}: the memory has cells 0 to {trace.settings.memory - 1:,}")
    if moment > trace.end.steps:
        raise CriterionError(f"there is no step {moment:,}: this run has {trace.end.steps:,} steps")
    if moment < trace.first:
        raise CriterionError(f"step {moment:,} lies before step {trace.first:,}, where the trace begins")
    write = flow.last_write(cell, moment - trace.first)
    value = int(trace.start.memory[cell] if write is None else flow.new[write])
    return Root(cell, value, moment, write)


def _jump_root(flow: Dataflow, step: int) -> Root:
    at = step - flow.trace.first
    if not 0 <= at < len(flow):
        raise CriterionError(f"no instruction is executed at step {step:,}: the trace has {_extent(flow)}")
    if flow.primitive(at) not in (Primitive.OPEN, Primitive.CLOSE):
        raise CriterionError(
            f"at step {step:,} instruction {int(flow.instructions[at]):,} is executed, which is no bracket"
        )
    return Root(int(flow.read[at]), int(flow.old[at]), step, at, stands_alone=True)


def _extent(flow: Dataflow) -> str:
    return f"steps {flow.trace.first:,} to {flow.trace.end.steps - 1:,}" if len(flow) else "no steps"
