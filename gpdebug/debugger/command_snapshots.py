"""The commands about snapshots and what differs between them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.command_call import Action, Call
from gpdebug.debugger.errors import CommandError, SnapshotError
from gpdebug.debugger.export import write_diff
from gpdebug.debugger.operands import END, LAST, START
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshot_file import SUFFIX, digest_of, save_snapshot
from gpdebug.debugger.snapshots import NOW
from gpdebug.wording import counted
from vm.state import describe

_MOMENT = "a snapshot, 'now', 'last', 'start', 'end', a step or 50%"
_TO_FILE = re.compile(r"(?:^|\s)>\s*(\S.*)?\Z")


def moments(session: Session) -> list[str]:
    """Words for the moments that there are."""
    own = [taken.name for taken in (*session.snapshots, *session.bookmarks)]
    marks = [MARK] if session.mark is not None else []
    branches = [f"branch:{branch.number}" for branch in session.branches] if len(session.branches) > 1 else []
    return [*own, NOW, LAST, *marks, START, END, *branches, *session.others.names]


def snapshot(call: Call) -> None:
    """Takes a snapshot, or a series of them."""
    name = call.arguments.word()
    if name == "every":
        _series(call)
        return
    taken = call.session.take_snapshot(name or None, call.arguments.rest)
    call.say(f"snapshot {taken.name} of step {taken.step:,}")


def _series(call: Call) -> None:
    arguments = call.arguments
    every, low, high = arguments.number("a number of steps"), 0, None
    while arguments.rest:
        column = arguments.column
        word = arguments.word()
        if word == "from":
            low = arguments.number("the step to begin at")
        elif word == "to":
            high = arguments.number("the step to end at")
        else:
            raise CommandError(f"expected 'from STEP' or 'to STEP', found {word!r}", column=column)
    taken = call.session.take_snapshots(every, low, high, interrupt=call.interrupt, on_progress=call.on_progress)
    if not taken:
        call.say("no snapshot was taken: they are there already, or it was interrupted")
    elif len(taken) == 1:
        call.say(f"snapshot {taken[0].name} of step {taken[0].step:,}")
    else:
        call.say(f"{len(taken):,} snapshots, {taken[0].name} to {taken[-1].name}")


def restore(call: Call) -> None:
    """Goes to the moment of a snapshot."""
    name = call.arguments.word("the name of a snapshot")
    call.arguments.end()
    call.session.restore(name)


def forget(call: Call) -> None:
    """Deletes snapshots, all of which exist."""
    arguments, snapshots = call.arguments, call.session.snapshots
    names = [taken.name for taken in snapshots] if arguments.rest == "all" else arguments.rest.split()
    if not names and arguments.rest != "all":
        raise CommandError("expected the names of snapshots, or 'all'", column=arguments.column)
    for name in [snapshots[name].name for name in dict.fromkeys(names)]:
        snapshots.remove(name)
    call.say("forgot " + (f"snapshot {names[0]}" if len(names) == 1 else counted(len(names), "snapshot")))


def save(call: Call) -> None:
    """Writes a snapshot to a file."""
    name = call.arguments.word("the name of a snapshot")
    file = Path(call.arguments.rest or f"{name}{SUFFIX}").expanduser()
    taken = call.session.snapshots[name]
    call.say(f"snapshot {name} is in {save_snapshot(taken, file)}")


def load(call: Call) -> None:
    """Reads a snapshot from a file."""
    session = call.session
    file = call.arguments.word("a snapshot file")
    name = call.arguments.word()
    call.arguments.end()
    taken = session.load_snapshot(Path(file).expanduser(), name or None)
    call.say(f"snapshot {taken.name} of step {taken.step:,}" + (f": {taken.note}" if taken.note else ""))


def diff(call: Call) -> None:
    """Compares two moments."""
    if set(call.modifier) - set("acj"):
        raise CommandError(
            f"expected diff, diff/a (all cells), diff/c (what changed back, too) or diff/j (JSON), "
            f"found diff/{call.modifier}",
            column=call.modifier_column,
        )
    arguments = call.arguments
    text, column = arguments.rest, arguments.column
    to_file = _TO_FILE.search(text)
    if to_file is not None:
        if not to_file[1]:
            raise CommandError("expected a file behind '>'", column=column + to_file.end())
        text = text[: to_file.start()]
    words = text.split()
    if len(words) > 2:
        raise CommandError(f"expected two moments at most, found {words[2]!r}", column=column + text.index(words[2]))
    before, after = [*words, *([LAST, NOW] if not words else [NOW])][:2]
    found = call.session.diff(
        before, after, cumulative="c" in call.modifier, interrupt=call.interrupt, on_progress=call.on_progress
    )
    all_cells = "a" in call.modifier
    call.details = lambda: found.to_dict(all_cells=all_cells)
    if to_file is not None:
        file = write_diff(found, Path(to_file[1]).expanduser(), all_cells=all_cells)
        call.say(f"{counted(found.changed_cells, 'cell')} changed: {file}")
    else:
        call.say(*([json.dumps(call.details())] if "j" in call.modifier else found.to_lines(all_cells=all_cells)))


def since(call: Call) -> None:
    """Tells all that changed since a moment."""
    operand = call.arguments.word() or MARK
    call.arguments.end()
    found = call.session.diff(operand, cumulative=True, interrupt=call.interrupt, on_progress=call.on_progress)
    call.details = found.to_dict
    call.say(*found.to_lines())


def info_snapshots(call: Call) -> None:
    """Lists the snapshots."""
    snapshots = tuple(call.session.snapshots)
    call.details = lambda: {
        "snapshots": [
            {
                "name": kept.name,
                "step": kept.step,
                "branch": kept.branch,
                "note": kept.note,
                "digest": digest_of(kept.state),
            }
            for kept in snapshots
        ]
    }
    for taken in snapshots:
        branch = f" of branch {taken.branch}" if taken.branch else ""
        call.say(f"{taken.name:8} step {taken.step:,}{branch}" + (f"  {taken.note}" if taken.note else ""))
    if not snapshots:
        call.say("no snapshots are taken: 'snapshot' takes one")


def state(call: Call) -> None:
    """Prints a state whole."""
    session, word = call.session, call.arguments.word()
    call.arguments.end()
    side = session.side(word or NOW, interrupt=call.interrupt, on_progress=call.on_progress)
    if side.program is None or side.settings is None:
        raise SnapshotError(f"the program of {side.name} is not known")
    described = describe(side.state, side.program.dialect, side.settings)
    call.details = lambda: dict(described)
    call.say(json.dumps(described))


SNAPSHOTS: dict[str, Action] = {
    "snapshot": snapshot,
    "restore": restore,
    "diff": diff,
    "since": since,
    "forget": forget,
    "save": save,
    "load": load,
    "state": state,
}
