"""Random runs for property tests: programs of every dialect, policies, memory sizes, inputs and limits."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from vm.dialect import BF, BFF, BFF_HEADS, TAPE, Dialect, Io
from vm.program import Program
from vm.settings import Edge, Eof, Settings, Unmatched

EVERYTHING = Dialect.from_dict(
    {
        "name": "everything",
        "based_on": "tape",
        "symbols": {
            ">": "move0 1", "<": "move0 -1", "}": "move1 3", "{": "move1 -700", "+": "add 1", "-": "add -1",
            "p": "add 300",
            "0": "set 0", "7": "set 263", ".": "copy01", ",": "copy10", "[": "open", "]": "close", "r": "read",
            "w": "write", "s": "stash", "u": "unstash", "h": "halt", "n": "nop",
        },
    }
)  # fmt: skip
EVERYTHING_LIVING = Dialect.from_dict(
    EVERYTHING.to_dict() | {"name": "living", "self_modifying": True, "other": "nop", "io": "streams"}
)


@dataclass(frozen=True)
class Run:
    """What is needed to start a machine."""

    program: Program
    data: bytes
    settings: Settings


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any run that loads."""
    dialect = draw(st.sampled_from([TAPE, BF, BFF, BFF_HEADS, EVERYTHING, EVERYTHING_LIVING]))
    memory = draw(st.sampled_from([1, 2, 7, 64, 100, 256, 300]))
    settings = Settings(
        memory=memory,
        limit=draw(st.sampled_from([0, 1, 2, 17, 100, 999, 3000])),
        edge=draw(st.sampled_from(Edge)),
        unmatched=draw(st.sampled_from([Unmatched.IGNORE, Unmatched.HALT])),
        eof=draw(st.sampled_from(Eof)),
        out_limit=draw(st.sampled_from([0, 1, 3, 4096])),
        in_at=draw(st.integers(0, memory - 1)),
        out_at=draw(st.none() | st.integers(0, memory - 1)),
    )
    data = b""
    if dialect.io is not Io.TAPE:
        data = draw(st.binary(max_size=min(12, memory - settings.in_at)))
    return Run(Program(draw(codes(dialect, memory)), dialect), data, settings)


@st.composite
def codes(draw: st.DrawFn, dialect: Dialect, memory: int) -> bytes:
    """Code of a dialect: symbols with short loops among them, so that it neither ends at once nor only spins."""
    longest = memory if dialect.self_modifying else 120
    symbols = "".join(dialect.symbols)
    loops = st.sampled_from(["[-]", "[>+<-]", "[>]", "[.>}]", "[->+<]", "[[-]>]", "+[", "-]", "[,]"])
    parts = draw(st.lists(st.sampled_from(symbols) | loops, max_size=longest))
    code = "".join(char for char in "".join(parts) if char in symbols).encode("latin-1")
    if dialect.self_modifying:
        code += draw(st.binary(max_size=longest))
    return code[:longest]
