from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.debugger.files import StopFile
from gpdebug.debugger.stop_list import StopList
from vm.dialect import BF
from vm.program import Program

PROGRAM = Program.parse("++[->+<]", BF)


def stops_of(program: Program) -> StopList:
    return StopList(program, len(program), 256)


def filled_list() -> StopList:
    stops = stops_of(PROGRAM)
    stops.add(2, condition="mem[3] > 5", rule="% 3")
    stops.add(4, message="cell {mem[1]}")
    stops.enable(stops.add(7, temporary=True).id, False)
    return stops


def described(stops: StopList) -> list[tuple[str, bool, str | None]]:
    return [(str(stop).split(" at ", 1)[1], stop.enabled, stop.misfit) for stop in stops]


def test_stops_come_back_as_they_were(tmp_path: Path) -> None:
    stops = filled_list()
    assert StopFile(PROGRAM, folder=tmp_path).save(stops) is None
    again = stops_of(PROGRAM)
    assert StopFile(PROGRAM, folder=tmp_path).load(again) is None
    assert described(again) == described(stops)
    assert [stop.kind for stop in again] == [stop.kind for stop in stops]


def test_programs_have_files_of_their_own(tmp_path: Path) -> None:
    other = Program.parse("++[->+<]+", BF)
    StopFile(PROGRAM, folder=tmp_path).save(filled_list())
    again = stops_of(other)
    assert StopFile(other, folder=tmp_path).load(again) is None
    assert not list(again)


def test_stops_that_no_longer_fit_are_flagged_kept_and_do_nothing(tmp_path: Path) -> None:
    StopFile(PROGRAM, name="evolved.b", folder=tmp_path).save(filled_list())
    changed = Program.parse("++[+", BF)
    again = stops_of(changed)
    file = StopFile(changed, name="evolved.b", folder=tmp_path)
    assert file.load(again) == (
        "the stops were set in another version of this program; 2 of 3 stops no longer fit it and are flagged"
    )
    assert [stop.misfit for stop in again] == [
        None,
        "there is no instruction 4 in this program",
        "there is no instruction 7 in this program",
    ]
    assert [stop.is_active for stop in again] == [True, False, False]
    assert file.save(again) is None
    back = stops_of(PROGRAM)
    StopFile(PROGRAM, name="evolved.b", folder=tmp_path).load(back)
    assert described(back) == described(filled_list())


def test_a_stop_on_another_symbol_is_flagged() -> None:
    stops = stops_of(Program.parse("--[->+<]", BF))
    original = stops_of(PROGRAM).add(1)
    assert stops.adopt([original])[0].misfit == "instruction 1 was '+', now '-'"


def test_no_stops_leave_no_file(tmp_path: Path) -> None:
    file = StopFile(PROGRAM, folder=tmp_path)
    file.save(stops_of(PROGRAM))
    assert not file.path.exists()
    file.save(filled_list())
    assert file.path.exists()
    file.save(stops_of(PROGRAM))
    assert not file.path.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is damaged"),
        ("[]", "no list of stops"),
        ('{"stops": 3}', "no list of stops"),
        ('{"format": 9, "stops": []}', "has format 9, this gpdebug reads format 2"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path: Path, content: str, message: str) -> None:
    file = StopFile(PROGRAM, folder=tmp_path)
    raw = content.encode("utf-8", "surrogateescape")
    file.path.write_bytes(raw)
    stops = stops_of(PROGRAM)
    note = file.load(stops)
    assert note is not None
    assert message in note
    assert str(file.path) in note
    assert file.save(filled_list()) is None
    assert file.path.read_bytes() == raw


def test_an_entry_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    file = StopFile(PROGRAM, folder=tmp_path)
    file.save(filled_list())
    data = json.loads(file.path.read_text())
    strange = [{"instruction": "x"}, 7, {**data["stops"][0], "condition": "from the future("}]
    data["stops"] += strange
    file.path.write_text(json.dumps(data))
    file = StopFile(PROGRAM, folder=tmp_path)
    stops = stops_of(PROGRAM)
    assert file.load(stops) == f"3 stops cannot be read and are kept in {file.path} as they are"
    assert len(stops) == 3
    file.save(stops)
    assert json.loads(file.path.read_text())["stops"][3:] == strange


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder would be")
    file = StopFile(PROGRAM, folder=blocked / "stops")
    assert file.load(stops_of(PROGRAM)) is None
    note = file.save(filled_list())
    assert note is not None
    assert "not kept for the next session" in note
    assert file.save(filled_list()) is None
