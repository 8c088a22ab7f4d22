"""Random runs: programs of every built-in dialect with small memories, all policies and cutting limits."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tests.debugger.oracle import Oracle
from vm.dialect import BF, BFF, BFF_HEADS, TAPE, Dialect
from vm.program import Program
from vm.settings import Edge, Eof, Settings, Unmatched

TWO_STASHES = Dialect.from_dict(
    {
        "name": "stashing", "based_on": "tape",
        "symbols": {">": "move0 1", "<": "move0 -3", "}": "move1 2", "+": "add 200", "0": "set -1", "[": "open",
                    "]": "close", ".": "copy01", ",": "copy10", "s": "stash", "u": "unstash", "r": "read",
                    "w": "write", "!": "halt", "n": "nop"},
    }
)  # fmt: skip


LOOPING = {
    "tape": ["[.>}]", "[>]<[.<}]", "+[>+[->++<]>+[-<+>]+>[-]+<<-+>>]", "+[+>+<]", "++++[>+++[>+.}<-]<-]"],
    "bf": ["+++++[>+<-]>.", "++[>++[>+<-]<-]>>.", "+[.+]", ",[.,]", "+[>+]", "++++[>++++[>.+<-]<-]"],
    "bff": ["[{.>]-]                ]-]>.{[[", "<<<<+[>nnnnn\\\0\0\0", "{{{{{{[.nn]", "+[}.n]"],
    "bff-heads": ["[n>+]n.", "\3\7+[.>}]nn"],
    "stashing": ["r[wsr]u", "+[s<u}.]", "0[>+]!"],
}
"""Programs that run in circles, so that stops are hit often: random text seldom does."""


@st.composite
def runs(draw: st.DrawFn) -> Oracle:
    dialect: Dialect = draw(st.sampled_from([TAPE, BF, BFF, BFF_HEADS, TWO_STASHES]))
    symbols = "".join(dialect.symbols) + "[]" * 3
    looping = st.sampled_from(LOOPING[dialect.name])
    code = draw(looping | looping | looping | st.text(st.sampled_from(symbols), max_size=24))
    settings = Settings(
        memory=max(draw(st.sampled_from([16, 7, 3, 1])), len(code) if dialect.self_modifying else 1),
        limit=draw(st.sampled_from([300, 299, 120, 17, 1, 0])),
        edge=draw(st.sampled_from([Edge.WRAP, Edge.WRAP, Edge.HALT])),
        unmatched=draw(st.sampled_from([Unmatched.IGNORE, Unmatched.HALT])),
        eof=draw(st.sampled_from(Eof)),
        out_limit=draw(st.sampled_from([100, 100, 2, 0])),
    )
    room = 4 if dialect is BF else settings.memory
    data = b"" if dialect.self_modifying else draw(st.binary(max_size=room) | st.just(b"\3\2\1"[:room]))
    return Oracle(Program.parse(code, dialect), data, settings)


def looping_run(random: Random) -> Oracle:
    """A run of a few hundred steps."""
    while True:
        dialect = random.choice([TAPE, BF, BFF, BFF_HEADS, TWO_STASHES])
        program = Program.parse(random.choice(LOOPING[dialect.name]), dialect)
        settings = Settings(memory=max(random.choice([8, 17, 40]), len(program)), limit=random.choice([150, 300]))
        data = b"" if dialect.self_modifying else random.randbytes(random.randrange(8))
        oracle = Oracle(program, data, settings)
        if oracle.total > 30:
            return oracle


def any_run(random: Random) -> Oracle:
    """A run of any kind, the odd ones included: no program, one cell, over at step 0, cut by its limit."""
    dialect = random.choice([TAPE, BF, BFF, BFF_HEADS, TWO_STASHES])
    symbols = "".join(dialect.symbols) + "[]" * 3
    source = random.choice([*LOOPING[dialect.name], *LOOPING[dialect.name], "", *random.choices(symbols, k=2),
                            "".join(random.choices(symbols, k=random.randrange(24)))])  # fmt: skip
    program = Program.parse(source, dialect)
    settings = Settings(
        memory=max(random.choice([16, 16, 7, 1]), len(program) if dialect.self_modifying else 1),
        limit=random.choice([300, 300, 120, 17, 1, 0]),
        edge=random.choice([Edge.WRAP, Edge.WRAP, Edge.HALT]),
        unmatched=random.choice([Unmatched.IGNORE, Unmatched.HALT]),
        eof=random.choice(list(Eof)),
        out_limit=random.choice([100, 100, 2, 0]),
    )
    room = 4 if dialect is BF else settings.memory
    data = b"" if dialect.self_modifying else random.randbytes(random.randrange(room + 1))
    return Oracle(program, data, settings)
