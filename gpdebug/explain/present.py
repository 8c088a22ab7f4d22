"""An explanation as lines of text and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from gpdebug.explain import words
from gpdebug.explain.answer import Explanation, Node
from gpdebug.explain.parts import Edge, Kind, Leaf
from gpdebug.wording import counted, signed_byte, span_words

SHOWN = 60
_SYMBOLS = 24
_TERMS = 12


def to_lines(found: Explanation, shown: int | None = SHOWN) -> list[str]:
    """The answer as text: what it is, where it comes from in the order in which it ran, and how that was checked.

    Args:
        found: the explanation.
        shown: the most lines of leaves and nodes; the latest ones are shown, the others counted. None: all.
    """
    leaves = len(found.slice.leaf_codes)
    total = leaves + len(found.lines)
    hidden = 0 if shown is None else max(0, total - shown)
    rows = [_leaf_row(found, *found.slice.leaf(number)) for number in range(hidden, leaves)]
    rows += [_node_row(node) for node in found.folded(max(0, hidden - leaves))]
    lines = [found.title, ""]
    if hidden:
        lines.append(f"  … {hidden:,} of {total:,} lines are not shown")
    lines += _columns(rows)
    return [*lines, "", *notes(found)]


def _leaf_row(found: Explanation, leaf: Leaf, effect: int | None) -> tuple[str, str, str, str]:
    step = f"at {found.slice.flow.trace.first:,}" if leaf.kind.is_cut else "start"
    return step, "", words.leaf_words(leaf), _term(leaf.value, effect)


def _node_row(node: Node) -> tuple[str, str, str, str]:
    code = node.symbols if len(node.symbols) <= _SYMBOLS else f"{node.symbols[: _SYMBOLS - 1]}…"
    place = f"{span_words(node.instruction, node.last_instruction)} {code}"
    return span_words(node.first, node.last), place, node.does, _term(node.amount, node.effect)


def _term(value: int, effect: int | None) -> str:
    """What so much adds to the criterion, by so much for each one more."""
    added = signed_byte(value * (effect or 0) % 256)
    if effect is None or not added:
        return ""
    text = f"{'+' if added > 0 else '−'}{abs(added)}"
    return text if effect == 1 else f"{text} = {value} × {signed_byte(effect)}"


def _columns(rows: list[tuple[str, str, str, str]]) -> list[str]:
    titles = ("step", "instruction", "what it does", "adds")
    table = [titles, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    return ["  " + "  ".join([*(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
            for row in table]  # fmt: skip


def notes(found: Explanation) -> list[str]:
    """How large the answer is, how it was checked, and what was not looked at: a line each."""
    part, flow = found.slice, found.slice.flow
    share = f"{found.steps:,} of the {counted(found.of_steps, 'step')} up to there"
    told = [f"followed by {_listed(part.kinds.words)}: {share}"]
    if len(part.loop_numbers):
        inside = found.steps - len(part.steps)
        told[0] += f", {inside:,} of them in {counted(len(part.loop_numbers), 'loop')} that are one line each"
    if part.kinds & Kind.VALUE:
        told.append(
            f"checked: {_sum(found)}; replayed alone on the recorded path, they make {part.root.value} again"
            if found.is_confirmed
            else f"NOT CONFIRMED: the sum is {part.total}, the replay gives {found.replayed}: please report this"
        )
    if flow.trace.first:
        told.append(
            f"looked at from step {flow.trace.first:,} on: {counted(int(part.cuts.sum()), 'cut')} to what lies before"
        )
    return told


def _sum(found: Explanation) -> str:
    """What adds up to the value."""
    value, signed = found.slice.root.value, found.terms
    if len(signed) > _TERMS:
        return f"{len(signed):,} terms add up to {value} modulo 256"
    text = " ".join(f"{'+' if term >= 0 else '−'} {abs(term)}" for term in signed).removeprefix("+ ") or "0"
    total = sum(signed)
    return f"{text} = {value}" if total == value else f"{text} = {total} = {value} modulo 256"


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def to_dict(found: Explanation) -> dict[str, Any]:
    """The answer as plain data: every node, leaf and edge; steps are those of the run.

    A node is named by its first step, a leaf by its place among the leaves as `leaf 0`, `leaf 1`, …
    """
    part = found.slice
    first = part.flow.trace.first
    names = {leaf: f"leaf {number}" for number, leaf in enumerate(part.leaves)}
    return {
        "title": found.title,
        "value": part.root.value,
        "cell": part.root.cell,
        "step": part.root.moment,
        "kinds": part.kinds.words,
        "window": [first, part.flow.trace.end.steps],
        "steps": found.steps,
        "sum": part.total,
        "replayed": found.replayed,
        "leaves": [
            {"name": names[leaf], "kind": str(leaf.kind), "index": leaf.index, "value": leaf.value,
             "cell": leaf.cell, "effect": effect, "does": words.leaf_words(leaf)}
            for leaf, effect in part.leaves.items()
        ],
        "nodes": [_node_dict(node) for node in found.nodes],
        "edges": [_edge_dict(edge, first, names) for edge in part.edges()],
    }  # fmt: skip


def _node_dict(node: Node) -> dict[str, Any]:
    told: dict[str, Any] = {
        "step": node.first, "last_step": node.last, "instruction": node.instruction,
        "last_instruction": node.last_instruction, "symbols": node.symbols, "does": node.does,
        "effect": node.effect, "amount": node.amount, "added": node.added,
    }  # fmt: skip
    if node.loop is not None:
        loop = node.loop
        told["loop"] = {"passes": loop.passes, "counter": loop.counter, "step": signed_byte(loop.step)}
        told["loop"]["cells"] = [
            {"cell": cell, "each_pass": signed_byte(added), "effect": loop.effects[cell]}
            for cell, added in loop.sums.items()
        ]
    return told


def _edge_dict(edge: Edge, first: int, names: dict[Leaf, str]) -> dict[str, Any]:
    source = names[edge.source] if isinstance(edge.source, Leaf) else first + edge.source
    return {
        "target": first + edge.target, "source": source, "kind": edge.kind.words[0], "cell": edge.cell,
        "weight": edge.weight, "effect": edge.effect,
    }  # fmt: skip
