"""The tabs of the explain screen that are found by running the program changed: knock-outs, mutations, scores, core."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.widget import Widget

from gpdebug.tui.bridge import REPORT_EVERY, Runner
from gpdebug.tui.explained import Going, Inquiry, Tab
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.questions import Asked
from gpdebug.tui.scan_words import core_page, scores_page
from gpdebug.tui.scans import CoreWish, Keep, ScanResult, Tell, show_knock_outs, show_mutations
from gpdebug.tui.screens.working import Worker, WorkingScreen
from gpdebug.tui.widgets.heat_view import HeatView
from gpdebug.tui.widgets.scan_pane import ScanPane
from gpdebug.tui.widgets.text_page import Styled, TextPage

if TYPE_CHECKING:
    from gpdebug.debugger.moment import Interrupt

Found = TypeVar("Found")
SCAN_TABS = (Tab.KNOCK_OUTS, Tab.MUTATIONS)
TEXT_TABS = (Tab.SCORES, Tab.CORE, Tab.CHANGES)


class ScanningScreen(WorkingScreen[Going | None]):
    """Has each of them worked out when its tab is shown first."""

    def __init__(self, inquiry: Inquiry, runner: Runner | None) -> None:
        super().__init__(runner)
        self.inquiry = inquiry
        self._wish = CoreWish()

    def compose_scans(self) -> Iterator[Widget]:
        """What the tabs show."""
        for tab in SCAN_TABS:
            yield ScanPane(id=tab.slug)
        for tab in TEXT_TABS:
            yield TextPage(id=tab.slug)

    def pane(self, tab: Tab) -> ScanPane:
        """What shows a scan."""
        return self.query_one(f"#{tab.slug}", ScanPane)

    def page(self, tab: Tab) -> TextPage:
        """What shows scores or core."""
        return self.query_one(f"#{tab.slug}", TextPage)

    def show_scans(self) -> None:
        """Shows what belongs to the tab, or has it worked out."""
        tab, scans = self.inquiry.tab, self.inquiry.known_scans
        match tab:
            case Tab.KNOCK_OUTS:
                self._show_scan(tab, scans.find_knock_outs, show_knock_outs)
            case Tab.MUTATIONS:
                self._show_scan(tab, scans.find_mutations, show_mutations)
            case Tab.CORE:
                self._show_core()
            case Tab.SCORES:
                self._show_scores()

    def _show_scan(
        self, tab: Tab, find: Callable[[Interrupt, Tell], Found], made: Callable[[Found], ScanResult]
    ) -> None:  # fmt: skip
        """Shows a scan; what was found is shown as it was left."""
        pane, scans = self.pane(tab), self.inquiry.known_scans
        if self.is_working_out(tab.value) or (pane.result is not None and pane.result is scans.results.get(tab)):
            return
        pane.show(None)
        pane.say([WORKING])

        def work(worker: Worker) -> ScanResult:
            found = find(worker.interrupt, self._teller(worker, lambda text: pane.say([text])))
            return scans.results.setdefault(tab, made(found))

        def show(result: ScanResult) -> None:
            pane.show(result)
            self.refresh_bindings()

        self.work_out(tab.value, work, show)

    def _teller(self, worker: Worker, say: Callable[[str], object]) -> Tell:
        """Tells how far something is, now and then."""
        told = time.monotonic()
        stops = with_keys(self, "{explain.back} stops")

        def tell(text: str) -> None:
            nonlocal told
            if time.monotonic() - told >= REPORT_EVERY:
                told = time.monotonic()
                worker.show(lambda: say(f"{text} · {stops}"))

        return tell

    # the core

    @property
    def _asked_byte(self) -> int | None:
        question = self.inquiry.question
        return question.index if question.asked is Asked.OUTPUT else None

    def action_keep(self) -> None:
        """Looks for a core that keeps something else."""
        self._wish = CoreWish(self._wish.keep.next, self._asked_byte, self._wish.seed)
        self._show_core()

    def action_reorder(self) -> None:
        """Looks for a core in another order."""
        self._wish = CoreWish(self._wish.keep, self._asked_byte, self._wish.seed + 1)
        self._show_core()

    def _show_core(self) -> None:
        byte = self._asked_byte if self._wish.keep is Keep.BYTE else None
        wish, scans, page = (
            CoreWish(self._wish.keep, byte, self._wish.seed),
            self.inquiry.known_scans,
            self.page(Tab.CORE),
        )
        page.say(WORKING)

        def work(worker: Worker) -> list[Styled]:
            return core_page(scans.find_core(wish, worker.interrupt, self._teller(worker, page.say)))

        self.work_out(Tab.CORE.value, work, page.show)

    # the scores

    def _show_scores(self) -> None:
        inquiry, page = self.inquiry, self.page(Tab.SCORES)
        found, subject = inquiry.found, inquiry.run.subject
        if found is None:
            page.say("there is no answer to score")
            return
        if inquiry.run.branch:
            page.say("only runs from their first step on are scored, this is a branch")
            return
        page.say(WORKING)
        inputs = [] if subject.task is None else [case.input for case in subject.task.training]

        def work(worker: Worker) -> list[Styled]:
            from gpdebug.explain.change.scores import scores_of

            return scores_page(scores_of(found, inputs, interrupt=worker.interrupt.is_set))

        self.work_out(Tab.SCORES.value, work, page.show)

    def show_problem(self, what: str, text: str) -> None:
        """Says why something could not be worked out."""
        if what in SCAN_TABS:
            self.pane(Tab(what)).say([text])
        else:
            self.page(Tab(what)).say(text)

    # on the way to the debugger

    @on(ScanPane.Opened)
    def _instruction_opened(self, event: ScanPane.Opened) -> None:
        self.show_instruction(event.instruction)

    def show_instruction(self, instruction: int) -> None:
        """Goes to an instruction in the debugger."""
        run = self.inquiry.run
        if instruction < len(run.subject.program):
            self.dismiss(Going(run.subject, None, run.branch, instruction))

    @on(HeatView.Moved)
    def _heat_moved(self) -> None:
        self.tell_chosen()

    def tell_chosen(self) -> None:
        """Says what is known of what is chosen."""
        raise NotImplementedError


WORKING = "working it out…"
