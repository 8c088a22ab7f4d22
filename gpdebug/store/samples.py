"""The sample runs that come with the program, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from gpdebug.store.run import RUN_FILE

FOLDER = "sample_runs"
_PACKAGE = Path(__file__).resolve().parents[1]


def samples() -> dict[str, Path]:
    """The folders of the sample runs, by name."""
    for folder in (_PACKAGE / FOLDER, _PACKAGE.parent / FOLDER):
        found = sorted(path.parent for path in folder.glob(f"*/{RUN_FILE}"))
        if found:
            return {path.name: path for path in found}
    return {}


def find_sample(source: str) -> Path | None:
    """The sample run that a user means with `NAME` or `sample_runs/NAME`, wherever they are."""
    parts = Path(source).parts
    name = parts[-1] if parts[:-1] in ((), (FOLDER,)) and parts else ""
    return samples().get(name)
