"""Conditions on the state of a run: parsed once into postfix code that every machine evaluates alike."""

from __future__ import annotations

from dataclasses import dataclass

from vm.state import State


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked expression."""

    text: str

    def value(self, state: State, data: bytes, hits: int) -> int:
        """Its value at a moment."""
        raise RuntimeError
