"""Snapshots as files: JSON that any tool can read, with the program they are of and a digest of their state."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug import __version__
from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.errors import SnapshotError
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.task import read_dialect
from vm.errors import VMError
from vm.program import Program
from vm.settings import Settings
from vm.state import State, Status, output_of

FORMAT = "gpdebug-snapshot"
VERSION = 1
SUFFIX = ".snapshot.json"
LARGEST_FILE = 1 << 27
_REGISTERS = ("pc", "head0", "head1", "steps", "input_pos", "spare")


def digest_of(state: State) -> str:
    """A name for exactly this state: 32 hex digits, the same on every machine."""
    digest = hashlib.blake2b(digest_size=16)
    registers = [getattr(state, name) for name in _REGISTERS]
    digest.update(json.dumps([*registers, str(state.status), len(state.memory), len(state.output)]).encode())
    digest.update(state.memory.tobytes())
    digest.update(state.output)
    return digest.hexdigest()


def save_snapshot(snapshot: Snapshot, path: str | os.PathLike[str]) -> Path:
    """Writes a snapshot to a file, whole or not at all.

    Raises:
        SnapshotError: it cannot be written.
    """
    file = Path(path)
    data = {
        "format": FORMAT,
        "version": VERSION,
        "software": {"gpdebug": __version__},
        **snapshot_to_dict(snapshot),
        **run_to_dict(snapshot.program, snapshot.data, snapshot.settings),
    }
    try:
        write_atomically(file, (json.dumps(data, indent=1) + "\n").encode())
    except (OSError, StoreError) as error:
        raise SnapshotError(f"snapshot {snapshot.name} is not saved: {error}") from None
    return file


def load_snapshot(path: str | os.PathLike[str]) -> Snapshot:
    """Reads a snapshot from a file; nothing in it is executed, everything is checked.

    Raises:
        SnapshotError: it cannot be read, is no snapshot, or is damaged.
    """
    data = _read(Path(path))
    try:
        return snapshot_from_dict(data, *run_from_dict(data))
    except (StoreError, VMError, SnapshotError) as error:
        raise SnapshotError(f"{path}: is damaged ({error})") from None


def is_snapshot_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file says of itself that it is a snapshot; nothing else of it is checked."""
    try:
        with open(path, "rb") as file:
            return f'"format": "{FORMAT}"'.encode() in file.read(200)
    except OSError:
        return False


def run_to_dict(program: Program, inputs: bytes, settings: Settings) -> dict[str, Any]:
    """A run as JSON can hold it: its program, its input, the settings of its machine."""
    return {
        "program": {
            "hash": program.hash,
            "dialect": program.dialect.to_dict(),
            "code": _packed(program.code.tobytes()),
        },
        "input": _packed(inputs),
        "settings": settings.to_dict(),
    }


def run_from_dict(data: Mapping[str, Any]) -> tuple[Program, bytes, Settings]:
    """Reads what `run_to_dict` wrote.

    Raises:
        StoreError, VMError: names the wrong key and what was expected there.
    """
    fields = Fields(data)
    of = Fields(fields.object("program"), "program")
    dialect = read_dialect(of.object("dialect"), "program.dialect")
    program = Program(_unpacked(of.text("code"), "program.code", LARGEST_FILE), dialect)
    if program.hash != of.text("hash"):
        raise StoreError("program.hash: is not that of its code")
    settings = dialect.settings.with_changes(fields.object("settings"))
    return program, _unpacked(fields.text("input"), "input", LARGEST_FILE), settings


def snapshot_to_dict(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON can hold it, without the run that it is of; `snapshot_from_dict` reads it back."""
    state = snapshot.state
    return {
        "name": snapshot.name,
        "note": snapshot.note,
        "branch": snapshot.branch,
        "digest": digest_of(state),
        "state": {
            **{name: getattr(state, name) for name in _REGISTERS},
            "status": str(state.status),
            "cells": len(state.memory),
            "memory": _packed(state.memory.tobytes()),
            "output": _packed(state.output),
        },
    }


def snapshot_from_dict(data: Mapping[str, Any], program: Program, inputs: bytes, settings: Settings) -> Snapshot:
    """Reads a snapshot of a run.

    Args:
        data: the keys of `snapshot_to_dict`.
        program: what was run.
        inputs: its input.
        settings: of its machine.

    Raises:
        StoreError: names the wrong key and what was expected there.
        SnapshotError: its state is not what was saved, or no state of such a machine.
    """
    fields = Fields(data)
    stored = Fields(fields.object("state"), "state")
    registers = {name: stored.integer(name) for name in _REGISTERS}
    cells = stored.integer("cells")
    if cells != settings.memory:
        raise SnapshotError(f"state.cells: is {cells:,}, the machine has {settings.memory:,}")
    memory = _memory(_unpacked(stored.text("memory"), "state.memory", cells), cells)
    output = _unpacked(stored.text("output"), "state.output", settings.out_limit)
    names = {str(status): status for status in Status}
    if stored.text("status") not in names:
        raise StoreError(f"state.status: expected one of {', '.join(names)}, not {stored.text('status')!r}")
    state = State(**registers, status=names[stored.text("status")], memory=memory, output=output)
    if digest_of(state) != fields.text("digest"):
        raise SnapshotError("its state is not the one that was saved: the digests differ")
    _require_possible(state, program, inputs, settings)
    snapshot = Snapshot(
        fields.text("name"), state, output_of(state, program.dialect, settings), program, inputs, settings
    )
    return replace(snapshot, note=fields.text("note", ""), branch=fields.integer("branch", 0))


def _require_possible(state: State, program: Program, inputs: bytes, settings: Settings) -> None:
    """Refuses registers that no machine of this kind can have."""
    ranges = {
        "pc": max(2, code_size(program, state)),
        "head0": settings.memory - 1,
        "head1": settings.memory - 1,
        "steps": settings.limit,
        "input_pos": len(inputs),
        "spare": 255,
    }
    for name, most in ranges.items():
        value = getattr(state, name)
        if not 0 <= value <= most:
            raise SnapshotError(f"state.{name}: {value:,} is not from 0 to {most:,}")


def _memory(data: bytes, cells: int) -> NDArray[np.uint8]:
    if len(data) != cells:
        raise SnapshotError(f"state.memory: has {len(data):,} cells, not {cells:,}")
    return np.frombuffer(data, np.uint8)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SnapshotError(f"{path}: is too large for a snapshot")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise SnapshotError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError):
        raise SnapshotError(f"{path}: is no snapshot; 'save NAME' writes one") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SnapshotError(f"{path}: is no snapshot; 'save NAME' writes one")
    if data.get("version") != VERSION:
        raise SnapshotError(f"{path}: has version {data.get('version')!r}, this gpdebug reads version {VERSION}")
    return data


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 6 if len(data) < 1 << 20 else 1)).decode()


def _unpacked(text: str, key: str, most: int) -> bytes:
    """The bytes of a text, refused before they are unpacked beyond what they may be."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise StoreError(f"{key}: is no compressed data") from None
    if len(data) > most or not unpacker.eof:
        raise StoreError(f"{key}: is longer than {most:,} bytes, or cut off")
    return data
