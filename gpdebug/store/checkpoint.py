"""What an evolution needs to go on exactly where it stopped: arrays and plain data in one file, never pickled."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.atomic import replacing
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.version import FORMAT_VERSION, require_version

_META = "meta.json"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of an engine.

    Attributes:
        arrays: by name.
        meta: plain data.
    """

    arrays: dict[str, NDArray[Any]]
    meta: dict[str, Any]


def write_checkpoint(path: Path, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Writes arrays and plain data as one `.npz` file that `numpy.load` can read as well.

    It goes to the disk array by array, and is the same, byte for byte, whenever it is written.

    Args:
        path: the file.
        arrays: any but arrays of Python objects.
        meta: what JSON can hold.

    Raises:
        StoreError: the file cannot be written.
        ValueError: an array holds Python objects.
    """
    head = json.dumps({"version": FORMAT_VERSION, "arrays": list(arrays), "meta": dict(meta)})
    with (
        replacing(path) as target,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        with archive.open(_META, "w") as file:
            file.write(head.encode())
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)


def read_checkpoint(path: Path) -> Checkpoint:
    """Reads what `write_checkpoint` wrote.

    Raises:
        StoreError: the file is missing, damaged, or of a later version.
    """
    arrays: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            fields = Fields(json.loads(archive.read(_META)), _META)
            require_version(fields)
            for name in fields.items("arrays"):
                with archive.open(f"{name}.npy") as file:
                    arrays[name] = np.lib.format.read_array(file, allow_pickle=False)
        return Checkpoint(arrays, fields.object("meta"))
    except FileNotFoundError:
        raise StoreError("no such file", where=path, hint="the run saved no checkpoint to resume from") from None
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(
            f"no readable checkpoint: {error}", where=path, hint="restore the file, or start the run anew"
        ) from None
    except StoreError as error:
        raise error.at(path) from None
