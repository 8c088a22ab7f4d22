"""Two individuals side by side: what is known of them, their edits and what each does, where their runs part."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType

from gpdebug.store.population import Individual
from gpdebug.store.task import Task
from gpdebug.tui.bridge import Runner
from gpdebug.tui.comparison_words import edit_rows, fact_lines, line_of_hunk, program_lines, story_lines
from gpdebug.tui.keymap import APP, MOVE, OPEN, VIEW, bind
from gpdebug.tui.screens.working import Worker, WorkingScreen
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.page import Lines, Page
from gpdebug.tui.widgets.rows import Rows
from vm.dialect import Dialect

if TYPE_CHECKING:
    from gpdebug.explain.history.comparison import Comparison

NO_CASE = -1
"""The answer of the screen where the runs are wanted and there are no cases."""
FACTS = 5
"""Lines that stand over the programs."""
_WHAT = "the comparison"


class CompareScreen(WorkingScreen[int | None]):
    """Compares two individuals; comes back with the case on which their runs are to be compared, or None."""

    DEFAULT_CSS = """
    CompareScreen #programs { height: 1fr; min-height: 7; }
    CompareScreen #edits { height: auto; max-height: 30%; }
    CompareScreen #titles { background: $surface; }
    CompareScreen #story { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("r,enter", "runs", "their runs", id="compare.runs", group=OPEN,
             tip="run both on the same input and compare what they do"),
        bind("n", "edit(1)", "next edit", id="compare.next", group=MOVE, tip="the next edit, and what it does"),
        bind("N", "edit(-1)", "edit before", id="compare.previous", group=MOVE, show=False),
        bind("right_square_bracket", "case(1)", "next case", id="compare.later", group=VIEW,
             tip="outputs and runs on the next case"),
        bind("left_square_bracket", "case(-1)", "case before", id="compare.earlier", group=VIEW, show=False),
        bind("escape,d", "app.leave", "back", id="compare.back", group=APP),
    ]  # fmt: skip
    AUTO_FOCUS = "#edits"

    programs = getters.query_one("#programs", Page)
    edits = getters.query_one("#edits", Rows)
    story = getters.query_one("#story", Page)

    def __init__(
        self, dialect: Dialect, first: Individual, second: Individual, task: Task | None = None, *,
        runner: Runner | None = None,
    ) -> None:  # fmt: skip
        """Compares.

        Args:
            dialect: of both programs.
            first: one.
            second: the other.
            task: on whose cases each edit is tried; None: without input.
            runner: where it is worked out; None: in a thread.
        """
        super().__init__(runner)
        self._dialect, self._first, self._second, self._asked_of = dialect, first, second, task
        self._comparison: Comparison | None = None
        self._problem = "aligning…"

    def compose(self) -> ComposeResult:
        """The title, the programs, the edits, what is to be said, the keys."""
        yield TitleLine((f"#{self._first.id}", f"compared with #{self._second.id}"))
        yield Page(self._program_lines, id="programs")
        yield Bar(id="titles")
        yield Rows(id="edits")
        yield Page(self._story_lines, id="story")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to compare."""
        first, second, task, dialect = self._first, self._second, self._asked_of, self._dialect

        def work(worker: Worker) -> Comparison:
            from gpdebug.explain.history.comparison import Party, compare
            from gpdebug.explain.history.outcomes import Cases
            from vm.program import Program

            def tell(done: int, total: int) -> None:
                worker.show(lambda: self.show_problem(_WHAT, f"{done:,} of {total:,} programs tried…"))

            cases = Cases((b"",)) if task is None or not task.training else Cases.of_task(task)
            parties = [Party(f"#{one.id}", Program(one.code, dialect), one) for one in (first, second)]
            stop = worker.interrupt.is_set
            return compare(parties[0], parties[1], dialect.settings, cases, interrupt=stop, progress=tell)

        self.work_out(_WHAT, work, self._show)

    def on_unmount(self) -> None:
        """What is not known by then, nobody wants to know any more."""
        self.give_up()

    def on_resize(self, event: events.Resize) -> None:
        """Lists the edits anew: there may be more room."""
        if self._comparison is not None:
            self._list(self._comparison, event.size.width)

    def show_problem(self, what: str, text: str) -> None:
        """Says why they cannot be compared, or how far it is."""
        self._problem = text
        self.story.lay_anew()

    def _show(self, found: Comparison) -> None:
        self._comparison = found
        self._list(found, self.size.width)
        self.programs.lay_anew()
        self.story.lay_anew()
        self.query_one(TitleLine).show((f"#{self._first.id}", f"compared with #{self._second.id}"), _facts(found))
        self.refresh_bindings()
        self.call_after_refresh(self._go_to_edit)

    def _list(self, found: Comparison, width: int) -> None:
        titles, rows = edit_rows(found, width)
        self.query_one("#titles", Bar).show([Part(f" {titles}" if rows else " the programs are the same", "muted")])
        self.edits.show(rows)

    @property
    def _chosen(self) -> int | None:
        return int(self.edits.key) if self.edits.key else None

    def _program_lines(self, width: int, palette: Palette) -> Lines:
        lines: Lines = [*fact_lines(self._first, self._second, width, palette), []]
        if self._comparison is None:
            return lines
        return lines + program_lines(self._comparison.alignment, self._chosen, self._dialect, width, palette)

    def _story_lines(self, width: int, palette: Palette) -> Lines:
        from rich.segment import Segment

        if self._comparison is None:
            return [[Segment(f" {self._problem}", palette.muted)]]
        return story_lines(self._comparison, self._chosen, width, palette)

    @on(Rows.Moved)
    def _choose(self, event: Rows.Moved) -> None:
        """Shows the chosen edit in the programs, and what it does."""
        self.programs.lay_anew()
        self.story.lay_anew()
        self.story.scroll_home(animate=False)
        self._go_to_edit()

    def _go_to_edit(self) -> None:
        """Scrolls to the chosen edit, if it is not to be seen with the facts about both."""
        if self._comparison is not None and self._chosen is not None:
            line = line_of_hunk(self._comparison.alignment, self._chosen, self.programs.size.width) + FACTS
            shown = self.programs.size.height
            self.programs.scroll_to(y=0 if line + 2 < shown else line - 1, animate=False)

    @on(Rows.Asked)
    def _open(self, event: Rows.Asked) -> None:
        """Enter on an edit, or a double click: the runs."""
        self.action_runs()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action == "edit":
            return self._comparison is not None and len(self._comparison.alignment.hunks) > 1
        if action == "case":
            return (
                self._comparison is not None and self._comparison.case is not None and len(self._comparison.cases) > 1
            )
        return True

    def action_edit(self, by: int) -> None:
        """Chooses the next edit, or the one before."""
        self.edits.action_move(by)

    def action_case(self, by: int) -> None:
        """Compares outputs and runs on another case."""
        found = self._comparison
        if found is None or found.case is None:
            return
        case = (found.case + by) % len(found.cases)

        def work(worker: Worker) -> Comparison:
            from gpdebug.explain.history.comparison import on_case

            return on_case(found, case, interrupt=worker.interrupt.is_set)

        self.work_out(_WHAT, work, self._show)

    def action_runs(self) -> None:
        """Has the runs compared in the debugger."""
        case = None if self._comparison is None or self._comparison.cases.wanted is None else self._comparison.case
        self.dismiss(NO_CASE if case is None else case)


def _facts(found: Comparison) -> list[str]:
    facts = [f"{len(found.alignment.hunks):,} edits" if len(found.alignment.hunks) != 1 else "1 edit"]
    if found.case is not None and found.cases.wanted is not None:
        facts.append(f"case {found.case + 1:,} of {len(found.cases):,}")
    return facts
