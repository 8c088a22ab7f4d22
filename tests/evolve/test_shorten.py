from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.genome import MAX_TOKENS, language_of, tidy, written
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.shorten import shortened, solves
from gpdebug.store.task import Task
from vm.evaluate import Programs


def shortened_source(source: str, task: Task, seed: int = 0) -> str:
    language = language_of(task.dialect)
    index = {chr(symbol): place for place, symbol in enumerate(language.symbols)}
    row = np.array([index[char] << 8 | 1 for char in source], np.uint16)
    size = tidy(row, len(row), language)
    genome = np.zeros(MAX_TOKENS, np.uint16)
    genome[:size] = row[:size]
    genome, size = shortened(genome, size, language, (seed, 0, 0), partial(solves, task))
    return written(genome[None], np.array([size], np.int32), language)[0].decode()


@pytest.mark.parametrize(
    ("name", "source", "length"),
    [
        ("echo", "+-><[.>{}}]<<[>>+]", 5),
        ("reverse", "}{[>]<[>+<.<}]++{", 9),
        ("add", "[-+->+<]>...[-]{", 8),
        ("text:A", "-" * 191 + "," + "-" * 200 + "+" * 9 + ".", 66),
    ],
)
def test_what_a_solution_does_not_need_goes_and_it_stays_right(name: str, source: str, length: int) -> None:
    task = catalogue.find(name)
    short = shortened_source(source, task)
    assert len(short) <= length
    assert not errors_on(task, Programs.of([short.encode()]), task.training + task.held_out)[0].any()


def test_what_cannot_be_shorter_stays_as_it_is() -> None:
    assert shortened_source("[->+<]>.", catalogue.find("add")) == "[->+<]>."
