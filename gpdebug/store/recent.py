"""What was opened recently, kept in the user's data folder; a home that cannot be written is no error."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.rows import read_text

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that was opened.

    Attributes:
        path: absolute.
        opened: when last, in UTC.
    """

    path: Path
    opened: datetime


def recent() -> list[Recent]:
    """What was opened recently and is still there, the last first; empty where nothing can be read."""
    return [item for item in _stored() if item.path.exists()]


def remember(path: str | Path) -> bool:
    """Puts a path first in the list.

    Returns:
        Whether that could be stored; nothing depends on it.
    """
    path = Path(path).absolute()
    others = [item for item in _stored() if item.path != path]
    items = [Recent(path, datetime.now(UTC).replace(microsecond=0)), *others][:_KEPT]
    data = {"recent": [{"path": str(item.path), "opened": item.opened.isoformat()} for item in items]}
    file = recent_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps(data, indent=1).encode())
    except (StoreError, OSError, ValueError):
        return False
    return True


def recent_file() -> Path:
    """Where the list is kept."""
    import platformdirs

    return platformdirs.user_data_path("gpdebug", appauthor=False) / "recent.json"


def _stored() -> list[Recent]:
    try:
        items = Fields(json.loads(read_text(recent_file()))).items("recent")
        return [_item(Fields(item)) for item in items]
    except (StoreError, ValueError, RecursionError):
        return []


def _item(fields: Fields) -> Recent:
    return Recent(Path(fields.text("path")), datetime.fromisoformat(fields.text("opened")).astimezone(UTC))
