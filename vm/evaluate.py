"""Programs x cases -> outputs, steps, status: exactly what the reference machine gives, fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Programs:
    """Many programs as two arrays.

    Attributes:
        code: `uint8[total]`, all codes one after the other.
        offsets: `int64[programs + 1]`; program i is `code[offsets[i]:offsets[i + 1]]`.
    """

    code: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, codes: Iterable[bytes]) -> Programs:
        """Packs codes."""
        items = list(codes)
        offsets = np.zeros(len(items) + 1, np.int64)
        np.cumsum([len(item) for item in items], out=offsets[1:])
        return cls(np.frombuffer(b"".join(items), np.uint8).copy(), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        index = range(len(self))[index]
        return self.code[self.offsets[index] : self.offsets[index + 1]].tobytes()

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Instructions of each program: `int64[programs]`."""
        return np.diff(self.offsets)
