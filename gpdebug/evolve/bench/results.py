"""What was measured under which conditions, as a file that can be continued and printed again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from gpdebug.evolve.bench.trial import Trial
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.errors import SearchError
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.info import software_versions
from gpdebug.store.rows import read_text
from gpdebug.store.task import Task

FORMAT = "gpdebug-bench"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Conditions:
    """What all trials have in common; trials under other conditions cannot be compared.

    Attributes:
        budget: of each search, as it was given.
        threads: of the engine.
        settings: of the search, without the seed.
        dialect: the language that was asked for; empty: each task's own.
        machine: the processor, and how many there are.
        software: versions by name.
    """

    budget: tuple[str, ...]
    threads: int
    settings: Mapping[str, Any]
    dialect: str = ""
    machine: str = ""
    software: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls, budget: tuple[str, ...], threads: int, settings: Mapping[str, Any], dialect: str = "") -> Conditions:
        """Conditions on this machine with this software."""
        return cls(budget, threads, settings, dialect, machine_name(), software_versions())

    def to_dict(self) -> dict[str, Any]:
        """The conditions as JSON can hold them."""
        return {
            "budget": list(self.budget),
            "threads": self.threads,
            "settings": dict(self.settings),
            "dialect": self.dialect,
            "machine": self.machine,
            "software": dict(self.software),
        }

    @classmethod
    def from_dict(cls, data: object, key: str = "conditions") -> Conditions:
        """Reads conditions.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        given = Fields(data, key)
        budget = tuple(str(text) for text in given.items("budget"))
        try:
            Budget.parse(budget)
        except SearchError as error:
            raise StoreError(f"{key}.{error}") from None
        return cls(
            budget,
            given.integer("threads"),
            given.object("settings"),
            given.text("dialect", ""),
            given.text("machine", ""),
            given.object("software", {}),
        )

    def difference(self, other: Conditions) -> str:
        """In what these differ from others, in words; empty if in nothing."""
        mine, theirs = self.to_dict(), other.to_dict()
        return "; ".join(
            f"{item.name} {_shown(theirs[item.name])}, now {_shown(mine[item.name])}"
            for item in fields(self)
            if mine[item.name] != theirs[item.name]
        )


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What has to be known of a task to read its trials.

    Attributes:
        training: how many cases there are to learn from.
        held_out: how many to be judged by.
        digest: another one if anything about the task is.
    """

    training: int
    held_out: int
    digest: str

    @classmethod
    def of(cls, task: Task) -> TaskFacts:
        """The facts of a task."""
        text = json.dumps(task.to_dict(), sort_keys=True)
        return cls(len(task.training), len(task.held_out), hashlib.sha256(text.encode()).hexdigest()[:16])

    @classmethod
    def from_dict(cls, data: object, key: str) -> TaskFacts:
        """Reads facts.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        given = Fields(data, key)
        return cls(given.integer("training"), given.integer("held_out"), given.text("digest"))


class Results:
    """Trials, and what tasks they are about.

    Attributes:
        conditions: of all trials.
        tasks: by the name they were asked for.
        trials: in the order they were measured.
    """

    def __init__(self, conditions: Conditions, tasks: Mapping[str, TaskFacts], trials: tuple[Trial, ...] = ()) -> None:
        self.conditions = conditions
        self.tasks = dict(tasks)
        self.trials = list(trials)

    def has(self, task: str, seed: int) -> bool:
        """Whether a trial was measured."""
        return any(trial.task == task and trial.seed == seed for trial in self.trials)

    def of(self, task: str) -> list[Trial]:
        """The trials of a task."""
        return [trial for trial in self.trials if trial.task == task]

    def save(self, path: str | Path) -> None:
        """Writes the file.

        Raises:
            StoreError: it cannot be written.
        """
        data = {
            "format": FORMAT,
            "version": VERSION,
            "conditions": self.conditions.to_dict(),
            "tasks": {name: asdict(facts) for name, facts in self.tasks.items()},
            "trials": [trial.to_dict() for trial in self.trials],
        }
        write_atomically(path, (json.dumps(data, indent=1, allow_nan=False) + "\n").encode())

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Reads a file.

        Raises:
            StoreError: it cannot be read, or is no file of results.
        """
        try:
            data = Fields(json.loads(read_text(Path(path))))
        except (ValueError, RecursionError) as error:
            raise StoreError(
                f"not JSON: {error}", where=path, hint="give a file that gpdebug bench --out wrote"
            ) from None
        except StoreError as error:
            raise error if error.where else error.at(path) from None
        try:
            if data.text("format", "") != FORMAT or data.integer("version", 0) != VERSION:
                raise StoreError(
                    "no results that this version knows", hint="give a file that gpdebug bench --out wrote"
                )
            items = enumerate(data.items("trials"))
            trials = tuple(Trial.from_dict(item, f"trials[{index}]") for index, item in items)
            tasks = {name: TaskFacts.from_dict(facts, f"tasks.{name}") for name, facts in data.object("tasks").items()}
            for trial in trials:
                if trial.task not in tasks:
                    raise StoreError(f"tasks: {trial.task!r} is missing, which trials are of")
            return cls(Conditions.from_dict(data.object("conditions")), tasks, trials)
        except StoreError as error:
            raise error.at(path) from None

    def go_on(self, path: str | Path) -> None:
        """Takes over what a file holds if there is one, and makes sure that it can be written.

        Raises:
            StoreError: it cannot be read or written, or holds what was measured under other conditions.
        """
        if Path(path).exists():
            earlier = Results.load(path)
            self._require_same(earlier, path)
            self.tasks = earlier.tasks | self.tasks
            self.trials = earlier.trials
        self.save(path)

    def _require_same(self, other: Results, path: str | Path) -> None:
        hint = "choose another file"
        different = self.conditions.difference(other.conditions)
        if different:
            raise StoreError(f"was measured under other conditions: {different}", where=path, hint=hint)
        for name, facts in self.tasks.items():
            if other.tasks.get(name, facts) != facts:
                raise StoreError(f"the cases of {name} were others", where=path, hint=hint)


def machine_name() -> str:
    """The processor and the number of its cores."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{name}, {os.cpu_count()} cores"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)
