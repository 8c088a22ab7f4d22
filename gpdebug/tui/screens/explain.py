"""The explain screen: a question about a run, its answer, and what it comes from; each node leads to its moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.bridge import Bridge, Runner
from gpdebug.tui.explain_keys import EXPLAIN_KEYS
from gpdebug.tui.explain_words import HELP, answer_lines, kind_parts, question_choices, question_parts
from gpdebug.tui.explained import Inquiry, is_told
from gpdebug.tui.node_table import NodeTable
from gpdebug.tui.questions import Asked, Question
from gpdebug.tui.screens.case import CaseScreen
from gpdebug.tui.screens.choice import ChoiceScreen
from gpdebug.tui.screens.dialog import AnsweringScreen
from gpdebug.tui.screens.help import Section
from gpdebug.tui.screens.question import QuestionScreen
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.table import Table
from gpdebug.wording import counted


@dataclass(frozen=True, slots=True)
class Going:
    """Where the user wants to go: a moment of a run.

    Attributes:
        subject: the program and what it runs on.
        step: the moment.
        branch: the debugger's branch.
    """

    subject: Subject
    step: int
    branch: int


class Explained(Message):
    """An answer is there."""

    def __init__(self, ticket: int, table: NodeTable) -> None:
        super().__init__()
        self.ticket, self.table = ticket, table


class Unexplained(Message):
    """There is no answer."""

    def __init__(self, ticket: int, error: Exception) -> None:
        super().__init__()
        self.ticket, self.error = ticket, error


class ExplainScreen(AnsweringScreen[Going | None]):
    """Answers questions about a run; comes back with the moment to go to, or None."""

    DEFAULT_CSS = """
    ExplainScreen Table { height: 1fr; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = EXPLAIN_KEYS

    title_line = getters.query_one(TitleLine)
    table = getters.query_one(Table)

    def __init__(self, inquiry: Inquiry, *, runner: Runner | None = None) -> None:
        """Asks.

        Args:
            inquiry: the question, and what is known of the answer.
            runner: where it is worked out; None: in a thread.
        """
        super().__init__()
        self.inquiry = inquiry
        self.bridge = Bridge(self, runner or (lambda work: self.run_worker(work, thread=True, group="explain")))
        self._rows: NodeTable | None = None
        self._ticket = self._answered = 0

    def compose(self) -> ComposeResult:
        """The question, the answer, the nodes, the keys."""
        yield TitleLine((*self.inquiry.run.subject.crumbs, "why"))
        yield Bar(id="question")
        yield Bar(id="answer")
        yield Bar(id="size")
        yield Bar(id="check")
        yield Table()
        yield KeyLine()

    def on_mount(self) -> None:
        """Works the answer out."""
        self.table.focus()
        self._work_out()

    @property
    def settled(self) -> bool:
        """Whether it shows what came of everything that was asked for."""
        return self._answered == self._ticket

    # the answer

    def _work_out(self) -> None:
        """Has the question answered; an answer that nobody waits for any more is forgotten."""
        inquiry = self.inquiry
        run, question, kinds, known = inquiry.run, inquiry.question, inquiry.kinds, inquiry.found
        self._ticket = ticket = self._ticket + 1
        self._rows = None
        self._show_empty("working it out…")

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            try:
                return Explained(ticket, NodeTable(known or run.explain(question, kinds, interrupt)))
            except Exception as error:
                return Unexplained(ticket, error)

        self.bridge.interrupt()
        self.bridge.ask("explain", call, background=True)

    @on(Explained)
    def _explained(self, event: Explained) -> None:
        if event.ticket != self._ticket:
            return
        self._answered = event.ticket
        self._rows, self.inquiry.found = event.table, event.table.found
        self.table.set_columns(event.table.columns(), event.table.longest)
        self._arrange(self.inquiry.node)

    @on(Unexplained)
    def _unexplained(self, event: Unexplained) -> None:
        if not is_told(event.error):
            raise event.error
        if event.ticket == self._ticket:
            self._answered = event.ticket
            self._show_empty(str(event.error))

    def _show_empty(self, text: str) -> None:
        self.table.empty = text
        self.table.show(np.zeros(0, np.int64))
        self._tell()

    def _tell(self) -> None:
        """Writes the lines on top."""
        inquiry = self.inquiry
        subject = inquiry.run.subject
        facts = [subject.case_words, *([] if self._rows is None else [f"{counted(len(self._rows), 'node')}"])]
        self.title_line.show((*subject.crumbs, "why"), [fact for fact in facts if fact])
        self.query_one("#question", Bar).show(question_parts(inquiry), kind_parts(inquiry))
        for name, text in zip(("answer", "size", "check"), answer_lines(inquiry.found), strict=True):
            self.query_one(f"#{name}", Bar).show([Part(f" {text}", "base" if name == "answer" else "muted")])
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action in ("go", "sort"):
            return self._rows is not None
        if action == "turn":
            return self.inquiry.question.asked is not Asked.JUMP
        if action == "kind" and parameters == ("code",):
            return self.inquiry.run.subject.program.dialect.self_modifying
        return True

    # what is asked

    def action_ask(self) -> None:
        """Asks for another question."""
        self.app.push_screen(QuestionScreen(question_choices(self.inquiry), self.inquiry.question), self._take)

    def _take(self, question: Question | None) -> None:
        if question is not None:
            self.inquiry.ask(question)
            self._work_out()

    def action_turn(self, by: int) -> None:
        """Asks about the next output byte or cell, or the one before."""
        self._take(self.inquiry.question.moved(by))

    def action_kind(self, kind: str) -> None:
        """Follows a kind of dependence, or no longer."""
        self.inquiry.toggle(kind)
        self._work_out()

    def action_case(self) -> None:
        """Asks the same about another case or input."""
        self.app.push_screen(CaseScreen(self.inquiry.run.subject), self._take_subject)

    def _take_subject(self, subject: Subject | None) -> None:
        if subject is not None:
            inquiry = self.inquiry
            inquiry.ask(inquiry.question.at_the_end, inquiry.run.on(subject))
            self._work_out()

    # the nodes

    def _arrange(self, keep: int | None) -> None:
        nodes, (key, descending) = self._rows, self.inquiry.sort
        if nodes is not None:
            self.table.show(nodes.order(key, descending=descending), sorted_by=(key, descending), keep=keep)
            self._tell()

    def action_sort(self) -> None:
        """Asks for a column."""
        if self._rows is None:
            return
        columns = {column.letter: column for column in self._rows.columns() if column.letter}
        self.table.letters(True)

        def answered(letter: str | None) -> None:
            self.table.letters(False)
            if letter is not None:
                self._sort_by(columns[letter].key)

        choices = [(letter, column.title) for letter, column in columns.items()]
        self.app.push_screen(ChoiceScreen("sort", choices), answered)

    def on_table_header_clicked(self, message: Table.HeaderClicked) -> None:
        """Sorts by the column that was clicked."""
        self._sort_by(message.key)

    def _sort_by(self, key: str) -> None:
        before, descending = self.inquiry.sort
        self.inquiry.sort = (key, not descending if key == before else key in ("effect", "added"))
        self._arrange(self.table.row)

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Goes to the moment of the row that was clicked twice."""
        self.action_go()

    def action_go(self) -> None:
        """Goes to the moment of the row under the cursor."""
        row, run = self.table.row, self.inquiry.run
        if self._rows is not None and row is not None:
            self.inquiry.node = row
            self.dismiss(Going(run.subject, self._rows.row(row).step, run.branch))

    async def action_leave(self) -> None:
        """Stops what is being worked out, else goes back."""
        if self.settled:
            self.inquiry.node = self.table.row
            self.dismiss(None)
        else:
            self.bridge.interrupt()

    def help_sections(self) -> Sequence[Section]:
        """What the lines and columns tell."""
        return HELP
