"""What is being debugged: a program on one case of a task or on an input of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vm.dialect import Primitive
from vm.program import Program
from vm.scoring import case_error

if TYPE_CHECKING:
    from gpdebug.debugger.moment import Moment
    from gpdebug.store.individuals import Individuals
    from gpdebug.store.population import Individual
    from gpdebug.store.task import Case, Task


_HEAD1 = (Primitive.MOVE1, Primitive.COPY01, Primitive.COPY10)


@dataclass(frozen=True, slots=True)
class Subject:
    """A program and what it runs on.

    Attributes:
        program: what to debug.
        title: where it is from, parts separated by ` ▸ `.
        task: what it was evolved for, or None.
        individual: what its run knows about it, or None.
        case: which of the task's cases, training before held-out; None for an input of one's own.
        own: that input.
        individuals: the others of its run, or None.
    """

    program: Program
    title: str = ""
    task: Task | None = None
    individual: Individual | None = None
    case: int | None = None
    own: bytes = b""
    individuals: Individuals | None = None

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases of the task, training before held-out."""
        return () if self.task is None else (*self.task.training, *self.task.held_out)

    @property
    def data(self) -> bytes:
        """The input."""
        return self.own if self.case is None else self.cases[self.case].input

    @property
    def wanted(self) -> bytes | None:
        """The output that is wanted, or None."""
        return None if self.case is None else self.cases[self.case].output

    def on_case(self, case: int) -> Subject:
        """The same program on another case."""
        return replace(self, case=case, own=b"")

    def on_input(self, data: bytes) -> Subject:
        """The same program on an input of one's own."""
        return replace(self, case=None, own=data)

    def at(self, moment: Moment) -> Subject:
        """What is run at a moment: on a branch, program and input may have been edited."""
        subject = self if moment.program is self.program else replace(self, program=moment.program)
        return subject if moment.data == self.data else subject.on_input(moment.data)

    @property
    def uses_head1(self) -> bool:
        """Whether the language has instructions for the second head."""
        return any(instruction.primitive in _HEAD1 for instruction in self.program.dialect.instructions)

    @property
    def crumbs(self) -> tuple[str, ...]:
        """Where the program is from, for the title line."""
        return tuple(self.title.split(" ▸ ")) if self.title else (f"a {self.program.dialect.name} program",)

    @property
    def case_words(self) -> str:
        """Which case it is."""
        if self.case is None or self.task is None:
            return "own input" if self.task is not None else ""
        training = len(self.task.training)
        if self.case < training:
            return f"case {self.case + 1} of {training}"
        return f"held-out case {self.case - training + 1} of {len(self.task.held_out)}"

    def error(self, moment: Moment) -> int | None:
        """The error of the output as of a moment by the task's measure, or None where nothing is wanted."""
        if self.task is None or self.wanted is None:
            return None
        return case_error(self.task.scorer, moment.output, self.wanted, moment.state.status)
