"""Filter expressions choose the rows that plain Python chooses, and a wrong one points at its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.store.filter import FilterError, Labels, Values, containing, matching
from vm.evaluate import Programs

CODES = [b"[->+<]", b">>", b"", b"[-]>[-]", b"+"]
COLUMNS: dict[str, Values] = {
    "error": np.array([0, 5, 12, 3, 99]),
    "length": np.array([6, 2, 0, 7, 1]),
    "operator": Labels(("point", "crossover"), np.array([0, 1, 1, 0, 1], np.uint8)),
    "program": Programs.of(CODES),
}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("error < 10 and length < 7", [0, 1]),
        ("error<10 or length==0", [0, 1, 2, 3]),
        ("not error < 10", [2, 4]),
        ("2 <= length < 7", [0, 1]),
        ("error > 1 and error < 10 or length = 1", [1, 3, 4]),
        ("error > 1 and (error < 10 or length = 1)", [1, 3, 4]),
        ("error * 2 + 1 == 7", [3]),
        ("error - length > 0 - 5", [1, 2, 3, 4]),
        ("error / length > 2", [1, 2, 4]),
        ("error % 3 == 0", [0, 2, 3, 4]),
        ("error == -0", [0]),
        ("operator == crossover", [1, 2, 4]),
        ('operator != "crossover"', [0, 3]),
        ("operator ~ 'oint'", [0, 3]),
        ('program ~ "[-"', [0, 3]),
        ("program ~ '[-]' and length > 1", [3]),
        ('program == ">>"', [1]),
        ('program != ""', [0, 1, 3, 4]),
        ("error < 1,000", [0, 1, 2, 3, 4]),
    ],
)
def test_an_expression_chooses_rows(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(matching(text, COLUMNS)).tolist() == rows


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 0, "expected a column"),
        ("error <", 7, "expected a column or a number"),
        ("error < 10 nd length", 11, "expected 'and', 'or'"),
        ("eror < 10", 0, "no column 'eror'; did you mean error?"),
        ("size < 10", 0, "no column 'size'; there are error, length"),
        ("error < 10 and length", 15, "after 'and' comes a comparison"),
        ("error", 0, "the filter is a comparison"),
        ("(error < 10", 0, "expected )"),
        ("error < 10)", 10, "not ')'"),
        ("error & 1", 6, "'&' means nothing here"),
        ("operator < 3", 11, "expected a text"),
        ('operator < "a"', 11, "compares with ==, != or ~"),
        ('error == "a', 9, "no closing quote"),
        ("error == 'a'", 9, "expected a number to compare, not a text"),
        ("error ~ 1", 8, "~ (contains) is for names"),
        ("error + operator > 1", 8, "expected a number to calculate with"),
        ("- program > 1", 2, "expected a number after -"),
        ("(error < 1) + 1 > 1", 1, "expected a number to calculate with, not a comparison"),
        ("__import__('os')", 0, "means nothing here"),
    ],
)
def test_a_wrong_expression_points_at_its_place(text: str, column: int, says: str) -> None:
    with pytest.raises(FilterError) as caught:
        matching(text, COLUMNS)
    assert says in str(caught.value)
    assert caught.value.column == column


@given(
    st.lists(st.binary(max_size=6).map(lambda code: bytes(b"+-[]"[byte % 4] for byte in code))), st.binary(max_size=3)
)
def test_a_pattern_is_found_where_python_finds_it(codes: list[bytes], seed: bytes) -> None:
    pattern = bytes(b"+-[]"[byte % 4] for byte in seed)
    assert containing(Programs.of(codes), pattern).tolist() == [pattern in code for code in codes]
