"""What a run tells while it goes on: one JSON object a line, written by one process and read by another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from gpdebug.evolve.errors import ReportError
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields

STARTING = "starting"
"""The state of a run that is only prepared."""


class State(StrEnum):
    """What a run does."""

    RUNNING = "running"
    PAUSED = "paused"
    SOLVED = "solved"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        """Whether the process has ended, or is about to."""
        return self in (State.SOLVED, State.FINISHED, State.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Leader:
    """One of the best individuals that live now.

    Attributes:
        island: where.
        id: who.
        code: its program.
        error: on all training cases.
        solved_cases: training cases that it is right on.
        errors: one a training case; empty where there are many cases.
        operator: the variation that made it.
        born: the generation of its birth.
    """

    island: int
    id: int
    code: bytes
    error: int
    solved_cases: int
    errors: tuple[int, ...]
    operator: str
    born: int

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "island": self.island, "id": self.id, "program": self.code.decode("latin-1"), "error": self.error,
            "solved_cases": self.solved_cases, "errors": list(self.errors), "operator": self.operator,
            "born": self.born,
        }  # fmt: skip

    @classmethod
    def from_fields(cls, fields: Fields) -> Self:
        """Reads one.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        whole = {name: fields.integer(name) for name in ("island", "id", "error", "solved_cases", "born")}
        errors = tuple(int(error) for error in fields.items("errors"))
        return cls(code=_code(fields), errors=errors, operator=fields.text("operator"), **whole)


@dataclass(frozen=True, slots=True)
class Improvement:
    """The best program of the run was beaten.

    Attributes:
        generation: when.
        error: of the new one, on all training cases.
        held_out_error: on all held-out cases.
        code: its program.
        operator: the variation that made it; empty if that is not known.
    """

    generation: int
    error: int
    held_out_error: int
    code: bytes
    operator: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "generation": self.generation, "error": self.error, "held_out_error": self.held_out_error,
            "program": self.code.decode("latin-1"), "operator": self.operator,
        }  # fmt: skip

    @classmethod
    def from_fields(cls, fields: Fields) -> Self:
        """Reads one.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        whole = {name: fields.integer(name) for name in ("generation", "error", "held_out_error")}
        return cls(code=_code(fields), operator=fields.text("operator", ""), **whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How far a run is.

    Attributes:
        state: what it does.
        generation: the last one.
        evaluations: programs tried in all.
        seconds: spent in all, earlier sessions included.
        programs_per_s: in the last round.
        error: of the best program, on all training cases.
        held_out_error: of the best program, on all held-out cases.
        solved_cases: training cases that the best program is right on.
        code: the best program.
        budget_used: of this session, 0 to 1; None without a bound.
        seconds_left: until a bound is reached at the present pace; None without a bound.
        saved: the last generation that is saved; None before the first.
        islands: how many there are.
        rows: of the history, since the report before; of many, some.
        leaders: the best that live now.
        improvements: since the report before.
    """

    state: State
    generation: int
    evaluations: int
    seconds: float
    programs_per_s: float
    error: int
    held_out_error: int
    solved_cases: int
    code: bytes
    budget_used: float | None = None
    seconds_left: float | None = None
    saved: int | None = None
    islands: int = 1
    rows: tuple[Mapping[str, float], ...] = ()
    leaders: tuple[Leader, ...] = ()
    improvements: tuple[Improvement, ...] = ()

    def to_line(self) -> str:
        """The report as one line."""
        data: dict[str, Any] = {
            "solved": self.state is State.SOLVED, "error": self.error, "held_out_error": self.held_out_error,
            "evaluations": self.evaluations, "seconds": round(self.seconds, 3), "generation": self.generation,
            "solved_cases": self.solved_cases, "programs_per_s": round(self.programs_per_s),
            "program": self.code.decode("latin-1"), "state": str(self.state), "budget_used": self.budget_used,
            "seconds_left": self.seconds_left, "saved": self.saved, "islands": self.islands,
            "history": [{name: _number(value) for name, value in row.items()} for row in self.rows],
            "leaders": [leader.to_dict() for leader in self.leaders],
            "improvements": [improvement.to_dict() for improvement in self.improvements],
        }  # fmt: skip
        return json.dumps(data, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Reads a line.

        Raises:
            ReportError: it is no report.
        """
        try:
            fields = Fields(json.loads(line))
            whole = {
                name: fields.integer(name)
                for name in ("generation", "evaluations", "error", "held_out_error", "solved_cases", "islands")
            }
            return cls(
                state=fields.choice("state", State),
                code=_code(fields),
                seconds=fields.number("seconds"),
                programs_per_s=fields.number("programs_per_s"),
                budget_used=_maybe(fields, "budget_used"),
                seconds_left=_maybe(fields, "seconds_left"),
                saved=None if fields.data.get("saved") is None else fields.integer("saved"),
                rows=tuple(_row(item) for item in fields.items("history")),
                leaders=tuple(Leader.from_fields(Fields(item)) for item in fields.items("leaders")),
                improvements=tuple(Improvement.from_fields(Fields(item)) for item in fields.items("improvements")),
                **whole,
            )
        except (StoreError, ValueError, TypeError, RecursionError) as error:
            raise ReportError(f"no report of a run: {line.strip()[:80]!r} ({error})") from None


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is done before a run can begin: loading, and at the first use compiling.

    Attributes:
        doing: in words.
    """

    doing: str

    def to_line(self) -> str:
        """The same as one line."""
        return json.dumps({"state": STARTING, "doing": self.doing})


def read_line(line: str) -> Report | Preparation:
    """Reads a line of a process that evolves.

    Raises:
        ReportError: it is neither a report nor a preparation.
    """
    with suppress(StoreError, ValueError, RecursionError):
        fields = Fields(json.loads(line))
        if fields.data.get("state") == STARTING:
            return Preparation(fields.text("doing"))
    return Report.from_line(line)


def _code(fields: Fields) -> bytes:
    return fields.text("program").encode("latin-1")


def _maybe(fields: Fields, name: str) -> float | None:
    return None if fields.data.get(name) is None else fields.number(name)


def _number(value: float) -> float | None:
    """A number as JSON can hold it: whole ones without a point, None for what was not measured."""
    value = float(value)
    return None if value != value else int(value) if value.is_integer() else value


def _row(item: object) -> dict[str, float]:
    return {name: float("nan") if value is None else float(value) for name, value in Fields(item).data.items()}
