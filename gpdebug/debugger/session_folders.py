"""The folders that sessions lie in: old ones in which nothing was kept go when there are too many."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

SESSION = "session.json"
MOST_PASSED = 500
"""Sessions that hold nothing but a position, of programs that were only looked at: so many stay."""


def prune(root: Path) -> None:
    """Removes the oldest of the sessions that hold nothing but a position, if there are too many sessions.

    Raises:
        OSError: they cannot be listed.
    """
    files = [folder / SESSION for folder in root.iterdir() if (folder / SESSION).is_file()]
    if len(files) <= MOST_PASSED:
        return
    files.sort(key=lambda file: file.stat().st_mtime)
    for file in files[:-MOST_PASSED]:
        if _holds_nothing(file):
            shutil.rmtree(file.parent, ignore_errors=True)


def _holds_nothing(file: Path) -> bool:
    """Whether a session is known to hold nothing but a position."""
    try:
        data: Any = json.loads(file.read_bytes())
        lists = [data[key] for key in ("stops", "watches", "snapshots")]
        for run in data["runs"].values():
            lists += [run["branches"], run["bookmarks"], run.get("mark") or []]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return not any(lists)
