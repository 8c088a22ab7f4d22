"""A run while it evolves: its curve, its rates, the best individuals and what the best one does; pause, save, stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from gpdebug.store.cases import telling_case
from gpdebug.store.errors import StoreError
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.store.run import RunFolder
from gpdebug.tui import evolve_words as told
from gpdebug.tui.champion import Output, champion_lines, outputs_of
from gpdebug.tui.evolution import Evolution, Standing
from gpdebug.tui.evolve_form import EvolveForm, wrong_budget
from gpdebug.tui.keymap import APP, RUN, bind, with_keys
from gpdebug.tui.leaders import LeadersTable, individual_of
from gpdebug.tui.messages import DebugRequested, OpenRequested, ProblemFound
from gpdebug.tui.operator_rates import rate_lines, rates_of
from gpdebug.tui.screens.bringing import BringingScreen
from gpdebug.tui.screens.help import Section
from gpdebug.tui.sources import Growth, RunSource
from gpdebug.tui.stored_run import Stored, read_stored
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.bar import Bar, Heading, Part
from gpdebug.tui.widgets.curve import Curve
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.page import Lines, Page
from gpdebug.tui.widgets.prompt import Prompt
from gpdebug.tui.widgets.rows import Rows
from gpdebug.tui.widgets.table import Table
from vm.errors import VMError
from vm.program import Program

LOOK = 1.0
"""Seconds between two looks at a folder that another process may write to."""
TICK = 1.0
"""Seconds between two looks at the time that something takes."""
_LONGEST = 10_000
"""Instructions of a program up to which the table pans."""


class EvolveScreen(BringingScreen):
    """Shows an evolution and commands it; it evolves on while another screen is shown."""

    DEFAULT_CSS = """
    EvolveScreen Curve { height: 6; }
    EvolveScreen.-normal Curve { height: 9; }
    EvolveScreen.-tall Curve { height: 12; }
    EvolveScreen #evolve-standing { background: $surface; }
    EvolveScreen #evolve-problem { height: auto; padding: 0 1; color: $error; display: none; }
    EvolveScreen Table { height: 5; }
    EvolveScreen.-normal Table { height: 9; }
    EvolveScreen.-tall Table { height: 13; }
    EvolveScreen #evolve-lower { height: 1fr; layout: vertical; }
    EvolveScreen.-wide #evolve-lower { layout: horizontal; }
    EvolveScreen #evolve-best { height: 1fr; width: 1fr; }
    EvolveScreen #evolve-side { height: 3; width: 1fr; }
    EvolveScreen.-normal #evolve-side, EvolveScreen.-tall #evolve-side { height: 8; }
    EvolveScreen.-wide #evolve-side { height: 1fr; width: 50; }
    EvolveScreen #evolve-history, EvolveScreen #evolve-operators { height: 1fr; display: none; }
    EvolveScreen.-wide #evolve-operators { height: 8; }
    EvolveScreen.-wide.-short #evolve-operators { height: 4; }
    EvolveScreen.-wide #evolve-history, EvolveScreen.-wide #evolve-operators { display: block; }
    EvolveScreen.-narrow #evolve-history { display: block; }
    EvolveScreen.-narrow.-rates #evolve-history { display: none; }
    EvolveScreen.-narrow.-rates #evolve-operators { display: block; }
    EvolveScreen Page { height: 1fr; }
    EvolveScreen Rows { height: 1fr; background: $background; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-normal"), (44, "-tall")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("p,space", "pause", "pause", id="evolve.pause", group=RUN,
             tip="pause: it is saved and waits; once more lets it go on"),
        bind("s", "save", "save", id="evolve.save", group=RUN, tip="save the present generation"),
        bind("x", "stop", "stop", id="evolve.stop", group=RUN, tip="save and end it; r goes on with it later"),
        bind("r", "resume", "resume", id="evolve.resume", group=RUN, tip="go on with it, for another budget"),
        bind("enter", "debug", "debug", id="evolve.debug", group=RUN,
             tip="open the individual under the cursor in the debugger; it evolves on"),
        bind("b", "debug_best", "best", id="evolve.best", group=RUN,
             tip="open the best program in the debugger; it evolves on"),
        bind("a", "population", "all", id="evolve.population", group=RUN,
             tip="save, and show everyone who lives now, on the screen of the population"),
        bind("e", "new", "new", id="evolve.new", group=RUN, tip="begin another run"),
        bind("o", "side", "operators", id="evolve.side", group=RUN, show=False,
             tip="in a narrow terminal: which operators succeed, in place of the improvements"),
        bind("tab", "app.focus_next", "next part", id="evolve.next", group=APP, show=False),
        bind("escape", "back", "back", id="evolve.back", group=APP, tip="go back; it evolves on"),
    ]  # fmt: skip

    title_line = getters.query_one(TitleLine)
    curve = getters.query_one(Curve)
    table = getters.query_one(Table)
    prompt = getters.query_one(Prompt)
    page = getters.query_one("#evolve-program", Page)
    rates = getters.query_one("#evolve-rates", Page)
    improvements = getters.query_one("#evolve-improvements", Rows)
    standing = getters.query_one("#evolve-standing", Bar)
    problem = getters.query_one("#evolve-problem", Static)

    def __init__(self, evolution: Evolution, form: EvolveForm | None = None) -> None:
        """Shows an evolution; `form` is what it was begun by, if that was a form."""
        super().__init__()
        self.evolution, self._form = evolution, form or EvolveForm()
        self._leaders = LeadersTable(evolution.task)
        self._source: RunSource | None = None
        self._growth: Growth | None = None
        self._code = b""
        self._outputs: tuple[Output, ...] = ()
        self._awaits_all = False

    def compose(self) -> ComposeResult:
        """The title, the curve, how it stands, the best individuals, the best program, what improved, the keys."""
        yield TitleLine(("evolve", str(self.evolution.path)))
        yield Curve()
        yield Bar(id="evolve-standing")
        yield Static(id="evolve-problem", markup=False)
        yield Table()
        with Vertical(id="evolve-lower"):
            with Vertical(id="evolve-best"):
                yield Heading(id="evolve-best-heading")
                yield Page(self._lines, id="evolve-program")
            with Vertical(id="evolve-side"):
                with Vertical(id="evolve-history"):
                    yield Heading(id="evolve-history-heading")
                    yield Rows(empty="what improves is told here", id="evolve-improvements")
                with Vertical(id="evolve-operators"):
                    yield Heading(id="evolve-operators-heading")
                    yield Page(self._rate_lines, id="evolve-rates")
        yield Prompt()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follows the evolution."""
        self.curve.empty = "the curve begins with the first generation"
        self.table.empty = "the best individuals are shown from the first generation on"
        self.table.set_columns(self._leaders.columns(), _LONGEST)
        self.table.focus()
        self.evolution.changed = self._changed
        self.set_interval(TICK, self._tell_standing)
        self.set_interval(LOOK, self._look)
        self._look()
        self.watch(self.app, "machine_type", self._run_again, init=False)
        self._changed()

    def on_unmount(self) -> None:
        """Follows it no longer."""
        if self.evolution.changed == self._changed:
            self.evolution.changed = lambda: None

    def on_resize(self) -> None:
        """Says as much as there is room for."""
        self.call_after_refresh(self._changed)

    def on_screen_resume(self) -> None:
        """Draws what happened meanwhile."""
        self.evolution.changed = self._changed
        self._awaits_all = False
        self._changed()

    # What its folder tells

    def _look(self) -> None:
        """Looks whether there is more of a run that no process of ours goes on with."""
        is_busy = any(worker.group == "stored" and not worker.is_finished for worker in self.workers)
        if self.evolution.is_stored and self.is_current and not is_busy:
            self._read(self._growth)

    @work(thread=True, group="stored")
    def _read(self, before: Growth | None) -> None:
        try:
            if self._source is None:
                self._source = RunSource(RunFolder.open(self.evolution.path))
            growth = self._source.growth()
            if growth == before:
                return
            stored = None if growth.is_gone else read_stored(self._source.folder)
        except (StoreError, VMError, OSError):
            return  # it is being written to, or taken away: the next look will tell
        self.bring(lambda: self._take(growth, stored))

    def _take(self, growth: Growth, stored: Stored | None) -> None:
        self._growth = growth
        self.evolution.take(stored)

    # What it shows

    def _changed(self) -> None:
        if not self.is_current or not self.is_mounted:
            return
        evolution, report = self.evolution, self.evolution.report
        self.title_line.show(told.crumbs(evolution), told.title_facts(evolution))
        self._head_side()
        self._tell_standing()
        self._tell_problem()
        best = self.query_one("#evolve-best-heading", Heading)
        best.show(told.best_parts(evolution, best.size.width))
        history = evolution.history
        last = int(history["generation"][-1]) if history is not None and len(history) else 0
        self.curve.show(history, evolution.saved, last)
        self.rates.lay_anew()
        if report is not None:
            self._show_leaders()
            self._show_best(report.code)
            rows = told.improvement_rows(evolution.improvements, self.improvements.size.width)
            self.improvements.show(rows, stay_first=True)
        self.refresh_bindings()
        self._show_all()

    def _tell_standing(self) -> None:
        """Tells how it stands; what is waited for is told with the time that it takes."""
        self.standing.show(told.standing_parts(self.evolution, self.size.width))

    def _tell_problem(self) -> None:
        words = told.problem_words(self.evolution)
        self.problem.update(words)
        self.problem.display = bool(words)

    def _show_leaders(self) -> None:
        report, place = self.evolution.report, self.table.cursor
        assert report is not None
        if report.leaders is self._leaders.leaders:
            return
        if self._leaders.task is not self.evolution.task:
            self._leaders = LeadersTable(self.evolution.task)
            self.table.set_columns(self._leaders.columns(), _LONGEST)
        before = self._leaders.leaders[place].id if place < len(self._leaders.leaders) else None
        self._leaders.leaders = report.leaders
        here = self._leaders.place_of(before) if place else 0
        keep = here if here is not None else min(place, len(report.leaders) - 1)
        self.table.redraw()
        self.table.show(np.arange(len(report.leaders)), keep=keep)

    def _show_best(self, code: bytes) -> None:
        if code != self._code:
            self._code = code
            self.page.lay_anew()
            self._run_again()

    def _run_again(self) -> None:
        if self._code and self.evolution.task is not None:
            self._run_best(self._code)

    @work(thread=True, exclusive=True, group="outputs")
    def _run_best(self, code: bytes) -> None:
        assert self.evolution.task is not None
        outputs = outputs_of(code, self.evolution.task, getattr(self.app, "machine_type", None))
        self.bring(lambda: self._show_outputs(code, outputs))

    def _show_outputs(self, code: bytes, outputs: tuple[Output, ...]) -> None:
        if code == self._code:
            self._outputs = outputs
            self.page.lay_anew()

    def _lines(self, width: int, palette: Palette) -> Lines:
        height = self.page.size.height
        return champion_lines(self._code, self.evolution.task, self._outputs, width, height, palette)

    def _rate_lines(self, width: int, palette: Palette) -> Lines:
        return rate_lines(rates_of(self.evolution.history), width, self.rates.size.height, palette)

    def _head_side(self) -> None:
        """Heads what is beside the best program; in a narrow terminal one of two things, and how to see the other."""
        is_narrow = self.has_class("-narrow")
        for name, other, what in (("history", "operators", "improvements"), ("operators", "improvements", "operators")):
            left = [Part(f" {what}", "heading")]
            if what == "operators":
                left.append(Part("  children better than their parent", "muted"))
            turn = Part(with_keys(self, f"{{evolve.side}} {other} "), "muted", "screen.side", f"show the {other}")
            self.query_one(f"#evolve-{name}-heading", Heading).show(left, [turn] if is_narrow else [])

    def help_sections(self) -> Sequence[Section]:
        """What the parts of the screen show."""
        return told.HELP

    # What it does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        alive = self.evolution.is_alive
        if action in ("pause", "save", "stop"):
            return alive
        if action == "resume":
            return self.evolution.can_resume
        if action == "debug":
            return bool(self._leaders.leaders)
        if action == "debug_best":
            return bool(self._code)
        if action == "population":
            return bool(self.evolution.saved) or (alive and self.evolution.has_begun)
        return True

    def action_pause(self) -> None:
        """Pauses, or goes on."""
        self.evolution.pause_or_go_on()

    def action_save(self) -> None:
        """Saves."""
        self.evolution.save()

    def action_stop(self) -> None:
        """Saves and ends."""
        self.evolution.stop()

    def action_resume(self) -> None:
        """Asks how long to go on."""
        self.prompt.ask("budget", "go on for", "5min", "60s, 2h, 1M programs, none")

    def on_prompt_edited(self, message: Prompt.Edited) -> None:
        """Says what is wrong with a budget while it is typed."""
        self.prompt.explain(wrong_budget(message.text))

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Goes on."""
        wrong = wrong_budget(message.text)
        if wrong:
            self.prompt.explain(wrong)
            return
        self.prompt.close()
        self.table.focus()
        self.evolution.resume(message.text.split())

    def on_prompt_cancelled(self) -> None:
        """Leaves it as it is."""
        self.table.focus()

    def action_side(self) -> None:
        """Shows the operators in place of the improvements, and the other way round."""
        self.toggle_class("-rates")

    def action_debug(self) -> None:
        """Opens the individual under the cursor in the debugger."""
        if (row := self.table.row) is not None:
            leader = self._leaders.leaders[row]
            self._debug(leader.code, individual_of(leader), f"#{leader.id}")

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Opens the one that was clicked twice."""
        self.action_debug()

    def action_debug_best(self) -> None:
        """Opens the best program in the debugger."""
        leader = next((leader for leader in self._leaders.leaders if leader.code == self._code), None)
        self._debug(self._code, individual_of(leader) if leader else None, f"#{leader.id}" if leader else "the best")

    @on(Rows.Asked, "#evolve-improvements")
    def _open_improvement(self, event: Rows.Asked) -> None:
        found = self.evolution.improvements[int(event.key)]
        if not found.code:
            self.notify("which program that was is not saved; a shows the generations that are", markup=False)
            return
        self._debug(found.code, None, f"best of generation {found.generation:,}")

    def _debug(self, code: bytes, individual: Individual | None, name: str) -> None:
        evolution, task = self.evolution, self.evolution.task
        if task is None:
            return
        generation = evolution.report.generation if evolution.report else 0
        try:
            program = Program(code, task.dialect)
            people = Individuals(RunFolder.open(evolution.path))
        except (VMError, StoreError) as error:
            self.post_message(ProblemFound(str(error)))
            return
        case = telling_case(task.training, individual.errors if individual else None)
        title = f"{evolution.path.name} ▸ generation {generation:,} ▸ {name}"
        self.post_message(DebugRequested(program, task, individual, case, title, people))

    def action_population(self) -> None:
        """Shows the individuals of the last saved generation; the present one is saved, and will be shown, too."""
        self.evolution.save()
        self._awaits_all = True
        self._show_all()

    def _show_all(self) -> None:
        if self._awaits_all and self.evolution.saved:
            self._awaits_all = False
            self.post_message(OpenRequested(str(self.evolution.path)))

    def action_new(self) -> None:
        """Begins another run; one that could not begin leaves its form, to be mended."""
        from gpdebug.tui.screens.evolve_form import EvolveFormScreen

        has_failed = self.evolution.standing is Standing.DIED and self.evolution.report is None
        self.app.push_screen(EvolveFormScreen(self._form if has_failed else EvolveForm()))

    async def action_back(self) -> None:
        """Goes back; the run evolves on."""
        if self.evolution.is_alive:
            self.app.notify(f"{self.evolution.path} evolves on; Home leads to it", timeout=4, markup=False)
        await self.run_action("app.leave")
