"""`from gpdebug import Session`: what the README shows is what happens, and importing costs nothing."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gpdebug
from gpdebug.cli import main
from gpdebug.debugger.session import Session
from gpdebug.store.errors import StoreError
from vm.dialect import BF
from vm.errors import ProgramError, SettingsError
from vm.program import Program

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_example_of_the_readme_does_what_it_says() -> None:
    examples = re.findall(r"<!-- tested -->\n```pycon\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 1
    test = doctest.DocTestParser().get_doctest(examples[0], {}, "README", "README.md", 0)
    assert len(test.examples) >= 10
    report: list[str] = []
    runner = doctest.DocTestRunner()
    assert runner.run(test, out=report.append).failed == 0, "".join(report)


def test_the_transcript_of_the_readme_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(
        r"```console\n\$ cat copied\.txt\n(.*?)\$ gpdebug script copied\.txt\n(.*?)```", README, re.DOTALL
    )
    assert found is not None
    monkeypatch.chdir(tmp_path)
    Path("copied.txt").write_text(found[1])
    assert main(["script", "copied.txt"]) == 0
    assert capsys.readouterr().out == found[2]


def test_all_that_the_package_offers_is_there_and_nothing_else() -> None:
    assert gpdebug.Session is Session
    assert set(dir(gpdebug)) == set(gpdebug.__all__)
    for name in gpdebug.__all__:
        assert getattr(gpdebug, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Sesion'"):
        _ = gpdebug.Sesion  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_and_a_session_nothing_heavy() -> None:
    code = (
        "import sys, gpdebug; light = set(sys.modules);"
        "assert not any(name.startswith(('numpy', 'gpdebug.')) for name in light), light;"
        "gpdebug.Session.open('[>]<[.<}]', 'abc').to_end();"
        "assert not {'numba', 'pyarrow', 'textual'} & set(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_a_session_opens_text_files_and_programs(tmp_path: Path) -> None:
    (tmp_path / "copy.bf").write_text(", copies . a byte")
    for source in (tmp_path / "copy.bf", ",.", Program.parse(",.", BF)):
        session = Session.open(source, b"x", dialect="bf", wanted="x", memory=5)
        assert session.program.dialect.name == "bf"
        assert session.settings.memory == 5
        assert session.to_end().output == session.wanted == b"x"


def test_a_long_run_is_opened_on_the_compiled_machine_and_gives_the_same() -> None:
    long = Session.open("+[>+<]", limit=1_000_000)
    assert long.to_end().step == 1_000_000
    assert long.step_back().step == 999_999


def test_what_cannot_be_opened_is_told() -> None:
    with pytest.raises(ProgramError):
        Session.open("+x", dialect="tape")
    with pytest.raises(StoreError, match="did you mean tape"):
        Session.open("+", dialect="tapir")
    with pytest.raises(SettingsError, match="unknown setting 'memry'"):
        Session.open("+", memry=3)
    with pytest.raises(StoreError):
        Session.open(Path("no-such-file.bf"))
