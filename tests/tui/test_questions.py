"""Questions as users write them."""

from __future__ import annotations

import pytest

from gpdebug.tui.explain_words import fitting
from gpdebug.tui.questions import Asked, Question, QuestionError, parse_question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("out[2]", Question(Asked.OUTPUT, 2)),
        (" mem[ 0x10 ] ", Question(Asked.CELL, 16)),
        ("mem[3]@1,204", Question(Asked.CELL, 3, 1204)),
        ("Jump @ 88", Question(Asked.JUMP, 0, 88)),
    ],
)
def test_questions_are_read_as_they_are_written(text: str, question: Question) -> None:
    assert parse_question(text) == question
    assert parse_question(question.text) == question


@pytest.mark.parametrize("text", ["", "out", "out[]", "mem[-1]", "jump", "mem[3]@", "in[2]", "out[h0]"])
def test_what_is_no_question_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(QuestionError, match="expected out"):
        parse_question(text)


def test_an_output_byte_has_no_step() -> None:
    with pytest.raises(QuestionError, match="without a step") as caught:
        parse_question("out[3]@7")
    assert caught.value.column == 6


def test_the_next_one_is_a_byte_or_cell_further() -> None:
    assert Question(Asked.OUTPUT, 2).moved(1) == Question(Asked.OUTPUT, 3)
    assert Question(Asked.CELL, 0, 9).moved(-1) is None
    assert Question(Asked.JUMP, step=4).moved(1) is None


def test_what_does_not_fit_is_left_out_by_whole_clauses() -> None:
    text = "1 of the 9 steps up to there, 97 of them in 1 loop; replayed alone"
    assert fitting(text, 100) == text
    assert fitting(text, 60) == "1 of the 9 steps up to there, 97 of them in 1 loop"
    assert fitting(text, 40) == "1 of the 9 steps up to there"
    assert fitting(text, 5) == "1 of the 9 steps up to there", "one clause stays"
