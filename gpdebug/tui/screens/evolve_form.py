"""Beginning a run: its task, folder and settings, each checked while one types, with proposals to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widgets import Input, Label, Static

from gpdebug.tui.evolution import Evolution, evolutions_of
from gpdebug.tui.evolve_form import Checked, EvolveForm, Field, check, folder_for, is_beginning, proposals, text_in
from gpdebug.tui.keymap import APP, OPEN, bind
from gpdebug.tui.screens.bringing import BringingScreen
from gpdebug.tui.widgets.bar import Heading, Part
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.rows import Row, Rows

_WORDS = {Field.HELD_OUT: "held out"}
_TITLES = {Field.TASK: "tasks", Field.DIALECT: "dialects", Field.BUDGET: "budgets", Field.SEARCH: "settings"}
_LONGEST = 1000


class EvolveFormScreen(BringingScreen):
    """Asks for all there is to a run and starts it in a process of its own."""

    DEFAULT_CSS = """
    EvolveFormScreen Horizontal { height: 1; }
    EvolveFormScreen Horizontal.-first { height: 2; padding: 1 0 0 0; }
    EvolveFormScreen Label { width: 13; padding: 0 0 0 2; color: $muted; }
    EvolveFormScreen Input, EvolveFormScreen Input.-textual-compact {
        width: 28; height: 1; border: none; padding: 0 1; background: $panel;
    }
    EvolveFormScreen.-wide Input, EvolveFormScreen.-wide Input.-textual-compact { width: 50; }
    EvolveFormScreen .hint { width: 1fr; height: 1; padding: 0 1 0 2; color: $muted; text-overflow: ellipsis;
        text-wrap: nowrap; }
    EvolveFormScreen .hint.-wrong { color: $error; }
    EvolveFormScreen Explanation { padding: 0 1 0 0; }
    EvolveFormScreen Rows { height: 1fr; background: $background; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+o,f5", "start", "start", id="evolveform.start", group=OPEN, tip="begin the run, as Enter does"),
        bind("ctrl+y", "copy", "copy the command", id="evolveform.copy", group=OPEN,
             tip="copy the command line that does the same, for another terminal"),
        bind("down", "app.focus_next", "down", id="evolveform.down", group=APP, show=False),
        bind("up", "app.focus_previous", "up", id="evolveform.up", group=APP, show=False),
        bind("tab", "turn", "list", id="evolveform.turn", group=APP, tip="to the list of proposals, and back"),
        bind("escape", "app.leave", "back", id="evolveform.back", group=APP),
    ]  # fmt: skip

    explanation = getters.query_one(Explanation)
    choices = getters.query_one(Rows)
    heading = getters.query_one(Heading)

    def __init__(self, form: EvolveForm | None = None) -> None:
        """Begins with what is in a form, or with the defaults."""
        super().__init__()
        self._first = form or EvolveForm()
        self._field = Field.TASK
        self._proposed = folder_for(self._first.task) if self._first.task else ""
        self._checked: Checked | None = None
        self._about = EvolveForm()
        self._is_complete = False

    def compose(self) -> ComposeResult:
        """A line a field; what is wrong; what can be written; the keys."""
        yield TitleLine(("gpdebug", "evolve"), ("in a process of its own", "saved as it goes"))
        for field in Field:
            with Horizontal(classes="-first" if field is Field.TASK else ""):
                yield Label(_WORDS.get(field, field.value))
                value = text_in(self._first, field)
                yield Input(value, id=f"field-{field}", compact=True, select_on_focus=False, max_length=_LONGEST)
                yield Static(id=f"hint-{field}", classes="hint", markup=False)
        yield Explanation(2)
        yield Heading()
        yield Rows(empty="")
        yield KeyLine()

    def on_mount(self) -> None:
        """Waits for a task."""
        self._input(Field.TASK).focus()
        self._propose()
        self._look()

    def _input(self, field: Field) -> Input:
        return self.query_one(f"#field-{field}", Input)

    @property
    def form(self) -> EvolveForm:
        """What is written now."""
        return EvolveForm.of({field: self._input(field).value for field in Field})

    # Fields

    @on(DescendantFocus)
    def _focused(self, event: DescendantFocus) -> None:
        field = next((field for field in Field if event.widget.id == f"field-{field}"), None)
        if field is not None:
            self._field = field
            self._propose()
            self._tell()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        folder = self._input(Field.FOLDER)
        if event.input is self._input(Field.TASK) and folder.value == self._proposed:
            self._proposed = folder_for(event.value) if event.value.strip() else ""
            with folder.prevent(Input.Changed):
                folder.value = self._proposed
            folder.cursor_position = len(self._proposed)
        self._propose()
        self._look()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_start()

    def _look(self) -> None:
        """Has what is written checked; what was said of another text is taken back at once."""
        self._is_complete = False
        self._tell()
        self._check(self.form)

    @work(thread=True, exclusive=True, group="check")
    def _check(self, form: EvolveForm) -> None:
        checked = check(form)
        self.bring(lambda: self._show(form, checked))

    def _show(self, form: EvolveForm, checked: Checked) -> None:
        if form == self.form:  # else a later check is on its way
            self._about, self._checked = form, checked
            self._tell()

    def _tell(self) -> None:
        for field in Field:
            hint = self.query_one(f"#hint-{field}", Static)
            problem = self._problem(field)
            is_wrong = problem is not None and bool(text_in(self.form, field))
            hint.set_class(is_wrong, "-wrong")
            words = self._checked.hints.get(field, "") if self._checked and self._is_told(field) else ""
            hint.update(f"✗ {problem}" if is_wrong else problem or words)
        self._explain()

    def _is_told(self, field: Field) -> bool:
        """Whether what was found is about the text that stands there, which may only be begun."""
        text = text_in(self.form, field)
        is_begun = field is Field.TASK and not self._is_complete and is_beginning(text)
        return text == text_in(self._about, field) and not (is_begun and self._input(field).has_focus)

    def _problem(self, field: Field) -> str | None:
        return self._checked.problems.get(field) if self._checked and self._is_told(field) else None

    def _explain(self) -> None:
        """Says in full what is wrong with the field one is in, or the first that is wrong."""
        wrong = next((field for field in (self._field, *Field) if self._problem(field) is not None), None)
        if wrong is None:
            self.explanation.say("")
        else:
            untouched = wrong in (Field.TASK, Field.FOLDER) and not text_in(self.form, wrong)
            problem = str(self._problem(wrong))
            name = "" if problem.startswith(wrong) else f"{wrong}: "
            self.explanation.say(f"{name}{problem}", "muted" if untouched else "error")

    # Proposals

    def _propose(self) -> None:
        text = self._input(self._field).value.strip()
        found = proposals(self._field, text)
        name = _TITLES.get(self._field, "")
        self.heading.show([Part(f" {name}" if found else "", "heading")],
                          [Part("Tab goes here, Enter takes one " if found else "", "muted")])  # fmt: skip
        width = max((len(key) for key, _ in found), default=0) + 2
        self.choices.show([
            Row(key or "-", (((key or "–").ljust(width), "heading"), (words, "muted"))) for key, words in found
        ])  # fmt: skip
        self.choices.choose(text)

    @on(Rows.Asked)
    def _taken(self, event: Rows.Asked) -> None:
        line = self._input(self._field)
        key = "" if event.key == "-" else event.key
        if self._field is Field.SEARCH:
            key = f"{line.value.rstrip()} {key}".lstrip()
        line.value = key
        line.focus()
        line.cursor_position = len(key)

    def action_turn(self) -> None:
        """Goes to the list, or back to the field that it is for."""
        is_there = self.choices.has_focus or not self.choices.key
        (self._input(self._field) if is_there else self.choices).focus()

    # Starting

    def action_start(self) -> None:
        """Begins the run if nothing is wrong, else goes to what is."""
        self._begin()

    @work(thread=True, exclusive=True, group="check")
    def _begin(self) -> None:
        form = self.form
        checked = check(form)
        self.bring(lambda: self._begun(form, checked))

    def _begun(self, form: EvolveForm, checked: Checked) -> None:
        self._is_complete = True
        self._show(form, checked)
        wrong = checked.first_problem
        if wrong is not None:
            self._input(wrong).focus()
            return
        from gpdebug.tui.screens.evolve import EvolveScreen

        evolution = Evolution(Path(form.folder).expanduser(), checked.task, self.app.call_later)
        evolutions_of(self.app).add(evolution)
        evolution.start(form.words)
        self.app.switch_screen(EvolveScreen(evolution, form))

    def action_copy(self) -> None:
        """Copies the command."""
        if self._checked is None or self._checked.problems:
            self.action_start()
            return
        self.app.copy_to_clipboard(self.form.command)
        self.app.clear_notifications()
        self.notify(f"copied: {self.form.command}", markup=False)
