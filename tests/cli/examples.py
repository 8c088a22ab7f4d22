"""Running the command line as a user does: arguments in; exit code, output and error lines out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gpdebug.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Runs a command line in this process."""
    code = main(arguments)
    captured = capsys.readouterr()
    return Ran(code, captured.out, captured.err)
