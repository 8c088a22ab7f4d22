"""Whether a task can be solved at all, and whether its held-out cases can tell."""

from __future__ import annotations

from gpdebug.store.cases import Case
from gpdebug.store.findings import Findings
from gpdebug.store.task import Task
from vm.dialect import Io


def check_task(task: Task, findings: Findings, where: str) -> None:
    """Adds what is strange about a task."""
    for kind, cases in (("training", task.training), ("held_out", task.held_out)):
        for index, case in enumerate(cases):
            reason = _impossible(task, case)
            if reason:
                findings.warning(where, f"task.{kind}[{index}]: no program can be right: {reason}")
                break
    _check_contradictions(task, findings, where)
    if not task.training:
        findings.note(where, "task.training: has no case", "programs cannot be judged")
    elif not task.held_out:
        findings.note(where, "task.held_out: has no case", "whether a solution is general cannot be told")


def _impossible(task: Task, case: Case) -> str:
    """Why no program can give a case's output; empty if one may."""
    settings = task.dialect.settings
    size = len(case.output)
    room = settings.memory - settings.out_start
    if task.dialect.io is Io.TAPE:
        return ""
    if task.dialect.io is Io.STREAMS:
        room = settings.out_limit
    elif settings.out_len is not None and size != settings.out_len:
        return f"its output has {size:,} bytes, but always {settings.out_len:,} are copied out"
    elif settings.out_len is None and 0 in case.output:
        return "its output holds a zero, but is copied out up to the first zero"
    return f"its output has {size:,} bytes, but there is room for {room:,}" if size > room else ""


def _check_contradictions(task: Task, findings: Findings, where: str) -> None:
    wanted: dict[bytes, bytes] = {}
    for index, case in enumerate(task.training):
        if wanted.setdefault(case.input, case.output) != case.output:
            what = f"task.training[{index}]: wants another output for the same input as a case before it"
            findings.warning(where, what, "no program can be right on both")
            break
    known = [index for index, case in enumerate(task.held_out) if case.input in wanted]
    if known:
        what = f"task.held_out[{known[0]}]: is a training case as well ({len(known)} of {len(task.held_out)} are)"
        findings.warning(where, what, "hold out inputs that are not trained on")
