"""The application: themes, the screens one can be on, and what all of them share."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.themes import DARK, LIGHT, THEMES, variable_defaults

if TYPE_CHECKING:
    from gpdebug.store.population import Individual
    from gpdebug.store.task import Task
    from vm.program import Program


class GpdebugApp(App[None]):
    """The debugger on a terminal."""

    TITLE = "gpdebug"
    CSS_PATH = Path(__file__).with_name("gpdebug.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+t", "toggle_theme", "theme", id="app.theme", group=APP, tip="dark or light", show=False),
        bind("ctrl+p", "command_palette", "palette", id="app.palette", group=APP, tip="every command by name"),
        bind("ctrl+q", "quit", "quit", id="app.quit", group=APP, show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = LIGHT.name if os.environ.get("GPDEBUG_THEME") == "light" else DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours for themes that are not ours."""
        return variable_defaults(self.current_theme.dark)

    def action_toggle_theme(self) -> None:
        """Changes between dark and light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def open_debugger(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
    ) -> None:
        """Shows the debug screen on a program.

        Args:
            program: what to debug.
            task: the task it was evolved for; its cases can be chosen from.
            individual: what the run knows about it.
            case: which of the task's training cases to begin with.
            data: an input of one's own instead of a case.
            title: how the program is called, for the title line.
        """
        screens = import_module("gpdebug.tui.screens.debug")
        self.push_screen(
            screens.DebugScreen(program, task=task, individual=individual, case=case, data=data, title=title)
        )

    def action_leave(self) -> None:
        """Leaves a screen."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
