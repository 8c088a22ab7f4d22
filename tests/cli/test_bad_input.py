"""What cannot work is refused in one line with exit code 2, before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpdebug.cli import WRONG, main

LONG = "a" * 300
FILES = {
    "wrong.csv": "a,b\n1,2\n",
    "empty.csv": "",
    "empty.jsonl": "",
    "header.csv": "input,output\n",
    "uneven.csv": "input,output\na,b,c\n",
    "list.jsonl": "[1, 2]\n",
    "one.jsonl": '{"input": "a", "output": "b"}\n',
    "other.jsonl": '{"input": "a", "output": "c"}\n',
    "half.jsonl": '{"input": "a"}\n',
    "apart.jsonl": '{"input": "a", "output": "b", "held_out": true}\n',
    "long_input.jsonl": f'{{"input": "{LONG}", "output": "b"}}\n',
    "long_output.jsonl": f'{{"input": "a", "output": "{LONG}"}}\n',
    "zero.jsonl": '{"input": "a", "output_hex": "6100"}\n{"input": "b", "output_hex": "61"}\n',
    "many.csv": "input_numbers,output\n" + "".join(f"{n // 256} {n % 256},a\n" for n in range(5_500)),
    "short.txt": "abc",
    "empty.txt": "",
    "nothing.toml": "===",
    "still.toml": 'name = "still"\nbased_on = "bf"\n[settings]\nlimit = 0\n',
    "quick.toml": 'name = "quick"\nbased_on = "bf"\n[settings]\nlimit = 3\n',
    "small.toml": 'name = "small"\nbased_on = "tape"\n[settings]\nmemory = 16\n',
    "mine.py": "def fails(): 1 / 0\n",
    "folder/file": "",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "latin.csv").write_bytes(b"input,output\n\xff,x\n")
    (tmp_path / "latin.txt").write_bytes(b"abc\xff")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("wrong.csv", "wrong.csv: line 2: input: missing"),
        ("empty.csv", "empty.csv: holds no case"),
        ("empty.jsonl", "empty.jsonl: holds no case"),
        ("header.csv", "header.csv: holds no case"),
        ("uneven.csv", "uneven.csv: line 2: has 3 fields, the header names 2"),
        ("latin.csv", "latin.csv: byte 13 is not UTF-8"),
        ("gone.csv", "gone.csv: no such file"),
        ("list.jsonl", "list.jsonl: line 1: expected an object"),
        ("half.jsonl", "half.jsonl: line 1: output: missing"),
        ("apart.jsonl", "there is no training case"),
        ("long_input.jsonl", "long_input.jsonl: training[0]: the input has 300 bytes"),
        ("long_output.jsonl", "more than 128 bytes; use shorter outputs, or dialect bf"),
        ("zero.jsonl", "a zero in it, where an output ends; use outputs of one length, or dialect bf"),
        ("many.csv", "has 4,125 training cases, 4,096 are the most"),
        ("one.jsonl --held-out other.jsonl", 'for input "a" both "b" and "c" are wanted'),
        ("one.jsonl --held-out gone.jsonl", "gone.jsonl: no such file"),
        ("one.jsonl --held-out short.txt", "short.txt: not a file of rows"),
        ("reverse --held-out one.jsonl", "'reverse' has its own"),
        ("mine.py:fails", "mine.py:1: fails fails: ZeroDivisionError"),
        ("mine.py", "mine.py:fails"),
        ("short.txt", "short.txt is a file, but no task"),
        ("folder", "folder is a folder, but no task"),
        ("text-next:short.txt:3", "short.txt: has 3 bytes, too few for 3"),
        ("text-next:empty.txt:1", "empty.txt: has 0 bytes, too few for 1"),
        ("text-next:latin.txt:1", "latin.txt: byte 3 is no UTF-8"),
        ("text-next:gone.txt:1", "gone.txt: cannot be read"),
        ("text-next:folder:1", "folder: cannot be read"),
        ("text-next:short.txt:0", "text-next:FILE:N"),
        ("text:", "at least one character"),
        ("revers", "did you mean reverse?"),
        ("reverse --dialect nothing.toml", "nothing.toml: not valid TOML"),
        ("reverse --dialect gone.toml", "gone.toml: no such file"),
        ("reverse --dialect nope", "no dialect is called 'nope'"),
        ("reverse --dialect bff", "dialect bff: evolution needs programs apart from memory"),
        ("reverse --dialect still.toml", "ends after 0 steps, and the longest output has 24 bytes; raise the limit"),
        ("text:hello --dialect quick.toml", "ends after 3 steps, and the longest output has 5 bytes"),
        (
            "reverse --dialect small.toml",
            "reverse: training[17]: the input has 17 bytes, but from cell 0 the memory has room for 16",
        ),
        ("reverse --budget=-5s", "budget '-5s': expected a time such as 60s"),
        ("reverse --budget 0", "budget '0': is nothing"),
        ("reverse --budget 1e99", "budget '1e99': expected"),
        ("reverse --budget 99999999999999999999", "is never spent"),
        ("reverse --budget nan", "budget 'nan': expected"),
        ("reverse --budget 5s --budget 6s", "there is a bound of that kind already"),
        ("reverse --population 0", "population must be"),
        ("reverse --population 99999999999999999999", "population must be"),
        ("reverse --islands 0", "islands must be"),
        ("reverse --threads 0", "--threads"),
        ("reverse --seed -1", "seed must be"),
        ("reverse --seed 99999999999999999999", "seed must be"),
        ("reverse --seed x", "--seed"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(
    words: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(here.rglob("*"))
    assert main(["evolve", *words.split(), "--out", "run"]) == WRONG
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("folder", "folder: is not empty: it holds file; choose another folder"),
        (".", "empty.jsonl and "),
        ("short.txt", "short.txt: is there already, and no folder"),
        ("short.txt/run", "short.txt is no folder; choose another place"),
        ("", "give --out DIR"),
    ],
)
def test_a_run_that_could_not_be_saved_is_not_begun(
    out: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(here.rglob("*"))
    assert main(["evolve", "reverse", "--out", out]) == WRONG
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert sorted(here.rglob("*")) == before


def test_a_folder_that_one_may_not_write_in_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert main(["evolve", "reverse", "--out", "folder/run"]) == WRONG
    assert f"you may not write in {here / 'folder'}; choose another place" in capsys.readouterr().err
