"""Heat maps and tables tell what the scans found, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.scan.backups import find_back_ups
from gpdebug.explain.scan.heat import LEVELS, NO_CELL, case_map, mutation_map, site_map
from gpdebug.explain.scan.knockout import knock_out
from gpdebug.explain.scan.mutation import scan_mutations
from gpdebug.explain.scan.outcomes import Effect
from gpdebug.explain.scan.present import map_lines, table_lines
from gpdebug.explain.scan.running import Watch
from gpdebug.explain.scan.subject import ScanError, ScanInterrupted
from gpdebug.explain.scan.tables import back_up_table, mutation_table, site_table
from tests.explain.scan.examples import subject_of
from vm.dialect import BF, TAPE

ADDER = subject_of("+-,>,[<+>-]<.", BF, (b"\x01\x02", b"\x03"), (b"\x05\x00", b"\x05"), limit=500, memory=50)
LOOSE = subject_of("[>]<[.<}]+-", TAPE, (b"ab", b"ba"), (b"", b""), limit=500)


def test_a_map_of_sites_has_a_row_alone_and_one_as_a_pair() -> None:
    found = knock_out(ADDER)
    heat = site_map(found)
    assert heat.rows == ("alone", "as a pair")
    assert "".join(heat.symbols) == "+-,>,[<+>-]<."
    assert heat.effects[0].tolist() == found.sites.effects.tolist()
    assert np.flatnonzero(heat.effects[1] != NO_CELL).tolist() == [5, 10]
    assert heat.deltas[0].tolist() == found.sites.deltas.tolist()
    assert heat.effects[0, 5] == Effect.LETHAL
    assert heat.levels[0, 5] == LEVELS


def test_a_program_without_brackets_has_no_row_for_them() -> None:
    found = knock_out(subject_of("+-", BF, (b"", b"")))
    assert site_map(found).rows == ("alone",)
    assert site_map(found).effects.tolist() == [found.sites.effects.tolist()]


def test_a_map_by_case_shows_which_case_needs_what() -> None:
    heat = case_map(knock_out(ADDER))
    assert heat.rows == ("case 1", "case 2")
    loop = slice(6, 9)
    assert (heat.effects[0, loop] == Effect.HARMFUL).all()
    assert (heat.effects[1, loop] == Effect.NEVER_EXECUTED).all()
    assert (np.sign(heat.levels) == np.sign(heat.deltas))[:, [0, 1, 2, 6, 7, 8]].all()


def test_the_lines_of_a_map_stand_under_the_program() -> None:
    lines = map_lines(site_map(knock_out(LOOSE)), width=8)
    assert lines[0].split()[1] == "[>]<[.<}"
    at = lines[0].index("[")
    assert all(len(line) <= at + 8 for line in lines)
    assert lines[4].endswith("]+-")
    last = lines[5][at:]
    assert last[1:] == "··"


def test_the_table_of_sites_has_each_site_and_pair_and_sorts() -> None:
    found = knock_out(ADDER)
    table = site_table(found)
    assert len(table.rows) == len(ADDER.program) + 1
    assert [row[0] for row in table.rows] == [0, 1, 2, 3, 4, 5, 5, *range(6, 13)]
    worst = table.sorted_by("change", descending=True)
    changes = [row[table.columns.index("change")] for row in worst.rows]
    told = [change for change in changes if change is not None]
    assert told == sorted(told, key=int, reverse=True)
    assert changes[len(told) :] == [None, None]
    with pytest.raises(ExplainError, match="no column 'luck': there are site, to, symbol"):
        table.sorted_by("luck")
    lines = table_lines(worst, 3)
    assert len(lines) == 5
    assert lines[-1] == "… 11 more"


def test_a_mutation_scan_as_a_map_and_a_table() -> None:
    found = scan_mutations(LOOSE)
    heat = mutation_map(found)
    assert heat.rows[0] == "delete"
    assert len(heat.rows) == 1 + 2 * len(TAPE.symbols)
    assert heat.effects.shape == (len(heat.rows), len(LOOSE.program) + 1)
    assert (heat.effects[: 1 + len(TAPE.symbols), -1] == NO_CELL).all()
    table = mutation_table(found)
    assert len(table.rows) == len(found.outcomes) == int((heat.effects != NO_CELL).sum())
    changes = {(row[0], row[2]): row[table.columns.index("change")] for row in table.rows}
    for row, column in zip(*np.nonzero(heat.effects != NO_CELL), strict=True):
        assert changes[int(column), heat.rows[row]] == heat.deltas[row, column]


def test_a_part_of_the_program_is_scanned_as_in_the_whole() -> None:
    whole, part = scan_mutations(LOOSE), scan_mutations(LOOSE, sites=range(2, 5))
    assert part.deltas.tolist() == whole.deltas[2:5].tolist()
    assert mutation_map(part).symbols == tuple("]<[")
    assert mutation_table(part).rows[0][:3] == (2, "]", "delete")
    with pytest.raises(ScanError, match="it has 11"):
        scan_mutations(LOOSE, sites=range(5, 20))


def test_robustness_and_evolvability_are_shares() -> None:
    wrong = subject_of("[>]<[.<}]+-", TAPE, (b"ab", b"bb"), limit=500)
    outcomes = scan_mutations(wrong).outcomes
    better = sum(int(delta) < 0 for delta in outcomes.deltas)
    same = sum(int(delta) == 0 for delta in outcomes.deltas[~outcomes.rejected])
    assert better > 0
    assert outcomes.evolvability == better / len(outcomes)
    assert outcomes.robustness == same / len(outcomes)


def test_back_ups_as_a_table() -> None:
    found = find_back_ups(knock_out(subject_of("[-][-]", TAPE, (b"\x05", b""), out_at=0, limit=500)))
    table = back_up_table(found)
    assert [row[:4] for row in table.rows] == [(0, 2, 4, None)]


def test_progress_is_told_and_a_scan_can_be_given_up() -> None:
    told: list[tuple[int, int]] = []
    knock_out(LOOSE, Watch(progressed=lambda done, total: told.append((done, total))))
    assert told[0] == (0, 13)
    assert told[-1] == (13, 13)
    with pytest.raises(ScanInterrupted, match="interrupted after 0 of"):
        scan_mutations(LOOSE, Watch(interrupted=lambda: True))


def test_too_many_runs_are_refused_before_anything_runs() -> None:
    many = subject_of("+" * 200_000, TAPE, *[(b"", b"")] * 40, limit=0)
    with pytest.raises(ScanError, match="choose fewer cases or a part of the program"):
        scan_mutations(many)
