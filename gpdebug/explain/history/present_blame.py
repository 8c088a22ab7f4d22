"""Blame and the line of descent as lines of text and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.history.blame import Blame, Brought, How
from gpdebug.explain.history.effects import Effects
from gpdebug.explain.history.story import Between, Step, Story
from gpdebug.explain.history.wording import (
    change_words,
    code_words,
    hunk_words,
    in_columns,
    listed,
    place_words,
    remark,
)
from gpdebug.store.population import Individual
from gpdebug.wording import counted

SHOWN = 40
"""Lines of each part unless all are asked for."""
TITLES: tuple[str, ...] = ("who", "born", "made by", "brought", "error then", "without it")
"""Of the table of ancestors."""
_EDITS = 4
"""Edits of a birth that are told."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Instructions one after the other that the same ancestor brought.

    Attributes:
        start: the first.
        end: the first one behind them.
        brought: place in `Blame.brought`.
    """

    start: int
    end: int
    brought: int


def pieces(found: Blame) -> tuple[Piece, ...]:
    """The program in pieces, each of which one ancestor brought."""
    source = found.source
    starts = np.flatnonzero(np.diff(source, prepend=-1)).tolist()
    return tuple(
        Piece(start, end, int(source[start])) for start, end in zip(starts, [*starts[1:], len(source)], strict=True)
    )


def story_lines(told: Story, effects: dict[int, Effects | ExplainError | None], shown: int | None = None) -> list[str]:
    """The births that mattered and what lay between them.

    Args:
        told: the line of descent.
        effects: by step: what the edits of that birth did, or why that is not known.
        shown: the most chapters: the last ones are shown, the others counted. None: all.
    """
    chapters = told.chapters()
    hidden = 0 if shown is None else max(0, len(chapters) - shown)
    lines = [f"  … {counted(hidden, 'line')} before these are not shown"] if hidden else []
    for chapter in chapters[hidden:]:
        if isinstance(chapter, Between):
            lines.append(f"      {between_words(chapter)}")
        else:
            lines.append(f"  {birth_words(told.steps[chapter])}")
            lines += (f"      {line}" for line in edit_lines(told.steps[chapter], effects.get(chapter)))
    return lines


def birth_words(step: Step) -> str:
    """Who was born, when and how, and what became of the error."""
    words = [f"#{step.individual.id}", *_origin(step.individual)]
    if step.error is not None:
        before = "" if step.error_before is None else f"{step.error_before:,} → "
        words.append(f"error {before}{step.error:,}")
    if step.gained or step.lost:
        changes = [f"{counted(len(step.gained), 'more case')} right"] if step.gained else []
        changes += [f"{counted(len(step.lost), 'case')} lost"] if step.lost else []
        words.append(listed(changes))
    return " · ".join(words)


def between_words(between: Between) -> str:
    """What lay between two births that mattered."""
    parts = [(between.better, "better"), (between.worse, "worse"), (between.unchanged, "with the same program")]
    told = [f"{number:,} {what}" for number, what in parts if number]
    highest = "" if between.highest is None or not between.worse else f", up to an error of {between.highest:,}"
    return f"{counted(between.births, 'birth')}{': ' if told else ''}{', '.join(told)}{highest}"


def edit_lines(step: Step, tried: Effects | ExplainError | None) -> list[str]:
    """The edits of a birth that did something, and what."""
    if step.alignment is None:
        return [f"{counted(len(step.individual.code), 'instruction')}: {code_words(step.individual.code, 40)}"]
    if isinstance(tried, ExplainError):
        return [str(tried)]
    if not isinstance(tried, Effects):
        return [
            f"{hunk_words(hunk)} at {place_words(hunk.to, hunk.to_end or 1)}" for hunk in step.alignment.hunks[:_EDITS]
        ]
    doing = [hunk for hunk in range(len(step.alignment.hunks)) if tried.changes_anything(hunk)]
    idle = len(step.alignment.hunks) - len(doing)
    doing.sort(key=lambda hunk: (-abs(tried.error_last(hunk) or 0), hunk))
    lines = [_edit_line(tried, hunk) for hunk in sorted(doing[:_EDITS])]
    if len(doing) > _EDITS:
        lines.append(f"… and {counted(len(doing) - _EDITS, 'edit')} that did less")
    if idle:
        lines.append(f"{counted(idle, 'edit')} changed no output")
    return lines


def _edit_line(tried: Effects, number: int) -> str:
    hunk = tried.alignment.hunks[number]
    alone, last = tried.error_alone(number), tried.error_last(number)
    errors = change_words(last) if alone == last else f"{change_words(last)} (alone {change_words(alone)})"
    note = remark(tried, number)
    return f"{hunk_words(hunk)} at {hunk.to:,}: {errors}" + (f", {note}" if note else "")


def blame_lines(found: Blame, shown: int | None = SHOWN) -> list[str]:
    """Who brought what is still there: a table, the oldest first.

    Args:
        found: it.
        shown: the most lines: those with the instructions that are worth most are shown, the others counted. None: all.
    """
    chosen = worth_most(found, shown)
    rows = [TITLES, *(brought_row(found, found.brought[number]) for number in chosen)]
    lines = [f"  {line}" for line in in_columns(rows, right=(1, 3, 4, 5))]
    if len(chosen) < len(found.brought):
        lines.append(f"  … and {len(found.brought) - len(chosen):,} more whose instructions are worth less")
    return lines


def worth_most(found: Blame, shown: int | None = SHOWN) -> list[int]:
    """Those who brought what is worth most, the oldest first: places in `Blame.brought`. None: all of them."""
    order = sorted(range(len(found.brought)), key=lambda number: _weight(found, found.brought[number]), reverse=True)
    return sorted(order if shown is None else order[:shown])


def brought_row(found: Blame, one: Brought) -> tuple[str, ...]:
    """An ancestor in the table: who, when, how, how much, what its birth did, what it is worth now."""
    person = one.individual
    born = "–" if person.born is None or person.born < 0 else f"{person.born:,}"
    made = "unknown parents" if one.how is How.UNKNOWN else person.operator or "–"
    then = "" if one.error is None else f"{one.error:,}"
    if one.change is not None and one.parent_errors:
        then = f"{one.parent_errors[0]:,} → {then}"
    return f"#{person.id}", born, made, f"{len(one.instructions):,}", then, worth_words(found, one)


def worth_words(found: Blame, one: Brought) -> str:
    """What the error would be without the instructions of an ancestor, less what it is."""
    if found.error is None:
        return ""
    return change_words(None if one.error_without is None else one.error_without - found.error)


def piece_lines(found: Blame) -> Iterator[str]:
    """The program, a line for each piece that one ancestor brought."""
    rows = []
    for piece in pieces(found):
        who = found.brought[piece.brought].individual
        code = code_words(found.individual.code[piece.start : piece.end], 24)
        rows.append((place_words(piece.start, piece.end), code, " · ".join([f"#{who.id}", *_origin(who)])))
    yield from (f"  {line}" for line in in_columns(rows, right=(0,)))


def _weight(found: Blame, one: Brought) -> tuple[int, int]:
    worth = 0 if one.error_without is None or found.error is None else abs(one.error_without - found.error)
    return worth, len(one.instructions)


def _origin(individual: Individual) -> list[str]:
    words = [] if individual.born is None or individual.born < 0 else [f"generation {individual.born:,}"]
    other = f" with #{(individual.parents or ())[1]}" if len(individual.parents or ()) > 1 else ""
    return words + ([f"{individual.operator}{other}"] if individual.operator else [])


def to_dict(found: Blame, told: Story, effects: dict[int, Effects | ExplainError | None]) -> dict[str, Any]:
    """Blame and story as plain data; instructions, edits and cases are counted from 0."""
    return {
        "id": found.individual.id,
        "program": found.individual.code.decode("latin-1"),
        "error": found.error,
        "ancestors": found.ancestors,
        "brought": [_brought_dict(one) for one in found.brought],
        "source": found.source.tolist(),
        "line": [_step_dict(told, number, effects.get(number)) for number in range(len(told.steps))],
    }


def _brought_dict(one: Brought) -> dict[str, Any]:
    return {
        **_person(one.individual),
        "how": str(one.how),
        "instructions": list(one.instructions),
        "places": list(one.places),
        "parent_errors": list(one.parent_errors),
        "error": one.error,
        "error_without": one.error_without,
    }


def _person(individual: Individual) -> dict[str, Any]:
    return {
        "id": individual.id,
        "parents": None if individual.parents is None else list(individual.parents),
        "operator": individual.operator,
        "born": individual.born,
    }


def _step_dict(told: Story, number: int, tried: Effects | ExplainError | None) -> dict[str, Any]:
    step = told.steps[number]
    hunks = () if step.alignment is None else step.alignment.hunks
    return {
        **_person(step.individual),
        "error": step.error,
        "solved": step.solved,
        "gained": list(step.gained),
        "lost": list(step.lost),
        "matters": told.matters(number),
        "edits": [
            {
                "before": [hunk.at, hunk.end],
                "after": [hunk.to, hunk.to_end],
                "old": hunk.old.decode("latin-1"),
                "new": hunk.new.decode("latin-1"),
                "alone": tried.error_alone(index) if isinstance(tried, Effects) else None,
                "last": tried.error_last(index) if isinstance(tried, Effects) else None,
            }
            for index, hunk in enumerate(hunks)
        ],
    }
