"""A warm-up compiles all that an explanation needs, and nothing heavy is loaded before one is asked for."""

from __future__ import annotations

from tests.warmups import compiled_after

WARM = """
from gpdebug.explain.answer import explain
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.scores import scores_of
from gpdebug.explain.change.text import Reader
from gpdebug.explain.change.what_if import what_if
from gpdebug.explain.change.why_not import Written, why_not
from gpdebug.explain.criteria import OutputByte
from gpdebug.explain.dataflow import KERNELS
from gpdebug.explain.parts import Kind
from gpdebug.explain.present import to_dict
from vm.dialect import BF, BUILT_IN
from vm.jit import MACHINE, warm_up
from vm.program import Program
warm_up(None, (*MACHINE, *KERNELS))
"""
USE = """
for kinds in (Kind.VALUE, ~Kind(0)):
    to_dict(explain(Program.parse("++[>+++<-]>.", BF), b"", BF.settings, OutputByte(0), kinds))
found = explain(Program.parse("++[>+++<-]>.", BF), b"", BF.settings, OutputByte(0))
scores_of(found)
for dialect, code in ((BF, ",[.-]"), (BUILT_IN["bff"], "+[-]>")):
    run = Run.of(Program.parse(code, dialect))
    what_if(run, Reader(run).changes("blank 0; mem[0]+=1 @1"))
    why_not(run, Written(9))
"""


def test_after_a_warm_up_nothing_is_compiled_any_more() -> None:
    assert compiled_after(WARM, USE) == "[]\n"
