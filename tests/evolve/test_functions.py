from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gpdebug.evolve import tasks
from gpdebug.evolve.errors import TaskError


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_an_endless_function_gives_as_many_cases_as_a_task_of_the_catalogue_has(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "def double(random):\n    '''a number → twice it'''\n    while True:\n"
        "        n = random.randrange(128), random.randrange(9)\n        yield n, [2 * n[0]]\n",
    )
    task = tasks.load(f"{path}:double")
    assert (task.name, task.description, task.origin) == ("double", "a number → twice it", "mine.py:double")
    assert (len(task.training), len(task.held_out)) == (128, 200)
    assert not {case.input for case in task.training} & {case.input for case in task.held_out}
    assert all(case.output == bytes([2 * case.input[0]]) for case in task.training + task.held_out)
    assert task.dialect.settings.out_len == 1
    assert tasks.load(f"{path}:double") == task


def test_a_function_that_repeats_itself_for_ever_gives_what_it_has(tmp_path: Path) -> None:
    path = written(tmp_path, "import itertools\ndef few(): return itertools.cycle([(1, 2), (3, 4)])\n")
    assert [case.input for case in tasks.load(f"{path}:few").training] == [b"\1", b"\3"]


def test_inputs_and_outputs_are_bytes_texts_numbers_or_lists_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, "def all(): return [(b'a', 'b'), (99, [100, 1]), ((5,), bytearray(b'x')), ('', 'é')]\n")
    cases = [(case.input, case.output) for case in tasks.load(f"{path}:all").training]
    assert cases == [(b"a", b"b"), (b"c", b"d\1"), (b"\5", b"x"), (b"", b"\xe9")]


def test_a_third_item_holds_a_case_out_and_otherwise_every_fourth_is(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "def told():\n    for n in range(9): yield n, n + 1, n > 6\n"
        "def plain():\n    for n in range(9): yield n, n + 1\n",
    )
    assert [case.input[0] for case in tasks.load(f"{path}:told").held_out] == [7, 8]
    assert [case.input[0] for case in tasks.load(f"{path}:plain").held_out] == [3, 7]


def test_a_file_of_held_out_cases_may_be_given_too(tmp_path: Path) -> None:
    path = written(tmp_path, "def few(): return [(1, 2), (3, 4)]\n")
    more = written(tmp_path, '{"input": [5], "output": [6]}\n', "more.jsonl")
    assert [case.input for case in tasks.load(f"{path}:few", held_out=str(more)).held_out] == [b"\5"]


def test_files_beside_it_can_be_imported_and_what_it_prints_is_no_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "ANSWER = 42\n", "beside_the_task.py")
    path = written(tmp_path, "from beside_the_task import ANSWER\nprint('hello')\ndef one(): return [(1, ANSWER)]\n")
    before = list(sys.path)
    assert tasks.load(f"{path}:one").training[0].output == b"*"
    assert sys.path == before
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "hello\n")
    sys.modules.pop("beside_the_task")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(random):\n    yield 1, 2\n    1 / 0\n", "mine.py:3: f fails: ZeroDivisionError: division by zero"),
        ("import nowhere_at_all\ndef f(): pass\n", "mine.py:1: cannot be run: ModuleNotFoundError"),
        ("def f(:\n", "mine.py:1: no Python: invalid syntax"),
        ("def f():\n    import sys\n    sys.exit(3)\n", "mine.py:3: f fails: SystemExit: 3"),
        ("def f(): return []\n", "f: makes no cases"),
        ("def f(): return None\n", "f gives None; expected pairs"),
        ("def f(): return 'text'\n", "f gives 'text'; expected pairs"),
        ("def f(): return [(1, 2), 3]\n", "f, case 2, is 3; expected pairs"),
        ("def f(): return [(1, 256)]\n", "f, case 1: output: 256 is not made of bytes"),
        ("def f(): return [(1.5, 2)]\n", "f, case 1: input: 1.5 is not made of bytes"),
        ("def f(): return [('Ω', 2)]\n", "'Ω' is no single byte"),
        ("def f(a, b): return []\n", "f takes 2 arguments"),
        ("def g(): return []\n", "has no function 'f'; "),
        ("f = 3\n", "has no function 'f'; it has none"),
        ("n = []\ndef f():\n    n.append(1)\n    return [(len(n), 1)]\n", "case 1 is another one"),
        ("n = []\ndef f():\n    n.append(1)\n    return [(i, 1) for i in range(len(n))]\n", "makes 1 cases, and 2"),
        ("def f(): return [(1, 2), (1, 3)]\n", "contradict each other: for input 01 both 02 and 03"),
        ("def f(): return [([1] * 300, 2)]\n", r"mine.py:f: training\[0\]: the input has 300 bytes"),
    ],
)
def test_what_is_wrong_with_a_function_is_one_line_that_says_where(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Exception, match=said) as raised:
        tasks.load(f"{path}:f")
    assert "\n" not in str(raised.value)


def test_the_name_of_the_function_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, "def one(): pass\n")
    for source in (str(path), f"{path}:"):
        with pytest.raises(TaskError, match=r"name the function that makes the cases, such as .*mine\.py:one"):
            tasks.load(source)
    with pytest.raises(TaskError, match=r"gone\.py: cannot be read"):
        tasks.load(f"{tmp_path / 'gone.py'}:f")


@pytest.mark.parametrize("name", ["text:a.py", "text:cases.csv", "text:mine.py:f"])
def test_a_text_may_look_like_a_file(name: str) -> None:
    assert tasks.load(name).training[0].output.decode() == name.removeprefix("text:")
