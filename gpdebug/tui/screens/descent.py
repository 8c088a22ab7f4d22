"""Where an individual comes from: which ancestor brought each instruction, and the births that mattered."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType

from gpdebug.store.errors import StoreError
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.tui.bridge import Runner
from gpdebug.tui.descent_words import Descent, brought_words, descent_rows, id_of, instructions_of
from gpdebug.tui.keymap import APP, MOVE, OPEN, bind
from gpdebug.tui.messages import ProblemFound
from gpdebug.tui.screens.compare import NO_CASE, CompareScreen
from gpdebug.tui.screens.population_words import debug_request
from gpdebug.tui.screens.working import Worker, WorkingScreen
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.code_map import CodeMap
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.rows import Rows
from gpdebug.wording import counted
from vm.errors import VMError

_WHAT = "the descent"


class DescentScreen(WorkingScreen[None]):
    """Blames every instruction of an individual on an ancestor, and tells its line of descent."""

    DEFAULT_CSS = """
    DescentScreen #code { height: auto; max-height: 35%; margin: 1 0 0 0; }
    DescentScreen #titles { background: $surface; }
    DescentScreen #ancestors { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter,c", "birth", "the birth", id="descent.birth", group=OPEN,
             tip="compare the chosen ancestor with its first parent"),
        bind("o", "debug", "debug", id="descent.debug", group=OPEN, tip="open the chosen ancestor in the debugger"),
        bind("tab", "app.focus_next", "program, ancestors", id="descent.other", group=MOVE, show=False),
        bind("escape", "app.leave", "back", id="descent.back", group=APP),
    ]  # fmt: skip
    AUTO_FOCUS = "#ancestors"

    code = getters.query_one(CodeMap)
    people = getters.query_one("#ancestors", Rows)

    def __init__(self, individuals: Individuals, individual: Individual, *, runner: Runner | None = None) -> None:
        """Asks.

        Args:
            individuals: of its run.
            individual: whose descent is told.
            runner: where it is worked out; None: in a thread.
        """
        super().__init__(runner)
        self._individuals, self._individual = individuals, individual
        self._descent: Descent | None = None

    def compose(self) -> ComposeResult:
        """The title, the program, who brought what, the keys."""
        yield TitleLine((self._individuals.name, f"#{self._individual.id}", "descent"))
        yield CodeMap(self._individual.code, self._individuals.dialect, id="code")
        yield Bar(id="instruction")
        yield Bar(id="birth")
        yield Bar(id="titles")
        yield Rows(empty="following every instruction back…", id="ancestors")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to look."""
        individuals, individual = self._individuals, self._individual

        def work(worker: Worker) -> Descent:
            from gpdebug.explain.history.blame import blame
            from gpdebug.explain.history.story import effects_of_births, story

            stop = worker.interrupt.is_set
            found = blame(individuals, individual, interrupt=stop)
            told = story(individuals, individual, interrupt=stop)
            return Descent(found, told, effects_of_births(told, individuals, interrupt=stop))

        self.work_out(_WHAT, work, self._show)

    def on_unmount(self) -> None:
        """What is not known by then, nobody wants to know any more."""
        self.give_up()

    def show_problem(self, what: str, text: str) -> None:
        """Says why nothing can be told."""
        self.people.say(text)

    def _show(self, found: Descent) -> None:
        self._descent = found
        titles, rows = descent_rows(found)
        self.query_one("#titles", Bar).show([Part(f" {titles}", "muted")])
        self.people.show(rows)
        blame = found.blame
        facts = [f"by {len(blame.brought):,} of {counted(blame.ancestors, 'ancestor')}"]
        if blame.error is not None:
            facts.insert(0, f"error {blame.error:,}")
        self.query_one(TitleLine).show((self._individuals.name, f"#{self._individual.id}", "descent"), facts)
        self.code.mark(instructions_of(found, self.people.key))
        self._tell(self.code.cursor)
        self.refresh_bindings()

    @on(Rows.Moved)
    def _choose(self, event: Rows.Moved) -> None:
        """Marks what the chosen ancestor brought."""
        if self._descent is not None:
            self.code.mark(instructions_of(self._descent, event.key))
        self.refresh_bindings()

    @on(CodeMap.Moved)
    def _ask(self, event: CodeMap.Moved) -> None:
        """Tells who brought the instruction under the cursor, and marks all that came with it."""
        self._tell(event.instruction)
        if self._descent is not None:
            number = int(self._descent.blame.source[event.instruction])
            self.people.choose(f"brought:{number}")
            self.code.mark(self._descent.blame.brought[number].instructions, show=False)

    def _tell(self, instruction: int) -> None:
        if self._descent is not None and len(self._individual.code):
            for name, text in zip(
                ("instruction", "birth"), brought_words(self._descent.blame, instruction), strict=True
            ):
                self.query_one(f"#{name}", Bar).show([Part(f" {text}", "base" if name == "instruction" else "muted")])

    @on(Rows.Asked)
    def _open(self, event: Rows.Asked) -> None:
        """Enter on an ancestor, or a double click: its birth."""
        self.action_birth()

    @property
    def _chosen(self) -> Individual | None:
        """Who the chosen line is about."""
        id = None if self._descent is None else id_of(self._descent, self.people.key)
        return None if id is None else self._individuals.get(id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action in ("birth", "debug"):
            chosen = self._chosen
            return chosen is not None and (action == "debug" or bool(chosen.parents))
        return True

    def action_birth(self) -> None:
        """Compares the chosen ancestor with its first parent."""
        child = self._chosen
        if child is None or not child.parents:
            return
        try:
            parent = self._individuals.parents(child)[0]
        except StoreError as error:
            self.post_message(ProblemFound(str(error)))
            return

        def compare_runs(case: int | None) -> None:
            if case is not None:
                self._debug(child, None if case == NO_CASE else case, beside=parent.id)

        screen = CompareScreen(self._individuals.dialect, parent, child, self._individuals.task)
        self.app.push_screen(screen, compare_runs)

    def action_debug(self) -> None:
        """Opens the chosen ancestor in the debugger."""
        chosen = self._chosen
        if chosen is not None:
            self._debug(chosen, None)

    def _debug(self, individual: Individual, case: int | None, beside: int | None = None) -> None:
        people = self._individuals
        try:
            self.post_message(debug_request(people, individual, f"{people.name} ▸ ", case=case, beside=beside))
        except VMError as error:
            self.post_message(ProblemFound(f"individual {individual.id}: {error}"))
