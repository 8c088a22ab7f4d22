"""A program, its input and its settings, as the command line names them: the same for every command."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gpdebug.cli.machine_options import SETTINGS, chosen_settings, machine_options
from gpdebug.cli.saved_program import Saved, find_saved

if TYPE_CHECKING:
    from vm.dialect import Dialect
    from vm.program import Program
    from vm.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

_FILE_NAME = re.compile(
    r"[\w./\\~-]*\w[\w./\\~-]*\.(b|bf|bff|tape|txt|json|jsonl|csv|parquet)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What is to be run.

    Attributes:
        program: the program.
        data: its input.
        settings: of its machine.
        options: the command line that says all of this again.
        saved: the individual of a run that it is, or None.
    """

    program: Program
    data: bytes
    settings: Settings
    options: tuple[str, ...] = ()
    saved: Saved | None = None

    @property
    def words(self) -> str:
        """The command line as one text, quoted."""
        return shlex.join(self.options)


def program_options(function: Function) -> Function:
    """Adds `--input`, `--input-hex`, `--dialect` and one option for each setting."""
    function = machine_options(function)
    function = click.option("--input-hex", metavar="HEX", help="Input as bytes in hex.")(function)
    return click.option("--input", "text", metavar="TEXT", help="Input as text, a byte a character.")(function)


def load(source: str, text: str | None, input_hex: str | None, options: dict[str, Any]) -> Loaded:
    """What a command line names.

    Args:
        source: the program itself, a file, or `-` for standard input.
        text: `--input`.
        input_hex: `--input-hex`.
        options: `--dialect` and the settings that are given.

    Raises:
        click.UsageError: it makes no sense.
        StoreError: the program cannot be read.
        VMError: it is not of its dialect, or a setting is wrong.
    """
    program, settings = load_program(source, options)
    words = _again(program, source, text, input_hex, options)
    return Loaded(program, input_bytes(text, input_hex), settings, words)


def load_any(source: str, text: str | None, input_hex: str | None, options: dict[str, Any]) -> Loaded:
    """What a command line names, as `load` takes it, or an individual of a saved run; see `find_saved`."""
    data = None if text is None and input_hex is None else input_bytes(text, input_hex)
    saved = find_saved(source, data, options)
    if saved is None:
        return load(source, text, input_hex, options)
    if data is not None and saved.data != data:
        raise click.UsageError(f"{source} names a case: give that or an input, not both")
    words = (source, *_again(saved.program, source, text, input_hex, options)[3:])
    return Loaded(saved.program, saved.data, saved.settings, words, saved)


def load_program(source: str, options: dict[str, Any], dialect: Dialect | None = None) -> tuple[Program, Settings]:
    """The program, and its dialect's settings with what was given changed.

    Args:
        source: the program itself, a file, or `-` for standard input.
        options: `--dialect` and the settings that are given.
        dialect: its language where none is given; None: it is guessed.
    """
    from gpdebug.store.dialects import find_dialect
    from gpdebug.store.sources import guess_dialect, parse_source
    from vm.program import Program

    dialect = dialect if options["dialect"] is None else find_dialect(options["dialect"])
    if source == "-" or os.path.isfile(source):
        program = parse_source(source, dialect)
    else:
        _require_no_path(source)
        program = Program.parse(source, dialect or guess_dialect(source))
        if dialect is None and not len(program) and source.strip():
            raise click.UsageError(f"{source}: no such file, and as a program it has no instruction")
    return program, program.dialect.settings.with_changes(chosen_settings(options))


def _require_no_path(source: str) -> None:
    """Refuses what is meant as a file: run as a program, the full stop of its name would be its only instruction."""
    if os.path.isdir(source) and re.search(r"\w", source):
        raise click.UsageError(f"{source}: is a folder; name a program file")
    if _FILE_NAME.fullmatch(source):
        raise click.UsageError(f"{source}: no such file")


def input_bytes(text: str | None, in_hex: str | None) -> bytes:
    """The input that was given."""
    if text is not None and in_hex is not None:
        raise click.UsageError("give --input or --input-hex, not both")
    if in_hex is not None:
        try:
            return bytes.fromhex(in_hex)
        except ValueError:
            raise click.UsageError(f"--input-hex: {in_hex!r} is not bytes in hex, such as 00 7f ff") from None
    try:
        return (text or "").encode("latin-1")
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise click.UsageError(f"--input: {character!r} is no byte; give bytes with --input-hex") from None


def _again(
    program: Program, source: str, text: str | None, input_hex: str | None, options: dict[str, Any]
) -> tuple[str, ...]:
    """The command line that loads the same again: with the program itself, where it can be written."""
    can_be_written = program.text.isprintable() and program.text.isascii() and len(program) > 0
    words = [program.text if can_be_written else source, "--dialect", options["dialect"] or program.dialect.name]
    for key in SETTINGS:
        if options[key] is not None:
            words += [f"--{key.replace('_', '-')}", str(options[key])]
    if input_hex is not None or (text and not text.isprintable()):
        words += ["--input-hex", input_bytes(text, input_hex).hex()]
    elif text:
        words += ["--input", text]
    return tuple(words)
