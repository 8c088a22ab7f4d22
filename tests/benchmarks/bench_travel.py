"""Time travel: the first pass, seeking, stepping back, searching backwards, questions; ratios taken in one run.

python tests/benchmarks/bench_travel.py [--steps 1000000000] [--moves 300] [--smoke]
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from gpdebug.debugger.queries import Question
from gpdebug.debugger.session import Session
from vm.dialect import BF, TAPE, Dialect
from vm.jit import warm_up
from vm.machine import Machine
from vm.program import Program
from vm.settings import Settings
from vm.touch import Access

WORKLOADS: dict[str, tuple[str, Dialect, int]] = {
    "loops, 64 KiB": ("+[>+[>+[>+[<+>-]<-]<-]<+]", BF, 1 << 16),
    "all of 64 KiB": ("+[>+]", BF, 1 << 16),
    "loops, 16 MiB": ("+[>+[>+[>+[<+>-]<-]<-]<+]", BF, 1 << 24),
    "all of 16 MiB": ("+[>+]", TAPE, 1 << 24),
}


def clock(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def milliseconds(seconds: Sequence[float], share: float) -> str:
    return f"{np.quantile(seconds, share) * 1e3:.1f}"


def settings_of(dialect: Dialect, memory: int, steps: int) -> Settings:
    return dialect.settings.with_changes({"memory": memory, "limit": steps, "unmatched": "ignore"})


def travel(name: str, steps: int, moves: int) -> Session:
    """Prints a row: what it costs to have seen a run, and to go anywhere in it."""
    text, dialect, memory = WORKLOADS[name]
    program, settings = Program.parse(text, dialect), settings_of(dialect, memory, steps)
    chance = random.Random(1)
    ratios = []
    rounds = 3 if steps > 100_000_000 else 7
    for _ in range(rounds):
        bare = clock(lambda: Machine(program, b"", settings).run())
        session = Session(program, b"", settings, machine=Machine)
        first = clock(session.find_end)
        ratios.append((bare, first))
    total = session.total_steps or 0
    seeks = [clock(lambda: session.seek(chance.randrange(total))) for _ in range(moves)]
    backs = []
    for _ in range(max(1, moves // 10)):
        session.seek(chance.randrange(total))
        backs += [clock(session.step_back) for _ in range(10)]
    bare = statistics.median(pair[0] for pair in ratios)
    print(
        f"{name:14} {bare / total * 1e9:5.2f} ns  first pass {statistics.median(b / a for a, b in ratios):4.2f} x"
        f"  seek p50 {milliseconds(seeks, 0.5):>5} p99 {milliseconds(seeks, 0.99):>6} ms"
        f"  back p50 {milliseconds(backs, 0.5):>5} p99 {milliseconds(backs, 0.99):>6} ms"
        f"  checkpoints {session.branches.current.timeline.checkpoints.last.checkpoints.room.bytes / 1e6:4.0f} MB"
    )
    return session


def searches(steps: int) -> None:
    """Backwards against the same search forwards: to a stop near the far end, and one that never fires."""
    program, settings = Program.parse(WORKLOADS["loops, 64 KiB"][0], BF), settings_of(BF, 1 << 16, steps)
    session = Session(program, b"", settings, machine=Machine)
    session.find_end()
    places: dict[str, Callable[[], Any]] = {
        "breakpoint with condition": lambda: session.stops.add(13, condition="step < 2000"),
        "breakpoint with hit rule": lambda: session.stops.add(13, rule="== 40"),
        "watchpoint": lambda: session.stops.watch_cells(0, condition="step < 2000"),
        "expression": lambda: session.stops.watch_expression("mem[1] > 9 and mem[2] > 9", condition="step < 2000"),
        "never": lambda: session.stops.add(13, condition="step < 0"),
    }
    print("\nbackwards / forwards, the same stop looked for over the whole run")
    for name, add in places.items():
        session.stops.clear()
        session.restart()
        add()
        rows = []
        for _ in range(3):
            session.restart()
            session.restart()
            forwards = clock(lambda: _run_through(session))
            session.to_end()
            backwards = clock(session.reverse_continue)
            rows.append((forwards, backwards))
        ratio = statistics.median(b / f for f, b in rows)
        print(f"  {name:26} {ratio:5.2f} x   ({statistics.median(b for _, b in rows):.2f} s backwards)")


def _run_through(session: Session) -> None:
    """Forwards over the whole run, past every stop."""
    while not session.continue_().at_end:
        pass


def interruptions(steps: int) -> None:
    """How long a search goes on after it was told to stop, both ways."""
    program, settings = Program.parse(WORKLOADS["loops, 64 KiB"][0], BF), settings_of(BF, 1 << 16, steps)
    session = Session(program, b"", settings, machine=Machine)
    session.find_end()
    session.stops.add(13, condition="step < 0", rule=">= 3")
    for name, move, start in (("forwards", session.continue_, 0), ("backwards", session.reverse_continue, None)):
        waits = []
        for _ in range(12):
            session.to_end() if start is None else session.restart()
            asked, stopped = threading.Event(), [0.0]

            def ask(asked: threading.Event = asked, stopped: list[float] = stopped) -> None:
                stopped[0] = time.perf_counter()
                asked.set()

            timer = threading.Timer(0.05, ask)
            timer.start()
            move(interrupt=asked)
            if stopped[0]:
                waits.append(time.perf_counter() - stopped[0])
            timer.join()
        print(f"  stops {name} within {max(waits, default=0) * 1e3:.0f} ms of being told to (most of {len(waits)})")


def questions(steps: int) -> None:
    """A first and a repeated answer, from the far end of a run."""
    program, settings = Program.parse(WORKLOADS["loops, 64 KiB"][0], BF), settings_of(BF, 1 << 16, steps)
    asked: dict[str, Callable[[Session], Any]] = {
        "last write of a cell never written": lambda s: s.find.last(Question.cells(4000)),
        "last read of a cell": lambda s: s.find.last(Question.cells(0, access=Access.READ)),
        "first change of a range": lambda s: s.find.nth(Question.cells(4000, 50, access=Access.CHANGE), 1),
        "the 1,000,000th execution": lambda s: s.find.nth(Question.instruction(13), 1_000_000),
        "how often it is executed": lambda s: s.find.count(Question.instruction(13)),
        "first mem[4000] == 5": lambda s: s.find.nth(Question.becomes_true("mem[4000] == 5"), 1),
        "last mem[0] > 200 and mem[1] > 9": lambda s: s.find.last(Question.becomes_true("mem[0] > 200 and mem[1] > 9")),
        "last cell0 == 300": lambda s: s.find.last(Question.becomes_true("cell0 == 300")),
        "last h0 == 77": lambda s: s.find.last(Question.becomes_true("h0 == 77")),
        "when output byte 0 was written": lambda s: s.find.output_written(0),
        "where two runs differ": lambda s: s.find.divergence("branch:1"),
    }
    print(f"\nquestions over {steps:,} steps: first, repeated")
    for name, ask in asked.items():
        session = Session(program, b"", settings, machine=Machine)
        session.to_end()
        if name.startswith("where"):
            twin_of(session)
        first, again = (clock(partial(ask, session)) for _ in range(2))
        print(f"  {name:36} {first:6.2f} s {again * 1e3:8.1f} ms")


def twin_of(session: Session) -> None:
    """A branch that is forked late and stays alike to the end."""
    from gpdebug.debugger.edits import SetCells

    session.step_back()
    session.edit(SetCells(5000, b"x"))
    session.to_end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1_000_000_000)
    parser.add_argument("--moves", type=int, default=300)
    parser.add_argument("--smoke", action="store_true", help="a short run, to see that everything works")
    options = parser.parse_args()
    if options.smoke:
        options.steps, options.moves = 2_000_000, 20
    warm_up()
    for name in WORKLOADS:
        travel(name, options.steps, options.moves)
    print(f"most memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    searches(options.steps // 10)
    interruptions(options.steps)
    questions(options.steps // 10)


if __name__ == "__main__":
    main()
