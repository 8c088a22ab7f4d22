"""What a user asks why of: a byte of the output, a cell or a jump; how it is written, read and said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from gpdebug.debugger.whole_numbers import whole_number

if TYPE_CHECKING:
    from gpdebug.explain.criteria import Criterion

HINT = "out[2] · mem[3] · mem[3]@120 · jump@88"
_NUMBER = r"0x[0-9a-fA-F]+|\d[\d,_]*"
_FORM = re.compile(rf"(?P<what>out|mem)\[\s*(?P<index>{_NUMBER})\s*\](\s*@\s*(?P<at>{_NUMBER}))?\Z", re.IGNORECASE)
_JUMP = re.compile(rf"jump\s*@\s*(?P<at>{_NUMBER})\Z", re.IGNORECASE)


class QuestionError(ValueError):
    """What was typed is no question.

    Attributes:
        column: where in the text.
    """

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class Asked(StrEnum):
    """What is asked about."""

    OUTPUT = "out"
    CELL = "mem"
    JUMP = "jump"


@dataclass(frozen=True, slots=True)
class Question:
    """Why something is as it is.

    Attributes:
        asked: what.
        index: the output byte or the cell; of a jump 0.
        step: the moment; None: the one that the run is looked at from.
    """

    asked: Asked
    index: int = 0
    step: int | None = None

    @property
    def text(self) -> str:
        """As users write it."""
        if self.asked is Asked.JUMP:
            return f"jump@{self.step or 0}"
        return f"{self.asked}[{self.index}]" + ("" if self.step is None else f"@{self.step}")

    @property
    def words(self) -> str:
        """As a sentence."""
        match self.asked:
            case Asked.OUTPUT:
                return f"why is output byte {self.index:,} what it is?"
            case Asked.CELL:
                when = "" if self.step is None else f" at step {self.step:,}"
                return f"why is cell {self.index:,} what it is{when}?"
        return f"why does the bracket at step {self.step or 0:,} jump, or not?"

    def moved(self, by: int) -> Question | None:
        """About the output byte or the cell so many further; None of a jump, or before the first."""
        if self.asked is Asked.JUMP or self.index + by < 0:
            return None
        return replace(self, index=self.index + by)

    @property
    def at_the_end(self) -> Question:
        """The same of another run, of which no step is known; of a jump, at the same step."""
        return self if self.asked is Asked.JUMP else replace(self, step=None)

    def criterion(self, now: int | None) -> Criterion:
        """What is to be explained.

        Args:
            now: the moment that the run is looked at from; None: its end.
        """
        from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte

        match self.asked:
            case Asked.OUTPUT:
                return OutputByte(self.index)
            case Asked.CELL:
                return CellAt(self.index, now if self.step is None else self.step)
        return JumpAt(self.step or 0)


def parse_question(text: str) -> Question:
    """Reads `out[2]`, `mem[3]`, `mem[3]@120` or `jump@88`.

    Raises:
        QuestionError: it is none of these.
    """
    stripped = text.strip()
    if jump := _JUMP.match(stripped):
        return Question(Asked.JUMP, step=whole_number(jump["at"]))
    match = _FORM.match(stripped)
    if match is None:
        raise QuestionError(f"expected out[N], mem[N], mem[N]@STEP or jump@STEP, not {stripped!r}")
    step = None if match["at"] is None else whole_number(match["at"])
    asked = Asked(match["what"].lower())
    if asked is Asked.OUTPUT and step is not None:
        raise QuestionError("a byte of the output is asked about without a step: out[N]", text.index("@"))
    return Question(asked, whole_number(match["index"]), step)
