"""Champions: the programs that selection liked best, measured on every case by the task's own scorer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gpdebug.evolve.judging import errors_on
from gpdebug.store.task import Task
from vm.evaluate import Programs

MOST_KNOWN = 4_096


@dataclass(frozen=True, slots=True)
class Champion:
    """A program and how good it is.

    Attributes:
        code: the program.
        error: on all training cases.
        solved_cases: training cases it is right on.
        held_out_error: on all held-out cases.
    """

    code: bytes
    error: int
    solved_cases: int
    held_out_error: int

    @property
    def is_solution(self) -> bool:
        """Right on every case."""
        return self.error == 0 and self.held_out_error == 0

    @property
    def rank(self) -> tuple[int, int, int, bytes]:
        """The smaller the better: error, then held-out error, then length."""
        return self.error, self.held_out_error, len(self.code), self.code


class Measured:
    """Champions by program, each measured once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._known: dict[bytes, Champion] = {}

    def of(self, codes: Iterable[bytes]) -> dict[bytes, Champion]:
        """The champions of programs."""
        wanted = dict.fromkeys(codes)
        new = [code for code in wanted if code not in self._known]
        if new:
            if len(self._known) + len(new) > MOST_KNOWN:
                self._known = {code: self._known[code] for code in wanted if code in self._known}
            self._known |= {champion.code: champion for champion in self._measure(new)}
        return {code: self._known[code] for code in wanted}

    def _measure(self, codes: list[bytes]) -> list[Champion]:
        programs = Programs.of(codes)
        errors, _ = errors_on(self._task, programs, self._task.training)
        held_out = np.zeros(len(codes), np.int64)
        if self._task.held_out:
            held_out = errors_on(self._task, programs, self._task.held_out)[0].sum(axis=1)
        return [
            Champion(code, int(row.sum()), int((row == 0).sum()), int(out))
            for code, row, out in zip(codes, errors, held_out, strict=True)
        ]
