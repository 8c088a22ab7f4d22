"""Finding a dialect: a built-in one, a TOML file, or one in the user's configuration folder."""

from __future__ import annotations

import os
from pathlib import Path

from gpdebug.store.errors import StoreError
from gpdebug.store.rows import read_text
from vm.dialect import BUILT_IN, Dialect
from vm.errors import DialectError


def find_dialect(name: str) -> Dialect:
    """Finds a dialect.

    Args:
        name: of a built-in dialect, the path of a TOML file, or the name of one in `user_folder()`
            (of the file or of the dialect in it).

    Raises:
        StoreError: there is none of that name, or its file is wrong.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    if name.endswith(".toml") or os.sep in name or "/" in name:
        return dialect_from_file(name)
    found: dict[str, Dialect] = {}
    for path in user_files():
        if path.stem == name:
            return dialect_from_file(path)
        try:
            dialect = dialect_from_file(path)
        except StoreError:
            continue  # a broken file does not stand in the way of another; asked for by its name, it is told
        found[dialect.name] = dialect
    if name in found:
        return found[name]
    raise _unknown(name, [*BUILT_IN, *found])


def _unknown(name: str, known: list[str]) -> StoreError:
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return StoreError(
        f"no dialect is called {name!r}",
        hint=f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}, or give the path of a TOML file",
    )


def dialect_from_file(path: str | os.PathLike[str]) -> Dialect:
    """Reads the TOML file of a dialect.

    Raises:
        StoreError: it cannot be read, or a key is wrong.
    """
    text = read_text(Path(path))
    try:
        return Dialect.from_toml(text)
    except DialectError as error:
        raise StoreError(str(error), where=path, hint="correct the file") from None


def user_folder() -> Path:
    """Where a user's own dialects lie, one TOML file each; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("gpdebug", appauthor=False) / "dialects"


def user_files() -> list[Path]:
    """The TOML files in `user_folder()`, none where it cannot be read."""
    try:
        return sorted(path for path in user_folder().iterdir() if path.suffix == ".toml")
    except OSError:
        return []
