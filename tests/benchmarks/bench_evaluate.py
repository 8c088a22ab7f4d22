"""Batch evaluation against a naive numba interpreter and a C computed goto: ratios taken back to back in one run.

    python tests/benchmarks/bench_evaluate.py [--rounds 5] [--steps 4000000] [--cases 1 16 64]

Naive is `vm.batch_kernel`'s plain loop, one word an instruction. Populations are random programs, mutated offspring of
the programs in sample_runs, and the last generations there themselves. Every result is compared with the naive one.
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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gpdebug.store.run import RunFolder
from vm.batch_kernel import batch_plain
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Evaluation, Programs, evaluate, pack_start
from vm.jit import warm_up
from vm.layout import decode_words, pack_settings
from vm.settings import MAX_LIMIT, Settings

SAMPLES = Path(__file__).parents[2] / "sample_runs"
LIMIT = 3_000
WIDTH = 16
SYMBOLS = "><}{+-.,[]"


@dataclass(frozen=True)
class Work:
    """Programs on cases."""

    programs: Programs
    inputs: list[bytes]
    dialect: Dialect
    settings: Settings


def random_programs(count: int, length: int, symbols: str = SYMBOLS) -> list[bytes]:
    chance = random.Random(length)
    return ["".join(chance.choices(symbols, k=length)).encode() for _ in range(count)]


def evolved_programs(count: int, name: str) -> list[bytes]:
    """The last generation of a saved run, as often as needed, each with one symbol replaced."""
    run = RunFolder.open(SAMPLES / name)
    population = run.population(run.generations[-1])
    chance = random.Random(7)
    codes = [bytearray(population.programs[index]) for index in range(len(population.programs))]
    children = []
    for index in range(count):
        code = bytearray(codes[index % len(codes)])
        if code:
            code[chance.randrange(len(code))] = ord(chance.choice(SYMBOLS))
        children.append(bytes(code))
    return children


def empty_result(work: Work) -> Evaluation:
    count, cases = len(work.programs), len(work.inputs)
    return Evaluation(
        np.zeros((count, cases, WIDTH), np.uint8), np.zeros((count, cases), np.int32),
        np.zeros((count, cases), np.int64), np.zeros((count, cases), np.uint8),
    )  # fmt: skip


def fast(work: Work) -> Evaluation:
    return evaluate(work.programs, work.inputs, work.dialect, work.settings, width=WIDTH)


def naive(work: Work) -> Evaluation:
    result, packed = empty_result(work), Programs.of(work.inputs)
    batch_plain(
        work.programs.code, work.programs.offsets, 0, len(work.programs), packed.code, packed.offsets,
        decode_words(work.dialect, work.settings), pack_settings(work.dialect, work.settings),
        pack_start(work.dialect, work.settings, MAX_LIMIT), work.settings.memory,
        result.outputs, result.lengths, result.steps, result.status,
    )  # fmt: skip
    return result


def in_c() -> Callable[[Work], Evaluation] | None:
    """The C interpreter, built with gcc; None without gcc."""
    if shutil.which("gcc") is None:
        return None
    source = Path(__file__).with_name("goto_interpreter.c")
    built = Path(tempfile.mkdtemp()) / "goto_interpreter.so"
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", built, source], check=True)
    library = ctypes.CDLL(str(built))

    def run(work: Work) -> Evaluation:
        result, packed = empty_result(work), Programs.of(work.inputs)
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
    populations |= {f"evolved {name}": evolved_programs(count, name) for name in ("hello", "hello-user", "reverse")}
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
    parser.add_argument("--steps", type=int, default=4_000_000)
    parser.add_argument("--cases", type=int, nargs="+", default=[1, 16, 64])
    options = parser.parse_args()
    warm_up()
    c = in_c()
    print("medians; how often the fast evaluator is faster than the naive one (and than C), back to back\n")
    print(
        f"{'population':20} {'cases':>5} {'runs/s':>10} {'naive/fast':>11} {'C/fast':>7} {'naive/C':>8} {'at limit':>9}"
    )
    for cases in options.cases:
        for name, work in workloads(cases, options.steps).items():
            expected, got = naive(work), fast(work)
            same = all(np.array_equal(getattr(expected, field), getattr(got, field)) for field in Evaluation.__slots__)
            if not same:
                raise SystemExit(f"{name}, {cases} cases: the results differ")
            rows = [
                (seconds(fast, work), seconds(naive, work), seconds(c, work) if c else float("nan"))
                for _ in range(options.rounds)
            ]
            of_naive, of_c, c_naive = (
                statistics.median(value) for value in zip(*((n / f, c / f, n / c) for f, n, c in rows), strict=True)
            )
            runs = len(work.programs) * cases / statistics.median(row[0] for row in rows)
            at_limit = float((expected.status == 2).mean())
            print(
                f"{name:20} {cases:5} {runs:10,.0f} {of_naive:11.2f} {of_c:7.2f} {c_naive:8.2f} {at_limit:9.0%}",
                flush=True,
            )


if __name__ == "__main__":
    main()
