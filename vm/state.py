"""What a machine is at one moment, and why a run ended or paused: plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Heads, Io
from vm.errors import InputError
from vm.program import Program
from vm.settings import Settings, Unmatched


class Status(IntEnum):
    """Whether a run goes on, or why it ended; `name.lower()` is how the outside spells it."""

    RUNNING = 0
    FINISHED = 1
    STEP_LIMIT = 2
    HALTED = 3
    OUT_OF_BOUNDS = 4
    UNMATCHED_BRACKET = 5
    INPUT_EXHAUSTED = 6
    OUTPUT_LIMIT = 7

    @property
    def is_fault(self) -> bool:
        """The instruction at pc could not be executed."""
        return self >= Status.OUT_OF_BOUNDS

    def __str__(self) -> str:
        return self.name.lower()


class Pause(IntEnum):
    """Why a call that advances a machine came back."""

    ENDED = 0
    """The run is over: see the status."""
    BUDGET = 1
    """The steps that were asked for are done."""
    STOP = 2
    """A stop fired at pc, before its instruction is executed."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One moment of a run, complete and immutable.

    Attributes:
        pc, head0, head1: instruction and cell indexes.
        steps: instructions executed so far.
        status: `RUNNING` until something ended the run.
        input_pos: bytes of the input that `read` has taken.
        spare: the register of `stash`.
        memory: `uint8[memory]`, read-only.
        output: what `write` has appended. For regions, see `output_of`.
    """

    pc: int
    head0: int
    head1: int
    steps: int
    status: Status
    input_pos: int
    spare: int
    memory: NDArray[np.uint8]
    output: bytes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.registers == other.registers and bool(np.array_equal(self.memory, other.memory))

    __hash__ = None  # type: ignore[assignment]

    @property
    def registers(self) -> tuple[int | bytes, ...]:
        """Everything but the memory, comparable."""
        return (
            self.pc, self.head0, self.head1, self.steps, int(self.status), self.input_pos, self.spare, self.output
        )  # fmt: skip


def initial_state(program: Program, data: bytes, settings: Settings) -> State:
    """The state before the first step, inputs in place.

    Raises:
        InputError: the input or a self-modifying program does not fit.
        ProgramError: a bracket has no partner and the settings reject that.
    """
    dialect = program.dialect
    if settings.unmatched is Unmatched.REJECT:
        program.require_matched()
    memory = np.zeros(settings.memory, np.uint8)
    head0 = head1 = pc = 0
    if dialect.self_modifying:
        if len(program) > settings.memory:
            raise InputError(f"the program has {len(program):,} bytes, the memory it is only {settings.memory:,} cells")
        memory[: len(program)] = program.code
    if dialect.io is Io.REGIONS:
        _place_input(memory, data, settings)
        head0, head1 = settings.in_at, settings.out_start
    elif dialect.io is Io.TAPE and data:
        raise InputError(f"{dialect.name} takes no input: its tape is its program")
    if dialect.heads is Heads.TAPE:
        head0, head1 = int(memory[0]) % settings.memory, int(memory[min(1, settings.memory - 1)]) % settings.memory
        pc = 2
    memory.setflags(write=False)
    return State(pc, head0, head1, 0, Status.RUNNING, 0, 0, memory, b"")


def _place_input(memory: NDArray[np.uint8], data: bytes, settings: Settings) -> None:
    room = settings.memory - settings.in_at
    if len(data) > room:
        raise InputError(
            f"the input has {len(data):,} bytes, but from cell {settings.in_at:,} the memory has room for {room:,}"
        )
    memory[settings.in_at : settings.in_at + len(data)] = np.frombuffer(data, np.uint8)


def output_of(state: State, dialect: Dialect, settings: Settings) -> bytes:
    """The output as of a moment: what was written, or what the output region holds."""
    if dialect.io is not Io.REGIONS:
        return state.output
    region = state.memory[settings.out_start :]
    if settings.out_len is not None:
        return region[: settings.out_len].tobytes()
    return region[: _before_zero(region)].tobytes()


def _before_zero(cells: NDArray[np.uint8]) -> int:
    """How many cells come before the first zero; looks at little more than those."""
    start, size = 0, 4096
    while start < len(cells):
        zeros = np.flatnonzero(cells[start : start + size] == 0)
        if zeros.size:
            return start + int(zeros[0])
        start, size = start + size, 2 * size
    return len(cells)


def describe(state: State, dialect: Dialect, settings: Settings) -> dict[str, int | str]:
    """A moment as scripts and conformance vectors spell it: bytes in hex, the status by name."""
    return {
        "pc": state.pc,
        "head0": state.head0,
        "head1": state.head1,
        "steps": state.steps,
        "status": str(state.status),
        "memory": state.memory.tobytes().hex(),
        "output": output_of(state, dialect, settings).hex(),
        "input_pos": state.input_pos,
    }
