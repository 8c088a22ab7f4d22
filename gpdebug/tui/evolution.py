"""A run that evolves in a process of its own, as the screens show it; it goes on whichever screen one is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from time import monotonic

from gpdebug.evolve.live import Improvement, Preparation, Report, State
from gpdebug.evolve.remote import EXPECTED, INTERRUPTED, Ending, Remote
from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunStatus
from gpdebug.store.run import RUN_FILE, RunFolder
from gpdebug.store.task import Task
from gpdebug.tui.stored_run import MOST_ROWS, Stored, rows_of

MOST_IMPROVEMENTS = 500


class Standing(StrEnum):
    """How an evolution stands."""

    STARTING = "starting"
    RUNNING = "evolving"
    ELSEWHERE = "evolving elsewhere"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    SOLVED = "solved"
    FINISHED = "budget spent"
    INTERRUPTED = "stopped"
    DIED = "failed"


_STANDINGS = {
    State.RUNNING: Standing.RUNNING,
    State.PAUSED: Standing.PAUSED,
    State.SOLVED: Standing.SOLVED,
    State.FINISHED: Standing.FINISHED,
    State.INTERRUPTED: Standing.INTERRUPTED,
}
_STORED = {RunStatus.SOLVED: Standing.SOLVED, RunStatus.FINISHED: Standing.FINISHED}
_WAITED_FOR = (Standing.STARTING, Standing.PAUSING, Standing.STOPPING)
_WAITS = {Standing.PAUSING: (State.RUNNING,), Standing.STOPPING: (State.RUNNING, State.PAUSED)}
"""States in which what was asked for has not come yet."""


class Evolution:
    """One run and its process.

    Attributes:
        path: the run's folder.
        task: what is evolved for; None until that is known.
        report: the last one; None before the first.
        improvements: all that are known, the first first.
        saved: generations that are saved, as far as was told.
        problem: what went wrong; empty if nothing did.
        doing: what is done before it can begin; empty if that was not told.
        elsewhere: who goes on with it, if that is a process that was not started here.
        written: when what is shown was saved, in seconds since 1970, of one that goes on elsewhere.
        is_stored: whether what is shown is what its folder tells: no process of ours has gone on with it yet.
        has_begun: whether this process has told how it is.
        changed: called whenever something is different; a screen that shows it sets it.
    """

    def __init__(self, path: Path, task: Task | None, call: Callable[[Callable[[], None]], object]) -> None:
        """Starts nothing yet.

        Args:
            path: the run's folder, there already or not.
            task: what is evolved for; None: what the folder tells, once it is there.
            call: calls something later in the thread of the screens.
        """
        self.path, self.task = path, task
        self._standing, self._since = Standing.STARTING, monotonic()
        self.report: Report | None = None
        self.improvements: list[Improvement] = []
        self.saved: tuple[int, ...] = ()
        self.problem = self.doing = self.elsewhere = ""
        self.written: float | None = None
        self.has_begun = self.is_stored = False
        self.changed: Callable[[], object] = lambda: None
        self._call = call
        self._rows: list[Mapping[str, float]] = []
        self._history: History | None = None
        self._remote: Remote | None = None
        self._is_killed = False

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self._standing

    @standing.setter
    def standing(self, standing: Standing) -> None:
        if standing is not self._standing:
            self._standing, self._since = standing, monotonic()

    @property
    def waited(self) -> float | None:
        """Seconds for which something has been waited for that was asked of it; None if nothing is."""
        return monotonic() - self._since if self.is_alive and self._standing in _WAITED_FOR else None

    @property
    def can_be_killed(self) -> bool:
        """Whether it was told to stop before it had begun, so that nothing is lost if it does not do so by itself."""
        return self.is_alive and not self.has_begun and self._standing is Standing.STOPPING

    @property
    def is_alive(self) -> bool:
        """Whether its process has not ended yet, as far as was told."""
        return self._remote is not None

    @property
    def can_resume(self) -> bool:
        """Whether there is a run that can be gone on with, if only from its beginning."""
        is_over = not self.is_alive and not self.elsewhere and self.standing is not Standing.SOLVED
        return is_over and (self.path / RUN_FILE).exists()

    @property
    def history(self) -> History | None:
        """How it went; None before the first report."""
        if self._history is None and self._rows:
            self._history = History.of(self._rows)
        return self._history

    def start(self, words: Sequence[str]) -> None:
        """Starts the process, for a new run or for one that is gone on with."""
        self.standing, self.problem, self.doing, self.has_begun = Standing.STARTING, "", "", False
        self.is_stored, self.elsewhere = False, ""
        self._since, self._is_killed = monotonic(), False
        remote = Remote(
            lambda told: self._later(lambda: self._take(remote, told)),
            lambda ending: self._later(lambda: self._end(remote, ending)),
        )
        self._remote = remote
        try:
            remote.start(words)
        except OSError as error:
            self._end(remote, Ending(1, f"no process can be started: {error.strerror}"))
        self.changed()

    def resume(self, budget: Sequence[str]) -> None:
        """Goes on with the run where it was saved last."""
        words = ["--resume", str(self.path)]
        for bound in budget:
            words += ["--budget", bound]
        last = self.saved[-1] if self.saved else -1
        self._rows = [row for row in self._rows if row["generation"] <= last]
        self._history = None
        self.improvements = [found for found in self.improvements if found.generation <= last]
        self.start(words)

    @classmethod
    def of_folder(cls, folder: RunFolder, call: Callable[[Callable[[], None]], object]) -> Evolution:
        """A run that was begun before, as its folder tells it; nothing is started.

        Raises:
            StoreError: a file is wrong.
        """
        evolution = cls(folder.path, folder.info.task, call)
        evolution.standing = _STORED.get(folder.info.status, Standing.INTERRUPTED)
        evolution._rows = rows_of(folder.history())
        evolution.is_stored = True
        evolution.saved = tuple(folder.generations)
        return evolution

    def take(self, stored: Stored | None) -> None:
        """Shows what its folder tells now, unless it was begun here meanwhile; None: the folder is gone."""
        if not self.is_stored:
            return
        if stored is None:
            self.standing, self.elsewhere, self.problem = Standing.INTERRUPTED, "", "its folder is gone"
        else:
            self._take_stored(stored)
        self.changed()

    def _take_stored(self, stored: Stored) -> None:
        self.saved, self.elsewhere, self.problem = stored.saved, stored.writer, ""
        self.written = stored.written
        if stored.report is not None:
            self.improvements = []
            self._take_report(stored.report)
        if stored.writer:
            self.standing = Standing.ELSEWHERE
        elif stored.status is RunStatus.RUNNING:
            self.standing, self.problem = Standing.DIED, "the process that evolved was killed"
        else:
            self.standing = _STORED.get(stored.status, Standing.INTERRUPTED)

    def pause_or_go_on(self) -> None:
        """Pauses, or goes on."""
        is_running = self.standing in (Standing.RUNNING, Standing.STARTING)
        self._ask("pause" if is_running else "resume", Standing.PAUSING if is_running else Standing.RUNNING)

    def save(self) -> None:
        """Has the present generation saved."""
        self._ask("save", self.standing)

    def stop(self) -> None:
        """Has it saved and ended; if it was told so already and has not begun yet, it is ended by force."""
        if self.can_be_killed and self._remote is not None:
            self._is_killed = True
            self._remote.kill()
            return
        self._ask("stop", Standing.STOPPING)

    def end(self, patience: float) -> bool:
        """Has it saved and ended, and waits so many seconds for it; whether it did."""
        return self._remote is None or self._remote.end(patience)

    def _later(self, work: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the screens are gone
            self._call(work)

    def _ask(self, word: str, standing: Standing) -> None:
        if self._remote is not None:
            self._remote.tell(word)
            self.standing = standing
            self.changed()

    def _take(self, remote: Remote, told: Report | Preparation) -> None:
        if remote is not self._remote:
            return
        if isinstance(told, Preparation):
            self.doing = told.doing
        else:
            self._take_report(told)
        self.changed()

    def _take_report(self, report: Report) -> None:
        self.report, self.has_begun = report, True
        if self.task is None:
            with suppress(StoreError):
                self.task = RunFolder.open(self.path).info.task
        if report.state not in _WAITS.get(self.standing, ()):
            self.standing = _STANDINGS[report.state]
        if report.rows:
            last = self._rows[-1]["generation"] if self._rows else -1
            self._rows += [row for row in report.rows if row["generation"] > last]
            if len(self._rows) > MOST_ROWS:
                self._rows = self._rows[::-1][::2][::-1]
            self._history = None
        if report.saved is not None and report.saved not in self.saved[-1:]:
            self.saved = (*self.saved, report.saved)
        self.improvements = (self.improvements + list(report.improvements))[-MOST_IMPROVEMENTS:]

    def _end(self, remote: Remote, ending: Ending) -> None:
        if remote is not self._remote:
            return
        self._remote = None
        self.problem = "" if self._is_killed else ending.problem
        report = self.report if self.has_begun else None
        if self._is_killed or (report is None and ending.code == INTERRUPTED):
            self.standing = Standing.INTERRUPTED
        elif report is None or not report.state.is_over or ending.code not in EXPECTED:
            self.standing = Standing.DIED
            self.problem = ending.problem or "the process that evolved ended without a word"
        else:  # it may have been told to stop when it was over already
            self.standing = _STANDINGS[report.state]
        self.changed()


class Evolutions:
    """Those that were started from the screens, by folder."""

    def __init__(self) -> None:
        self._known: dict[Path, Evolution] = {}

    def add(self, evolution: Evolution) -> None:
        """Keeps one, in place of an earlier one of the same folder."""
        self._known[evolution.path.resolve()] = evolution

    def of(self, path: Path) -> Evolution | None:
        """The one that writes to a folder, or did."""
        return self._known.get(path.resolve())

    def end(self, say: Callable[[str], object], patience: float = 60.0) -> None:
        """Has all save and end: the screens are left.

        Args:
            say: takes what goes on.
            patience: seconds that each may take; it goes on saving by itself after that.
        """
        for evolution in self._known.values():
            if evolution.is_alive:
                say(f"saving {evolution.path} ...")
                is_over = evolution.end(patience)
                say(
                    f"go on with: gpdebug evolve --resume {evolution.path}" if is_over else "it takes long; not waiting"
                )


def evolutions_of(app: object) -> Evolutions:
    """Those of an application."""
    found = getattr(app, "evolutions", None)
    assert isinstance(found, Evolutions)
    return found
