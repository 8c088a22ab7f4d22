from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share what was imported")
def test_a_run_killed_at_any_instant_opens_and_can_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.store.kill_at_every_instant", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    *killed, last = outcomes
    assert all(outcome["status"] == 17 for outcome in killed)
    assert last == {"status": 0, "exists": True, "checkpoint": 1, "leftovers": 0}
    assert len(killed) > 50
    checkpoints = [outcome.get("checkpoint", -2) for outcome in outcomes]
    assert checkpoints == sorted(checkpoints)
    assert set(checkpoints) == {-2, -1, 0, 1}
    assert any(outcome.get("leftovers") for outcome in killed)
