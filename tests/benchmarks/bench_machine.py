"""The run loop against a C switch interpreter, and what stops cost: ratios taken back to back in one run.

python tests/benchmarks/bench_machine.py [--rounds 7] [--steps 20000000]
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
from pathlib import Path
from typing import Any

import numpy as np

from vm.conditions import parse
from vm.dialect import BF, BFF, TAPE, Dialect, Primitive
from vm.jit import warm_up
from vm.layout import pack_registers, pack_settings
from vm.machine import Machine
from vm.profile import Profiler
from vm.program import Program
from vm.settings import Edge, Settings, Unmatched
from vm.state import initial_state
from vm.stops import Stop, StopSet

HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."


def workloads() -> dict[str, tuple[str, Dialect]]:
    """Programs that run long: nested loops, a text printed for ever, random ones that spin, and evolved shapes."""
    programs = {
        "nested loops": ("+[>+[>+[>+[<+>-]<-]<-]<+]", BF),
        "hello for ever": (f"+[{HELLO}[<]<[-]+]", BF),
        "straight 10,000": ("+[" + "+>-<" * 2500 + "]", TAPE),
        "copy loops": ("+[>+[.>}]<[<]+]", TAPE),
    }
    for seed in (0, 1, 2, 5):
        chance = random.Random(seed)
        programs[f"random {seed}"] = ("+[" + "".join(chance.choices("><}{+-.,[]", k=1000)) + "+]", TAPE)
    return programs


def c_interpreter() -> ctypes.CDLL | None:
    """The C interpreter, built with gcc -O3; None without gcc."""
    if shutil.which("gcc") is None:
        return None
    source = Path(__file__).with_name("switch_interpreter.c")
    library = Path(tempfile.mkdtemp()) / "switch_interpreter.so"
    subprocess.run(["gcc", "-O3", "-shared", "-fPIC", "-o", library, source], check=True)
    return ctypes.CDLL(str(library))


def pointer(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def run_in_c(library: ctypes.CDLL, program: Program, settings: Settings) -> tuple[float, int]:
    """Seconds and steps of one run."""
    state = initial_state(program, b"", settings)
    ops, partners, memory = program.primitives.copy(), program.partners.copy(), state.memory.copy()
    if settings.unmatched is Unmatched.IGNORE:
        ops[program.unmatched] = Primitive.NOP
    arguments = program.arguments.copy()
    moves = (ops == Primitive.MOVE0) | (ops == Primitive.MOVE1)
    if settings.edge is Edge.WRAP:
        arguments[moves] %= settings.memory
    registers, packed = pack_registers(state), pack_settings(program.dialect, settings)
    data, output = np.zeros(1, np.uint8), np.empty(settings.out_limit, np.uint8)
    size = ctypes.c_int64
    began = time.perf_counter()
    library.run(
        pointer(ops), pointer(arguments), pointer(partners), size(len(ops)), pointer(memory), size(len(memory)),
        pointer(data), size(0), pointer(output), pointer(registers), pointer(packed),
    )  # fmt: skip
    return time.perf_counter() - began, int(registers[3])


def run_bare(program: Program, settings: Settings) -> tuple[float, int]:
    machine = Machine(program, b"", settings)
    began = time.perf_counter()
    machine.run()
    return time.perf_counter() - began, machine.steps


def run_with(stops: StopSet) -> Callable[[Program, Settings], tuple[float, int]]:
    def run(program: Program, settings: Settings) -> tuple[float, int]:
        machine = Machine(program, b"", settings)
        began = time.perf_counter()
        machine.run(stops)
        return time.perf_counter() - began, machine.steps

    return run


def run_profiled(program: Program, settings: Settings) -> tuple[float, int]:
    profiler = Profiler(program, b"", settings)
    began = time.perf_counter()
    profiler.advance(settings.limit, settings.limit)
    return time.perf_counter() - began, profiler.steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20_000_000)
    options = parser.parse_args()
    warm_up()
    library = c_interpreter()
    print("ns a step, medians; ratios are medians of back-to-back pairs\n")
    print(f"{'workload':16} {'C switch':>9} {'bare':>6} {'C/bare':>7} {'stops/bare':>11} {'profile/bare':>13}")
    ratios: list[tuple[float, float]] = []
    for name, (text, dialect) in workloads().items():
        program = Program.parse(text, dialect)
        settings = dialect.settings.with_changes(
            {"limit": options.steps, "unmatched": "ignore", "out_limit": 1 << 26, "memory": 256}
        )
        idle = [Stop(index, parse("step < 0")) for index in never_run(program, settings)[:8]]
        stopped = run_with(StopSet(idle or [Stop(len(program) - 1, parse("step < 0"))]))
        rows = []
        for _ in range(options.rounds):
            native = run_in_c(library, program, settings) if library else (float("nan"), 1)
            rows.append(
                [native, run_bare(program, settings), stopped(program, settings), run_profiled(program, settings)]
            )
        per_step = [[seconds / steps * 1e9 for seconds, steps in row] for row in rows]
        c, bare = (statistics.median(row[column] for row in per_step) for column in (0, 1))
        against_c = statistics.median(row[0] / row[1] for row in per_step)
        against_bare = statistics.median(row[2] / row[1] for row in per_step)
        profile_cost = statistics.median(row[3] / row[1] for row in per_step)
        ratios.append((against_c, against_bare))
        print(f"{name:16} {c:9.2f} {bare:6.2f} {against_c:7.2f} {against_bare:11.2f} {profile_cost:13.2f}")
    print(f"\nmedian of workloads: C/bare {statistics.median(r[0] for r in ratios):.2f}", end=", ")
    print(f"stops/bare {statistics.median(r[1] for r in ratios):.2f}")
    conditional(options.steps // 20)
    self_modifying(options.rounds)


def never_run(program: Program, settings: Settings) -> list[int]:
    """Instructions that the run never reaches: where breakpoints wait that do not fire."""
    profiler = Profiler(program, b"", settings)
    profiler.advance(min(settings.limit, 2_000_000), 2_000_000)
    return np.flatnonzero(profiler.profile().executions == 0).tolist()


def conditional(steps: int) -> None:
    """Checks a second of a condition that is evaluated in a tight loop and never holds."""
    program = Program.parse("+[>+<]", TAPE)
    settings = TAPE.settings.with_changes({"limit": steps * 4})
    seconds, made = run_with(StopSet([Stop(2, parse("mem[3] > 5 and h0 == 1"))]))(program, settings)
    print(f"a condition in a loop: {made / 4 / seconds / 1e6:.0f} million checks/s")


def self_modifying(rounds: int) -> None:
    """Steps a second of random soups, the program being the memory."""
    chance = random.Random(1)
    seconds = steps = 0.0
    for _ in range(200 * rounds):
        code = bytes(chance.choices(b"><}{+-.,[]", k=64)) + bytes(chance.randrange(256) for _ in range(64))
        spent, made = run_bare(Program(code, BFF), BFF.settings)
        seconds, steps = seconds + spent, steps + made
    print(f"self-modifying soups: {steps / seconds / 1e6:.0f} million steps/s")


if __name__ == "__main__":
    main()
