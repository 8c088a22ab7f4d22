"""An interactive debugger and inspector for evolved programs.

In a notebook: `from gpdebug import Session`, then `session = Session.open("[>]<[.<}]", "abc")`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpdebug.debugger.branches import Branch
    from gpdebug.debugger.commands import CommandLine
    from gpdebug.debugger.diff import Diff
    from gpdebug.debugger.edits import Register, SetCells, SetCode, SetInput, SetRegister
    from gpdebug.debugger.errors import DebuggerError
    from gpdebug.debugger.moment import Moment, StopReason
    from gpdebug.debugger.session import Session
    from gpdebug.debugger.snapshots import Snapshot
    from vm.program import Program

__version__ = "0.1.0"
__all__ = [
    "Branch",
    "CommandLine",
    "DebuggerError",
    "Diff",
    "Moment",
    "Program",
    "Register",
    "Session",
    "SetCells",
    "SetCode",
    "SetInput",
    "SetRegister",
    "Snapshot",
    "StopReason",
    "__version__",
]

_PLACES = {
    "Branch": "gpdebug.debugger.branches",
    "CommandLine": "gpdebug.debugger.commands",
    "DebuggerError": "gpdebug.debugger.errors",
    "Diff": "gpdebug.debugger.diff",
    "Moment": "gpdebug.debugger.moment",
    "Program": "vm.program",
    "Register": "gpdebug.debugger.edits",
    "Session": "gpdebug.debugger.session",
    "SetCells": "gpdebug.debugger.edits",
    "SetCode": "gpdebug.debugger.edits",
    "SetInput": "gpdebug.debugger.edits",
    "SetRegister": "gpdebug.debugger.edits",
    "Snapshot": "gpdebug.debugger.snapshots",
    "StopReason": "gpdebug.debugger.moment",
}


if not TYPE_CHECKING:  # a checker knows the names from above, and so which ones are wrong

    def __getattr__(name: str) -> object:
        """Imports what is asked for, so that no command pays for what it does not use."""
        if name not in _PLACES:
            raise AttributeError(f"module 'gpdebug' has no attribute {name!r}")
        return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
