"""What the screen of an individual's descent says: who brought what, the births that mattered, one instruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpdebug.tui.widgets.rows import Row
from gpdebug.wording import counted, symbol_words

if TYPE_CHECKING:
    from gpdebug.explain.errors import ExplainError
    from gpdebug.explain.history.blame import Blame
    from gpdebug.explain.history.effects import Effects
    from gpdebug.explain.history.story import Story

BROUGHT, BORN, BETWEEN = "brought", "born", "between"
"""What a line stands for: an ancestor that brought instructions, a birth on the line of descent, several of them."""


@dataclass(frozen=True, slots=True)
class Descent:
    """Where an individual comes from.

    Attributes:
        blame: who brought its instructions.
        story: its line of descent.
        effects: by step of the story: what the edits of that birth did, or why that is not known.
    """

    blame: Blame
    story: Story
    effects: dict[int, Effects | ExplainError | None]


def descent_rows(found: Descent) -> tuple[str, list[Row]]:
    """The titles of the table of ancestors, its lines, then the births that mattered and what lay between them."""
    from gpdebug.explain.history.present_blame import TITLES, between_words, birth_words, brought_row, edit_lines
    from gpdebug.explain.history.story import Between
    from gpdebug.explain.history.wording import padded

    blame, story = found.blame, found.story
    table = padded([TITLES, *(brought_row(blame, one) for one in blame.brought)], right=(1, 3, 4, 5))
    rows = []
    for number, cells in enumerate(table[1:]):
        *others, worth = cells
        style = "muted" if worth.strip() in ("0", "") else "heading"
        rows.append(Row(f"{BROUGHT}:{number}", (("  ".join(others) + "  ", "base"), (worth, style))))
    rows += [_plain("", "base"), _plain(f"the line of first parents, {counted(len(story.steps), 'birth')}", "heading")]
    for chapter in story.chapters():
        if isinstance(chapter, Between):
            rows.append(Row(f"{BETWEEN}:{len(rows)}", ((f"   {between_words(chapter)}", "muted"),)))
            continue
        step, key = story.steps[chapter], f"{BORN}:{chapter}"
        rows.append(Row(key, ((birth_words(step), "ok" if step.is_best else "base"),)))
        rows += [Row(key, ((f"   {line}", "base"),)) for line in edit_lines(step, found.effects.get(chapter))]
    return "  ".join(table[0]), rows


def brought_words(blame: Blame, instruction: int) -> tuple[str, str]:
    """Who brought an instruction and how; and what became of the error then and would now."""
    from gpdebug.explain.history.present_blame import brought_row

    one = blame.of(instruction)
    who, born, made, _, then, worth = brought_row(blame, one)
    others = len(one.instructions) - 1
    with_it = f" · with {counted(others, 'other')}" if others else ""
    symbol = symbol_words([blame.individual.code[instruction]])
    first = f"instruction {instruction:,} {symbol}: {who} · generation {born} · {made}{with_it}"
    if not then:
        return first, ""
    return (
        first,
        f"error then {then}; without {'these' if others else 'it'} now {'the same' if worth == '0' else worth}",
    )


def instructions_of(found: Descent, key: str) -> Sequence[int]:
    """The instructions that a line is about: what that ancestor brought."""
    kind, _, number = key.partition(":")
    if kind == BROUGHT:
        return found.blame.brought[int(number)].instructions
    if kind == BORN:
        who = found.story.steps[int(number)].individual.id
        return next((one.instructions for one in found.blame.brought if one.individual.id == who), ())
    return ()


def id_of(found: Descent, key: str) -> int | None:
    """Who a line is about; None for nobody."""
    kind, _, number = key.partition(":")
    if kind == BROUGHT:
        return found.blame.brought[int(number)].individual.id
    return found.story.steps[int(number)].individual.id if kind == BORN else None


def _plain(text: str, style: str) -> Row:
    return Row("", ((text, style),))
