"""Makes the README's picture of a report in a real browser: run it from the root of a checkout.

PYTHONPATH=. python .readme/report_picture.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from gpdebug.cli import main
from tests.explain.report.browser import Browser, chromium

PICTURE = Path(__file__).with_name("report.png")
WIDTH, HEIGHT = 840, 1100
SHOWN = ("header", "#why", "#knockouts")
"""What of the page is in the picture."""


def write() -> None:
    """Writes the picture of the beginning, the answer and the knock-outs of the sample run `reverse`."""
    program = chromium()
    assert program is not None, "no Chromium is installed"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "report.html"
        main(["report", "reverse", "--kinds", "value,control", "--out", str(page)])
        (Path(folder) / "profile").mkdir()
        with Browser(program, Path(folder) / "profile") as browser:
            browser.open(page, width=WIDTH)
            others = f"body > *:not(header, main), section:not({', '.join(SHOWN)})"
            browser.ask(f"document.querySelectorAll('{others}').forEach(each => each.remove())")
            PICTURE.write_bytes(browser.picture("body", height=HEIGHT))


if __name__ == "__main__":
    write()
