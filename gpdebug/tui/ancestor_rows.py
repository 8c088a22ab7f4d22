"""The line of descent of an individual as lines of a list: each birth with its error and edit, the last one first."""

from __future__ import annotations

from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.tui.widgets.rows import Row, Words
from gpdebug.wording import counted
from vm.dialect import Dialect

TITLES = ("who", "born", "made by", "error", "edit")
MOST = 500
"""Births that are listed."""
_EDITS = 3
"""Edits of a birth that are told."""


class AncestorRows:
    """Makes the lines; what was found out about a birth is kept, since lines of descent share most of theirs."""

    def __init__(self, people: Individuals) -> None:
        self._people = people
        self._edits: dict[tuple[int, int], str] = {}

    def of(self, individual: Individual) -> tuple[str, tuple[Row, ...]]:
        """The titles, and a line for each birth on the line of first parents.

        Args:
            individual: where the line ends.

        Raises:
            StoreError: a file is wrong.
        """
        from gpdebug.explain.history.ancestry import line_of
        from gpdebug.explain.history.wording import padded

        line = line_of(self._people, individual)[::-1]
        shown = line[:MOST]
        before: list[Individual | None] = [*line[1 : MOST + 1], None][: len(shown)]
        titles, *lines = padded([TITLES[:-1], *map(_cells, shown)], right=(1, 3))
        rows = []
        for one, parent, words in zip(shown, before, lines, strict=True):
            pieces: Words = (("  ".join(words[:-1]) + "  ", "base"), (words[-1], _style(one, parent)))
            rows.append(Row(str(one.id), (*pieces, (f"  {self._edit(one, parent)}", "base"))))
        if len(line) > MOST:
            rows.append(Row("", ((f"… and {counted(len(line) - MOST, 'birth')} before these", "muted"),)))
        return "  ".join((*titles, TITLES[-1])), tuple(rows)

    def _edit(self, one: Individual, parent: Individual | None) -> str:
        if parent is None:
            return _beginning(one)
        key = (parent.id, one.id)
        if key not in self._edits:
            other = f"with #{one.parents[1]}: " if one.parents is not None and len(one.parents) > 1 else ""
            self._edits[key] = other + edit_words(parent.code, one.code, self._people.dialect)
        return self._edits[key]


def edit_words(parent: bytes, child: bytes, dialect: Dialect) -> str:
    """What a birth made of the first parent's program."""
    from gpdebug.explain.history.alignment import align_birth
    from gpdebug.explain.history.wording import hunk_words

    hunks = align_birth(parent, child, dialect).hunks
    told = [f"{hunk_words(hunk)} at {hunk.to:,}" for hunk in hunks[:_EDITS]]
    if len(hunks) > _EDITS:
        told.append(f"{len(hunks) - _EDITS:,} more")
    return " · ".join(told) or "the same program"


def _cells(one: Individual) -> tuple[str, ...]:
    born = "–" if one.born is None or one.born < 0 else f"{one.born:,}"
    return f"#{one.id}", born, one.operator or "–", "–" if one.error is None else f"{one.error:,}"


def _style(one: Individual, parent: Individual | None) -> str:
    """Green for one that is better than its parent."""
    if parent is None or parent.error is None or one.error is None:
        return "base"
    return "ok" if one.error < parent.error else "base" if one.error > parent.error else "muted"


def _beginning(one: Individual) -> str:
    """What is said of the first of a line."""
    from gpdebug.explain.history.wording import code_words

    if one.parents == ():
        return f"made from nothing: {code_words(one.code, 40)}"
    return "its parents are not stored: only ancestors of the last saved generation are kept"
