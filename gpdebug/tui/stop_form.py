"""A stop as a form: what the user wrote and chose, what is wrong with it, and the stop that it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.place_text import parse_place
from gpdebug.debugger.places import ACCESSES, AtInstruction, Event, OnCells, OnChange, OnEvent, Where, cells_words
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stops import StopKind, UserStop, parse_message, parse_rule
from gpdebug.debugger.whole_numbers import whole_number
from vm.conditions import parse
from vm.errors import ConditionError
from vm.touch import Access


class Kind(StrEnum):
    """Where a stop is."""

    INSTRUCTION = "at an instruction"
    WATCH = "on cells or a value"
    EVENT = "on an event"


class Text(StrEnum):
    """A text of the form."""

    PLACE = "place"
    CONDITION = "condition"
    RULE = "rule"
    MESSAGE = "message"
    AFTER = "after"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class StopForm:
    """What was written and chosen.

    Attributes:
        kind: where it is.
        place: the index of an instruction, or what is watched.
        access: a name of `ACCESSES`.
        event: what is caught.
        condition, rule, message, after, note: as written, or empty.
        temporary: whether it goes when a run stops at it.
        snapshot: whether a snapshot is taken each time.
    """

    kind: Kind = Kind.INSTRUCTION
    place: str = ""
    access: str = "change"
    event: Event = Event.OUTPUT
    condition: str = ""
    rule: str = ""
    message: str = ""
    after: str = ""
    note: str = ""
    temporary: bool = False
    snapshot: bool = False

    @classmethod
    def of(cls, stop: UserStop) -> StopForm:
        """The form that means a stop."""
        kind, place, access, event = Kind.EVENT, "", "change", Event.OUTPUT
        match stop.where:
            case AtInstruction(instruction):
                kind, place = Kind.INSTRUCTION, str(instruction)
            case OnCells(cells):
                kind, place = Kind.WATCH, cells_words(cells)
                access = next(name for name, value in ACCESSES.items() if value == cells.access)
            case OnChange(change):
                kind, place = Kind.WATCH, change.expression.text
            case OnEvent():
                event = stop.where.event
        return cls(
            kind, place, access, event,
            condition="" if stop.condition is None else stop.condition.text,
            rule=str(stop.rule),
            message="" if stop.message is None else stop.message.text,
            after="" if stop.after is None else str(stop.after),
            note=stop.note,
            temporary=stop.temporary,
            snapshot=stop.snapshot,
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What such a stop is called."""
        if self.message.strip():
            return StopKind.LOGPOINT
        names = {Kind.WATCH: StopKind.WATCHPOINT, Kind.EVENT: StopKind.CATCHPOINT}
        return names.get(self.kind, StopKind.BREAKPOINT)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and at which column of it."""

    text: Text
    message: str
    column: int


class FormReader:
    """Reads forms for the stops of one program."""

    def __init__(self, stops: StopList, memory: int, number: int | None = None) -> None:
        """Begins.

        Args:
            stops: the list that the stop is, or will be, in.
            memory: number of cells.
            number: which stop is changed; None: a new one.
        """
        self._stops, self._memory = stops, memory
        self._number = stops.next_number if number is None else number

    def where(self, form: StopForm) -> Where:
        """The place that a form means.

        Raises:
            StopError: there is no such place.
            ConditionError: a wrong expression.
        """
        if form.kind is Kind.EVENT:
            return OnEvent(form.event)
        text = form.place.strip()
        if form.kind is Kind.INSTRUCTION:
            if not text.replace(",", "").isdecimal():
                raise StopError(f"expected the index of an instruction, not {text!r}" if text else "expected an index")
            return self._stops.checked(AtInstruction(whole_number(text), ""))
        if not text:
            raise StopError("expected cells, such as 3 or mem[h0+1], or an expression")
        where = parse_place(form.place, self._memory, ACCESSES[form.access])
        if isinstance(where, OnChange) and ACCESSES[form.access] is not Access.CHANGE:
            raise StopError("an expression can only be watched for changes; cells (mem[3], 3..7) for all accesses")
        return self._stops.checked(where)

    def terms(self, form: StopForm) -> dict[str, Any]:
        """What `StopList.set` takes beside the place.

        Raises:
            StopError: the number of the stop that arms this one is none.
        """
        return {
            "condition": form.condition,
            "rule": form.rule,
            "message": form.message.strip() or None,
            "after": self._after(form.after),
            "note": form.note,
            "temporary": form.temporary,
            "snapshot": form.snapshot,
        }

    def problems(self, form: StopForm) -> list[Problem]:
        """All that is wrong."""
        checks: list[tuple[Text, Callable[[], object]]] = [
            (Text.PLACE, lambda: self.where(form)),
            (Text.CONDITION, lambda: parse(form.condition) if form.condition.strip() else None),
            (Text.RULE, lambda: parse_rule(form.rule)),
            (Text.MESSAGE, lambda: parse_message(form.message)),
            (Text.AFTER, lambda: self._stops.checked_after(self._number, self._after(form.after))),
        ]
        found = (_problem(text, check) for text, check in checks)
        return [problem for problem in found if problem is not None]

    def hint(self, text: Text, form: StopForm) -> str:
        """What can be written, or what the text means."""
        if text is Text.PLACE:
            return self._place_hint(form)
        if text is Text.AFTER and form.after.strip():
            return f"waits until this one has fired: {self._stops[int(form.after)]}"
        return _HINTS.get(text, "")

    def _place_hint(self, form: StopForm) -> str:
        if form.kind is Kind.EVENT:
            return _EVENTS[form.event]
        if not form.place.strip():
            return _HINTS[Text.PLACE] if form.kind is Kind.WATCH else "the index of an instruction"
        where = self.where(form)
        if isinstance(where, AtInstruction):
            return f"before instruction {where.instruction:,}, {where.symbol!r}, is executed"
        return f"after a step: {where}"

    def _after(self, text: str) -> int | None:
        if not text.strip():
            return None
        if not text.strip().isdecimal():
            known = ", ".join(str(stop.id) for stop in self._stops if stop.id != self._number)
            raise StopError(f"expected the number of a stop ({known or 'there is no other'}), not {text.strip()!r}")
        return whole_number(text)


_HINTS = {
    Text.PLACE: "3 · 3..7 · mem[h0+1] · or an expression: h0 + h1, len(out)",
    Text.CONDITION: "mem[3] > 5 and h0 == 7 · pc step cell0 cell1 in[e] out[e] hits",
    Text.RULE: "== 5 the fifth hit · >= 10 from the tenth on · % 3 every third",
    Text.MESSAGE: "write this and go on; {mem[3]} is filled in",
    Text.AFTER: "the number of a stop: this one waits until that one has fired",
}
_EVENTS = {
    Event.OUTPUT: "after a step that wrote a byte of the output",
    Event.INPUT: "after a step that read a byte of the input",
    Event.END: "where the program ends by itself",
    Event.FAULT: "where an instruction cannot be executed",
    Event.LIMIT: "where the steps are used up",
    Event.OVER: "where the run ends, for whatever reason",
}


def _problem(text: Text, check: Callable[[], object]) -> Problem | None:
    try:
        check()
    except ConditionError as error:
        return Problem(text, str(error), error.column)
    except StopError as error:
        return Problem(text, str(error), 0)
    return None
