from __future__ import annotations

import numpy as np
import pytest

from vm.block_kernel import first_difference


@pytest.mark.parametrize("cells", [1, 7, 8, 9, 16, 29])
def test_the_first_difference_of_two_memories_is_found_wherever_it_is(cells: int) -> None:
    memory = np.arange(cells, dtype=np.uint8)
    for first in range(cells):
        past = memory.copy()
        past[first:] ^= 255
        assert first_difference(memory, past) == first
    assert first_difference(memory, memory.copy()) == cells


def test_memories_may_begin_anywhere() -> None:
    rows = np.zeros((2, 13), np.uint8)
    rows[1, 12] = 1
    assert first_difference(rows[0], rows[1]) == 12
