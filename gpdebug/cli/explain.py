"""`gpdebug explain PROGRAM`: why a byte of the output, a cell or a jump is what it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.explain_changes import scores_lines, tell_what_if, tell_why_not
from gpdebug.cli.explain_circuit import circuit_options, told_circuit, wants_circuit
from gpdebug.cli.program_options import Loaded, load_any, program_options
from gpdebug.cli.saved_program import find_saved

if TYPE_CHECKING:
    from gpdebug.explain.criteria import Criterion

_CELL = re.compile(r"(?P<cell>\d[\d,_]*)(?:@(?P<step>\d[\d,_]*|end))?")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", metavar="PROGRAM|RUN")
@click.option("--output", type=click.IntRange(0), metavar="N", help="Explain byte N of the output, from 0.")
@click.option("--cell", metavar="C[@STEP]", help="Explain what cell C holds at a step, or at the end.")
@click.option("--jump", type=click.IntRange(0), metavar="STEP", help="Explain why the bracket at STEP jumps or not.")
@click.option(
    "--kinds", default="value", show_default=True, metavar="KINDS",
    help="Dependences to follow: value, control, address and code, separated by commas, or all.",
)  # fmt: skip
@click.option(
    "--what-if", "what_if", multiple=True, metavar="CHANGES",
    help="Say what comes of changes, as in 'blank 12', 'flip @88' or 'mem[3]=7 @120; h0=2 @130'.",
)  # fmt: skip
@click.option(
    "--why-not", "why_not", metavar="WHAT",
    help="Say why cell mem[C] was never written, out[N] never output, or instruction N never executed.",
)  # fmt: skip
@click.option("--scores", is_flag=True, help="Say how good the explanation is, by running parts of the program.")
@circuit_options
@click.option("--apart", is_flag=True, help="Every step of a loop apart, none as one line.")
@click.option("--all", "shows_all", is_flag=True, help="Show all lines, however many there are.")
@click.option("--window", type=click.IntRange(1), metavar="N", help="Look at the last N steps only. [default: 1000000]")
@click.option("--case", type=click.IntRange(1), metavar="N", help="Of a saved run: on case N.")
@click.option("--json", "as_json", is_flag=True, help="Print one object: every node, leaf and edge.")
@program_options
def command(program: str, text: str | None, input_hex: str | None, case: int | None, **options: Any) -> int:
    """Say why a program does something, exactly.

    It lists what the byte, cell or jump depends on in the order in which it ran. PROGRAM is given as to
    gpdebug run; an individual of a saved run as in reverse#57:3 (see gpdebug diff). Loops that only
    add constants and count down are one line each, checked on every pass.

    With --what-if it makes changes, keeps to the recorded path (their direct effect), lets the run go
    by itself (their total effect), and says what differs; with --why-not it finds the test that turned
    control away. The README says how they are written.

    Exit code 1: the check of the answer failed, which is an error of gpdebug.
    """
    asked = _asked(options)
    if asked == "what_if":
        tell_what_if(options["what_if"], _load(program, text, input_hex, case, options), options)
        return 0
    if asked == "why_not":
        tell_why_not(options["why_not"], _load(program, text, input_hex, case, options), options)
        return 0
    return _tell_why(program, text, input_hex, case, options)


def _tell_why(
    program: str, text: str | None, input_hex: str | None, case: int | None, options: dict[str, Any]
) -> int:  # fmt: skip
    from gpdebug.explain.answer import explain
    from gpdebug.explain.parts import parse_kinds
    from gpdebug.explain.present import SHOWN, to_dict, to_lines
    from gpdebug.explain.trace import WINDOW

    criterion, kinds = chosen_criterion(options), parse_kinds(options["kinds"])
    loaded = _load(program, text, input_hex, case, options)
    found = explain(
        loaded.program, loaded.data, loaded.settings, criterion, kinds,
        grouped=not options["apart"], window=options["window"] or WINDOW,
    )  # fmt: skip
    scored = scores_lines(found, loaded) if options["scores"] else None
    if wants_circuit(options):
        lines, data = told_circuit(found, options)
    elif options["as_json"]:
        lines, data = [], to_dict(found)
    else:
        lines, data = to_lines(found, None if options["shows_all"] else SHOWN), {}
    if options["as_json"]:
        click.echo(json.dumps(data | ({} if scored is None else {"scores": scored[1]})))
    else:
        click.echo("\n".join(lines if scored is None else [*lines, "", *scored[0]]))
    return 0 if found.is_confirmed else 1


def _load(
    program: str, text: str | None, input_hex: str | None, case: int | None, options: dict[str, Any]
) -> Loaded:  # fmt: skip
    if case is not None:
        if find_saved(program, b"", options) is None:
            raise click.UsageError(f"--case: {program} is no saved run, so it has no cases")
        program = f"{program}:{case}"
    return load_any(program, text, input_hex, options)


def _asked(options: dict[str, Any]) -> str:
    """The one option that says what is asked."""
    names = ("output", "cell", "jump", "what_if", "why_not")
    given = [name for name in names if options[name] not in (None, ())]
    if len(given) != 1:
        raise click.UsageError(
            "say what to explain: one of --output N, --cell C@STEP, --jump STEP, --what-if CHANGES and --why-not WHAT"
        )
    if given[0] in ("what_if", "why_not") and (options["scores"] or wants_circuit(options)):
        raise click.UsageError("scores and circuits are of an explanation: ask for one with --output, --cell or --jump")
    return given[0]


def chosen_criterion(options: dict[str, Any]) -> Criterion:
    """What is to be explained, as `--output`, `--cell` and `--jump` say it."""
    from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte

    given = [name for name in ("output", "cell", "jump") if options[name] is not None]
    if len(given) != 1:
        raise click.UsageError("say what to explain: one of --output N, --cell C@STEP and --jump STEP")
    if options["output"] is not None:
        return OutputByte(options["output"])
    if options["jump"] is not None:
        return JumpAt(options["jump"])
    match = _CELL.fullmatch(options["cell"])
    if match is None:
        raise click.UsageError(f"--cell: {options['cell']!r} is no cell; expected one as 3, 3@120 or 3@end")
    step = None if match["step"] in (None, "end") else _number(match["step"])
    return CellAt(_number(match["cell"]), step)


def _number(text: str) -> int:
    return int(re.sub("[,_]", "", text))
