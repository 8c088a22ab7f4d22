"""Where an individual comes from, in a report: its line of descent as a story, and who brought each instruction."""

from __future__ import annotations

from gpdebug.explain.history.blame import Blame
from gpdebug.explain.history.present_blame import between_words, birth_words, brought_row, edit_lines, worth_most
from gpdebug.explain.history.story import Between, Story
from gpdebug.explain.report.contents import Contents, Past
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import Column, Row, remark, section, table
from gpdebug.wording import counted

MOST_CHAPTERS = 40
"""Births that mattered, and stretches between them, that are told."""
MOST_ROWS = 24
"""Ancestors in the table."""
_TITLE = "Where it comes from"


def past_section(contents: Contents) -> Html | None:
    """The line of descent and the ancestors."""
    past = contents.past
    if past is None:
        return None
    if isinstance(past, str):
        return section("past", _TITLE, element("p", past))
    line = counted(len(past.story.steps), "birth")
    return section(
        "past",
        _TITLE,
        element(
            "p",
            f"Its line of first parents has {line}. These mattered, since no one before them on the line had so small"
            " an error; beside each edit stands what it did to the error as the last of the birth's edits.",
        ),
        _story(past),
        element("h3", "Who brought what is still there"),
        element(
            "p",
            f"{len(past.blame.brought):,} of {counted(past.blame.ancestors, 'ancestor')} that were looked at brought an"
            " instruction that it still has.",
        ),
        _ancestors(past.blame),
    )


def _story(past: Past) -> list[Child]:
    chapters = past.story.chapters()
    hidden = max(0, len(chapters) - MOST_CHAPTERS)
    items = [_chapter(past, chapter) for chapter in chapters[hidden:]]
    return [
        remark(f"{counted(hidden, 'line')} before these are left out." if hidden else None),
        element("ol", items, class_="story"),
    ]


def _chapter(past: Past, chapter: int | Between) -> Html:
    if isinstance(chapter, Between):
        return element("li", between_words(chapter), class_="between")
    told: Story = past.story
    edits = [element("li", line) for line in edit_lines(told.steps[chapter], past.effects.get(chapter))]
    return element("li", element("b", birth_words(told.steps[chapter])), element("ul", edits) if edits else None)


def _ancestors(found: Blame) -> list[Child]:
    chosen = worth_most(found, MOST_ROWS)
    columns = [
        Column("who"),
        Column("generation", "number"),
        Column("made by"),
        Column("brought", "number", "Instructions that are still there."),
        Column("error at its birth", "number", "Of its first parent, and its own."),
        Column("error without them", "number", "How much larger the error would be now without what it brought."),
    ]
    hidden = len(found.brought) - len(chosen)
    more = f"{counted(hidden, 'ancestor')} more are left out, whose instructions are worth less."
    return [
        table(None, columns, [Row(brought_row(found, found.brought[number])) for number in chosen]),
        remark(more if hidden else None),
    ]
