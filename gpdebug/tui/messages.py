"""What screens ask the application for."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.store.task import Task
from vm.program import Program


@dataclass
class DebugRequested(Message):
    """A program is to be debugged: the arguments of `GpdebugApp.open_debugger`."""

    program: Program
    task: Task | None = None
    individual: Individual | None = None
    case: int = 0
    title: str = ""
    individuals: Individuals | None = None
    beside: int | None = None
    why: bool = False


@dataclass
class OpenRequested(Message):
    """A run, a file or a sample is to be opened, by the text a user gave."""

    source: str


@dataclass
class ProblemFound(Message):
    """Something a user asked for cannot be done: one sentence, with what to do about it."""

    text: str
