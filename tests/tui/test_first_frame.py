"""The first frame waits for nothing that it does not show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.test_app import saved_run

HEAVY = ("numba", "llvmlite", "pyarrow", "pygments.lexers", "pandas")

SCRIPT = """
import asyncio, sys
from gpdebug.tui import app as module
from gpdebug.store.opening import open_path

module.load = lambda post: None

async def main():
    app = module.GpdebugApp(open_path(sys.argv[1]) if sys.argv[1:] else None)
    seen = []
    app._after_first_frame = lambda: (seen.extend(sys.modules), app.exit())
    await app.run_async(headless=True)
    print(*sorted(set(seen) & set({heavy!r})))

asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["home", "run", "program"])
def test_nothing_heavy_is_imported_before_the_first_frame(what: str, tmp_path: Path) -> None:
    (tmp_path / "program.tape").write_text("[>]<[.<}]")
    sources = {"home": [], "run": [str(saved_run(tmp_path / "run").path)], "program": [str(tmp_path / "program.tape")]}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(heavy=HEAVY), *sources[what]],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []
