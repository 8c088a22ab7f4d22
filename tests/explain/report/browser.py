"""A headless Chromium that opens pages from disk, driven over a pipe by its own protocol, with nothing between.

The DevTools protocol is JSON messages ended by a zero byte, on file descriptor 3 to the browser and 4 from it.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--remote-debugging-pipe", "--disable-dev-shm-usage",
)  # fmt: skip
PATIENCE = 120.0
"""Seconds after which a browser that says nothing is taken for dead; no test waits for that."""

Message = dict[str, Any]


def chromium() -> str | None:
    """The program, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """A browser with one page, from `with` to its end.

    Attributes:
        requests: the address of everything that the page asked for since it was opened.
        problems: what the browser had to say about the page.
    """

    def __init__(self, program: str, folder: Path) -> None:
        """Takes an empty folder for its profile."""
        self._program, self._folder = program, folder
        self._numbers = itertools.count(1)
        self._pending = b""
        self._session: str | None = None
        self._events: list[Message] = []
        self.requests: list[str] = []
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        to_browser, self._write = _high_pipe()
        self._read, from_browser = _high_pipe()
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "chromium", self._program, *FLAGS, f"--user-data-dir={self._folder}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_browser)
        os.close(from_browser)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Network", "Page", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._write)
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            os.close(self._read)

    def call(self, method: str, **parameters: Any) -> Message:
        """Asks the browser to do something, and waits until it has."""
        number = next(self._numbers)
        message: Message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                result: Message = answer["result"]
                return result
            self._take(answer)

    def open(self, page: Path, *, width: int = 1200, dark: bool = False) -> None:
        """Opens a page from disk, and waits until it is loaded and everything is drawn."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.requests, self.problems, self._events = [], [], []
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._take(self._next())
        self.call("Page.getLayoutMetrics")

    def ask(self, expression: str) -> Any:
        """The value of some JavaScript in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, selector: str = "html", *, height: float | None = None) -> bytes:
        """A part of the page as PNG, from its top as high as asked for."""
        box = self.ask(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [b.x + scrollX, b.y + scrollY, b.width, b.height] })()"
        )
        clip = dict(zip(("x", "y", "width", "height"), box, strict=True)) | {"scale": 1}
        clip["height"] = min(clip["height"], height or clip["height"])
        return base64.b64decode(self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def pdf(self) -> bytes:
        """The page as it is printed, on the paper that it asks for."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def _take(self, event: Message) -> None:
        self._events.append(event)
        match event:
            case {"method": "Network.requestWillBeSent", "params": {"request": {"url": str(url)}}}:
                self.requests.append(url)
            case {"method": "Log.entryAdded", "params": {"entry": {"text": str(text)}}}:
                self.problems.append(text)
            case {"method": "Runtime.exceptionThrown" | "Runtime.consoleAPICalled"}:
                self.problems.append(json.dumps(event["params"]))

    def _next(self) -> Message:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._pending:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            part = os.read(self._read, 1 << 16) if ready else b""
            if not part:
                raise AssertionError(f"the browser said nothing more (exit code {self._process.poll()})")
            self._pending += part
        message, _, self._pending = self._pending.partition(b"\0")
        found: Message = json.loads(message)
        return found


def _high_pipe() -> tuple[int, int]:
    """A pipe whose ends are out of the way of descriptors 3 and 4."""
    low = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low]
    for end in low:
        os.close(end)
    return high[0], high[1]
