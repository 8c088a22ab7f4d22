"""The user's stops as JSON holds them, to be saved and to come back; records of earlier versions are read too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpdebug.debugger.places import ACCESSES, AtInstruction, Event, OnCells, OnChange, OnEvent, Where
from gpdebug.debugger.stops import UserStop, parse_message, parse_rule
from vm.conditions import parse
from vm.stops import Cells, Change


def to_record(stop: UserStop) -> dict[str, Any]:
    """A stop as JSON."""
    return {
        "id": stop.id,
        "where": _where_record(stop.where),
        "condition": None if stop.condition is None else stop.condition.text,
        "hit": str(stop.rule),
        "message": None if stop.message is None else stop.message.text,
        "temporary": stop.temporary,
        "enabled": stop.enabled,
        "note": stop.note,
        "after": stop.after,
        "snapshot": stop.snapshot,
    }


def from_record(record: Mapping[str, Any]) -> UserStop:
    """The stop of a record; whether it fits a program is for the list that adopts it to say.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not the record of a stop.
        StopError, ConditionError: a text of it is wrong.
    """
    condition, message = record["condition"], record["message"]
    return UserStop(
        id=_whole(record.get("id", 0)),
        where=_where_of(record.get("where", {"kind": "instruction", **record})),
        condition=None if condition is None else parse(condition),
        rule=parse_rule(record["hit"]),
        message=None if message is None else parse_message(message),
        temporary=bool(record["temporary"]),
        enabled=bool(record["enabled"]),
        note=str(record.get("note", "")),
        after=None if record.get("after") is None else _whole(record["after"]),
        snapshot=bool(record.get("snapshot", False)),
    )


def _where_record(where: Where) -> dict[str, Any]:
    match where:
        case AtInstruction():
            return {"kind": "instruction", "instruction": where.instruction, "symbol": where.symbol}
        case OnCells(cells):
            access = next(name for name, access in ACCESSES.items() if access == cells.access)
            return {"kind": "cells", "low": cells.low, "size": cells.size, "head": cells.head, "access": access}
        case OnChange(change):
            return {"kind": "expression", "expression": change.expression.text}
        case OnEvent(event):
            return {"kind": "event", "event": str(event)}


def _where_of(record: Mapping[str, Any]) -> Where:
    match record["kind"]:
        case "instruction":
            if not isinstance(record["symbol"], str):
                raise TypeError("a symbol is text")
            return AtInstruction(_whole(record["instruction"]), record["symbol"])
        case "cells":
            head = record["head"]
            if head not in (None, 0, 1):
                raise ValueError("a head is 0 or 1")
            return OnCells(Cells(_whole(record["low"]), _whole(record["size"]), head, ACCESSES[record["access"]]))
        case "expression":
            return OnChange(Change(parse(record["expression"])))
        case _:
            return OnEvent(Event(record["event"]))


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is wanted")
    return value
