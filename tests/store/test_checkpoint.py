from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gpdebug.store.checkpoint import read_checkpoint, write_checkpoint
from gpdebug.store.errors import StoreError


def test_arrays_and_meta_come_back_exactly(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "file": np.arange(6, dtype=np.int16).reshape(2, 3),
        "empty": np.zeros((0, 4), np.uint8),
        "scalar": np.array(2.5),
        "reals": np.array([np.nan, -0.0, 1e-300]),
    }
    write_checkpoint(tmp_path / "c.npz", arrays, {"generation": 2**60, "name": "ä"})
    checkpoint = read_checkpoint(tmp_path / "c.npz")
    assert checkpoint.meta == {"generation": 2**60, "name": "ä"}
    assert list(checkpoint.arrays) == list(arrays)
    for name, array in arrays.items():
        found = checkpoint.arrays[name]
        assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())
        assert found.flags.writeable


def test_numpy_reads_the_arrays_as_well(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c.npz", {"a": np.arange(3)}, {})
    with np.load(tmp_path / "c.npz", allow_pickle=False) as archive:
        assert archive["a"].tolist() == [0, 1, 2]


def test_python_objects_are_neither_stored_nor_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_checkpoint(tmp_path / "c.npz", {"a": np.array([object()])}, {})
    assert not (tmp_path / "c.npz").exists()
    pickled = io.BytesIO()
    np.lib.format.write_array(pickled, np.array([{}], object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "c.npz", "w") as archive:
        archive.writestr("meta.json", '{"version": 1, "arrays": ["a"], "meta": {}}')
        archive.writestr("a.npy", pickled.getvalue())
    with pytest.raises(StoreError, match="no readable checkpoint: Object arrays cannot be loaded"):
        read_checkpoint(tmp_path / "c.npz")


def test_every_cut_and_every_flipped_byte_is_told(tmp_path: Path) -> None:
    file = tmp_path / "c.npz"
    arrays = {"a": np.arange(50)}
    write_checkpoint(file, arrays, {"generation": 1})
    whole = file.read_bytes()
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        with pytest.raises(StoreError, match="no readable checkpoint"):
            read_checkpoint(file)
    for place in range(0, len(whole), 3):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            found = read_checkpoint(file)
        except StoreError:
            continue
        assert found.arrays["a"].tolist() == arrays["a"].tolist()


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({"version": 2, "arrays": [], "meta": {}}, "written in version 2"),
        ({"version": 1, "arrays": [], "meta": 3}, "meta: expected an object, not 3"),
        ({"version": 1, "arrays": 3, "meta": {}}, "arrays: expected a list, not 3"),
        ({"version": 1, "arrays": ["a"], "meta": {}}, "no item named 'a.npy'"),
        ([], "expected an object"),
    ],
)
def test_a_checkpoint_of_another_version_or_shape_is_told(tmp_path: Path, meta: object, message: str) -> None:
    with zipfile.ZipFile(tmp_path / "c.npz", "w") as archive:
        archive.writestr("meta.json", json.dumps(meta))
    with pytest.raises(StoreError, match=message):
        read_checkpoint(tmp_path / "c.npz")
