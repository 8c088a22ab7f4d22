"""Times scans: every mutation of programs of about 250 instructions on 64 cases, all knock-outs of 10,000 on 16.

Prints the seconds that it took, the processor's time, which on a machine with nothing else to do is the seconds times
the cores, and how many runs of mutants there were a second of it. With `--plain` also how many times as long it takes
to run every mutant from its first step as a program of its own.

    python -m tests.benchmarks.bench_scan [--threads N] [--plain]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

from gpdebug.explain.scan.backups import find_back_ups
from gpdebug.explain.scan.knockout import KnockOuts, knock_out
from gpdebug.explain.scan.minimise import minimise
from gpdebug.explain.scan.mutation import scan_mutations
from gpdebug.explain.scan.running import Watch
from gpdebug.explain.scan.subject import Subject
from gpdebug.store.individuals import Individuals
from gpdebug.store.run import RunFolder
from vm.dialect import BF, TAPE, Dialect
from vm.jit import warm_up
from vm.program import Program

SAMPLES = Path(__file__).parents[2] / "sample_runs"
REVERSE = "[>]<[.<}]"


def nested(length: int, seed: int) -> str:
    """Straight pieces and loops that count down, nested up to three deep."""
    chance = random.Random(seed)

    def piece(size: int, depth: int) -> str:
        code = ""
        while len(code) < size:
            if depth < 3 and chance.random() < 0.06:
                code += f"[{piece(chance.randrange(2, 20), depth + 1)}-]"
            else:
                code += chance.choice("><+-}{.,+-><")
        return code

    return piece(length, 0)


def padded(code: str, length: int) -> str:
    """A program with pairs in it that undo each other, anywhere."""
    chance = random.Random(1)
    while len(code) < length:
        at = chance.randrange(len(code) + 1)
        code = code[:at] + chance.choice(["+-", "<>", "-+", "><"]) + code[at:]
    return code


def texts(count: int) -> list[bytes]:
    chance = random.Random(2)
    return [bytes(chance.choices(range(1, 256), k=chance.randrange(2, 9))) for _ in range(count)]


def subject(code: str, dialect: Dialect, cases: int, **settings: int | str) -> Subject:
    program = Program.parse(code, dialect)
    return Subject.of_inputs(program, texts(cases), settings=dialect.settings.with_changes(settings))


def evolved(name: str, cases: int) -> Subject:
    individuals = Individuals(RunFolder.open(SAMPLES / name))
    assert individuals.task is not None
    chosen = (individuals.task.training * cases)[:cases]
    return Subject.of_cases(individuals.program(individuals.best()), chosen, individuals.task.scorer)


def timed(name: str, subject: Subject, scan: Callable[[], int]) -> None:
    """Prints a line: `scan` gives the number of mutants that it ran."""
    began, used = time.perf_counter(), time.process_time()
    runs = scan() * subject.cases
    took, used = time.perf_counter() - began, time.process_time() - used
    print(
        f"{name:34} {len(subject.program):6,} x {subject.cases:3} {runs:10,} {took:8.2f} s {used:8.2f} s"
        f" {runs / used / 1e6:8.2f} M/s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    watch = Watch(threads=options.threads)
    warm_up()
    print(f"{'':34} {'length x cases':>12} {'runs':>10} {'took':>10} {'processor':>10} {'runs':>12}")
    limited = {"limit": 10_000}
    neighbourhoods = {
        "all mutations, evolved reverse": evolved("reverse", 64),
        "all mutations, evolved hello": evolved("hello-user", 64),
        "all mutations, loops": subject(nested(250, 0), TAPE, 64, **limited),
        "all mutations, padded reverse": subject(padded(REVERSE, 250), TAPE, 64, **limited),
    }
    for name, each in neighbourhoods.items():
        timed(name, each, lambda each=each: len(scan_mutations(each, watch).outcomes))  # type: ignore[misc]
    sites = {
        "knock-outs, loops": subject(nested(10_000, 1), TAPE, 16, limit=100_000),
        "knock-outs, straight": subject("".join(random.Random(3).choices("+-<>.", k=10_000)), BF, 16),
        "knock-outs, padded reverse": subject(padded(REVERSE, 10_000), TAPE, 16, limit=1_000_000),
    }
    for name, each in sites.items():
        timed(name, each, lambda each=each: rows(knock_out(each, watch)))  # type: ignore[misc]
    reverse = neighbourhoods["all mutations, evolved reverse"]
    knocked_out = knock_out(reverse, watch)
    timed("back-ups, evolved reverse", reverse, lambda: find_back_ups(knocked_out, watch).tried)
    timed("minimal core, evolved reverse", reverse, lambda: minimise(reverse, watch=watch).tried)
    if options.plain:
        compare(neighbourhoods | sites, watch)


def rows(found: KnockOuts) -> int:
    return len(found.sites) + len(found.pairs)


def compare(subjects: dict[str, Subject], watch: Watch) -> None:
    """Prints how many times as long the plain way takes, for a sample of each program's deletions and insertions."""
    for name, each in subjects.items():
        sample = scan_mutations(each, watch, sites=range(len(each.program) // 2, len(each.program) // 2 + 20)).mutants
        used = []
        for run in (each.machine.run, each.machine.run_plainly):
            began = time.process_time()
            run(sample, threads=watch.thread_count)
            used.append(time.process_time() - began)
        print(f"{name:34} the plain way takes {used[1] / used[0]:.1f} times as long")


if __name__ == "__main__":
    main()
