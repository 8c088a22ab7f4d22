"""The dialog for one stop of any kind: where, when and what it does, each checked while one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from gpdebug.debugger.places import ACCESS_WORDS, ACCESSES, Event
from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.stop_form import FormReader, Kind, StopForm, Text
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.options import Options, Toggle

_LABELS = {Text.CONDITION: "if", Text.RULE: "hit", Text.MESSAGE: "log", Text.AFTER: "after", Text.NOTE: "note"}
_LABEL_WIDTH = 7
_LONGEST = 1000
_WATCHED = ("mem[h0]", "mem[h0+1]", "mem[h0-1..h0+1]", "mem[h1]", "h0", "h1", "len(out)", "cell0", "cell1")
_CONDITIONS = (
    "cell0 == 0",
    "cell0 != 0",
    "cell1 == 0",
    "step > 1000",
    "h0 == 0",
    "len(out) > 0",
    "hits == 1",
    "pc == 0",
)
_RULES = ("== 1", "== 2", "== 10", ">= 2", ">= 10", "% 2", "% 10", "% 100")
_MESSAGES = ("pass {hits}", "step {step}: pc {pc}, cell0 {cell0}", "cell {h0} is {cell0}")


class StopScreen(Dialog[StopForm | None]):
    """Asks for all there is to a stop; comes back with it, or None."""

    DEFAULT_CSS = """
    StopScreen { align: center middle; }
    StopScreen #dialog {
        width: 84; max-width: 96%; height: auto; max-height: 100%; background: $panel; padding: 1 2;
        scrollbar-size-vertical: 1;
    }
    StopScreen #title { height: 1; margin-bottom: 1; background: $panel; }
    StopScreen Horizontal { height: 1; }
    StopScreen Label { width: 7; color: $muted; }
    StopScreen Options { background: $panel; margin-left: 1; }
    StopScreen Toggle { background: $panel; }
    StopScreen Input, StopScreen Input.-textual-compact {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    StopScreen Explanation { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="stop.cancel", group=APP, tip="leave the stop as it was"),
        bind("enter", "keep", "keep", id="stop.keep", group=APP, tip="keep the stop as it is written"),
        bind("up", "app.focus_previous", "up", id="stop.up", group=APP, show=False),
        bind("down", "app.focus_next", "down", id="stop.down", group=APP, show=False),
    ]

    def __init__(
        self,
        form: StopForm,
        reader: FormReader,
        *,
        number: int | None = None,
        first: str = "condition",
        warning: str = "",
    ) -> None:
        """Makes the dialog.

        Args:
            form: what is written at first.
            reader: says what is wrong.
            number: of the stop that is changed; None: a new one.
            first: what to begin with: `kind` or a text.
            warning: why the stop does not fit as it is.
        """
        super().__init__()
        self._form, self._reader, self._number, self._first, self._warning = form, reader, number, first, warning

    def compose(self) -> ComposeResult:
        """A title; where; when and what; each text with a line below it for hints and errors."""
        form = self._form
        with VerticalScroll(id="dialog", can_focus=False):
            yield Bar(id="title")
            with Horizontal():
                yield Label("stop")
                yield Options([(kind.name, kind.value) for kind in Kind], form.kind.name, id="kind")
            with Horizontal():
                yield Label(id="place-label")
                yield self._input(form.place, "place", _WATCHED)
                yield Options([(event.value, event.value) for event in Event], form.event.value, id="event")
            yield Explanation(_LABEL_WIDTH + 1, id="place-below")
            with Horizontal(id="accesses"):
                yield Label("when")
                words = [(name, ACCESS_WORDS[access]) for name, access in ACCESSES.items()]
                yield Options(words, form.access, id="access")
            for text, label in _LABELS.items():
                with Horizontal():
                    yield Label(label)
                    yield self._input(getattr(form, text.value), text.value, _suggestions(text, form))
                if text is not Text.NOTE:
                    yield Explanation(_LABEL_WIDTH + 1, id=f"{text.value}-below")
            with Horizontal():
                yield Label()
                yield Toggle("goes when a run stops at it", form.temporary, id="temporary")
                yield Toggle("takes a snapshot", form.snapshot, id="snapshot")

    def _input(self, value: str, name: str, suggestions: Sequence[str]) -> Input:
        suggester = SuggestFromList(suggestions) if suggestions else None
        return Input(
            value, id=name, compact=True, select_on_focus=False, suggester=suggester, max_length=_LONGEST
        )  # fmt: skip

    def on_mount(self) -> None:
        """Begins with the condition, or where it is wanted."""
        self._check()
        self.query_one(f"#{self._first}").focus()

    @property
    def form(self) -> StopForm:
        """What is written and chosen now."""
        texts = {text.value: self.query_one(f"#{text.value}", Input).value for text in Text}
        return StopForm(
            Kind[self.query_one("#kind", Options).chosen],
            access=self.query_one("#access", Options).chosen,
            event=Event(self.query_one("#event", Options).chosen),
            temporary=self.query_one("#temporary", Toggle).on,
            snapshot=self.query_one("#snapshot", Toggle).on,
            **texts,
        )

    @on(Input.Changed)
    @on(Options.Chosen)
    @on(Toggle.Toggled)
    def _changed(self) -> None:
        self._check()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        """Comes back with the form if nothing is wrong with it, else goes to what is."""
        wrong = self._check()
        if wrong is not None:
            self.query_one(f"#{wrong.value}", Input).focus()
            return
        self.dismiss(self.form)

    def _check(self) -> Text | None:
        """Shows what the form is now, with a hint or what is wrong below each text; the first that is wrong."""
        form = self.form
        self._show_kind(form)
        problems = {problem.text: problem for problem in self._reader.problems(form)}
        for text in Text:
            if text is Text.NOTE:
                continue
            below, problem = self.query_one(f"#{text.value}-below", Explanation), problems.get(text)
            field = self.query_one(f"#{text.value}", Input)
            if text is Text.PLACE and self._warning and form.place == self._form.place:
                below.say(f"now: {self._warning}", "warning")
            elif problem is None or (text is Text.PLACE and not form.place.strip()):
                below.say(self._reader.hint(text, form))
            else:
                below.fail(problem.message, max(0, problem.column - field.scroll_offset.x))
        return next(iter(problems), None)

    def _show_kind(self, form: StopForm) -> None:
        """Shows the choices that belong to where the stop is."""
        is_event = form.kind is Kind.EVENT
        labels = {Kind.INSTRUCTION: "at", Kind.WATCH: "watch", Kind.EVENT: "on"}
        self.query_one("#place-label", Label).update(labels[form.kind])
        self.query_one("#place", Input).display = not is_event
        self.query_one("#event", Options).display = is_event
        self.query_one("#accesses").visible = form.kind is Kind.WATCH
        name = f"new {form.name}" if self._number is None else f"{form.name} {self._number}"
        self.query_one("#title", Bar).show(
            [Part(name, "heading")],
            [
                Part("Enter", "key", "screen.keep", "keep it"),
                Part(" keep  ", "muted", "screen.keep", "keep it"),
                Part("Esc", "key", "screen.dismiss(None)", "leave everything as it was"),
                Part(" cancel", "muted", "screen.dismiss(None)", "leave everything as it was"),
            ],
        )


def _suggestions(text: Text, form: StopForm) -> Sequence[str]:
    """What one may want to write: offered once its beginning is typed."""
    if text is not Text.CONDITION:
        return {Text.RULE: _RULES, Text.MESSAGE: _MESSAGES}.get(text, ())
    place = form.place if form.kind is Kind.WATCH and ".." not in form.place else "cell0"
    return [f"{place} == 0", f"{place} != 0", *_CONDITIONS]
