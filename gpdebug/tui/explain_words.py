"""What the explain screen says: the question, the answer, what can be asked, its part of the help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gpdebug.debugger.moment import Moment
from gpdebug.tui.circuit_scene import LEVELS, Lens
from gpdebug.tui.explained import KINDS, Inquiry, Tab
from gpdebug.tui.node_table import NodeRow
from gpdebug.tui.questions import Asked, Question
from gpdebug.tui.screens.help import Section
from gpdebug.tui.screens.question import Choice
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Part
from gpdebug.wording import counted, signed, signed_byte, span_words, value_words, with_minus
from vm.dialect import Io, Primitive
from vm.state import Status

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.circuit.parts import Circuit, CircuitNode

MOST_BYTES = 1000
"""Bytes of an output that are listed to be asked about; any can be typed."""

HELP = (
    Section(
        "The circuit",
        (
            ("◉ ○ ✂", "what is explained; where it comes from; a cut, before which nothing was looked at"),
            ("● ↻", "a step, or some equal ones; a loop that is one node"),
            ("│ ┊ ╎ ┃", "depends on it by value, by control, by address, by code"),
            ("×3", "one more there adds so much here; nothing: 1"),
            ("⋮5", "depends on so many more, which are not shown"),
        ),
    ),
    Section(
        "The nodes",
        (
            ("step", "the moment of a step, or the first and the last of some that are one line"),
            ("effect", "what one more in its result adds to the value that is explained, by values alone"),
            ("adds", "the part of the value that it makes up itself; all of them add up to it, modulo 256"),
            ("start", "where the explanation ends: a byte of the input, what a cell starts as"),
            ("at N", "a cut: what lies before that step was not looked at"),
        ),
    ),
    Section(
        "What can be asked",
        (
            ("out[2]", "why byte 2 of the output is what it is"),
            ("mem[3] mem[3]@120", "why cell 3 is what it is, now or at step 120"),
            ("jump@88", "why the bracket at step 88 jumps or does not"),
        ),
    ),
)


def question_parts(inquiry: Inquiry) -> list[Part]:
    """The question in words, with the value if it is known; a click asks another."""
    question, found = inquiry.question, inquiry.found
    text = question.words if found is None else _with_value(question, found)
    return [Part(f" {text} ", "heading", "screen.ask", "ask something else")]


def _with_value(question: Question, found: Explanation) -> str:
    value = value_words(found.slice.root.value)
    match question.asked:
        case Asked.OUTPUT:
            return f"why is output byte {question.index:,} = {value}?"
        case Asked.CELL:
            return f"why is cell {question.index:,} = {value} at step {found.slice.root.moment:,}?"
    return question.words


def kind_parts(inquiry: Inquiry) -> list[Part]:
    """The kinds of dependence; a click follows one, or no longer."""
    parts = [Part(" follows ", "faint")]
    for kind in KINDS:
        if kind != "code" or inquiry.run.subject.program.dialect.self_modifying:
            style = "key" if kind in inquiry.kinds else "muted"
            sign = "●" if kind in inquiry.kinds else "○"
            parts.append(Part(f"{sign} {kind} ", style, f"screen.kind('{kind}')", "follow it, or no longer"))
    return parts


def answer_lines(found: Explanation | None, width: int) -> tuple[str, str, str]:
    """The answer in a sentence, in fewer words where they do not fit, how large it is, and how it was checked."""
    if found is None:
        return "", "", ""
    from gpdebug.explain.present import notes

    size, *checks = notes(found)
    answer = found.title
    for words, fewer in ((" at the end)", ")"), (" by instruction ", " by ")):
        if len(answer) > width:
            answer = answer.replace(words, fewer)
    return answer, size, " · ".join(checks)


def tab_parts(chosen: Tab) -> list[Part]:
    """The tabs; a click shows one."""
    parts = []
    for number, tab in enumerate(Tab, 1):
        style = "heading" if tab is chosen else "muted"
        parts += [Part(f" {number} ", "key" if tab is chosen else "faint"),
                  Part(f"{tab} ", style, f"screen.show_tab('{tab}')", f"show the {tab}")]  # fmt: skip
    return parts


def circuit_facts(circuit: Circuit | None, lens: Lens) -> list[str]:
    """How much of a circuit is shown."""
    if circuit is None:
        return []
    share = f"to {LEVELS[lens.level][0]:.0%}" if circuit.hidden_nodes or circuit.hidden_edges else "whole"
    return [
        f"pruned {share}" if share != "whole" else share,
        f"{len(circuit.nodes):,} of {counted(circuit.all_nodes, 'node')}",
        f"{len(circuit.edges):,} of {counted(circuit.all_edges, 'edge')}",
    ]


def node_parts(node: CircuitNode) -> list[Part]:
    """What is known of a node of a circuit."""
    parts = []
    if node.instruction is not None and node.last_instruction is not None:
        place = span_words(node.instruction, node.last_instruction)
        steps = f"{'step' if node.first == node.last else 'steps'} {span_words(node.first, node.last)}"
        parts += [Part(f" {steps} ", "muted"), Part(f" {place} {node.symbols[:16]} ", "heading")]
    parts.append(Part(f" {node.does}", "base"))
    if node.added:
        parts.append(Part(f"  adds {signed(signed_byte(node.added))}", "changed"))
    if node.effect is not None:
        parts.append(Part(f"  effect ×{with_minus(signed_byte(node.effect))}", "muted"))
    parts.append(Part(f"  influence {node.influence:.0%}", "muted"))
    if node.hidden:
        parts.append(Part(f"  depends on {counted(node.hidden, 'node')} that are not shown", "faint"))
    return parts


def row_parts(row: NodeRow) -> list[Part]:
    """What a row of the nodes says, in full."""
    return [Part(f" {row.when} ", "muted"), Part(f" {row.place[:24]} ", "heading"), Part(f" {row.does}")]


def fitting(text: str, room: int) -> str:
    """A sentence without its last clauses, as far as they do not fit."""
    while len(text) > room and (cut := max(text.rfind(", "), text.rfind("; "), text.rfind(" · "))) > 0:
        text = text[:cut]
    return text


def question_choices(inquiry: Inquiry) -> list[Choice]:
    """What else can be asked of a run, as far as its explanation tells."""
    found = inquiry.found
    choices = [] if inquiry.question.asked is Asked.OUTPUT else [Choice(inquiry.question, "what is asked now")]
    if found is not None:
        from vm.state import output_of

        trace, subject = found.slice.flow.trace, inquiry.run.subject
        output = output_of(trace.end, subject.program.dialect, trace.settings)
        choices += _bytes(output, subject.wanted)
    return choices


def debug_choices(subject: Subject, moment: Moment, cell: int) -> list[Choice]:
    """What can be asked about a moment: the jump at pc, the cell under the cursor, each byte of the output."""
    state, program = moment.state, subject.program
    choices = []
    if _is_test(subject, moment):
        choices.append(Choice(Question(Asked.JUMP, step=moment.step), f"the bracket at pc, {state.pc:,}"))
    if cell < len(state.memory):
        value = int(state.memory[cell])
        choices.append(Choice(Question(Asked.CELL, cell, moment.step), value_words(value), note="under the cursor"))
    if program.dialect.io is not Io.TAPE:
        choices += _bytes(moment.output, subject.wanted)
    return choices


def first_choice(choices: list[Choice], *, in_memory: bool) -> Question | None:
    """What is asked unless the user chooses something else."""

    def of(asked: Asked) -> Iterator[Choice]:
        return (choice for choice in choices if choice.question.asked is asked)

    wrong = (choice for choice in of(Asked.OUTPUT) if choice.style == "error")
    last = list(of(Asked.OUTPUT))[-1:]
    candidates = [*of(Asked.CELL)] if in_memory else [*wrong, *last, *of(Asked.JUMP), *of(Asked.CELL)]
    return candidates[0].question if candidates else None


def telling_byte(output: bytes, wanted: bytes | None) -> Question:
    """What to ask about an output at first: the first byte that is wrong, else the last one; without any, a cell."""
    if not output:
        return Question(Asked.CELL, 0)
    wrong = (choice.question for choice in _bytes(output, wanted) if choice.style == "error")
    return next(wrong, Question(Asked.OUTPUT, len(output) - 1))


def _bytes(output: bytes, wanted: bytes | None) -> Iterator[Choice]:
    for index, byte in enumerate(output[:MOST_BYTES]):
        is_wrong = wanted is not None and (index >= len(wanted) or wanted[index] != byte)
        note = f"wanted {value_words(wanted[index])}" if is_wrong and wanted is not None and index < len(wanted) else ""
        yield Choice(Question(Asked.OUTPUT, index), value_words(byte), "error" if is_wrong else "base", note)


def _is_test(subject: Subject, moment: Moment) -> bool:
    state, program = moment.state, subject.program
    code = state.memory if program.dialect.self_modifying else program.code
    if state.status is not Status.RUNNING or state.pc >= len(code):
        return False
    return int(program.dialect.table[0][int(code[state.pc])]) in (Primitive.OPEN, Primitive.CLOSE)
