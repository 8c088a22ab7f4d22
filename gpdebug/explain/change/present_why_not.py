"""Why something did not happen, as lines of text and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from gpdebug.explain import present
from gpdebug.explain.change.why_not import DEEPEST, Executed, WhyNot
from vm.state import Status


def to_lines(found: WhyNot, shown: int | None = present.SHOWN) -> list[str]:
    """The answer as text: the tests that turned control away, how the run ended, and why the first test came out so.

    Args:
        found: the answer.
        shown: the most lines of that story; None: all.
    """
    done = "executed" if isinstance(found.goal, Executed) else "written"
    if found.later is not None:
        by = found.later if done == "executed" else found.later - 1
        return [f"{found.goal} is not {done} by step {found.until:,}; it is later, at step {by:,}"]
    since = f" since step {found.run.start.steps:,}" if found.run.start.steps else ""
    lines = [f"{found.goal} is never {done}{since}", ""]
    for number, story in enumerate(found.stories):
        lines.append(f"{'' if number == 0 else 'flipped, then '}{story.title}")
    if found.reached is not None:
        by = found.reached if done == "executed" else found.reached - 1
        times = "that once" if len(found.tests) == 1 else f"these {len(found.tests)}, once each"
        lines.append(f"flipped, {times}, {found.goal} is {done} at step {by:,}")
    else:
        lines.append(_nothing_found(found))
    lines.append(_end(found, done))
    if found.stories:
        lines += ["", *present.to_lines(found.stories[0], shown)[2:]]
    return lines


def _nothing_found(found: WhyNot) -> str:
    if not found.tried:
        return "no test turned control away from it"
    tests = "1 test" if found.tried == 1 else f"{found.tried:,} tests"
    return f"flipping a test does not bring it about: {tests} tried, up to {DEEPEST} one after the other"


def _end(found: WhyNot, done: str) -> str:
    """How the run ended, and whether that kept it from happening."""
    end = found.end
    match end.status:
        case Status.FINISHED:
            steps = "1 step" if end.steps == 1 else f"{end.steps:,} steps"
            words = f"the run comes to the end of the program after {steps}"
        case Status.HALTED:
            words = f"the run is told to halt by instruction {end.pc - 1:,} at step {end.steps - 1:,}"
        case Status.STEP_LIMIT:
            words = f"the run is at instruction {end.pc:,} when it reaches its limit of {end.steps:,} steps"
        case _:
            words = f"the run ends at step {end.steps:,}, instruction {end.pc:,}: {end.status}"
    if found.past_end is None:
        return words
    by = found.past_end if done == "executed" else found.past_end - 1
    return f"{words}; if it went on, {found.goal} would be {done} at step {by:,}"


def to_dict(found: WhyNot) -> dict[str, Any]:
    """The answer as plain data; steps are those at which an instruction is next, as everywhere."""
    return {
        "goal": str(found.goal),
        "later": found.later,
        "tests": [
            {"step": test.step, "instruction": test.instruction, "cell": test.cell, "value": test.value,
             "jumped": test.jumped, "finds": story.title, "story": present.to_dict(story)}
            for test, story in zip(found.tests, found.stories, strict=True)
        ],
        "flips": [str(flip) for flip in found.flips],
        "reached": found.reached,
        "tried": found.tried,
        "end": {"step": found.end.steps, "instruction": found.end.pc, "status": str(found.end.status)},
        "past_end": found.past_end,
    }  # fmt: skip
