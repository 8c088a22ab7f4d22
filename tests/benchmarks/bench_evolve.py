"""Programs a second from end to end, variation, runs, errors and selection together, and times to solve texts.

    PYTHONPATH=. python tests/benchmarks/bench_evolve.py                 # rates, projected to a billion programs
    PYTHONPATH=. python tests/benchmarks/bench_evolve.py --billion       # really a billion of each
    PYTHONPATH=. python tests/benchmarks/bench_evolve.py --solve --seeds 9

The one-case search is for "hello world", and goes on as if it never found it: its populations have 200 to
400 instructions. The search with 16 cases sorts texts by programs of up to 250 instructions; none is right.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.steady.arm import CONSTANTS, SteadyArm
from gpdebug.evolve.steady.island import SteadyIsland
from gpdebug.evolve.warmup import warm_up

BILLION = 1_000_000_000
TENTHS = 10
SORTING = replace(CONSTANTS, population=1_000, max_instructions=250, active=16, token_caps=(84,), step_limit=1_000)
SEARCHES = {
    "1 case, bf": ("text:hello world", replace(CONSTANTS, population=1_000)),
    "16 cases, tape": ("sort", SORTING),
}
TEXTS = ("hi", "Hi!", "hello", "reddit", "Brainfuck", "hello world", "Hello, world!", "I love all humans",
         "Keep Calm Keep Coding")  # fmt: skip


class Endless(SteadyIsland):
    """A search that does not want to know that it has found what it looks for."""

    def _has_solved(self, progress: NDArray[np.int64]) -> bool:
        super()._has_solved(progress)
        self.solution = None
        return False


@dataclass(frozen=True, slots=True)
class Rates:
    """Programs a second by the clock and by the processors' time, also of each tenth of the search, and what programs
    are like in the end."""

    programs_per_s: float
    programs_per_cpu_s: float
    tenths: list[float]
    instructions: float
    tokens: float


def rates(name: str, arm: SteadyArm, programs: int, threads: int) -> Rates:
    """Those of one island a thread, after a start that does not count."""
    settings = SearchSettings(seed=1, population=arm.population, islands=threads)
    islands = [Endless(catalogue.find(name), settings, index, arm) for index in range(threads)]
    generations = max(programs // threads // arm.population // TENTHS, 1)

    def go(island: SteadyIsland) -> None:
        for done in range(0, generations, 200):
            island.advance(min(200, generations - done))
            island.reports = island.reports[-1:]

    def tried() -> int:
        return sum(island.counters.evaluations for island in islands)

    tenths = []
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda island: island.advance(100), islands))
        before, began, cpu = tried(), time.perf_counter(), time.process_time()
        for _ in range(TENTHS):
            here, spent = tried(), time.process_time()
            list(pool.map(go, islands))
            tenths.append((tried() - here) / (time.process_time() - spent))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    done = tried() - before
    lengths = statistics.mean(float(island.crowd.lengths.mean()) for island in islands)
    tokens = statistics.mean(float(island.crowd.sizes.mean()) for island in islands)
    return Rates(done / seconds, done / cpu, tenths, lengths, tokens)


def measure_rates(programs: int, threads: int) -> None:
    """Prints a line a search."""
    print(
        f"{'search':16} {'programs':>13} {'programs/s':>12} {'a billion in':>13} {'/s of a core':>13}"
        f" {'instructions':>13} {'tokens':>7}"
    )
    for label, (name, arm) in SEARCHES.items():
        each = rates(name, arm, programs, threads)
        print(
            f"{label:16} {programs:13,} {each.programs_per_s:12,.0f} {BILLION / each.programs_per_s:11,.0f} s"
            f" {each.programs_per_cpu_s:13,.0f} {each.instructions:13.0f} {each.tokens:7.0f}\n"
            f"{'  by tenths':16} {' '.join(f'{rate:,.0f}' for rate in each.tenths)} /s of a core",
            flush=True,
        )


def measure_solving(seeds: int, seconds: float) -> None:
    """Prints a line a text: how often it was found within some seconds, on one thread, and how fast."""
    print(f"{'text':22} {'found':>6} {'median s':>9} {'slowest s':>10} {'median programs':>16}")
    for text in TEXTS:
        times, programs = [], []
        for seed in range(seeds):
            began = time.perf_counter()
            engine = Engine(catalogue.find(f"text:{text}"), SearchSettings(seed=seed))
            while not engine.solved and time.perf_counter() - began < seconds:
                engine.advance()
            engine.close()
            times.append(time.perf_counter() - began if engine.solved else float("inf"))
            programs.append(engine.evaluations)
        found = sum(each < float("inf") for each in times)
        print(
            f"{text:22} {found:3}/{seeds:2} {statistics.median(times):9.3f} {max(times):10.3f}"
            f" {statistics.median(programs):16,.0f}",
            flush=True,
        )


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=4_000_000)
    parser.add_argument("--billion", action="store_true", help="as many programs as that, of each search")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--solve", action="store_true", help="solve texts instead")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    warm_up()
    if options.solve:
        measure_solving(options.seeds, options.seconds)
    else:
        measure_rates(BILLION if options.billion else options.programs, options.threads)


if __name__ == "__main__":
    main()
