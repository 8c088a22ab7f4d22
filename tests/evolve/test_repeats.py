from __future__ import annotations

import numpy as np

from gpdebug.evolve.genome import language_of, tidy
from gpdebug.evolve.repeats import leave_one, repeat_all, repeated, tokens_of_one
from vm.dialect import TAPE

LANGUAGE = language_of(TAPE)
SYMBOLS = LANGUAGE.symbols.tobytes().decode()


def genome_of(source: str, room: int = 64) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint16]], int]:
    genome = np.zeros(room, np.uint16)
    for place, symbol in enumerate(source):
        genome[place] = SYMBOLS.index(symbol) << 8 | 1
    return genome, tidy(genome, len(source), LANGUAGE)


def source_of(genome: np.ndarray[tuple[int], np.dtype[np.uint16]], size: int) -> str:
    return "".join(SYMBOLS[token >> 8] * (token & 255) for token in genome[:size].tolist())


def test_what_is_repeated_is_found_again_where_its_ends_grew_together() -> None:
    for source in (">.<[->+<],>.<}", ">>+>", "[-]", "", "++"):
        genome, size = genome_of(source)
        size = tidy(genome, repeated(genome, size, 4), LANGUAGE)
        assert source_of(genome, size) == 4 * source
        assert source.startswith(source_of(genome, tokens_of_one(genome, size, len(source))))
        assert source_of(genome, leave_one(genome, size, len(source))) == source


def test_all_programs_of_a_population_are_repeated() -> None:
    sources = (">+>", "", "[.}]")
    rows = [genome_of(source) for source in sources]
    genomes, sizes = np.stack([row[0] for row in rows]), np.array([row[1] for row in rows], np.int32)
    repeat_all(genomes, sizes, 3, LANGUAGE)
    assert [source_of(*row) for row in zip(genomes, sizes.tolist(), strict=True)] == [3 * source for source in sources]
