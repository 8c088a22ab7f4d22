"""Who may write to a run folder: one process at a time; the system takes that back however the process ends."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
import weakref
from dataclasses import asdict, dataclass
from pathlib import Path

from gpdebug.store.atomic import unwritable
from gpdebug.store.errors import StoreError

LOCK_FILE = ".lock"
PATIENCE = 0.5
"""Seconds for which a lock is tried again: one that looks who writes holds it for an instant."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that writes to a run.

    Attributes:
        pid: its number; 0 if it did not tell.
        host: the machine it runs on.
    """

    pid: int = 0
    host: str = ""

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}" if self.pid else "another process"


class WriterLock:
    """The right to write to a run folder, until it is released or the process ends, even by kill -9.

    The kernel keeps it (`flock`), so none is ever left behind. It hinders other writers only: whoever reads needs no
    lock. Where the system or the disk has no such locks, everyone is given one.
    """

    def __init__(self, folder: Path) -> None:
        """Takes it.

        Raises:
            StoreError: another process has it, or nothing can be written there.
        """
        path = folder / LOCK_FILE
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise unwritable(path, error) from None
        self._close = weakref.finalize(self, os.close, handle)
        if not _taken(handle):
            writer = _told(path)
            self._close()
            how = f": kill {writer.pid}" if writer.host == socket.gethostname() else ""
            raise StoreError(
                f"{writer} is at work on this run", where=folder, hint=f"wait until it ends, or end it{how}"
            )
        with contextlib.suppress(OSError):  # a full disk: then nobody can be told who it is
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps(asdict(Writer(os.getpid(), socket.gethostname()))).encode())

    def release(self) -> None:
        """Lets others write."""
        self._close()


def writer_of(folder: Path) -> Writer | None:
    """Who writes to a run folder now; None if nobody does: a run that says it is running was killed then."""
    path = folder / LOCK_FILE
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _locked(handle, shared=True) else _told(path)
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    """Takes the lock if it is free, or soon will be."""
    given_up = time.monotonic() + PATIENCE
    while not _locked(handle):
        if time.monotonic() > given_up:
            return False
        time.sleep(PATIENCE / 50)
    return True


def _locked(handle: int, *, shared: bool = False) -> bool:
    """Whether the lock could be taken at once; True as well where there are no locks."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk of another machine that keeps no locks
        return True
    return True


def _told(path: Path) -> Writer:
    """What the one who has the lock wrote into its file."""
    try:
        data = json.loads(path.read_bytes())
        return Writer(int(data["pid"]), str(data["host"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Writer()
