"""The question of a report and its answer: the circuit's nodes with what one more in each does, and what they add."""

from __future__ import annotations

from gpdebug.explain.change.present_scores import score_rows
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.layout import Layout
from gpdebug.explain.circuit.parts import CircuitNode, NodeKind
from gpdebug.explain.circuit.present import notes as circuit_notes
from gpdebug.explain.circuit.svg import to_svg
from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte
from gpdebug.explain.parts import Kind
from gpdebug.explain.present import notes
from gpdebug.explain.report.contents import Contents
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import Column, Row, data_words, facts, section, table
from gpdebug.wording import counted, signed, signed_byte, span_words, value_words

_SYMBOLS = 24


def answer_section(contents: Contents) -> Html:
    """Why something is what it is."""
    found = contents.explanation
    if found is None:
        nothing = "The program writes no cell and puts out nothing: there is nothing to explain."
        return section("why", "Why does it do that?", element("p", nothing))
    return section(
        "why",
        f"Why {question(contents)}?",
        element("p", *_context(contents)),
        element("p", _sentence(found.title), class_="answer"),
        _picture(contents.layout),
        node_table(contents),
        element("ul", [element("li", _sentence(note)) for note in notes(found)], class_="remark"),
        _control(contents),
        _scores(contents),
    )


def _context(contents: Contents) -> list[Child]:
    """The case that it is about."""
    case = contents.case
    return [f"On {case.name}: the input is ", data_words(case.input), ", the output ", data_words(case.output), "."]


def _picture(layout: Layout | None) -> Child:
    """A circuit as it is drawn, and what its marks mean."""
    if layout is None:
        return None
    told = element("figcaption", [element("div", line) for line in circuit_notes(layout.circuit)])
    return element("figure", element("div", Html(to_svg(layout)), class_="frame"), told, class_="picture")


def _control(contents: Contents) -> Child:
    """What let it happen, beside the values that it was made from."""
    if contents.with_control is None:
        return None
    told = (
        "The same with control: a dotted line leads from the test that let a step run. What such a test read, it"
        " depends on as well."
    )
    return [element("h3", "What let it happen"), element("p", told), _picture(contents.with_control)]


def _scores(contents: Contents) -> Child:
    """How good the explanation is."""
    if contents.scores is None:
        return None
    count = counted(len(contents.scores.instructions), "instruction")
    return [
        element("h3", "How good this explanation is"),
        element("p", f"Measured by running the program with some of its instructions taken out: it names {count}."),
        facts((name, _sentence(words)) for name, words in score_rows(contents.scores)),
    ]


def question(contents: Contents) -> str:
    """What is asked, in words: `is output byte 2 = 98 'b'`."""
    assert contents.explanation is not None
    found = contents.explanation.slice
    value = value_words(found.root.value)
    match found.criterion:
        case OutputByte(index):
            return f"is output byte {index:,} = {value}"
        case CellAt():
            return f"is cell {found.root.cell:,} = {value} at step {found.root.moment:,}"
        case JumpAt(step):
            return f"does the bracket at step {step:,} go on as it does"


def node_table(contents: Contents) -> Html:
    """The nodes of the circuit, and their sum."""
    assert contents.explanation is not None
    found = contents.explanation
    circuit = contents.layout.circuit if contents.layout is not None else circuit_of(found, contents.wish.view)
    by_value = bool(found.slice.kinds & Kind.VALUE)
    columns = [Column("step", "number"), Column("instruction", "code"), Column("what it does", "words")]
    if by_value:
        columns.append(Column("one more adds", "number", "What one more in its result adds to what is explained."))
        columns.append(Column("adds", "number", "The part of the value that it makes up."))
    rows = [_node_row(node, by_value) for node in circuit.nodes if node.kind is not NodeKind.CRITERION]
    return table(None, columns, rows, _sum(contents, list(circuit.nodes)) if by_value else ())


def _node_row(node: CircuitNode, by_value: bool) -> Row:
    step = span_words(node.first, node.last) if node.steps else "start"
    code = node.symbols if len(node.symbols) <= _SYMBOLS else f"{node.symbols[: _SYMBOLS - 1]}…"
    place: Child = None
    if node.instruction is not None and node.last_instruction is not None:
        place = [element("small", span_words(node.instruction, node.last_instruction)), " ", code]
    cells: list[Child] = [step, place, node.does]
    if by_value:
        effect = None if node.effect is None else _signed(signed_byte(node.effect))
        cells += ["–" if effect is None else effect, _signed(signed_byte(node.added)) if node.added else None]
    return Row(cells)


def _sum(contents: Contents, nodes: list[CircuitNode]) -> list[Row]:
    """What is added in all; what the nodes add that are not shown."""
    assert contents.explanation is not None
    found = contents.explanation
    shown = sum(signed_byte(node.added) for node in nodes)
    total, value = sum(found.terms), found.slice.root.value
    hidden = contents.layout.circuit.hidden_nodes if contents.layout is not None else 0
    rows = []
    if hidden:
        rows.append(Row([None, None, f"{counted(hidden, 'node')} that are not shown", None, _signed(total - shown)]))
    modulo = "" if total == value else f" = {value} modulo 256"
    rows.append(Row([None, None, "together", None, f"{_signed(total)}{modulo}"]))
    return rows


def _signed(value: int) -> str:
    return signed(value) if value else "0"


def _sentence(text: str) -> str:
    """A line of text with a capital; it may end in an instruction, so it gets no full stop."""
    return f"{text[:1].upper()}{text[1:]}"
