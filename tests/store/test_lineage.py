from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpdebug.store.lineage import Lineage
from vm.evaluate import Programs

FAMILY = {10: (-1, -1), 11: (-1, -1), 20: (10, -1), 21: (11, 10), 22: (11, -1), 30: (21, 20), 31: (22, 22)}


def family(ids: list[int] | None = None) -> Lineage:
    ids = list(FAMILY) if ids is None else ids
    return Lineage(
        ids=np.array(ids, np.int64),
        parents=np.array([FAMILY[id] for id in ids], np.int64).reshape(-1, 2),
        operators=("random", "mutation"),
        operator=np.array([FAMILY[id] != (-1, -1) for id in ids], np.uint8),
        born=np.array(ids, np.int32) // 10 - 1,
        error=-np.ones(len(ids), np.int64),
        programs=Programs.of([b"+" * id for id in ids]),
    )


def test_ancestors_are_everyone_an_individual_descends_from() -> None:
    whole = family()
    assert whole.ids[whole.ancestors(np.array([30]))].tolist() == [10, 11, 20, 21, 30]
    assert whole.ids[whole.ancestors(np.array([31, 99]))].tolist() == [11, 22, 31]
    assert whole.ancestors(np.zeros(0, np.int64)).tolist() == []


def test_a_line_of_descent_follows_first_parents() -> None:
    whole = family()
    assert whole.ids[whole.descent(30)].tolist() == [11, 21, 30]
    assert whole.descent(5).tolist() == []


def test_lines_of_first_parents_leave_out_what_came_from_second_ones() -> None:
    whole = family()
    assert whole.ids[whole.on_first_lines(np.array([30]))].tolist() == [11, 21, 30]
    assert whole.ids[whole.on_first_lines(np.array([20, 31]))].tolist() == [10, 11, 20, 22, 31]


def test_pruning_drops_what_died_out_and_keeps_the_rest_as_it_was() -> None:
    pruned = family().pruned(np.array([31]))
    assert pruned.ids.tolist() == [11, 22, 31]
    assert [pruned.programs[i] for i in range(3)] == [b"+" * 11, b"+" * 22, b"+" * 31]
    assert pruned.operator.tolist() == [0, 1, 1]
    assert pruned.born.tolist() == [0, 1, 2]


def test_an_empty_lineage_has_no_ancestors() -> None:
    nobody = Lineage.empty()
    assert nobody.descent(3).tolist() == []
    assert len(nobody.pruned(np.array([3]))) == 0


def test_a_record_that_names_an_individual_as_its_own_ancestor_does_not_loop() -> None:
    whole = family([10, 11])
    looped = replace(whole, parents=np.array([[11, -1], [10, -1]], np.int64))
    assert looped.ids[looped.ancestors(np.array([10]))].tolist() == [10, 11]
    assert looped.ids[looped.descent(10)].tolist() == [10]
