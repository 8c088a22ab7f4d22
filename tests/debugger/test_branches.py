"""Branches one by one: what an edit begins, where going back leads, names, deleting, memory."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace

import pytest

from gpdebug.debugger.edits import Register, SetCells, SetCode, SetInput, SetRegister
from gpdebug.debugger.errors import BranchError, EditError, SnapshotError
from gpdebug.debugger.moment import MachineType, StopReason
from gpdebug.debugger.session import Session
from tests.debugger.conftest import Open
from vm.dialect import TAPE, Dialect
from vm.machine import Machine
from vm.program import Program
from vm.state import State, Status


def test_a_branch_shares_the_past_and_has_its_own_future(open_session: Open) -> None:
    session = open_session("+>+>+>+>+", "tape")
    session.to_end()
    assert session.seek(4).branch == 0
    moment = session.edit(SetCells(2, b"\x07"))
    assert (moment.branch, moment.step, moment.reason) == (1, 4, StopReason.EDITED)
    assert moment.previous is not None
    assert moment.previous.memory[2] == 0
    assert session.to_end().state.memory[:5].tolist() == [1, 1, 8, 1, 1]
    assert session.seek(3).state.memory[:5].tolist() == [1, 1, 0, 0, 0]
    assert session.seek(4).state.memory[2] == 7
    assert session.switch("main").step == 4
    assert session.to_end().state.memory[:5].tolist() == [1, 1, 1, 1, 1]


def test_going_back_over_the_fork_step_by_step(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCells(0, b"\x64"))
    session.step(2)
    cells = [int(session.step_back().state.memory[0]) for _ in range(5)]
    assert cells == [101, 100, 2, 1, 0]
    assert session.moment.branch == 1


def test_edits_at_one_moment_are_of_one_branch(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCells(1, b"a"))
    moment = session.edit(SetRegister(Register.HEAD0, 1))
    assert moment.branch == 1
    assert session.branches[1].words == "cell 1 = 97 'a', head0 = 1"
    assert moment.previous is not None
    assert moment.previous.memory[1] == 0
    session.step()
    session.step_back()
    assert session.edit(SetCells(1, b"b")).branch == 2
    assert session.branches[2].parent == 1


def test_an_edit_that_is_edited_back_stays_a_branch_that_can_be_made_again(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.edit(SetCells(1, b"a"))
    session.edit(SetCells(1, b"\0"))
    made = session.branches[1].edits
    assert session.to_end().state.memory[1] == 0
    again = open_session("++++++", "bf")
    assert again.edit(*made).branch == 1


def test_an_edited_moment_that_was_kept_is_not_changed_any_more(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.edit(SetCells(1, b"a"))
    taken = session.take_snapshot()
    session.edit(SetCells(1, b"b"))
    assert session.moment.branch == 2
    assert session.restore(taken).state.memory[1] == ord("a")
    assert session.moment.branch == 1


def test_an_edit_before_the_fork_is_of_the_run_that_was_forked(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(4)
    session.edit(SetCells(1, b"a"))
    session.seek(2)
    session.edit(SetCells(2, b"b"))
    assert session.branches[2].parent == 0
    session.switch(1)
    assert len(session.branches) == 3


def test_an_edit_that_changes_nothing_begins_no_branch(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    before = session.step(2)
    assert session.edit(SetCells(0, b"\2"), SetRegister(Register.HEAD1, 0)) is before
    assert len(session.branches) == 1
    with pytest.raises(EditError, match="no cell"):
        session.edit(SetCells(0, b"\7"), SetCells(-1, b"\2"))
    assert len(session.branches) == 1


def test_a_run_that_was_over_goes_on_after_an_edit(open_session: Open) -> None:
    session = open_session("+>+", "tape")
    assert session.to_end().state.status is Status.FINISHED
    moment = session.edit(SetRegister(Register.PC, 0))
    assert moment.state.status is Status.RUNNING
    assert session.to_end().step == 6
    assert session.branches[1].length == 6
    assert session.branches[0].length == 3


def test_a_halted_run_goes_on_from_the_pc_that_it_is_given(machine: MachineType) -> None:
    stopping = Dialect.from_dict({"name": "stopping", "based_on": "tape", "symbols": {"!": "halt", "+": "add 1"}})
    session = Session(Program.parse("++!++", stopping), machine=machine)
    assert session.to_end().state.status is Status.HALTED
    session.edit(SetRegister(Register.PC, 4))
    assert session.to_end().step == 4
    session.seek(0)
    assert [session.step().step for _ in range(5)] == [1, 2, 3, 4, 4]
    assert session.moment.state.memory[0] == 3
    session.seek(0)
    assert session.continue_().step == session.branches[1].length == 4


def test_an_edit_can_end_the_run_at_once(open_session: Open) -> None:
    session = open_session("+>+", "tape")
    moment = session.edit(SetRegister(Register.PC, 3))
    assert moment.at_end
    assert moment.total_steps == 0


def test_an_edited_program_is_run_from_the_fork_on_only(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCode(1, b"-"), SetCode(4, b"-"))
    assert session.program.text == "+-++-+"
    assert session.to_end().state.memory[0] == 4
    assert session.seek(2).program.text == "++++++"
    assert session.meaning(4) == "add 1"
    assert session.seek(3).program.text == "+-++-+"
    assert session.meaning(4) == "subtract 1"


def test_the_wanted_output_of_another_input_is_not_known() -> None:
    session = Session(Program.parse(",.", TAPE), b"ab", wanted=b"ba")
    session.edit(SetCells(5, b"x"))
    assert session.wanted == b"ba"
    session.edit(SetInput(b"xy"))
    assert session.wanted is None
    session.switch(0)
    assert session.wanted == b"ba"


def test_back_and_forward_go_over_branches(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCells(1, b"a"))
    session.seek(5)
    assert [(m.branch, m.step) for m in (session.back(), session.back(), session.back())] == [(1, 3), (0, 3), (0, 0)]
    assert (session.forward().branch, session.forward().branch) == (0, 1)


def test_moments_of_a_deleted_branch_are_not_visited(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCells(1, b"a"))
    kept = session.take_snapshot()
    session.switch(0)
    session.branches.delete(1)
    assert (session.back().branch, session.moment.step) == (0, 3)
    with pytest.raises(BranchError, match="no branch 1"):
        session.restore(kept)


def test_a_branch_meets_those_it_shares_a_step_with(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.seek(3)
    session.edit(SetCells(1, b"a"))
    assert [session.branches.meets(0, step) for step in (0, 2, 3, 4)] == [True, True, False, False]
    assert all(session.branches.meets(1, step) for step in range(6))
    assert not session.branches.meets(2, 0)
    assert (session.branches.own_forks, session.branches.other_forks) == ((3,), ())
    session.switch("main")
    assert (session.branches.own_forks, session.branches.other_forks) == ((), (3,))


def test_branches_are_listed_as_a_tree(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    for step, branch in ((1, 0), (2, 1), (3, 0), (4, 1)):
        session.seek(step, branch=branch)
        session.edit(SetCells(step, b"a"))
    assert [(b.number, b.parent, b.fork, b.depth) for b in session.branches] == [
        (0, None, 0, 0), (1, 0, 1, 1), (2, 1, 2, 2), (4, 1, 4, 2), (3, 0, 3, 1)
    ]  # fmt: skip
    assert [b.number for b in session.branches if b.is_current] == [4]


def test_a_number_is_kept_for_a_branch_that_comes_back_only_if_it_is_free(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    for reserved, number in ((4, 4), (4, 5), (2, 2)):
        session.switch(0)
        session.step()
        session.branches.reserve(reserved)
        assert session.edit(SetCells(9, b"a")).branch == number
    assert len(session.branches) == 4
    for skipped, number in ((1, 6), (8, 9)):
        session.switch(0)
        session.step()
        session.branches.skip(skipped)
        assert session.edit(SetCells(9, b"a")).branch == number


def test_branches_have_names(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.edit(SetCells(1, b"a"), name="with_a")
    assert (session.branches[1].label, session.branches[1].title) == ("with_a", "with_a")
    assert session.branches.rename(1, "").title == "branch 1"
    assert session.branches.rename(0, "start").title == "start"
    assert session.switch("start").branch == 0
    for wrong in ("1", "two words", "start"):
        with pytest.raises(BranchError, match=r"a branch's name|already"):
            session.branches.rename(1, wrong)


def test_a_branch_is_deleted_with_those_forked_from_it(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.edit(SetCells(1, b"a"))
    session.step()
    session.edit(SetCells(2, b"a"))
    with pytest.raises(BranchError, match="while you stand on branch 2, which was forked from it"):
        session.branches.delete(1)
    with pytest.raises(BranchError, match="it stays"):
        session.branches.delete("main")
    session.switch(0)
    assert [branch.number for branch in session.branches.delete(1)] == [1, 2]
    assert [branch.number for branch in session.branches] == [0]
    session.edit(SetCells(3, b"c"))
    assert session.moment.branch == 3


def test_stops_hit_on_both_sides_of_a_fork_count_on(open_session: Open) -> None:
    session = open_session("+[>+<]", "bf", limit=60)
    stop = session.stops.add(3, rule="% 3")
    assert [session.continue_().step for _ in range(3)] == [11, 23, 35]
    session.seek(25)
    session.edit(SetCells(5, b"x"))
    assert [session.continue_().step for _ in range(2)] == [35, 47]
    hits = session.hits()
    assert hits is not None
    assert hits[stop.id] == 12
    assert [session.reverse_continue().step for _ in range(4)] == [35, 23, 11, 0]


def test_a_snapshot_of_one_branch_is_refused_where_the_program_is_another(open_session: Open) -> None:
    session = open_session("++++++", "bf")
    session.edit(SetCode(1, b"-"))
    session.step()
    taken = session.take_snapshot()
    with pytest.raises(SnapshotError, match="another program"):
        session.restore(replace(taken, branch=0))


def test_many_branches_stay_in_the_budget_and_exact() -> None:
    budget = 3 << 20
    program = Program.parse("+[>+[->++<]>+[-<+>]+>[-]+<<-+>>]", TAPE.with_settings(memory=1 << 20, limit=3_000_000))
    session = Session(program, machine=Machine, checkpoint_bytes=budget)
    session.to_end()
    ends: list[State] = []
    for index in range(40):
        session.seek(100_000 + 50_000 * index, branch=0)
        session.edit(SetCells(index * 20_000, b"x"))
        ends.append(session.step(30_000).state)
        assert session._timeline.stretch.checkpoints.room.bytes <= budget
    for index in (0, 17, 39):
        step = 130_000 + 50_000 * index
        assert session.seek(step, branch=index + 1).state == ends[index]


def test_machines_of_branches_do_not_pile_up() -> None:
    program = Program.parse("+" * 200, TAPE.with_settings(memory=1 << 20))
    session = Session(program, machine=Machine, checkpoint_bytes=4 << 20)
    gc.collect()
    tracemalloc.start()
    for index in range(30):
        session.seek(index + 1, branch=0)
        session.edit(SetCode(index + 50, b"-"))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 20 << 20
