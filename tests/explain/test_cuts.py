"""What lies before the window of a long run was not looked at: an explanation ends there in cuts, and says so."""

from __future__ import annotations

import pytest

from gpdebug.explain.answer import explain
from gpdebug.explain.criteria import OutputByte
from gpdebug.explain.parts import Kind, LeafKind
from gpdebug.explain.trace import WINDOW
from vm.dialect import BF
from vm.program import Program

COUNTS = Program.parse("+[>++++++++[->+.<]<]", BF)
EVERYTHING = Kind.VALUE | Kind.CONTROL | Kind.ADDRESS
CUTS = {LeafKind.CUT_CELL, LeafKind.CUT_HEAD, LeafKind.CUT_TEST}


@pytest.mark.parametrize(("window", "cuts"), [(WINDOW, set()), (4, CUTS)])
def test_a_cell_a_head_and_a_test_of_before_the_window_are_cuts(window: int, cuts: set[LeafKind]) -> None:
    found = explain(COUNTS, b"", BF.settings, OutputByte(5), EVERYTHING, window=window, grouped=False)
    assert {leaf.kind for leaf in found.slice.leaves} & CUTS == cuts
    assert found.is_confirmed
