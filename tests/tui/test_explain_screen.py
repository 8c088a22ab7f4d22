"""The explain screen: what is asked, what is answered, and the way from a node to its moment."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.debug import DebugScreen
from gpdebug.tui.screens.explain import ExplainScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.screens.question import QuestionScreen
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.lines import TitleLine
from tests.tui.debugging import HELLO, DebugApp, reverse_app, text_of
from tests.tui.waiting import until
from vm.dialect import BF
from vm.program import Program

SIZE = (100, 30)
LETTER = Program.parse("++++++++[>++++++++<-]>+.", BF)


def shown(app: DebugApp) -> ExplainScreen:
    assert isinstance(app.screen, ExplainScreen)
    return app.screen


def line(app: DebugApp, name: str) -> str:
    return text_of(app.screen.query_one(f"#{name}", Bar)).strip()


def nodes(app: DebugApp) -> list[str]:
    return [text.strip() for text in text_of(shown(app).table).splitlines()[1:] if text.strip()]


async def explained(app: DebugApp, pilot: Pilot[None]) -> None:
    """Runs to the end and asks what is asked at first; shows the nodes."""
    await pilot.press("c", "y", "enter")
    await pilot.pause()
    await pilot.press("2")
    await pilot.pause()


async def ask(pilot: Pilot[None], text: str) -> None:
    """Asks a question from the debug or the explain screen."""
    await pilot.press("y")
    await pilot.pause()
    pilot.app.screen.query_one("#question", Input).value = text
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def test_why_tells_the_question_the_answer_and_the_nodes() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await explained(app, pilot)
        assert line(app, "question").startswith("why is output byte 0 = 65 'A'?")
        assert line(app, "answer") == "output byte 0 is 65 'A', written at step 107 by instruction 23 ."
        assert "replayed alone" in line(app, "check")
        rows = nodes(app)
        assert rows[0].split() == ["start", "×8", "cell", "0", "starts", "as", "0"]
        assert rows[2].split()[:5] == ["0–7", "0–7", "++++++++", "×8", "+64"]
        assert "loop, 8 passes" in rows[3]


async def test_enter_and_a_double_click_lead_to_the_moment_of_a_node() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await explained(app, pilot)
        await pilot.press("end", "up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, DebugScreen)
        assert app.here.moment.step == 106
        await pilot.press("Y")
        await pilot.pause()
        assert shown(app).table.row == 4, "the explanation is as it was left"
        await pilot.click(shown(app).table, offset=(10, 4), times=2)
        await pilot.pause()
        assert app.here.moment.step == 8


async def test_kinds_are_followed_by_key_and_by_mouse() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await explained(app, pilot)
        before = len(nodes(app))
        await pilot.press("c")
        await pilot.pause()
        assert "value and control" in line(app, "size")
        await pilot.press("v", "c")
        await pilot.pause()
        assert "followed by control" in line(app, "size"), "one kind is always followed"
        await pilot.press("v", "c")
        await pilot.pause()
        column = shown(app).query_one("#question", Bar).column_of("screen.kind('address')")
        assert column is not None
        await pilot.click("#question", offset=(column, 0))
        await pilot.pause()
        assert "value and address" in line(app, "size")
        assert len(nodes(app)) > before


async def test_other_bytes_cells_and_jumps_are_asked_about() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c")
        await ask(pilot, "out[0]")
        assert line(app, "question").startswith("why is output byte 0 = 100 'd'?")
        await pilot.press("o")
        await pilot.pause()
        assert line(app, "question").startswith("why is output byte 1 = 99 'c'?")
        await pilot.press("O", "O")
        await pilot.pause()
        assert line(app, "question").startswith("why is output byte 0 = 100 'd'?")
        await ask(pilot, "mem[2]@3")
        assert line(app, "answer") == "cell 2 at step 3 is 99 'c', never written"
        await ask(pilot, "jump@0")
        assert "instruction 0 finds that cell 0 is 97" in line(app, "answer")
        await ask(pilot, "out[99]")
        assert "there is no output byte 99" in text_of(shown(app).circuit)


async def test_an_answer_has_fewer_words_where_they_do_not_fit() -> None:
    app = reverse_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        await ask(pilot, "out[0]")
        assert line(app, "answer") == "output byte 0 (cell 128) is 100 'd', written at step 11 by instruction 5 ."


async def test_the_same_is_asked_about_another_case_and_leads_there() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c")
        await ask(pilot, "out[0]")
        await pilot.press("i", "down", "enter")
        await pilot.pause()
        assert line(app, "question").startswith("why is output byte 0 = 111 'o'?")
        await pilot.press("2", "end", "enter")
        await pilot.pause()
        assert app.here.subject.data == b"hello"
        assert "copies 111 'o'" in app.here.session.next_words()


async def test_what_is_wrong_with_a_question_is_said_while_it_is_typed() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("y", *"mem[h0]")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert "expected out[N]" in app.screen.query_one("#below", Explanation).words
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen), "nothing is asked"


async def test_the_first_choice_is_what_is_looked_at() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r")
        app.here.memory.focus()
        await pilot.press("right", "y", "enter")
        await pilot.pause()
        assert line(app, "question").startswith("why is cell 1 = 98 'b' at step 0?"), "the memory's cursor"
        await pilot.press("escape")
        app.here.view.focus()
        await pilot.press("y", "enter")
        await pilot.pause()
        assert "the bracket at step 0" in line(app, "question"), "no output yet: the jump at pc"


async def test_nodes_are_sorted_by_any_column() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await explained(app, pilot)
        await pilot.press("s", "a")
        await pilot.pause()
        table = shown(app)._rows
        assert table is not None
        sizes = [min(table.row(row).added, 256 - table.row(row).added) for row in shown(app).table.order]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] > 0
        await pilot.click(shown(app).table, offset=(8, 0))
        await pilot.pause()
        assert list(shown(app).table.order) == list(range(len(table)))


async def test_a_branch_is_explained_from_its_fork_on() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "s", "e", "tab", "ctrl+u")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.press("colon", *"set mem[0] = 90", "enter", "c")
        await pilot.pause()
        assert app.here.moment.branch == 1
        await ask(pilot, "out[3]")
        assert line(app, "question").startswith("why is output byte 3 = 90 'Z'?")
        await pilot.press("end", "enter")
        await pilot.pause()
        assert app.here.moment.branch == 1


async def test_the_circuit_is_walked_through_and_leads_to_a_moment() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        view = shown(app).circuit
        assert "↻ 8–104 [>+++++… 8×" in text_of(view)
        assert line(app, "node").startswith("step 107  23 .  writes 65"), "what is explained is chosen"
        await pilot.press("up", "up")
        await pilot.pause()
        assert line(app, "node").startswith("steps 8–104  8–20")
        await pilot.press("up", "left")
        await pilot.pause()
        assert "cell 1 starts as 0" in line(app, "node")
        await pilot.press("right", "2")
        await pilot.pause()
        assert shown(app).table.row == 2, "the same node is chosen in the table"
        await pilot.press("1", "enter")
        await pilot.pause()
        assert app.here.moment.step == 0


async def test_a_node_of_the_circuit_is_chosen_and_opened_by_mouse() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        await pilot.click(shown(app).circuit, offset=(3, 7))
        await pilot.pause()
        assert line(app, "node").startswith("step 106")
        await pilot.click(shown(app).circuit, offset=(3, 5), times=2)
        await pilot.pause()
        assert app.here.moment.step == 8


async def test_more_and_less_of_the_circuit_is_shown_and_what_is_hidden_is_counted() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        assert app.screen.query_one(TitleLine)._facts[-3:] == ("whole", "28 of 28 nodes", "48 of 48 edges")
        await pilot.press("minus", "minus")
        await pilot.pause()
        facts = app.screen.query_one(TitleLine)._facts
        assert facts[-3] == "pruned to 50%"
        assert int(facts[-2].split()[0]) < 28
        height = shown(app).circuit.virtual_size.height
        await pilot.press("z", "z")
        await pilot.pause()
        assert shown(app).circuit.virtual_size.width < 40
        assert "cell" not in text_of(shown(app).circuit)
        assert height > 3


async def test_circuit_and_nodes_are_beside_each_other_where_there_is_room() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        screen = shown(app)
        assert screen.circuit.display
        assert screen.table.display
        await pilot.press("tab")
        await pilot.pause()
        assert screen.table.has_focus
        assert "heading" in str(screen.query_one("#tabs", Bar)._left[3])
        await pilot.resize_terminal(100, 30)
        await until(lambda: not screen.circuit.display)
        assert screen.table.display


async def test_an_individual_is_explained_from_the_population() -> None:
    path = find_sample("reverse")
    assert path is not None
    app = GpdebugApp(RunFolder.open(path))
    async with app.run_test(size=SIZE) as pilot:
        await until(lambda: isinstance(app.screen, PopulationScreen) and bool(len(app.screen.table.order)))
        await pilot.press("y")
        await until(lambda: isinstance(app.screen, ExplainScreen) and app.screen.settled)
        await pilot.pause()
        assert "why is" in text_of(app.screen.query_one("#question", Bar))
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, DebugScreen)


async def test_what_if_is_proposed_about_the_chosen_node_and_typed_over() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "y", "enter")
        await until(lambda: isinstance(app.screen, ExplainScreen) and app.screen.circuit.selected is not None)
        await pilot.press("w")
        await pilot.pause()
        assert shown(app).line.field.value == "blank @107"
        await pilot.press(*"flip")
        await pilot.pause()
        assert shown(app).line.field.value == "flip"
