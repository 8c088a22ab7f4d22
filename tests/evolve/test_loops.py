from __future__ import annotations

import numpy as np

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.genome import MAX_TOKENS, Tokens, language_of, tidy
from gpdebug.evolve.loops import RETUNED, counted_loop, retune, rotate_loop, until_loop
from gpdebug.evolve.mutation import Material
from gpdebug.evolve.options import Arm
from gpdebug.evolve.random import seek
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Programs, evaluate

TASK = catalogue.find("between-quotes")
LANGUAGE = language_of(BF)
MATERIAL = ARMS[Arm.LONG].material(TASK, LANGUAGE, 1)
INDEX = {chr(symbol): index for index, symbol in enumerate(LANGUAGE.symbols)}


def genome_of(*tokens: tuple[str, int]) -> tuple[Tokens, int]:
    row = np.zeros(MAX_TOKENS, np.uint16)
    for place, (symbol, count) in enumerate(tokens):
        row[place] = INDEX[symbol] << 8 | count
    return row, len(tokens)


def text_of(row: Tokens, size: int) -> str:
    return "".join(chr(LANGUAGE.symbols[token >> 8]) * (token & 255) for token in row[:size].tolist())


def stream_of(seed: int) -> np.ndarray:
    stream = np.zeros(1, np.uint64)
    seek(stream, seed, 0, 0, 0)
    return stream


def made(operator: object, tokens: tuple[tuple[str, int], ...], seed: int, material: Material = MATERIAL) -> str:
    row, size = genome_of(*tokens)
    size = operator(row, size, material, stream_of(seed))  # type: ignore[operator]
    return text_of(row, tidy(row, size, LANGUAGE))


def test_a_loop_is_put_around_a_segment_that_reads_and_writes_up_to_a_byte_of_the_cases() -> None:
    found = {made(until_loop, ((",", 1), (".", 1), (",", 1)), seed) for seed in range(4_000)}
    copier = "," + "-" * 34 + "[" + "+" * 34 + ".," + "-" * 34 + "]"
    assert copier in found
    got = evaluate(Programs.of([copier.encode()]), [b'ab"c'], BF.with_settings(limit=3_000), width=4)
    assert bytes(got.outputs[0, 0, : got.lengths[0, 0]]) == b"ab"


def test_all_runs_of_one_length_are_given_the_same_other_length() -> None:
    tokens = (("-", 34), ("[", 1), ("+", 34), (".", 1), (",", 1), ("-", 34), ("]", 1), ("+", 7))
    for seed in range(200):
        program = made(retune, tokens, seed)
        lengths = [len(run) for run in program.replace("[", " ").replace("]", " ").replace(".,", " ").split()]
        changed = [place for place in range(4) if lengths[place] != (34, 34, 34, 7)[place]]
        assert changed in ([], [0, 1, 2], [1, 2], [2], [3])
        assert len({lengths[place] for place in changed}) <= 1


def test_runs_far_away_and_single_ones_keep_their_length() -> None:
    far = (("-", 34), *((">", 1), (".", 1)) * (RETUNED // 2), ("-", 34))
    assert all("-" * 34 in made(retune, far, seed) for seed in range(50))
    single = (("-", 1), (">", 1), ("+", 1))
    assert {made(retune, single, seed) for seed in range(50)} == {"->+"}


def test_where_nothing_undoes_an_addition_there_is_no_such_loop() -> None:
    only_up = Dialect("up", tuple(i for i in TAPE.instructions if i.symbol != "-"), io=TAPE.io)
    material = MATERIAL._replace(language=language_of(only_up))
    row = np.full(MAX_TOKENS, 1, np.uint16)
    assert until_loop(row, 4, material, stream_of(1)) == 4
    assert counted_loop(row, 4, material, stream_of(1)) == 4


def test_a_segment_of_any_length_is_repeated_as_often_as_a_cell_says_that_may_be_read_first() -> None:
    text = (("+", 72), (".", 1), ("-", 72), (">", 1)) * 3
    found = {made(counted_loop, text, seed) for seed in range(4_000)}
    whole = "".join(symbol * count for symbol, count in text)
    assert f",[->{whole}<<<<]" in found
    assert f",[>{whole}<<<<-]" in found
    got = evaluate(Programs.of([f",[>{whole}<<<<-]".encode()]), [b"\3"], BF.with_settings(limit=9_000), width=99)
    assert bytes(got.outputs[0, 0, : got.lengths[0, 0]]) == b"H" * 3 * 3


def test_the_number_of_passes_may_be_read_first_and_written_in_each_pass() -> None:
    found = {made(counted_loop, (("+", 72), (".", 1), ("-", 72)), seed) for seed in range(4_000)}
    letter = "+" * 72 + "." + "-" * 72
    assert {f",[->{letter}<.]", f",[>{letter}<.-]", f",[-.>{letter}<]", f",[.>{letter}<-]"} <= found
    assert any(program.startswith(",+[") for program in found), "read, and then changed before the loop"
    got = evaluate(Programs.of([f",[>{letter}<.-]".encode()]), [b"\3"], BF.with_settings(limit=9_000), width=99)
    assert bytes(got.outputs[0, 0, : got.lengths[0, 0]]) == b"H\3H\2H\1"
    silent = {made(counted_loop, ((">", 1),), seed) for seed in range(400)}
    assert any("." not in program and "," not in program for program in silent)


def test_where_the_output_is_cells_the_number_is_put_there() -> None:
    language = language_of(TAPE)
    material = ARMS[Arm.LONG].material(catalogue.find("countdown"), language, 1)
    index = {chr(symbol): place for place, symbol in enumerate(language.symbols)}
    found = set()
    for seed in range(4_000):
        row = np.zeros(MAX_TOKENS, np.uint16)
        row[0] = index[">"] << 8 | 1
        size = tidy(row, counted_loop(row, 1, material, stream_of(seed)), language)
        found.add("".join(chr(language.symbols[token >> 8]) * (token & 255) for token in row[:size].tolist()))
    assert {"[-><.}]", "[-.}><]", "[.}><-]", "[><.}-]"} <= found
    assert language.read == 0


def test_the_head_is_back_at_the_cell_that_counts_however_far_the_segment_moves_it() -> None:
    tokens = ((",", 1), (">", 3), (".", 1), ("<", 1))
    for seed in range(400):
        program = made(counted_loop, tokens, seed)
        body = program[program.find("[") + 1 : program.find("]")]
        assert body.count(">") == body.count("<") or "[" not in program
        assert abs(body.count("+") - body.count("-")) == ("[" in program)


def test_a_loop_begins_with_what_it_ended_with_or_the_other_way_round() -> None:
    tokens = ((",", 1), ("[", 1), (">", 2), (".", 1), ("<", 2), ("-", 1), ("]", 1), (".", 3))
    found = {made(rotate_loop, tokens, seed) for seed in range(400)}
    assert found == {",[.<<->>]...", ",[<<->>.]...", ",[->>.<<]..."}


def test_a_loop_that_begins_otherwise_has_lost_no_token_and_without_a_loop_nothing_is_moved() -> None:
    nested = (("[", 1), (".", 1), ("[", 1), ("-", 1), (">", 1), ("]", 1), (",", 1), ("]", 1))
    for seed in range(200):
        program = made(rotate_loop, nested, seed)
        assert sorted(program.replace("[", "").replace("]", "")) == sorted(".->,")
    assert {made(rotate_loop, ((".", 1), (">", 1), ("+", 1)), seed) for seed in range(50)} == {".>+"}
