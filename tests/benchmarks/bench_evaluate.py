"""Batch evaluation against a naive numba interpreter and a C computed goto: ratios taken back to back in one run.

    python tests/benchmarks/bench_evaluate.py [--rounds 5] [--steps 24000000] [--cases 1 16 64 256] [--markdown]

Naive is `vm.batch_kernel`'s plain loop, one word an instruction. Populations are random programs, and the last
generations of the runs in sample_runs with one symbol of each program replaced; large ones, or a processor learns by
heart where they branch. Every result is compared with the naive one.
"""

from __future__ import annotations

import argparse
import ctypes
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.vm.populations import differing, empty_result, evolved_programs, naive, random_programs
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Evaluation, Programs, evaluate, pack_start
from vm.jit import warm_up
from vm.layout import decode_words, pack_settings
from vm.settings import Settings
from vm.state import Status

LIMIT = 3_000
WIDTH = 16
EVOLVED = ("hello", "hello-user", "reverse", "triple")
TITLES = ("population", "cases", "runs/s", "naive/fast", "C/fast", "naive/C", "at limit")


@dataclass(frozen=True)
class Work:
    """Programs on cases."""

    programs: Programs
    inputs: list[bytes]
    dialect: Dialect
    settings: Settings


def fast(work: Work) -> Evaluation:
    return evaluate(work.programs, work.inputs, work.dialect, work.settings, width=WIDTH)


def plainly(work: Work) -> Evaluation:
    return naive(work.programs, work.inputs, work.dialect, work.settings, width=WIDTH)


def in_c() -> Callable[[Work], Evaluation] | None:
    """The C interpreter, built with gcc; None without gcc."""
    if shutil.which("gcc") is None:
        return None
    source = Path(__file__).with_name("goto_interpreter.c")
    built = Path(tempfile.mkdtemp()) / "goto_interpreter.so"
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", built, source], check=True)
    library = ctypes.CDLL(str(built))

    def run(work: Work) -> Evaluation:
        result = empty_result(len(work.programs), len(work.inputs), WIDTH)
        packed = Programs.of(work.inputs)
        longest = int(work.programs.lengths.max())
        settings = pack_settings(work.dialect, work.settings)
        in_at, head0, head1, _, streams, *_ = pack_start(work.dialect, work.settings, 0).tolist()
        arguments = (
            work.programs.code, work.programs.offsets, len(work.programs), packed.code, packed.offsets,
            len(work.inputs), decode_words(work.dialect, work.settings), settings, in_at, head0, head1, streams,
            work.settings.memory, np.empty(work.settings.memory, np.uint8), np.empty(work.settings.out_limit, np.uint8),
            np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64), result.outputs, WIDTH,
            result.lengths, result.steps, result.status,
        )  # fmt: skip
        library.evaluate(
            *(ctypes.c_void_p(x.ctypes.data) if isinstance(x, np.ndarray) else ctypes.c_int64(x) for x in arguments)
        )
        return result

    return run


def workloads(cases: int, steps: int) -> dict[str, Work]:
    """Populations that take about so many steps together at most."""
    count = max(40, steps // LIMIT // cases)
    chance = random.Random(3)
    texts = [bytes(chance.choices(range(1, 256), k=chance.randrange(1, 9))) for _ in range(cases)]
    settings = TAPE.settings.with_changes({"limit": LIMIT})
    populations = {
        f"random {length}": random_programs(max(10, min(count, 4_000_000 // length)), length)
        for length in (16, 64, 256, 1000, 10_000)
    }
    populations |= {f"evolved {name}": evolved_programs(count, name) for name in EVOLVED}
    works = {name: Work(Programs.of(codes), texts, TAPE, settings) for name, codes in populations.items()}
    bf = BF.settings.with_changes({"limit": LIMIT, "unmatched": "ignore", "memory": 1000})
    works["random bf 100"] = Work(Programs.of(random_programs(count, 100, "><+-[],.")), texts, BF, bf)
    return works


def seconds(run: Callable[[Work], Evaluation], work: Work) -> float:
    began = time.perf_counter()
    run(work)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=24_000_000)
    parser.add_argument("--cases", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--markdown", action="store_true", help="a Markdown table")
    options = parser.parse_args()
    warm_up()
    c = in_c()
    print("medians; how often the fast evaluator is faster than the naive one (and than C), back to back\n")
    write_row(TITLES, options.markdown)
    if options.markdown:
        print("| --- |" + " ---: |" * (len(TITLES) - 1))
    for cases in options.cases:
        for name, work in workloads(cases, options.steps).items():
            write_row((name, str(cases), *measured(name, work, c, options.rounds)), options.markdown)


def measured(name: str, work: Work, c: Callable[[Work], Evaluation] | None, rounds: int) -> tuple[str, ...]:
    """What the columns after the second say."""
    expected = plainly(work)
    if differing(expected, fast(work)):
        raise SystemExit(f"{name}, {len(work.inputs)} cases: the results differ")
    rows = [
        (seconds(fast, work), seconds(plainly, work), seconds(c, work) if c else float("nan")) for _ in range(rounds)
    ]
    ratios = zip(*((n / f, c / f, n / c) for f, n, c in rows), strict=True)
    runs = len(work.programs) * len(work.inputs) / statistics.median(row[0] for row in rows)
    at_limit = float((expected.status == Status.STEP_LIMIT).mean())
    return f"{runs:,.0f}", *(f"{statistics.median(ratio):.2f}" for ratio in ratios), f"{at_limit:.0%}"


def write_row(cells: Sequence[str], markdown: bool) -> None:
    if markdown:
        print("| " + " | ".join(cells) + " |", flush=True)
    else:
        print(f"{cells[0]:20}" + "".join(f"{cell:>11}" for cell in cells[1:]), flush=True)


if __name__ == "__main__":
    main()
