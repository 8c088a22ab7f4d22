"""The frozen path: a run is executed once more where it was, with changes, and so shows their direct effect.

Which instruction is executed at each step, where the heads are, and how much of the input is read stay as they were
recorded; only values follow from what is changed. So a blanked or another instruction still goes on as the recorded one
did, a test that goes the other way changes nothing, and a head is elsewhere for the one step only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.change import frozen_kernel as kernel
from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, Place, Put, TakeSegment
from gpdebug.explain.change.free import by_step, check_place, in_order, put_value, require_instructions, sites
from gpdebug.explain.change.outcome import Outcome
from gpdebug.explain.change.run import Interrupt, Run, ask
from gpdebug.explain.errors import ChangeError
from vm import layout
from vm.dialect import Io

_CHUNK = 1 << 18
_Row = tuple[int, int, int, int, int]


def frozen_run(
    run: Run, changes: Iterable[Change] = (), *, to_step: int | None = None, interrupt: Interrupt | None = None
) -> Outcome:
    """What a run comes to with changes made in it if it kept to its path.

    Args:
        run: as it was.
        changes: what is changed, each at its step.
        to_step: how far it is followed; None: to its end.
        interrupt: ends the call early.

    Returns:
        The outcome: its path (pc, heads, steps, status) is that of the run.

    Raises:
        ChangeError: a change cannot be made, or moves instructions.
        Interrupted: the user ended it.
    """
    rows = list(_rows(run, changes, interrupt))
    replayed = _Replay(run, np.array(rows, np.int64).reshape(-1, 5))
    replayed.go(to_step, interrupt)
    if to_step is None and rows and rows[-1][0] > replayed.steps:
        raise ChangeError(f"there is no step {rows[-1][0]:,}: the run ends at step {replayed.steps:,}")
    return replayed.outcome()


class _Replay:
    """A machine that runs as it did, and beside it the values with the changes."""

    def __init__(self, run: Run, changes: NDArray[np.int64]) -> None:
        self._run, self._machine, self._changes = run, run.machine(), changes
        dialect, settings = run.program.dialect, run.settings
        living = dialect.self_modifying
        self._code = np.empty(0, np.int64) if living else layout.pack_code(run.program, settings)
        self._decoded = layout.decode_words(dialect, settings)
        self._recorded = run.start.memory.copy() if living else np.empty(0, np.uint8)
        self._memory = run.start.memory.copy()
        self._given = np.frombuffer(run.data, np.uint8).copy()
        self._data = self._given.copy()
        self._eof = int(layout.pack_settings(dialect, settings)[layout.EOF])
        self._instead = np.full(settings.memory if living else len(run.program), kernel.AS_RECORDED, np.int64)
        self._carried = np.array([0, run.start.spare, 0], np.int64)
        self._output = [np.frombuffer(run.start.output, np.uint8)]
        self._written = [np.full(len(run.start.output), -1, np.int64)]

    @property
    def steps(self) -> int:
        return self._machine.steps

    def go(self, to_step: int | None, interrupt: Interrupt | None) -> None:
        """Runs on to a step, or to the end."""
        records = np.empty((_CHUNK, 3), np.int64)
        while True:
            room = _CHUNK if to_step is None else min(_CHUNK, max(0, to_step - self.steps))
            first = self.steps
            count = self._machine.trace(records[:room])
            self._follow(records[:count], first)
            if count < _CHUNK:
                break
            ask(interrupt)
        self._finish()

    def _follow(self, records: NDArray[np.int64], first: int) -> None:
        output, written = np.empty(len(records), np.uint8), np.empty(len(records), np.int64)
        kernel.keep_to_path(
            records, first, self._code, self._decoded, self._recorded, self._memory, self._given, self._data,
            self._eof, self._changes, self._instead, self._carried, output, written,
        )  # fmt: skip
        count = int(self._carried[kernel.WRITTEN])
        self._output.append(output[:count])
        self._written.append(written[:count])

    def _finish(self) -> None:
        """Makes the changes of the last moment."""
        for step, what, where, value, added in self._changes[int(self._carried[kernel.DONE]) :].tolist():
            if step != self.steps:
                return
            if what == kernel.CELL:
                self._memory[where] = (added * int(self._memory[where]) + value) % 256
            elif what == kernel.SPARE:
                self._carried[kernel.SPARE_AT] = (added * int(self._carried[kernel.SPARE_AT]) + value) % 256

    def outcome(self) -> Outcome:
        """What it came to."""
        self._memory.setflags(write=False)
        output = np.concatenate(self._output).tobytes()
        spare = int(self._carried[kernel.SPARE_AT])
        state = replace(self._machine.snapshot(), memory=self._memory, spare=spare, output=output)
        written = None if self._run.program.dialect.io is Io.REGIONS else np.concatenate(self._written)
        return Outcome(state, self._run.output(state), written)


def _rows(run: Run, changes: Iterable[Change], interrupt: Interrupt | None) -> Iterator[_Row]:
    """The changes as the kernel takes them."""
    for step, group in by_step(run, changes):
        for change in in_order(group):
            match change:
                case BlankSite():
                    at = run.at(step, interrupt)
                    symbol = blank_symbol(run.program.dialect)[1]
                    for place in sites(at, change):
                        yield from _code_rows(run, step, place, bytes([symbol]), blank=True)
                case TakeSegment():
                    require_instructions(run, change.first, change.last)
                    if not change.keeps_places:
                        raise ChangeError(
                            "a segment of another length moves the instructions behind it: there is no path to keep to"
                        )
                    yield from _code_rows(run, step, change.first, change.code)
                case Put():
                    yield from _put_rows(run, step, change)
        if any(isinstance(change, BlankStep) for change in group):
            yield step, kernel.BLANK, 0, 0, 0


def _code_rows(run: Run, step: int, first: int, code: bytes, *, blank: bool = False) -> Iterator[_Row]:
    words = layout.decode_words(run.program.dialect, run.settings)
    for place, byte in enumerate(code, first):
        if run.program.dialect.self_modifying:
            yield step, kernel.CELL, place, byte, 0
        yield step, kernel.CODE, place, layout.NOP if blank else int(words[byte]), 0


def _put_rows(run: Run, step: int, change: Put) -> Iterator[_Row]:
    check_place(run, change)
    value, added = change.value, int(change.is_added)
    if not added:
        value = put_value(change, 0, cells=run.settings.memory, edge=run.settings.edge)
    match change.place:
        case Place.CELL:
            yield step, kernel.CELL, change.index, value, added
        case Place.HEAD:
            yield step, kernel.HEAD1 if change.index else kernel.HEAD0, 0, value, added
        case Place.SPARE:
            yield step, kernel.SPARE, 0, value, added
        case Place.INPUT:
            yield step, kernel.INPUT, change.index, value, added
            if run.program.dialect.io is Io.REGIONS:
                yield step, kernel.CELL, run.settings.in_at + change.index, value, added
