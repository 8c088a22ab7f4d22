from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WARM = """
import numba.core.dispatcher as dispatcher
from gpdebug.evolve.warmup import warm_up
warm_up()
known = set()
compiled = dispatcher.Dispatcher.compile
def spied(self, signature):
    known.add(self.py_func.__name__)
    return compiled(self, signature)
dispatcher.Dispatcher.compile = spied
from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
for name in ("text:hi", "add", "xor"):
    engine = Engine(catalogue.find(name), SearchSettings(seed=1, population=400), threads=2)
    while not engine.solved:
        engine.advance()
    engine.close()
print(sorted(known))
"""


def test_after_a_warm_up_nothing_is_compiled_any_more() -> None:
    root = Path(__file__).parents[2]
    process = subprocess.run(
        [sys.executable, "-c", WARM],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout == "[]\n"
