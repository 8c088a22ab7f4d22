"""The group: every command has help, errors are one line, exit codes are as documented, nothing heavy is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from gpdebug import __version__, cli
from gpdebug.cli import COMMANDS, group, main
from gpdebug.evolve import catalogue
from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]


def test_the_version_is_told(capsys: Captured) -> None:
    assert ran(capsys, "--version").out == f"gpdebug {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_what_it_does(name: str, capsys: Captured) -> None:
    result = ran(capsys, name, "--help")
    assert result.code == 0
    assert f"gpdebug {name}" in result.out
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.get_short_help_str()


def test_help_lists_every_command_and_the_exit_codes(capsys: Captured) -> None:
    result = ran(capsys, "--help")
    assert all(f"  {name} " in result.out for name in COMMANDS)
    assert "Exit codes" in result.out
    assert "..." not in result.out.partition("Commands:")[2], "a description is cut"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["open"], "Missing argument 'SOURCE'"),
        (["open", "--wrong", "x"], "No such option"),
        (["open", "no-such-run"], "no-such-run: no such file or run"),
        (["open", "+", "--dialect", "tapir"], "no dialect is called 'tapir'; did you mean tape?"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_exit_code_2(arguments: list[str], says: str, capsys: Captured) -> None:
    result = ran(capsys, *arguments)
    assert result.code == 2
    assert not result.out
    assert result.err.startswith("gpdebug: ")
    assert says in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.mkdir(), "is no run: it has no run.json"),
        (lambda path: path.write_text("++ x"), "line 1, column 4: 'x' is no symbol of tape"),
        (lambda path: path.write_text(""), "is empty"),
    ],
)
def test_a_source_that_cannot_be_opened_is_told_before_any_screen(
    make: Callable[[Path], object], says: str, tmp_path: Path, capsys: Captured
) -> None:
    make(tmp_path / "thing.tape")
    result = ran(capsys, "open", str(tmp_path / "thing.tape"))
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1


def test_a_run_of_a_later_version_is_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"format": "gpdebug-run", "version": 99}))
    result = ran(capsys, "open", str(tmp_path))
    assert result.code == 2
    assert "99" in result.err
    assert "run.json" in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["open", "-"]])
def test_without_a_terminal_there_are_no_screens(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "gpdebug", *arguments],
        input="+[-]", capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip
    assert result.returncode == 2
    assert "terminal" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(catalogue, "names", broken)
    with pytest.raises(ZeroDivisionError):
        main(["tasks"])


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_an_interrupted_command_ends_with_130(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise error

    monkeypatch.setattr(catalogue, "names", interrupted)
    assert main(["tasks"]) == 130


def test_a_file_that_may_not_be_read_is_told_as_the_system_says_it() -> None:
    assert cli.readable(PermissionError(13, "Permission denied", "x.bf")) == "x.bf: permission denied"
    assert cli.readable(ValueError("ours")) is None


def test_tasks_lists_the_whole_catalogue(capsys: Captured) -> None:
    lines = ran(capsys, "tasks").out.splitlines()
    assert [line.split()[0] for line in lines[1 : 1 + len(catalogue.names())]] == list(catalogue.names())
    rows = [json.loads(line) for line in ran(capsys, "tasks", "--json").out.splitlines()]
    reverse = next(row for row in rows if row["name"] == "reverse")
    assert reverse["dialect"] == "tape"
    assert reverse["training_cases"] == len(catalogue.find("reverse").training)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str, capsys: Captured) -> None:
    result = ran(capsys, "completion", shell)
    assert result.code == 0
    assert f"_GPDEBUG_COMPLETE={shell}_complete" in result.out


def test_the_shell_completes_commands_and_sample_runs() -> None:
    from gpdebug.cli.open import complete_source
    from gpdebug.store.samples import samples

    context = click.Context(group)
    assert [item.value for item in group.shell_complete(context, "compl")] == ["completion"]
    parameter = click.Argument(["source"])
    items = complete_source(context, parameter, "")
    assert [item.value for item in items if item.type == "plain"] == list(samples())
    assert items[-1].type == "file"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["open", "no-such-run"], ["tasks"]])
def test_nothing_heavy_is_imported_for_light_work(arguments: list[str]) -> None:
    code = (
        "import sys; from gpdebug.cli import main; main(sys.argv[1:]);"
        "sys.exit(','.join({'numba', 'pyarrow', 'llvmlite'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert result.stderr.splitlines()[-1:] in ([], [""]) or "gpdebug: " in result.stderr.splitlines()[-1]


def test_the_module_runs_as_the_program() -> None:
    result = subprocess.run([sys.executable, "-m", "gpdebug", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"gpdebug {__version__}\n"
