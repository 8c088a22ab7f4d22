"""Changing a moment on the debug screen, and the branches that this begins: by key, by mouse and in their list."""

from __future__ import annotations

from textual import on
from textual.message import Message

from gpdebug.debugger.branches import Branch
from gpdebug.debugger.edits import Edit, Register, SetRegister
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.bridge import MomentReached
from gpdebug.tui.edit_fields import fields_of
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.edit import EditScreen
from gpdebug.tui.screens.keeping import Edited, Noted
from gpdebug.tui.screens.saving import SavingScreen
from gpdebug.tui.widgets.command_line import Prompt
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.rows import Rows

BRANCH = Prompt("branch", "branch", "a name for it; - takes its name away")


class ChangingScreen(SavingScreen):
    """Edits and branches."""

    def __init__(self) -> None:
        super().__init__()
        self._named_branch: Branch | None = None

    def answer(self, prompt: Prompt, text: str) -> None:
        """Does what was entered into the line."""
        if prompt is BRANCH:
            self._name_branch(text.strip())
        else:
            super().answer(prompt, text)

    # edits

    def action_edit(self) -> None:
        """Asks what to change here, beginning with what is under the cursor."""
        self._leave_play()
        self.when_settled(lambda: self._ask_edits("cell" if self.focused is self.memory else "code"))

    @on(MemoryView.CellOpened)
    def _cell_opened(self, event: MemoryView.CellOpened) -> None:
        self._leave_play()
        self.when_settled(lambda: self._ask_edits("cell"))

    def action_edit_field(self, name: str) -> None:
        """Asks what to change here, beginning with a field."""
        self._leave_play()
        self.when_settled(lambda: self._ask_edits(name))

    def action_set_pc(self) -> None:
        """Puts pc at the cursor."""
        self._leave_play()
        self.when_settled(lambda: self._change([SetRegister(Register.PC, self.cursor)]))

    def action_put_head(self, head: int) -> None:
        """Puts a head on the cell under the cursor."""
        if head and not self.subject.uses_head1:
            self.notify("this language has one head", timeout=3)
            return
        register = Register.HEAD1 if head else Register.HEAD0
        self._leave_play()
        self.when_settled(lambda: self._change([SetRegister(register, self.memory.cursor)]))

    def _ask_edits(self, first: str) -> None:
        here = self.session.situation
        fields = fields_of(here, self.memory.cursor, self.cursor, self.subject.uses_head1)
        first = first if first in [field.name for field in fields] else "cell"
        title = f"change step {here.state.steps:,}: what follows is a branch"
        self.app.push_screen(EditScreen(title, fields, here, first), self._change)

    def _change(self, edits: list[Edit] | None) -> None:
        if edits is None:
            return
        session, counts = self.session, self.counts

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            before = session.moment
            moment = session.edit(*edits)
            if moment is before:
                return Noted(f"nothing changes: {', '.join(map(str, edits))} already")
            branch = session.branches[moment.branch]
            self.post_message(Edited(f"{branch.title}, from step {branch.fork:,}: {branch.words}"))
            return MomentReached(moment, counts.quick(interrupt))

        if self.bridge.ask("change", call):
            self.views.panels.activate("branches")
        else:
            self.notify(with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning")

    # branches

    def action_switch(self, direction: int) -> None:
        """Goes to the next or previous branch of the list."""
        self._leave_play()
        self.when_settled(lambda: self._switch_by(direction))

    def _switch_by(self, direction: int) -> None:
        branches = list(self.session.branches)
        if len(branches) == 1:
            text = "there is only this run: {debug.edit} changes this moment and begins a branch"
            self.notify(with_keys(self, text), timeout=4)
            return
        here = next(index for index, branch in enumerate(branches) if branch.is_current)
        self.walk("switch", self.session.switch, branches[(here + direction) % len(branches)].number)

    def _name_branch(self, name: str) -> None:
        branch, branches = self._named_branch, self.session.branches
        if branch is None:
            return
        name = "" if name == "-" else name
        branches.check_name(name, of=branch.number)
        self._edit(lambda: branches.rename(branch.number, name))

    @on(Rows.Asked, "#branches")
    def _branch_asked(self, event: Rows.Asked) -> None:
        number = int(event.key)
        match event.verb:
            case "open":
                self.walk("switch", self.session.switch, number)
            case "edit":
                self._named_branch = self.session.branches[number]
                self._ask(BRANCH, self._named_branch.name)
            case "delete":
                self._edit(lambda: self._delete_branch(number))

    def _delete_branch(self, number: int) -> str:
        gone = self.session.branches.delete(number)
        return f"deleted {', '.join(branch.title for branch in gone)}"
