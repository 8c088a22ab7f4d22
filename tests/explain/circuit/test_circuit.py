"""Circuits of random runs: influence adds up, what is hidden is counted, folding can be undone, skips are true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.folding import fold, fold_site, unfold
from gpdebug.explain.circuit.layout import lay_out
from gpdebug.explain.circuit.parts import Circuit, EdgeKind, NodeKind
from gpdebug.explain.circuit.view import View
from gpdebug.explain.criteria import CellAt, OutputByte
from gpdebug.explain.errors import ViewError
from gpdebug.explain.parts import Kind
from tests.explain.test_exactness import WINDOWS, busy_runs, criteria, flow_of
from tests.vm.runs import Run, runs
from vm.dialect import BF, Primitive
from vm.program import Program
from vm.reference import ReferenceMachine

HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
KINDS = [Kind.VALUE, Kind.VALUE | Kind.CONTROL, ~Kind(0)]
WHOLE = View(by_site=False, most=100_000).pruned(1, 1)


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    run = draw(runs() | busy_runs())
    run = replace(run, settings=replace(run.settings, limit=min(run.settings.limit, 400)))
    window = draw(WINDOWS)
    criterion, _ = draw(criteria(flow_of(run, window)))
    kinds = draw(st.sampled_from(KINDS))
    return explain(run.program, run.data, run.settings, criterion, kinds, window=window)


def hello(byte: int = 0, kinds: Kind = Kind.VALUE) -> Explanation:
    return explain(Program.parse(HELLO, BF), b"", BF.settings, OutputByte(byte), kinds)


def same(one: Circuit, other: Circuit) -> bool:
    return (one.nodes, one.edges, one.all_nodes, one.all_edges) == (
        other.nodes, other.edges, other.all_nodes, other.all_edges,
    )  # fmt: skip


@given(explanations(), st.booleans())
@settings(deadline=None, max_examples=120)
def test_influence_ends_in_leaves_and_first_steps_and_is_1_there(found: Explanation, by_site: bool) -> None:
    circuit = circuit_of(found, replace(WHOLE, by_site=by_site))
    ends = {number: node.influence for number, node in enumerate(circuit.nodes)}
    for edge in circuit.edges:
        assert edge.influence >= 0
        ends[edge.target] -= edge.influence
    assert min(ends.values()) > -1e-9
    assert sum(ends.values()) == pytest.approx(1)
    assert circuit.nodes[circuit.criterion].influence == 1


@given(explanations(), st.floats(0.1, 1), st.floats(0.1, 1), st.integers(2, 30))
@settings(deadline=None, max_examples=120)
def test_what_is_shown_and_what_is_hidden_is_all_and_all_that_is_shown_leads_to_the_criterion(
    found: Explanation, keep_nodes: float, keep_edges: float, most: int
) -> None:
    whole = circuit_of(found, WHOLE)
    assert whole.hidden_nodes == whole.hidden_edges == 0
    pruned = circuit_of(found, replace(WHOLE.pruned(keep_nodes, keep_edges), most=most))
    assert len(pruned.nodes) + pruned.hidden_nodes == whole.all_nodes == len(whole.nodes)
    assert len(pruned.edges) + pruned.hidden_edges == len(whole.edges)
    assert len(pruned.nodes) <= most
    assert set(pruned.numbers) <= set(whole.numbers)
    leads = {pruned.criterion}
    for _ in pruned.nodes:
        leads |= {edge.source for edge in pruned.edges if edge.target in leads}
    assert leads == set(range(len(pruned.nodes)))
    for name, number in pruned.numbers.items():
        sources = {edge.source for edge in whole.sources_of(whole.numbers[name])}
        shown = {edge.source for edge in pruned.sources_of(number)}
        assert pruned.nodes[number].hidden == len(sources) - len(shown)


@given(st.data(), explanations())
@settings(deadline=None, max_examples=120)
def test_a_fold_and_an_unfold_give_the_same_circuit(data: st.DataObject, found: Explanation) -> None:
    before = circuit_of(found, WHOLE)
    views = list(_turned(before))
    if not views:
        return
    turned = circuit_of(found, data.draw(st.sampled_from(views)))
    (place,) = turned.view.turned
    back = circuit_of(found, turned.view.turn(place))
    assert same(before, back)
    assert sum(node.added for node in turned.nodes) % 256 == sum(node.added for node in before.nodes) % 256


def _turned(circuit: Circuit) -> Iterator[View]:
    """All views in which something of a circuit is folded or unfolded."""
    for turn in (fold, unfold, fold_site):
        for number in range(len(circuit.nodes)):
            with suppress(ViewError):
                yield turn(circuit, number)


def test_a_loop_unfolds_into_its_steps_and_they_fold_into_it_again() -> None:
    circuit = circuit_of(hello())
    loop = next(number for number, node in enumerate(circuit.nodes) if node.kind is NodeKind.LOOP)
    apart = circuit_of(circuit.explanation, unfold(circuit, loop))
    step = next(number for number, node in enumerate(apart.nodes) if 14 < node.first < 90 and node.steps)
    assert apart.all_nodes > circuit.all_nodes
    assert same(circuit, circuit_of(circuit.explanation, fold(apart, step)))


def test_a_folded_loop_is_one_node_and_what_it_adds_stays_the_same() -> None:
    circuit = circuit_of(hello())
    run = next(number for number, node in enumerate(circuit.nodes) if node.first == 115)
    folded = circuit_of(circuit.explanation, fold(circuit, run))
    node = next(node for node in folded.nodes if node.kind is NodeKind.ACTIVATION)
    assert (node.first, node.last, node.symbols[0], node.short) == (8, 848, "[", "8 passes")
    assert node.added == 72
    assert [edge.kind for edge in folded.edges] == [EdgeKind.VALUE] * 3
    with pytest.raises(ViewError, match="no loop"):
        fold(folded, folded.numbers[node.name])


def test_sites_are_one_node_each_and_self_dependences_are_left_out() -> None:
    circuit = circuit_of(hello(), View(by_site=True))
    assert [(node.short, node.times) for node in circuit.nodes if node.kind is NodeKind.SITE] == [
        ("8 times: cell 1 +4", 8), ("8 times a loop", 8), ("8 times: cell 2 +1", 8),
    ]  # fmt: skip
    apart = circuit_of(circuit.explanation, unfold(circuit, circuit.numbers["site 35"]))
    assert sum(node.instruction == 35 for node in apart.nodes) == 8


def test_control_is_opened_at_one_node_and_closed_again() -> None:
    circuit = circuit_of(hello())
    node = circuit.nodes[circuit.numbers["steps 827"]]
    assert node.place is not None
    opened = circuit_of(circuit.explanation, circuit.view.open(node.place))
    tests = [opened.nodes[edge.source].short for edge in opened.edges if edge.kind is EdgeKind.CONTROL]
    assert tests == ["cell 0 is 1: again"]
    assert opened.all_nodes > circuit.all_nodes + 1
    assert same(circuit, circuit_of(circuit.explanation, opened.view.open(node.place)))


@given(busy_runs() | runs())
@settings(deadline=None, max_examples=60)
def test_a_skip_edge_is_there_if_the_loop_would_have_written_the_cell(run: Run) -> None:
    run = replace(run, settings=replace(run.settings, limit=min(run.settings.limit, 120)))
    flow = flow_of(run)
    writes = np.flatnonzero(flow.written >= 0)
    cell = int(flow.written[writes[-1]]) if len(writes) else 0
    found = explain(run.program, run.data, run.settings, CellAt(cell))
    circuit = circuit_of(found, replace(WHOLE, skips=True))
    skips = {(circuit.nodes[edge.source].first, edge.target) for edge in circuit.edges if edge.kind is EdgeKind.SKIP}
    last = int(writes[writes < len(flow)][-1]) if len(writes) else -1
    expected = set()
    for test in range(last + 1, len(flow)):
        bypasses = flow.primitive(test) is Primitive.OPEN and flow.jumped[test] and flow.old[test] == 0
        if bypasses and cell in _written_inside(run, test, flow.following(test)):
            expected.add((test, circuit.criterion))
    assert {skip for skip in skips if skip[1] == circuit.criterion} == expected
    for test, target in skips:
        assert circuit.nodes[target].first > test
        assert _written_inside(run, test, flow.following(test))


def _written_inside(run: Run, test: int, behind: int) -> set[int]:
    """The cells that a loop writes which the run is led into, by the reference."""
    machine = ReferenceMachine(run.program, run.data, run.settings)
    machine.step(test)
    here = machine.snapshot()
    machine.restore(replace(here, pc=here.pc + 1))
    wrote: set[int] = set()
    for _ in range(10_000):
        before = machine.snapshot()
        if not here.pc < before.pc < behind:
            break
        code = before.memory if run.program.dialect.self_modifying else run.program.code
        primitive = Primitive(int(run.program.dialect.table[0][code[before.pc]]))
        if not machine.step():
            break
        if primitive in (Primitive.ADD, Primitive.SET, Primitive.COPY10, Primitive.UNSTASH):
            wrote.add(before.head0)
        if primitive is Primitive.COPY01:
            wrote.add(before.head1)
        if primitive is Primitive.READ and (before.input_pos < len(run.data) or run.settings.eof == "zero"):
            wrote.add(before.head0)
    return wrote


def test_a_circuit_of_a_long_run_is_made_and_laid_out() -> None:
    program = Program.parse("+[>+++[->+<]<]", BF.with_settings(limit=60_000, memory=30_000))
    found = explain(program, b"", program.dialect.settings, CellAt(2), ~Kind(0))
    circuit = circuit_of(found, View(by_site=False))
    assert circuit.all_nodes > 10_000
    assert 2 <= len(circuit.nodes) <= View().most
    layout = lay_out(circuit)
    assert len(layout.boxes) == len(circuit.nodes)


def test_more_nodes_than_fit_onto_a_screen_are_put_together_by_instruction() -> None:
    found = hello()
    apart = circuit_of(found, View(by_site=False)).all_nodes
    small, large = circuit_of(found, View(apart=apart)), circuit_of(found, View(apart=apart - 1))
    assert small.view.by_site is False
    assert small.all_nodes == apart
    assert large.view.by_site is True
    assert large.all_nodes < apart
    assert large.nodes == circuit_of(found, View(by_site=True)).nodes
