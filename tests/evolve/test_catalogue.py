from __future__ import annotations

import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.bench import peers
from gpdebug.evolve.errors import TaskError
from gpdebug.evolve.judging import errors_on
from gpdebug.store.task import Task
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Programs
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import case_error
from vm.state import output_of

ANSWERS = {
    "echo": (b"ab c", b"ab c"),
    "reverse": (b"abc", b"cba"),
    "length": (b"abcde", b"\5"),
    "sort": (b"banana", b"aaabnn"),
    "count": (b"aabcaa", b"\3"),
    "add": (b"\xff\3", b"\2"),
    "subtract": (b"\xff\xfe", b"\1"),
    "double": (b"\x81", b"\2"),
    "triple": (b"\x56", b"\2"),
    "multiply": (b"\x0f\x11", b"\xff"),
    "max": (b"\3\xc8", b"\xc8"),
    "min": (b"\3\xc8", b"\3"),
    "sort2": (b"\xc8\3", b"\3\xc8"),
    "xor": (b"\1\1", b"\0"),
    "countdown": (b"\4", b"\4\3\2\1"),
    "warning": (b"\1", b"Warning Countdown: \1Warning Countdown: \0"),
    "bottles": (b"\1", b"\1bottles of beer on the wall\0bottles of beer on the wall"),
    "fibonacci": (b"\1\1", b"\2\3\5\x08\x0d\x15\x22\x37\x59\x90\xe9"),
    "fibonacci-4": (b"\x59\x90", b"\xe9\x79\x62\xdb"),
    "hello-user": (b"Jay", b"Hello Jay"),
    "if-then": (b"\2", b"z"),
    "cats": (b"\3", b"evil"),
    "trim-left": (b'a "inside" over', b'"inside" over'),
    "in-quotes": (b'"inside"', b"inside"),
    "between-quotes": (b'alice "inside" over', b"inside"),
    "csv-split": (b"spaghetti", b"spa,ghe,tti"),
    "xml-to-json": (b"<a>b</a>", b'{"a":"b"}'),
}

SOLUTIONS = {
    "echo": "[.>}]",
    "reverse": "[>]<[.<}]",
    "length": "[,+.>]",
    "add": "[->+<]>.",
    "subtract": ">[<->-]<.",
    "double": "[-<++>]<.",
}


ACTIVE = 10_000
"""Steps that a program has on a training case while it is searched for, if the task allows as many."""


def printing(text: str, cell: int = 0) -> str:
    """The shortest way to print a text from one cell that holds a number."""
    out = ""
    for byte in text.encode():
        step = (byte - cell + 128) % 256 - 128
        out += ("+" if step > 0 else "-") * abs(step) + "."
        cell = byte
    return out


def three(first: str, second: str, third: str) -> str:
    """The first text for 1, the second one for 2, the third one for 3."""
    one, two, three = (printing(text) for text in (first, second, third))
    return f",->+<[->-<>>>+<<<[->>>-<<<>>{three}[-]<<]>>>[-<{two}[-]>]<<<]>[->{one}[-]<]"


def until(byte: int) -> str:
    """Copies the input up to a byte, which has been read as what is left to it."""
    return f"{'-' * byte}[{'+' * byte}.,{'-' * byte}]"


def beside(text: str) -> str:
    """Prints a text from the next cell."""
    return f">{printing(text)}[-]<"


SKIPPED = f",{'-' * 34}[,{'-' * 34}]"
"""Reads up to the first quote."""
BY_HAND = {
    "add": ",>,[-<+>]<.",
    "subtract": ",>,[-<->]<.",
    "double": ",[->++<]>.",
    "triple": ",[->+++<]>.",
    "xor": ",>,[-<->]<[[-]>+<]>.",
    "length": ",[>+<,]>.",
    "reverse": ">,[>,]<[.<]",
    "hello-user": printing("Hello ") + ",[.,]",
    "if-then": three("hi", "z", "bye"),
    "cats": three("cats", "are", "evil"),
    "trim-left": SKIPPED + "+" * 34 + ".,[.,]",
    "in-quotes": ",," + until(34),
    "between-quotes": SKIPPED + "," + until(34),
    "csv-split": f",[.,[.,[.,[{beside(',')}[->>+<<]]]]>>[-<<+>>]<<]",
    "xml-to-json": "," + beside('{"') + "," + until(62) + beside('":"') + "," + until(60) + beside('"}'),
    "fibonacci-4": ",>,<" + "[->>+<<]>[->+>+<<]>>[-<<+>>]<.<" * 4,
    "warning": f",+[{beside('Warning Countdown: ')}-.]",
    "bottles": f",+[-.{beside('bottles of beer on the wall')}]",
}
"""Programs of `bf` that are right."""


def error_of(source: str, task: Task) -> int:
    total = 0
    for case in (task.training + task.held_out)[::8]:
        machine = ReferenceMachine(Program.parse(source, task.dialect), case.input, task.dialect.settings)
        machine.run()
        state = machine.snapshot()
        output = output_of(state, task.dialect, task.dialect.settings)
        total += case_error(task.scorer, output, case.output, state.status)
    return total


def test_every_task_has_a_known_answer_to_check_its_cases_with() -> None:
    assert set(ANSWERS) == set(catalogue.names())


@pytest.mark.parametrize("name", catalogue.names())
def test_the_answer_of_a_task_is_what_its_summary_says(name: str) -> None:
    given, wanted = ANSWERS[name]
    assert catalogue.ENTRIES[name].answer(given) == wanted


@pytest.mark.parametrize("name", catalogue.names())
def test_cases_are_the_same_every_time_and_the_pools_share_none(name: str) -> None:
    task = catalogue.find(name)
    assert task == catalogue.find(name)
    training, held_out = {case.input for case in task.training}, {case.input for case in task.held_out}
    assert len(training) == len(task.training)
    if len(training) <= 4:
        assert training == held_out
    else:
        assert not training & held_out
        assert len(held_out) >= 29


@pytest.mark.parametrize(("name", "source"), SOLUTIONS.items())
def test_programs_known_to_be_right_have_no_error(name: str, source: str) -> None:
    assert error_of(source, catalogue.find(name)) == 0


@pytest.mark.parametrize(("name", "source"), BY_HAND.items())
def test_a_task_that_a_peer_solved_can_be_solved_within_its_steps(name: str, source: str) -> None:
    task = catalogue.find(name, BF)
    programs = Programs.of([source.encode()])
    errors, steps = errors_on(task, programs, task.training)
    assert not errors.any()
    assert steps.max() <= ACTIVE
    assert not errors_on(task, programs, task.held_out)[0].any()


def test_every_task_of_a_peer_was_solved_by_hand() -> None:
    texts = {name for name in peers.FIGURES if name.startswith("text:")}
    assert set(BY_HAND) >= set(peers.FIGURES) - texts


@pytest.mark.parametrize(("name", "source"), [("subtract", ">[<->-]<+."), ("max", ">.")])
def test_programs_that_are_wrong_only_for_some_inputs_have_an_error(name: str, source: str) -> None:
    assert error_of(source, catalogue.find(name)) > 0


@pytest.mark.parametrize("name", ["add", "subtract", "max", "min"])
def test_both_pools_of_a_pair_task_hold_boundary_values_and_equal_operands(name: str) -> None:
    task = catalogue.find(name)
    for pool in (task.training, task.held_out):
        for value in (0, 1, 254, 255):
            assert any(value in case.input for case in pool)
        assert any(case.input[0] == case.input[1] and case.input[0] in (0, 1, 254, 255) for case in pool)
        assert any(case.input[0] == case.input[1] and 2 < case.input[0] < 253 for case in pool)


@pytest.mark.parametrize("name", ["echo", "reverse", "length"])
def test_both_pools_of_a_text_task_hold_the_longest_texts_and_one_the_empty_text(name: str) -> None:
    task = catalogue.find(name)
    lengths = [[len(case.input) for case in pool] for pool in (task.training, task.held_out)]
    assert lengths[0].count(0) == 1
    for pool in lengths:
        assert pool.count(24) >= 2
        assert 1 in pool


def test_single_numbers_are_split_with_boundaries_on_both_sides() -> None:
    task = catalogue.find("double")
    assert {b"\0", b"\xfe"} <= {case.input for case in task.training}
    assert {b"\1", b"\xff"} <= {case.input for case in task.held_out}
    assert len(task.training) + len(task.held_out) == 256


def test_a_text_is_a_task_in_bf_unless_another_dialect_is_given() -> None:
    task = catalogue.find("text:hello")
    assert task.dialect.name == "bf"
    assert [(case.input, case.output) for case in task.training] == [(b"", b"hello")]
    assert task.held_out == ()
    assert catalogue.find("text:hello", TAPE).dialect.name == "tape"
    assert catalogue.find("add", BF).dialect.name == "bf"


@pytest.mark.parametrize(("name", "hint"), [("reverze", "reverse"), ("addd", "add"), ("qqqq", "gpdebug tasks")])
def test_an_unknown_task_is_refused_with_what_may_have_been_meant(name: str, hint: str) -> None:
    with pytest.raises(TaskError, match=hint):
        catalogue.find(name)


@pytest.mark.parametrize("name", ["text:", "text:" + "x" * 101, "text:a\0b"])
def test_a_text_that_cannot_be_wanted_is_refused(name: str) -> None:
    with pytest.raises(TaskError, match="text"):
        catalogue.find(name)


def test_a_step_limit_below_the_usual_one_is_kept() -> None:
    short: Dialect = TAPE.with_settings(limit=500)
    assert catalogue.find("echo", short).dialect.settings.limit == 500
