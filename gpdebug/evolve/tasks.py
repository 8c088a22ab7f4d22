"""Tasks from anywhere: the catalogue, a file, a function or a text, checked so that nothing impossible is begun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gpdebug.evolve import catalogue, functions, text_windows
from gpdebug.evolve.errors import TaskError
from gpdebug.store.errors import StoreError
from gpdebug.store.rows import ROW_SUFFIXES
from gpdebug.store.task import Case, CaseFile, Task, read_case_file, read_cases
from gpdebug.wording import counted
from vm.dialect import TAPE, Dialect, Io, Primitive
from vm.scoring import Scorer

MOST_CASES = 4_096
"""To learn from, and as many to be judged by: every survivor's error on each is kept."""
STEPS_PER_BYTE = 100
"""Of the longest input and output, for tasks whose author sets no limit."""
EVERY = 4
"""Where a file holds no case out, every fourth one is, if there are at least `FEWEST`."""
FEWEST = 8
SHOWN = 24
"""Bytes of a case that a message shows."""


def load(source: str, dialect: Dialect | None = None, held_out: str | None = None) -> Task:
    """A task by name, or from a file of cases.

    Args:
        source: a name of the catalogue, `text:…`, `text-next:FILE:N`, the path of a `.jsonl` or `.csv` file, or
            `FILE.py:FUNCTION`, which is executed.
        dialect: the language; None: the task's own, for files and functions `tape`.
        held_out: a file of cases to hold out, for a task from a file or a function.

    Raises:
        TaskError: the task is unknown, or nothing could solve it.
        StoreError: a file cannot be read or a case is wrong.
    """
    if dialect is not None:
        require_language(dialect)
    try:
        task = _find(source, dialect, held_out)
    except StoreError as error:
        raise error if error.where else error.at(source) from None
    require_solvable(task)
    return task


def is_function(source: str) -> bool:
    """Whether loading a task executes a Python file."""
    return not _is_named(source) and functions.is_function(source)


def _is_named(source: str) -> bool:
    return source.startswith((catalogue.TEXT_PREFIX, text_windows.PREFIX))


def _find(source: str, dialect: Dialect | None, held_out: str | None) -> Task:
    is_named = _is_named(source)
    if not is_named and Path(source).suffix.lower() in ROW_SUFFIXES:
        name = Path(source).name
        return _from_cases(Path(source).stem, f"the cases of {name}", name, read_case_file(source), dialect, held_out)
    if is_function(source):
        made = functions.load(source)
        origin = Path(source).name
        return _from_cases(made.name, made.summary or f"the cases of {origin}", origin, made.cases, dialect, held_out)
    if held_out is not None:
        raise TaskError(f"held-out cases from a file need a task from a file, and {source!r} has its own")
    if source.startswith(text_windows.PREFIX):
        return text_windows.load(source, dialect or TAPE, catalogue.STEP_LIMIT)
    if source not in catalogue.ENTRIES and not is_named and Path(source).exists():
        kinds = ", ".join(ROW_SUFFIXES)
        raise TaskError(
            f"{source} is {'a folder' if Path(source).is_dir() else 'a file'}, but no task; give a file of cases"
            f" ({kinds}), FILE.py:FUNCTION, or {text_windows.PREFIX}FILE:8"
        )
    return catalogue.find(source, dialect)


def require_solvable(task: Task) -> None:
    """Refuses what no program can solve.

    Raises:
        TaskError: no loops or output in the dialect, no case, or cases that contradict each other or do not fit.
    """
    require_language(task.dialect)
    if not task.training:
        raise TaskError(f"{task.name}: there is no training case, only held-out ones")
    for kind, cases in (("training", task.training), ("held-out", task.held_out)):
        if len(cases) > MOST_CASES:
            raise TaskError(f"{task.name}: has {len(cases):,} {kind} cases, {MOST_CASES:,} are the most; take a part")
    wanted: dict[bytes, bytes] = {}
    for case in task.training + task.held_out:
        if wanted.setdefault(case.input, case.output) != case.output:
            raise TaskError(
                f"{task.name}: cases contradict each other: for input {_shown(case.input)} both"
                f" {_shown(wanted[case.input])} and {_shown(case.output)} are wanted"
            )
    longest = max(len(case.output) for case in task.training + task.held_out)
    limit = task.dialect.settings.limit
    if longest > limit or limit == 0:
        raise TaskError(
            f"{task.name}: a run of {task.dialect.name} ends after {counted(limit, 'step')}, and the longest output has"
            f" {counted(longest, 'byte')}; raise the limit in the dialect's settings"
        )
    if task.dialect.io is Io.REGIONS:
        _require_room(task)


def _shown(data: bytes) -> str:
    """Bytes for a message: as text where they are one, else in hex; only the first ones of many."""
    text = data[:SHOWN].decode("latin-1")
    return (f'"{text}"' if text.isprintable() else data[:SHOWN].hex(" ")) + (" …" if len(data) > SHOWN else "")


def require_language(dialect: Dialect) -> None:
    """Refuses a dialect that nothing can be evolved in.

    Raises:
        TaskError: it has no loops, no output, or programs that are their own memory.
    """
    primitives = {instruction.primitive for instruction in dialect.instructions}
    if dialect.self_modifying or dialect.io is Io.TAPE:
        raise TaskError(f"dialect {dialect.name}: evolution needs programs apart from memory, and input and output")
    if not {Primitive.OPEN, Primitive.CLOSE} <= primitives:
        raise TaskError(f"dialect {dialect.name} has no loops: it needs symbols for open and close")
    if dialect.io is Io.STREAMS and Primitive.WRITE not in primitives:
        raise TaskError(f"dialect {dialect.name} has no output: it needs a symbol for write")


def _require_room(task: Task) -> None:
    settings = task.dialect.settings
    room = settings.memory - settings.out_start if settings.out_len is None else settings.out_len
    for case in task.training + task.held_out:
        if len(case.output) > room or (settings.out_len is None and 0 in case.output):
            long = len(case.output) > room
            why = f"has more than {room} bytes" if long else "has a zero in it, where an output ends"
            raise TaskError(
                f"{task.name}: no program of {task.dialect.name} can give the output {_shown(case.output)},"
                f" which {why}; use {'shorter outputs' if long else 'outputs of one length'}, or dialect bf"
            )


def _from_cases(
    name: str, description: str, origin: str, cases: CaseFile, dialect: Dialect | None, held_out: str | None
) -> Task:
    """A task of cases that someone made."""
    language = dialect or TAPE
    training, apart = cases.training, cases.held_out
    if held_out is not None:
        apart += read_cases(held_out)
    if not apart and len(training) >= FEWEST:
        apart = training[EVERY - 1 :: EVERY]
        training = tuple(case for index, case in enumerate(training) if index % EVERY != EVERY - 1)
    longest = max((len(data) for case in training + apart for data in (case.input, case.output)), default=0)
    limit = min(max(catalogue.STEP_LIMIT, STEPS_PER_BYTE * longest), language.settings.limit)
    return Task(
        name=name,
        dialect=language.with_settings(limit=limit, out_len=_common_length(training + apart, language)),
        training=training,
        held_out=apart,
        scorer=Scorer.BYTES,
        description=description,
        origin=origin,
    )


def _common_length(cases: Sequence[Case], dialect: Dialect) -> int | None:
    """The length of every output where it is always the same and zeros have to be told from the end."""
    lengths = {len(case.output) for case in cases}
    room = dialect.settings.memory - dialect.settings.out_start
    return (
        lengths.pop()
        if len(lengths) == 1 and max(lengths) <= room and any(0 in case.output for case in cases)
        else None
    )
