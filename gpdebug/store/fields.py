"""Reading plain data (JSON) field by field, with errors that name the key and what was expected there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from gpdebug.store.errors import StoreError

_Choice = TypeVar("_Choice", bound=StrEnum)
_MISSING: Any = object()


class Fields:
    """A JSON object that is being read.

    Args:
        data: what is meant to be the object.
        key: its own name, with dots, as errors show it; empty for the whole document.

    Raises:
        StoreError: `data` is no object.
    """

    def __init__(self, data: object, key: str = "") -> None:
        if not isinstance(data, Mapping):
            raise StoreError(f"{key or 'the document'}: expected an object, not {shown(data)}")
        self.data: Mapping[str, Any] = data
        self._key = key

    def name(self, key: str) -> str:
        """The full name of one of its keys."""
        return f"{self._key}.{key}" if self._key else key

    def text(self, key: str, default: str = _MISSING) -> str:
        """A text."""
        return str(self._typed(key, str, "a text", default))

    def integer(self, key: str, default: int = _MISSING) -> int:
        """A whole number."""
        return int(self._typed(key, int, "a whole number", default))

    def number(self, key: str, default: float = _MISSING) -> float:
        """A number."""
        return float(self._typed(key, (int, float), "a number", default))

    def boolean(self, key: str, default: bool = _MISSING) -> bool:
        """True or false."""
        return bool(self._typed(key, bool, "true or false", default))

    def object(self, key: str, default: Mapping[str, Any] = _MISSING) -> dict[str, Any]:
        """An object, as it is."""
        return dict(self._typed(key, Mapping, "an object", default))

    def items(self, key: str, default: list[Any] = _MISSING) -> list[Any]:
        """A list, as it is."""
        return list(self._typed(key, list, "a list", default))

    def choice(self, key: str, kind: type[_Choice], default: _Choice = _MISSING) -> _Choice:
        """One of a few words."""
        value = self._typed(key, str, f"one of {', '.join(kind)}", default)
        if value not in list(kind):
            raise StoreError(f"{self.name(key)}: expected one of {', '.join(kind)}, not {shown(value)}")
        return kind(value)

    def _typed(self, key: str, kind: type | tuple[type, ...], expected: str, default: Any) -> Any:
        if key not in self.data:
            if default is _MISSING:
                raise StoreError(f"{self.name(key)}: missing; expected {expected}")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise StoreError(f"{self.name(key)}: expected {expected}, not {shown(value)}")
        return value


def shown(value: object) -> str:
    """A value as an error shows it: cut where it gets long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
