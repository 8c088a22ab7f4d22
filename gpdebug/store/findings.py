"""What `check` finds: plain data, and how it is told."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gpdebug.store.errors import StoreError
from gpdebug.wording import counted


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Something is wrong: it cannot be read, or is not true."""
    WARNING = "warning"
    """It can be read, but is hardly meant."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        severity: how bad it is.
        where: the file within the folder, and the place in it.
        what: what is wrong.
        hint: what to do; may be empty.
    """

    severity: Severity
    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        todo = f"; {self.hint}" if self.hint else ""
        return f"{self.severity}: {place}{self.what}{todo}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything that was found in a run folder or a population.

    Attributes:
        path: what was checked.
        findings: in the order of files.
        generations: how many were read.
        programs: in all of them.
        rerun: how many of these were run again.
    """

    path: Path
    findings: tuple[Finding, ...]
    generations: int
    programs: int
    rerun: int

    @property
    def ok(self) -> bool:
        """There is no error; warnings and notes do not count."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def lines(self) -> list[str]:
        """The report as text: a line for each finding, and one that sums up."""
        counts = {severity: sum(finding.severity is severity for finding in self.findings) for severity in Severity}
        told = [counted(count, str(severity)) for severity, count in counts.items() if count]
        read = (
            f"{counted(self.generations, 'generation')}, {counted(self.programs, 'program')}, {self.rerun:,} run again"
        )
        return [*map(str, self.findings), f"{self.path}: {read}: {', '.join(told) or 'nothing wrong'}"]


class Findings:
    """A growing list of findings about the files of one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.items: list[Finding] = []

    def error(self, where: str | Path, what: str, hint: str = "") -> None:
        """Adds an error."""
        self.items.append(Finding(Severity.ERROR, self._short(where), what, hint))

    def warning(self, where: str | Path, what: str, hint: str = "") -> None:
        """Adds a warning."""
        self.items.append(Finding(Severity.WARNING, self._short(where), what, hint))

    def note(self, where: str | Path, what: str, hint: str = "") -> None:
        """Adds a note."""
        self.items.append(Finding(Severity.NOTE, self._short(where), what, hint))

    def failed(self, error: StoreError, where: str | Path = "") -> None:
        """Adds an exception as an error."""
        self.error(error.where or where, error.what, error.hint)

    def _short(self, where: str | Path) -> str:
        return str(where).removeprefix(f"{self._root}{os.sep}")


def listed(values: Iterable[object]) -> str:
    """The first few of many things, for a message."""
    items = [str(value) for value in values]
    return ", ".join(items[:3]) + (f" and {len(items) - 3:,} more" if len(items) > 3 else "")
