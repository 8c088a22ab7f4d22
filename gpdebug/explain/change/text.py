"""Changes as people write them: `mem[3]=7 @120; blank 12; flip @88`. One parser for every front end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment
from gpdebug.explain.change.run import Interrupt, Run
from gpdebug.explain.change.why_not import Executed, Goal, Printed, Written
from gpdebug.explain.errors import ChangeError
from gpdebug.store.typed_bytes import BytesError, parse_bytes
from vm.conditions import parse
from vm.errors import ConditionError
from vm.program import Program

WORDS = "blank [pair] INSTRUCTION, blank @STEP, flip @STEP, take FROM..TO of PROGRAM"
TARGETS = "mem[CELL], cell0, cell1, h0, h1, spare, input[BYTE], code[INSTRUCTION]"
GOALS = "mem[CELL] never written, out[BYTE] never written or INSTRUCTION never executed"
EXPECTED = f"{WORDS}, or = after {TARGETS}"

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|'[^']'")
_BLANK = re.compile(r"blank\b\s*(?P<pair>pair\b\s*)?")
_TAKE = re.compile(r"take\b\s*(?P<range>.*?)\s+of\s+(?P<name>.+?)(?:\[(?P<theirs>\d[^\[\]]*)\])?\s*\Z")
_NAME = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?P<open>\[)?")
_SIGN = re.compile(r"\s*(?P<sign>[-+]?)=(?!=)\s*")
_GOAL = re.compile(r"(?P<what>mem|out|code)\[(?P<index>.+)\]")
_HEADS = {"h0": 0, "head0": 0, "h1": 1, "head1": 1}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and at which column of it it begins."""

    text: str
    column: int

    def part(self, first: int, end: int | None = None) -> Piece:
        """A part of it, without the white space around."""
        text = self.text[first:end]
        return Piece(text.strip(), self.column + first + len(text) - len(text.lstrip()))

    @property
    def masked(self) -> str:
        """The text, with what stands in quotes made harmless."""
        return _QUOTED.sub(lambda match: "q" * len(match[0]), self.text)

    @contextmanager
    def pointed_at(self) -> Iterator[None]:
        """Turns the error of an expression or of bytes in it into one of the whole text."""
        try:
            yield
        except ConditionError as error:
            raise ChangeError(str(error), column=self.column + error.column) from None
        except BytesError as error:
            raise ChangeError(str(error), column=self.column) from None


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads changes of a run.

    Numbers are expressions, of the moment at which the change is made.

    Attributes:
        run: what is changed.
        now: the step that is meant where a test, a step or a value is changed and none is given; None: the beginning
            of the run for a value, and the others have to say.
        find_program: the program of a name behind `take … of`; None: there are no others.
        interrupt: ends the call early.
    """

    run: Run
    now: int | None = None
    find_program: Callable[[str], Program] | None = None
    interrupt: Interrupt | None = None
    _moments: dict[int, Run] = field(default_factory=dict, init=False, repr=False)

    def changes(self, text: str) -> tuple[Change, ...]:
        """The changes that a text means, separated by semicolons.

        Raises:
            ChangeError: it means none; with the column, if it is a matter of the text.
        """
        whole = Piece(text, 0)
        found: list[Change] = []
        begin = 0
        for end in [*(match.start() for match in re.finditer(";", whole.masked)), len(text)]:
            found += self._change(whole.part(begin, end))
            begin = end + 1
        return tuple(found)

    def goal(self, text: str) -> Goal:
        """What did not happen: `mem[3]`, `out[5]`, or `12` for an instruction; numbers are expressions of now.

        Raises:
            ChangeError: it is none of these.
        """
        match = _GOAL.fullmatch(text.strip())
        piece = Piece(text, 0)
        if not text.strip():
            raise ChangeError(f"expected {GOALS}", column=0)
        if match is None:
            return Executed(self.number(piece.part(0), self.now))
        begin = len(text) - len(text.lstrip())
        index = self.number(piece.part(begin + match.start("index"), begin + match.end("index")), self.now)
        kinds: dict[str, type[Written | Printed | Executed]] = {"mem": Written, "out": Printed, "code": Executed}
        return kinds[match["what"]](index)

    def number(self, piece: Piece, step: int | None) -> int:
        """The value of an expression at a step.

        Raises:
            ChangeError: it is none.
        """
        step = self.run.start.steps if step is None else step
        with piece.pointed_at():
            expression = parse(piece.text)
        if step not in self._moments:
            self._moments[step] = self.run.at(step, self.interrupt)
        here = self._moments[step]
        return expression.value(here.start, data=here.data, output=here.output(here.start), hits=0)

    def _change(self, piece: Piece) -> list[Change]:
        if not piece.text:
            raise ChangeError(f"expected {EXPECTED}", column=piece.column)
        at = piece.masked.rfind("@")
        step = None if at < 0 else self._step(piece.part(at + 1))
        body = piece if at < 0 else piece.part(0, at)
        masked = body.masked
        if match := _BLANK.match(masked):
            which, is_pair = body.part(match.end()), bool(match["pair"])
            if not which.text and not is_pair:
                return [BlankStep(self._needed(step, body))]
            return [BlankSite(self.number(which, step), is_pair, step)]
        if re.match(r"flip\b", masked):
            if rest := body.part(4).text:
                raise ChangeError(f"expected flip @STEP, found {rest!r}", column=body.part(4).column)
            return [FlipTest(self._needed(step, body))]
        if match := _TAKE.match(masked):
            return [self._take(body, match, step)]
        if re.match(r"take\b", masked):
            raise ChangeError("expected take FROM..TO of PROGRAM", column=body.column)
        return self._put(body, step)

    def _step(self, piece: Piece) -> int:
        plain = piece.text.replace(",", "").replace("_", "")
        step = int(plain) if plain.isdecimal() else self.number(piece, self.now)
        if step < 0:
            raise ChangeError(f"there is no step {step:,}", column=piece.column)
        return step

    def _needed(self, step: int | None, piece: Piece) -> int:
        if step is None and self.now is None:
            raise ChangeError(f"say at which step, as in {piece.text} @120", column=piece.column + len(piece.text))
        return self.now or 0 if step is None else step

    def _range(self, piece: Piece, step: int | None) -> tuple[int, int]:
        """First and last of `3` or `3..6`."""
        first, dots, _ = piece.text.partition("..")
        low = self.number(piece.part(0, len(first)), step)
        return low, self.number(piece.part(len(first) + 2), step) if dots else low

    def _take(self, piece: Piece, match: re.Match[str], step: int | None) -> Change:
        first, last = self._range(piece.part(*match.span("range")), step)
        name = piece.part(*match.span("name"))
        if self.find_program is None:
            raise ChangeError("there is no other program to take from", column=name.column)
        quoted = len(name.text) > 1 and name.text[0] == name.text[-1] == '"'
        code = self.find_program(name.text[1:-1] if quoted else name.text).code
        low, high = first, last
        source = name.text
        if match["theirs"] is not None:
            theirs = piece.part(*match.span("theirs"))
            (low, high), source = self._range(theirs, step), f"{source}[{theirs.text}]"
        if not 0 <= low <= high + 1 <= len(code):
            raise ChangeError(
                f"{name.text} has no instructions {low:,} to {high:,}: it has {len(code):,}", column=name.column
            )
        return TakeSegment(first, last, code[low : high + 1].tobytes(), source, step)

    def _put(self, piece: Piece, step: int | None) -> list[Change]:
        """Reads `TARGET = VALUE`, also with `+=` and `-=`."""
        match = _NAME.match(piece.text)
        if match is None:
            raise ChangeError(f"expected {EXPECTED}", column=piece.column)
        name, end, place = match["name"], match.end(), None
        if match["open"]:
            close = _closing(piece.text, end)
            place, end = piece.part(end, close), close + 1
        else:
            end = match.end("name")
        sign = _SIGN.match(piece.text, end)
        if name not in (*_HEADS, "spare", "mem", "cell0", "cell1", "input", "in", "code"):
            raise ChangeError(f"expected {EXPECTED}; found {name!r}", column=piece.column)
        if (name in ("mem", "input", "in", "code")) != (place is not None):
            what = f"expected {name}[INDEX]" if place is None else f"{name} takes no index"
            raise ChangeError(what, column=piece.column + match.end("name"))
        if sign is None:
            raise ChangeError("expected = and a value", column=piece.column + end)
        value = piece.part(sign.end())
        if not value.text:
            raise ChangeError("expected a value", column=value.column)
        if name == "code":
            assert place is not None
            return [self._code(place, value, sign["sign"], step)]
        return list(self._values(name, place, value, sign["sign"], step))

    def _values(self, name: str, place: Piece | None, value: Piece, sign: str, step: int | None) -> Iterator[Change]:
        if name in ("input", "in"):
            where = Place.INPUT
        else:
            step = self.now if step is None else step
            where = Place.HEAD if name in _HEADS else Place.SPARE if name == "spare" else Place.CELL
        first = last = _HEADS.get(name, 0)
        if place is not None:
            first, last = self._range(place, step)
        elif where is Place.CELL:
            first = last = self.number(Piece("h0" if name == "cell0" else "h1", 0), step)
        self._require_all(where, first, last, place)
        values = self._bytes(value, step)
        if place is None or ".." not in place.text:
            last = first + len(values) - 1
        for at in range(last - first + 1):
            amount = values[at % len(values)] * (-1 if sign == "-" else 1)
            yield Put(where, first + at, amount, bool(sign), step)

    def _require_all(self, where: Place, first: int, last: int, place: Piece | None) -> None:
        """Refuses a range that would be endless, or is none."""
        most = len(self.run.data) if where is Place.INPUT else self.run.settings.memory
        if place is not None and not (0 <= first <= last < most):
            what = "input byte" if where is Place.INPUT else "cell"
            raise ChangeError(f"there is no {what} {place.text}: there are {most:,}", column=place.column)

    def _bytes(self, value: Piece, step: int | None) -> list[int]:
        """Bytes in quotes, or the value of an expression."""
        if value.text.startswith('"'):
            with value.pointed_at():
                found = list(parse_bytes(value.text))
            if not found:
                raise ChangeError("expected a value", column=value.column)
            return found
        return [self.number(value, step)]

    def _code(self, place: Piece, value: Piece, sign: str, step: int | None) -> Change:
        if sign:
            raise ChangeError("instructions are set, not added to: expected =", column=value.column - 1)
        first, last = self._range(place, step)
        with value.pointed_at():
            code = parse_bytes(value.text)
        if ".." not in place.text:
            last = first + len(code) - 1
        return TakeSegment(first, last, code, step=step)


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that was opened just before `start`.

    Raises:
        ChangeError: nowhere.
    """
    depth = 1
    for index in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise ChangeError("expected ]", column=len(text))
