"""`gpdebug run PROGRAM`: runs a program without a screen and tells how it ended."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.machine_options import chosen_settings, machine_options

if TYPE_CHECKING:
    from vm.program import Program
    from vm.settings import Settings
    from vm.state import State

QUICK_STEPS = 20_000
"""Steps that the reference machine makes in less time than the compiled one takes to load."""


_FILE_NAME = re.compile(r"[\w./\\~-]*\w[\w./\\~-]*\.(b|bf|bff|tape|txt)", re.ASCII | re.IGNORECASE)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("program", metavar="PROGRAM|FILE|-")
@click.option("--input", "text", metavar="TEXT", help="Input as text, a byte a character.")
@click.option("--input-hex", metavar="HEX", help="Input as bytes in hex.")
@machine_options
@click.option("--json", "as_json", is_flag=True, help="Print one object: the final state.")
def command(program: str, text: str | None, input_hex: str | None, as_json: bool, **options: Any) -> None:
    """Run a program headless.

    PROGRAM is the program itself, a file that holds it, or - for standard input; a file in a
    self-modifying dialect such as bff is its raw bytes. Without --dialect it is guessed from the
    file's ending and the symbols. Settings that are not given are the dialect's own.
    """
    from vm.state import describe

    if program == "-h":  # as an option it would be found in every program that begins with - and has an h in a comment
        click.echo(click.get_current_context().get_help())
        return
    loaded, settings = _load(program, options)
    state = _run(loaded, _input(text, input_hex), settings)
    if as_json:
        click.echo(json.dumps(describe(state, loaded.dialect, settings)))
    else:
        _print(state, loaded, settings)


def _load(source: str, options: dict[str, Any]) -> tuple[Program, Settings]:
    """The program, and its dialect's settings with what was given changed."""
    from gpdebug.store.dialects import find_dialect
    from gpdebug.store.sources import guess_dialect, parse_source
    from vm.program import Program

    dialect = None if options["dialect"] is None else find_dialect(options["dialect"])
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


def _input(text: str | None, in_hex: str | None) -> bytes:
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


def _run(program: Program, data: bytes, settings: Settings) -> State:
    """The state at the end; programs that are not over soon go on in the compiled machine."""
    from vm.reference import ReferenceMachine
    from vm.state import Pause

    reference = ReferenceMachine(program, data, settings)
    if reference.run(budget=QUICK_STEPS) is Pause.ENDED:
        return reference.snapshot()
    from vm.machine import Machine

    machine = Machine(program, data, settings)
    machine.restore(reference.snapshot())
    machine.run()
    return machine.snapshot()


def _print(state: State, program: Program, settings: Settings) -> None:
    """The output as it is on standard output, how the run ended on standard error."""
    from vm.state import output_of

    output = output_of(state, program.dialect, settings)
    sys.stdout.buffer.write(output)
    sys.stdout.flush()
    if output and not output.endswith(b"\n") and sys.stdout.isatty():
        click.echo()
    where = f" at instruction {state.pc:,}" if state.status.is_fault else ""
    steps = "1 step" if state.steps == 1 else f"{state.steps:,} steps"
    size = "1 byte" if len(output) == 1 else f"{len(output):,} bytes"
    click.echo(f"{state.status}{where} after {steps}, {size} of output", err=True)
