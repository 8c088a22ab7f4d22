"""Filter expressions over the columns of a population: `error < 10 and length < 80`, parsed and checked once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from vm.evaluate import Programs

Mask = NDArray[np.bool_]


class FilterError(StoreError):
    """A filter is not a valid expression.

    Attributes:
        column: where it went wrong, from 0, in the expression's text.
    """

    def __init__(self, what: str, *, column: int) -> None:
        super().__init__(what)
        self.column = column


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of names, stored as numbers: `names[codes[row]]`."""

    names: tuple[str, ...]
    codes: NDArray[np.integer]


Values = NDArray[Any] | Labels | Programs
"""A column: numbers, names, or programs."""


class _Kind(Enum):
    NUMBER = "a number"
    TRUTH = "a comparison"
    LABEL = "a name"
    CODE = "a program"
    TEXT = "a text"


@dataclass(frozen=True, slots=True)
class _Term:
    kind: _Kind
    column: int
    value: Callable[[], Any]


def containing(programs: Programs, pattern: bytes) -> Mask:
    """Which programs contain a pattern: `bool[programs]`; the empty pattern is in all of them."""
    found = np.zeros(len(programs), np.bool_)
    if not pattern:
        return ~found
    code, width = programs.code, len(pattern)
    hits = np.flatnonzero(code[: max(0, len(code) - width + 1)] == pattern[0])
    for place in range(1, width):
        hits = hits[code[hits + place] == pattern[place]]
    rows = np.searchsorted(programs.offsets, hits, side="right") - 1
    found[rows[hits + width <= programs.offsets[rows + 1]]] = True
    return found


def matching(text: str, columns: Mapping[str, Values]) -> Mask:
    """The rows that an expression holds for.

    Numbers compare with `< <= > >= == !=` (chains such as `2 < length < 80` too) and calculate with `+ - * / %`;
    names and programs compare with `==`, `!=` and `~` (contains). `and`, `or`, `not` and parentheses combine.

    Args:
        text: the expression.
        columns: what it may name, all of one length.

    Returns:
        `bool[rows]`.

    Raises:
        FilterError: what was expected, and at which column.
    """
    with np.errstate(all="ignore"):
        result: Mask = np.asarray(_Parser(text, columns).parse().value(), np.bool_)
        return result


def check(text: str, columns: Mapping[str, Values]) -> None:
    """Refuses a wrong expression, without the work of applying it.

    Raises:
        FilterError: as `matching`.
    """
    _Parser(text, columns).parse()


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d_,]*(?:\.\d+)?)|(?P<name>[A-Za-z][\w-]*)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign><=|>=|==|!=|[-<>=+*/%()~!]))"
)
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "=": np.equal,
    "!=": np.not_equal,
}
_SUM: dict[str, Callable[[Any, Any], Any]] = {"+": np.add, "-": np.subtract}
_PRODUCT: dict[str, Callable[[Any, Any], Any]] = {"*": np.multiply, "/": np.divide, "%": np.mod}


class _Parser:
    """Recursive descent; each level returns a term whose value is computed when the whole was understood."""

    def __init__(self, text: str, columns: Mapping[str, Values]) -> None:
        self._columns = columns
        self._end = len(text)
        self._tokens = list(_tokens(text))
        self._next = 0

    def parse(self) -> _Term:
        whole = self._truth(self._any(), "the filter is")
        if self._next < len(self._tokens):
            _, text, column = self._tokens[self._next]
            raise FilterError(f"expected 'and', 'or' or the end, not {text!r}", column=column)
        return whole

    def _any(self) -> _Term:
        left = self._all()
        while column := self._take_word("or"):
            left = _joined(np.logical_or, self._truth(left, "before 'or' comes"), self._truth(self._all(), column))
        return left

    def _all(self) -> _Term:
        left = self._negated()
        while column := self._take_word("and"):
            left = _joined(
                np.logical_and, self._truth(left, "before 'and' comes"), self._truth(self._negated(), column)
            )
        return left

    def _negated(self) -> _Term:
        if (words := self._take_word("not")) or (words := self._take_word("!")):
            inner = self._truth(self._negated(), words)
            return _Term(_Kind.TRUTH, inner.column, lambda: np.logical_not(inner.value()))
        return self._comparison()

    def _comparison(self) -> _Term:
        left = self._sum()
        result: _Term | None = None
        while sign := self._take_sign(*_COMPARE, "~"):
            right = self._sum()
            part = self._compared(sign, left, right)
            result = part if result is None else _joined(np.logical_and, result, part)
            left = right
        return left if result is None else result

    def _compared(self, sign: str, left: _Term, right: _Term) -> _Term:
        if left.kind in (_Kind.LABEL, _Kind.CODE):
            if right.kind is not _Kind.TEXT:
                raise FilterError('expected a text such as "abc" to compare with', column=right.column)
            if sign not in ("~", "==", "=", "!="):
                raise FilterError(f"{left.kind.value} compares with ==, != or ~ (contains)", column=right.column)
            test = _labels_test if left.kind is _Kind.LABEL else _code_test
            return _Term(_Kind.TRUTH, left.column, lambda: test(sign, left.value(), right.value()))
        for term in (left, right):
            if term.kind is not _Kind.NUMBER:
                raise FilterError(f"expected a number to compare, not {term.kind.value}", column=term.column)
        if sign == "~":
            raise FilterError("~ (contains) is for names and programs", column=right.column)
        return _Term(_Kind.TRUTH, left.column, lambda: _COMPARE[sign](left.value(), right.value()))

    def _sum(self) -> _Term:
        return self._calculation(self._product, _SUM)

    def _product(self) -> _Term:
        return self._calculation(self._atom, _PRODUCT)

    def _calculation(self, operand: Callable[[], _Term], signs: Mapping[str, Callable[[Any, Any], Any]]) -> _Term:
        left = operand()
        while sign := self._take_sign(*signs):
            right = operand()
            for term in (left, right):
                if term.kind is not _Kind.NUMBER:
                    raise FilterError(f"expected a number to calculate with, not {term.kind.value}", column=term.column)
            left = _calculated(signs[sign], left, right)
        return left

    def _atom(self) -> _Term:
        if self._next >= len(self._tokens):
            raise FilterError("expected a column or a number here", column=self._end)
        kind, text, column = self._tokens[self._next]
        self._next += 1
        if kind == "number":
            number = float(text.replace(",", "").replace("_", ""))
            return _Term(_Kind.NUMBER, column, lambda: number)
        if kind == "text":
            return _Term(_Kind.TEXT, column, lambda: text[1:-1])
        if kind == "name":
            return self._name(text, column)
        if text == "-":
            inner = self._atom()
            if inner.kind is not _Kind.NUMBER:
                raise FilterError(f"expected a number after -, not {inner.kind.value}", column=inner.column)
            return _Term(_Kind.NUMBER, column, lambda: np.negative(inner.value()))
        if text == "(":
            inner = self._any()
            if not self._take_sign(")"):
                raise FilterError("expected ) to close this (", column=column)
            return inner
        raise FilterError(f"expected a column or a number, not {text!r}", column=column)

    def _name(self, text: str, column: int) -> _Term:
        if text not in self._columns:
            if any(isinstance(values, Labels) and text in values.names for values in self._columns.values()):
                return _Term(_Kind.TEXT, column, lambda: text)
            close = get_close_matches(text, self._columns, 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self._columns)}"
            raise FilterError(f"no column {text!r}; {hint}", column=column)
        values = self._columns[text]
        kind = _Kind.NUMBER
        if isinstance(values, Labels):
            kind = _Kind.LABEL
        elif isinstance(values, Programs):
            kind = _Kind.CODE
        return _Term(kind, column, lambda: values)

    def _take_sign(self, *signs: str) -> str | None:
        if self._next < len(self._tokens) and self._tokens[self._next][1] in signs:
            self._next += 1
            return self._tokens[self._next - 1][1]
        return None

    def _take_word(self, word: str) -> str | None:
        return f"after {word!r} comes" if self._take_sign(word) else None

    def _truth(self, term: _Term, where: str) -> _Term:
        if term.kind is not _Kind.TRUTH:
            raise FilterError(f"{where} a comparison such as error < 10, not {term.kind.value}", column=term.column)
        return term


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            column = place + len(text[place:]) - len(text[place:].lstrip())
            what = "this text has no closing quote" if text[column] in "\"'" else f"{text[column]!r} means nothing here"
            raise FilterError(what, column=column)
        found.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        place = match.end()
    return found


def _joined(function: Callable[[Any, Any], Any], left: _Term, right: _Term) -> _Term:
    return _Term(_Kind.TRUTH, left.column, lambda: function(left.value(), right.value()))


def _calculated(function: Callable[[Any, Any], Any], left: _Term, right: _Term) -> _Term:
    return _Term(
        _Kind.NUMBER,
        left.column,
        lambda: function(np.asarray(left.value(), np.float64), np.asarray(right.value(), np.float64)),
    )


def _labels_test(sign: str, labels: Labels, text: str) -> Mask:
    if sign == "~":
        chosen = np.array([text in name for name in labels.names], np.bool_)
    else:
        chosen = np.array([(name == text) is (sign != "!=") for name in labels.names], np.bool_)
    result: Mask = chosen[labels.codes]
    return result


def _code_test(sign: str, programs: Programs, text: str) -> Mask:
    pattern = text.encode("latin-1", "replace")
    has = containing(programs, pattern)
    if sign == "~":
        return has
    same: Mask = has & (programs.lengths == len(pattern))
    return ~same if sign == "!=" else same
