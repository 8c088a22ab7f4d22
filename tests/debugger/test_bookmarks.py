from __future__ import annotations

import pytest

from gpdebug.debugger.bookmarks import Bookmark, BookmarkList, bookmark_from_dict
from gpdebug.debugger.errors import BookmarkError
from gpdebug.debugger.history import Visit
from tests.debugger.conftest import After, Open


def test_a_bookmark_leads_back_to_its_moment(open_session: Open) -> None:
    session = open_session("+[>+]", memory=1000)
    session.seek(100)
    there = session.moment.state
    kept = session.set_bookmark("half", "about the middle")
    assert (kept.name, kept.step, kept.note) == ("half", 100, "about the middle")
    session.seek(7)
    moment = session.recall("half")
    assert moment.step == 100
    assert moment.state.memory.tobytes() == there.memory.tobytes()
    assert session.history.back() == Visit(7)


def test_names_are_given_where_none_is(open_session: Open) -> None:
    session = open_session("++++")
    assert [session.set_bookmark().name for _ in range(3)] == ["b1", "b2", "b3"]
    session.bookmarks.remove("b2")
    assert session.set_bookmark().name == "b2"


@pytest.mark.parametrize("name", ["now", "start", "end", "mark", "off", "all", "3rd", "a b", "", "50%"])
def test_a_name_is_a_word_that_means_nothing_else(name: str) -> None:
    bookmarks = BookmarkList()
    with pytest.raises(BookmarkError, match="begins with a letter"):
        bookmarks.add(Bookmark(name, 3))
    bookmarks.add(Bookmark("a", 3))
    with pytest.raises(BookmarkError, match="begins with a letter"):
        bookmarks.change("a", new_name=name)
    assert [kept.name for kept in bookmarks] == ["a"]


def test_a_changed_bookmark_keeps_its_place() -> None:
    bookmarks = BookmarkList()
    for name in "abc":
        bookmarks.add(Bookmark(name, 1))
    bookmarks.change("b", new_name="beta")
    bookmarks.change("beta", note="second")
    bookmarks.change("c", new_name="c", note="third")
    assert [(kept.name, kept.note) for kept in bookmarks] == [("a", ""), ("beta", "second"), ("c", "third")]
    with pytest.raises(BookmarkError, match="there is a bookmark a already, of step 1"):
        bookmarks.change("beta", new_name="a")
    with pytest.raises(BookmarkError, match="bookmarks: a, beta, c"):
        bookmarks["b"]


def test_changes_are_measured_from_the_mark(open_session: Open) -> None:
    session = open_session("+>+>+>+", memory=8)
    assert session.mark is None
    session.step(2)
    mark = session.set_mark()
    assert mark is session.mark is not None
    assert (mark.step, mark.label) == (2, "mark")
    session.to_end()
    assert mark.state.memory.tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert session.recall("mark").step == 2


def test_the_mark_can_be_at_a_snapshot_a_bookmark_or_a_step(open_session: Open) -> None:
    session = open_session("+>+>+>.", memory=8)
    session.step(2)
    session.take_snapshot("A")
    session.step(2)
    session.set_bookmark("b")
    session.step(2)
    marks = [session.set_mark(at) for at in ("A", "b", 1)]
    assert [(mark.step, mark.label) for mark in marks if mark is not None] == [(2, "A"), (4, "b"), (1, "mark")]
    assert session.moment.step == 6, "setting it moves nothing"
    session.set_mark(99)
    assert session.mark is not None
    assert (session.mark.step, session.mark.output) == (7, b"\0"), "the run's end, if it is shorter"


def test_a_mark_that_cannot_be_set_leaves_the_one_before(open_session: Open) -> None:
    session = open_session("+[]", limit=1 << 40)
    before = session.set_mark()
    with pytest.raises(BookmarkError, match="neither a snapshot nor a bookmark moon"):
        session.set_mark("moon")
    assert session.set_mark(1 << 39, interrupt=After(2)) is None
    assert session.mark is before
    assert session.moment.step == 0


def test_the_mark_cannot_be_at_a_memory_of_another_size(open_session: Open) -> None:
    larger, session = open_session("+", memory=8), open_session("+", memory=4)
    session.snapshots.add(larger.take_snapshot("A"))
    with pytest.raises(BookmarkError, match="8 cells, here are 4"):
        session.set_mark("A")
    assert session.mark is None


def test_going_to_no_mark_says_so(open_session: Open) -> None:
    with pytest.raises(BookmarkError, match="no mark is set"):
        open_session("+").recall("mark")


def test_a_bookmark_comes_back_from_json() -> None:
    kept = Bookmark("a", 10**12, "ü 'x'", branch=3)
    assert bookmark_from_dict(kept.to_dict()) == kept


@pytest.mark.parametrize("change", [{"step": -1}, {"step": "3"}, {"name": 1}, {"note": None}, {"branch": "b"}])
def test_what_is_no_bookmark_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BookmarkError):
        bookmark_from_dict(Bookmark("a", 1).to_dict() | change)
