"""The run that is explained: what is run, from which moment on, and as of which; and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from gpdebug.debugger.errors import DebuggerError, QueryError
from gpdebug.store.errors import StoreError
from gpdebug.tui.circuit_scene import Lens
from gpdebug.tui.questions import Asked, Question
from gpdebug.tui.scans import Scans
from gpdebug.tui.widgets.text_page import Styled
from vm.dialect import Io
from vm.errors import VMError

if TYPE_CHECKING:
    from gpdebug.debugger.moment import Interrupt, ProgressCallback
    from gpdebug.debugger.session import Session
    from gpdebug.explain.answer import Explanation
    from gpdebug.tui.subject import Subject
    from vm.settings import Settings
    from vm.state import State


Kinds = tuple[str, ...]
"""Kinds of dependence by name, in the order of `KINDS`."""
KINDS: Kinds = ("value", "control", "address", "code")


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedRun:
    """A run, or a stretch of one from an edit on.

    Attributes:
        subject: the program and what it runs on.
        settings: of the machine.
        starts: moments of it that can be begun at, in order; the first is where it begins.
        now: the moment that it is looked at from; None: its end.
        branch: the debugger's branch that it is.
    """

    subject: Subject
    settings: Settings
    starts: tuple[State, ...] = ()
    now: int | None = None
    branch: int = 0

    def explain(self, question: Question, kinds: Kinds, interrupt: Interrupt) -> Explanation:
        """Answers a question; this loads compiled code at first use.

        Raises:
            ExplainError: there is no such thing in this run, or it was interrupted.
            VMError: the program or its input cannot be loaded.
        """
        from gpdebug.explain.answer import explain
        from gpdebug.explain.parts import parse_kinds
        from gpdebug.explain.trace import WINDOW

        to_step = question.step if question.step is not None else self.now
        near = [state for state in self.starts if to_step is not None and state.steps <= to_step - WINDOW]
        start = near[-1] if near else self.starts[0] if self.starts else None
        return explain(
            self.subject.program, self.subject.data, self.settings, question.criterion(self.now),
            parse_kinds(",".join(kinds)), start=start, to_step=to_step, interrupt=interrupt.is_set,
        )  # fmt: skip

    def on(self, subject: Subject) -> ExplainedRun:
        """The same program on something else, to its end."""
        return replace(self, subject=subject, starts=(), now=None, branch=0)


def asked_run(
    session: Session, subject: Subject, question: Question, interrupt: Interrupt, report: ProgressCallback
) -> ExplainedRun:
    """The run that a question about the present moment of a session is about.

    Raises:
        QueryError: it was interrupted.
    """
    from gpdebug.explain.trace import WINDOW

    now = question.step if question.step is not None else session.moment.step
    if question.asked is Asked.OUTPUT and session.program.dialect.io is Io.STREAMS:
        written = session.find.output_written(question.index, interrupt=interrupt, on_progress=report)
        now = now if written is None else written - 1
    first = session.way.at(now).start
    starts = []
    for step in sorted({first, max(first, now - WINDOW)}):
        found = session.situation_at(step, interrupt=interrupt, on_progress=report)
        if found is None:
            raise QueryError("interrupted before the answer was there")
        starts.append(found)
    moment = session.moment
    subject = replace(subject.at(moment), program=starts[0].program)
    return ExplainedRun(
        subject, session.settings, tuple(each.state for each in starts), moment.step, moment.branch
    )  # fmt: skip


class Tab(StrEnum):
    """What of an answer is looked at."""

    CIRCUIT = "circuit"
    NODES = "nodes"
    KNOCK_OUTS = "knock-outs"
    MUTATIONS = "mutations"
    SCORES = "scores"
    CORE = "core"
    CHANGES = "what if"

    @property
    def slug(self) -> str:
        """Its name as one word."""
        return self.value.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Going:
    """Where the user wants to go: a moment of a run, or an instruction.

    Attributes:
        subject: the program and what it runs on.
        step: the moment; None: as it is.
        branch: the debugger's branch.
        instruction: to put the cursor on, or None.
    """

    subject: Subject
    step: int | None
    branch: int = 0
    instruction: int | None = None


@dataclass(slots=True, eq=False)
class Inquiry:
    """What a user is looking at: it can be left and come back to.

    Attributes:
        run: the run.
        question: about it.
        kinds: of dependence that are followed.
        found: the answer, once it is there.
        tab: what of the answer is looked at.
        lens: how its circuit is looked at.
        sort: key of the column that the nodes are sorted by, and whether it descends.
        node: the row of the nodes that was chosen last.
        scans: of the program.
        changed: what came of the last change that was asked about, as lines.
    """

    run: ExplainedRun
    question: Question
    kinds: Kinds = KINDS[:1]
    found: Explanation | None = None
    tab: Tab = Tab.CIRCUIT
    lens: Lens = field(default_factory=Lens)
    sort: tuple[str, bool] = ("step", False)
    node: int | None = None
    scans: Scans | None = None
    changed: list[Styled] = field(default_factory=list)

    @property
    def known_scans(self) -> Scans:
        """The scans of the program that is looked at."""
        if self.scans is None or not self.scans.is_of(self.run.subject):
            self.scans = Scans(self.run.subject, self.run.settings)
        return self.scans

    def ask(self, question: Question, run: ExplainedRun | None = None) -> None:
        """Asks something else."""
        self.run, self.question = run or self.run, question
        self.found = self.node = None
        self.lens = replace(self.lens, folds=None)

    def toggle(self, kind: str) -> None:
        """Follows a kind of dependence, or no longer; one is always followed."""
        chosen = tuple(each for each in KINDS if (each in self.kinds) != (each == kind))
        if chosen:
            self.kinds = chosen
            self.found = self.node = None


def is_told(error: Exception) -> bool:
    """Whether an error is the user's affair; any other is a fault of the program."""
    from gpdebug.explain.errors import ExplainError

    return isinstance(error, ExplainError | DebuggerError | StoreError | VMError)
