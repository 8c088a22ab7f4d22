"""Keys as in gdb or as in an IDE: what a preset binds, and how a user's own keys are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from textual.keys import KEY_ALIASES, Keys

from gpdebug.tui.keymap import character_of, display

Keymap = Mapping[str, str]
"""Keys by the id of a binding; several keys with commas, the first one is shown."""


class Preset(StrEnum):
    """Where most keys come from."""

    GDB = "gdb"
    IDE = "ide"

    @property
    def keymap(self) -> Keymap:
        """What it binds otherwise than the program does by itself."""
        return _IDE if self is Preset.IDE else {}

    @property
    def next(self) -> Preset:
        """The other one."""
        return Preset.GDB if self is Preset.IDE else Preset.IDE


_IDE: Keymap = {
    "debug.step": "f11,s,right",
    "debug.step_back": "ctrl+f11,S,left",
    "debug.over": "f10,n",
    "debug.over_back": "ctrl+f10,N",
    "debug.out": "shift+f11,f",
    "debug.out_back": "ctrl+shift+f11,F",
    "debug.continue": "f5,c",
    "debug.continue_back": "ctrl+f5,C",
    "debug.restart": "ctrl+shift+f5,r",
    "debug.play": "f6,space",
    "debug.to_cursor": "f4,t",
    "debug.to_cursor_back": "ctrl+f4,T",
    "debug.pass": "f8,p",
    "debug.pass_back": "ctrl+f8,P",
    "debug.output": "f7,o",
    "debug.output_back": "ctrl+f7,O",
    "debug.breakpoint": "f9,b",
    "debug.edit_breakpoint": "shift+f9,B",
    "debug.go_to": "ctrl+g,g",
    "debug.find": "ctrl+f,slash",
}
"""Visual Studio's function keys; with Ctrl, backwards. The letters stay: some terminals swallow function keys."""

_KNOWN = {key.value for key in Keys} | set(KEY_ALIASES)
_MODIFIERS = ("alt", "ctrl", "shift")
_SHIFTED = re.compile(r"(ctrl\+)?f(1[3-9]|2[0-4])")


def typed_key(key: str) -> str:
    """The key that was pressed: many terminals tell of Shift+F11 as F23, and so on for all twelve."""
    match = _SHIFTED.fullmatch(key)
    return key if match is None else f"{match[1] or ''}shift+f{int(match[2]) - 12}"


def read_keys(text: str) -> str | None:
    """A user's list of keys in the form that bindings have, or None if one of them is no key."""
    keys = [_read_key(key.strip()) for key in text.split(",")]
    return None if None in keys else ",".join(key for key in keys if key is not None)


def _read_key(key: str) -> str | None:
    if len(key) == 1:
        return key if key.isprintable() and not key.isspace() else None
    *modifiers, name = key.lower().split("+")
    if not set(modifiers) <= set(_MODIFIERS) or len(set(modifiers)) < len(modifiers):
        return None
    known = len(name) == 1 or name in _KNOWN or character_of(name) is not None
    return "+".join([*sorted(modifiers), name]) if known and name else None


def clashes(bound: Iterable[tuple[str, str]], keymap: Keymap, together: Iterable[frozenset[str]]) -> list[str]:
    """Keys that a keymap gives to two things at once, in words.

    Keys that two things share already without it are meant so: a list has keys of its own.

    Args:
        bound: id and keys of every binding, several keys with commas.
        keymap: what is bound otherwise.
        together: areas (what stands before the dot of an id) whose keys work at the same time.
    """
    before = dict(bound)
    after = {name: _split(keymap.get(name, keys)) for name, keys in before.items()}
    found = []
    for areas in together:
        names = sorted(name for name in after if name.partition(".")[0] in areas)
        for index, one in enumerate(names):
            for other in names[index + 1 :]:
                shared = (after[one] & after[other]) - (_split(before[one]) & _split(before[other]))
                found += [f"{display(key)} is both {one} and {other}" for key in sorted(shared)]
    return list(dict.fromkeys(found))


def _split(keys: str) -> set[str]:
    """Keys, each in one of the two forms it can have: `?` and `question_mark`."""
    read = (_read_key(key.strip()) for key in keys.split(","))
    return {character_of(key) or key for key in read if key is not None}
