"""Dialects and settings as data: TOML in, plain data out, errors that name the key."""

from __future__ import annotations

import pytest

from vm.dialect import BUILT_IN, TAPE, Dialect, Io, Other
from vm.errors import DialectError, SettingsError
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import MAX_MEMORY, Edge, Settings

EXTENDED = """
name = "extended"
based_on = "bf"
[symbols]
">" = "move0 1"
"<" = "move0 -1"
"+" = "add 1"
"-" = "add -1"
"[" = "open"
"]" = "close"
"," = "read"
"." = "write"
"4" = "set 64"
"$" = "stash"
"!" = "unstash"
"@" = "halt"
[settings]
memory = 1000
edge = "halt"
out_at = "middle"
out_len = "zero"
"""


def test_a_dialect_from_toml_runs() -> None:
    dialect = Dialect.from_toml(EXTENDED)
    assert dialect.io is Io.STREAMS
    assert dialect.settings.edge is Edge.HALT
    machine = ReferenceMachine(Program.parse("4+.$>!.@.", dialect))
    machine.run()
    assert bytes(machine.output) == b"AA"
    assert str(machine.status) == "halted"


def test_bfx_sets_cells_to_multiples_of_sixteen_and_has_a_spare_register() -> None:
    machine = ReferenceMachine(Program.parse("0123456789abcdef", BUILT_IN["bfx"]))
    cells = []
    for _ in range(16):
        machine.step()
        cells.append(int(machine.memory[0]))
    assert cells == list(range(0, 256, 16))
    spared = ReferenceMachine(Program.parse(",$6+.!.", BUILT_IN["bfx"]), b"x")
    spared.run()
    assert bytes(spared.output) == b"ax"


@pytest.mark.parametrize("dialect", [*BUILT_IN.values(), Dialect.from_toml(EXTENDED)], ids=lambda dialect: dialect.name)
def test_a_dialect_survives_plain_data(dialect: Dialect) -> None:
    assert Dialect.from_dict(dialect.to_dict()) == dialect


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 'x'", "symbols: a dialect needs at least one symbol"),
        ("[symbols]\n'+' = 'add 1'", "name: missing"),
        ("name = 'x'\nsymbol = 1", "symbol: unknown key; expected one of name, based_on"),
        ("name = 'x'\nbased_on = 'perl'", "based_on: expected one of tape, bf"),
        ("name = 'x'\n[symbols]\n'+' = 'plus'", r"symbols.'\+': expected a primitive \(nop, halt"),
        ("name = 'x'\n[symbols]\n'+' = 'add'", r"symbols.'\+': expected 'add N' with a whole number"),
        ("name = 'x'\n[symbols]\n'+' = 'add one'", r"symbols.'\+': expected a whole number, not 'one'"),
        ("name = 'x'\n[symbols]\n'[' = 'open 1'", r"symbols.'\[': expected 'open' alone"),
        ("name = 'x'\n[symbols]\n'+' = 'add 99999999999'", "must be within 2"),
        ("name = 'x'\n[symbols]\n'++' = 'add 1'", "a symbol is one character"),
        ("name = 'x'\nbased_on = 'bf'\nio = 'pipes'", "io: expected one of regions, streams, tape, not 'pipes'"),
        ("name = 'x'\nbased_on = 'bf'\nself_modifying = 1", "self_modifying: expected true or false"),
        ("name = 'x'\nbased_on = 'bf'\n[settings]\nmemory = 0", "settings: memory must be 1 to 16,777,216 cells"),
        ("name = 'x'\nbased_on = 'bf'\n[settings]\ncells = 5", "settings: unknown setting 'cells'"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_wrong_dialect_names_its_key(text: str, message: str) -> None:
    with pytest.raises(DialectError, match=message):
        Dialect.from_toml(text)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"memory": MAX_MEMORY + 1}, "memory must be 1 to 16,777,216 cells"),
        ({"limit": -1}, "limit must be 0 to"),
        ({"in_at": 256}, "in_at must be 0 to 255"),
        ({"out_at": 300}, "out_at must be 0 to 255"),
        ({"out_len": 129}, "out_len must be 0 to 128 cells from out_at"),
        ({"edge": "bounce"}, "edge must be one of wrap, halt, not 'bounce'"),
        ({"memory": "big"}, "memory must be a whole number, not 'big'"),
        ({"memory": True}, "memory must be a whole number"),
        ({"size": 3}, "unknown setting 'size'; known are edge, eof"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings().with_changes(changes)


def test_settings_survive_plain_data() -> None:
    settings = Settings(memory=77, out_at=3, out_len=4, edge=Edge.HALT)
    assert Settings().with_changes(settings.to_dict()) == settings

    assert TAPE.other is Other.ERROR
