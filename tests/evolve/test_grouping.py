from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.evolve.grouping import enter_new, groups_of, table_for

behaviours = st.lists(st.integers(0, 9), max_size=60)


@given(behaviours)
def test_groups_are_those_that_behave_alike_in_the_order_in_which_they_come(values: list[int]) -> None:
    groups = groups_of(np.array(values, np.uint64))
    first = list(dict.fromkeys(values))
    assert [values[row] for row in groups.firsts] == first
    for index, value in enumerate(first):
        members = groups.members[groups.starts[index] : groups.starts[index + 1]].tolist()
        assert members == [row for row, other in enumerate(values) if other == value]
    assert groups.starts[-1] == len(values)


@given(behaviours, behaviours)
def test_only_what_nobody_did_before_is_new_and_only_once(before: list[int], values: list[int]) -> None:
    table = table_for(len(before) + len(values))
    enter_new(np.array(before, np.uint64), table)
    rows = enter_new(np.array(values, np.uint64), table).tolist()
    assert rows == sorted({values.index(value) for value in values if value not in before})
