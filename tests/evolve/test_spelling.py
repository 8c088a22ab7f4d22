from __future__ import annotations

import numpy as np
import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.genome import MAX_TOKENS, language_of, tidy, written
from gpdebug.evolve.mutation import spell
from gpdebug.evolve.options import Arm
from gpdebug.evolve.random import seek
from gpdebug.evolve.spelling import spelling_of
from gpdebug.store.task import Task
from vm.dialect import BF, BFX, TAPE, Dialect
from vm.evaluate import Programs, evaluate


def spelled(task: Task, count: int) -> list[str]:
    """Programs of one mutation each."""
    language = language_of(task.dialect)
    material = ARMS[Arm.LONG].material(task, language, 1)
    genomes, sizes = np.zeros((count, MAX_TOKENS), np.uint16), np.zeros(count, np.int32)
    stream = np.zeros(1, np.uint64)
    for row in range(count):
        seek(stream, row, 0, 0, 0)
        sizes[row] = tidy(genomes[row], spell(genomes[row], 0, material, stream), language)
    programs = written(genomes, sizes, language)
    return [programs[row].decode() for row in range(count)]


@pytest.mark.parametrize("dialect", [BF, BFX, TAPE])
def test_stretches_of_the_outputs_are_written_in_any_dialect(dialect: Dialect) -> None:
    task = catalogue.find("if-then", dialect)
    programs = Programs.of([source.encode() for source in spelled(task, 400)])
    got = evaluate(programs, [b""], task.dialect, width=8)
    texts = {bytes(got.outputs[row, 0, : got.lengths[row, 0]]) for row in range(len(programs))}
    assert texts == {b"h", b"i", b"hi", b"z", b"b", b"y", b"e", b"by", b"ye", b"bye"}


def test_where_cells_can_be_set_the_first_byte_is_right_whatever_was_in_the_cell() -> None:
    task = catalogue.find("if-then", BFX)
    sources = ["++" + source for source in spelled(task, 50)]
    got = evaluate(Programs.of([source.encode() for source in sources]), [b""], task.dialect, width=8)
    assert set(got.outputs[:, 0, 0].tolist()) <= set(b"hizbye")


@pytest.mark.parametrize(
    "task",
    [
        catalogue.find("text:hello"),
        catalogue.find("echo", Dialect("up", tuple(i for i in BF.instructions if i.symbol != "-"))),
    ],
)
def test_one_constant_is_never_written_at_once_nor_what_a_dialect_cannot(task: Task) -> None:
    assert spelled(task, 20) == [""] * 20
    assert len(spelling_of(task, language_of(task.dialect)).after) == 0


def test_what_there_is_no_room_for_is_not_written() -> None:
    task = catalogue.find("warning")
    material = ARMS[Arm.LONG].material(task, language_of(task.dialect), 1)
    stream = np.zeros(1, np.uint64)
    seek(stream, 1, 0, 0, 0)
    assert spell(np.zeros(3, np.uint16), 0, material, stream) == 0
