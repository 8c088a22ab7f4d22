"""A warm-up compiles all that scans need."""

from __future__ import annotations

from tests.warmups import compiled_after

WARM = """
from gpdebug.explain.scan.backups import find_back_ups
from gpdebug.explain.scan.knockout import knock_out
from gpdebug.explain.scan.minimise import Keep, KeepByte, minimise
from gpdebug.explain.scan.mutation import scan_mutations
from gpdebug.explain.scan.subject import Subject
from gpdebug.store.task import Case
from vm.dialect import BF, BFF, TAPE
from vm.jit import warm_up
from vm.program import Program
warm_up()
"""
USE = """
for dialect in (TAPE, BF, BFF):
    settings = dialect.settings.with_changes({"limit": 200})
    program = Program.parse("+[-]+.", dialect)
    subject = Subject.of_inputs(program, [b"", b""], settings=settings)
    knocked_out = knock_out(subject)
    find_back_ups(knocked_out)
    scan_mutations(subject)
    for keep in (*Keep, KeepByte(0, 0)):
        if subject.original.outputs[0]:
            minimise(subject, keep)
"""


def test_after_a_warm_up_nothing_is_compiled_any_more() -> None:
    assert compiled_after(WARM, USE) == "[]\n"
