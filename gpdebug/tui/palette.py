"""The command palette: what the keys do, by name, as `Area: what it does`; moving about is left to the keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rich.markup import escape
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider

from gpdebug.tui.keymap import MOVE, Key, active_keys


class Palette(CommandPalette):
    """Textual's, mended: it fails on PgDn before its list was drawn, and goes twice on two clicks."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Closes the palette, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).size:
            super()._action_command_list(action)


class Commands(Provider):
    """What can be done on the screen that the palette was called from."""

    async def discover(self) -> Hits:
        """Everything, in the order of the help."""
        for name, key in self._named():
            yield DiscoveryHit(name, partial(self._run, key), help=self._hint(key))

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        for name, key in self._named():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._run, key), help=self._hint(key))

    def _named(self) -> Iterator[tuple[str, Key]]:
        for key in active_keys(self.screen):
            if key.press != "ctrl+p" and (key.show or key.everywhere or key.group != MOVE.description):
                yield f"{key.group}: {key.text[:1].upper()}{key.text[1:]}", key

    def _hint(self, key: Key) -> str:
        return escape(f"{' '.join(key.keys)}  {key.tip}")

    def _run(self, key: Key) -> None:
        self.app.call_later(self.app.simulate_key, key.press)
