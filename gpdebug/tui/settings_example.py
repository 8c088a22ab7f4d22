"""A settings file to start from: everything that can be set, with what it is by itself, all of it commented out."""

from __future__ import annotations

from pathlib import Path

from gpdebug.tui.all_keys import NamedKey, named_keys
from gpdebug.tui.keymap import character_of
from gpdebug.tui.presets import Preset
from gpdebug.tui.settings import MEMORY, PROGRAM, SHADING

_WIDTH = 46


def example(file: Path) -> str:
    """The text of the file.

    Args:
        file: where it belongs.
    """
    lines = [
        f"# Settings of gpdebug: {file}",
        "# Everything in here is optional. Take the # away from what you want to change.",
        "",
        _choice("theme", ("dark", "light"), "or a theme of Textual's; the key of app.theme changes and keeps it"),
        _choice("keymap", tuple(Preset), "function keys as in Visual Studio, the letters besides"),
        _choice("memory", MEMORY),
        _choice("program", PROGRAM, "by itself as there is room"),
        _choice("shading", SHADING, "what the background of a program tells"),
        "",
        "# Keys: one or several with commas; the first is the one that is shown. Their names are letters and",
        '# signs as they are, and words such as "space", "f5", "shift+f11", "ctrl+g", "comma".',
        "#[keys]",
    ]
    area = ""
    for key in sorted(named_keys(), key=lambda key: key.area):
        if key.area != area:
            area = key.area
            lines.append("")
        lines.append(_key_line(key))
    return "\n".join(lines) + "\n"


def _choice(name: str, choices: tuple[str, ...], note: str = "") -> str:
    setting = f'#{name} = "{choices[0]}"'
    others = ", ".join(f'"{choice}"' for choice in choices[1:])
    return f"{setting:<{_WIDTH}} # or {others}{'; ' + note if note else ''}"


def _key_line(key: NamedKey) -> str:
    keys = ",".join(_written(each) for each in key.keys.split(","))
    text = f'#"{key.id}" = "{keys}"'
    return f"{text:<{_WIDTH}} # {key.tip}" if key.tip else text


def _written(key: str) -> str:
    """A key as short as a user may write it: `?`, not `question_mark`."""
    character = character_of(key)
    return key if character is None or character in ',"\\' else character
