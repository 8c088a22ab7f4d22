"""Settings of a search from a file: TOML, a line `name = value` for each that is not `auto`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gpdebug.evolve.errors import SearchError
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.rows import read_text


def read_settings(path: str | Path) -> dict[str, Any]:
    """Names and values, checked.

    Raises:
        StoreError: the file cannot be read.
        SearchError: it is no TOML, a name is unknown, or a value is none of those that it can have.
    """
    try:
        choices = tomllib.loads(read_text(Path(path)))
        if "seed" in choices:
            raise SearchError("the seed is no setting of a file: runs of several seeds share one; leave it out")
        SearchSettings.of(choices)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SearchError(f"{path}: no TOML: {error}") from None
    except SearchError as error:
        raise SearchError(f"{path}: {error}") from None
    return choices
