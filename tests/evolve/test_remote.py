from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from gpdebug.evolve.live import Preparation, Report, State
from gpdebug.evolve.remote import Ending, Remote
from gpdebug.store.run import RunFolder

PATIENCE = 300
LINE = Report(
    state=State.RUNNING, generation=3, evaluations=4, seconds=1, programs_per_s=4, error=5, held_out_error=6,
    solved_cases=0, code=b"+",
).to_line()  # fmt: skip


class Listener:
    """Follows a process."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.doings: list[str] = []
        self.endings: list[Ending] = []
        self.is_told, self.has_ended = threading.Event(), threading.Event()
        self.remote = Remote(self.told, self.ended)

    def told(self, told: Report | Preparation) -> None:
        if isinstance(told, Report):
            self.reports.append(told)
            self.is_told.set()
        else:
            self.doings.append(told.doing)

    def ended(self, ending: Ending) -> None:
        self.endings.append(ending)
        self.has_ended.set()

    def starts(self, script: str) -> None:
        self.remote.start([], (sys.executable, "-c", script))

    @property
    def ending(self) -> Ending:
        assert self.has_ended.wait(PATIENCE)
        return self.endings[0]


@pytest.fixture
def listener() -> Listener:
    return Listener()


def test_a_real_run_is_followed_and_saved_when_its_commands_end(listener: Listener, tmp_path: Path) -> None:
    listener.remote.start(["sort", "--out", str(tmp_path / "run"), "--population", "40", "--budget", "none"])
    assert listener.is_told.wait(PATIENCE)
    assert listener.remote.end(PATIENCE)
    assert listener.ending == Ending(130)
    assert listener.doings[0] == "loading"
    assert "loading the search" in listener.doings
    assert listener.reports[-1].state is State.INTERRUPTED
    assert RunFolder.open(tmp_path / "run").generations[-1] == listener.reports[-1].generation


def test_what_the_command_line_refuses_is_told_in_its_words(listener: Listener, tmp_path: Path) -> None:
    listener.remote.start(["reverze", "--out", str(tmp_path / "run")])
    assert listener.ending == Ending(2, "unknown task 'reverze': did you mean reverse?")


def test_garbage_between_reports_is_passed_over(listener: Listener) -> None:
    listener.starts(f"print('garbage'); print({LINE!r}); print('\\x00[1')")
    assert "no report of a run: '\\x00[1'" in listener.ending.problem
    assert [report.generation for report in listener.reports] == [3]


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("import os; os.kill(os.getpid(), 9)", Ending(-9, "the process that evolved was killed (SIGKILL)")),
        ("raise ValueError('no such luck')", Ending(1, "ValueError: no such luck")),
        ("import sys; print('interrupted', file=sys.stderr); sys.exit(130)", Ending(130)),
        (f"print({LINE.replace('running', 'finished')!r}); raise ValueError('no such luck')", Ending(1, "")),
        ("import sys; print('gpdebug: the disk is full', file=sys.stderr); print('x'); sys.exit(2)",
         Ending(2, "the disk is full")),
        ("import sys; sys.exit(7)", Ending(7, "the process that evolved ended with exit code 7")),
    ],
)  # fmt: skip
def test_how_a_process_died_is_told(script: str, ending: Ending, listener: Listener) -> None:
    listener.starts(script)
    assert listener.ending == ending


def test_last_words_are_waited_for_however_late_they_are_read(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Remote._read_errors

    def read_late(remote: Remote) -> None:
        assert remote._process is not None
        remote._process.wait()
        time.sleep(0.2)
        read(remote)

    monkeypatch.setattr(Remote, "_read_errors", read_late)
    listener.starts("import sys; print('gpdebug: the disk is full', file=sys.stderr); sys.exit(2)")
    assert listener.ending == Ending(2, "the disk is full")


def test_commands_come_in_a_word_a_line_and_none_to_one_that_has_ended(listener: Listener) -> None:
    script = f"import sys; print({LINE!r}, flush=True); sys.exit(len(sys.stdin.readline()) + 50)"
    listener.starts(script)
    assert listener.is_told.wait(PATIENCE)
    listener.remote.tell("pause")
    assert listener.ending.code == 56
    listener.remote.tell("resume")
    assert not listener.remote.is_alive
