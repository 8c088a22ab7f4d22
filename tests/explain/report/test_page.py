"""The page: all its parts, for programs of all kinds, well-formed and the same each time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte
from gpdebug.explain.errors import CriterionError
from gpdebug.explain.parts import Kind
from gpdebug.explain.report import scanning
from gpdebug.explain.report.contents import SCANS, Note, Part, ReportError, Source, Wish
from gpdebug.explain.report.gather import gather
from gpdebug.explain.report.page import to_html
from gpdebug.store.cases import Case
from gpdebug.store.dialects import find_dialect
from gpdebug.store.individuals import Individuals
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from gpdebug.store.task import Task
from tests.explain.report.pages import checked, judged, page_of, part, source, words_of
from vm.program import Program


def test_it_says_what_the_program_is_and_what_it_does() -> None:
    page = page_of(judged())
    assert page.findtext(".//title") == page.findtext(".//h1") == "mine"
    lead = words_of(page.find(".//p[@class='lead']"))
    assert (
        lead == "9 instructions of tape, 9 of them executed; right on all 3 training cases and on all 2 held-out cases."
    )
    assert "copy the cell at head0 to head1" in words_of(part(page, "listing"))
    assert [row.findtext("td[6]") for row in part(page, "cases").iter("tr")][1:] == ["right"] * 5


def test_an_input_without_a_task_is_told_as_it_is() -> None:
    page = page_of(source())
    assert 'of the input "abc" it makes "cba"' in words_of(page.find(".//p[@class='lead']"))
    assert "wanted" not in words_of(part(page, "cases"))


def test_what_it_explains_adds_up() -> None:
    page = page_of(source("++++++++[>++++++++<-]>+.", "bf", b""))
    why = part(page, "why")
    assert why.findtext("h2") == "Why is output byte 0 = 65 'A'?"
    adds = [words_of(row.findall("td")[-1]) for row in why.findall(".//tbody/tr")]
    total = words_of(why.findall(".//tfoot/tr")[-1].findall("td")[-1])
    assert sum(int(text.replace("−", "-")) for text in adds if text) == int(total) == 65
    assert "Checked: " in words_of(why)


def test_what_is_hidden_of_a_large_circuit_is_in_the_sum() -> None:
    page = page_of(source("+>+<" * 100 + ".", "bf", b""))
    foot = [words_of(row) for row in part(page, "why").findall(".//tfoot/tr")]
    assert re.fullmatch(r"\d+ nodes that are not shown \+\d+", foot[0])
    shown = [words_of(row.findall("td")[-1]) for row in part(page, "why").findall(".//tbody/tr")]
    assert sum(int(text) for text in shown if text) + int(foot[0].split("+")[1]) == 100


def test_what_let_it_happen_is_drawn_beside_what_it_was_made_from() -> None:
    why = part(page_of(judged(), Wish(case=3, criterion=OutputByte(0))), "why")
    values, control = why.findall(".//figure")
    assert "control" not in words_of(values.find("figcaption"))
    assert "control" in words_of(control.find("figcaption"))
    both = part(page_of(judged(), Wish(case=3, criterion=OutputByte(0), kinds=Kind.VALUE | Kind.CONTROL)), "why")
    assert len(both.findall(".//figure")) == 1
    assert len(part(page_of(source("+.", "bf", b"")), "why").findall(".//figure")) == 1


def test_without_a_question_it_explains_the_first_byte_that_depends_on_the_input() -> None:
    constant_first = source("+++.,.", "bf", b"x")
    assert gather(constant_first).explanation is not None
    assert "output byte 1 " in words_of(part(page_of(constant_first), "why"))
    assert "output byte 0 " in words_of(part(page_of(source("+++.", "bf", b"")), "why"))


def test_without_output_it_explains_the_cell_that_was_written_last() -> None:
    assert "cell 1 = 1 at step 4" in words_of(part(page_of(source("++>+", "bf", b"")), "why"))
    assert "there is nothing to explain" in words_of(part(page_of(source(">>", "bf", b"")), "why"))
    assert "of 0 instructions were executed" in words_of(page_of(source("", "bf", b"")))


@pytest.mark.parametrize(
    ("criterion", "asks"),
    [
        (OutputByte(2), "Why is output byte 2 = 97 'a'?"),
        (CellAt(1, 2), "Why is cell 1 = 98 'b' at step 2?"),
        (JumpAt(0), "Why does the bracket at step 0 go on as it does?"),
    ],
)
def test_any_question_can_be_asked(criterion: OutputByte | CellAt | JumpAt, asks: str) -> None:
    page = page_of(judged(), Wish(case=3, criterion=criterion, kinds=Kind.VALUE | Kind.CONTROL))
    assert part(page, "why").findtext("h2") == asks
    assert 'On case 3: the input is "abc" , the output "cba" .' in words_of(part(page, "why"))


@pytest.mark.parametrize("name", ["tape", "bf", "bf-evolved", "bfx", "bff", "bff-heads"])
def test_every_dialect_has_a_report(name: str) -> None:
    page = page_of(source("[>+<-]>+.", name, b""))
    assert f"9 instructions of {name}" in words_of(page)
    assert part(page, "why").findtext("h2")


def test_a_failing_case_is_the_one_to_explain() -> None:
    page = page_of(judged("[.>}]"))
    assert "On case 2: " in words_of(part(page, "why"))
    assert "right on 1 of 3 training cases" in words_of(page)


def test_an_input_that_is_given_beside_a_task_is_explained() -> None:
    about = judged()
    given = Source(about.name, about.program, about.settings, b"xyz", about.task)
    page = page_of(given)
    assert "On the given input: " in words_of(part(page, "why"))
    assert words_of(part(page, "cases").findall(".//tbody/tr")[-1]).startswith('▸ – given "xyz" – "zyx"')


def test_what_is_asked_for_and_is_not_there_is_refused() -> None:
    with pytest.raises(ReportError, match="there is no case 6: there are cases 1 to 5"):
        gather(judged(), Wish(case=6))
    with pytest.raises(CriterionError, match="there is no output byte 9"):
        gather(source(), Wish(criterion=OutputByte(9)))


def test_parts_can_be_left_out_and_the_page_says_so() -> None:
    page = page_of(judged(), Wish(without=frozenset(Part)))
    assert page.find(".//section[@id='cases']") is None
    assert "Left out, as asked: " in words_of(part(page, "origin"))


def test_the_same_input_gives_the_same_bytes_and_no_date() -> None:
    assert to_html(gather(judged())) == to_html(gather(judged()))
    assert "2026-11-22" in words_of(page_of(judged(), Wish(date="2026-11-22")).find(".//header"))


def test_names_notes_and_cases_cannot_break_the_page() -> None:
    evil = '</title></style><script>alert("&")</script>\x00\ud800'
    task = Task(evil, find_dialect("bf"), (Case(b"<b>", b"\x00&"),), description=evil, origin=evil)
    program = Program.parse(",.", task.dialect)
    about = Source(evil, program, program.dialect.settings, task=task, command=(evil,))
    text = to_html(replace(gather(about, Wish(title=evil, date=evil)), notes=(Note(evil, evil),)))
    page = checked(text)
    assert not list(page.iter("script"))
    assert words_of(part(page, "notes")).count('<script>alert("&")</script>') == 2


def test_a_program_of_ten_thousand_instructions_has_a_page_of_bounded_size() -> None:
    long = source("[" + "".join(">+<-,."[at % 6] for at in range(9_998)) + "]", "bf", b"")
    text = to_html(gather(long, Wish(without=SCANS - {Part.KNOCKOUTS})))
    assert len(text) < 1_000_000
    assert "The first 400 of 10,000 lines are shown." in text
    assert "The first 512 of 10,000 instructions are drawn; the numbers are of all." in text


def test_of_many_cases_the_wrong_ones_are_shown_and_the_others_counted() -> None:
    page = page_of(judged("[.>}]", cases=100, held_out=100), Wish(without=SCANS))
    assert "176 cases of 200 are not shown" in words_of(page)
    assert "right" not in [row.findtext("td[6]") for row in part(page, "cases").iter("tr")]


def test_what_is_too_long_for_a_report_runs_on_fewer_cases_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MOST_STEPS", 5_000)
    page = page_of(judged(cases=4))
    assert "on all 4 training cases" in words_of(part(page, "knockouts"))
    assert "on the first 1 of 4 cases" in words_of(part(page, "mutations"))
    monkeypatch.setattr(scanning, "MOST_STEPS", 20)
    page = page_of(judged(cases=4))
    assert "Left out: running 9 changed programs" in words_of(part(page, "knockouts"))


def test_the_grid_of_a_minimal_program_leaves_out_rows_without_it() -> None:
    page = page_of(source("+-" * 100 + "+." + ">" * 100, "bf", b""))
    assert part(page, "core").findtext(".//pre/code") == "+."
    rows = "".join(part(page, "core").findall(".//pre")[1].itertext()).splitlines()
    assert [row.split()[0] for row in rows] == ["0", "…", "192", "…"]


def test_the_scans_are_told_in_numbers_and_drawn() -> None:
    page = page_of(judged("+-[>]<[.<}]", cases=4))
    knocked = part(page, "knockouts")
    counts = {words_of(row[0]): words_of(row[1]) for row in knocked.findall("div[1]//tbody/tr")}
    assert counts == {
        "lethal": "4", "harmful": "7", "beneficial": "0", "neutral": "0", "intron": "0", "never executed": "0"
    }  # fmt: skip
    assert len(knocked.findall(".//figure")) == 2
    without = [words_of(row.findall("td")[4]) for row in part(page, "listing").findall(".//tbody/tr")]
    assert sum(text.startswith("lethal") for text in without) == 4
    assert sum(text.startswith("harmful +") for text in without) == 7
    assert part(page, "core").findtext(".//pre/code") == "[>]<[.<}]"
    assert "have the same error (robustness)" in words_of(part(page, "mutations"))


def test_an_individual_of_a_run_tells_where_it_comes_from() -> None:
    run = Individuals(RunFolder.open(find_sample("hello") or ""))
    best = run.best()
    about = Source("hello", run.program(best), run.dialect.settings, None, run.task, best, run)
    past = part(page_of(about, Wish(without=SCANS)), "past")
    assert f"#{best.id} · generation {best.born:,}" in words_of(past)
    assert "Who brought what is still there" in words_of(past)
    brought = [words_of(row.findall("td")[-1]) for row in part(page_of(about), "listing").findall(".//tbody/tr")]
    assert all(re.fullmatch(r"#\d+, generation \d+", text) for text in brought)
    nowhere = replace(about, individual=replace(best, parents=None))
    assert "nothing is stored about its parents" in words_of(part(page_of(nowhere, Wish(without=SCANS)), "past"))
