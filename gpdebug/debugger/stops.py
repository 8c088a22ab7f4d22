"""The user's stops: breakpoints and logpoints, numbered, with condition and hit rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gpdebug.debugger.errors import StopError
from vm.conditions import Condition, parse
from vm.errors import ConditionError
from vm.program import Program
from vm.state import State
from vm.stops import HitKind, HitRule, Stop

_RULE = re.compile(r"\s*(==|>=|%)\s*(\d+)\s*\Z")
_RULE_KINDS = {"==": HitKind.EQUAL, ">=": HitKind.AT_LEAST, "%": HitKind.EVERY}
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class StopKind(StrEnum):
    """What a stop does when it fires."""

    BREAKPOINT = "breakpoint"
    TEMPORARY = "temporary breakpoint"
    LOGPOINT = "logpoint"


@dataclass(frozen=True, slots=True)
class Message:
    """The text of a logpoint, with expressions to fill in.

    Attributes:
        text: as the user wrote it: `cell 3 is {mem[3]}`; `{{` and `}}` stand for braces.
        parts: its pieces, literal text or expression.
    """

    text: str
    parts: tuple[str | Condition, ...]


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A stop of the user, immutable; changing one replaces it in its list.

    Attributes:
        id: its number, never used again in this session.
        instruction: where: it fires before this instruction is executed.
        symbol: what stood there when it was set, to notice when a program has changed.
        condition: must be non-zero, or None.
        rule: which of the hits fire; hits are counted since step 0, condition first.
        message: for a logpoint, what it writes; it never stops a run.
        temporary: it goes when a run stops at it.
        enabled: a disabled stop does nothing.
        misfit: why it does not fit the program (it was saved with another version); such a stop does nothing.
    """

    id: int
    instruction: int
    symbol: str
    condition: Condition | None = None
    rule: HitRule = field(default_factory=HitRule)
    message: Message | None = None
    temporary: bool = False
    enabled: bool = True
    misfit: str | None = None

    @property
    def kind(self) -> StopKind:
        """What it does when it fires."""
        if self.message is not None:
            return StopKind.LOGPOINT
        return StopKind.TEMPORARY if self.temporary else StopKind.BREAKPOINT

    @property
    def is_active(self) -> bool:
        """Whether it can fire."""
        return self.enabled and self.misfit is None

    @property
    def needs_hits(self) -> bool:
        """Whether it depends on how often it was hit before."""
        by_condition = self.condition is not None and re.search(r"\bhits\b", self.condition.text)
        return self.rule.kind is not HitKind.ALWAYS or bool(by_condition)

    def __str__(self) -> str:
        text = f"{self.kind} {self.id} at {self.instruction} {self.symbol!r}"
        if self.condition is not None:
            text += f" if {self.condition.text}"
        if str(self.rule):
            text += f" hit {self.rule}"
        if self.message is not None:
            text += f" {self.message.text!r}"
        return text


def parse_rule(text: str) -> HitRule:
    """Reads a hit rule: `>= 10`, `% 3`, `== 5`; no text means every hit.

    Raises:
        StopError: it is none of these.
    """
    if not text.strip():
        return HitRule()
    match = _RULE.match(text)
    if match is None or int(match[2]) < 1:
        raise StopError(f"a hit rule is '== N', '>= N' or '% N' with N at least 1, not {text.strip()!r}")
    return HitRule(_RULE_KINDS[match[1]], int(match[2]))


def parse_message(text: str) -> Message:
    """Reads the text of a logpoint.

    Raises:
        StopError: a brace without its partner.
        ConditionError: a wrong expression; its column counts from the start of `text`.
    """
    parts: list[str | Condition] = []
    last = 0
    for match in _FIELD.finditer(text):
        parts.append(text[last : match.start()])
        last = match.end()
        if match[0] in ("{{", "}}"):
            parts.append(match[0][0])
        elif match[1] is None:
            raise StopError(
                f"column {match.start() + 1}: {match[0]!r} has no partner; write {match[0] * 2!r} for itself"
            )
        else:
            parts.append(_field(match[1], match.start(1)))
    parts.append(text[last:])
    return Message(text, tuple(part for part in parts if part != ""))


def _field(text: str, column: int) -> Condition:
    try:
        return parse(text)
    except ConditionError as error:
        raise ConditionError(str(error), column=column + error.column) from None


class StopList:
    """The stops of one program, in the order in which they were set.

    Attributes:
        revision: grows with each change, so that what was counted for an older list is not mistaken for new.
    """

    def __init__(self, program: Program, size: int) -> None:
        """Starts empty.

        Args:
            program: where the stops are set.
            size: number of places pc can be at: the length of the program, or of the memory that is the program.
        """
        self._program = program
        self._size = size
        self._stops: dict[int, Breakpoint] = {}
        self._next = 1
        self.revision = 0

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(tuple(self._stops.values()))

    def __len__(self) -> int:
        return len(self._stops)

    def __getitem__(self, number: int) -> Breakpoint:
        """One stop.

        Raises:
            StopError: there is none of this number.
        """
        if number not in self._stops:
            known = ", ".join(map(str, self._stops)) or "there are none"
            raise StopError(f"there is no stop {number} (stops: {known})")
        return self._stops[number]

    def at(self, instruction: int) -> tuple[Breakpoint, ...]:
        """The stops at an instruction."""
        return tuple(stop for stop in self if stop.instruction == instruction)

    def add(
        self,
        instruction: int,
        *,
        condition: str = "",
        rule: str = "",
        message: str | None = None,
        temporary: bool = False,
    ) -> Breakpoint:
        """Sets a stop.

        Args:
            instruction: where.
            condition: an expression, or no text.
            rule: `>= 10`, `% 3`, `== 5`, or no text.
            message: makes it a logpoint: what to write, `{expression}` filled in.
            temporary: goes when a run stops at it.

        Raises:
            StopError: no such instruction, a wrong rule or message.
            ConditionError: a wrong expression.
        """
        if not 0 <= instruction < self._size:
            what = f"instructions are 0 to {self._size - 1:,}" if self._size else "the program is empty"
            raise StopError(f"there is no instruction {instruction:,}: {what}")
        return self._keep(
            Breakpoint(
                self._next,
                instruction,
                self.symbol_at(instruction),
                condition=parse(condition) if condition.strip() else None,
                rule=parse_rule(rule),
                message=None if message is None else parse_message(message),
                temporary=temporary,
            )
        )

    def adopt(self, stop: Breakpoint) -> Breakpoint:
        """Takes over a stop that was saved, under a new number; flags it if it does not fit."""
        misfit = None
        if not 0 <= stop.instruction < self._size:
            misfit = f"there is no instruction {stop.instruction:,} in this program"
        elif stop.symbol != self.symbol_at(stop.instruction):
            misfit = f"instruction {stop.instruction:,} was {stop.symbol!r}, now {self.symbol_at(stop.instruction)!r}"
        return self._keep(replace(stop, id=self._next, misfit=misfit))

    def toggle(self, instruction: int) -> Breakpoint | None:
        """Removes the breakpoints at an instruction, or sets one if there are none; logpoints stay."""
        here = [stop for stop in self.at(instruction) if stop.message is None]
        if not here:
            return self.add(instruction)
        for stop in here:
            self.remove(stop.id)
        return None

    def remove(self, number: int) -> Breakpoint:
        """Deletes a stop and returns it."""
        stop = self[number]
        del self._stops[number]
        self.revision += 1
        return stop

    def clear(self) -> None:
        """Deletes all stops."""
        self._stops.clear()
        self.revision += 1

    def enable(self, number: int, enabled: bool = True) -> Breakpoint:
        """Lets a stop fire, or not."""
        return self._change(number, replace(self[number], enabled=enabled))

    def set_condition(self, number: int, condition: str) -> Breakpoint:
        """Gives a stop another condition; no text removes it."""
        return self._change(number, replace(self[number], condition=parse(condition) if condition.strip() else None))

    def set_rule(self, number: int, rule: str) -> Breakpoint:
        """Gives a stop another hit rule; no text means every hit."""
        return self._change(number, replace(self[number], rule=parse_rule(rule)))

    def set_message(self, number: int, message: str | None) -> Breakpoint:
        """Makes a stop a logpoint with this message, or, without one, a breakpoint."""
        return self._change(number, replace(self[number], message=None if message is None else parse_message(message)))

    def symbol_at(self, instruction: int) -> str:
        """The symbol that the loaded program has at a place; a cell beyond it holds byte 0."""
        return chr(self._program.code[instruction]) if instruction < len(self._program) else "\0"

    def _keep(self, stop: Breakpoint) -> Breakpoint:
        self._stops[stop.id] = stop
        self._next = stop.id + 1
        self.revision += 1
        return stop

    def _change(self, number: int, stop: Breakpoint) -> Breakpoint:
        self._stops[number] = stop
        self.revision += 1
        return stop


def compiled(stop: Breakpoint) -> Stop:
    """The stop as the machine needs it."""
    return Stop(stop.instruction, stop.condition, stop.rule)


def filled(message: Message, state: State, *, data: bytes, output: bytes, hits: int) -> str:
    """A logpoint's message with its expressions filled in at a moment."""
    return "".join(
        part if isinstance(part, str) else str(part.value(state, data=data, output=output, hits=hits))
        for part in message.parts
    )
