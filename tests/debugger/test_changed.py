from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.debugger import changed
from gpdebug.debugger.changed import Changed, Places

MASKS = st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=12).map(
    lambda runs: np.array([value for value, length in runs for _ in range(length)], np.bool_)
)


@given(MASKS)
@settings(deadline=None)
def test_places_are_those_of_the_mask_whatever_the_blocks(mask: NDArray[np.bool_]) -> None:
    expected = np.flatnonzero(mask).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changed, "_BLOCK", 4)
        found = Places(mask)
        assert [found[index] for index in range(len(found))] == expected
        assert [cell for block in found.blocks() for cell in block.tolist()] == expected
        for cell in range(-2, len(mask) + 3):
            assert found.before(cell) == sum(place < cell for place in expected)
            assert found.following(cell) == next((place for place in expected if place >= cell), None)
            assert found.preceding(cell) == next((place for place in expected[::-1] if place < cell), None)
        with pytest.raises(IndexError):
            found[len(found)]


@given(MASKS)
@settings(deadline=None)
def test_runs_begin_and_end_where_the_mask_does(mask: NDArray[np.bool_]) -> None:
    memory = np.zeros(len(mask), np.uint8)
    edges = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    bounds = list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changed, "_BLOCK", 4)
        found = Changed(memory, memory + mask.astype(np.uint8))
        assert list(found.bounds()) == bounds
        assert [found.starts[index] for index in range(len(found.starts))] == [start for start, _ in bounds]
        assert [found.lasts[index] + 1 for index in range(len(found.lasts))] == [end for _, end in bounds]
        assert len(found.cells) == mask.sum()
