from __future__ import annotations

from collections.abc import Callable

import pytest

from gpdebug.debugger import checkpoints, timeline
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.session import Session
from vm.dialect import BUILT_IN
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine

Open = Callable[..., Session]


@pytest.fixture(params=[ReferenceMachine, Machine], ids=["reference", "compiled"])
def machine(request: pytest.FixtureRequest) -> MachineType:
    chosen: MachineType = request.param
    return chosen


@pytest.fixture
def open_session(machine: MachineType) -> Open:
    """Opens a session on source text, on each kind of machine."""

    def open_(source: str, dialect: str = "bf", data: bytes = b"", **settings: object) -> Session:
        language = BUILT_IN[dialect].with_settings(**settings)
        return Session(Program.parse(source, language), data, machine=machine)

    return open_


class After:
    """An interrupt that is set from its n-th question on."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.fixture
def short_runs_with_many_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a run of 300 steps what one of 10^9 is: checkpoints on the way, at short distances."""
    monkeypatch.setattr(timeline, "STRETCH_SECONDS", 0)
    monkeypatch.setattr(timeline, "DEAREST", 1e9)
    monkeypatch.setattr(checkpoints, "FIRST_INTERVAL", 8)
