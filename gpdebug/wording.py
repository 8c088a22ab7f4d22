"""How bytes, numbers and amounts are written, wherever something is said: on screens, in answers, in reports."""

from __future__ import annotations

from collections.abc import Iterable


def is_printable(byte: int) -> bool:
    """Whether a byte, or any number, is a visible ASCII character."""
    return 32 <= byte < 127


def character(byte: int) -> str:
    """A byte as a character, in one column; `·` for what has no form."""
    return chr(byte) if is_printable(byte) else "·"


def quoted(byte: int) -> str:
    """A byte as a character in quotes, in three columns; `·` for what has no form."""
    return f"'{chr(byte)}'" if is_printable(byte) else "·"


def literal(byte: int) -> str:
    """A byte as one would type it as a character, quotes escaped; `·` for what has no form."""
    return repr(chr(byte)) if is_printable(byte) else "·"


def escaped(byte: int) -> str:
    """A byte as a character; what has no form, in hex."""
    return chr(byte) if is_printable(byte) else f"\\x{byte:02x}"


def symbol_words(symbols: Iterable[int]) -> str:
    """Bytes of a program as they are written; what cannot be seen, in hex."""
    return "".join("\\x20" if symbol == 32 else escaped(symbol) for symbol in symbols)


def value_words(byte: int) -> str:
    """A byte as a number and, if it can be seen, as a character: `97 'a'`."""
    return f"{byte} {literal(byte)}" if is_printable(byte) else str(byte)


def signed_byte(byte: int) -> int:
    """A byte as a number from -128 to 127; as a difference, the smaller way round."""
    return byte - 256 if byte > 127 else byte


def with_minus(value: int) -> str:
    """A number with a minus as wide as the plus; no separators."""
    return f"{value}".replace("-", "−")


def signed(value: int) -> str:
    """A difference with its sign."""
    return f"+{value:,}" if value >= 0 else f"−{-value:,}"


def counted(number: int, noun: str) -> str:
    """How many there are: `1 case`, `1,600 cases`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def span_words(first: int, last: int) -> str:
    """A number, or the first and the last of some."""
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"


def fitting(hint: str, room: int) -> str:
    """As many of the parts of a hint, divided by dots, as there is room for; the first one always."""
    parts = hint.split(" · ")
    while len(parts) > 1 and len(" · ".join(parts)) > room:
        parts.pop()
    return " · ".join(parts)
