"""The list of the user's stops: numbered, checked against the program, changed one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.places import AtInstruction, Event, OnCells, OnChange, OnEvent, Where
from gpdebug.debugger.stops import UserStop, parse_message, parse_rule
from vm.conditions import parse
from vm.program import Program
from vm.stops import Cells, Change
from vm.touch import Access


class StopList:
    """The stops of one program, in the order in which they were set.

    Attributes:
        revision: grows with each change, so that what was counted for an older list is not mistaken for new.
    """

    def __init__(self, program: Program, size: int, memory: int) -> None:
        """Starts empty.

        Args:
            program: where the stops are set.
            size: number of places pc can be at: the length of the program, or of the memory that is the program.
            memory: number of cells.
        """
        self._program = program
        self._size = size
        self._memory = memory
        self._stops: dict[int, UserStop] = {}
        self._next = 1
        self.revision = 0

    def __iter__(self) -> Iterator[UserStop]:
        return iter(tuple(self._stops.values()))

    def __len__(self) -> int:
        return len(self._stops)

    def __getitem__(self, number: int) -> UserStop:
        """One stop.

        Raises:
            StopError: there is none of this number.
        """
        if number not in self._stops:
            known = ", ".join(map(str, self._stops)) or "there are none"
            raise StopError(f"there is no stop {number} (stops: {known})")
        return self._stops[number]

    def at(self, instruction: int) -> tuple[UserStop, ...]:
        """The stops at an instruction."""
        return tuple(stop for stop in self if stop.instruction == instruction)

    def watching(self, cell: int) -> tuple[UserStop, ...]:
        """The watchpoints on exactly this cell, whatever access they wait for."""
        return tuple(
            stop
            for stop in self
            if isinstance(stop.where, OnCells) and replace(stop.where.cells, access=Access.CHANGE) == Cells(cell)
        )

    def add(self, instruction: int, **terms: Any) -> UserStop:
        """Sets a breakpoint: it fires before an instruction is executed.

        Args:
            instruction: where.
            terms: condition, hit rule and the rest, as for `set`.

        Raises:
            StopError: no such instruction, a wrong rule or message.
            ConditionError: a wrong expression.
        """
        return self.set(self._instruction(instruction), **terms)

    def watch_cells(
        self, low: int, size: int = 1, *, head: int | None = None, access: Access = Access.CHANGE, **terms: Any
    ) -> UserStop:
        """Sets a watchpoint: it fires after a step that accessed cells.

        Args:
            low: the first cell, or its distance from a head.
            size: how many, wrapping around at the end of the memory.
            head: 0 or 1: `low` counts from where this head is at the time.
            access: which accesses count.
            terms: condition, hit rule and the rest, as for `set`.

        Raises:
            StopError: no such cells, a wrong rule or message.
            ConditionError: a wrong expression.
        """
        return self.set(OnCells(Cells(low, size, head, access)), **terms)

    def watch_expression(self, expression: str, **terms: Any) -> UserStop:
        """Sets a watchpoint that fires after a step that gave an expression another value.

        Raises:
            ConditionError: a wrong expression.
            StopError: a wrong rule or message.
        """
        return self.set(OnChange(Change(parse(expression))), **terms)

    def catch(self, event: Event, **terms: Any) -> UserStop:
        """Sets a stop at output, input or an end of the run.

        Raises:
            ConditionError: a wrong expression.
            StopError: a wrong rule or message.
        """
        return self.set(OnEvent(event), **terms)

    def set(self, where: Where, **terms: Any) -> UserStop:
        """Sets a stop at a place.

        Args:
            where: the place.
            terms: any of
                condition: an expression, or no text;
                rule: `>= 10`, `% 3`, `== 5`, or no text;
                message: makes it a logpoint: what to write, `{expression}` filled in;
                temporary: goes when a run stops at it;
                note: what the user writes about it;
                after: number of the stop that arms it;
                snapshot: take a snapshot each time it fires.

        Raises:
            StopError: no such place, a wrong rule, message or number.
            ConditionError: a wrong expression.
        """
        return self._keep(self._made(self._next, where, **terms))

    def change(self, number: int, where: Where, **terms: Any) -> UserStop:
        """Gives a stop another place and other terms, those of `set`, all at once or not at all.

        Whether it is enabled stays as it was.

        Raises:
            StopError: there is no such stop or place, a wrong rule, message or number.
            ConditionError: a wrong expression.
        """
        enabled = self[number].enabled
        return self._change(number, replace(self._made(number, where, **terms), enabled=enabled))

    def checked(self, where: Where) -> Where:
        """A place as this program has it, with the symbol that stands there.

        Raises:
            StopError: there is no such place.
        """
        if isinstance(where, AtInstruction):
            where = self._instruction(where.instruction)
        misfit = self._misfit(where)
        if misfit is not None:
            raise StopError(misfit)
        return where

    def checked_after(self, number: int, after: int | None) -> int | None:
        """The stop that arms one of this number.

        Raises:
            StopError: there is no such stop, it goes when it fires, or it waits itself for this one.
        """
        link = after
        while link is not None:
            if link == number:
                raise StopError(f"stop {number} would wait for itself")
            stop = self[link]
            if stop.temporary and link == after:
                raise StopError(f"stop {link} goes when a run stops at it, so it cannot arm another")
            link = stop.after
        return after

    @property
    def next_number(self) -> int:
        """The number of the stop that is set next."""
        return self._next

    def adopt(self, stops: Iterable[UserStop]) -> tuple[UserStop, ...]:
        """Takes over stops that were saved, under new numbers; flags those that do not fit."""
        numbers: dict[int, int] = {}
        adopted = []
        for stop in stops:
            after = None if stop.after is None else numbers.get(stop.after, stop.after)
            kept = self._keep(replace(stop, id=self._next, after=after, misfit=self._misfit(stop.where)))
            numbers[stop.id] = kept.id
            adopted.append(kept)
        for kept in adopted:
            if kept.after is not None and kept.after not in self._stops:
                self._change(kept.id, replace(kept, after=None))
        return tuple(self._stops[kept.id] for kept in adopted)

    def toggle(self, instruction: int) -> UserStop | None:
        """Removes the breakpoints at an instruction, or sets one if there are none; logpoints stay."""
        here = [stop for stop in self.at(instruction) if stop.message is None]
        if not here:
            return self.add(instruction)
        for stop in here:
            self.remove(stop.id)
        return None

    def toggle_watch(self, cell: int) -> UserStop | None:
        """Removes the watchpoints on exactly this cell, or sets one on its changes if there are none."""
        here = [stop for stop in self.watching(cell) if stop.message is None]
        if not here:
            return self.watch_cells(cell)
        for stop in here:
            self.remove(stop.id)
        return None

    def remove(self, number: int) -> UserStop:
        """Deletes a stop and returns it; those that it was to arm are armed from the start."""
        stop = self[number]
        del self._stops[number]
        for other in self:
            if other.after == number:
                self._stops[other.id] = replace(other, after=None)
        self.revision += 1
        return stop

    def clear(self) -> None:
        """Deletes all stops."""
        self._stops.clear()
        self.revision += 1

    def enable(self, number: int, enabled: bool = True) -> UserStop:
        """Lets a stop fire, or not."""
        return self._change(number, replace(self[number], enabled=enabled))

    def set_condition(self, number: int, condition: str) -> UserStop:
        """Gives a stop another condition; no text removes it."""
        return self._change(number, replace(self[number], condition=parse(condition) if condition.strip() else None))

    def set_rule(self, number: int, rule: str) -> UserStop:
        """Gives a stop another hit rule; no text means every hit."""
        return self._change(number, replace(self[number], rule=parse_rule(rule)))

    def set_message(self, number: int, message: str | None) -> UserStop:
        """Makes a stop a logpoint with this message, or, without one, a breakpoint."""
        return self._change(number, replace(self[number], message=None if message is None else parse_message(message)))

    def set_note(self, number: int, note: str) -> UserStop:
        """Writes something about a stop."""
        return self._change(number, replace(self[number], note=note.strip()))

    def set_snapshot(self, number: int, snapshot: bool) -> UserStop:
        """Has a snapshot taken each time a stop fires, or not."""
        return self._change(number, replace(self[number], snapshot=snapshot))

    def set_after(self, number: int, after: int | None) -> UserStop:
        """Has a stop armed by another, or, with None, from the start.

        Raises:
            StopError: there is no such stop, it goes when it fires, or it waits itself for this one.
        """
        stop = self[number]
        return self._change(number, replace(stop, after=self.checked_after(number, after)))

    def symbol_at(self, instruction: int) -> str:
        """The symbol that the loaded program has at a place; a cell beyond it holds byte 0."""
        return chr(self._program.code[instruction]) if instruction < len(self._program) else "\0"

    def _made(
        self,
        number: int,
        where: Where,
        *,
        condition: str = "",
        rule: str = "",
        message: str | None = None,
        temporary: bool = False,
        note: str = "",
        after: int | None = None,
        snapshot: bool = False,
    ) -> UserStop:
        """A stop of what the user wrote, all of it checked."""
        arms = next((stop.id for stop in self if stop.after == number), None)
        if temporary and arms is not None:
            raise StopError(f"stop {number} arms stop {arms}, so it cannot go when a run stops at it")
        return UserStop(
            number,
            self.checked(where),
            condition=parse(condition) if condition.strip() else None,
            rule=parse_rule(rule),
            message=None if message is None else parse_message(message),
            temporary=temporary,
            note=note.strip(),
            after=self.checked_after(number, after),
            snapshot=snapshot,
        )

    def _misfit(self, where: Where) -> str | None:
        """Why a place is not one of this program."""
        if isinstance(where, OnCells):
            return self._misfit_of_cells(where.cells)
        if not isinstance(where, AtInstruction):
            return None
        if not 0 <= where.instruction < self._size:
            return f"there is no instruction {where.instruction:,} in this program"
        symbol = self.symbol_at(where.instruction)
        return (
            None
            if where.symbol == symbol
            else f"instruction {where.instruction:,} was {where.symbol!r}, now {symbol!r}"
        )

    def _misfit_of_cells(self, cells: Cells) -> str | None:
        if cells.head is None and not 0 <= cells.low < self._memory:
            return f"there is no cell {cells.low:,}: cells are 0 to {self._memory - 1:,}"
        if not 1 <= cells.size <= self._memory:
            return f"{cells.size:,} cells cannot be watched: the memory has {self._memory:,}, and one is the least"
        return None

    def _instruction(self, instruction: int) -> AtInstruction:
        """An instruction as the program has it.

        Raises:
            StopError: there is none of this index.
        """
        if not 0 <= instruction < self._size:
            what = f"instructions are 0 to {self._size - 1:,}" if self._size else "the program is empty"
            raise StopError(f"there is no instruction {instruction:,}: {what}")
        return AtInstruction(instruction, self.symbol_at(instruction))

    def _keep(self, stop: UserStop) -> UserStop:
        self._stops[stop.id] = stop
        self._next = stop.id + 1
        self.revision += 1
        return stop

    def _change(self, number: int, stop: UserStop) -> UserStop:
        self._stops[number] = stop
        self.revision += 1
        return stop
