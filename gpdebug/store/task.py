"""A task: the machine, the cases and the measure that programs are evolved and judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpdebug.store.cases import Case, CaseFile, read_case_file, read_cases
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from vm.dialect import Dialect, Io
from vm.errors import DialectError
from vm.scoring import Scorer

__all__ = ["Case", "CaseFile", "Task", "read_case_file", "read_cases"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of programs.

    Attributes:
        name: how users call it.
        dialect: the language, with the settings of its machine.
        training: the cases that programs are selected by.
        held_out: further cases that show whether a program learned the task or only its cases.
        scorer: how far an output is from the wanted one.
        description: one line for people.
        origin: where it is from: `catalogue`, a file, a text.

    Raises:
        StoreError: an input does not fit into the memory.
    """

    name: str
    dialect: Dialect
    training: tuple[Case, ...]
    held_out: tuple[Case, ...] = ()
    scorer: Scorer = Scorer.BYTES
    description: str = ""
    origin: str = ""

    def __post_init__(self) -> None:
        for kind, cases in (("training", self.training), ("held_out", self.held_out)):
            for index, case in enumerate(cases):
                self._require_fit(case, f"{kind}[{index}]")

    def _require_fit(self, case: Case, key: str) -> None:
        settings = self.dialect.settings
        room = settings.memory - settings.in_at
        if self.dialect.io is Io.REGIONS and len(case.input) > room:
            raise StoreError(
                f"{key}: the input has {len(case.input):,} bytes, but from cell {settings.in_at:,} the memory"
                f" has room for {room:,}",
                hint="use a larger memory or a shorter input",
            )
        if self.dialect.io is Io.TAPE and case.input:
            raise StoreError(
                f"{key}: {self.dialect.name} takes no input", hint="leave the input empty or use another dialect"
            )

    def to_dict(self) -> dict[str, Any]:
        """The task in full, as JSON can hold it; `from_dict` reads it back."""
        return {
            "name": self.name,
            "description": self.description,
            "origin": self.origin,
            "scorer": str(self.scorer),
            "dialect": self.dialect.to_dict(),
            "training": [case.to_dict() for case in self.training],
            "held_out": [case.to_dict() for case in self.held_out],
        }

    @classmethod
    def from_dict(cls, data: object, key: str = "task") -> Task:
        """Reads a task.

        Args:
            data: the keys of `to_dict`; all but `name`, `dialect` and `training` may be missing.
            key: what errors call it.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        fields = Fields(data, key)
        return cls(
            name=fields.text("name"),
            dialect=read_dialect(fields.object("dialect"), fields.name("dialect")),
            training=_cases(fields, "training", fields.items("training")),
            held_out=_cases(fields, "held_out", fields.items("held_out", [])),
            scorer=fields.choice("scorer", Scorer, Scorer.BYTES),
            description=fields.text("description", ""),
            origin=fields.text("origin", ""),
        )


def read_dialect(data: Mapping[str, Any], key: str = "dialect") -> Dialect:
    """Reads a dialect that is part of a document.

    Raises:
        StoreError: names the wrong key and what was expected there.
    """
    try:
        return Dialect.from_dict(data)
    except DialectError as error:
        raise StoreError(f"{key}.{error}") from None


def _cases(fields: Fields, key: str, items: list[Any]) -> tuple[Case, ...]:
    cases = []
    for index, item in enumerate(items):
        name = f"{fields.name(key)}[{index}]"
        row = Fields(item, name).data
        try:
            cases.append(Case.from_dict(row))
        except StoreError as error:
            raise StoreError(f"{name}.{error.what}", hint=error.hint) from None
    return tuple(cases)
