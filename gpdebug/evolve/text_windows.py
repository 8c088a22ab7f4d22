"""A task from a text: some bytes of it in a row, and the one that follows them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.cases import HELD_OUT, TRAINING
from gpdebug.evolve.errors import TaskError
from gpdebug.store.task import Case, Task
from gpdebug.wording import counted
from vm.dialect import Dialect
from vm.scoring import Scorer

PREFIX = "text-next:"
MOST_BYTES = 64 << 20
LONGEST = 128
_CANDIDATES = 1 << 14
"""Places of the text from which cases are chosen."""
_CHUNK = 1 << 20
_BASE = np.uint64(0x9E3779B97F4A7C15)


def load(source: str, dialect: Dialect, limit: int) -> Task:
    """The task `text-next:FILE:N`: N bytes in a row, wherever they are in the file, foretell the next one.

    What is followed by one byte here and by another one there foretells nothing and is left out. Training cases are
    from the first three quarters of the file, held-out cases are only in the last one.

    Args:
        source: the name of the task.
        dialect: the language.
        limit: steps of a run.

    Raises:
        TaskError: the name has another form, the file cannot be read, is no UTF-8 or gives no cases.
    """
    path, size = _parsed(source)
    text = _read(path)
    if len(text) <= size:
        raise TaskError(f"{path}: has {counted(len(text), 'byte')}, too few for {size} and the one that follows them")
    random = Random(f"gpdebug task text-next {size}")
    places = range(len(text) - size)
    border = len(places) * 3 // 4
    candidates = random.sample(places, min(len(places), _CANDIDATES))
    certain = _certain(text, size, np.array(candidates, np.int64), border)
    pools = []
    for kept, most in zip(certain, (TRAINING, HELD_OUT), strict=True):
        cases = {text[at : at + size]: text[at + size] for at, keep in zip(candidates, kept, strict=True) if keep}
        pools.append(tuple(Case(window, bytes([cases[window]])) for window in list(cases)[:most]))
    if not pools[0]:
        raise TaskError(
            f"{source}: at none of {len(candidates):,} places {size} bytes foretell the next one;"
            " take a longer text or more bytes"
        )
    return Task(
        name=f"{PREFIX}{Path(path).name}:{size}",
        dialect=dialect.with_settings(limit=min(limit, dialect.settings.limit), out_len=1),
        training=pools[0],
        held_out=pools[1],
        scorer=Scorer.BYTES,
        description=f"{size} bytes of {Path(path).name} → the next one",
        origin=Path(path).name,
    )


def _certain(text: bytes, size: int, candidates: NDArray[np.int64], border: int) -> NDArray[np.bool_]:
    """Which candidates are always followed by the same byte: `bool[2, candidates]`.

    Args:
        text: all of it.
        size: bytes of a window.
        candidates: where windows begin.
        border: those in the first row are found before it, too, those in the second only from it on.
    """
    data = np.frombuffer(text, np.uint8)
    marks = _hashes(np.concatenate([data[at : at + size] for at in candidates]), size)[::size]
    known, which = np.unique(marks, return_inverse=True)
    followers, early = np.zeros((len(known), 256), np.bool_), np.zeros(len(known), np.bool_)
    for start in range(0, len(data) - size, _CHUNK):
        end = min(start + _CHUNK, len(data) - size)
        hashes = _hashes(data[start : end + size - 1], size)
        found = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        at = np.flatnonzero(known[found] == hashes)
        followers[found[at], data[start + at + size]] = True
        early[found[at[start + at < border]]] = True
    is_certain = followers.sum(axis=1) == 1
    return np.stack([is_certain & early, is_certain & ~early])[:, which]


def _hashes(data: NDArray[np.uint8], size: int) -> NDArray[np.uint64]:
    """A number for every `size` bytes in a row, the same for the same bytes.

    Where by chance it is the same for others, too, they seem to be followed by more bytes than they are: a case is
    lost, and none is wrong.
    """
    values = np.zeros(len(data) - size + 1, np.uint64)
    for offset in range(size):
        values = values * _BASE + (data[offset : offset + len(values)] + np.uint64(1))
    return values


def _parsed(source: str) -> tuple[str, int]:
    path, _, size = source.removeprefix(PREFIX).rpartition(":")
    if not path or not (size.isascii() and size.isdigit()) or not 1 <= int(size[:4]) <= LONGEST:
        raise TaskError(f"{source}: write {PREFIX}FILE:N, with N bytes, 1 to {LONGEST}, to foretell the next one from")
    return path, int(size)


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        text.decode()
    except OSError as error:
        raise TaskError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TaskError(f"{path}: byte {error.start:,} is no UTF-8; save it as UTF-8 text") from error
    if len(text) > MOST_BYTES:
        raise TaskError(f"{path}: more than {MOST_BYTES >> 20} MiB; take a part of it")
    return text
