"""Stops inside a run: instructions, conditions and hit rules, as the machines need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from vm.conditions import Condition
from vm.state import State


class HitKind(IntEnum):
    """How the number of hits decides whether a stop fires."""

    ALWAYS = 0
    EQUAL = 1
    AT_LEAST = 2
    EVERY = 3


@dataclass(frozen=True, slots=True)
class HitRule:
    """Fires always, on hit `== count`, from hit `>= count` on, or on every `% count`-th hit."""

    kind: HitKind = HitKind.ALWAYS
    count: int = 1

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a hit count must be at least 1, not {self.count}")

    def allows(self, hits: int) -> bool:
        """Whether the `hits`-th hit, from 1, fires."""
        match self.kind:
            case HitKind.EQUAL:
                return hits == self.count
            case HitKind.AT_LEAST:
                return hits >= self.count
            case HitKind.EVERY:
                return hits % self.count == 0
            case _:
                return True

    def __str__(self) -> str:
        sign = {HitKind.EQUAL: "==", HitKind.AT_LEAST: ">=", HitKind.EVERY: "%"}.get(self.kind)
        return f"{sign} {self.count}" if sign else ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Fires when pc reaches an instruction, its condition holds, and then its hit rule allows it."""

    instruction: int
    condition: Condition | None = None
    rule: HitRule = HitRule()


class StopSet:
    """The stops of a run and how often each was hit on the way: condition first, then count.

    Attributes:
        stops: in the order in which they are reported.
        hits: `int64[stops]`, counted by the machine that runs; part of the position in a run, so it is
            saved and put back with it.
        pausing: False makes the machine count hits without ever pausing.
    """

    def __init__(self, stops: Sequence[Stop], *, pausing: bool = True) -> None:
        self.stops = tuple(stops)
        self.hits = np.zeros(len(self.stops), np.int64)
        self.fired = np.zeros(len(self.stops), np.uint8)
        self.pausing = pausing

    def watches(self, instruction: int) -> bool:
        """Whether any stop is at an instruction."""
        return any(stop.instruction == instruction for stop in self.stops)

    def arrive(self, state: State, *, data: bytes, output: bytes) -> bool:
        """Counts the hits of one moment, about to execute its pc; whether the machine is to pause there.

        Args:
            state: the moment.
            data: the whole input.
            output: the output as of the moment (`vm.state.output_of`).
        """
        self.fired[:] = 0
        for index, stop in enumerate(self.stops):
            if stop.instruction != state.pc:
                continue
            hits = int(self.hits[index]) + 1
            if stop.condition and not stop.condition.value(state, data=data, output=output, hits=hits):
                continue
            self.hits[index] = hits
            self.fired[index] = stop.rule.allows(hits)
        return self.pausing and bool(self.fired.any())
