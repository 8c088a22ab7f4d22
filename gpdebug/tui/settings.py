"""What a user prefers, from a TOML file: theme, keys, how program and memory are shown; at worst the defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import shown
from gpdebug.store.rows import read_text
from gpdebug.tui.presets import Keymap, Preset, read_keys
from gpdebug.tui.shading import Shading

MEMORY = ("hex", "decimal", "signed", "characters")
PROGRAM = ("grid", "listing", "both")
SHADING = tuple(shading.value for shading in Shading if not shading.is_scan)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the file says, or the defaults.

    Attributes:
        theme: `dark`, `light` or the name of one of Textual's; None: whatever the terminal looks like.
        preset: where most keys come from.
        keys: keys of the user's own, by the id of a binding.
        memory: the format that memory is shown in at first.
        program: how a program is shown at first; None: as there is room.
        shading: what the background of a program tells at first.
        problems: what is wrong with the file, a sentence each; those settings have their defaults.
    """

    theme: str | None = None
    preset: Preset = Preset.GDB
    keys: Keymap = field(default_factory=dict)
    memory: str = MEMORY[0]
    program: str | None = None
    shading: str = SHADING[0]
    problems: tuple[str, ...] = ()

    @property
    def keymap(self) -> dict[str, str]:
        """All keys that are other ones than the program's own."""
        return {**self.preset.keymap, **self.keys}


def settings_file() -> Path:
    """Where the file is; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("gpdebug", appauthor=False) / "settings.toml"


def read_preferences(file: Path | None = None) -> Preferences:
    """Reads the file. Nothing is raised: what is wrong is told in `problems`."""
    file = settings_file() if file is None else file
    if not file.exists():
        return Preferences()
    try:
        data = tomllib.loads(read_text(file))
    except StoreError as error:
        return Preferences(problems=(str(error),))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Preferences(problems=(f"{file}: this is no TOML: {error}",))
    reader = _Reader(file)
    preferences = reader.preferences(data)
    return replace(preferences, problems=tuple(reader.problems))


class _Reader:
    """Takes settings from a document, and notes what is wrong with them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problems: list[str] = []

    def preferences(self, data: Mapping[str, Any]) -> Preferences:
        known = ("theme", "keymap", "memory", "program", "shading", "keys")
        for key in data:
            if key not in known:
                self._wrong(f"there is no setting {key!r}{_instead(key, known)}")
        theme = data.get("theme")
        if theme is not None and not isinstance(theme, str):
            self._wrong(f"theme: expected a name, not {shown(theme)}")
            theme = None
        preset = self._one_of(data, "keymap", tuple(Preset), Preset.GDB)
        return Preferences(
            theme,
            Preset(preset or Preset.GDB),
            self._keys(data.get("keys", {})),
            self._one_of(data, "memory", MEMORY, MEMORY[0]) or MEMORY[0],
            self._one_of(data, "program", PROGRAM, None),
            self._one_of(data, "shading", SHADING, SHADING[0]) or SHADING[0],
        )

    def _one_of(self, data: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str | None) -> str | None:
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, str) and value in choices:
            return value
        self._wrong(f"{key}: expected one of {', '.join(choices)}, not {shown(value)}")
        return default

    def _keys(self, table: object) -> dict[str, str]:
        if not isinstance(table, Mapping):
            self._wrong(f'keys: expected a table such as [keys] with "debug.step" = "s,f11", not {shown(table)}')
            return {}
        keys = {}
        for name, text in _flat(table):
            read = read_keys(text) if isinstance(text, str) else None
            if read is None:
                self._wrong(f'keys."{name}": expected keys such as "s", "f11", "ctrl+g" or "s,f11", not {shown(text)}')
            else:
                keys[name] = read
        return keys

    def _wrong(self, text: str) -> None:
        self.problems.append(f"{self._file}: {text}")


def _flat(table: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The entries of a table; `debug.step = "s"` without quotes is a table in a table and means the same."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{name}", inner) for name, inner in value.items())
        else:
            yield key, value


def unknown_ids(keys: Keymap, known: Iterable[str]) -> list[str]:
    """What to say about keys for things that there are not."""
    names = sorted(known)
    return [f"keys: there is nothing called {key!r}{_instead(key, names)}" for key in keys if key not in names]


def _instead(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def remember(name: str, value: str, file: Path | None = None) -> str | None:
    """Sets one setting in the file and leaves the rest of it as it is, comments included.

    Args:
        name: such as `theme`.
        value: its text.
        file: which; None: the user's.

    Returns:
        Why it could not be done, or None.
    """
    file = settings_file() if file is None else file
    try:
        old = read_text(file) if file.exists() else ""
        new = _with_setting(old, name, value)
        if new is None:
            return f"{file}: this is no settings file that {name} could be written to; correct it, or delete it"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, new.encode())
    except StoreError as error:
        return str(error)
    except OSError as error:
        return f"{file}: cannot be written: {error.strerror}"
    return None


def _with_setting(text: str, name: str, value: str) -> str | None:
    """The document with a setting; None if it is none, or would be none any more."""
    line = f'{name} = "{value}"'
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    head = text if table is None else text[: table.start()]
    found = re.search(rf"""^[ \t]*{name}[ \t]*=[ \t]*("[^"\n]*"|'[^'\n]*')""", head, re.MULTILINE)
    new = f"{line}\n{text}" if found is None else text[: found.start()] + line + text[found.end() :]
    try:
        return new if tomllib.loads(new).get(name) == value else None
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
