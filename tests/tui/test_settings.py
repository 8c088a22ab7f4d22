"""The settings file: read with care, told about when wrong, and kept as the user wrote it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from gpdebug.tui.all_keys import _ours, named_keys, problems_of
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.keymap import character_of
from gpdebug.tui.presets import Preset, clashes, read_keys, typed_key
from gpdebug.tui.settings import Preferences, read_preferences, remember, settings_file
from gpdebug.tui.settings_example import example
from gpdebug.tui.widgets.lines import KeyLine
from tests.tui.debugging import reverse_app, text_of

SIZE = (120, 36)


def written(text: str) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_without_a_file_there_are_defaults() -> None:
    assert read_preferences() == Preferences()


def test_all_settings_are_read() -> None:
    written(
        'theme = "nord"\nkeymap = "ide"\nmemory = "signed"\nprogram = "listing"\nshading = "off"\n'
        '[keys]\n"debug.step" = "z, ctrl+z"\ndebug.play = "shift+ctrl+f2"\n'
    )
    read = read_preferences()
    assert read.problems == ()
    assert (read.theme, read.preset, read.memory, read.program, read.shading) == (
        "nord", Preset.IDE, "signed", "listing", "off",
    )  # fmt: skip
    assert read.keys == {"debug.step": "z,ctrl+z", "debug.play": "ctrl+shift+f2"}
    assert read.keymap["debug.step"] == "z,ctrl+z", "one's own keys come before the preset's"
    assert read.keymap["debug.over"].startswith("f10")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("theme = ", "this is no TOML"),
        ("theme = 3", "theme: expected a name, not 3"),
        ('keymap = "emacs"', "keymap: expected one of gdb, ide, not 'emacs'"),
        ('memory = ["hex"]', "memory: expected one of hex, decimal"),
        ('them = "dark"', "there is no setting 'them'; did you mean 'theme'?"),
        ('[keys]\n"debug.step" = "hyper+q"', 'keys."debug.step": expected keys such as "s"'),
        ('[keys]\n"debug.step" = "s,,f2"', 'keys."debug.step": expected keys'),
        ("keys = 1", "keys: expected a table"),
        ("\xff", "this is no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_the_rest_has_its_default(text: str, says: str) -> None:
    file = written(text)
    read = read_preferences()
    assert len(read.problems) == 1
    assert says in read.problems[0]
    assert str(file) in read.problems[0]
    assert read == Preferences(problems=read.problems)


def test_one_wrong_setting_does_not_cost_the_others() -> None:
    written('memory = "octal"\nkeymap = "ide"')
    assert read_preferences().preset is Preset.IDE
    assert len(read_preferences().problems) == 1


def test_a_setting_is_remembered_and_the_rest_of_the_file_stays() -> None:
    file = written(
        '# mine\nmemory = "signed" # I like it\ntheme = \'dark\' # for the night\n[keys]\n"debug.step" = "z"\n'
    )
    assert remember("theme", "light") is None
    assert file.read_text() == (
        '# mine\nmemory = "signed" # I like it\ntheme = "light" # for the night\n[keys]\n"debug.step" = "z"\n'
    )
    assert remember("keymap", "ide") is None
    assert read_preferences().preset is Preset.IDE
    assert read_preferences().keys == {"debug.step": "z"}


def test_a_first_setting_makes_the_file() -> None:
    assert remember("theme", "light") is None
    assert read_preferences() == Preferences(theme="light")


@pytest.mark.parametrize("text", ["theme = ", 'x = """\ntheme = "a"\n', "theme = 3\n"])
def test_a_file_that_is_not_understood_is_not_touched(text: str) -> None:
    file = written(text)
    problem = remember("theme", "light")
    assert problem is not None
    assert str(file) in problem
    assert file.read_text() == text


def test_keys_as_people_write_them() -> None:
    assert read_keys("s, F11 ,shift+ctrl+F5,?") == "s,f11,ctrl+shift+f5,?"
    assert read_keys("question_mark,S,full_stop") == "question_mark,S,full_stop"
    for wrong in ("", "f99", "ctrl+", "ctrl+ctrl+a", "spacebar", "meta+x", "\n"):
        assert read_keys(wrong) is None


def test_a_shifted_function_key_is_one_whatever_the_terminal_says() -> None:
    assert [typed_key(key) for key in ("f23", "ctrl+f23", "f12", "shift+f11", "f")] == [
        "shift+f11", "ctrl+shift+f11", "f12", "shift+f11", "f",
    ]  # fmt: skip


def test_a_key_with_two_meanings_is_told_unless_it_was_meant_so() -> None:
    bound = [("debug.step", "s,f11"), ("debug.help", "question_mark"), ("list.step", "s"), ("other.step", "s")]
    together = [frozenset({"debug", "list"}), frozenset({"other", "app"})]
    assert clashes(bound, {}, together) == []
    assert clashes(bound, {"debug.step": "?"}, together) == ["? is both debug.help and debug.step"]
    assert clashes(bound, {"debug.help": "s"}, together) == [
        "s is both debug.help and debug.step", "s is both debug.help and list.step",
    ]  # fmt: skip


def test_neither_preset_gives_a_key_two_meanings_and_all_its_names_are_there() -> None:
    for preset in Preset:
        assert problems_of(Preferences(preset=preset, keys=preset.keymap)) == []


def test_no_action_is_only_on_a_function_key() -> None:
    for key in named_keys():
        for preset in Preset:
            keys = preset.keymap.get(key.id, key.keys).split(",")
            assert not all(re.search(r"\bf\d+$", name) for name in keys), key.id


def test_the_example_is_a_settings_file_that_changes_nothing() -> None:
    text = example(settings_file())
    written(text)
    assert read_preferences() == Preferences()
    everything = "\n".join(
        line[1:].partition("  ")[0] if (line.startswith("#") and "=" in line) or line == "#[keys]" else line
        for line in text.splitlines()
        if not line.startswith("# ")
    )
    data = tomllib.loads(everything)
    written(everything.replace('program = "grid"', ""))
    read = read_preferences()
    assert read.problems == ()
    assert problems_of(read) == []
    assert len(data["keys"]) == len(named_keys()) > 80


async def test_remapped_keys_work_and_are_shown() -> None:
    written('[keys]\n"debug.step" = "z"\n"debug.snapshot" = "ctrl+y"\n')
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("s", "z")
        await pilot.pause()
        assert app.here.moment.step == 1, "s has no meaning any more"
        assert "z step" in text_of(app.here.query_one(KeyLine))
        await pilot.press("l")
        await pilot.pause()
        assert "^Y takes one" in text_of(app.here.views.panels.rows("snapshots"))
        await pilot.press("question_mark")
        await pilot.pause()
        assert [key.keys for key in app.screen._keys if key.text == "step"] == [("z",)]  # type: ignore[attr-defined]


async def test_the_keys_of_an_ide_come_by_a_key_and_are_remembered() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+k", "f11", "f10", "f22")
        await pilot.pause()
        assert app.here.moment.step > 1
        line = text_of(app.here.query_one(KeyLine))
        assert line.startswith(" F11 step  ^F11 back  F10 over  F5 run  F6 play  F9 break  w watch"), (
            "in the same order"
        )
    assert read_preferences().preset is Preset.IDE


async def test_the_theme_is_remembered() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        assert app.theme == "gpdebug-dark"
        await pilot.press("ctrl+t")
        await pilot.pause()
    assert reverse_app().theme == "gpdebug-light"


async def test_program_and_memory_are_shown_as_the_settings_say() -> None:
    written('memory = "decimal"\nprogram = "listing"\n')
    app = reverse_app(preferences=read_preferences())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert app.here.memory.form.label == "decimal"
        assert not app.here.views.grid.display


async def test_what_is_wrong_with_the_settings_is_told_once_on_the_screen() -> None:
    written('theme = "midnight"\n[keys]\n"debug.jump_up" = "z"\n"debug.step" = "c"\n')
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        told = [toast.message for toast in app._notifications]
        assert len(told) == 1
        assert "there is none called 'midnight'" in told[0]
        assert "2 more" in told[0]
        assert app.theme == "gpdebug-dark"


def test_the_example_of_the_readme_is_right() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    written(text[text.index('theme = "light"') :].partition("```")[0])
    read = read_preferences()
    assert read.problems == ()
    assert problems_of(read) == []
    assert len(read.keys) == 1


def test_every_binding_can_be_given_other_keys() -> None:
    named_keys()
    for node in (GpdebugApp, *_ours(DOMNode)):
        for binding in node.__dict__.get("BINDINGS", ()):
            assert isinstance(binding, Binding), node
            assert binding.id, (node, binding)


@pytest.mark.parametrize(
    ("key", "character"),
    [("question_mark", "?"), ("a", "a"), ("up", None), ("backspace", None), ("f5", None), ("space", None)],
)
def test_keys_that_type_nothing_seen_have_no_character(key: str, character: str | None) -> None:
    assert character_of(key) == character
