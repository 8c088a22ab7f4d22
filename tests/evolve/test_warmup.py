"""A warm-up compiles all that evolving needs."""

from __future__ import annotations

import pytest

from tests.warmups import compiled_after

WARM = """
from gpdebug.evolve.warmup import warm_up
warm_up()
"""
USE = """
from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
for name in ("text:hi", "add", "xor"):
    engine = Engine(catalogue.find(name), SearchSettings(seed=1, population=400), threads=2)
    while not engine.solved:
        engine.advance()
    engine.close()
"""


def test_after_a_warm_up_nothing_is_compiled_any_more() -> None:
    assert compiled_after(WARM, USE) == "[]\n"


@pytest.mark.parametrize("name", ["echo", "text:hi"])
def test_what_is_compiled_for_a_task_is_compiled_before_its_search_begins(name: str) -> None:
    begun = f"""
from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.warmup import warm_up_for
task, settings = catalogue.find("{name}"), SearchSettings(seed=3)
"""
    assert compiled_after(begun + "warm_up_for(task, settings)", "Engine(task, settings).advance()") == "[]\n"
