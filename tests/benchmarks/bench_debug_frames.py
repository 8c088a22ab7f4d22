"""From a key to the frame it leads to, on the debug screen at 160x45: `python tests/benchmarks/bench_debug_frames.py`.

A 10,000-instruction program with 64 KiB, and one with 2^24 cells of memory. Time is from the
key to the last frame it leads to, as terminal codes: the session's thread, messages, layout, drawing, and the
wait for the next of the 60 frames a second are in it.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.screen import Screen

from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.debug import DebugScreen
from vm.dialect import TAPE
from vm.program import Program

SIZE = (160, 45)
REPEATS = 40
LIMIT_MS = 50.0
QUIET = 0.08
"""Seconds without a frame after which a key has led to all it leads to."""


class BenchApp(GpdebugApp):
    """Shows the debug screen at once and notes when a frame is drawn; without a terminal it draws all the same."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        self.drawn = 0.0

    def first_screen(self) -> Screen[None]:
        """The debug screen, with the session in a thread as usual."""
        return DebugScreen(self._program, data=b"benchmark")

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
        if renderable is not None:
            self.drawn = time.perf_counter()


async def measure(app: BenchApp, keys: Sequence[str]) -> list[float]:
    """Milliseconds from each key to the last frame that it leads to."""
    times: list[float] = []
    for key in keys:
        before = time.perf_counter()
        app.simulate_key(key)
        while time.perf_counter() - max(before, app.drawn) < QUIET:
            await asyncio.sleep(0.002)
        if app.drawn > before:
            times.append(1000 * (app.drawn - before))
    return times


def describe(name: str, times: list[float]) -> bool:
    """Prints a line of figures; whether the limit holds."""
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    verdict = "ok" if p95 <= LIMIT_MS else f"over {LIMIT_MS:.0f} ms"
    print(f"{name:<44} median {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   {verdict}")
    return p95 <= LIMIT_MS


async def bench(title: str, program: Program) -> bool:
    """Times a few keys on one program."""
    app = BenchApp(program)
    good = True
    async with app.run_test(size=SIZE) as pilot:
        while app.machine_type is None:
            await pilot.pause(0.1)
        await pilot.pause(1.0)
        for name, keys in (
            ("step", ["s"] * REPEATS),
            ("step back", ["S"] * REPEATS),
            ("cursor down", ["down"] * REPEATS),
            ("program page down, up", ["pagedown", "pageup"] * (REPEATS // 2)),
        ):
            good &= describe(f"{title}: {name}", await measure(app, keys))
        await pilot.press("v")
        good &= describe(f"{title}: listing, page down", await measure(app, ["pagedown"] * REPEATS))
        screen = app.screen
        assert isinstance(screen, DebugScreen)
        screen.memory.focus()
        await pilot.pause()
        for name, keys in (
            ("memory page down", ["pagedown"] * REPEATS),
            ("memory end, home", ["end", "home"] * (REPEATS // 2)),
            ("memory format", ["x"] * REPEATS),
        ):
            good &= describe(f"{title}: {name}", await measure(app, keys))
    return good


def main() -> None:
    """Runs both; exits 1 if a limit is broken."""
    chooser = random.Random(7)
    source = "".join(chooser.choice("<>{}+-.,[]") for _ in range(10_000))
    good = True
    for title, cells in (("10,000 instructions, 64 KiB", 1 << 16), ("10,000 instructions, 16 MiB", 1 << 24)):
        good &= asyncio.run(bench(title, Program.parse(source, TAPE.with_settings(memory=cells))))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
