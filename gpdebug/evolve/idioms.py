"""Idioms: short random loops that end and change something, as material for mutations; none is picked by hand."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.choices import below, keyed, pick
from gpdebug.evolve.genome import Language, language_of
from vm.dialect import Dialect, Primitive
from vm.machine import Machine
from vm.program import Program
from vm.state import State, Status, initial_state

COUNT = 300
LONGEST_BODY = 6
STEP_LIMIT = 256 * (LONGEST_BODY + 2)
MEMORY = 256
ATTEMPTS = 40 * COUNT


def random_loops(dialect: Dialect, language: Language, seed: int) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """Draws `COUNT` loops of 1 to 6 symbols; half of them return the head to a counter that changes by one.

    Returns:
        Tokens `uint16[COUNT, width]` and sizes `int32[COUNT]`; fewer where a dialect has not that many.
    """
    loops = _loops(dialect.with_settings(memory=MEMORY, in_at=0, out_at=None, out_len=None, limit=STEP_LIMIT), seed)
    return _tokens(loops, language)


@lru_cache(maxsize=4)
def _loops(dialect: Dialect, seed: int) -> tuple[bytes, ...]:
    """The loops as code; kept, since all islands of a search have the same ones, and drawing them takes a while."""
    language = language_of(dialect)
    random = keyed(seed)
    moment = _moment(dialect, random)
    plain = language.plain.tolist()
    loops: dict[bytes, None] = {}
    for _ in range(ATTEMPTS):
        if len(loops) == COUNT:
            break
        body = [pick(random, plain) for _ in range(1 + below(random, LONGEST_BODY))]
        if len(loops) % 2 and not _counts_down(dialect, bytes(language.symbols[body])):
            continue
        code = bytes(language.symbols[[language.open, *body, language.close]])
        if code not in loops and _is_useful(Program(code, dialect), moment):
            loops[code] = None
    return tuple(loops)


def _tokens(loops: tuple[bytes, ...], language: Language) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    index = np.zeros(256, np.uint16)
    index[language.symbols] = np.arange(len(language.symbols))
    tokens = np.zeros((len(loops), LONGEST_BODY + 2), np.uint16)
    for row, code in zip(tokens, loops, strict=True):
        row[: len(code)] = index[np.frombuffer(code, np.uint8)] << 8 | 1
    return tokens, np.array([len(code) for code in loops], np.int32)


def _counts_down(dialect: Dialect, body: bytes) -> bool:
    """Whether a loop's body returns head0 to where it was, and changes that cell by one in all."""
    head = change = 0
    for byte in body:
        instruction = dialect.symbols[chr(byte)]
        if instruction.primitive is Primitive.MOVE0:
            head += instruction.argument
        elif head != 0:
            continue
        elif instruction.primitive is Primitive.ADD:
            change += instruction.argument
        elif instruction.primitive not in (Primitive.MOVE1, Primitive.COPY01, Primitive.WRITE, Primitive.STASH):
            return False
    return head == 0 and abs(change) == 1


def _moment(dialect: Dialect, random: Random) -> State:
    """A moment with something in the cells around both heads."""
    start = initial_state(Program(b"", dialect), b"", dialect.settings)
    memory = start.memory.copy()
    for head in (start.head0, start.head1):
        for cell in range(head - 4, head + 9):
            memory[cell % len(memory)] = below(random, 64) if random.random() < 0.6 else 0
        memory[head] = 5
    memory.setflags(write=False)
    return State(0, start.head0, start.head1, 0, Status.RUNNING, 0, 0, memory, b"")


def _is_useful(program: Program, moment: State) -> bool:
    machine = Machine(program)
    machine.restore(moment)
    machine.run(budget=STEP_LIMIT)
    end = machine.snapshot()
    changed = (end.head0, end.head1, end.output, end.memory.tobytes()) != (
        moment.head0, moment.head1, moment.output, moment.memory.tobytes()
    )  # fmt: skip
    return changed and end.status in (Status.FINISHED, Status.HALTED)
