"""One call of a command: its arguments, read word by word with errors that point at a column, and what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.debugger.session import Session
from gpdebug.debugger.whole_numbers import whole_number
from vm.errors import ConditionError

_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|\d[\d,_]*\Z")


class Arguments:
    """The text behind a command's word.

    Attributes:
        column: where in the line the next argument begins, from 0.
    """

    def __init__(self, line: str, column: int) -> None:
        """Begins to read.

        Args:
            line: the whole line.
            column: where its arguments begin.
        """
        self._line = line.rstrip()
        self.column = column
        self._skip_spaces()

    @property
    def rest(self) -> str:
        """What is not read yet."""
        return self._line[self.column :]

    def take(self, characters: int) -> str:
        """Reads so many characters and the white space behind them."""
        text = self.rest[:characters]
        self.column += len(text)
        self._skip_spaces()
        return text

    def word(self, expected: str | None = None) -> str:
        """Reads up to the next white space; no text at the end, or an error if something is expected.

        Raises:
            CommandError: `expected` is given and nothing is left.
        """
        if not self.rest and expected is not None:
            raise CommandError(f"expected {expected}", column=self.column)
        return self.take(len(self.rest.split(maxsplit=1)[0])) if self.rest else ""

    def number(self, expected: str, default: int | None = None) -> int:
        """Reads a whole number: `1204`, `1,204`, `0x4b4`; at the end, the default.

        Raises:
            CommandError: it is none, or nothing is left and there is no default.
        """
        if not self.rest and default is not None:
            return default
        column = self.column
        word = self.word(expected)
        if not _NUMBER.fullmatch(word):
            raise CommandError(f"expected {expected}, found {word!r}", column=column)
        return whole_number(word)

    def end(self) -> None:
        """Makes sure that nothing is left.

        Raises:
            CommandError: something is.
        """
        if self.rest:
            raise CommandError(f"expected nothing more, found {self.rest!r}", column=self.column)

    def _skip_spaces(self) -> None:
        self.column += len(self.rest) - len(self.rest.lstrip())


@dataclass(slots=True)
class Call:
    """A command being carried out.

    Attributes:
        session: where.
        arguments: what stands behind the word.
        modifier: what stands behind a slash at the word (`16xb` in `x/16xb`), or no text.
        modifier_column: where that is.
        interrupt, on_progress: of long calls.
        lines: what it has printed so far.
        details: makes what it found, as JSON can hold it, for front ends that print that instead.
    """

    session: Session
    arguments: Arguments
    modifier: str = ""
    modifier_column: int = 0
    interrupt: Interrupt | None = None
    on_progress: ProgressCallback | None = None
    lines: list[str] = field(default_factory=list)
    details: Callable[[], dict[str, Any]] | None = None

    def say(self, *lines: str) -> None:
        """Prints."""
        self.lines += lines

    def moved(self, moment: Moment) -> Moment:
        """Prints what logpoints wrote on the way to a moment."""
        self.lines += [f"step {line.step:,}: {line.text}" for line in moment.logged]
        return moment

    @contextmanager
    def expression_at(self, column: int) -> Iterator[None]:
        """Turns the error of an expression that begins at a column of the line into one of the line."""
        try:
            yield
        except ConditionError as error:
            raise CommandError(str(error), column=column + error.column) from None


Action = Callable[[Call], None]
