"""Stops saved between sessions: a JSON file a program in the user's data folder, written as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stop_records import from_record, to_record
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from vm.errors import ConditionError
from vm.program import Program

FORMAT = 2
OLDER = (1,)


class StopFile:
    """Where the stops of one program are kept.

    Every stop is kept with its instruction and the symbol there, so that one that no longer fits a changed program
    is seen to; it comes back flagged and is saved again as it was. A file that cannot be read is never touched.

    Attributes:
        path: the file; it need not exist.
    """

    def __init__(self, program: Program, *, name: str | None = None, folder: Path | None = None) -> None:
        """Names the file; nothing is read yet.

        Args:
            program: whose stops they are.
            name: what the user knows the program by (a path, an individual of a run), so that its stops are found
                again after it was changed; None: exactly this program.
            folder: where the files are; None: the user's data folder.
        """
        self._program = program
        self._name = program.hash if name is None else name
        chosen = user_data_path("gpdebug", appauthor=False) / "stops" if folder is None else folder
        self.path = chosen / f"{hashlib.sha256(self._name.encode()).hexdigest()[:16]}.json"
        self._unread: list[Any] = []
        self._is_writable = True

    def load(self, stops: StopList) -> str | None:
        """Sets the saved stops; returns what the user should know about them, or None."""
        try:
            text = self.path.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            return self._left_alone(f"cannot be read ({error})")
        try:
            data = json.loads(text)
        except ValueError as error:
            return self._left_alone(f"is damaged ({error})")
        if not isinstance(data, dict) or not isinstance(data.get("stops"), list):
            return self._left_alone("is damaged (there is no list of stops in it)")
        if data.get("format") not in (FORMAT, *OLDER):
            return self._left_alone(f"has format {data.get('format')!r}, this gpdebug reads format {FORMAT}")
        return self._adopt(stops, data)

    def save(self, stops: StopList) -> str | None:
        """Writes the stops; returns what the user should know, once, if that cannot be done."""
        if not self._is_writable:
            return None
        saved = [*(to_record(stop) for stop in stops), *self._unread]
        try:
            if saved:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(self.path, self._content(saved))
            else:
                self.path.unlink(missing_ok=True)
        except (OSError, StoreError) as error:
            self._is_writable = False
            return f"stops are not kept for the next session: {error}"
        return None

    def _content(self, saved: list[Any]) -> bytes:
        data = {
            "format": FORMAT,
            "name": self._name,
            "program": self._program.hash,
            "dialect": self._program.dialect.name,
            "stops": saved,
        }
        return (json.dumps(data, indent=1) + "\n").encode()

    def _adopt(self, stops: StopList, data: Mapping[str, Any]) -> str | None:
        read = []
        for entry in data["stops"]:
            try:
                read.append(from_record(entry))
            except (KeyError, TypeError, ValueError, AttributeError, StopError, ConditionError):
                self._unread.append(entry)
        misfits = sum(stop.misfit is not None for stop in stops.adopt(read))
        notes = []
        if data.get("program") != self._program.hash:
            notes.append("the stops were set in another version of this program")
        if misfits:
            notes.append(f"{misfits} of {len(data['stops'])} stops no longer fit it and are flagged")
        if self._unread:
            notes.append(f"{len(self._unread)} stops cannot be read and are kept in {self.path} as they are")
        return "; ".join(notes) or None

    def _left_alone(self, what: str) -> str:
        self._is_writable = False
        return f"saved stops: {self.path} {what}; it is left as it is, remove it to save stops again"
