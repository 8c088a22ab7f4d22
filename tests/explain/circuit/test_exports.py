"""What is exported is what is drawn: every node and edge, in well-formed SVG, DOT and JSON."""

from __future__ import annotations

import json
import re
from functools import cache
from xml.etree import ElementTree

import pytest

from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.dot import to_dot
from gpdebug.explain.circuit.drawing import to_text
from gpdebug.explain.circuit.layout import Layout, lay_out
from gpdebug.explain.circuit.present import to_dict, to_lines
from gpdebug.explain.circuit.svg import to_svg
from gpdebug.explain.circuit.view import View
from gpdebug.explain.criteria import CellAt, OutputByte
from gpdebug.explain.parts import Kind
from gpdebug.store.individuals import Individuals
from gpdebug.store.opening import open_path
from vm.dialect import BF, BFF
from vm.program import Program

SVG = "{http://www.w3.org/2000/svg}"
HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."


def reverse() -> Explanation:
    opened = open_path("reverse")
    assert not isinstance(opened, Program)
    individuals = Individuals(opened)
    program, task = individuals.program(individuals.find(33330)), individuals.task
    assert task is not None
    return explain(program, task.training[5].input, program.dialect.settings, OutputByte(0), ~Kind(0))


@cache
def layouts() -> list[Layout]:
    hello = explain(Program.parse(HELLO, BF), b"", BF.settings, OutputByte(3), Kind.VALUE | Kind.CONTROL)
    living = explain(Program(b'"<&>+[-}],.{', BFF), b"", BFF.settings, CellAt(0), ~Kind(0))
    return [
        lay_out(circuit_of(found, view))
        for found in (hello, living, reverse())
        for view in (View(), View().pruned(1, 1), View(by_site=True, skips=True))
    ]


@pytest.mark.parametrize("number", range(9))
def test_a_picture_is_well_formed_and_has_every_node_and_every_edge(number: int) -> None:
    layout = layouts()[number]
    root = ElementTree.fromstring(to_svg(layout))
    circuit = layout.circuit
    groups = [group for group in root.iter(f"{SVG}g") if "data-name" in group.attrib]
    assert [group.attrib["data-name"] for group in groups] == [node.name for node in circuit.nodes]
    texts = ["".join(group.find(f"{SVG}text").itertext()) for group in groups]  # type: ignore[union-attr]
    drawn = to_text(layout)
    for box, text in zip(layout.boxes, texts, strict=True):
        assert drawn[box.y][box.x :].startswith(text)
    titles = [title for path in root.iter(f"{SVG}path") for title in (path.findtext(f"{SVG}title") or "").splitlines()]
    assert len(titles) == sum(edge.source != edge.target for edge in circuit.edges)
    width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
    for rectangle in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(rectangle.attrib[name]) for name in ("x", "y", "width", "height"))
        assert -12 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height


@pytest.mark.parametrize("number", range(9))
def test_what_graphviz_and_json_get_is_what_is_drawn(number: int) -> None:
    layout = layouts()[number]
    circuit = layout.circuit
    dot = to_dot(circuit)
    strings = r'"(?:[^"\\]|\\.)*"'
    assert '"' not in re.sub(strings, "", dot)
    assert len(re.findall(r"^  n\d+ \[", dot, re.MULTILINE)) == len(circuit.nodes)
    arrows = re.findall(r"^  n(\d+) -> n(\d+) ", dot, re.MULTILINE)
    assert [(int(a), int(b)) for a, b in arrows] == [(edge.source, edge.target) for edge in circuit.edges]
    told = json.loads(json.dumps(to_dict(layout)))
    assert [node["name"] for node in told["nodes"]] == [node.name for node in circuit.nodes]
    assert len({node["name"] for node in told["nodes"]}) == len(circuit.nodes)
    assert len(told["edges"]) == len(circuit.edges)
    assert [(node["x"], node["y"]) for node in told["nodes"]] == [(box.x, box.y) for box in layout.boxes]


def test_the_text_says_what_its_marks_mean_and_what_is_hidden() -> None:
    lines = to_lines(lay_out(circuit_of(reverse(), View(by_site=False))))
    assert lines[0].startswith("output byte 0 (cell 128 at the end) is 122 'z'")
    assert "○ was there at the start" in lines[-3]
    assert "┊ control" in lines[-2]
    assert re.fullmatch(r"\d+ of 65 nodes and \d+ of 117 edges: those of most influence", lines[-1])
    whole = to_lines(lay_out(circuit_of(reverse(), View(by_site=False).pruned(1, 1))))
    assert "most influence" not in whole[-1]
