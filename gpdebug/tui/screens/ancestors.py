"""A screen that shows, below what else it shows, where the individual under the cursor descends from."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from gpdebug.store.errors import StoreError
from gpdebug.store.population import Individual
from gpdebug.tui.ancestor_rows import AncestorRows
from gpdebug.tui.keymap import VIEW, bind
from gpdebug.tui.messages import ProblemFound
from gpdebug.tui.screens.bringing import BringingScreen
from gpdebug.tui.screens.compare import NO_CASE, CompareScreen
from gpdebug.tui.screens.population_words import debug_request
from gpdebug.tui.sources import Source
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.rows import Row, Rows
from vm.errors import VMError

ROOM = 30
"""Lines of a screen from which on ancestors are shown without being asked for."""


class AncestorsScreen(BringingScreen):
    """Shows the line of descent of one individual, with the error of everyone on it and the edit of each birth.

    It is worked out in a thread; while that is busy only the last wish is kept.
    """

    DEFAULT_CSS = """
    AncestorsScreen #descent { height: 8; display: none; }
    AncestorsScreen #descent-titles { background: $surface; }
    AncestorsScreen #descent-births { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("a", "ancestors", "ancestors", id="population.ancestors", group=VIEW,
             tip="the line of descent: everyone's error, and the edit of each birth"),
    ]  # fmt: skip

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._generation: int | None = None
        self._rows: AncestorRows | None = None
        self._asked: bool | None = None
        self._wish: Individual | None = None
        self._is_busy = False
        self.descent = Vertical(id="descent")
        self.births = Rows(empty="following first parents back…", id="descent-births")

    def compose_descent(self) -> ComposeResult:
        """The titles and the births."""
        with self.descent:
            yield Bar(id="descent-titles")
            yield self.births

    def descendant(self) -> Individual | None:
        """Whose line of descent is wanted: the one under the cursor."""
        raise NotImplementedError

    def debug_individual(
        self, individual: Individual, case: int | None = None, *, beside: int | None = None, why: bool = False
    ) -> None:
        """Asks for the debugger on an individual; see `debug_request`."""
        generation = "" if self._generation is None else f"generation {self._generation:,} ▸ "
        place = f"{self._source.name} ▸ {generation}"
        try:
            request = debug_request(self._source.individuals, individual, place, case, beside=beside, why=why)
        except VMError as error:
            self.post_message(ProblemFound(f"individual {individual.id}: {error}"))
        else:
            self.post_message(request)

    @property
    def shows_ancestors(self) -> bool:
        """Whether there is, or would be, something to show them in."""
        return self._asked if self._asked is not None else self.size.height >= ROOM and self.knows_ancestors

    @property
    def knows_ancestors(self) -> bool:
        """Whether any are stored."""
        return self.descendant() is not None and self._source.individuals.has_lineage

    def action_ancestors(self) -> None:
        """Shows the ancestors, or no longer."""
        self._asked = not self.shows_ancestors
        self.tell_ancestors()

    def on_resize(self, event: events.Resize) -> None:
        """Shows them by itself where there is room."""
        self.call_after_refresh(self.tell_ancestors)

    def tell_ancestors(self) -> None:
        """Has the line of whoever is under the cursor now worked out and shown, if it is to be seen."""
        self.descent.display = self.shows_ancestors
        self._wish = self.descendant() if self.descent.display else None
        if not self._is_busy and self._wish is not None:
            self._is_busy = True
            self._follow(self._wish)

    @work(thread=True, group="ancestors")
    def _follow(self, individual: Individual) -> None:
        if self._rows is None:
            self._rows = AncestorRows(self._source.individuals)
        try:
            titles, rows = self._rows.of(individual)
        except StoreError as error:
            titles, rows = "", (Row("", ((str(error), "warning"),)),)
        self.bring(lambda: self._show_ancestors(individual, titles, rows))

    def _show_ancestors(self, individual: Individual, titles: str, rows: tuple[Row, ...]) -> None:
        self._is_busy = False
        self.query_one("#descent-titles", Bar).show([Part(f" {titles}", "muted")])
        self.births.show(rows)
        if self._wish is not None and self._wish != individual:
            self.tell_ancestors()

    @on(Rows.Asked)
    def _compare_with_parent(self, event: Rows.Asked) -> None:
        """Enter on a birth, or a double click: what each edit of it did."""
        people = self._source.individuals
        child = people.get(int(event.key))
        parent = people.get(child.parents[0]) if child is not None and child.parents else None
        if child is None or parent is None:
            return
        born, beside = child, parent.id

        def compare_runs(case: int | None) -> None:
            if case is not None:
                self.debug_individual(born, None if case == NO_CASE else case, beside=beside)

        self.app.push_screen(CompareScreen(people.dialect, parent, child, people.task), compare_runs)
