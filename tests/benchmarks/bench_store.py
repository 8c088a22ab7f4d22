"""How fast populations are written and read, against the least that any format could cost.

Run as `python -m tests.benchmarks.bench_store`; prints times, sizes and ratios, and asserts nothing.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gpdebug.store.atomic import write_atomically
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo
from gpdebug.store.lists import read_program_list
from gpdebug.store.opening import open_path
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder
from gpdebug.store.symbols import unmatched_rows
from gpdebug.store.task import Case, Task
from gpdebug.store.verify import sample_rows
from vm.dialect import TAPE
from vm.evaluate import Programs

CASES = 16


def population(count: int, task: Task) -> Population:
    """Random programs of 5 to 79 symbols with every column there is."""
    generator = np.random.default_rng(0)
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(generator.integers(5, 80, count), out=offsets[1:])
    symbols = np.frombuffer("".join(TAPE.symbols).encode(), np.uint8)
    errors = generator.integers(0, 2_000, (count, CASES))
    return Population(
        name="bench",
        dialect=TAPE,
        task=task,
        generation=0,
        programs=Programs(symbols[generator.integers(0, len(symbols), offsets[-1])], offsets),
        ids=np.arange(count) + 1_000_000,
        parents=generator.integers(0, 1_000_000, (count, 2)),
        operators=("random", "mutation", "crossover"),
        operator=generator.integers(0, 3, count).astype(np.uint8),
        born=generator.integers(0, 100, count).astype(np.int32),
        island=generator.integers(0, 2, count).astype(np.int16),
        errors=errors,
        error=errors.sum(axis=1),
        steps=generator.integers(0, 50_000, count),
    )


def seconds(work: Callable[[], Any], repeats: int = 5) -> float:
    """The median time of some calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def tell(what: str, value: float, base: float | None = None) -> None:
    """Prints a time, and how it compares."""
    ratio = "" if base is None else f"   {value / base:5.2f} x"
    print(f"  {what:<52}{1e3 * value:9.1f} ms{ratio}")


def measure(count: int, folder: Path, task: Task) -> None:
    """One size: a generation written and read, its programs alone, and the raw bytes for comparison."""
    items = population(count, task)
    run = RunFolder.create(folder / str(count), RunInfo.of_task(task, settings={}, seed=0, command=["bench"]))
    raw = items.programs.code.tobytes() + items.programs.offsets.tobytes()
    plain = folder / "raw"
    bare = Population(name="bare", dialect=TAPE, programs=items.programs, ids=items.ids, generation=1)
    print(f"{count:,} programs, {len(items.programs.code):,} instructions, {CASES} cases")
    base = seconds(lambda: write_atomically(plain, raw))
    tell("programs as raw bytes, flushed to the disk", base)
    tell("programs as a generation", seconds(lambda: run.save_generation(bare)), base)
    tell("every column as a generation", seconds(lambda: run.save_generation(items)), base)
    base = seconds(lambda: np.frombuffer(plain.read_bytes(), np.uint8).copy())
    tell("read raw bytes", base)
    tell("read programs", seconds(lambda: run.population(1)), base)
    tell("read every column", seconds(lambda: run.population(0)), base)
    print(f"  {run.generation_path(0).stat().st_size / count:.1f} bytes a row on disk")


def measure_lists(folder: Path, task: Task) -> None:
    """Text forms, and what is done with all programs at once."""
    items = population(100_000, task)
    path = folder / "programs.jsonl"
    codes = [items.programs[row].decode() for row in range(len(items))]
    path.write_text("\n".join(json.dumps({"program": code}) for code in codes))
    print("100,000 programs")
    tell("read from .jsonl", seconds(lambda: read_program_list(path, TAPE), 3))
    tell("find those with an unmatched bracket", seconds(lambda: unmatched_rows(items.programs, TAPE)))
    tell("choose a sample to run again", seconds(lambda: sample_rows(items, 32)))


def measure_folder(folder: Path, task: Task) -> None:
    """What the first frame waits for."""
    run = RunFolder.create(folder / "long", RunInfo.of_task(task, settings={}, seed=0, command=["bench"]))
    run.save_generation(population(1_000, task))
    history = History.of({"generation": g, "best": 9, "median": 10.5, "seconds": g / 7} for g in range(200_000))
    print("a run of 200,000 generations")
    tell("store the history", seconds(lambda: run.save_history(history)))
    tell("read the history", seconds(run.history))
    tell("open the folder and list its generations", seconds(lambda: RunFolder.open(run.path).generations, 50))
    tell("open it by name", seconds(lambda: open_path(run.path), 50))
    arrays = {"code": np.resize(np.arange(256, dtype=np.uint8), 4_000_000)}
    tell("save a checkpoint of 4 MB", seconds(lambda: run.save_checkpoint(arrays, {})))
    tell("load it", seconds(run.load_checkpoint))


def main() -> None:
    """Prints all measurements."""
    import pyarrow.parquet  # noqa: F401 - its import is not what is measured

    task = Task(
        name="bench", dialect=TAPE, training=tuple(Case(bytes([i]), bytes([i])) for i in range(CASES)), origin="bench"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (100_000, 1_000_000):
            measure(count, folder, task)
        measure_lists(folder, task)
        measure_folder(folder, task)


if __name__ == "__main__":
    main()
