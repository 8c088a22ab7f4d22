"""The explain screen: a question about a run, its answer, and what it comes from; each node leads to its moment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from gpdebug.tui.bridge import Runner
from gpdebug.tui.circuit_scene import CircuitScene, draw_circuit
from gpdebug.tui.explain_keys import EXPLAIN_KEYS
from gpdebug.tui.explain_words import (
    HELP,
    answer_lines,
    circuit_facts,
    fitting,
    kind_parts,
    node_parts,
    question_choices,
    question_parts,
    row_parts,
    tab_parts,
)
from gpdebug.tui.explained import Going, Inquiry, Tab
from gpdebug.tui.node_table import NodeTable
from gpdebug.tui.questions import Asked, Question
from gpdebug.tui.screens.case import CaseScreen
from gpdebug.tui.screens.choice import ChoiceScreen
from gpdebug.tui.screens.circuit import CircuitScreen
from gpdebug.tui.screens.help import Section
from gpdebug.tui.screens.question import QuestionScreen
from gpdebug.tui.screens.scanning import SCAN_TABS, TEXT_TABS, WORKING
from gpdebug.tui.screens.working import Worker
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.circuit_view import CircuitView
from gpdebug.tui.widgets.command_line import CommandLine, Prompt
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.table import Table

if TYPE_CHECKING:
    from gpdebug.explain.circuit.parts import CircuitNode

WIDE = 150
"""Columns from which on circuit and nodes stand beside each other."""
ANSWER = "the answer"
_EXPLAINER = "gpdebug.explain.answer"
_FIRST = f"{WORKING} first it is compiled, once on a machine"
NODE_TABS = (Tab.CIRCUIT, Tab.NODES)


class ExplainScreen(CircuitScreen):
    """Answers questions about a run; comes back with the moment to go to, or None."""

    DEFAULT_CSS = """
    ExplainScreen { layers: default command; }
    ExplainScreen #tabs { background: $surface; }
    ExplainScreen #panes { height: 1fr; }
    ExplainScreen CircuitView { height: 1fr; margin-left: 1; }
    ExplainScreen #nodes { height: 1fr; width: 1fr; }
    """
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = EXPLAIN_KEYS

    title_line = getters.query_one(TitleLine)
    table = getters.query_one("#nodes", Table)

    def __init__(self, inquiry: Inquiry, *, runner: Runner | None = None, prompt: Prompt | None = None) -> None:
        """Asks.

        Args:
            inquiry: the question, and what is known of the answer.
            runner: where it is worked out; None: in a thread.
            prompt: what to ask the user at once, or None.
        """
        super().__init__(inquiry, runner)
        self._prompt = prompt
        self._rows: NodeTable | None = None
        self._circuit_width, self._is_wide = 0, False

    def compose(self) -> ComposeResult:
        """The question, the answer, the tabs, the keys."""
        yield TitleLine((*self.inquiry.run.subject.crumbs, "why"))
        for name in ("question", "answer", "size", "check", "tabs"):
            yield Bar(id=name)
        with Horizontal(id="panes"):
            yield CircuitView(id="circuit")
            yield Table(id="nodes")
            yield from self.compose_scans()
        yield Bar(id="node")
        yield CommandLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Works the answer out."""
        self._share_room(self.app.size.width)
        self.focus_tab()
        self.answer()
        if self._prompt is not None:
            self.ask_change(self._prompt)

    def on_resize(self, event: events.Resize) -> None:
        """Shares the room anew."""
        if self._share_room(event.size.width) and self._rows is not None:
            self.answer()

    # the answer

    def answer(self) -> None:
        """Has the question answered, as far as the answer is not known yet, and its circuit drawn."""
        inquiry = self.inquiry
        run, question, kinds, known = inquiry.run, inquiry.question, inquiry.kinds, inquiry.found
        lens, width, rows = inquiry.lens, self._circuit_width, self._rows
        if known is None or rows is None:
            self._show_nothing(WORKING if _EXPLAINER in sys.modules else _FIRST)

        def work(worker: Worker) -> CircuitScene:
            found = known or run.explain(question, kinds, worker.interrupt)
            if rows is None or rows.found is not found:
                table = NodeTable(found)
                worker.show(lambda: self._show_nodes(table))
            return draw_circuit(found, lens, width)

        self.work_out(ANSWER, work, self._show_circuit)

    def _show_nodes(self, table: NodeTable) -> None:
        self._rows, self.inquiry.found = table, table.found
        self.table.set_columns(table.columns(), table.longest)
        self._arrange(self.inquiry.node)

    def _show_circuit(self, scene: CircuitScene) -> None:
        self.circuit.show(scene, self._node_in(scene))
        self._tell()
        if self.inquiry.tab in TEXT_TABS:
            self.show_scans()

    def _node_in(self, scene: CircuitScene) -> int | None:
        """The chosen node, as a number in a circuit; None if that does not have it."""
        if self._rows is None or self.inquiry.node is None:
            return None
        rows = self._rows.rows_of(scene.circuit)
        if self.inquiry.node in rows:
            return rows.index(self.inquiry.node)
        step = self._rows.row(self.inquiry.node).step
        around = (at for at, node in enumerate(scene.circuit.nodes) if node.steps and node.first <= step <= node.last)
        return next(around, None)

    def _choose_node(self) -> None:
        """Chooses the same node in all views, as far as they have it."""
        scene, node = self.circuit.scene, self.inquiry.node
        places = np.flatnonzero(self.table.order == node).tolist() if node is not None else []
        if places:
            self.table.cursor = places[0]
        number = None if scene is None else self._node_in(scene)
        if number is not None:
            self.circuit.selected = number

    def show_problem(self, what: str, text: str) -> None:
        """Says why something could not be worked out."""
        if what == ANSWER:
            self._show_nothing(text)
        else:
            super().show_problem(what, text)

    def _show_nothing(self, text: str) -> None:
        self._rows = None
        self.table.empty = self.circuit.empty = text
        self.table.show(np.zeros(0, np.int64))
        self.circuit.show(None)
        self._tell()

    def _tell(self) -> None:
        """Writes the lines on top."""
        inquiry, scene = self.inquiry, self.circuit.scene
        subject = inquiry.run.subject
        shown = None if scene is None or inquiry.tab not in NODE_TABS else scene.circuit
        facts = [subject.case_words, *circuit_facts(shown, inquiry.lens)]
        self.title_line.show((*subject.crumbs, "why"), [fact for fact in facts if fact])
        self.query_one("#question", Bar).show(question_parts(inquiry), kind_parts(inquiry))
        for name, text in zip(
            ("answer", "size", "check"), answer_lines(inquiry.found, self.size.width - 2), strict=True
        ):
            self.query_one(f"#{name}", Bar).show(
                [Part(f" {fitting(text, self.size.width - 2)}", "base" if name == "answer" else "muted")]
            )
        self.query_one("#tabs", Bar).show(tab_parts(inquiry.tab))
        self.tell_chosen()
        self.refresh_bindings()

    def tell_chosen(self) -> None:
        """Says what is known of the chosen node, or of the change under the cursor."""
        node, row = self._chosen_node, self.table.row
        parts = [] if node is None else node_parts(node)
        if self.inquiry.tab is Tab.NODES and self._rows is not None and row is not None:
            parts = row_parts(self._rows.row(row))
        elif self.inquiry.tab in SCAN_TABS:
            heat = self.pane(self.inquiry.tab).heat
            parts = [] if heat.scene is None else heat.scene.parts(heat.row, heat.column)
        elif self.inquiry.tab in TEXT_TABS:
            parts = []
        self.query_one("#node", Bar).show(parts)

    @property
    def _chosen_node(self) -> CircuitNode | None:
        scene, number = self.circuit.scene, self.circuit.selected
        return None if scene is None or number is None else scene.node(number)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action in ("go", "sort"):
            return self._rows is not None if self.inquiry.tab in NODE_TABS else self.inquiry.tab in SCAN_TABS
        if action in ("keep", "reorder"):
            return self.inquiry.tab is Tab.CORE
        if action in ("prune", "zoom", "fold", "fold_site", "open_control", "skips"):
            return self.inquiry.tab is Tab.CIRCUIT
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
            self.answer()

    def action_turn(self, by: int) -> None:
        """Asks about the next output byte or cell, or the one before."""
        self._take(self.inquiry.question.moved(by))

    def action_kind(self, kind: str) -> None:
        """Follows a kind of dependence, or no longer."""
        self.inquiry.toggle(kind)
        self.answer()

    def action_case(self) -> None:
        """Asks the same about another case or input."""
        self.app.push_screen(CaseScreen(self.inquiry.run.subject), self._take_subject)

    def _take_subject(self, subject: Subject | None) -> None:
        if subject is not None:
            inquiry = self.inquiry
            inquiry.ask(inquiry.question.at_the_end, inquiry.run.on(subject))
            self.answer()

    # tabs

    def action_tab(self, by: int) -> None:
        """Shows the next tab, or the one before."""
        tabs = list(Tab)
        self.action_show_tab(tabs[(tabs.index(self.inquiry.tab) + by) % len(tabs)].value)

    def action_show_tab(self, name: str) -> None:
        """Shows a tab."""
        self.inquiry.tab = Tab(name)
        self._show_views()
        self.focus_tab()
        self._choose_node()
        self._tell()

    def focus_tab(self) -> None:
        """Gives the keys to what the tab shows."""
        tab = self.inquiry.tab
        views: dict[Tab, Widget] = {Tab.CIRCUIT: self.circuit, Tab.NODES: self.table}
        views |= {each: self.pane(each).heat for each in SCAN_TABS}
        views |= {each: self.page(each) for each in TEXT_TABS}
        views[tab].focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The tab is that of what has the keys."""
        tab = {"circuit": Tab.CIRCUIT, "nodes": Tab.NODES}.get(event.widget.id or "")
        if self._is_wide and tab is not None and tab is not self.inquiry.tab:
            self.inquiry.tab = tab
            self._tell()

    def _share_room(self, columns: int) -> bool:
        """Shows what there is room for; whether the circuit has another width now."""
        before, self._is_wide = self._circuit_width, columns >= WIDE
        self._circuit_width = columns * 3 // 5 if self._is_wide else max(1, columns - 2)
        self.circuit.styles.width = self._circuit_width
        self._show_views()
        return before != self._circuit_width

    def _show_views(self) -> None:
        tab, both = self.inquiry.tab, self._is_wide and self.inquiry.tab in NODE_TABS
        self.circuit.display = both or tab is Tab.CIRCUIT
        self.table.display = both or tab is Tab.NODES
        for each in (*SCAN_TABS, *TEXT_TABS):
            self.query_one(f"#{each.slug}").display = tab is each
        self.show_scans()

    # the nodes

    @on(CircuitView.Moved)
    def _node_chosen(self) -> None:
        scene, number, rows = self.circuit.scene, self.circuit.selected, self._rows
        if scene is not None and number is not None and rows is not None:
            self.inquiry.node = rows.rows_of(scene.circuit)[number]
        self.tell_chosen()

    @on(CircuitView.Chosen)
    def _node_opened(self) -> None:
        self.action_go()

    def _arrange(self, keep: int | None) -> None:
        rows, (key, descending) = self._rows, self.inquiry.sort
        if rows is not None:
            self.table.show(rows.order(key, descending=descending), sorted_by=(key, descending), keep=keep)
            self._tell()

    def action_sort(self) -> None:
        """Asks for a column."""
        table, sort_by = self.table, self._sort_by
        columns = {} if self._rows is None else {each.letter: each for each in self._rows.columns() if each.letter}
        if self.inquiry.tab in SCAN_TABS:
            pane = self.pane(self.inquiry.tab)
            table, sort_by, columns = pane.table, pane.sort_by, pane.columns
        if not columns:
            return
        table.letters(True)

        def answered(letter: str | None) -> None:
            table.letters(False)
            if letter is not None:
                sort_by(columns[letter].key)

        choices = [(letter, column.title) for letter, column in columns.items()]
        self.app.push_screen(ChoiceScreen("sort", choices), answered)

    def on_table_header_clicked(self, message: Table.HeaderClicked) -> None:
        """Sorts by the column that was clicked."""
        self._sort_by(message.key)

    def _sort_by(self, key: str) -> None:
        before, descending = self.inquiry.sort
        self.inquiry.sort = (key, not descending if key == before else key in ("effect", "added"))
        self._arrange(self.table.row)

    def on_table_cursor_moved(self) -> None:
        """The row under the cursor is the node that is chosen."""
        if self._rows is not None and self.table.has_focus:
            self.inquiry.node = self.table.row
            self.tell_chosen()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Goes to the moment of the row that was clicked twice."""
        self.action_go()

    def action_go(self) -> None:
        """Goes to the moment of the chosen node, or to the instruction of the chosen change."""
        if self.inquiry.tab in SCAN_TABS:
            instruction = self.pane(self.inquiry.tab).instruction
            if instruction is not None:
                self.show_instruction(instruction)
            return
        rows, run, node = self._rows, self.inquiry.run, self._chosen_node
        step = None
        if self.inquiry.tab is Tab.CIRCUIT:
            step = None if node is None else node.first
        elif rows is not None and self.table.row is not None:
            self.inquiry.node = self.table.row
            step = rows.row(self.table.row).step
        if step is not None:
            self.dismiss(Going(run.subject, step, run.branch))

    def action_leave(self) -> None:
        """Stops what is being worked out, else goes back."""
        if not self.give_up():
            self.dismiss(None)

    def help_sections(self) -> Sequence[Section]:
        """What the lines and columns tell."""
        return HELP
