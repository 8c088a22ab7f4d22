"""A circuit on the screen: what one can ask of its nodes."""

from __future__ import annotations

import pytest

from gpdebug.explain.answer import explain
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.text import Reader
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.parts import NodeKind
from gpdebug.explain.circuit.view import View
from gpdebug.explain.criteria import OutputByte
from gpdebug.explain.parts import Kind, LeafKind
from gpdebug.tui.circuit_scene import change_at
from vm.dialect import TAPE
from vm.program import Program

PROGRAM = Program.parse("[>}]-[<]-[>{.]", TAPE)
TIMES = Program.parse(">++++<[->++<]>.", TAPE)


@pytest.mark.parametrize("by_site", [False, True])
@pytest.mark.parametrize(("program", "data"), [(PROGRAM, b"abc"), (TIMES, b"\x07")])
def test_what_if_about_a_node_begins_with_a_change_of_it(program: Program, data: bytes, by_site: bool) -> None:
    found = explain(program, data, TAPE.settings, OutputByte(0), Kind.VALUE | Kind.CONTROL | Kind.ADDRESS)
    circuit = circuit_of(found, View(by_site=by_site).pruned(1, 1))
    reader = Reader(Run.of(program, data), found.slice.root.moment)
    begun = {change_at(circuit, number): node for number, node in enumerate(circuit.nodes)}
    for text, node in begun.items():
        assert text or node.kind in (NodeKind.RUN, NodeKind.CRITERION)
        if text:
            assert len(reader.changes(text)) == 1
        if node.leaf is not None and node.leaf.kind is LeafKind.INPUT:
            assert text == f"input[{node.leaf.index}]+=1 @0"
        elif node.kind is NodeKind.SITE and node.times > 1:
            assert text == f"blank {node.instruction}"
        elif node.kind is NodeKind.STEP:
            assert text == f"{'flip' if node.symbols in '[]' else 'blank'} @{node.first}"
        elif node.kind is NodeKind.LOOP:
            assert text == f"blank pair {node.instruction}"
    assert any(text.startswith(("flip", "blank pair")) for text in begun)
