"""Programs on cases for the tests of scans, and what the reference machine makes of their mutants."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from gpdebug.explain.scan.subject import Subject
from gpdebug.store.task import Case
from tests.vm.runs import Run, runs
from vm.dialect import Dialect, Io
from vm.errors import VMError
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import Scorer, case_error
from vm.settings import Unmatched
from vm.state import Status, output_of


@dataclass(frozen=True)
class Ran:
    """What the reference machine says about a mutant on a case."""

    error: int
    status: int
    output: bytes


REJECTED = Ran(-1, 0, b"")


def subject_of(source: str, dialect: Dialect, *cases: tuple[bytes, bytes], **settings: object) -> Subject:
    """A program on cases that are given as what goes in and what is wanted."""
    program = Program.parse(source, dialect)
    return Subject.of_cases(
        program, [Case(*case) for case in cases], settings=dialect.settings.with_changes(settings)
    )  # fmt: skip


def by_reference(subject: Subject, code: bytes) -> list[Ran]:
    """Runs a code on every case of a subject; a code that cannot be loaded is `REJECTED` on each."""
    original = subject.original
    ran = []
    for data, wanted in zip(original.inputs, original.wanted, strict=True):
        try:
            machine = ReferenceMachine(Program(code, original.dialect), data, original.settings)
        except VMError:
            ran.append(REJECTED)
            continue
        machine.run()
        output = output_of(machine.snapshot(), original.dialect, original.settings)
        error = case_error(original.scorer, output, wanted, machine.status)
        ran.append(Ran(error, int(machine.status), output))
    return ran


@st.composite
def subjects(draw: st.DrawFn, longest: int = 24) -> Subject:
    """A short random program of any dialect on one to three cases, with settings of all kinds."""
    run = draw(runs().filter(lambda run: len(run.program) <= longest))
    settings = run.settings
    if not len(run.program.unmatched) and draw(st.booleans()):
        settings = replace(settings, unmatched=Unmatched.REJECT)
    if run.program.dialect.io is Io.TAPE or draw(st.integers(0, 3)) == 0:
        return Subject.of_inputs(run.program, [run.data], draw(st.sampled_from(Scorer)), settings)
    inputs = [run.data, *draw(st.lists(st.binary(max_size=len(run.data)), max_size=2))]
    cases = [Case(data, draw(wanted_outputs(run, data))) for data in inputs]
    return Subject.of_cases(run.program, cases, draw(st.sampled_from(Scorer)), settings)


@st.composite
def wanted_outputs(draw: st.DrawFn, run: Run, data: bytes) -> bytes:
    """Now and then what the program puts out, else anything short."""
    machine = ReferenceMachine(run.program, data, run.settings)
    machine.run()
    assert machine.status is not Status.RUNNING
    output = output_of(machine.snapshot(), run.program.dialect, run.settings)
    return draw(st.just(output) | st.binary(max_size=4))
