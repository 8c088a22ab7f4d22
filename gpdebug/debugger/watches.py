"""Watches: expressions that are shown at every stop, with their value and how it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gpdebug.debugger.errors import WatchError
from vm.conditions import Condition, parse
from vm.errors import ConditionError
from vm.state import State

_NAMED = re.compile(r"\s*([A-Za-z_][\w.-]*)\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class WatchedExpression:
    """An expression that is shown at every stop, immutable; changing one replaces it in its list.

    Attributes:
        id: its number, never used again in this session.
        expression: what is shown; `hits` is 0 in it.
        name: what the user calls it, or no text.
    """

    id: int
    expression: Condition
    name: str = ""

    @property
    def text(self) -> str:
        """As a user writes it: `total = mem[3] + mem[4]`, or the expression alone."""
        return f"{self.name} = {self.expression.text}" if self.name else self.expression.text

    @property
    def label(self) -> str:
        """What to call it where its value is shown."""
        return self.name or self.expression.text

    def value(self, picture: Picture) -> int:
        """What it is in a state."""
        return self.expression.value(picture.state, data=picture.data, output=picture.output, hits=0)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"expression": self.expression.text, "name": self.name}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What an expression is evaluated in.

    Attributes:
        state: registers and memory.
        data: the whole input.
        output: the output as of then.
    """

    state: State
    data: bytes
    output: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a watch shows.

    Attributes:
        watch: which.
        value: its value now.
        before: its value at the moment that it is compared with, or None if there is none.
    """

    watch: WatchedExpression
    value: int
    before: int | None

    @property
    def is_changed(self) -> bool:
        """Whether it is another value than before."""
        return self.before is not None and self.before != self.value

    @property
    def delta(self) -> int:
        """By how much it grew; 0 if there is nothing to compare with."""
        return 0 if self.before is None else self.value - self.before


class WatchList:
    """The watches of one program, in the order in which they were set.

    Attributes:
        revision: grows with each change.
    """

    def __init__(self) -> None:
        self._watches: dict[int, WatchedExpression] = {}
        self._next = 1
        self.revision = 0

    def __iter__(self) -> Iterator[WatchedExpression]:
        return iter(tuple(self._watches.values()))

    def __len__(self) -> int:
        return len(self._watches)

    def __getitem__(self, number: int) -> WatchedExpression:
        """One watch.

        Raises:
            WatchError: there is none of this number.
        """
        if number not in self._watches:
            known = ", ".join(map(str, self._watches)) or "there are none"
            raise WatchError(f"nothing is displayed as number {number} (displays: {known})")
        return self._watches[number]

    def add(self, text: str) -> WatchedExpression:
        """Shows an expression from now on.

        Args:
            text: `mem[3] + 1`, or with a name `total = mem[3] + 1`.

        Raises:
            ConditionError: a wrong expression; its column counts from the start of `text`.
        """
        name, expression = parse_watch(text)
        return self._keep(WatchedExpression(self._next, expression, name))

    def adopt(self, watch: WatchedExpression) -> WatchedExpression:
        """Takes over a watch of another session, under a new number."""
        return self._keep(replace(watch, id=self._next))

    def change(self, number: int, text: str) -> WatchedExpression:
        """Gives a watch another expression and name.

        Raises:
            WatchError: there is none of this number.
            ConditionError: as for `add`.
        """
        old = self[number]
        name, expression = parse_watch(text)
        return self._keep(replace(old, expression=expression, name=name))

    def remove(self, number: int) -> WatchedExpression:
        """Ends a watch and returns it.

        Raises:
            WatchError: there is none of this number.
        """
        watch = self[number]
        del self._watches[number]
        self.revision += 1
        return watch

    def read(self, now: Picture, before: Picture | None = None) -> tuple[Reading, ...]:
        """What all of them show.

        Args:
            now: the present moment.
            before: the moment to compare with, or None.
        """
        return tuple(
            Reading(watch, watch.value(now), None if before is None else watch.value(before)) for watch in self
        )

    def _keep(self, watch: WatchedExpression) -> WatchedExpression:
        self._watches[watch.id] = watch
        self._next = max(self._next, watch.id + 1)
        self.revision += 1
        return watch


def watch_from_dict(entry: Any) -> WatchedExpression:
    """Reads what `to_dict` wrote; its number is for the list that adopts it to give.

    Raises:
        WatchError: it is no watch.
    """
    match entry:
        case {"expression": str(text), "name": str(name)}:
            try:
                return WatchedExpression(0, parse(text), name)
            except ConditionError as error:
                raise WatchError(f"cannot read the display {text!r}: {error}") from None
    raise WatchError(f"this is no display: {entry!r}")


def parse_watch(text: str) -> tuple[str, Condition]:
    """The name, or no text, and the expression of a watch as a user writes it.

    Raises:
        ConditionError: a wrong expression; its column counts from the start of `text`.
    """
    match = _NAMED.match(text)
    if match is None or _is_expression(match[1]):
        return "", parse(text)
    try:
        return match[1], parse(text[match.end() :])
    except ConditionError as error:
        raise ConditionError(str(error), column=match.end() + error.column) from None


def _is_expression(name: str) -> bool:
    """Whether a name means something in expressions already: `pc = 3` is a comparison gone wrong."""
    try:
        parse(name)
    except ConditionError:
        return False
    return True
