"""How keys are declared: each with an id that a user's keymap can name, a group for the help, and a longer text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget

MOVE = Binding.Group("Move")
RUN = Binding.Group("Run")
STOPS = Binding.Group("Stops and snapshots")
EDIT = Binding.Group("Change and branches")
ASK = Binding.Group("Why")
VIEW = Binding.Group("View")
FIND = Binding.Group("Sort, filter, search")
OPEN = Binding.Group("Open")
APP = Binding.Group("General")

GROUPS = (OPEN, RUN, STOPS, EDIT, ASK, MOVE, FIND, VIEW, APP)
"""In the order of the help."""

_NAMES = {
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "full_stop": ".",
    "comma": ",",
    "colon": ":",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "backspace": "⌫",
    "delete": "Del",
}


_ARROWS = ("up", "down", "left", "right", "backspace")

_ID = re.compile(r"\{([a-z]+\.[a-z0-9_]+)\}")


def bind(
    keys: str, action: str, text: str, *, id: str, group: Binding.Group, tip: str = "", show: bool = True
) -> Binding:
    """A key of a screen or widget.

    Args:
        keys: the key, or several with commas; the first one is shown.
        action: what it does.
        text: one or two words for the key line.
        id: `area.name`, what a user's keymap calls it.
        group: where the help lists it.
        tip: a sentence for the help; the text if empty.
        show: whether the key line shows it; the help always does.
    """
    return Binding(keys, action, text, show=show, tooltip=tip or text, id=id, group=group)


def display(key: str) -> str:
    """How a key is written on the screen: `?`, `Esc`, `^P`, `⇧F5`, `G`."""
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, name = key.split("+")
    signs = {"ctrl": "^", "shift": "⇧", "alt": "⌥"}
    shown = _NAMES.get(name, name.upper() if modifiers or len(name) > 1 else name)
    return "".join(signs.get(modifier, modifier) for modifier in modifiers) + shown


def character_of(key: str) -> str | None:
    """The character that a key types, if it is one that is seen: `?` for `question_mark`."""
    named = _NAMES.get(key, "")
    character = key_to_character(key) if len(named) != 1 else named
    is_seen = character is not None and len(character) == 1 and character.isprintable() and not character.isspace()
    return character if is_seen and key not in _ARROWS else None


def with_keys(node: DOMNode, text: str) -> str:
    """A text with keys in it, as `{debug.play} pauses`: each id stands for the first key that it has now."""

    def key_of(match: re.Match[str]) -> str:
        usual = next((binding.key for binding in _declared(node) if binding.id == match[1]), match[1])
        return display(node.app._keymap.get(match[1], usual).split(",")[0])

    return _ID.sub(key_of, text)


def _declared(node: DOMNode) -> Iterator[Binding]:
    """The bindings of the screen and of the app that a node is on."""
    for place in (node.screen, node.app):
        for kind in type(place).__mro__:
            yield from (binding for binding in kind.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding))


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now.

    Attributes:
        press: the first of its keys as Textual names it, for a click.
        keys: as written on the screen, the first is the one to show.
        text: a word or two.
        tip: a sentence.
        group: the title it is listed under.
        show: on the key line.
        everywhere: on the whole screen, not only in the view that has the keys.
    """

    press: str
    keys: tuple[str, ...]
    text: str
    tip: str
    group: str
    show: bool
    everywhere: bool = True


def active_keys(screen: Screen[object]) -> list[Key]:
    """The keys that work on a screen now, one entry an action, in the order of the groups and as they are declared.

    Only keys that say what they do and belong to a group are listed: that leaves out what Textual's own
    widgets bind for editing and scrolling.
    """
    found: dict[tuple[str, str], Key] = {}
    places: dict[tuple[str, str], tuple[int, int, int]] = {}
    nodes: list[object] = []
    focused = screen.focused
    for active in screen.active_bindings.values():
        binding = active.binding
        if not active.enabled or binding.group is None or not binding.description:
            continue
        if focused is not None and _typed_into(focused, binding.key):
            continue
        shown = binding.key_display or display(binding.key)
        title = binding.group.description
        before = found.get((title, binding.action))
        if active.node not in nodes:
            nodes.append(active.node)
        declared = _declared_ids(type(active.node)).get(binding.id or "", len(found))
        places.setdefault((title, binding.action), (_rank(title), nodes.index(active.node), declared))
        found[title, binding.action] = (
            replace(before, keys=(*before.keys, shown))
            if before
            else Key(
                binding.key,
                (shown,),
                binding.description,
                binding.tooltip,
                title,
                binding.show,
                isinstance(active.node, Screen | App),
            )
        )
    return [found[name] for name in sorted(found, key=lambda name: places[name])]


def _typed_into(focused: Widget, key: str) -> bool:
    """Whether a key is text for the focused widget, such as a letter for an input line."""
    character = _NAMES.get(key, key_to_character(key))
    return focused.check_consume_key(key, character if character and len(character) == 1 else None)


def in_groups(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Keys by the title they are listed under."""
    groups: dict[str, list[Key]] = {}
    for key in keys:
        groups.setdefault(key.group, []).append(key)
    return groups


def _rank(title: str) -> int:
    titles = [group.description for group in GROUPS]
    return titles.index(title) if title in titles else len(titles)


@lru_cache(maxsize=64)
def _declared_ids(kind: type[DOMNode]) -> dict[str, int]:
    """The ids of a class's bindings, in the order in which they are written down: a keymap must not change it."""
    bindings = [binding for base in kind.__mro__ for binding in base.__dict__.get("BINDINGS", ())]
    ids = [binding.id for binding in bindings if isinstance(binding, Binding) and binding.id is not None]
    return {name: place for place, name in enumerate(ids)}
