"""Diffs written to files, as text or as JSON, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from gpdebug.debugger.diff import Diff
from gpdebug.debugger.errors import SnapshotError
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError

MOST_CELLS = 1 << 20
"""Cells that a text lists at most; a JSON file always holds all."""


def write_diff(diff: Diff, path: Path, *, all_cells: bool = False) -> Path:
    """Writes a diff: as JSON if the file's name ends in `.json`, else as text.

    Raises:
        SnapshotError: it cannot be written.
    """
    if path.suffix.lower() == ".json":
        text = json.dumps(diff.to_dict(all_cells=all_cells), indent=1) + "\n"
    else:
        text = "\n".join(diff.to_lines(MOST_CELLS, all_cells=all_cells)) + "\n"
    try:
        write_atomically(path, text.encode())
    except (OSError, StoreError) as error:
        raise SnapshotError(f"the diff is not written: {error}") from None
    return path
