"""What if, why not: changes and goals as one types them, checked on the way, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import getters, on

from gpdebug.tui.explained import Inquiry, Tab
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.scanning import WORKING, ScanningScreen
from gpdebug.tui.screens.working import Worker
from gpdebug.tui.widgets.command_line import CommandLine, Prompt
from gpdebug.tui.widgets.text_page import Styled

if TYPE_CHECKING:
    from gpdebug.explain.change.text import Reader

WHAT_IF = Prompt("what if", "what if", "mem[3]=7 @120 · blank 12 · blank pair 4 · flip @88 · input[0]='b' · h0+=1; …")
WHY_NOT = Prompt("why not", "why not", "mem[3] (never written) · out[5] (never output) · 12 (never executed)")
CHECK = "the check"
_FORMS = {
    WHAT_IF.name: (
        "blank ", "blank pair ", "blank @", "flip @", "mem[", "cell0=", "cell1=", "h0=", "h1=", "spare=", "input[",
        "code[", "take ",
    ),
    WHY_NOT.name: ("mem[", "out[", "code["),
}  # fmt: skip
"""How what can be typed begins."""


def completions(prompt: Prompt, text: str) -> Sequence[str]:
    """What the last part of a line can become."""
    before, separator, last = text.rpartition(";")
    begun = last.lstrip()
    lead = before + separator + last[: len(last) - len(begun)]
    return [lead + form for form in _FORMS[prompt.name] if form.startswith(begun) and form != begun]


class WhatIfScreen(ScanningScreen):
    """Asks for changes and goals, and shows what comes of them in a tab of their own."""

    line = getters.query_one(CommandLine)

    def action_what_if(self) -> None:
        """Asks what to change."""
        self.ask_change(WHAT_IF)

    def action_why_not(self) -> None:
        """Asks what did not happen."""
        self.ask_change(WHY_NOT)

    def ask_change(self, prompt: Prompt, text: str = "") -> None:
        """Opens the line, with a proposal."""
        self.line.open(prompt, text, partial(completions, prompt), proposed=bool(text))

    def show_scans(self) -> None:
        """Shows what belongs to the tab."""
        if self.inquiry.tab is not Tab.CHANGES:
            super().show_scans()
        elif self.inquiry.changed:
            self.page(Tab.CHANGES).show(self.inquiry.changed)
        else:
            self.page(Tab.CHANGES).say(with_keys(self, "{explain.what_if} asks what if, {explain.why_not} why not"))

    @on(CommandLine.Changed)
    def _typed(self, event: CommandLine.Changed) -> None:
        """Has what is typed read, and says what is wrong with it."""
        inquiry, prompt, text = self.inquiry, event.prompt, event.text
        if not text.strip() or completions(prompt, text):
            return

        def work(worker: Worker) -> tuple[str, int | None]:
            from gpdebug.explain.errors import ChangeError

            try:
                reader = _reader(inquiry, worker)
                _ = reader.changes(text) if prompt is WHAT_IF else reader.goal(text)
            except ChangeError as error:
                return str(error), error.column
            return "", None

        def show(wrong: tuple[str, int | None]) -> None:
            if wrong[0] and self.line.display and self.line.field.value == text:
                self.line.point_out(*wrong)

        self.work_out(CHECK, work, show)

    def show_problem(self, what: str, text: str) -> None:
        """Says why something could not be worked out; of what is still being typed, as of what is wrong with it."""
        if what != CHECK:
            super().show_problem(what, text)
        elif self.line.display:
            self.line.point_out(text)

    @on(CommandLine.Submitted)
    def _submitted(self, event: CommandLine.Submitted) -> None:
        inquiry, prompt, text = self.inquiry, event.prompt, event.text
        if not text.strip():
            self.line.close()
            return

        def work(worker: Worker) -> list[Styled] | Exception:
            from gpdebug.explain.errors import ChangeError

            try:
                reader = _reader(inquiry, worker)
                return _page(what_if_lines(inquiry, reader, text) if prompt is WHAT_IF else why_not_lines(reader, text))
            except ChangeError as error:
                return error

        def show(found: list[Styled] | Exception) -> None:
            if isinstance(found, Exception):
                self.page(Tab.CHANGES).say("")
                self.line.fail(str(found), getattr(found, "column", None))
                return
            inquiry.changed = found
            self.line.close()
            self.page(Tab.CHANGES).show(found)

        self.action_show_tab(Tab.CHANGES.value)
        self.page(Tab.CHANGES).say(WORKING)
        self.work_out(Tab.CHANGES.value, work, show)

    def action_show_tab(self, name: str) -> None:
        """Shows a tab."""
        raise NotImplementedError

    @on(CommandLine.Closed)
    def _line_closed(self) -> None:
        self.focus_tab()

    def focus_tab(self) -> None:
        """Gives the keys to what the tab shows."""
        raise NotImplementedError


def _reader(inquiry: Inquiry, worker: Worker) -> Reader:
    """Reads changes of the run that is looked at."""
    from gpdebug.explain.change.run import Run
    from gpdebug.explain.change.text import Reader

    run, subject = inquiry.run, inquiry.run.subject
    if run.starts:
        whole = Run(subject.program, subject.data, run.settings, run.starts[0])
    else:
        whole = Run.of(subject.program, subject.data, run.settings)
    return Reader(whole, run.now, interrupt=worker.interrupt.is_set)


def what_if_lines(inquiry: Inquiry, reader: Reader, text: str) -> list[str]:
    """What comes of changes."""
    from gpdebug.explain.change.present import to_lines
    from gpdebug.explain.change.what_if import Judge, what_if

    subject = inquiry.run.subject
    judge = Judge.of_task(subject.task, subject.data)
    return to_lines(what_if(reader.run, reader.changes(text), judge=judge, interrupt=reader.interrupt))


def why_not_lines(reader: Reader, text: str) -> list[str]:
    """Why something did not happen."""
    from gpdebug.explain.change.present_why_not import to_lines
    from gpdebug.explain.change.why_not import why_not

    return to_lines(why_not(reader.run, reader.goal(text), until=reader.now, interrupt=reader.interrupt))


def _page(lines: list[str]) -> list[Styled]:
    """Lines of an answer, the first one as its heading."""
    title, *rest = lines
    return [(("", "base"),), ((title, "heading"),), *(((line, "base"),) for line in rest)]
