"""Program text from files and streams, and which dialect it is most likely written in."""

from __future__ import annotations

import sys
from pathlib import Path

from gpdebug.store.errors import StoreError
from vm.dialect import BF, BFF, BFX, TAPE, Dialect, Other
from vm.errors import ProgramError
from vm.program import Program
from vm.settings import MAX_MEMORY, Unmatched

LARGEST_SOURCE = 1 << 26
_BY_SUFFIX = {".b": BF, ".bf": BF, ".bfx": BFX, ".bff": BFF, ".tape": TAPE}
_OTHER_DIALECT = "if it is in another dialect, name it with --dialect"


def read_program(source: str | Path, dialect: Dialect | None = None) -> Program:
    """Reads a program that is worth opening: it does something, and its dialect does not reject it.

    Args:
        source: a path, or `-` for standard input.
        dialect: the language; None: as guessed from the suffix or the symbols.

    Raises:
        StoreError: it cannot be read, holds no instruction, or is not of the dialect.
    """
    program = parse_source(source, dialect)
    dialect = program.dialect
    if not len(program):
        hint = f"a program needs one of {' '.join(dialect.symbols)}"
        if not program.source.strip():
            raise StoreError("is empty", where=_place(source), hint=hint)
        what = f"holds no instruction of {dialect.name}"
        raise StoreError(what, where=_place(source), hint=f"{hint}; {_OTHER_DIALECT}")
    if dialect.settings.unmatched is Unmatched.REJECT:
        try:
            program.require_matched()
        except ProgramError as error:
            raise StoreError(str(error), where=_place(source), hint=_OTHER_DIALECT) from None
    return program


def parse_source(source: str | Path, dialect: Dialect | None = None) -> Program:
    """Reads any program, an empty one and one with stray brackets too.

    A self-modifying program that is longer than its dialect's memory gets a memory of its own length.

    Args:
        source: a path, or `-` for standard input.
        dialect: the language; None: as guessed from the suffix or the symbols.

    Raises:
        StoreError: it cannot be read, or has a symbol that is not of the dialect.
    """
    where = _place(source)
    data = _read(source, where)
    dialect = dialect or _BY_SUFFIX.get(Path(source).suffix.lower())
    if dialect is None:
        dialect = guess_dialect(_decoded(data, TAPE, where))
    if dialect.self_modifying and dialect.settings.memory < len(data) <= MAX_MEMORY:
        dialect = dialect.with_settings(memory=len(data))
    try:
        return Program.parse(_decoded(data, dialect, where), dialect)
    except ProgramError as error:
        raise StoreError(str(error), where=where, hint=_OTHER_DIALECT) from None


def _place(source: str | Path) -> str:
    return "standard input" if str(source) == "-" else str(source)


def guess_dialect(text: str) -> Dialect:
    """The built-in dialect that a text is most likely written in.

    `}` and `{` are symbols of `tape` only, other characters are comments in `bf` only. A text of
    symbols that both share is `tape` if its first loop comes before anything that could make a cell nonzero
    in `bf`: there it would never be entered, in `tape` the input is in the cells already.
    """
    symbols = "".join(text.split())
    if not symbols or "}" in text or "{" in text:
        return TAPE
    if symbols.strip("".join(TAPE.symbols)):
        return BF
    first = next((symbol for symbol in symbols if symbol in "+-,["), "")
    return TAPE if first in ("[", "") else BF


def _read(source: str | Path, where: str) -> bytes:
    try:
        if str(source) == "-":
            data = sys.stdin.buffer.read(LARGEST_SOURCE + 1)
        else:
            with open(source, "rb") as file:
                data = file.read(LARGEST_SOURCE + 1)
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror or error}", where=where) from None
    if len(data) > LARGEST_SOURCE:
        raise StoreError(f"is larger than {LARGEST_SOURCE >> 20} MiB", where=where, hint="is it a program at all?")
    return data


def _decoded(data: bytes, dialect: Dialect, where: str) -> str:
    if dialect.other is Other.NOP:
        return data.decode("latin-1")
    if b"\0" in data:
        raise StoreError(
            f"is no text: byte {data.index(0)} is zero", where=where, hint=f"save it as UTF-8; {_OTHER_DIALECT}"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
