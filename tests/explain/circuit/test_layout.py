"""Every node has a place of its own, and every edge a line from its source to its target."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.answer import explain
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.drawing import DOWN, LEFT, RIGHT, STROKES, UP, draw, to_text
from gpdebug.explain.circuit.labels import Detail
from gpdebug.explain.circuit.layout import Layout, lay_out
from gpdebug.explain.circuit.parts import Circuit, CircuitEdge, CircuitNode, EdgeKind, NodeKind
from gpdebug.explain.circuit.view import View
from gpdebug.explain.criteria import CellAt, OutputByte
from vm.dialect import BF
from vm.program import Program

EXPLANATION = explain(Program.parse("+.", BF), b"", BF.settings, CellAt(0))
HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."


@st.composite
def circuits(draw: st.DrawFn) -> Circuit:
    """Graphs of any form: edges that lead up, more than one between two nodes, a node that feeds itself."""
    count = draw(st.integers(1, 24))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(list(EdgeKind)))
    pairs = draw(st.sets(ends, max_size=60))
    weights = st.sampled_from([1, 2, -100])
    edges = tuple(CircuitEdge(a, b, kind, draw(weights), None, 1, 0.1) for a, b, kind in sorted(pairs))
    texts = [draw(st.text("x", max_size=12)) for _ in range(count)]
    nodes = tuple(
        CircuitNode(str(number), NodeKind.STEP, None, number, number, 1, 1, 0, 0, "+", text, text, None, 0, 0.1)
        for number, text in enumerate(texts)
    )
    return Circuit(EXPLANATION, View(), nodes, edges, count, len(edges))


@given(circuits(), st.sampled_from([10, 40, 80]), st.sampled_from(list(Detail)))
@settings(deadline=None, max_examples=150)
def test_nodes_do_not_overlap_and_edges_lead_from_source_to_target(
    circuit: Circuit, width: int, detail: Detail
) -> None:  # fmt: skip
    layout = lay_out(circuit, width, detail)
    taken: set[tuple[int, int]] = set()
    for box in layout.boxes:
        places = {(x, box.y) for x in range(box.x, box.x + box.width)}
        assert not places & taken
        taken |= places
    for strand in layout.strands:
        places, touched = _places(strand.parts), set[int]()
        for box in layout.boxes:
            if any((x, box.y) in places for x in range(box.x, box.x + box.width)):
                touched.add(box.node)
        assert touched == {strand.net.upper, *strand.net.lowers}
    drawn = [edge for strand in layout.strands for edge in strand.net.edges]
    assert sorted(drawn) == [number for number, edge in enumerate(circuit.edges) if edge.source != edge.target]


@given(circuits(), st.sampled_from([10, 80]))
@settings(deadline=None, max_examples=150)
def test_lines_share_no_place_but_where_one_crosses_another(circuit: Circuit, width: int) -> None:
    layout = lay_out(circuit, width)
    down: dict[tuple[int, int], int] = {}
    across: dict[tuple[int, int], int] = {}
    for number, strand in enumerate(layout.strands):
        for x0, y0, x1, y1 in strand.parts:
            for y in range(y0, y1 + 1) if y1 > y0 else ():
                assert down.setdefault((x0, y), number) == number or layout.node_at(x0, y) is not None
            for x in range(x0, x1 + 1) if x1 > x0 else ():
                assert across.setdefault((x, y0), number) == number
    corners = {(x, y) for strand in layout.strands for a, b, c, d in strand.parts for x, y in ((a, b), (c, d))}
    for place in corners & down.keys() & across.keys():
        assert down[place] == across[place]


@given(circuits())
@settings(deadline=None, max_examples=150)
def test_characters_of_the_drawing_lead_from_source_to_target(circuit: Circuit) -> None:
    layout = lay_out(circuit, 60)
    lines = to_text(layout)
    assert len(lines) == layout.height
    for number, edge in enumerate(circuit.edges):
        if edge.source != edge.target:
            assert max(edge.source, edge.target) in _followed(layout, lines, number)


@given(circuits())
@settings(deadline=None, max_examples=30)
def test_the_same_circuit_is_always_drawn_alike(circuit: Circuit) -> None:
    assert draw(lay_out(circuit)) == draw(lay_out(circuit))


def test_a_known_circuit_fits_a_terminal_and_its_nodes_are_found_by_their_places() -> None:
    found = explain(Program.parse(HELLO, BF), b"", BF.settings, OutputByte(0))
    layout = lay_out(circuit_of(found))
    assert len(layout.boxes) == 27
    assert layout.width <= 80
    assert to_text(layout)[-1] == "◉ 851 . output byte 0 = 72 'H'"
    assert layout.node_at(0, layout.height - 1) == layout.circuit.criterion
    assert layout.node_at(79, layout.height - 1) is None


def _places(parts: tuple[tuple[int, int, int, int], ...]) -> set[tuple[int, int]]:
    """Where a line is: it hangs together, or it is no line."""
    found = {(x, y) for x0, y0, x1, y1 in parts for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)}
    seen, pending = set[tuple[int, int]](), [next(iter(found))]
    while pending:
        x, y = pending.pop()
        if (x, y) in found and (x, y) not in seen:
            seen.add((x, y))
            pending += [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
    assert seen == found
    return found


def _followed(layout: Layout, lines: list[str], number: int) -> set[int]:
    """The nodes that the characters of an edge's line lead to from its upper node; crossings are passed straight on."""
    strand = next(one for one in layout.strands if number in one.net.edges)
    strokes = STROKES[strand.net.kind]
    steps = {UP: (0, -1), DOWN: (0, 1), LEFT: (-1, 0), RIGHT: (1, 0)}
    x, y, _, _ = strand.parts[0]
    pending, seen, found = [(x, y + 1, DOWN)], set[tuple[int, int, int]](), set[int]()
    while pending:
        x, y, way = pending.pop()
        if (x, y, way) in seen:
            continue
        seen.add((x, y, way))
        node = layout.node_at(x, y)
        if node is not None:
            found.add(node)
            continue
        character = lines[y][x]
        directions = strokes.rindex(character) if character in strokes else UP | DOWN
        back = {UP: DOWN, DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}[way]
        for step, (dx, dy) in steps.items() if directions & back else [(way, steps[way])]:
            if step != back and (directions & step or not directions & back):
                pending.append((x + dx, y + dy, step))
    return found
