"""What is said about branches: their list, and the run as a line with what is kept of it. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gpdebug.debugger.activity import Activity
from gpdebug.debugger.bookmarks import Bookmark, Mark
from gpdebug.debugger.branches import Branch, Branches
from gpdebug.debugger.moment import Moment
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.tui.widgets.rows import Row
from gpdebug.tui.widgets.timeline import TimelineScene


def branch_rows(branches: Sequence[Branch]) -> list[Row]:
    """The list of branches; no line while there is only one."""
    rows = []
    for branch in branches if len(branches) > 1 else ():
        here, style = ("▸ ", "heading") if branch.is_current else ("  ", "base")
        parts = [(here, "heading"), ("  " * branch.depth + branch.label, style)]
        if branch.parent is not None:
            parts += [("  from ", "muted"), (f"{branch.fork:,}", "base"), (f"  {branch.words}", "muted")]
        length = f"{branch.seen:,}+" if branch.length is None else f"{branch.length:,} steps"
        rows.append(Row(str(branch.number), tuple(parts), ((f"  {length}", "muted"),)))
    return rows


def timeline_scene(
    moment: Moment,
    branches: Branches,
    *,
    snapshots: Iterable[Snapshot],
    bookmarks: Iterable[Bookmark],
    mark: Mark | None,
    stop_steps: tuple[int, ...],
    activity: Activity,
) -> TimelineScene:
    """The run as a line, with what is kept of it; what is kept of other branches is not on it."""
    return TimelineScene(
        moment.step,
        moment.seen_steps,
        moment.total_steps,
        snapshots=tuple((kept.name, kept.step) for kept in snapshots if branches.meets(kept.branch, kept.step)),
        bookmarks=tuple(kept.step for kept in bookmarks if branches.meets(kept.branch, kept.step)),
        mark=mark.step if mark is not None and branches.meets(mark.branch, mark.step) else None,
        own_forks=branches.own_forks,
        other_forks=branches.other_forks,
        stop_steps=stop_steps,
        activity=activity,
    )
