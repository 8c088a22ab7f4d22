"""What other programs that evolve programs of this kind reached, task by task, and where that is from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program.

    Attributes:
        name: what it is called.
        source: where the figures are from.
        hardware: what they were measured on.
    """

    name: str
    source: str
    hardware: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How long a peer took for a task.

    Attributes:
        peer: who.
        seconds: to a solution, the fastest of its runs where there are several.
        solved: False if it had not solved it after so long.
        extended: with an instruction set of its own, made for such tasks.
    """

    peer: Peer
    seconds: float
    solved: bool = True
    extended: bool = False


AI_PROGRAMMER = Peer(
    "AI-Programmer",
    "the published logs of one run a task, github.com/primaryobjects/AI-Programmer, folder Results",
    "Intel Core 2 Quad, 2.5 GHz",
)
BRAINFUCK_EVOLVED = Peer(
    "brainfuck-evolved",
    "github.com/kurtjd/brainfuck-evolved, compiled with -O3 and run with three seeds, the fastest",
    "one core of a cloud machine with two",
)

_LOGGED = {
    "text:hi": 52,
    "text:hello": 1713,
    "text:Hi!": 7644,
    "text:hello world": 7702,
    "text:reddit": 1362,
    "text:I love all humans": 36000,
    "add": 2698,
    "subtract": 4112,
    "xor": 2095,
    "length": 377,
    "reverse": 49,
    "hello-user": 1793,
    "if-then": 2824,
}
"""AI-Programmer with the eight instructions of `bf`: seconds."""

_LOGGED_EXTENDED = {
    "text:Keep Calm Keep Coding": 944,
    "double": 6353,
    "triple": 5165,
    "cats": 10209,
    "trim-left": 9030,
    "in-quotes": 6478,
    "between-quotes": 1810,
    "csv-split": 173,
    "xml-to-json": 6866,
    "fibonacci-4": 3731,
    "bottles": 2957,
    "warning": 48,
}
"""AI-Programmer with digits that set a cell, a storage register, partly functions: seconds, of two runs the fewer."""

_RUN = {"text:hi": 0.07, "text:hello": 0.4, "text:Brainfuck": 19.0}
"""brainfuck-evolved: seconds."""


def _figures() -> dict[str, tuple[Figure, ...]]:
    known: dict[str, list[Figure]] = {}
    for task, seconds in _LOGGED.items():
        known.setdefault(task, []).append(Figure(AI_PROGRAMMER, seconds))
    for task, seconds in _LOGGED_EXTENDED.items():
        known.setdefault(task, []).append(Figure(AI_PROGRAMMER, seconds, extended=True))
    for task, fastest in _RUN.items():
        known.setdefault(task, []).append(Figure(BRAINFUCK_EVOLVED, fastest))
    known["text:Hello, world!"] = [Figure(BRAINFUCK_EVOLVED, 30.0, solved=False)]
    return {task: tuple(sorted(figures, key=lambda figure: figure.seconds)) for task, figures in known.items()}


FIGURES = _figures()
"""By task, the fastest first."""


def best(task: str) -> Figure | None:
    """The fastest peer at a task, None where nobody told a time."""
    return FIGURES[task][0] if task in FIGURES else None
