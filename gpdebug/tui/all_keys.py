"""Every key there is, on whichever screen: for the example of a settings file, and to tell what is wrong with one."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from gpdebug.tui import screens, widgets
from gpdebug.tui.presets import clashes
from gpdebug.tui.settings import Preferences, unknown_ids
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.program_view import ProgramView
from gpdebug.tui.widgets.rows import Rows


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A binding that a user can give other keys.

    Attributes:
        id: `area.name`.
        keys: those it has by itself, with commas.
        tip: what it does.
    """

    id: str
    keys: str
    tip: str

    @property
    def area(self) -> str:
        """The screen or view that it belongs to."""
        return self.id.partition(".")[0]


def named_keys() -> list[NamedKey]:
    """All of them: those of the application, of each screen, of each view."""
    _import_all()
    from gpdebug.tui.app import GpdebugApp

    found: dict[str, NamedKey] = {}
    for node in (GpdebugApp, *_ours(Screen), *_ours(DOMNode)):
        for binding in node.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id is not None:
                tip = binding.tooltip or binding.description
                found.setdefault(binding.id, NamedKey(binding.id, binding.key, tip))
    return list(found.values())


def problems_of(preferences: Preferences) -> list[str]:
    """What is wrong with a user's keys: names of nothing, and keys that now mean two things."""
    named = named_keys()
    unknown = unknown_ids(preferences.keys, (key.id for key in named))
    bound = [(key.id, key.keys) for key in named]
    return [*unknown, *(f"keys: {text}" for text in clashes(bound, preferences.keymap, _together(named)))]


def _together(named: Iterable[NamedKey]) -> set[frozenset[str]]:
    """Areas whose keys work at the same time: each with the application, the views of the debug screen with it."""
    areas = {key.area for key in named}
    views: list[type[DOMNode]] = [ProgramView, *_subclasses(ProgramView), MemoryView, *_subclasses(Rows)]
    bindings = [binding for view in views for binding in view.__dict__.get("BINDINGS", ())]
    beside = {binding.id.partition(".")[0] for binding in bindings if isinstance(binding, Binding) and binding.id}
    return {*(frozenset({area, "app"}) for area in areas), *(frozenset({area, "debug"}) for area in beside)}


def _import_all() -> None:
    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            import_module(module.name)


def _ours(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    return (node for node in _subclasses(base) if node.__module__.startswith("gpdebug."))


def _subclasses(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for node in base.__subclasses__():
        yield node
        yield from _subclasses(node)
