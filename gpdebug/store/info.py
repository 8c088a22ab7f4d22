"""What `run.json` tells about a run: plain data, read without Arrow."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np

from gpdebug import __version__
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.history import History
from gpdebug.store.task import Task, read_dialect
from gpdebug.store.version import FORMAT_VERSION, require_version
from vm.dialect import Dialect

FORMAT_NAME = "gpdebug-run"
_CURVE_POINTS = 60


class RunStatus(StrEnum):
    """How a run stands. One that was killed still says `running`."""

    RUNNING = "running"
    SOLVED = "solved"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a run has come, for lists of runs.

    Attributes:
        generation: the last one of the history.
        best: the smallest error in it.
        evaluations: programs judged; None if not counted.
        seconds: spent evolving; None if not measured.
        held_out: the error of the best on the held-out cases; None if not measured.
        curve: the best error over the run, at most 60 points, evenly spaced.
    """

    generation: int
    best: int
    evaluations: int | None = None
    seconds: float | None = None
    held_out: float | None = None
    curve: tuple[int, ...] = ()

    @classmethod
    def of(cls, history: History) -> Summary | None:
        """The summary of a history; None of an empty one."""
        if not len(history):
            return None
        best = history["best"]
        points = np.unique(np.linspace(0, len(best) - 1, _CURVE_POINTS).round().astype(np.intp))
        evaluations = _last(history, "evaluations")
        return cls(
            generation=int(history["generation"][-1]),
            best=int(best[-1]),
            evaluations=None if evaluations is None else int(evaluations),
            seconds=_last(history, "seconds"),
            held_out=_last(history, "held_out"),
            curve=tuple(int(value) for value in best[points]),
        )

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON can hold it, unknown values left out."""
        values = {name: getattr(self, name) for name in ("generation", "best", "evaluations", "seconds", "held_out")}
        return {name: value for name, value in values.items() if value is not None} | {"curve": list(self.curve)}

    @classmethod
    def from_dict(cls, data: object, key: str = "summary") -> Summary:
        """Reads a summary.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        fields = Fields(data, key)
        curve = fields.items("curve", [])
        for value in curve:
            if not isinstance(value, int) or isinstance(value, bool):
                raise StoreError(f"{key}.curve: expected whole numbers, not {value!r}")
        return cls(
            generation=fields.integer("generation"),
            best=fields.integer("best"),
            evaluations=fields.integer("evaluations") if "evaluations" in fields.data else None,
            seconds=fields.number("seconds") if "seconds" in fields.data else None,
            held_out=fields.number("held_out") if "held_out" in fields.data else None,
            curve=tuple(curve),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What a run is.

    Attributes:
        dialect: the language of all its programs, with the settings of its machine.
        task: what is evolved for; None for a run without one.
        settings: of the evolution, as plain data.
        seed: of its random numbers.
        software: versions of what made it, by name.
        command: the command line that made it, word by word.
        created: when, in UTC.
        status: how it stands.
        summary: how far it has come; None before the first generation.
    """

    dialect: Dialect
    task: Task | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    software: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    created: datetime | None = None
    status: RunStatus = RunStatus.RUNNING
    summary: Summary | None = None

    @classmethod
    def of_task(cls, task: Task, *, settings: Mapping[str, Any], seed: int, command: Sequence[str]) -> RunInfo:
        """The info of a run that starts now, on this machine, with this software."""
        return cls(
            dialect=task.dialect,
            task=task,
            settings=dict(settings),
            seed=seed,
            software=software_versions(),
            command=tuple(command),
            created=datetime.now(UTC).replace(microsecond=0),
        )

    def to_json(self) -> str:
        """The text of `run.json`."""
        data: dict[str, Any] = {"format": FORMAT_NAME, "version": FORMAT_VERSION, "status": str(self.status)}
        if self.created is not None:
            data["created"] = self.created.isoformat()
        data["command"] = list(self.command)
        if self.seed is not None:
            data["seed"] = self.seed
        data |= {"software": dict(self.software), "settings": dict(self.settings)}
        if self.summary is not None:
            data["summary"] = self.summary.to_dict()
        data["dialect"] = self.dialect.to_dict()
        if self.task is not None:
            data["task"] = {key: value for key, value in self.task.to_dict().items() if key != "dialect"}
        return json.dumps(data, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> RunInfo:
        """Reads the text of `run.json`; only `format`, `version` and `dialect` must be there.

        Raises:
            StoreError: it is no JSON, of another version, or a key is wrong.
        """
        fields = read_document(text)
        return cls(**{name: read(fields) for name, read in SECTIONS.items()})


def read_document(text: str) -> Fields:
    """Reads the JSON of `run.json`, and that it is one this program can read.

    Raises:
        StoreError: it is no JSON, describes no run, or is of a later version.
    """
    try:
        fields = Fields(json.loads(text))
    except json.JSONDecodeError as error:
        raise StoreError(
            f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}",
            hint="the file is damaged; restore it, or correct it by hand",
        ) from None
    except (ValueError, RecursionError) as error:
        raise StoreError(f"not JSON: {error}") from None
    name = fields.text("format", "")
    if name != FORMAT_NAME:
        raise StoreError(f"format: expected {FORMAT_NAME!r}, not {name!r}", hint="this JSON does not describe a run")
    require_version(fields)
    return fields


def software_versions() -> dict[str, str]:
    """Versions of what makes a run."""
    import platform
    from importlib import metadata

    names = ("numpy", "numba", "pyarrow")
    return {"gpdebug": __version__, "python": platform.python_version(), **{n: metadata.version(n) for n in names}}


def _dialect(fields: Fields) -> Dialect:
    return read_dialect(fields.object("dialect"))


def _task(fields: Fields) -> Task | None:
    if fields.data.get("task") is None:
        return None
    data = fields.object("task")
    return Task.from_dict({**data, "dialect": fields.data.get("dialect", {})})


def _software(fields: Fields) -> dict[str, str]:
    names = Fields(fields.object("software", {}), "software")
    return {name: names.text(name) for name in names.data}


def _command(fields: Fields) -> tuple[str, ...]:
    words = fields.items("command", [])
    for word in words:
        if not isinstance(word, str):
            raise StoreError(f"command: expected a list of texts, not {word!r} in it")
    return tuple(words)


def _created(fields: Fields) -> datetime | None:
    text = fields.text("created", "")
    if not text:
        return None
    try:
        created = datetime.fromisoformat(text)
    except ValueError:
        raise StoreError(f"created: expected a time such as 2030-01-31T12:00:00+00:00, not {text!r}") from None
    return created.replace(tzinfo=UTC) if created.tzinfo is None else created.astimezone(UTC)


def _summary(fields: Fields) -> Summary | None:
    return None if fields.data.get("summary") is None else Summary.from_dict(fields.data["summary"])


def _seed(fields: Fields) -> int | None:
    return fields.integer("seed") if fields.data.get("seed") is not None else None


def _last(history: History, name: str) -> float | None:
    if name not in history:
        return None
    value = float(history[name][-1])
    return None if math.isnan(value) else value


SECTIONS = {
    "dialect": _dialect,
    "task": _task,
    "settings": lambda fields: fields.object("settings", {}),
    "seed": _seed,
    "software": _software,
    "command": _command,
    "created": _created,
    "status": lambda fields: fields.choice("status", RunStatus, RunStatus.FINISHED),
    "summary": _summary,
}
