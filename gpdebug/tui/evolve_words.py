"""What the screen of a run that goes on says: amounts, times, how it stands, what it improved."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from time import time

from gpdebug.evolve.live import Improvement, Report
from gpdebug.tui.evolution import Evolution, Standing
from gpdebug.tui.screens.help import Section
from gpdebug.tui.stored_run import NOT_MEASURED
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.rows import Row
from gpdebug.wording import counted, fitting

STYLES = {
    Standing.RUNNING: "ok",
    Standing.ELSEWHERE: "ok",
    Standing.SOLVED: "ok",
    Standing.DIED: "error",
    Standing.PAUSED: "warning",
}
SIGNS = {
    Standing.RUNNING: "▶",
    Standing.ELSEWHERE: "▶",
    Standing.SOLVED: "✓",
    Standing.DIED: "✗",
    Standing.PAUSED: "‖",
    Standing.FINISHED: "■",
    Standing.INTERRUPTED: "■",
}
HELP = (
    Section(
        "The screen",
        (
            ("the curve", "the best and the median error, on a logarithmic scale, and diversity: the share of "
             "individuals that behave like no other"),
            ("⢕⢕", "the errors of the middle half of the population, from the first to the third quartile"),
            ("best", "it is measured on all training cases; median and quartiles on those that selection looks at now, "
             "as if all were like them: with easy ones they may lie below the best"),
            ("operators", "of the children that each made, the share that entered the population and is better than "
             "the first parent: in the last generations, and since the run began"),
            ("saved ┴", "generations that are saved; a shows their individuals"),
            ("the table", "the best of each island as selection sees them, measured on all training cases"),
            ("■ ·", "a case that is solved, one that is not"),
            ("underlined", "a byte of the best program's output that is not as wanted"),
        ),
    ),
    Section(
        "What happens to the run",
        (
            ("pause", "it is saved and waits without work"),
            ("elsewhere", "a run of another terminal is watched: what it saved last is shown, up to a minute old; "
             "pause and stop it there"),
            ("back", "it evolves on; Home leads to it again"),
            ("quit", "it is saved and ends, as when the terminal is closed"),
        ),
    ),
)  # fmt: skip


def duration(seconds: float) -> str:
    """A time as a clock shows it: `0:07`, `12:05`, `3:12:05`."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def amount(number: float) -> str:
    """How many, in words that one takes in at a glance: `9,870`, `1.2 million`."""
    for name, size in (("billion", 1e9), ("million", 1e6)):
        if number >= size:
            return f"{number / size:,.2f} {name}"
    return f"{number:,.0f}"


def crumbs(evolution: Evolution) -> tuple[str, ...]:
    """What the screen shows: the task, as far as it is known, and the folder."""
    return ("evolve", *((evolution.task.name,) if evolution.task else ()), str(evolution.path))


def title_facts(evolution: Evolution) -> list[str]:
    """How it stands, its generation, its time and the time that is left; what matters most last."""
    report = evolution.report
    facts = [str(evolution.standing)]
    if report is not None:
        facts += [f"generation {report.generation:,}", duration(report.seconds)]
        if report.seconds_left is not None and evolution.is_alive:
            facts.append(f"{duration(report.seconds_left)} left")
    return facts


def standing_parts(evolution: Evolution, width: int) -> list[Part]:
    """How it stands, and as many of its figures as there is room for, the most important first."""
    standing, report = evolution.standing, evolution.report
    words = f" {SIGNS.get(standing, '…')} {standing}"
    facts = _waiting(evolution)
    if evolution.elsewhere:
        facts += [f"by {evolution.elsewhere}", _age(evolution), "only watched from here"]
    if report is not None and (evolution.has_begun or not evolution.is_alive):
        facts += _figures(evolution, report)
    return [
        Part(words, STYLES.get(standing, "heading")),
        Part("  " + fitting(" · ".join(facts), width - len(words) - 3), "muted"),
    ]


def problem_words(evolution: Evolution) -> str:
    """What went wrong, and how to go on; empty if nothing did."""
    if not evolution.problem:
        return ""
    hint = ""
    if evolution.standing is Standing.DIED and evolution.saved:
        hint = f" Generation {evolution.saved[-1]:,} is saved: r goes on from there."
        hint = " Or press r." if "--resume" in evolution.problem else hint
    elif evolution.can_resume:
        hint = " Nothing was saved yet: r begins it again."
    return f"✗ {evolution.problem}.{hint}"


def _age(evolution: Evolution) -> str:
    """How old what is shown of a run is that goes on elsewhere."""
    if evolution.written is None:
        return "nothing is saved yet"
    return f"as saved {duration(max(0.0, time() - evolution.written))} ago"


def _waiting(evolution: Evolution) -> list[str]:
    """What is waited for, and for how long; nothing if nothing is."""
    waited = evolution.waited
    if waited is None:
        return []
    if evolution.can_be_killed:
        what = "once more ends it at once"
    elif not evolution.has_begun:
        what = evolution.doing or "a process of its own"
    else:
        what = "after this generation, then it is saved"
    return [f"{what} · {duration(waited)}"]


def _figures(evolution: Evolution, report: Report) -> list[str]:
    facts = [f"{amount(report.evaluations)} programs"]
    if evolution.standing in (Standing.RUNNING, Standing.ELSEWHERE):
        facts.insert(0, f"{report.programs_per_s:,.0f} programs/s")
    if report.budget_used is not None:
        facts.append(f"{report.budget_used:.0%} of the budget")
    if report.saved is not None:
        facts.append(f"saved: generation {report.saved:,}")
    facts.append(counted(report.islands, "island"))
    history = evolution.history
    for name, words in (("mean_length", "instructions"), ("mean_steps", "steps")):
        if history is not None and name in history and not isnan(history[name][-1]):
            facts.append(f"mean {history[name][-1]:,.0f} {words}")
    return facts


def best_parts(evolution: Evolution, width: int) -> list[Part]:
    """How good the best program is, in as many figures as there is room for."""
    report, task = evolution.report, evolution.task
    if report is None:
        return [Part(" best program", "heading")]
    style = "ok" if report.error == 0 else "heading"
    cases = f" of {len(task.training):,}" if task else ""
    facts = [f"{report.solved_cases:,}{cases} cases"]
    if (task is None or task.held_out) and report.held_out_error != NOT_MEASURED:
        facts.append(f"held out: {report.held_out_error:,}")
    facts.append(counted(len(report.code), "instruction"))
    name, error = " best program  ", f"error {report.error:,}"
    more = fitting(" · ".join(facts), width - len(name + error) - 4)
    return [Part(name, "heading"), Part(error, style), Part(f" · {more}", "muted")]


def improvement_rows(improvements: Iterable[Improvement], width: int) -> list[Row]:
    """One line each, the last first: `generation 120: error 34 → 12, by segment inserted`, or less of that in all."""
    every = list(improvements)
    digits = max((len(f"{found.generation:,}") for found in every), default=0)
    lines: list[tuple[str, str, str, str]] = []
    before: Improvement | None = None
    for found in every:
        by = f", by {found.operator}" if found.operator else ""
        lines.append(
            (f"{found.generation:{digits},}: ", _improved(before, found), by, "ok" if found.error == 0 else "base")
        )
        before = found
    longest = max((len(when + words + by) for when, words, by, _ in lines), default=0)
    name = "generation "
    if len(name) + longest > width - 2:
        name = ""
    rows: list[Row] = []
    for index, (when, words, by, style) in enumerate(lines):
        fits = len(name + when + words + by) <= width - 2
        rows.append(Row(str(index), ((name + when, "muted"), (words, style), (by if fits else "", "muted"))))
    return rows[::-1]


def _improved(before: Improvement | None, found: Improvement) -> str:
    """What is better: the error, else the one on held-out cases, else the length."""
    if before is None:
        return f"error {found.error:,}"
    if found.error != before.error:
        return f"error {before.error:,} → {found.error:,}"
    if found.held_out_error != before.held_out_error:
        return f"held out {before.held_out_error:,} → {found.held_out_error:,}"
    if not before.code:
        return counted(len(found.code), "instruction")
    return f"{len(before.code):,} → {counted(len(found.code), 'instruction')}"
