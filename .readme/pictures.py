"""Makes the pictures of the README from the real screens: run it from the root of a checkout.

python .readme/pictures.py
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import tempfile
from pathlib import Path

from gpdebug.store.opening import open_path
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.evolve import EvolveScreen

SIZE = (120, 36)
FOLDER = Path(__file__).parent
TO_A_STOP = ["enter", "wait", *"12s", "m", "colon", *"break 12 if h1 == 130", "enter", "c", "m", *"9s", "l", "l"]
TO_WHY = ["enter", "wait", "colon", *"goto 100%", "enter", "wait", "y", "enter", "wait"]
EVOLVED = 200
"""The generation from which on a run is shown as it evolves."""
TASK = "sort"
"""What it evolves for: something that is not solved by then."""
PICTURES = {
    "population": ("reverse", []),
    "debug": ("reverse", TO_A_STOP),
    "explain": ("triple", [*TO_WHY, "i", *5 * ["down"], "enter", "wait", "a", "wait"]),
    "diff": ("reverse", [*TO_A_STOP, "d", "b", "A", "enter"]),
}


def self_contained(svg: str) -> str:
    """The picture without the fonts that it would fetch and without the number that names its styles."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    return svg.replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")


async def picture(source: str, keys: list[str]) -> str:
    """What the screen shows after some keys."""
    app = GpdebugApp(open_path(source))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(3)
        for key in keys:
            if key == "wait":
                await pilot.pause(3)
            else:
                await pilot.press("space" if key == " " else key)
                await pilot.pause(0.2)
        await pilot.pause(1)
        return app.export_screenshot()


async def evolving(task: str) -> str:
    """A run as it evolves, some hundred generations on, in a folder that is deleted."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        app = GpdebugApp()
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("e", *task, "enter")
            assert isinstance(app.screen, EvolveScreen)
            evolution = app.screen.evolution
            while evolution.report is None or evolution.report.generation < EVOLVED:
                assert evolution.is_alive, evolution.problem or "it is over too soon: choose another task"
                await asyncio.sleep(0.1)
            await pilot.pause(0.3)
            shown = app.export_screenshot()
        app.evolutions.end(print)
    return shown


def main() -> None:
    """Writes one SVG for each picture."""
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp()
    shown = {name: picture(source, keys) for name, (source, keys) in PICTURES.items()}
    for name, showing in {**shown, "evolve": evolving(TASK)}.items():
        svg = self_contained(asyncio.run(showing))
        (FOLDER / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
