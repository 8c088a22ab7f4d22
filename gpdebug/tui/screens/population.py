"""A run's saved generations: the history, one generation's individuals as a table, and the way into the debugger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from gpdebug.store.filter import FilterError, containing
from gpdebug.store.population import Individual, Population
from gpdebug.store.verify import Verification, verify
from gpdebug.tui.individuals import Individuals, same_individuals
from gpdebug.tui.keymap import APP, FIND, OPEN, VIEW, bind
from gpdebug.tui.screens.choice import ChoiceScreen
from gpdebug.tui.screens.compare import NO_CASE, CompareScreen
from gpdebug.tui.screens.descent import DescentScreen
from gpdebug.tui.screens.generations import GenerationsScreen
from gpdebug.tui.screens.help import Section
from gpdebug.tui.screens.population_words import HELP, doubt
from gpdebug.tui.sources import Source
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.prompt import Prompt
from gpdebug.tui.widgets.table import Rows, Table
from gpdebug.wording import counted

AT_ONCE = 50_000
"""Rows up to which sorting and filtering need no worker: less than a frame."""
FAR = 1_000_000_000
"""Saved generations further than all there are."""


class PopulationScreen(GenerationsScreen):
    """Looks at the generations of a source; what it shows is read and sorted in workers."""

    DEFAULT_CSS = """
    PopulationScreen { layout: vertical; }
    PopulationScreen Curve { height: 5; margin: 0 0 1 0; }
    PopulationScreen.-normal Curve { height: 8; }
    PopulationScreen.-tall Curve { height: 11; }
    PopulationScreen Table { height: 1fr; }
    PopulationScreen #population-doubt { height: auto; padding: 0 2; color: $warning; display: none; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-normal"), (42, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "debug", "debug", id="population.debug", group=OPEN, tip="open the program in the debugger"),
        bind("left_square_bracket", "generation(-1)", "earlier", id="population.earlier", group=VIEW,
             tip="the saved generation before"),
        bind("right_square_bracket", "generation(1)", "later", id="population.later", group=VIEW,
             tip="the next saved generation"),
        bind("left_curly_bracket", f"generation({-FAR})", "first", id="population.first", group=VIEW, show=False,
             tip="the first saved generation"),
        bind("right_curly_bracket", f"generation({FAR})", "last", id="population.last", group=VIEW, show=False,
             tip="the last saved generation"),
        bind("s", "sort", "sort", id="population.sort", group=FIND, tip="sort by a column; once more turns it round"),
        bind("f", "filter", "filter", id="population.filter", group=FIND,
             tip="which rows to show"),
        bind("slash", "search", "search", id="population.search", group=FIND, tip="programs with a piece of code"),
        bind("n", "match(1)", "next match", id="population.next", group=FIND),
        bind("N", "match(-1)", "match before", id="population.previous", group=FIND, show=False),
        bind("m,space", "mark", "mark", id="population.mark", group=VIEW, tip="mark up to two rows to compare"),
        bind("d", "compare", "compare", id="population.compare", group=VIEW, tip="the two marked rows side by side"),
        bind("b", "blame", "blame", id="population.blame", group=OPEN,
             tip="where it comes from: who brought each instruction, the births that mattered"),
        bind("e", "evolve", "evolve", id="population.evolve", group=OPEN,
             tip="watch the run as it evolves, or go on with one that was stopped"),
        bind("y", "debug(True)", "why", id="population.why", group=OPEN,
             tip="explain an output byte of the program, with scans, scores and its minimal core"),
        bind("Y", "copy", "copy", id="population.copy", group=VIEW, show=False, tip="copy the program"),
        bind("escape", "back", "back", id="population.back", group=APP,
             tip="leave out the search and the filter, then go back"),
    ]  # fmt: skip

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._ids: Rows = np.zeros(0, np.int64)
        self._filter = ""
        self._sort = ("rank", False)
        self.title_line = TitleLine((source.name,))
        self.doubt = Static(id="population-doubt", markup=False)
        self.table = Table()
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        """The title, the history, the table, a line to type into, the keys."""
        yield self.title_line
        yield self.doubt
        yield self.curve
        yield self.table
        yield from self.compose_descent()
        yield self.prompt
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to read, once there is a first frame to read behind."""
        self.curve.display = False
        self.table.empty = "reading…"
        self.table.focus()
        self.call_after_refresh(self.begin)
        self.watch(self.app, "machine_type", self._check)

    def fail(self, text: str) -> None:
        """Says why there are no individuals to show."""
        self.table.empty = text
        self.table.redraw()
        self._tell()

    def show_generation(self, individuals: Individuals, *, follows: bool) -> None:
        """Shows the individuals of a generation; the chosen one stays, or else its place, if they follow others."""
        population, table = individuals.population, self.table
        longest = int(population.programs.lengths.max(initial=0))
        table.empty = "no individuals in this generation" if self._generations else "no programs in this file"
        if follows:
            chosen = [] if table.row is None else [table.row]
            here = same_individuals(chosen, self._ids, population.ids)
            place = table.cursor
            table.set_columns(
                individuals.columns(), longest, marks=same_individuals(table.marks, self._ids, population.ids)
            )
            self._arrange(next(iter(here), None), place)
        else:
            table.set_columns(individuals.columns(), longest)
            self._arrange(keep=None)
        self._ids = population.ids
        self._check()

    def tell_growth(self) -> None:
        """Says in the title whether the run grows."""
        self._tell()

    def _check(self) -> None:
        """Has a sample of the programs run again, once the compiled machine is there to do it."""
        self.doubt.display = False
        if self._individuals is not None and getattr(self.app, "machine_type", None) is not None:
            self._run_again(self._individuals)

    @work(thread=True, exclusive=True, group="check")
    def _run_again(self, individuals: Individuals) -> None:
        verification = verify(individuals.population)
        if not verification.ok:
            self.bring(lambda: self._show_doubt(individuals, verification))

    def _show_doubt(self, individuals: Individuals, verification: Verification) -> None:
        if individuals is self._individuals:
            self.doubt.update(doubt(verification))
            self.doubt.display = True

    def _arrange(self, keep: int | None, place: int = 0) -> None:
        """Filters and sorts anew, at once or in a worker.

        Args:
            keep: the row to leave the cursor on.
            place: where to leave it if that row is not shown.
        """
        individuals = self._individuals
        if individuals is None:
            return
        if len(individuals.population) <= AT_ONCE:
            self._arranged(individuals, individuals.order(self._filter, *self._sort), keep, place)
        else:
            self._arrange_later(individuals, (self._filter, *self._sort), keep, place)

    @work(thread=True, exclusive=True, group="arrange")
    def _arrange_later(
        self, individuals: Individuals, how: tuple[str, str, bool], keep: int | None, place: int
    ) -> None:
        order = individuals.order(*how)
        self.bring(lambda: self._arranged(individuals, order, keep, place))

    def _arranged(self, individuals: Individuals, order: Rows, keep: int | None, place: int) -> None:
        if individuals is not self._individuals:
            return
        if self._filter:
            self.table.empty = f"no individual has {self._filter}"
        if place and len(order) and keep not in order:
            keep = int(order[min(place, len(order) - 1)])
        self.table.show(order, sorted_by=self._sort, keep=keep)
        self._tell()
        self.tell_ancestors()

    def _tell(self) -> None:
        """Writes the title line."""
        if self._individuals is None:
            self.title_line.show((self._source.name,), self._growth.facts)
            return
        population = self._population
        crumbs = [self._source.name]
        if self._generations:
            crumbs.append(f"generation {self._generation or 0:,}")
        total, shown = len(population), len(self.table.order)
        facts = [f"{shown:,} of {total:,}" if self._filter else counted(total, "individual"), population.dialect.name]
        if population.task is not None:
            facts.insert(0, counted(len(population.task.training), "case"))
        if population.error is not None and total:
            facts.insert(0, f"best error {int(population.error.min()):,}")
        if self._filter:
            facts.insert(0, self._filter)
        self.title_line.show(crumbs, [*facts, *self._growth.facts])
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action in ("debug", "sort", "filter", "search", "mark", "copy", "blame"):
            return self._individuals is not None and bool(len(self._individuals.population))
        if action == "generation":
            return len(self._generations) > 1
        if action == "evolve":
            return self.can_evolve
        if action == "ancestors":
            return self.knows_ancestors
        if action == "match":
            return self._individuals is not None and bool(self._individuals.cell.pattern)
        if action == "compare":
            return len(self.table.marks) == 2
        return True

    def help_sections(self) -> Sequence[Section]:
        """What the cells of the table show, and what a filter can say."""
        return HELP

    # Sort, filter, search

    def action_sort(self) -> None:
        """Asks for a column."""
        columns = {column.letter: column for column in self._loaded.columns()}
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
        before, descending = self._sort
        self._sort = (key, not descending if key == before else key == "solved")
        self._arrange(keep=self.table.row)

    def action_filter(self) -> None:
        """Asks for a filter."""
        self.prompt.ask("filter", "filter", self._filter, "error < 10 and length < 80")

    def action_search(self) -> None:
        """Asks for a piece of code."""
        self.prompt.ask("search", "search", self._loaded.cell.pattern.decode("latin-1"), "a piece of code")

    def on_prompt_edited(self, message: Prompt.Edited) -> None:
        """Says what is wrong with a filter while it is typed; marks a pattern at once."""
        if message.kind == "search":
            self._mark_pattern(message.text)
        else:
            self.prompt.explain("")

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Filters, or goes to the first match."""
        if message.kind == "filter":
            self._apply_filter(message.text.strip())
            return
        self._mark_pattern(message.text)
        self.prompt.close()
        self.table.focus()
        if message.text:
            self._find(1, include_here=True)

    def on_prompt_cancelled(self, message: Prompt.Cancelled) -> None:
        """Puts back what was before."""
        if message.kind == "search":
            self._mark_pattern(message.text)
        self.table.focus()

    def _apply_filter(self, text: str) -> None:
        try:
            self._loaded.check(text)
        except FilterError as error:
            self.prompt.explain(str(error), error.column)
            return
        self._filter = text
        self.prompt.close()
        self.table.focus()
        self._arrange(keep=self.table.row)

    def _mark_pattern(self, text: str) -> None:
        if self._individuals is not None:
            self._individuals.cell.pattern = text.encode("latin-1", "replace")
            self.table.redraw()
            self.refresh_bindings()

    def action_match(self, by: int) -> None:
        """Goes to the next match, or the one before."""
        self._find(by)

    def _find(self, by: int, include_here: bool = False) -> None:
        order = self.table.order
        places = np.flatnonzero(containing(self._population.programs, self._loaded.cell.pattern)[order])
        if not len(places):
            self.notify(f"no program shown contains {self._loaded.cell.pattern.decode('latin-1')}", markup=False)
            return
        here = self.table.cursor
        if by > 0:
            index = int(np.searchsorted(places, here, side="left" if include_here else "right")) % len(places)
        else:
            index = int(np.searchsorted(places, here, side="left")) - 1
        self.table.cursor = int(places[index])

    # Rows

    def on_table_cursor_moved(self) -> None:
        """Tells where another one descends from."""
        self.tell_ancestors()

    def descendant(self) -> Individual | None:
        """The one under the cursor."""
        row = self.table.row
        return None if self._individuals is None or row is None else self._population.individual(row)

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Opens the debugger on a row."""
        self._debug(message.row)

    def action_debug(self, why: bool = False) -> None:
        """Opens the debugger on the row under the cursor; perhaps its output is explained there at once."""
        if (row := self.table.row) is not None:
            self._debug(row, why=why)

    def _debug(self, row: int, beside: int | None = None, case: int | None = None, *, why: bool = False) -> None:
        self.debug_individual(self._population.individual(row), case, beside=beside, why=why)

    @property
    def _population(self) -> Population:
        return self._loaded.population

    @property
    def _loaded(self) -> Individuals:
        assert self._individuals is not None
        return self._individuals

    def action_mark(self) -> None:
        """Marks the row under the cursor."""
        self.table.toggle_mark()
        self.refresh_bindings()

    def action_compare(self) -> None:
        """Shows the two marked rows side by side."""
        population = self._population
        one, other = self.table.marks
        first, second = population.individual(one), population.individual(other)

        def compare_runs(case: int | None) -> None:
            if case is not None:
                self._debug(other, first.id, None if case == NO_CASE else case)

        self.app.push_screen(CompareScreen(population.dialect, first, second, population.task), compare_runs)

    def action_blame(self) -> None:
        """Tells where the individual under the cursor comes from."""
        if (row := self.table.row) is not None:
            self.app.push_screen(DescentScreen(self._source.individuals, self._population.individual(row)))

    def action_copy(self) -> None:
        """Copies the program under the cursor."""
        if (row := self.table.row) is not None:
            self.app.copy_to_clipboard(self._population.programs[row].decode("latin-1"))
            self.notify(f"program of {self._population.programs.lengths[row]:,} instructions copied")

    async def action_back(self) -> None:
        """Leaves out the search, then the filter, then goes back."""
        if self._individuals is not None and self._individuals.cell.pattern:
            self._mark_pattern("")
        elif self._filter:
            self._filter = ""
            self._arrange(keep=self.table.row)
        else:
            await self.run_action("app.leave")
