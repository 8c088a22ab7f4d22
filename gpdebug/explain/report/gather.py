"""Finds out all that a report holds."""

from __future__ import annotations

import numpy as np

from gpdebug import __version__
from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.change.scores import scores_of
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.layout import Layout, lay_out
from gpdebug.explain.criteria import CellAt, Criterion, OutputByte
from gpdebug.explain.dataflow import dataflow
from gpdebug.explain.history.ancestry import NoAncestorsError
from gpdebug.explain.history.blame import blame
from gpdebug.explain.history.story import effects_of_births, story
from gpdebug.explain.parts import Kind, LeafKind
from gpdebug.explain.report.contents import CaseRun, Contents, Part, Past, ReportError, Source, Wish
from gpdebug.explain.report.scanning import scan
from gpdebug.explain.report.watch import ALONE, Watch
from gpdebug.explain.scan.subject import Subject
from gpdebug.explain.slices import slice_of
from gpdebug.explain.trace import trace_run
from gpdebug.store.cases import telling_case
from vm.mutant_runs import Original, run_original
from vm.state import Status, initial_state, output_of

LOOKED_AT = 32
"""Output bytes that are looked at for one that depends on the input."""


def gather(source: Source, wish: Wish | None = None, watch: Watch = ALONE) -> Contents:
    """Runs, explains and scans what a report is about.

    Args:
        source: what that is.
        wish: what is asked; None: everything, as usual.
        watch: is told how far it is.

    Raises:
        ReportError: there is no such case.
        CriterionError: there is no such byte, cell or jump in the run.
        VMError: the program or an input cannot be loaded.
        Interrupted, ScanInterrupted: the watch says so.
    """
    wish = Wish() if wish is None else wish
    initial_state(source.program, source.data or b"", source.settings)
    watch.tell("the cases")
    subject = _subject(source)
    cases = _cases(source, subject)
    chosen = _chosen(source, wish, cases)
    executions = subject.executions.sum(axis=1)
    watch.tell("the explanation")
    explanation = _explanation(source, wish, cases[chosen])
    layout = with_control = scores = None
    if explanation is not None and Part.CIRCUIT not in wish.without:
        watch.tell("the circuit")
        layout = lay_out(circuit_of(explanation, wish.view))
        with_control = _with_control(source, wish, cases[chosen], explanation, layout)
    if explanation is not None and Part.SCORES not in wish.without:
        watch.tell("the scores")
        training = [case.input for case in cases if case.kind == "training"]
        scores = scores_of(explanation, training, interrupt=watch.interrupted)
    scans = scan(subject, wish, explanation, chosen, watch)
    return Contents(
        source,
        wish,
        subject,
        cases,
        chosen,
        executions,
        explanation,
        layout,
        with_control,
        scores,
        scans,
        _past(source, wish, watch),
        __version__,
    )


def _past(source: Source, wish: Wish, watch: Watch) -> Past | str | None:
    """Where the individual comes from."""
    individuals, individual = source.individuals, source.individual
    if individuals is None or individual is None or Part.HISTORY in wish.without:
        return None
    watch.tell("where it comes from")
    try:
        found = blame(individuals, individual, interrupt=watch.interrupted)
        told = story(individuals, individual, interrupt=watch.interrupted)
        return Past(found, told, effects_of_births(told, individuals, interrupt=watch.interrupted))
    except NoAncestorsError as error:
        return str(error)


def _subject(source: Source) -> Subject:
    """The program on the training cases of its task, else on the given input."""
    task = source.task
    if task is None or not task.training:
        return Subject.of_inputs(source.program, [source.data or b""], settings=source.settings)
    return Subject.of_task(source.program, task, source.settings)


def _cases(source: Source, subject: Subject) -> tuple[CaseRun, ...]:
    task = source.task
    if subject.own:
        return tuple(_case_runs(subject.original, None, "given", judged=False))
    assert task is not None
    found = list(_case_runs(subject.original, 1, "training"))
    if task.held_out:
        inputs, wanted = [case.input for case in task.held_out], [case.output for case in task.held_out]
        ran = run_original(source.program, inputs, wanted, task.scorer, source.settings)
        found += _case_runs(ran, 1 + len(found), "held out")
    if source.data is not None:
        ran = run_original(source.program, [source.data], settings=source.settings)
        found += _case_runs(ran, None, "given", judged=False)
    return tuple(found)


def _case_runs(ran: Original, first: int | None, kind: str, *, judged: bool = True) -> list[CaseRun]:
    return [
        CaseRun(
            None if first is None else first + at,
            kind,
            ran.inputs[at],
            ran.wanted[at] if judged else None,
            ran.outputs[at],
            int(ran.errors[at]) if judged else None,
            Status(int(ran.status[at])),
            int(ran.steps[at]),
        )
        for at in range(len(ran.inputs))
    ]


def _chosen(source: Source, wish: Wish, cases: tuple[CaseRun, ...]) -> int:
    """The case whose run is explained, by its place."""
    numbered = sum(case.number is not None for case in cases)
    if wish.case is not None:
        if not 1 <= wish.case <= numbered:
            has = f"there are cases 1 to {numbered:,}" if numbered else "there are none, only the given input"
            raise ReportError(f"there is no case {wish.case:,}: {has}")
        return wish.case - 1
    if source.task is None or numbered < len(cases):
        return len(cases) - 1
    errors = [case.error or 0 for case in cases if case.kind == "training"]
    return telling_case(source.task.training, errors)


def _explanation(source: Source, wish: Wish, case: CaseRun) -> Explanation | None:
    criterion = wish.criterion
    if criterion is None:
        criterion = telling_criterion(source, wish, case.input)
    if criterion is None:
        return None
    return explain(source.program, case.input, source.settings, criterion, wish.kinds)


def _with_control(
    source: Source, wish: Wish, case: CaseRun, explanation: Explanation, layout: Layout
) -> Layout | None:  # fmt: skip
    """The circuit that says what let it happen as well, where the answer follows values only."""
    if wish.kinds != Kind.VALUE:
        return None
    kinds = Kind.VALUE | Kind.CONTROL
    found = explain(source.program, case.input, source.settings, explanation.slice.criterion, kinds)
    circuit = circuit_of(found, wish.view)
    return lay_out(circuit) if circuit.all_nodes > layout.circuit.all_nodes else None


def telling_criterion(source: Source, wish: Wish, data: bytes) -> Criterion | None:
    """What is explained if nothing is asked for: the first output byte that depends on a byte of the input.

    Without such a byte it is the first of the output; without output, the cell that was written last; None if there
    is none of these. The first `LOOKED_AT` bytes are looked at.
    """
    trace = trace_run(source.program, data, source.settings)
    output = output_of(trace.end, source.program.dialect, source.settings)
    flow = dataflow(trace)
    for index in range(len(trace.start.output), min(len(output), len(trace.start.output) + LOOKED_AT)):
        found = slice_of(flow, OutputByte(index), wish.kinds)
        if any(leaf.kind is LeafKind.INPUT for leaf in found.leaves):
            return OutputByte(index)
    if len(output) > len(trace.start.output):
        return OutputByte(len(trace.start.output))
    written = np.flatnonzero(flow.written >= 0)
    return CellAt(int(flow.written[written[-1]])) if written.size else None
