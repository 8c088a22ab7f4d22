"""Explaining a run of a million steps, whole, and drawing its circuit.

    python tests/benchmarks/bench_explain.py [case]

Of each run: the trace, what depends on what, the slice, its leaves and lines, the sum and the replay that check it,
and its text; then the circuit, its layout and its drawing. Every case has a process of its own, so that its peak of
memory is its own; kernels are loaded before. All times are processor times. The targets are 2 s and 1 GiB for the
answer, and 100 ms for laying its circuit out and drawing it.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.circuit.build import circuit_of
from gpdebug.explain.circuit.drawing import draw
from gpdebug.explain.circuit.layout import lay_out
from gpdebug.explain.criteria import CellAt
from gpdebug.explain.parts import Kind
from gpdebug.explain.present import to_lines
from vm.dialect import BF, BFF, TAPE
from vm.program import Program

SECONDS, MEBIBYTES, DRAWING = 2.0, 1024, 0.1
STEPS = 1_000_000
EVERYTHING = ~Kind(0)


def _bf(text: str, cells: int) -> Program:
    return Program.parse(text, BF.with_settings(limit=STEPS, memory=cells))


CASES: dict[str, tuple[Callable[[], Program], int, Kind]] = {
    "loops, value": (lambda: _bf("+[>+++[->+<]<]", 30_000), 2, Kind.VALUE),
    "loops, all": (lambda: _bf("+[>+++[->+<]<]", 30_000), 2, EVERYTHING),
    "a walk, value and control": (lambda: _bf("+[>+]", 1 << 20), 300_000, Kind.VALUE | Kind.CONTROL),
    "a walk, all": (lambda: _bf("+[>+]", 1 << 20), 300_000, EVERYTHING),
    "two heads, all": (lambda: Program.parse("+[}>+.,<{[->+<]+]", TAPE.with_settings(limit=STEPS)), 0, EVERYTHING),
    "its own memory, all": (lambda: _living(0), 127, EVERYTHING),
}


def _living(seed: int) -> Program:
    chooser = random.Random(seed)
    return Program(bytes(chooser.choice(b"<>{}+-.,[]aaaa") for _ in range(128)), BFF.with_settings(limit=STEPS))


def measure(name: str) -> bool:
    """Prints the figures of a case; whether it keeps to the targets."""
    make, cell, kinds = CASES[name]
    program = make()
    _explained(Program.parse("++[>+++<-]>", program.dialect), 0, kinds)
    begun = time.process_time()
    found = _explained(program, cell, kinds)
    explained, peak = time.process_time() - begun, _peak()
    circuit = circuit_of(found)
    made = time.process_time() - begun - explained
    draw(lay_out(circuit))
    drawing = time.process_time() - begun - explained - made
    size = f"{len(found.slice):9,} of {len(found.slice.flow):9,} steps"
    shown = f"{len(circuit.nodes):3} of {circuit.all_nodes:9,} nodes"
    print(f"{name:28} {size}: {explained:4.2f} s, {peak:5,} MiB;", end=" ")
    print(f"circuit {shown}: {made:4.2f} s, {_peak():5,} MiB, drawn {drawing * 1000:3.0f} ms", flush=True)
    return explained <= SECONDS and peak <= MEBIBYTES and drawing <= DRAWING


def _peak() -> int:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _explained(program: Program, cell: int, kinds: Kind) -> Explanation:
    found = explain(program, b"", program.dialect.settings, CellAt(cell), kinds)
    assert found.is_confirmed
    to_lines(found)
    return found


def main() -> None:
    """Prints the figures of all cases, or of one; exits 1 if a target is missed."""
    if len(sys.argv) > 1:
        sys.exit(int(not measure(sys.argv[1])))
    missed = [name for name in CASES if subprocess.run([sys.executable, __file__, name]).returncode]
    print(f"targets {SECONDS:g} s, {MEBIBYTES:,} MiB, {DRAWING * 1000:.0f} ms:", "missed" if missed else "kept")
    sys.exit(int(bool(missed)))


if __name__ == "__main__":
    main()
