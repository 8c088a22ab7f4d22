"""`gpdebug script FILE`: the debugger's command language without a screen."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from gpdebug.cli.program_options import Loaded, load_any, program_options

if TYPE_CHECKING:
    from gpdebug.debugger.commands import CommandLine, Reply
    from gpdebug.debugger.moment import Moment

PROMPT = "> "
"""What the commands of a transcript begin with."""
_OPEN = "open"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("file", metavar="FILE|-")
@click.argument("program", metavar="[PROGRAM]", required=False)
@program_options
@click.option("--json", "as_json", is_flag=True, help="Print one object a command; state is that of run --json.")
@click.option("--check", "is_check", is_flag=True, help="Compare with the transcript: exit code 1 if a line differs.")
def command(
    file: str,
    program: str | None,
    text: str | None,
    input_hex: str | None,
    as_json: bool,
    is_check: bool,
    **options: Any,
) -> int:
    """Run debugger commands without a screen.

    FILE has a command a line; # begins a comment line; - is standard input. PROGRAM is given as to
    gpdebug run, or as an individual of a saved run (reverse#57:3, see gpdebug diff), or by the script's
    first command: open PROGRAM [OPTIONS]. A PROGRAM given here takes the
    place of the script's.

    What is printed is a transcript: every command behind '> ', what it printed below. A transcript is
    a script, too: of a file whose first line begins with '> ' only such lines are carried out, and
    with --check what they print must be what the file says.
    """
    given = None if program is None else load_any(program, text, input_hex, options)
    if given is None and (text is not None or input_hex is not None or any(options.values())):
        raise click.UsageError("options of the machine go with a PROGRAM, or into the script: open PROGRAM OPTIONS")
    script = _Script(file, given, as_json=as_json)
    if not is_check:
        for line in script.run():
            click.echo(line)
        return 0
    expected = [line.rstrip() for line in _read(file) if not _is_comment(line)]
    printed = [line.rstrip() for line in script.run()]
    difference = list(unified_diff(expected, printed, file, "now", lineterm="", n=1))
    for line in difference:
        click.echo(line)
    return 1 if difference else 0


class _Script:
    """A script being carried out."""

    def __init__(self, file: str, given: Loaded | None, *, as_json: bool) -> None:
        self._file = file
        self._given = given
        self._as_json = as_json
        self._commands: CommandLine | None = None
        self._number = 0
        self._is_typed = file == "-" and sys.stdin.isatty()

    def run(self) -> Iterator[str]:
        """Carries out all commands; yields what each prints."""
        lines = iter(_read(self._file)) if self._file != "-" else iter(sys.stdin)
        if self._given is not None:
            yield from self._open(self._given)
        is_transcript: bool | None = None
        for self._number, line in enumerate(lines, 1):
            text = line.strip()
            if not text or _is_comment(text):
                continue
            if is_transcript is None:
                is_transcript = text.startswith(PROMPT)
            if is_transcript:
                if not line.startswith(PROMPT):
                    continue
                text = text.removeprefix(PROMPT).strip()
            try:
                yield from self._execute(text)
            except click.ClickException as error:
                if not self._is_typed:
                    raise
                yield f"error: {error.format_message()}"

    def _execute(self, text: str) -> Iterator[str]:
        from gpdebug.debugger.errors import DebuggerError
        from vm.errors import VMError

        word, _, rest = text.partition(" ")
        if word == _OPEN:
            if self._given is None:
                yield from self._open(self._loaded(rest))
            return
        if self._commands is None:
            self._fail(f"no program is open: begin with '{_OPEN} PROGRAM', or give it behind the script's name")
        try:
            reply = self._commands.execute(text)
        except (DebuggerError, VMError) as error:
            if self._as_json:
                yield json.dumps({"command": text, "error": str(error)})
            else:
                yield PROMPT + text
            column = getattr(error, "column", None)
            self._fail(f"{text!r}{'' if column is None else f', column {column + 1}'}: {error}")
        yield from self._told(text, reply)

    def _told(self, text: str, reply: Reply) -> Iterator[str]:
        if not self._as_json:
            yield PROMPT + text
            yield from reply.lines
            return
        if reply.command == "state" and reply.details is not None:
            yield json.dumps(reply.details())
            return
        told: dict[str, Any] = {
            "command": text, "lines": list(reply.lines), "moved": reply.moved, "moment": _described(reply.moment)
        }  # fmt: skip
        if reply.details is not None:
            told["details"] = reply.details()
        yield json.dumps(told)

    def _loaded(self, rest: str) -> Loaded:
        """What an `open` names, in the words of `gpdebug run`."""
        try:
            context = _opening.make_context(_OPEN, shlex.split(rest))
        except (click.ClickException, ValueError) as error:
            self._fail(f"{_OPEN}: {error.format_message() if isinstance(error, click.ClickException) else error}")
        loaded: Loaded = _opening.invoke(context)
        return loaded

    def _open(self, loaded: Loaded) -> Iterator[str]:
        from gpdebug.debugger.commands import CommandLine, Reply
        from gpdebug.debugger.machines import machine_for
        from gpdebug.debugger.others import Others
        from gpdebug.debugger.session import Session

        machine = machine_for(loaded.program, loaded.data, loaded.settings)
        wanted = None if loaded.saved is None else loaded.saved.wanted
        session = Session(loaded.program, loaded.data, loaded.settings, wanted=wanted, machine=machine)
        if loaded.saved is not None:
            of = loaded.saved.individuals
            session.others = Others(machine, of.task, loaded.saved.individual, of)
        self._commands = CommandLine(session)
        yield from self._told(f"{_OPEN} {loaded.words}", Reply((), True, session.moment))

    def _fail(self, what: str) -> NoReturn:
        place = "standard input" if self._file == "-" else self._file
        where = f"{place}, line {self._number}: " if self._number else ""
        raise click.ClickException(where + what)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("program")
@program_options
def _opening(program: str, text: str | None, input_hex: str | None, **options: Any) -> Loaded:
    """Loads what an `open` names."""
    return load_any(program, text, input_hex, options)


def _read(file: str) -> Iterable[str]:
    """The lines of a script; only a line feed ends one, since a note may hold any other character."""
    if file == "-":
        raise click.UsageError("--check needs a transcript in a file")
    try:
        return Path(file).read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise click.UsageError(f"{file}: is no text, so it is no script") from None


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _described(moment: Moment) -> dict[str, Any]:
    """Where a command left the session."""
    state = moment.state
    return {
        "step": state.steps,
        "pc": state.pc,
        "head0": state.head0,
        "head1": state.head1,
        "status": str(state.status),
        "branch": moment.branch,
        "reason": str(moment.reason),
        "fired": list(moment.fired),
        "output": moment.output.hex(),
    }
