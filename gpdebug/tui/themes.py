"""The two themes, and what each colour means: one meaning a colour, told apart without colour as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError
from textual.theme import Theme

from gpdebug.syntax import Role, roles_of
from vm.dialect import Dialect

HEAT_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a colour stands for.

    Attributes:
        name: the theme variable, and the attribute of `Palette`.
        sign: how it looks without colour, as the legend shows it.
        text: what it means, for the legend.
        attributes: Rich text attributes that go with the colour.
        filled: the colour is the background, the letters take the screen's.
    """

    name: str
    sign: str
    text: str
    attributes: str = ""
    filled: bool = False


MEANINGS: tuple[Meaning, ...] = (
    Meaning("pc", "filled", "the instruction about to run", "bold", filled=True),
    Meaning("head0", "▲0", "head 0, and the symbols that move it"),
    Meaning("head1", "▲1", "head 1, and the symbols that move it"),
    Meaning("written", "bold", "written by the last step", "bold"),
    Meaning("read", "italic", "read by the last step", "italic"),
    Meaning("changed", "underlined", "changed since the last stop, or the mark (┇)", "underline"),
    Meaning("breakpoint", "●", "a stop, on code or cells; ○ off; ┼ it would hit", "bold"),
    Meaning("never-run", "dim", "an instruction that never ran", "dim"),
    Meaning("match", "bold, underlined", "the bracket's partner; a search's match", "bold underline"),
    Meaning("snapshot", "◆A", "a snapshot; ▾ a bookmark", "bold"),
    Meaning("ok", "✓", "right"),
    Meaning("warning", "!", "mind this"),
    Meaning("error", "✗", "wrong", "bold"),
)
"""The legend: every colour's meaning, once."""

_DARK = {
    "pc": "#ffcf5c",
    "head0": "#5cb8ff",
    "head1": "#ee8fd3",
    "written": "#ff9d5c",
    "read": "#5fd3c0",
    "changed": "#b9a3ff",
    "breakpoint": "#ff6b6b",
    "never-run": "#9aa4b3",
    "match": "#c6e06a",
    "snapshot": "#a6b8ff",
    "ok": "#7fd68a",
    "muted": "#8b95a5",
    "faint": "#596475",
    "heading": "#e8ecf3",
    "cursor": "#2b3a52",
    "cursor-blurred": "#232a36",
    "heat": "#d9822b",
    "covered": "#1b3328",
    "token-other": "#7b8594",
    "token-move0": "#7cb4e4",
    "token-move1": "#d194c2",
    "token-value": "#c3cad6",
    "token-loop": "#e0bd6d",
    "token-copy": "#8dcca0",
}
_LIGHT = {
    "pc": "#955a00",
    "head0": "#0b62b5",
    "head1": "#a8228a",
    "written": "#b04a00",
    "read": "#00726a",
    "changed": "#6a3fc4",
    "breakpoint": "#c4202f",
    "never-run": "#545b65",
    "match": "#4f6c00",
    "snapshot": "#4356c0",
    "ok": "#1f7a35",
    "muted": "#5f6773",
    "faint": "#9aa1ab",
    "heading": "#14181f",
    "cursor": "#cfe0f5",
    "cursor-blurred": "#e3e8ef",
    "heat": "#f0a040",
    "covered": "#d8ecdc",
    "token-other": "#69707a",
    "token-move0": "#2a6aa8",
    "token-move1": "#963a80",
    "token-value": "#414a57",
    "token-loop": "#80600a",
    "token-copy": "#2b7343",
}

DARK = Theme(
    name="gpdebug-dark",
    primary="#5cb8ff",
    secondary="#b9a3ff",
    accent="#ffcf5c",
    warning="#f2c14e",
    error="#ff7a7a",
    success="#7fd68a",
    foreground="#cdd4df",
    background="#12161c",
    surface="#171c24",
    panel="#1e242e",
    dark=True,
    variables={
        **_DARK,
        "block-cursor-background": "#2b3a52",
        "block-cursor-foreground": "#e8ecf3",
        "border": "#5cb8ff",
        "border-blurred": "#2a313c",
        "scrollbar": "#303947",
        "scrollbar-hover": "#3f4a5b",
        "scrollbar-active": "#5cb8ff",
        "scrollbar-background": "#12161c",
        "scrollbar-background-hover": "#12161c",
        "scrollbar-background-active": "#12161c",
        "scrollbar-corner-color": "#12161c",
    },
)
LIGHT = Theme(
    name="gpdebug-light",
    primary="#0b62b5",
    secondary="#6a3fc4",
    accent="#8f5a00",
    warning="#7d5c00",
    error="#c4202f",
    success="#1f7a35",
    foreground="#252b33",
    background="#fbfbf9",
    surface="#f2f2ef",
    panel="#e9e9e5",
    dark=False,
    variables={
        **_LIGHT,
        "block-cursor-background": "#cfe0f5",
        "block-cursor-foreground": "#14181f",
        "border": "#0b62b5",
        "border-blurred": "#d4d6d8",
        "scrollbar": "#cfd3d8",
        "scrollbar-hover": "#b3b9c1",
        "scrollbar-active": "#0b62b5",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
    },
)
THEMES = (DARK, LIGHT)


def variable_defaults(dark: bool) -> dict[str, str]:
    """Our variables for themes that do not know them, so that any Textual theme can be chosen."""
    return dict(_DARK if dark else _LIGHT)


@dataclass(frozen=True, slots=True)
class Palette:
    """Rich styles of one theme, ready to draw with: read once a frame, never computed once a line.

    Attributes:
        base: letters on the screen's background; the others carry no background unless said.
        heading, muted, faint: titles, things of less weight, rules and placeholders.
        key: a key in a hint.
        cursor, cursor_blurred: backgrounds of lines.
        pc, head0, head1, written, read, changed, breakpoint, never_run, match, snapshot, ok, warning, error:
            see `MEANINGS`.
        band: the middle half of a population, around its median.
        pc_fill, head0_fill, head1_fill: the colour as a background.
        heat: backgrounds from cold (none) to hot, `HEAT_LEVELS` of them.
        coverage: backgrounds of what never ran (none) and what did.
        effects: backgrounds of what can be left out of a program, by `gpdebug.explain.scan.outcomes.Effect`.
        roles: a style for each `Role`.
    """

    base: Style
    heading: Style
    muted: Style
    faint: Style
    key: Style
    cursor: Style
    cursor_blurred: Style
    pc: Style
    head0: Style
    head1: Style
    written: Style
    read: Style
    changed: Style
    breakpoint: Style
    never_run: Style
    match: Style
    snapshot: Style
    ok: Style
    warning: Style
    error: Style
    band: Style
    pc_fill: Style
    head0_fill: Style
    head1_fill: Style
    heat: tuple[Style, ...]
    coverage: tuple[Style, ...]
    effects: tuple[Style, ...]
    roles: tuple[Style, ...]

    def symbols(self, dialect: Dialect) -> tuple[Style, ...]:
        """The style of each of the 256 bytes of a program in a dialect."""
        return _symbol_styles(self.roles, dialect)


@lru_cache(maxsize=16)
def _symbol_styles(roles: tuple[Style, ...], dialect: Dialect) -> tuple[Style, ...]:
    return tuple(roles[role] for role in roles_of(dialect))


def palette_of(app: App[Any]) -> Palette:
    """The palette of the theme an app shows now; cached, so it can be asked for in every frame."""
    theme = app.current_theme
    variables = {**variable_defaults(theme.dark), **app.theme_variables}
    names = ("foreground", "background", "primary", "warning", "error", *_DARK)
    return _palette(tuple((name, variables.get(name, "")) for name in names))


@lru_cache(maxsize=8)
def _palette(colours: tuple[tuple[str, str], ...]) -> Palette:
    values = dict(colours)
    background = _hex(values["background"], "#12161c")
    styles: dict[str, Style] = {
        meaning.name.replace("-", "_"): _meaning_style(meaning, values, background) for meaning in MEANINGS
    }
    return Palette(
        base=Style(color=_hex(values["foreground"], "#cdd4df"), bgcolor=background),
        heading=Style(color=values["heading"], bold=True),
        muted=Style(color=values["muted"]),
        faint=Style(color=values["faint"]),
        key=Style(color=_hex(values["primary"], values["head0"]), bold=True),
        cursor=Style(bgcolor=values["cursor"]),
        cursor_blurred=Style(bgcolor=values["cursor-blurred"]),
        band=Style(color=Color.parse(background).blend(Color.parse(_hex(values["head0"], background)), 0.5).hex6),
        pc_fill=styles["pc"],
        head0_fill=Style(color=background, bgcolor=values["head0"]),
        head1_fill=Style(color=background, bgcolor=values["head1"]),
        heat=_heat(background, values["heat"]),
        coverage=(Style(), Style(bgcolor=values["covered"])),
        effects=_effects(background, values),
        roles=tuple(
            Style(color=values[f"token-{role.name.lower()}"], bold=True if role is Role.LOOP else None) for role in Role
        ),
        **styles,
    )


def _meaning_style(meaning: Meaning, values: Mapping[str, str], background: str) -> Style:
    colour = _hex(values[meaning.name], "#888888")
    style = Style(color=background, bgcolor=colour) if meaning.filled else Style(color=colour)
    return style + Style.parse(meaning.attributes)


def _heat(background: str, colour: str) -> tuple[Style, ...]:
    cold, hot = Color.parse(background), Color.parse(colour)
    levels = [cold.blend(hot, 0.3 * level / (HEAT_LEVELS - 1)).hex6 for level in range(HEAT_LEVELS)]
    return (Style(), *(Style(bgcolor=level) for level in levels[1:]))


def _effects(background: str, values: Mapping[str, str]) -> tuple[Style, ...]:
    """Never executed and introns have none, neutral is bare of colour, better is green; the worst is bold, too."""
    ground = Color.parse(background)

    def tinted(name: str, share: float) -> str:
        return ground.blend(Color.parse(_hex(values[name], background)), share).hex6

    return (
        Style(),
        Style(dim=True),
        Style(bgcolor=tinted("muted", 0.2)),
        Style(bgcolor=tinted("ok", 0.35), underline=True),
        Style(bgcolor=tinted("heat", 0.3)),
        Style(bgcolor=tinted("error", 0.38), bold=True),
    )


def _hex(value: str, fallback: str) -> str:
    """A colour Rich takes; Textual's own forms (auto, ansi, alpha) fall back."""
    try:
        colour = Color.parse(value)
    except ColorParseError:
        return fallback
    return fallback if colour.ansi is not None else colour.hex6
