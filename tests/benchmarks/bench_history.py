"""How long alignments, blame and the story of a line of descent take.

    python tests/benchmarks/bench_history.py [RUN …]

Programs of 10,000 instructions are aligned: two that have nothing in common, one with a hundred edits of the other, one
with two parents. Then the best individuals of runs (the sample runs if none is given) are blamed on their ancestors.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gpdebug.explain.dataflow import KERNELS
from gpdebug.explain.history.alignment import align
from gpdebug.explain.history.blame import blame
from gpdebug.explain.history.pairing import pair
from gpdebug.explain.history.story import effects_of_births, story
from gpdebug.store.individuals import Individuals
from gpdebug.store.opening import open_path
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import samples
from vm.dialect import TAPE
from vm.jit import MACHINE, warm_up

LENGTH = 10_000
SYMBOLS = b"><}{+-.,[]"


def timed(what: str, act: Callable[[], object]) -> None:
    """Runs something once and prints how long it took."""
    started = time.perf_counter()
    act()
    print(f"{what:60} {time.perf_counter() - started:7.3f} s")


def alignments() -> None:
    """Programs of 10,000 instructions."""
    generator = random.Random(1)
    one, other = (bytes(generator.choices(SYMBOLS, k=LENGTH)) for _ in range(2))
    edited = bytearray(one)
    for _ in range(100):
        at = generator.randrange(len(edited))
        edited[at : at + generator.randrange(4)] = bytes(generator.choices(SYMBOLS, k=generator.randrange(4)))
    child = one[: LENGTH // 3] + other[LENGTH // 3 : 2 * LENGTH // 3] + one[2 * LENGTH // 3 :]
    timed(f"{LENGTH:,} x {LENGTH:,} instructions, nothing in common", lambda: align(one, other, TAPE))
    timed("the same with 100 edits", lambda: align(one, bytes(edited), TAPE))
    timed("a child of two parents", lambda: pair(child, one, other))


def descent(name: str) -> None:
    """The best individual of a run."""
    run = open_path(name)
    assert isinstance(run, RunFolder)
    people = Individuals(run)
    best = people.best()
    timed(f"{run.name}: {len(best.code):,} instructions blamed", lambda: blame(people, best))
    timed(
        "the line of descent, and what the edits that mattered did",
        lambda: effects_of_births(story(people, best), people),
    )


if __name__ == "__main__":
    warm_up(None, (*MACHINE, *KERNELS))
    alignments()
    for given in sys.argv[1:] or samples():
        descent(given)
