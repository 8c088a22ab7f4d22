"""Writing a file so that a process killed at any instant leaves the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gpdebug.store.errors import StoreError

_LEFTOVER = re.compile(r"\..+\.\d+-[0-9a-f]{8}\.tmp")


def write_atomically(path: str | os.PathLike[str], data: bytes | memoryview) -> None:
    """Writes a file beside its place, flushes it to the disk, and renames it.

    Args:
        path: the file; a symbolic link is followed, so that its target is replaced.
        data: its whole content.

    Raises:
        StoreError: it cannot be written; the old file is as it was.
    """
    with replacing(path) as file:
        file.write(data)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file beside `path` to write into; it is flushed to the disk and takes its place when all went well.

    So what is written need not be in memory as a whole.

    Args:
        path: the file; a symbolic link is followed, so that its target is replaced.

    Raises:
        StoreError: it cannot be written; the old file is as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = temporary_name(target)
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise unwritable(path, error) from None
        raise
    sync_folder(target.parent)


def temporary_name(target: Path) -> Path:
    """A name beside `target` that no other process picks, and that `is_leftover` knows."""
    return target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")


def is_leftover(name: str) -> bool:
    """Whether a file name is one that a killed process left behind."""
    return _LEFTOVER.fullmatch(name) is not None


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder last, where the system can do that (Windows and some network disks cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unwritable(path: str | os.PathLike[str], error: OSError) -> StoreError:
    """The error for a path that cannot be written."""
    return StoreError(
        f"cannot be written: {error.strerror or error}", where=path, hint="choose a place with room that you may write"
    )
