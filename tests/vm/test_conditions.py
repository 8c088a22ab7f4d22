"""The expression language of conditions: what it means and how it refuses."""

from __future__ import annotations

from itertools import product

import pytest

from vm.condition_kernel import binary
from vm.conditions import _BINARY, Op, _wrapped, parse
from vm.dialect import TAPE
from vm.errors import ConditionError
from vm.machine import Machine
from vm.program import Program

PROGRAM = Program.parse("+>++}.", TAPE)


def value(text: str, steps: int = 5, hits: int = 4) -> int:
    machine = Machine(PROGRAM, b"\x05\x06a")
    machine.step(steps)
    return parse(text).value(machine.snapshot(), data=machine.data, output=b"xyz", hits=hits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pc", 5), ("step", 5), ("h0", 1), ("h1", 129), ("cell0", 8), ("cell1", 0), ("hits", 4),
        ("mem[0]", 6), ("mem[2] == 'a'", 1), ("mem[256]", -1), ("mem[-1]", -1), ("mem[h0]", 8),
        ("in[0] + in[1]", 11), ("in[9]", -1), ("len(in)", 3), ("out[2]", 122), ("out[3]", -1), ("len(out)", 3),
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 3 - 2", 5), ("2 - -1", 3), ("~0", -1), ("- 2 * 3", -6),
        ("7 / 2", 3), ("-7 / 2", -4), ("-7 % 3", 2), ("7 / 0", 0), ("7 % 0", 0), ("0x1F & 0b1010", 10),
        ("1 | 6 ^ 3 & 5", 7), ("1 << 4 >> 2", 4), ("1 << 64", 0), ("1 >> -1", 0), ("1 << 63", -(1 << 63)),
        ("9223372036854775807 + 1", -(1 << 63)), ("not 0", 1), ("!5", 0), ("not 1 == 2", 1), ("!1 == 0", 1),
        ("1 < 2 and 2 < 3", 1), ("1 < 2 && 3 < 2 || 5", 1), ("0 or 0", 0), ("1 != 1", 0), ("3 >= 3", 1), ("3 <= 2", 0),
        ("  pc==5  ", 1),
    ],
)  # fmt: skip
def test_expressions_mean_what_they_say(text: str, expected: int) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 0, "expected a value, found the end"),
        ("cell", 0, "unknown name 'cell'; known are pc, step"),
        ("mem[3] = 5", 7, "compare with =="),
        ("mem[3", 5, r"expected '\]', found the end"),
        ("mem 3", 4, r"expected '\[', found '3'"),
        ("1 < 2 < 3", 6, "comparisons do not chain"),
        ("1 + * 2", 4, r"expected a value, found '\*'"),
        ("pc @ 3", 3, "'@' means nothing here"),
        ("len(mem)", 4, "expected 'in' or 'out', found 'mem'"),
        ("(pc", 3, r"expected '\)', found the end"),
        ("pc pc", 3, "expected an operator or the end"),
        ("99999999999999999999", 0, "does not fit into 63 bits"),
        ("(" * 40 + "1" + ")" * 40, 32, "nested more than"),
        (" + ".join(["1"] * 300), 1022, "too long"),
    ],
)
def test_a_wrong_expression_points_at_its_column(text: str, column: int, message: str) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        parse(text)
    assert caught.value.column == column


def test_conditions_are_equal_by_their_text() -> None:
    assert parse("pc == 1") == parse(" pc == 1 ")
    assert parse("pc == 1") != parse("pc == 2")


EDGES = (0, 1, -1, 2, 7, -7, 63, 64, 65, -64, 1 << 62, (1 << 63) - 1, -(1 << 63))


@pytest.mark.parametrize("operator", _BINARY, ids=lambda operator: operator.name)
def test_the_kernel_has_the_plain_value_of_every_operator_on_edge_values(operator: Op) -> None:
    for left, right in product(EDGES, EDGES):
        assert int(binary(int(operator), left, right)) == _wrapped(int(_BINARY[operator](left, right))), (left, right)
