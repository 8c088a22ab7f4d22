"""Real programs, tasks and populations for the tests of the store."""

from __future__ import annotations

import random

import numpy as np

from gpdebug.store.population import Population
from gpdebug.store.task import Case, Task
from vm.dialect import TAPE
from vm.evaluate import Programs
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import Scorer, case_error
from vm.state import output_of

REVERSE = "[>]<[.<}]"
OPERATORS = ("random", "mutation", "crossover")


def reverse_task() -> Task:
    texts = (b"", b"a", b"ab", b"hello", b"\xff\x01")
    held_out = (b"kory", b"jamie")
    return Task(
        name="reverse",
        dialect=TAPE.with_settings(limit=500),
        training=tuple(Case(text, text[::-1]) for text in texts),
        held_out=tuple(Case(text, text[::-1]) for text in held_out),
        scorer=Scorer.BYTES,
        description="text -> reversed",
        origin="catalogue",
    )


def random_codes(count: int, seed: int = 0) -> list[bytes]:
    """`count` programs of 0 to 29 symbols; the first is the one that reverses a text."""
    generator = random.Random(seed)
    symbols = list(TAPE.symbols)
    codes = ["".join(generator.choices(symbols, k=generator.randrange(30))) for _ in range(count)]
    return [code.encode() for code in [REVERSE, *codes[1:]]][:count]


def judged(code: bytes, task: Task) -> tuple[list[int], int]:
    """The errors of a program on the training cases, and its steps over all of them."""
    program = Program(code, task.dialect)
    errors, steps = [], 0
    for case in task.training:
        machine = ReferenceMachine(program, case.input)
        machine.run()
        output = output_of(machine.snapshot(), task.dialect, machine.settings)
        errors.append(case_error(task.scorer, output, case.output, machine.status))
        steps += machine.steps
    return errors, steps


def population(count: int = 12, generation: int = 3, task: Task | None = None) -> Population:
    """A population with every column, its errors and steps true."""
    task = task or reverse_task()
    codes = random_codes(count)
    results = [judged(code, task) for code in codes]
    errors = np.array([errors for errors, _ in results], np.int64).reshape(count, len(task.training))
    parents = np.arange(2 * count, dtype=np.int64).reshape(count, 2)
    parents[::3] = -1
    return Population(
        name="reverse",
        dialect=task.dialect,
        task=task,
        generation=generation,
        programs=Programs.of(codes),
        ids=np.arange(100, 100 + count, dtype=np.int64),
        parents=parents,
        operators=OPERATORS,
        operator=(np.arange(count) % 3).astype(np.uint8),
        born=(np.arange(count) % (generation + 1)).astype(np.int32),
        island=(np.arange(count) % 2).astype(np.int16),
        errors=errors,
        error=errors.sum(axis=1),
        steps=np.array([steps for _, steps in results], np.int64),
    )
