"""How the wanted outputs are written, as tokens: a mutation writes stretches of them (`mutation.spell`).

Synthesis of programs from examples takes constants from the examples (Odena et al.: BUSTLE: bottom-up program synthesis
through learning-guided exploration, ICLR 2021), as the lengths of runs are taken from them here. What is written where,
how often and whether at all is left to selection. A task that is one constant gets none: it would be all of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language, single_tokens
from gpdebug.store.task import Task
from vm.dialect import Primitive
from vm.jit import borrowed, kernel


class Spelling(NamedTuple):
    """The training outputs as tokens, one output after the other; an empty token is none.

    Attributes:
        starts: `int64[outputs + 1]`, where each begins.
        alone: `uint16[bytes, 2]`, what makes a byte of nothing: a token that sets the cell, and a run.
        after: `uint16[bytes]`, the run that makes it of the byte before it.
    """

    starts: NDArray[np.int64]
    alone: NDArray[np.uint16]
    after: NDArray[np.uint16]


@kernel(inline=True)
def lent_spelling(spelling: Spelling) -> Spelling:
    """The same with arrays that are not counted: see `vm.jit.borrowed`."""
    return Spelling(borrowed(spelling.starts), borrowed(spelling.alone), borrowed(spelling.after))


def spelling_of(task: Task, language: Language) -> Spelling:
    """How the outputs of a task are written; of none where its dialect cannot, or where they are one constant."""
    tokens = single_tokens(task.dialect)
    sets = {argument: token for (primitive, argument), token in tokens.items() if primitive is Primitive.SET} or {0: 0}
    can = language.write.any() and {(Primitive.ADD, 1), (Primitive.ADD, -1)} <= tokens.keys() and len(task.training) > 1
    outputs = [case.output for case in task.training if case.output] if can else []

    def run(amount: int) -> int:
        """The token that adds so much, the shorter way round."""
        amount = (amount + 128) % 256 - 128
        return tokens[Primitive.ADD, 1 if amount > 0 else -1] - 1 + abs(amount) if amount else 0

    alone, after = [], []
    for output in outputs:
        for place, byte in enumerate(output):
            nearest = min(sets, key=lambda value: abs(value - byte))
            alone.append((sets[nearest], run(byte - nearest)))
            after.append(run(byte - output[place - 1]))
    return Spelling(
        np.cumsum([0, *map(len, outputs)]),
        np.array(alone, np.uint16).reshape(-1, 2),
        np.array(after, np.uint16),
    )
