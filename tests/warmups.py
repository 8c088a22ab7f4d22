"""What a fresh process compiles after a warm-up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SPY = """
import numba.core.dispatcher as dispatcher
known = set()
compiled = dispatcher.Dispatcher.compile
def spied(self, signature):
    known.add(self.py_func.__name__)
    return compiled(self, signature)
dispatcher.Dispatcher.compile = spied
"""


def python(code: str) -> str:
    """What a fresh process prints."""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    return ran.stdout


def compiled_after(warm_up: str, use: str) -> str:
    """The kernels that are compiled by code that runs after a warm-up, as a list that is printed."""
    return python(warm_up + _SPY + use + "\nprint(sorted(known))")
