"""Cases: what goes in and what is to come out, and files of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpdebug.store.errors import StoreError
from gpdebug.store.fields import shown
from gpdebug.store.rows import bytes_of, read_rows

GLANCE = 6
"""Bytes of an input that one takes in at a glance."""


@dataclass(frozen=True, slots=True)
class Case:
    """One demand on a program: this output for this input."""

    input: bytes
    output: bytes

    def to_dict(self) -> dict[str, str]:
        """The case as JSON can hold it."""
        return {"input_hex": self.input.hex(), "output_hex": self.output.hex()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Case:
        """Reads a case in any of the forms that `rows.bytes_of` takes.

        Raises:
            StoreError: the input or output is missing, or not bytes.
        """
        return cls(bytes_of(data, "input"), bytes_of(data, "output"))


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a file: those to train on, and those held out to see what was learned."""

    training: tuple[Case, ...]
    held_out: tuple[Case, ...]


def telling_case(cases: Sequence[Case], errors: Sequence[int] | None) -> int:
    """The case to begin with: the first that fails, else one whose input one takes in at a glance."""
    wrong = (case for case, error in enumerate(errors or ()) if error)
    by_glance = min(range(len(cases)), key=lambda case: abs(len(cases[case].input) - GLANCE), default=0)
    return next(wrong, by_glance)


def read_case_file(path: str | Path) -> CaseFile:
    """Reads a `.jsonl` or `.csv` file of cases; a row with `held_out` true is a held-out case.

    Raises:
        StoreError: the file cannot be read, has no case, or a case is not bytes; names the line.
    """
    path = Path(path)
    training: list[Case] = []
    held_out: list[Case] = []
    for place, row in read_rows(path):
        try:
            (held_out if _is_held_out(row) else training).append(Case.from_dict(row))
        except StoreError as error:
            raise error.at(f"{path}: {place}") from None
    if not training and not held_out:
        raise StoreError("holds no case", where=path, hint="give one row a case, with an input and an output")
    return CaseFile(tuple(training), tuple(held_out))


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """Reads all cases of a file, held-out ones last; `read_case_file` tells them apart."""
    cases = read_case_file(path)
    return cases.training + cases.held_out


def _is_held_out(row: Mapping[str, Any]) -> bool:
    value = row.get("held_out", False)
    if isinstance(value, bool):
        return value
    words = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}
    if not isinstance(value, str) or value.strip().lower() not in words:
        raise StoreError(f"held_out: expected true or false, not {shown(value)}")
    return words[value.strip().lower()]
