"""A process that evolves, made up: what it tells, and what it hears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from textual.screen import Screen

from gpdebug.evolve.live import Improvement, Leader, Preparation, Report, State
from gpdebug.evolve.remote import Ending
from gpdebug.tui.app import GpdebugApp

ERRORS = (0, 0, 1, 2, 3, 4, 5, 6)


def leader(id: int, code: bytes, errors: Sequence[int] = ERRORS, island: int = 0) -> Leader:
    return Leader(island, id, code, sum(errors), list(errors).count(0), tuple(errors), "segment inserted", 7)


LEADERS = (leader(40, b"[>]<[.<}]-"), leader(41, b"[>]<[.<}]+"), leader(42, b"+.", (9,) * 8, 1))
FIRST = Report(
    state=State.RUNNING, generation=120, evaluations=1_234_567, seconds=65, programs_per_s=58_300, error=21,
    held_out_error=30, solved_cases=2, code=LEADERS[0].code, budget_used=0.25, seconds_left=235, saved=64, islands=2,
    rows=tuple({"generation": at, "best": 2_000 // (at + 1), "q1": 40.0, "median": 60.0, "q3": 95.0, "diversity": 0.5,
                "mean_steps": 1_204.0, "success_mutation": 0.015, "success_two_point": 0.1} for at in range(121)),
    leaders=LEADERS,
    improvements=(Improvement(0, 2_000, 2_000, b"+", "random"),
                  Improvement(120, 21, 30, LEADERS[0].code, "segment inserted")),
)  # fmt: skip


class FakeRemote:
    """A process that does nothing by itself."""

    made: ClassVar[list[FakeRemote]] = []

    def __init__(self, told: Callable[[Report | Preparation], object], ended: Callable[[Ending], object]) -> None:
        self.told, self.ended = told, ended
        self.words: list[str] = []
        self.heard: list[str] = []
        self.made.append(self)

    def start(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def tell(self, word: str) -> None:
        self.heard.append(word)

    def kill(self) -> None:
        self.heard.append("kill")

    def end(self, patience: float) -> bool:
        self.heard.append("end")
        return True


@pytest.fixture(autouse=True)
def fake_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[FakeRemote]:
    monkeypatch.setattr("gpdebug.tui.evolution.Remote", FakeRemote)
    monkeypatch.setattr(FakeRemote, "made", [])
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return FakeRemote.made


def text_of(shown: GpdebugApp | Screen[None]) -> str:
    """All that the screen shows."""
    screen = shown.screen if isinstance(shown, GpdebugApp) else shown
    return "\n".join("".join(segment.text for segment in line) for line in screen._compositor.render_strips())


# The form
