"""Flipping a test: the bracket that is executed at a step goes the other way, that once, and the run goes on."""

from __future__ import annotations

from dataclasses import replace

from gpdebug.explain.change.run import Run
from gpdebug.explain.errors import ChangeError
from gpdebug.explain.trace import Trace, trace_run
from gpdebug.wording import symbol_words
from vm.dialect import Primitive
from vm.program import bracket_partners
from vm.settings import Unmatched
from vm.state import Status


def flip_test(run: Run) -> Run:
    """The run from after its first step on, in which the bracket goes the other way than its cell says.

    A bracket that would go on jumps behind its partner, one that would jump goes on. One without a partner has no
    other way to go on: by the dialect's rule it goes on as well, or ends the run.

    Args:
        run: whose start is the moment at which the bracket is the next instruction.

    Raises:
        ChangeError: it is no bracket.
    """
    state = run.start
    primitive = primitive_at(run)
    if primitive not in (Primitive.OPEN, Primitive.CLOSE):
        raise ChangeError(_no_test(run))
    jumps = (state.memory[state.head0] == 0) == (primitive is Primitive.OPEN)
    goes_to = state.pc
    if not jumps:
        partner = partner_at_start(run)
        if partner < 0 and run.settings.unmatched is not Unmatched.IGNORE:
            return replace(run, start=replace(state, status=Status.UNMATCHED_BRACKET))
        goes_to = state.pc if partner < 0 else partner
    return replace(run, start=replace(state, pc=goes_to + 1, steps=state.steps + 1, status=Status.RUNNING))


def flipped_trace(trace: Trace, step: int, *, budget: int) -> Trace:
    """What a run does once one test went the other way.

    Args:
        trace: of the run as it was.
        step: of the run, at which the bracket is the next instruction.
        budget: the most steps to write down, the first ones after the test.

    Returns:
        A trace that begins at the moment after the test.

    Raises:
        ChangeError: the step lies before the trace, or there is no bracket.
    """
    after = flip_test(Run.of_trace(trace).at(step))
    to_step = after.start.steps + budget
    return trace_run(
        after.program, after.data, after.settings, start=after.start, to_step=to_step, window=budget
    )  # fmt: skip


def primitive_at(run: Run) -> Primitive | None:
    """What the first instruction of a run is; None if it has none: behind the last one, halted, at the limit."""
    state = run.start
    if state.pc >= len(run.code) or state.steps >= run.settings.limit or state.status is Status.HALTED:
        return None
    return Primitive(int(run.program.dialect.table[0][run.code[state.pc]]))


def partner_at_start(run: Run) -> int:
    """The partner of the bracket that is the first instruction of a run, or -1."""
    if run.program.dialect.self_modifying:
        return int(bracket_partners(run.program.dialect.table[0][run.code])[run.start.pc])
    return int(run.program.partners[run.start.pc])


def _no_test(run: Run) -> str:
    state = run.start
    if primitive_at(run) is None:
        return f"no instruction is executed at step {state.steps:,}: the run is over"
    symbol = symbol_words([int(run.code[state.pc])])
    return f"at step {state.steps:,} instruction {state.pc:,} {symbol} is executed, which is no test"
