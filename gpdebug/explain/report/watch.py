"""Who looks on while a report is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpdebug.explain.scan import running

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much; 0 of 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on.

    Attributes:
        progressed: see `Progress`.
        interrupted: asked now and then whether to give up.
    """

    progressed: Progress | None = None
    interrupted: Callable[[], bool] | None = None

    def tell(self, what: str, done: int = 0, total: int = 0) -> None:
        """Says what is being done."""
        if self.progressed is not None:
            self.progressed(what, done, total)

    def scanning(self, what: str) -> running.Watch:
        """Who looks on while a scan runs."""
        return running.Watch(lambda done, total: self.tell(what, done, total), self.interrupted)


ALONE = Watch()
"""Nobody looks on."""
