"""Edits as people type them: numbers as expressions, bytes as text or hex; errors say at which column they are."""

from __future__ import annotations

import re

from gpdebug.debugger.edits import Situation
from gpdebug.debugger.errors import CommandError
from gpdebug.store.typed_bytes import BytesError, parse_bytes
from vm.conditions import parse
from vm.errors import ConditionError
from vm.state import output_of

_HEX_BYTES = re.compile(r"0x[0-9a-fA-F]{2}(?:[\s,]*[0-9a-fA-F]{2})+\s*\Z")


def typed_number(text: str, here: Situation) -> int:
    """The value of an expression at a moment.

    Raises:
        CommandError: it is none; its column counts from the start of the text.
    """
    try:
        expression = parse(text)
    except ConditionError as error:
        raise CommandError(str(error), column=error.column) from None
    output = output_of(here.state, here.program.dialect, here.settings)
    return expression.value(here.state, data=here.data, output=output, hits=0)


def typed_bytes(text: str) -> bytes:
    """Bytes, as text or in hex after `0x`.

    Raises:
        CommandError: it is neither.
    """
    try:
        return parse_bytes(text.strip())
    except BytesError as error:
        raise CommandError(str(error), column=0) from None


def typed_cells(text: str, here: Situation) -> bytes:
    """Values of cells: bytes in quotes or in hex, or the value of an expression.

    Raises:
        CommandError: it is none of these, or no value that a cell can hold.
    """
    if text.lstrip().startswith('"') or _HEX_BYTES.match(text.strip()):
        return typed_bytes(text)
    number = typed_number(text, here)
    if not -128 <= number <= 255:
        raise CommandError(f"a cell holds 0 to 255, or -128 to 127, not {number:,}", column=0)
    return bytes([number % 256])
