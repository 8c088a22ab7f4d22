"""Lines for the debugger's command line from a seed: every word, with arguments that make sense and that make none."""

from __future__ import annotations

from random import Random

from gpdebug.debugger.command_table import TABLE, Completes, Word
from gpdebug.debugger.commands import CommandLine

BIG = "9" * 30
NUMBERS = ("0", "1", "2", "3", "5", "8", "17", "-1", "-3", "+2", "0x3", "1,2", "299", "1_0", "10000", BIG, "²",
           "09", "9" * 5000, "٣", "1e3", "3.5", "nan", "0" * 5000 + "1")  # fmt: skip
EXPRESSIONS = ("mem[3]", "mem[h0]", "mem[h1-1]", "cell0", "cell1 == 'a'", "pc", "step", "h0 + h1", "len(out)", "in[0]",
               "out[0] != 3", "step % 3", "step / 0", "mem[-1]", "mem[9999999]", "hits", "!pc", "(pc", "cell0 >", "))",
               "-step * step", "1 << 70", "'", "spare", "mem[mem[mem[h0]]]", "((((((((pc))))))))")  # fmt: skip
CELLS = ("3", "3..7", "7..3", "0..0", "mem[h0+1]", "mem[h1-2..h1]", "mem[h0]", "99999", "-1", "3..", "..", "mem[", "09",
         "007..08", f"mem[h0+{BIG}]", BIG)  # fmt: skip
NAMES = ("A", "B", "C", "b1", "b2", "mark", "now", "last", "start", "end", "all", "off", "main", "parent", "branch:1",
         "case:1", "id:3", "Zoë", "a.b-c", "now", "50%", "100%", "101%", "+1", "-1", "x.json", "A.snapshot.json", "1",
         "2", "7")  # fmt: skip
CLAUSES = ("if", "if cell0 > 0", "if hits == 2", "if", "hit == 2", "hit >= 3", "hit % 2", "hit % 0", "after 1",
           f"hit == {BIG}", "after 9", "log \"{step} {mem[3]}\"", "log '{'", "note 'what'", "once", "snapshot", "hit",
           "hits == 1")  # fmt: skip
VALUES = ("= 7", "= 300", "= -1", '= "ab"', "= 0x61 62", "= h1 + 1", "= +", "= [", "=", "= ''", "== 3", "= ]", "= 0")
TARGETS = ("mem[3]", "mem[3..6]", "mem[h0]", "cell0", "cell1", "pc", "h0", "h1", "spare", "code[0]", "code[2]",
           "code[99]", "input", "mem", "mem[6..3]", "out", "code[")  # fmt: skip
FINDS = ("last", "next", "first", "all", "count", "output", "split", "at", "when", "read", "change", "write", "access")
RUBBISH = ("", " ", "\t", "/", "//", "x/", "x/0xb", "x/99999999xb", "20", "20 20 s", "s/3", ":", "?", "help help", "é",
           "\N{GRINNING FACE}", "\0", "a" * 300, "break" * 9, "info", "{}", "[", "\\", "'\"", "s -1", "s 0", "-s", "0s",
           "9" * 40 + "s", "diff A >", "diff > ", "p\u00a0pc", "save A > B",
           "bookmark odd a\u2028b", "bookmark odder a\x0bb\x85c")  # fmt: skip


BEGINNING = ("step 5", "set mem[0] = 7", "snapshot", "bookmark", "break 1", "watch 0", "display mem[h0]", "rc",
             "set cell0 = 'a'", "goto end", "snapshot", "mark A", "bookmark here", "log 0 \"{step}\"")  # fmt: skip
"""Lines that make something of each kind, so that there is something to name."""


def random_line(random: Random, commands: CommandLine) -> str:
    """A line: mostly a word with arguments of the right kind, one of its own examples, now and then rubbish."""
    draw = random.random()
    if draw < 0.05:
        return random.choice(RUBBISH)
    word = random.choice(TABLE)
    if draw < 0.3:
        return random.choice(word.examples)
    name = random.choice((word.name, word.name, *word.aliases, word.name[: random.randrange(1, len(word.name) + 1)]))
    takes_slash = "[/" in word.usage or random.random() < 0.04
    slash = random.choice(("/a", "/c", "/j", "/w", "/g", "/8xb", "/d", "/cj", "")) if takes_slash else ""
    count = random.choice(("3", "3 ", "0")) if random.random() < (0.1 if word.counts else 0.02) else ""
    return f"{count}{name}{slash} {_arguments(random, word, commands)}"


def _arguments(random: Random, word: Word, commands: CommandLine) -> str:
    draw, kinds = random.random(), [NUMBERS, EXPRESSIONS, CELLS, NAMES, CLAUSES]
    if draw < 0.2:
        return ""
    if word.name == "set":
        return f"{random.choice(TARGETS)} {random.choice(VALUES)}"
    if draw < 0.6 and word.completes is not Completes.NOTHING:
        known = [line.partition(" ")[2] for line in commands.complete(f"{word.name} ")] or [""]
        return " ".join(random.choice(known) for _ in range(random.choice((1, 1, 2))))
    if word.counts or draw < 0.3:
        return random.choice(NUMBERS)
    if word.name in ("find", "last", "coming"):
        kinds = [FINDS, *kinds] if word.name == "find" else [FINDS[5:], *kinds]
    return " ".join(random.choice(random.choice(kinds)) for _ in range(random.choice((1, 1, 2, 2, 3, 4))))
