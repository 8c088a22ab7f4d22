"""The version of the run-folder format, and the check that a document is of it."""

from __future__ import annotations

from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields

FORMAT_VERSION = 1


def require_version(fields: Fields) -> None:
    """Checks the key `version` of a document.

    Raises:
        StoreError: it is missing, or of a version that this program cannot read.
    """
    version = fields.integer("version")
    if version > FORMAT_VERSION:
        raise StoreError(
            f"{fields.name('version')}: written in version {version} of the format, this gpdebug reads up to"
            f" {FORMAT_VERSION}",
            hint="upgrade it: pip install -U gpdebug",
        )
    if version < 1:
        raise StoreError(f"{fields.name('version')}: expected {FORMAT_VERSION}, not {version}")
