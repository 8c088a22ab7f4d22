"""Every colour can be read, on both themes, and means one thing."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.themes import MEANINGS, THEMES, Palette, palette_of
from vm.dialect import TAPE

LETTERS = [meaning.name for meaning in MEANINGS if meaning.name not in ("ok", "warning", "error")] + [
    "ok",
    "muted",
    "heading",
    *(f"token-{name}" for name in ("other", "move0", "move1", "value", "loop", "copy")),
]


def contrast(one: Color, other: Color) -> float:
    def luminance(colour: Color) -> float:
        parts = (channel / 255 for channel in colour.rgb)
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", LETTERS)
def test_letters_stand_out_from_the_background(theme: Theme, name: str) -> None:
    assert theme.background is not None
    # WCAG 2.2, success criterion 1.4.3
    assert contrast(Color.parse(theme.variables[name]), Color.parse(theme.background)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_meaning_has_a_colour_of_its_own(theme: Theme) -> None:
    colours = [theme.variables[meaning.name] for meaning in MEANINGS if meaning.name in theme.variables]
    assert len(set(colours)) == len(colours)


def test_every_meaning_can_be_told_without_colour() -> None:
    signs = [meaning.sign for meaning in MEANINGS]
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize("name", ["gpdebug-dark", "gpdebug-light", "nord", "textual-light", "ansi-dark"])
async def test_a_palette_can_be_made_of_any_theme(name: str) -> None:
    app = GpdebugApp()
    async with app.run_test():
        app.theme = name
        palette = palette_of(app)
        assert isinstance(palette, Palette)
        assert palette.symbols(TAPE)[ord("}")] == palette.symbols(TAPE)[ord("{")]
        assert palette.symbols(TAPE)[ord("}")] != palette.symbols(TAPE)[ord(">")]
        assert palette_of(app) is palette
