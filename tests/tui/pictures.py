"""Pictures of screens, stored as SVG and compared whole: one a screen and theme."""

from __future__ import annotations

import re
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import App


class Picture(SingleFileSnapshotExtension):
    """Stores a picture in a file of its own."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


def picture_of(app: App[Any]) -> str:
    """What the terminal shows, without what differs from run to run."""
    svg = app.export_screenshot(title="gpdebug")
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"<style>.*?</style>", _styles_of, svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _styles_of(match: re.Match[str]) -> str:
    """The colours; the fonts are fetched from elsewhere and mean nothing here."""
    return re.sub(r"@font-face \{.*?\}\s*", "", match[0], flags=re.DOTALL)
