"""Asking why on the debug screen: the explain screen, and the way back to the moments that it leads to."""

from __future__ import annotations

from threading import Event

import numpy as np
from numpy.typing import NDArray
from textual import on
from textual.message import Message

from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.bridge import Runner
from gpdebug.tui.explain_words import debug_choices, first_choice, telling_byte
from gpdebug.tui.explained import ExplainedRun, Going, Inquiry, Tab, asked_run, is_told
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.questions import Asked, Question
from gpdebug.tui.scans import Scans, shading_levels
from gpdebug.tui.screens.counting import CountingScreen
from gpdebug.tui.screens.explain import ExplainScreen
from gpdebug.tui.screens.question import QuestionScreen
from gpdebug.tui.screens.what_if import WHAT_IF, WHY_NOT
from gpdebug.tui.shading import Shading
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.command_line import Prompt
from vm.state import output_of


class RunFound(Message):
    """The run that a question is about."""

    def __init__(self, run: ExplainedRun, question: Question, prompt: Prompt | None) -> None:
        super().__init__()
        self.run, self.question, self.prompt = run, question, prompt


class Shaded(Message):
    """What the background of the program tells is found, or why it is not."""

    def __init__(self, scans: Scans, shading: Shading, levels: NDArray[np.uint8] | None, problem: str) -> None:
        super().__init__()
        self.scans, self.shading, self.levels, self.problem = scans, shading, levels, problem


class ExplainingScreen(CountingScreen):
    """Asks about what is shown."""

    runner: Runner | None

    def __init__(self) -> None:
        super().__init__()
        self._inquiry: Inquiry | None = None
        self._scans: Scans | None = None
        self._scan_interrupt: Event | None = None

    @property
    def scans(self) -> Scans:
        """The scans of the program, as it was opened."""
        if self._scans is None or not self._scans.is_of(self.subject):
            self._scans = Scans(self.subject, self.session.settings)
            self.views.scan_levels = {}
        return self._scans

    # what backgrounds tell of scans

    def action_shade(self) -> None:
        """Has backgrounds tell heat, coverage, what a scan found, or nothing."""
        self.stop_scan()
        scans = self.scans
        self.views.next_shading()
        shading = self.views.shading
        if not shading.is_scan or shading in self.views.scan_levels:
            return
        self._scan_interrupt = interrupt = Event()

        def work() -> None:
            levels, problem = None, ""
            try:
                levels = shading_levels(scans, shading, interrupt, lambda text: None)
            except Exception as error:
                if not is_told(error):
                    raise
                problem = str(error)
            self.post_message(Shaded(scans, shading, levels, "" if interrupt.is_set() else problem))

        runner = self.runner or (lambda work: self.run_worker(work, thread=True, group="scan"))
        runner(work)

    @on(Shaded)
    def _shaded(self, event: Shaded) -> None:
        if event.scans is not self._scans:
            return
        self._scan_interrupt = None if event.shading is self.views.shading else self._scan_interrupt
        if event.levels is not None:
            self.views.scan_levels[event.shading] = event.levels
            self.views.show_shading()
        elif event.problem:
            self.notify(event.problem, severity="warning", timeout=5, markup=False)

    def stop_scan(self) -> bool:
        """Ends a scan that goes on for the backgrounds; whether there was one."""
        interrupt, self._scan_interrupt = self._scan_interrupt, None
        if interrupt is not None:
            interrupt.set()
        return interrupt is not None

    def take_subject(self, subject: Subject | None) -> None:
        """Runs the program on something else."""
        raise NotImplementedError

    def action_show_instruction(self, index: int) -> None:
        """Puts the cursor on an instruction."""
        raise NotImplementedError

    def action_why(self) -> None:
        """Asks what to explain."""
        self._leave_play()
        self.when_settled(self._ask_why)

    def _ask_why(self) -> None:
        choices = debug_choices(self.subject.at(self.moment), self.moment, self.memory.cursor)
        first = first_choice(choices, in_memory=self.memory.has_focus)
        self.app.push_screen(QuestionScreen(choices, first), self._why)

    def action_what_if(self) -> None:
        """Asks what to change about the run, and shows what comes of it."""
        self._leave_play()
        self.when_settled(lambda: self._ask_change(WHAT_IF))

    def action_why_not(self) -> None:
        """Asks what did not happen, and shows why."""
        self._leave_play()
        self.when_settled(lambda: self._ask_change(WHY_NOT))

    def _ask_change(self, prompt: Prompt) -> None:
        choices = debug_choices(self.subject.at(self.moment), self.moment, self.memory.cursor)
        first = first_choice(choices, in_memory=self.memory.has_focus)
        self._why(first or Question(Asked.CELL, 0, self.moment.step), prompt)

    def action_why_again(self) -> None:
        """Goes back to the explanation that was looked at last."""
        if self._inquiry is None:
            self.notify(with_keys(self, "nothing was explained yet: {debug.why} asks"), timeout=3)
            return
        self._leave_play()
        self._show_inquiry(self._inquiry)

    def _why(self, question: Question | None, prompt: Prompt | None = None) -> None:
        if question is None:
            return
        session, subject = self.session, self.subject

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            return RunFound(asked_run(session, subject, question, interrupt, report), question, prompt)

        if not self.bridge.ask("look", call):
            self.notify(with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning")

    def explain_output(self) -> None:
        """Explains the first byte of the whole run's output that is wrong, else the last one."""
        session, subject = self.session, self.subject

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message | None:
            total = session.find_end(interrupt=interrupt, on_progress=report)
            end = None if total is None else session.situation_at(total, interrupt=interrupt, on_progress=report)
            if end is None:
                return None
            output = output_of(end.state, subject.program.dialect, session.settings)
            return RunFound(ExplainedRun(subject, session.settings), telling_byte(output, subject.wanted), None)

        self.bridge.ask("look", call)

    @on(RunFound)
    def _run_found(self, event: RunFound) -> None:
        inquiry = Inquiry(event.run, event.question, scans=self.scans)
        if event.prompt is not None:
            inquiry.tab = Tab.CHANGES
        self._show_inquiry(inquiry, event.prompt)

    def _show_inquiry(self, inquiry: Inquiry, prompt: Prompt | None = None) -> None:
        self._inquiry = inquiry
        self.app.push_screen(ExplainScreen(inquiry, runner=self.runner, prompt=prompt), self._go_to_node)

    def _go_to_node(self, going: Going | None) -> None:
        """Goes to a moment of the run that was explained."""
        if going is None:
            return
        if going.subject.data != self.subject.data or going.subject.case != self.subject.case:
            self.take_subject(going.subject)
        elif going.branch != self.moment.branch and going.branch in [each.number for each in self.session.branches]:
            self.walk("switch", self.session.switch, going.branch)
        if going.step is not None:
            self.action_seek(going.step)
        if going.instruction is not None:
            self.action_show_instruction(going.instruction)
