"""Cases that a Python function makes: `mytask.py:function`, run once, when a user names it on the command line."""

from __future__ import annotations

import ast
import contextlib
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from operator import index
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from gpdebug.evolve.cases import HELD_OUT, TRAINING
from gpdebug.evolve.errors import TaskError
from gpdebug.store.cases import Case, CaseFile
from gpdebug.store.fields import shown

SUFFIX = ".py"
MOST_DRAWN = 20_000
"""Cases that are asked for at most: an endless function that repeats itself ends here."""
EXPECTED = (
    "expected pairs of input and output: bytes, a text of characters up to 255, a byte as a number, or a list of them"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a function made.

    Attributes:
        name: of the function.
        summary: the first line of its docstring; may be empty.
        cases: as those of a file: held out are those it said so of.
    """

    name: str
    summary: str
    cases: CaseFile


def is_function(source: str) -> bool:
    """Whether a task is meant to come from a Python function: `FILE.py:NAME`, or `FILE.py` without the name."""
    return _split(source)[0].lower().endswith(SUFFIX)


def load(source: str) -> Made:
    """Runs a Python file and calls the function twice, to see that it makes the same cases again.

    The function takes nothing, or a `random.Random` that is always in the same state, and returns or yields pairs
    of input and output; a third item that is true holds a case out. One that never ends is left when there are
    enough different inputs. What it prints goes to standard error.

    Raises:
        TaskError: the file cannot be run, has no such function, or the function fails or makes no cases; names the
            line where that is known.
    """
    path, name = _split(source)
    function = _function(Path(path), name)
    first, second = (_call(Path(path), function, name) for _ in range(2))
    for number, (one, other) in enumerate(zip(first, second, strict=False), 1):
        if one != other:
            raise TaskError(
                f"{source}: case {number} is another one when it is called again;"
                " take random numbers from its argument only"
            )
    if len(first) != len(second):
        raise TaskError(f"{source}: makes {len(first):,} cases, and {len(second):,} when it is called again")
    if not first:
        raise TaskError(f"{source}: makes no cases; {EXPECTED}")
    training = tuple(case for case, held_out in first if not held_out)
    apart = tuple(case for case, held_out in first if held_out)
    if not apart and len(training) == TRAINING + HELD_OUT:
        training, apart = training[:TRAINING], training[TRAINING:]
    lines = (inspect.getdoc(function) or "").strip().splitlines()
    return Made(name, lines[0] if lines else "", CaseFile(training, apart))


def _split(source: str) -> tuple[str, str]:
    path, _, name = source.rpartition(":")
    return (path, name) if path.lower().endswith(SUFFIX) else (source, "")


def _function(path: Path, name: str) -> Callable[..., Any]:
    """Runs a file as a module and finds a function in it."""
    try:
        code = path.read_bytes()
        known = [node.name for node in ast.parse(code, str(path)).body if isinstance(node, ast.FunctionDef)]
    except OSError as error:
        raise TaskError(f"{path}: cannot be read: {error.strerror}") from error
    except (SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise TaskError(f"{path}{line}: no Python: {getattr(error, 'msg', error)}") from error
    if not name:
        which = f", such as {path}:{known[-1]}" if known else ""
        raise TaskError(f"{path}: name the function that makes the cases{which}")
    module = ModuleType(f"gpdebug task {path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    with _telling(path, "cannot be run"), _beside(path):
        exec(compile(code, str(path), "exec"), module.__dict__)
    function: Callable[..., Any] | None = module.__dict__.get(name)
    if function is None or not callable(function):
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(known[:8])}" if known else "it has none"
        raise TaskError(f"{path}: has no function {name!r}; {hint}")
    return function


def _call(path: Path, function: Callable[..., Any], name: str) -> list[tuple[Case, bool]]:
    """The cases that a function makes, each input once unless the outputs differ."""
    with _telling(path, f"{name} fails"):
        wanted = len(inspect.signature(function).parameters)
        if wanted > 1:
            raise TaskError(f"{path}: {name} takes {wanted} arguments; it may take one, a random.Random, or none")
        made = function(*[Random(f"gpdebug task {name}")][:wanted])
        if not isinstance(made, Iterable) or isinstance(made, str | bytes):
            raise TaskError(f"{path}: {name} gives {shown(made)}; {EXPECTED}")
        found: dict[tuple[bytes, bytes], tuple[Case, bool]] = {}
        for number, item in enumerate(islice(made, MOST_DRAWN), 1):
            case, held_out = _case(item, f"{path}: {name}, case {number}")
            found.setdefault((case.input, case.output), (case, held_out))
            if len(found) == TRAINING + HELD_OUT:
                break
    return list(found.values())


def _case(item: object, where: str) -> tuple[Case, bool]:
    if not isinstance(item, tuple | list) or not 2 <= len(item) <= 3:
        raise TaskError(f"{where}, is {shown(item)}; {EXPECTED}")
    case = Case(_bytes(item[0], f"{where}: input"), _bytes(item[1], f"{where}: output"))
    return case, len(item) == 3 and bool(item[2])


def _bytes(value: object, where: str) -> bytes:
    """Bytes, a text, a number or a list of numbers as bytes."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str):
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError as error:
            raise TaskError(
                f"{where}: {value[error.start]!r} is no single byte; give bytes, as in text.encode()"
            ) from None
    items: Sequence[Any] = value if isinstance(value, Sequence) else [value]
    try:
        return bytes([index(item) for item in items])
    except (TypeError, ValueError):
        raise TaskError(f"{where}: {shown(value)} is not made of bytes, numbers from 0 to 255") from None


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[None]:
    """Lets a file import those that lie beside it, as if it were run."""
    before = list(sys.path)
    sys.path.insert(0, str(path.resolve().parent))
    try:
        yield
    finally:
        sys.path[:] = before


@contextlib.contextmanager
def _telling(path: Path, what: str) -> Iterator[None]:
    """Turns whatever goes wrong in a user's code into one line that names theirs; standard output stays clean."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except TaskError:
        raise
    except (Exception, SystemExit) as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        place = f"{path}:{lines[-1]}" if lines else str(path)
        raise TaskError(f"{place}: {what}: {type(error).__name__}: {error}".rstrip(": ")) from error
