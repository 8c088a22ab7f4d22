"""The run as a line: what happens along it, in dots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gpdebug.debugger.activity import Activity
from gpdebug.tui.widgets.timeline import dotted


def rows(text: str) -> list[str]:
    """The four rows of dots, the highest first: a letter a dot."""
    bits = [[(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)][row] for row in range(4)]
    return ["".join("#" if (ord(char) - 0x2800) & bit else "." for char in text for bit in pair) for pair in bits]


def test_each_moment_has_dots_for_what_its_step_changed_and_wrote() -> None:
    text = dotted(Activity(1, 4, (0, 1, 0, 1), (0, 0, 0, 1)), span=4, columns=9)
    assert rows(text) == [
        "................#.",
        ".......####....###",
        ".......####....###",
        "##################",
    ]


def test_of_many_steps_the_rate_is_shown_beside_the_highest() -> None:
    text = dotted(Activity(100, 400, (100, 0, 40, 60), (0, 0, 0, 0)), span=400, columns=5)
    assert rows(text)[1:] == ["###....###", "###..#####", "##########"]


def test_what_is_not_counted_yet_has_no_dots() -> None:
    assert dotted(Activity(), span=100, columns=10) == ""
    assert len(dotted(Activity(1, 50, (1,) * 50, (0,) * 50), span=100, columns=11)) == 6


@pytest.mark.parametrize("columns", [1, 2, 61, 400])
@given(
    some.lists(some.tuples(some.integers(0, 8), some.booleans()), min_size=1, max_size=512),
    some.sampled_from([1, 2, 64]),
    some.integers(0, 10_000),
)
def test_any_counts_fit_onto_any_track(columns: int, counts: list[tuple[int, bool]], length: int, ahead: int) -> None:
    changes, outputs = (tuple(int(count[i]) for count in counts) for i in (0, 1))
    reached = length * len(counts)
    text = dotted(Activity(length, reached, changes, outputs), span=reached + ahead, columns=columns)
    written, much, little, track = rows(text)
    assert len(text) <= columns
    assert "#" in track
    assert ("#" in written) == any(outputs)
    assert ("#" in much) <= any(changes)
    assert all(dots != ".#" for dots in map("".join, zip(little, much, strict=True)))
