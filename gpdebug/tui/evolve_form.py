"""A run to begin, as a form: what the user wrote, what is wrong with it, and the command that it means."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from gpdebug.evolve import catalogue, tasks
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.errors import EvolveError, SearchError
from gpdebug.evolve.options import AUTO, OPTIONS
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.dialects import find_dialect, user_files
from gpdebug.store.errors import StoreError
from gpdebug.store.rows import ROW_SUFFIXES
from gpdebug.store.run import require_free
from gpdebug.store.task import Task
from gpdebug.wording import counted
from vm.dialect import BUILT_IN
from vm.errors import VMError

RUNS = Path("runs")


class Field(StrEnum):
    """A text of the form."""

    TASK = "task"
    FOLDER = "folder"
    BUDGET = "budget"
    SEED = "seed"
    POPULATION = "population"
    ISLANDS = "islands"
    SEARCH = "search"
    DIALECT = "dialect"
    HELD_OUT = "held-out"


NUMBERS = (Field.SEED, Field.POPULATION, Field.ISLANDS)
_DEFAULTS = SearchSettings()


@dataclass(frozen=True, slots=True)
class EvolveForm:
    """What was written, as it was."""

    task: str = ""
    folder: str = ""
    budget: str = "5min"
    seed: str = str(_DEFAULTS.seed)
    population: str = str(_DEFAULTS.population)
    islands: str = str(_DEFAULTS.islands)
    search: str = ""
    dialect: str = ""
    held_out: str = ""

    @classmethod
    def of(cls, texts: dict[Field, str]) -> EvolveForm:
        """The form of what stands in its fields."""
        return cls(**{field.replace("-", "_"): texts[field].strip() for field in Field})

    @property
    def words(self) -> list[str]:
        """Arguments of `gpdebug evolve`."""
        words = [self.task, "--out", str(Path(self.folder).expanduser())]
        for text in self.budget.split():
            words += ["--budget", text]
        for field in NUMBERS:
            number = _number(field, getattr(self, field))
            if number != getattr(_DEFAULTS, field):
                words += [f"--{field}", str(number)]
        for name, value in _choices(self.search).items():
            words += ["--set", f"{name}={value}"]
        for name, text in (("--dialect", self.dialect), ("--held-out", self.held_out)):
            words += [name, text] if text else []
        return words

    @property
    def command(self) -> str:
        """The command line that does the same."""
        return shlex.join(["gpdebug", "evolve", *self.words])


@dataclass(frozen=True, slots=True)
class Checked:
    """What a form means.

    Attributes:
        problems: what is wrong, by field.
        hints: what is meant, or what can be written.
        task: what is to be evolved for; None where something is wrong with it, or a function is to tell.
    """

    problems: dict[Field, str]
    hints: dict[Field, str]
    task: Task | None

    @property
    def first_problem(self) -> Field | None:
        """The first field that is wrong."""
        return next((field for field in Field if field in self.problems), None)


def check(form: EvolveForm) -> Checked:
    """Tries everything but the evolving itself, and functions of the user's; it reads files: call it in a thread."""
    hints = {
        Field.BUDGET: "60s, 5min, 2h · 500k, 2M · none",
        Field.SEED: "the same seed gives the same run",
        Field.POPULATION: "individuals of an island",
        Field.ISLANDS: "searches side by side",
        Field.SEARCH: "NAME=VALUE …, else by the task",
        Field.DIALECT: "empty: the task's own",
        Field.HELD_OUT: "a file of cases to hold out",
    }
    problems: dict[Field, str] = {}

    def tried(field: Field, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (EvolveError, StoreError, VMError, OSError) as error:
            problems[field] = " ".join(str(error).split())
            return None

    dialect = tried(Field.DIALECT, lambda: find_dialect(form.dialect) if form.dialect else None)
    task: Task | None = None
    if not form.task:
        problems[Field.TASK] = (
            "a name of the list, text:WORDS, text-next:FILE:N, FILE.py:FUNCTION, or a file of cases (.jsonl, .csv)"
        )
    elif tasks.is_function(form.task):
        hints[Field.TASK] = "this function is called when you start"
    elif Field.DIALECT not in problems:
        task = tried(Field.TASK, lambda: tasks.load(form.task, dialect))
        if task is not None and form.held_out:
            task = tried(Field.HELD_OUT, lambda: tasks.load(form.task, dialect, form.held_out))
        if task is not None:
            hints[Field.TASK] = _task_words(task)
    hints[Field.FOLDER] = tried(Field.FOLDER, lambda: _checked_folder(form.folder)) or ""
    tried(Field.BUDGET, lambda: Budget.parse(form.budget.split() or ["nothing"]))
    for field in NUMBERS:
        tried(field, partial(_with_number, field, getattr(form, field)))
    tried(Field.SEARCH, lambda: SearchSettings.of(_choices(form.search)))
    return Checked(problems, hints, task)


def proposals(field: Field, text: str) -> list[tuple[str, str]]:
    """What can be written into a field, with what it means; of tasks those that a text is about."""
    if field is Field.TASK:
        return _tasks_about(text)
    if field is Field.DIALECT:
        return [("", "the task's own"), *((name, "built in") for name in BUILT_IN),
                *((path.stem, str(path)) for path in user_files())]  # fmt: skip
    if field is Field.BUDGET:
        return [("60s", "a minute"), ("5min", "five minutes"), ("2h", "two hours"), ("1M", "a million programs"),
                ("10min 5M", "whichever comes first"), ("none", "until it is solved or stopped")]  # fmt: skip
    if field is Field.SEARCH:
        return [(f"{name}=", f"{option.values.allowed()}: {option.what}") for name, option in OPTIONS.items()]
    return []


def text_in(form: EvolveForm, field: Field) -> str:
    """What stands in a field."""
    return str(getattr(form, field.replace("-", "_")))


def is_beginning(text: str) -> bool:
    """Whether a text is a task's name that is not written to its end."""
    names = (*catalogue.names(), catalogue.TEXT_PREFIX, "text-next:")
    return text not in catalogue.names() and any(name.startswith(text) for name in names) and bool(text)


def folder_for(task: str) -> str:
    """A folder in `runs` that is free yet, named after a task."""
    name = re.sub(r"[^\w.-]+", "-", Path(task).stem if task.endswith(ROW_SUFFIXES) else task).strip("-.") or "run"
    path, number = RUNS / name, 1
    while path.exists():
        number += 1
        path = RUNS / f"{name}-{number}"
    return str(path)


def wrong_budget(text: str) -> str:
    """What is wrong with a budget; empty if nothing is."""
    try:
        Budget.parse(text.split() or [""])
    except SearchError as error:
        return str(error)
    return ""


def _tasks_about(text: str) -> list[tuple[str, str]]:
    entries = [(name, catalogue.summary(name)) for name in catalogue.names()]
    entries += [(f"{catalogue.TEXT_PREFIX}hello", "nothing → any text"),
                ("text-next:FILE:8", "8 bytes of a text → the one that follows")]  # fmt: skip
    about = [entry for entry in entries if text.lower() in " ".join(entry).lower()]
    return about if about and text not in dict(entries) else entries


def _task_words(task: Task) -> str:
    apart = f" and {counted(len(task.held_out), 'case')} held out" if task.held_out else ""
    return f"{task.description} · {counted(len(task.training), 'case')}{apart} · {task.dialect.name}"


def _checked_folder(text: str) -> str:
    if not text:
        raise StoreError("give a folder to make for the run")
    require_free(Path(text).expanduser())
    return "is made for the run"


def _number(field: Field, text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal():
        raise SearchError(f"{field}: expected a whole number, not {text!r}")
    return int(digits)


def _with_number(field: Field, text: str) -> SearchSettings:
    return SearchSettings.of({field: _number(field, text)})


def _choices(text: str) -> dict[str, str]:
    """Settings by name, from `name=value name=value`."""
    choices: dict[str, str] = {}
    for part in text.split():
        name, sign, value = part.partition("=")
        if name in NUMBERS:
            raise SearchError(f"{name} has a line of its own")
        if not sign:
            SearchSettings.of({name: AUTO})
            raise SearchError(f"expected {name}=VALUE")
        choices[name] = value
    return choices
