"""How good an explanation is: what the instructions in it do alone, and what the others do without them.

An explanation is exact for the path that was recorded. Whether its instructions would take this path by themselves is
another matter: that is measured here, by running the program with some of its instructions blanked (see
`gpdebug.explain.blank`). Since other bytes may be gone then, a byte of an output stream is kept if what it became,
aligned, has its value, and one of an output region if its cell has it. A score of one case says nothing of another, so
the instructions are compared over cases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.blank import blanked
from gpdebug.explain.change.free import free_run
from gpdebug.explain.change.outcome import Difference, Outcome
from gpdebug.explain.change.run import Interrupt, Run, ask
from gpdebug.explain.circuit.influence import coverage_of
from gpdebug.explain.criteria import CellAt, JumpAt, OutputByte
from gpdebug.explain.errors import CriterionError
from gpdebug.explain.parts import LeafKind
from vm.dialect import Heads, Io
from vm.errors import VMError
from vm.program import bracket_partners
from vm.state import Status

MOST_CASES = 64
"""Cases over which explanations are compared at most."""


@dataclass(frozen=True, slots=True)
class Member:
    """An instruction that is in an explanation, or a pair of brackets of which one is.

    Attributes:
        instructions: which.
        is_needed: without it, the criterion is lost.
    """

    instructions: tuple[int, ...]
    is_needed: bool


@dataclass(frozen=True, eq=False)
class Scores:
    """How good an explanation is.

    Attributes:
        explanation: which.
        members: its instructions.
        is_exact: alone on the recorded path its steps make the value again; None: it follows no values.
        is_sufficient: if only its instructions do something, a free run keeps the criterion.
        is_lost_without: if they all do nothing, a free run loses it.
        coverage: the share of the influence (see `circuit.influence`) that does not end in cuts.
        cases: of each of the other cases, in their order, the instructions of the explanation there; None where
            there is no such thing to explain. Empty: there are none, or it is a matter of one run's steps.
    """

    explanation: Explanation
    members: tuple[Member, ...]
    is_exact: bool | None
    is_sufficient: bool
    is_lost_without: bool
    coverage: float
    cases: tuple[frozenset[int] | None, ...] = ()

    @cached_property
    def instructions(self) -> frozenset[int]:
        """All its instructions."""
        return frozenset(instruction for member in self.members for instruction in member.instructions)

    @property
    def necessity(self) -> float:
        """The share of the members without which, one by one, the criterion is lost; 1 if there are none."""
        return sum(member.is_needed for member in self.members) / len(self.members) if self.members else 1.0

    @cached_property
    def stability(self) -> float | None:
        """How alike the cases' explanations are to this one: the share of instructions in both, of those in either.

        It is the mean over the cases that have something to explain; None: there are none.
        """
        found = [case for case in self.cases if case is not None]
        shares = [len(self.instructions & case) / max(1, len(self.instructions | case)) for case in found]
        return sum(shares) / len(shares) if shares else None


def scores_of(
    explanation: Explanation,
    inputs: Sequence[bytes] = (),
    *,
    instructions: Collection[int] | None = None,
    interrupt: Interrupt | None = None,
) -> Scores:  # fmt: skip
    """Scores an explanation of a program's run, which is run again from its first step.

    Args:
        explanation: which.
        inputs: of the cases over which it is compared, but for the run's own; of more than `MOST_CASES` the first.
        instructions: those that count as its own, as of a pruned circuit, which is not compared over cases; None: all.
        interrupt: ends the call early.

    Raises:
        ChangeError: nothing can be blanked in the program's dialect.
        Interrupted: the user ended it.
    """
    trace = explanation.slice.flow.trace
    run = Run.of(trace.program, trace.data, trace.settings)
    measure = _Measure(explanation, run, interrupt)
    everything = range(len(run.program))
    members = _members(explanation, instructions)
    inside = {instruction for member in members for instruction in member}
    needed = inside | _read_as_data(explanation)
    is_compared = instructions is None and _is_of_any_case(explanation)
    others = [data for data in inputs if data != trace.data] if is_compared else []
    return Scores(
        explanation,
        tuple(Member(member, not measure.holds_without(member)) for member in members),
        None if explanation.replayed is None else explanation.is_confirmed,
        measure.holds_without([instruction for instruction in everything if instruction not in needed]),
        not measure.holds_without(sorted(inside)),
        coverage_of(explanation),
        tuple(measure.on_case(data) for data in others[:MOST_CASES]),
    )


def _is_of_any_case(explanation: Explanation) -> bool:
    """Whether other runs have the same to explain."""
    criterion = explanation.slice.criterion
    return isinstance(criterion, OutputByte) or (isinstance(criterion, CellAt) and criterion.step is None)


def instructions_of(explanation: Explanation) -> set[int]:
    """The instructions whose steps are in an explanation, or in a loop that is."""
    found, flow = explanation.slice, explanation.slice.flow
    instructions = set(flow.instructions[found.steps].tolist())
    for loop in found.loops:
        instructions |= set(flow.instructions[loop.opened : loop.closed + 1].tolist())
    return instructions


def _members(explanation: Explanation, instructions: Collection[int] | None = None) -> list[tuple[int, ...]]:
    """The instructions of an explanation, or some of them, brackets with their partners."""
    partners = bracket_partners(explanation.slice.flow.trace.program.primitives)
    counted = instructions_of(explanation) if instructions is None else instructions
    own = (instruction for instruction in counted if 0 <= instruction < len(partners))
    return sorted({tuple(sorted({each, int(partners[each])} - {-1})) for each in own})


def _read_as_data(explanation: Explanation) -> set[int]:
    """The instructions that count as data, where the program is the memory."""
    program = explanation.slice.flow.trace.program
    found = {leaf.index for leaf in explanation.slice.leaves if leaf.kind is LeafKind.PROGRAM}
    return found | {0, 1} if program.dialect.heads is Heads.TAPE else found


class _Measure:
    """Runs a program with instructions blanked, and looks at the criterion."""

    def __init__(self, explanation: Explanation, run: Run, interrupt: Interrupt | None) -> None:
        self._explanation, self._run, self._interrupt = explanation, run, interrupt
        root, flow = explanation.slice.root, explanation.slice.flow
        self._jumped = root.step is not None and bool(flow.jumped[root.step])
        self._instruction = -1 if root.step is None else int(flow.instructions[root.step])

    @cached_property
    def _as_it_was(self) -> Outcome:
        return self._followed(self._run, None)

    def holds_without(self, instructions: Sequence[int]) -> bool:
        """Whether the criterion is kept if some instructions do nothing; a program that is refused keeps nothing."""
        program = blanked(self._run.program, instructions)
        try:
            run = Run.of(program, self._run.data, self._run.settings)
        except VMError:
            return False
        return self._holds(run)

    def _holds(self, run: Run) -> bool:
        criterion, value = self._explanation.slice.criterion, self._explanation.slice.root.value
        match criterion:
            case OutputByte() if run.program.dialect.io is Io.REGIONS:
                cell = self._explanation.slice.root.cell
                return int(self._followed(run, None).state.memory[cell]) == value
            case OutputByte():
                return Difference(self._as_it_was, self._followed(run, None)).output_byte(criterion.index) == value
            case CellAt():
                outcome = self._followed(run, criterion.step)
                reached = criterion.step is None or outcome.steps == criterion.step
                return reached and int(outcome.state.memory[criterion.cell]) == value
        return self._jumps(run, criterion)

    def _followed(self, run: Run, to_step: int | None) -> Outcome:
        return free_run(run, to_step=to_step, interrupt=self._interrupt)

    def _jumps(self, run: Run, criterion: JumpAt) -> bool:
        """Whether the same bracket goes the same way at that step."""
        state = self._followed(run, criterion.step).state
        if (state.steps, state.pc) != (criterion.step, self._instruction) or state.status is not Status.RUNNING:
            return False
        after = free_run(run, to_step=criterion.step + 1, interrupt=self._interrupt).state
        return after.steps == criterion.step + 1 and (after.pc != state.pc + 1) == self._jumped

    def on_case(self, data: bytes) -> frozenset[int] | None:
        """The instructions of the explanation on another input."""
        ask(self._interrupt)
        found = self._explanation.slice
        try:
            other = explain(
                self._run.program, data, self._run.settings, found.criterion, found.kinds, interrupt=self._interrupt
            )
        except CriterionError:
            return None
        return frozenset(instruction for member in _members(other) for instruction in member)
