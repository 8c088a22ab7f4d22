"""The catalogue of tasks: what is known by name, each with its cases made afresh and always the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from random import Random

from gpdebug.evolve.cases import EDGES, LETTERS, Pools, numbers, texts, whole
from gpdebug.evolve.errors import TaskError
from gpdebug.store.task import Case, Task
from vm.dialect import BF, BFX, TAPE, Dialect
from vm.scoring import Scorer

STEP_LIMIT = 3_000
"""Of a task; a few need more."""
FOREIGN = 4
"""In another language than its own, a task may need so many times the steps: `bf` has to write over what it prints."""
TEXT_PREFIX = "text:"
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of the catalogue.

    Attributes:
        name: how users call it.
        summary: input → output in a few words.
        inputs: makes the two pools of inputs.
        answer: the output that is wanted for an input.
        out_len: bytes of the answer where it is always the same (it may hold zeros), else None: up to a zero.
        limit: steps of a run; several times what a straightforward program needs.
        dialect: its own.
    """

    name: str
    summary: str
    inputs: Callable[[Random], Pools]
    answer: Callable[[bytes], bytes]
    out_len: int | None = None
    limit: int = STEP_LIMIT
    dialect: Dialect = TAPE


def names() -> tuple[str, ...]:
    """Every name of the catalogue, except the endless `text:…`."""
    return tuple(ENTRIES)


def summary(name: str) -> str:
    """What a task wants, in a few words."""
    return ENTRIES[name].summary


def find(name: str, dialect: Dialect | None = None) -> Task:
    """A task by name, in its own dialect or in another one.

    Raises:
        TaskError: no task has that name; close ones are suggested.
    """
    if name.startswith(TEXT_PREFIX):
        entry = _text_entry(name)
    elif name in ENTRIES:
        entry = ENTRIES[name]
    else:
        raise TaskError(_unknown(name))
    language = dialect or entry.dialect
    limit = entry.limit if language == entry.dialect else FOREIGN * entry.limit
    pools = entry.inputs(Random(f"gpdebug task {name}"))
    settings = {"limit": min(limit, language.settings.limit), "out_len": entry.out_len}
    return Task(
        name=name,
        dialect=language.with_settings(**settings),
        training=tuple(Case(item, entry.answer(item)) for item in pools.training),
        held_out=tuple(Case(item, entry.answer(item)) for item in pools.held_out),
        scorer=Scorer.BYTES,
        description=entry.summary,
        origin="catalogue",
    )


def _unknown(name: str) -> str:
    close = get_close_matches(name.lower(), names(), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else "see `gpdebug tasks`, or give text:WORDS or a file"
    return f"unknown task {name!r}: {hint}"


def _text_entry(name: str) -> Entry:
    text = name.removeprefix(TEXT_PREFIX)
    wanted = text.encode()
    if not wanted or b"\0" in wanted:
        raise TaskError(f"{name!r}: a text of at least one character, none of them zero, must follow {TEXT_PREFIX!r}")
    if len(wanted) > LONGEST_TEXT:
        raise TaskError(f"{TEXT_PREFIX}…: the text has {len(wanted)} bytes, the most is {LONGEST_TEXT}")
    return Entry(name, f"nothing → {text}", lambda _: Pools((b"",), ()), lambda _: wanted, dialect=BF)


def _quoted(text: bytes, random: Random) -> bytes:
    """Puts quotes around a part of a text: `alice "inside" over`."""
    start, end = sorted(random.randint(0, len(text)) for _ in range(2))
    return text[:start] + b'"' + text[start:end] + b'"' + text[end:]


def _follow(pair: bytes) -> bytes:
    """The Fibonacci numbers below 256 that follow two of them."""
    first, second = pair
    out = []
    while first + second < 256:
        first, second = second, first + second
        out.append(second)
    return bytes(out)


def _next_four(pair: bytes) -> bytes:
    """The four numbers that follow two of them, each the sum of the two before it."""
    numbers = list(pair)
    for _ in range(4):
        numbers.append((numbers[-2] + numbers[-1]) % 256)
    return bytes(numbers[2:])


def _words(*words: str) -> Callable[[bytes], bytes]:
    return lambda item: words[item[0] - 1].encode()


def _tag(text: bytes, random: Random) -> bytes:
    name = bytes(random.choice(LETTERS) for _ in range(random.randint(1, 8)))
    return b"<" + name + b">" + text + b"</" + name + b">"


def _to_json(xml: bytes) -> bytes:
    name, rest = xml[1:].split(b">", 1)
    return b'{"' + name + b'":"' + rest.split(b"<", 1)[0] + b'"}'


def _split(text: bytes, size: int = 3) -> bytes:
    """A comma between each two parts of a text."""
    return b",".join(text[start : start + size] for start in range(0, len(text), size))


def _one_of_them(text: bytes, random: Random) -> bytes:
    """A text of few different letters, and before it the letter to count."""
    few = bytes(b"aeiou"[byte % 5] for byte in text)
    return bytes([random.choice(b"aeiou")]) + few


_PLAIN = LETTERS + b" .,!?'-0123456789"


def _numbers(random: Random) -> Pools:
    return numbers(1, random)


def _pairs(random: Random) -> Pools:
    return numbers(2, random)


def _lines(random: Random) -> Pools:
    """Few numbers to learn from, since every line costs hundreds of steps, and numbers up to 99 to be judged by."""
    most = 6
    others = sorted({99, *random.sample(range(most + 1, 99), 29)})
    return Pools(tuple(bytes([item]) for item in range(1, most + 1)), tuple(bytes([item]) for item in others))


def _small_pairs(random: Random) -> Pools:
    """Digits to learn from, since every unit costs steps, and all numbers to be judged by, boundary values first."""
    digits = [bytes(pair) for pair in product(range(10), repeat=2)]
    edges = [bytes(pair) for pair in product(EDGES, repeat=2) if max(pair) > 9]
    others = [bytes(random.sample(range(10, 256), 2)) for _ in range(40)]
    return Pools(tuple(digits), tuple(dict.fromkeys(edges + others)))


def _counts(random: Random) -> Pools:
    return numbers(1, random, lambda item: 1 <= item[0] <= 60)


_ENTRIES = (
    Entry("echo", "text → the same text", texts, bytes),
    Entry("reverse", "text → reversed", texts, lambda text: text[::-1]),
    Entry("length", "text → its length as a byte", texts, lambda text: bytes([len(text)]), 1),
    Entry(
        "sort",
        "text → its bytes in order",
        lambda random: texts(random, 12),
        lambda text: bytes(sorted(text)),
        limit=30_000,
    ),
    Entry(
        "count",
        "a letter and a text → how often the letter is in the text, as a byte",
        lambda random: texts(random, 20, shape=_one_of_them),
        lambda item: bytes([item[1:].count(item[0])]),
        1,
    ),
    Entry("add", "two numbers → their sum, modulo 256", _pairs, lambda pair: bytes([sum(pair) % 256]), 1),
    Entry(
        "subtract",
        "two numbers a ≥ b → a − b",
        lambda random: numbers(2, random, lambda pair: pair[0] >= pair[1]),
        lambda pair: bytes([pair[0] - pair[1]]),
        1,
    ),
    Entry("double", "a number → twice it, modulo 256", _numbers, lambda item: bytes([item[0] * 2 % 256]), 1),
    Entry("triple", "a number → three times it, modulo 256", _numbers, lambda item: bytes([item[0] * 3 % 256]), 1),
    Entry(
        "multiply",
        "two numbers → their product, up to 255",
        lambda random: numbers(2, random, lambda pair: pair[0] * pair[1] < 256),
        lambda pair: bytes([pair[0] * pair[1]]),
        1,
        12_000,
    ),
    Entry("max", "two numbers → the greater one", _pairs, lambda pair: bytes([max(pair)]), 1),
    Entry("min", "two numbers → the smaller one", _pairs, lambda pair: bytes([min(pair)]), 1),
    Entry("sort2", "two numbers → both, the smaller first", _pairs, lambda pair: bytes(sorted(pair)), 2),
    Entry(
        "xor",
        "two bits → one",
        lambda random: numbers(2, random, lambda pair: max(pair) < 2),
        lambda pair: bytes([pair[0] ^ pair[1]]),
        1,
    ),
    Entry(
        "countdown",
        "a number → it and all below it down to 1",
        _counts,
        lambda item: bytes(range(item[0], 0, -1)),
    ),
    Entry(
        "warning",
        'a number → "Warning Countdown: " and it, the same for all below it down to 0',
        _lines,
        lambda item: b"".join(b"Warning Countdown: " + bytes([left]) for left in range(item[0], -1, -1)),
        limit=100_000,
        dialect=BFX,
    ),
    Entry(
        "bottles",
        'a number → it and "bottles of beer on the wall", the same for all below it down to 0',
        _lines,
        lambda item: b"".join(bytes([left]) + b"bottles of beer on the wall" for left in range(item[0], -1, -1)),
        limit=250_000,
        dialect=BFX,
    ),
    Entry(
        "fibonacci",
        "two numbers → the numbers that follow, below 256",
        lambda random: numbers(2, random, lambda pair: 1 <= pair[0] <= pair[1]),
        _follow,
        limit=30_000,
    ),
    Entry("fibonacci-4", "two numbers → the four that follow, modulo 256", _small_pairs, _next_four, 4, 60_000),
    Entry(
        "hello-user",
        'name → "Hello " and the name',
        lambda random: texts(random, 16, LETTERS, shortest=1),
        lambda name: b"Hello " + name,
    ),
    Entry("if-then", "1, 2, 3 → hi, z, bye", lambda _: whole([b"\1", b"\2", b"\3"]), _words("hi", "z", "bye")),
    Entry("cats", "1, 2, 3 → cats, are, evil", lambda _: whole([b"\1", b"\2", b"\3"]), _words("cats", "are", "evil")),
    Entry(
        "trim-left",
        "text → from its first quote on",
        lambda random: texts(random, 22, _PLAIN, shape=_quoted),
        lambda text: text[text.index(b'"') :],
        dialect=BF,
    ),
    Entry(
        "in-quotes",
        '"inside" → inside',
        lambda random: texts(random, 22, _PLAIN, shape=lambda text, _: b'"' + text + b'"'),
        lambda text: text[1:-1],
    ),
    Entry(
        "between-quotes",
        'alice "inside" over → inside',
        lambda random: texts(random, 22, _PLAIN, shape=_quoted),
        lambda text: text.split(b'"')[1],
        dialect=BF,
    ),
    Entry(
        "csv-split",
        "text → a comma after every third byte, if more follow",
        lambda random: texts(random, 18, LETTERS),
        _split,
        limit=12_000,
        dialect=BF,
    ),
    Entry(
        "xml-to-json",
        '<a>b</a> → {"a":"b"}',
        lambda random: texts(random, 12, LETTERS, shape=_tag),
        _to_json,
        limit=12_000,
        dialect=BF,
    ),
)

ENTRIES = {entry.name: entry for entry in _ENTRIES}
