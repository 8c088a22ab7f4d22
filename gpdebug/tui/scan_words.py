"""What the explain screen says of a minimal core and of scores: lines of words with styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpdebug.wording import symbol_words

if TYPE_CHECKING:
    from gpdebug.explain.change.scores import Scores
    from gpdebug.explain.scan.minimise import Core
    from gpdebug.tui.widgets.text_page import Styled

_PER_LINE = 64
MEANT = {
    "sufficiency": "Are its instructions enough? All others are blanked, and the program runs again.",
    "necessity": "Are all of them needed? Each is blanked by itself.",
    "complement": "Would the others do it without them? All of them are blanked.",
    "coverage": "Is everything followed to its end? Cuts are not.",
    "stability": "Is it the same on other cases? Instructions in both explanations, of those in either.",
}


def scores_page(found: Scores) -> list[Styled]:
    """The scores, and what each of them asks."""
    from gpdebug.explain.change.present_scores import to_lines

    title, *rows = to_lines(found)
    lines: list[Styled] = [(("", "base"),), ((title, "heading"),)]
    for row in rows:
        name, _, words = row.strip().partition(" ")
        lines += [(("", "base"),), ((name, "heading"),), ((MEANT.get(name, ""), "muted"),), ((words.strip(), "base"),)]
    return lines


def core_page(found: Core) -> list[Styled]:
    """A minimal core: how large it is, how it was found, and where in the program it is."""
    from gpdebug.explain.scan.present import core_lines

    size, program, checked = core_lines(found)
    lines: list[Styled] = [(("", "base"),), ((size, "heading"),), (("", "base"),), ((program, "base"),),
                           (("", "base"),), ((checked, "muted"),), (("", "base"),),
                           (("where it is in the program", "heading"),)]  # fmt: skip
    code, kept = found.subject.original.code, set(found.kept.tolist())
    digits = len(f"{len(code):,}")
    for start in range(0, len(code), _PER_LINE):
        pieces = [(f"{start:>{digits},}  ", "faint")]
        for index in range(start, min(start + _PER_LINE, len(code))):
            symbol = symbol_words([code[index]])
            pieces.append((symbol if len(symbol) == 1 else "?", "match" if index in kept else "never_run"))
        lines.append(tuple(pieces))
    return lines
