"""A stop of the user: where, when, and what it does; immutable plain data, and how its texts are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.places import AtInstruction, OnCells, OnChange, Where
from gpdebug.debugger.whole_numbers import whole_number
from vm.conditions import Condition, parse
from vm.errors import ConditionError
from vm.state import State
from vm.stops import HitKind, HitRule

_RULE = re.compile(r"\s*(==|>=|%)\s*(\d+)\s*\Z")
_RULE_KINDS = {"==": HitKind.EQUAL, ">=": HitKind.AT_LEAST, "%": HitKind.EVERY}
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class StopKind(StrEnum):
    """What a stop is called."""

    BREAKPOINT = "breakpoint"
    TEMPORARY = "temporary breakpoint"
    WATCHPOINT = "watchpoint"
    CATCHPOINT = "catchpoint"
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
class UserStop:
    """A stop of the user, immutable; changing one replaces it in its list.

    Attributes:
        id: its number, never used again in this session.
        where: an instruction about to be executed, or what a step has just done.
        condition: must be non-zero, or None; it sees the state after the step.
        rule: which of the hits fire; hits are counted since step 0, condition first.
        message: for a logpoint, what it writes; it never stops a run.
        temporary: it goes when a run stops at it.
        enabled: a disabled stop does nothing, and arms none.
        note: what the user wrote about it.
        after: number of the stop that arms this one; before that one has fired it is not hit.
        snapshot: a snapshot is taken each time it fires, going forwards.
        misfit: why it does not fit the program (it was saved with another version); such a stop does nothing.
    """

    id: int
    where: Where
    condition: Condition | None = None
    rule: HitRule = field(default_factory=HitRule)
    message: Message | None = None
    temporary: bool = False
    enabled: bool = True
    note: str = ""
    after: int | None = None
    snapshot: bool = False
    misfit: str | None = None

    @property
    def instruction(self) -> int | None:
        """The instruction that it is at, or None."""
        return self.where.instruction if isinstance(self.where, AtInstruction) else None

    @property
    def kind(self) -> StopKind:
        """What it is called."""
        if self.message is not None:
            return StopKind.LOGPOINT
        if isinstance(self.where, OnCells | OnChange):
            return StopKind.WATCHPOINT
        if not isinstance(self.where, AtInstruction):
            return StopKind.CATCHPOINT
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
        text = f"{self.kind} {self.id} {self.where}"
        if self.temporary and self.kind is not StopKind.TEMPORARY:
            text = f"temporary {text}"
        return " ".join([text, *self.terms()])

    def terms(self) -> list[str]:
        """What it depends on and does beside stopping, as the command language writes it."""
        terms = []
        if self.condition is not None:
            terms.append(f"if {self.condition.text}")
        if str(self.rule):
            terms.append(f"hit {self.rule}")
        if self.after is not None:
            terms.append(f"after {self.after}")
        if self.snapshot:
            terms.append("snapshot")
        if self.message is not None:
            terms.append(repr(self.message.text))
        return terms


def parse_rule(text: str) -> HitRule:
    """Reads a hit rule: `>= 10`, `% 3`, `== 5`; no text means every hit.

    Raises:
        StopError: it is none of these.
    """
    if not text.strip():
        return HitRule()
    match = _RULE.match(text)
    if match is None or whole_number(match[2]) < 1:
        raise StopError(f"a hit rule is '== N', '>= N' or '% N' with N at least 1, not {text.strip()!r}")
    return HitRule(_RULE_KINDS[match[1]], whole_number(match[2]))


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


def filled(message: Message, state: State, *, data: bytes, output: bytes, hits: int) -> str:
    """A logpoint's message with its expressions filled in at a moment."""
    return "".join(
        part if isinstance(part, str) else str(part.value(state, data=data, output=output, hits=hits))
        for part in message.parts
    )
