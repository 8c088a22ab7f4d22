"""Free runs: a run with some changes made in it goes on by itself, and so shows the total effect of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment
from gpdebug.explain.change.flip import flip_test, primitive_at
from gpdebug.explain.change.outcome import Outcome
from gpdebug.explain.change.run import Interrupt, Run, drive
from gpdebug.explain.errors import ChangeError
from vm.dialect import Io, Primitive
from vm.errors import VMError
from vm.machine import Machine
from vm.program import Program, bracket_partners
from vm.settings import Edge
from vm.state import Pause, State, Status
from vm.stops import Mode, Stop, StopSet, Stream
from vm.touch import Access

_ROOM = 4096


def free_run(
    run: Run, changes: Iterable[Change] = (), *, to_step: int | None = None, interrupt: Interrupt | None = None
) -> Outcome:
    """What a run comes to with changes made in it.

    Args:
        run: as it was.
        changes: what is changed, each at its step of the run as the changes before it have made it; of one step first
            what holds another value or is another instruction, then what is done otherwise.
        to_step: how far it is followed; None: to its end.
        interrupt: ends the call early.

    Raises:
        ChangeError: a change cannot be made.
        Interrupted: the user ended it.
    """
    written: list[NDArray[np.int64]] = []
    before = np.full(len(run.start.output), -1, np.int64)
    made = ""
    for step, group in by_step(run, changes):
        if to_step is not None and step > to_step:
            break
        run = apply(_advanced(run, step, written, made, interrupt), group)
        made = " with what is changed before"
    machine = run.machine()
    written.append(_write_steps(machine, to_step, interrupt))
    state = machine.snapshot()
    steps = None if run.program.dialect.io is Io.REGIONS else np.concatenate([before, *written])
    return Outcome(state, run.output(state), steps)


def by_step(run: Run, changes: Iterable[Change]) -> Iterator[tuple[int, list[Change]]]:
    """The changes of each step, in the order of the steps.

    Raises:
        ChangeError: one lies before the beginning of the run.
    """
    first = run.start.steps

    def when(change: Change) -> int:
        return first if change.step is None else change.step

    for step, group in groupby(sorted(changes, key=when), key=when):
        if step < first:
            raise ChangeError(f"step {step:,} lies before step {first:,}, where this run begins")
        yield step, list(group)


def _advanced(
    run: Run, step: int, written: list[NDArray[np.int64]], made: str, interrupt: Interrupt | None
) -> Run:  # fmt: skip
    machine = run.machine()
    written.append(_write_steps(machine, step, interrupt))
    if machine.steps < step:
        raise ChangeError(f"there is no step {step:,}:{made} the run ends at step {machine.steps:,}")
    return replace(run, start=machine.snapshot())


def _write_steps(machine: Machine, to_step: int | None, interrupt: Interrupt | None) -> NDArray[np.int64]:
    """Runs on; the steps at which bytes of the output were written."""
    if machine.program.dialect.io is Io.REGIONS:
        drive(machine, to_step=to_step, interrupt=interrupt)
        return np.empty(0, np.int64)
    stops = StopSet([Stop(Stream(Access.OUTPUT))], mode=Mode.COLLECT, room=_ROOM)
    parts = []
    while drive(machine, stops=stops, to_step=to_step, interrupt=interrupt) is Pause.STOP:
        parts.append(stops.collected())
    return np.concatenate([*parts, stops.collected()]) - 1


def apply(run: Run, changes: list[Change]) -> Run:
    """Makes the changes of one step, at the beginning of a run.

    Raises:
        ChangeError: one cannot be made.
    """
    blanks = [place for change in changes if isinstance(change, BlankSite) for place in sites(run, change)]
    if blanks:
        run = _with_code(run, dict.fromkeys(blanks, blank_symbol(run.program.dialect)[1]), blank=True)
    for change in in_order(changes):
        match change:
            case TakeSegment():
                run = _with_segment(run, change)
            case Put():
                run = _put(run, change)
    flips = sum(isinstance(change, FlipTest) for change in changes) % 2
    skips = any(isinstance(change, BlankStep) for change in changes)
    if flips and skips:
        raise ChangeError(f"at step {run.start.steps:,} a test is both flipped and blanked: leave one of them out")
    if skips:
        return _with_blank_step(run)
    return flip_test(run) if flips else run


def in_order(changes: list[Change]) -> list[Change]:
    """What one step's changes are made in: blanks, segments from the last on, so that indices are as before, values."""
    blanks = [change for change in changes if isinstance(change, BlankSite)]
    segments = sorted(
        (change for change in changes if isinstance(change, TakeSegment)), key=lambda change: change.first, reverse=True
    )
    return [*blanks, *segments, *(change for change in changes if isinstance(change, Put))]


def put_value(change: Put, before: int, *, cells: int, edge: Edge) -> int:
    """What something holds once it was changed.

    Raises:
        ChangeError: it cannot hold that.
    """
    value = before + change.value if change.is_added else change.value
    if change.place is Place.HEAD:
        if change.is_added and edge is Edge.WRAP:
            value %= cells
        if not 0 <= value < cells:
            raise ChangeError(f"head{change.index} cannot be at cell {value:,}: cells are 0 to {cells - 1:,}")
    elif change.is_added:
        value %= 256
    elif not -128 <= value <= 255:
        raise ChangeError(f"a byte is 0 to 255, or -128 to 127, not {value:,}")
    return value if change.place is Place.HEAD else value % 256


def check_place(run: Run, change: Put) -> None:
    """Makes sure that there is what is to be changed.

    Raises:
        ChangeError: there is not.
    """
    cells, data = run.settings.memory, run.data
    if change.place is Place.CELL and not 0 <= change.index < cells:
        raise ChangeError(f"there is no cell {change.index:,}: cells are 0 to {cells - 1:,}")
    if change.place is Place.INPUT and not 0 <= change.index < len(data):
        has = f"bytes 0 to {len(data) - 1:,}" if data else "none"
        raise ChangeError(f"there is no input byte {change.index:,}: the input has {has}")


def _put(run: Run, change: Put) -> Run:
    check_place(run, change)
    state = run.start
    cells, edge, index = run.settings.memory, run.settings.edge, change.index
    match change.place:
        case Place.CELL:
            value = put_value(change, int(state.memory[index]), cells=cells, edge=edge)
            return run.going_on(_with_cell(state, index, value))
        case Place.HEAD:
            value = put_value(change, state.head1 if index else state.head0, cells=cells, edge=edge)
            return run.going_on(replace(state, head1=value) if index else replace(state, head0=value))
        case Place.SPARE:
            return run.going_on(replace(state, spare=put_value(change, state.spare, cells=cells, edge=edge)))
    value = put_value(change, run.data[index], cells=cells, edge=edge)
    data = run.data[:index] + bytes([value]) + run.data[index + 1 :]
    if run.program.dialect.io is Io.REGIONS:
        cell = run.settings.in_at + index
        state = _with_cell(state, cell, put_value(change, int(state.memory[cell]), cells=cells, edge=edge))
    return replace(run, data=data).going_on(state)


def _with_cell(state: State, cell: int, value: int) -> State:
    memory = state.memory.copy()
    memory[cell] = value
    memory.setflags(write=False)
    return replace(state, memory=memory)


def sites(run: Run, change: BlankSite) -> list[int]:
    """The instructions that a change at the beginning of a run blanks.

    Raises:
        ChangeError: there is no such instruction, or no such pair.
    """
    require_instructions(run, change.instruction, change.instruction)
    if not change.is_pair:
        return [change.instruction]
    primitives = run.program.dialect.table[0][run.code]
    if primitives[change.instruction] not in (Primitive.OPEN, Primitive.CLOSE):
        raise ChangeError(f"instruction {change.instruction:,} is no bracket: blank it alone")
    partner = int(bracket_partners(primitives)[change.instruction])
    if partner < 0:
        raise ChangeError(f"instruction {change.instruction:,} has no partner: blank it alone")
    return [change.instruction, partner]


def require_instructions(run: Run, first: int, last: int) -> None:
    """Makes sure that a run has some instructions at its beginning.

    Raises:
        ChangeError: it has not.
    """
    size = len(run.code)
    if first < 0 or last >= size:
        wrong = first if not 0 <= first < size else last
        has = f"instructions are 0 to {size - 1:,}" if size else "the program is empty"
        raise ChangeError(f"there is no instruction {wrong:,}: {has}")


def _with_segment(run: Run, change: TakeSegment) -> Run:
    require_instructions(run, change.first, max(change.first - 1, change.last))
    dialect = run.program.dialect
    try:
        Program(change.code, dialect)
    except VMError as error:
        raise ChangeError(f"{change.source or 'what is written out'} cannot be taken: {error}") from None
    if change.keeps_places:
        return _with_code(run, {change.first + at: byte for at, byte in enumerate(change.code)})
    if not is_beginning(run):
        raise ChangeError(
            f"instructions {change.first:,} to {change.last:,} can become {len(change.code):,} others only at the "
            "beginning of the run: those behind them move"
        )
    code = run.program.code.tobytes()
    return _loaded(run, Program(code[: change.first] + change.code + code[change.last + 1 :], dialect))


def _with_code(run: Run, symbols: dict[int, int], *, blank: bool = False) -> Run:
    """The run with some instructions that are other bytes, from its beginning on."""
    places, values = list(symbols), list(symbols.values())
    dialect = blank_symbol(run.program.dialect)[0] if blank else run.program.dialect
    if dialect.self_modifying and not is_beginning(run):
        state = run.start
        for place, value in symbols.items():
            state = _with_cell(state, place, value)
        return run.going_on(state)
    code = run.program.code.copy() if not dialect.self_modifying else _whole_tape(run, max(places))
    code[places] = values
    return _loaded(run, Program(code.tobytes(), dialect), f"; 'blank pair {places[0]}' takes both" if blank else "")


def _whole_tape(run: Run, last: int) -> NDArray[np.uint8]:
    """The code of a program that is its memory, followed by the empty cells up to one that is to be an instruction."""
    code = np.zeros(max(len(run.program), last + 1), np.uint8)
    code[: len(run.program)] = run.program.code
    return code


def is_beginning(run: Run) -> bool:
    """Whether a run begins where the program is loaded, with nothing changed since."""
    return run.start.steps == 0 and run.start == Run.of(run.program, run.data, run.settings).start


def _loaded(run: Run, program: Program, hint: str = "") -> Run:
    """The run of another program: from its first moment if it begins there, else from the same moment."""
    try:
        loaded = Run.of(program, run.data, run.settings)
    except VMError as error:
        raise ChangeError(f"such a program is refused: {error}{hint}") from None
    return loaded if is_beginning(run) else replace(run, program=program).going_on(run.start)


def _with_blank_step(run: Run) -> Run:
    state = run.start
    if primitive_at(run) is None:
        raise ChangeError(f"no instruction is executed at step {state.steps:,}: the run is over")
    return replace(run, start=replace(state, pc=state.pc + 1, steps=state.steps + 1, status=Status.RUNNING))
