"""Bytes as people type and read them: text with escapes, or hex."""

from __future__ import annotations

import re

from gpdebug.wording import escaped

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[nrt0\\\"])")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", '"': '"'}
_HEX = re.compile(r"0x((?:[0-9a-fA-F]{2}[\s,]*)+)\Z")


class BytesError(ValueError):
    """What was typed is not bytes; says what is expected."""


def parse_bytes(text: str) -> bytes:
    r"""Reads text, `"text"` with escapes (`\n`, `\x00`), or hex after `0x`: `0x61 62 0a`.

    Raises:
        BytesError: hex digits that are none, or a character that is no byte.
    """
    if text.startswith("0x"):
        match = _HEX.match(text.strip())
        if match is None:
            raise BytesError(f"after 0x come pairs of hex digits, as in 0x61 62 0a, not {text[2:].strip()!r}")
        return bytes.fromhex(re.sub(r"[\s,]", "", match[1]))
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    plain = _ESCAPE.sub(lambda match: _unescaped(match[1]), text)
    try:
        return plain.encode("latin-1")
    except UnicodeEncodeError as error:
        raise BytesError(f"{plain[error.start]!r} is no single byte; give its bytes in hex, as in 0xe2 82 ac") from None


def show_bytes(data: bytes, most: int = 40) -> str:
    r"""Bytes as quoted text with escapes, cut after `most` characters."""
    pieces = ("\\\\" if b == 92 else '\\"' if b == 34 else escaped(b) for b in data[:most])
    text = "".join(pieces)
    return f'"{text[:most]}…"' if len(text) > most or len(data) > most else f'"{text}"'


def _unescaped(name: str) -> str:
    return chr(int(name[1:], 16)) if name.startswith("x") else _SIMPLE[name]
