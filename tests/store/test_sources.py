from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.sources import guess_dialect, read_program
from vm.dialect import BF, BF_EVOLVED, BFF, BFX, TAPE, Dialect

HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("[>]<[.<}]", TAPE),
        ("[>}]>.{+.", TAPE),
        (">[<->-]<.", TAPE),
        ("[-<++>]<.", TAPE),
        ("[,+.>]", TAPE),
        ("[->+<]>.", TAPE),
        ("", TAPE),
        (">.<", TAPE),
        (HELLO, BF),
        (",[.,]", BF),
        (",>,[<+>-]<.\n", BF),
        ("+[,.]", BF),
        ("[a comment first] ++.", BF),
        ("read , write .", BF),
    ],
)
def test_a_dialect_is_guessed_from_the_symbols(text: str, dialect: Dialect) -> None:
    assert guess_dialect(text) is dialect


@pytest.mark.parametrize(
    ("name", "text", "dialect", "code"),
    [
        ("a.txt", b"[>]<\r\n[.<}]\r\n", TAPE, "[>]<[.<}]"),
        ("a.b", b"a comment {with} braces ++.", BF, "++."),
        ("a.BF", b"\xef\xbb\xbf+ \xe2\x82\xac .", BF, "+."),
        ("a.bf", b"caf\xe9 +.", BF, "+."),
        ("a.tape", b",.", TAPE, ",."),
        ("a.bfx", b"7+++.", BFX, "7+++."),
        ("a.bff", b"[\x00\n\xff]", BFF, "[\x00\n\xff]"),
        ("program", HELLO.encode(), BF, HELLO),
    ],
)
def test_a_program_file_is_read_in_its_likely_dialect(
    tmp_path: Path, name: str, text: bytes, dialect: Dialect, code: str
) -> None:
    (tmp_path / name).write_bytes(text)
    program = read_program(tmp_path / name)
    assert program.dialect is dialect
    assert program.text == code


def test_a_given_dialect_goes_before_a_guess(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("+]")
    assert read_program(tmp_path / "a.txt", BF_EVOLVED).dialect is BF_EVOLVED


def test_standard_input_is_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"[>]<[.<}]\n")))
    assert read_program("-").text == "[>]<[.<}]"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"[>]x{\n")))
    with pytest.raises(StoreError, match="standard input: line 1, column 4: 'x' is no symbol of tape"):
        read_program("-")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the shell's <(…) needs /dev/fd")
def test_a_pipe_is_read_as_a_file() -> None:
    reader, writer = os.pipe()
    os.write(writer, b",[.,]")
    os.close(writer)
    try:
        assert read_program(f"/dev/fd/{reader}").dialect is BF
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("name", "text", "messages"),
    [
        ("a.txt", b"[>]<\n[.<x}]", ("line 2, column 4: 'x' is no symbol of tape", "--dialect")),
        ("a.tape", "[é]".encode(), ("line 1, column 2: 'é' is no symbol of tape",)),
        ("a.bf", b"++\n[>[+]", ("line 2, column 1: '[' (instruction 2) has no partner",)),
        ("a.bf", b"", ("is empty; a program needs one of > <",)),
        ("a.txt", b" \n", ("is empty; a program needs one of",)),
        ("a.bf", b"only words", ("holds no instruction of bf", "a program needs one of > <")),
        ("a.txt", b"+\x00-", ("is no text: byte 1 is zero",)),
    ],
)
def test_a_file_that_is_no_program_is_told(tmp_path: Path, name: str, text: bytes, messages: tuple[str, ...]) -> None:
    file = tmp_path / name
    file.write_bytes(text)
    with pytest.raises(StoreError) as caught:
        read_program(file)
    assert str(caught.value).startswith(str(file))
    for message in messages:
        assert message in str(caught.value)


def test_a_file_without_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpdebug.store.sources.LARGEST_SOURCE", 1 << 20)
    (tmp_path / "a.bf").write_bytes(b"+" * ((1 << 20) + 1))
    with pytest.raises(StoreError, match="is larger than 1 MiB; is it a program at all"):
        read_program(tmp_path / "a.bf")
    with pytest.raises(StoreError, match=r"none\.bf: cannot be read: No such file"):
        read_program(tmp_path / "none.bf")
