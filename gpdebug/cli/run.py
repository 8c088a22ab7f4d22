"""`gpdebug run PROGRAM`: runs a program without a screen and tells how it ended."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.program_options import load, program_options
from gpdebug.wording import counted

if TYPE_CHECKING:
    from vm.program import Program
    from vm.settings import Settings
    from vm.state import State


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("program", metavar="PROGRAM|FILE|-")
@program_options
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
    loaded = load(program, text, input_hex, options)
    state = _run(loaded.program, loaded.data, loaded.settings)
    if as_json:
        click.echo(json.dumps(describe(state, loaded.program.dialect, loaded.settings)))
    else:
        _print(state, loaded.program, loaded.settings)


def _run(program: Program, data: bytes, settings: Settings) -> State:
    """The state at the end; programs that are not over soon go on in the compiled machine."""
    from gpdebug.debugger.machines import QUICK_STEPS
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
    steps = counted(state.steps, "step")
    size = counted(len(output), "byte")
    click.echo(f"{state.status}{where} after {steps}, {size} of output", err=True)
