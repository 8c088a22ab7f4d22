"""The application: themes, the screens one can be on, and what all of them share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import App, ScreenError
from textual.binding import BindingType
from textual.command import Provider
from textual.errors import NoWidget
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer

from gpdebug.store.errors import StoreError
from gpdebug.store.opening import Opened, open_path
from gpdebug.store.recent import remember
from gpdebug.store.run import RunFolder
from gpdebug.tui.evolution import Evolutions
from gpdebug.tui.keymap import APP, active_keys, bind
from gpdebug.tui.loading import MachineFailed, MachineLoaded, MachineProgressed, load
from gpdebug.tui.messages import DebugRequested, OpenRequested, ProblemFound
from gpdebug.tui.presets import Preset, typed_key
from gpdebug.tui.screens.notice import ProblemScreen, TooSmallScreen, is_too_small
from gpdebug.tui.settings import read_preferences
from gpdebug.tui.settings import remember as remember_setting
from gpdebug.tui.themes import DARK, LIGHT, THEMES, variable_defaults
from gpdebug.tui.type_ahead import TypeAhead
from gpdebug.tui.widgets.lines import KeyLine
from vm.errors import VMError
from vm.program import Program

if TYPE_CHECKING:
    from gpdebug.debugger.moment import MachineType
    from gpdebug.store.individuals import Individuals
    from gpdebug.store.population import Individual
    from gpdebug.store.task import Task
    from gpdebug.tui.screens.debug import DebugScreen

OPENING = frozenset({"command_palette", "help", "jump"})
"""Actions of the application that open a screen over the present one."""


def commands() -> type[Provider]:
    """The palette's commands, imported when it opens."""
    from gpdebug.tui.palette import Commands

    return Commands


class GpdebugApp(App[None]):
    """The debugger on a terminal.

    Attributes:
        machine_type: the compiled machine once it is loaded, None before; screens may watch it.
        preferences: what the user's settings file says.
        evolutions: runs that were started here.
    """

    TITLE = "gpdebug"
    CSS_PATH = Path(__file__).with_name("gpdebug.tcss")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+p", "command_palette", "palette", id="app.palette", group=APP, show=False, tip="commands by name"),
        bind("ctrl+t", "toggle_theme", "theme", id="app.theme", group=APP, tip="dark or light", show=False),
        bind("j,ctrl+n", "jump", "jump", id="app.jump", group=APP, show=False,
             tip="letters on all parts of the screen; one of them goes there"),
        bind("ctrl+k", "next_keymap", "keymap", id="app.keymap", group=APP, show=False,
             tip="keys as in gdb or as in an IDE"),
        bind("ctrl+q", "quit", "quit", id="app.quit", group=APP, show=False),
        bind("question_mark,f1", "help", "help", id="app.help", group=APP, tip="keys, marks and colours"),
    ]  # fmt: skip

    machine_type: var[MachineType | None] = var(None)

    def __init__(
        self, opened: Opened | None = None, *, title: str = "", source: str | None = None, fresh: bool = False
    ) -> None:
        """Makes the application.

        Args:
            opened: what to begin with; None: home.
            title: what to call a program.
            source: the file it is from.
            fresh: begin every debugging session without what is saved of earlier ones.
        """
        super().__init__()
        self._opened, self._opened_title, self._opened_source = opened, title, source
        self._fresh = fresh
        self._keys = TypeAhead(self, super().on_event)
        for theme in THEMES:
            self.register_theme(theme)
        self.preferences = read_preferences()
        self.evolutions = Evolutions()
        self.theme = self._first_theme()

    async def on_event(self, event: events.Event) -> None:
        """Takes keys one at a time."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._keys.take(events.Key(typed_key(event.key), event.character))
        elif not (isinstance(event, events.MouseDown | events.MouseMove) and self._is_gone_at(event.x, event.y)):
            await super().on_event(event)

    def set_timer(self, *given: Any, **named: Any) -> Timer:
        """A timer that rings even if the machine stalls as it starts: Textual takes over new sizes by one."""
        timer = super().set_timer(*given, **named)
        timer._skip = False  # else it never rings, and no size is taken over any more
        return timer

    def _is_gone_at(self, x: int, y: int) -> bool:
        """Whether what is still drawn at a place was removed, as a toast was that a double click meets twice.

        Textual fails if a selection is begun there.
        """
        try:
            widget, _ = self.get_widget_at(x, y)
        except (NoWidget, ScreenError):
            return False
        return widget.parent is None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours for themes that are not ours."""
        return variable_defaults(self.current_theme.dark)

    async def on_ready(self) -> None:
        """Shows the first screen; then, after its first frame, loads the compiled machine.

        Not before the application is ready: until then Textual batches updates, and what is to come after a
        frame comes before it.
        """
        self.set_keymap(self.preferences.keymap)
        screen = self.first_screen()
        await self.push_screen(screen)
        self._cover(self.size)
        screen.call_after_refresh(self._after_first_frame)

    def first_screen(self) -> Screen[None]:
        """What was opened, or home."""
        return (
            self._home()
            if self._opened is None
            else self._screen_of(self._opened, self._opened_title, self._opened_source)
        )

    def _after_first_frame(self) -> None:
        if os.environ.get("GPDEBUG_EXIT_AFTER_FIRST_FRAME"):
            self.exit()
            return
        if isinstance(self._opened, RunFolder):
            remember(self._opened.path)
        self._check_preferences()
        self._load()

    @work(thread=True)
    def _check_preferences(self) -> None:
        """Says what is wrong with the settings file; looking at keys loads all screens, so it is done last."""
        preferences = self.preferences
        problems = list(preferences.problems)
        if preferences.theme is not None and self._theme_named(preferences.theme) is None:
            names = ", ".join(sorted(self.available_themes))
            problems.append(f"theme: there is none called {preferences.theme!r}; expected dark, light, {names}")
        if preferences.keys:
            from gpdebug.tui.all_keys import problems_of

            problems += problems_of(preferences)
        if problems:
            more = f" And {len(problems) - 1} more: 'gpdebug settings' lists them." if len(problems) > 1 else ""
            self.call_from_thread(self.notify, problems[0] + more, title="Settings", severity="warning", timeout=12,
                                  markup=False)  # fmt: skip

    @work(thread=True)
    def _load(self) -> None:
        load(self.post_message)

    def on_machine_progressed(self, message: MachineProgressed) -> None:
        """Shows how far loading has come."""
        self._note(str(message))

    def on_machine_loaded(self, message: MachineLoaded) -> None:
        """Tells the screens."""
        self._note("")
        self.machine_type = message.machine

    def on_machine_failed(self, message: MachineFailed) -> None:
        """Says that everything works, slowly."""
        self._note("")
        self.notify(f"The compiled machine does not load, all runs will be slow. {message.reason}", markup=False)

    def _note(self, text: str) -> None:
        for screen in self.screen_stack:
            for line in screen.query(KeyLine):
                line.note(text)

    # Opening

    def on_open_requested(self, message: OpenRequested) -> None:
        """Opens what a user named."""
        message.stop()
        self._open(message.source)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, source: str) -> None:
        try:
            opened = open_path(os.path.expanduser(source))
        except (StoreError, VMError) as error:
            self.post_message(ProblemFound(str(error)))
            return
        if isinstance(opened, RunFolder):
            remember(opened.path)
        elif Path(source).exists():
            remember(source)
        self.call_from_thread(self.show_opened, opened, Path(source).name, source)

    def show_opened(self, opened: Opened, title: str = "", source: str | None = None) -> None:
        """Shows a run, a population or a program on a screen of its own."""
        self.push_screen(self._screen_of(opened, title, source))

    def _screen_of(self, opened: Opened, title: str, source: str | None) -> Screen[None]:
        if isinstance(opened, Program):
            path = None if source is None else Path(source).expanduser()
            name = str(path.resolve()) if path is not None and path.is_file() else None
            return self._debug_screen(opened, title=title, name=name)
        from gpdebug.tui.screens.population import PopulationScreen
        from gpdebug.tui.sources import PopulationSource, RunSource

        return PopulationScreen(RunSource(opened) if isinstance(opened, RunFolder) else PopulationSource(opened))

    def on_debug_requested(self, message: DebugRequested) -> None:
        """Opens the debugger."""
        message.stop()
        self.open_debugger(
            message.program,
            task=message.task,
            individual=message.individual,
            case=message.case,
            title=message.title,
            individuals=message.individuals,
            beside=message.beside,
            why=message.why,
        )

    def open_debugger(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
        individuals: Individuals | None = None,
        beside: int | None = None,
        why: bool = False,
    ) -> None:
        """Shows the debug screen on a program.

        Args:
            program: what to debug.
            task: the task it was evolved for; its cases can be chosen from.
            individual: what the run knows about it.
            case: which of the task's training cases to begin with.
            data: an input of one's own instead of a case.
            title: how the program is called, for the title line; parts are separated by ` ▸ `.
            individuals: the others of its run.
            beside: id of the one whose run is to be compared with this one's.
            why: whether its output is to be explained at once.
        """
        try:
            screen = self._debug_screen(
                program, task=task, individual=individual, case=case, data=data, title=title, individuals=individuals
            )
        except (VMError, StoreError) as error:
            self.post_message(ProblemFound(str(error)))
            return
        self.push_screen(screen)
        if beside is not None:
            screen.call_after_refresh(screen.compare, f"id:{beside}@end", "end")
        if why:
            screen.call_after_refresh(screen.explain_output)

    def _debug_screen(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
        name: str | None = None,
        individuals: Individuals | None = None,
    ) -> DebugScreen:
        from gpdebug.tui.screens.debug import DebugScreen

        return DebugScreen(
            program, task=task, individual=individual, case=case, data=data, title=title, name=name,
            individuals=individuals, fresh=self._fresh, preferences=self.preferences,
        )  # fmt: skip

    def _home(self) -> Screen[None]:
        from gpdebug.tui.screens.home import HomeScreen

        return HomeScreen()

    # What every screen can do

    def on_problem_found(self, message: ProblemFound) -> None:
        """Says what does not work and stays where it is."""
        message.stop()
        self.push_screen(ProblemScreen(message.text))

    def on_resize(self, event: events.Resize) -> None:
        """Covers the screen while the terminal is too small for it."""
        if len(self.screen_stack) > 1:
            self._cover(event.size)

    def _cover(self, size: Size) -> None:
        small = is_too_small(size)
        covered = isinstance(self.screen, TooSmallScreen)
        if small and not covered:
            self.push_screen(TooSmallScreen())
        elif covered and not small:
            self.pop_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is opened over the notice that the terminal is too small."""
        return action not in OPENING or not self.screen_stack or not isinstance(self.screen, TooSmallScreen)

    def action_command_palette(self) -> None:
        """Shows the commands by name."""
        from gpdebug.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_toggle_theme(self) -> None:
        """Changes between dark and light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name
        self._keep("theme", "dark" if self.current_theme.dark else "light")

    def action_next_keymap(self) -> None:
        """Changes between the keys of gdb and of an IDE."""
        self.preferences = replace(self.preferences, preset=self.preferences.preset.next)
        self.set_keymap(self.preferences.keymap)
        self._draw_anew()
        name = {Preset.GDB: "gdb's: letters first", Preset.IDE: "an IDE's: function keys first"}
        self.notify(f"Keys are now {name[self.preferences.preset]}", timeout=3)
        self._keep("keymap", self.preferences.preset)

    def _draw_anew(self) -> None:
        """Draws all screens as if nothing were drawn yet: many a line names a key."""
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    @work(thread=True, group="settings")
    def _keep(self, name: str, value: str) -> None:
        """Has a setting outlast the program."""
        problem = remember_setting(name, value)
        if problem is not None:
            self.call_from_thread(self.notify, f"{name} is not remembered: {problem}", severity="warning", markup=False)

    def _first_theme(self) -> str:
        """What `GPDEBUG_THEME` says, else the settings, else what the terminal tells of its background."""
        wanted = os.environ.get("GPDEBUG_THEME") or self.preferences.theme
        named = None if wanted is None else self._theme_named(wanted)
        if named is not None:
            return named
        background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
        return LIGHT.name if background in ("7", "15") else DARK.name

    def _theme_named(self, name: str) -> str | None:
        name = {"dark": DARK.name, "light": LIGHT.name}.get(name, name)
        return name if name in self.available_themes else None

    def action_help(self) -> None:
        """Shows what can be done on this screen."""
        from gpdebug.tui.screens.help import Explained, HelpScreen

        sections = self.screen.help_sections() if isinstance(self.screen, Explained) else ()
        self.push_screen(HelpScreen(active_keys(self.screen), sections))

    def action_jump(self) -> None:
        """Shows letters on what can have the keys."""
        from gpdebug.tui.screens.jump import JumpScreen, targets_of

        self.push_screen(JumpScreen(targets_of(self.screen)))

    def action_leave(self) -> None:
        """Goes back to the screen before, or home; below the first screen lies only Textual's empty one."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            self.switch_screen(self._home())
