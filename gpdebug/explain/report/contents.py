"""What a report holds, as plain data: the page is made from this and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.answer import Explanation
from gpdebug.explain.change.scores import Scores
from gpdebug.explain.circuit.layout import Layout
from gpdebug.explain.circuit.view import View
from gpdebug.explain.criteria import Criterion
from gpdebug.explain.errors import ExplainError
from gpdebug.explain.history.blame import Blame
from gpdebug.explain.history.effects import Effects
from gpdebug.explain.history.story import Story
from gpdebug.explain.parts import Kind
from gpdebug.explain.scan.backups import BackUps
from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.minimise import Core
from gpdebug.explain.scan.mutation import MutationScan
from gpdebug.explain.scan.subject import Subject
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.store.task import Task
from vm.program import Program
from vm.settings import Settings
from vm.state import Status


class ReportError(ExplainError):
    """A report cannot be made as it is asked for."""


class Part(StrEnum):
    """What can be left out of a report."""

    CASES = "cases"
    CIRCUIT = "circuit"
    SCORES = "scores"
    KNOCKOUTS = "knockouts"
    MUTATIONS = "mutations"
    CORE = "core"
    HISTORY = "history"
    LISTING = "listing"


SCANS = frozenset((Part.KNOCKOUTS, Part.MUTATIONS, Part.CORE))
"""What runs the program many times."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user wrote down.

    Attributes:
        place: where it belongs: `breakpoint 1 before 12`, `snapshot A of step 40`.
        text: what was written.
    """

    place: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a report is about.

    Attributes:
        name: what to call it.
        program: the program.
        settings: of its machine.
        data: an input that was given, or None.
        task: what it was evolved for; None: it is no individual of a run, or its run has none.
        individual: what its run tells of it, or None.
        individuals: of its run, or None.
        command: the words that make the report again.
    """

    name: str
    program: Program
    settings: Settings
    data: bytes | None = None
    task: Task | None = None
    individual: Individual | None = None
    individuals: Individuals | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a report.

    Attributes:
        case: the number of the case whose run is explained, from 1; None: the given input, else the most telling one.
        criterion: what is explained; None: the first output byte that depends on the input, else the first one.
        kinds: of dependence to follow.
        view: how the circuit is looked at.
        without: what is left out.
        title: above all; None: the name of the program.
        date: what stands there as the date, or None.
    """

    case: int | None = None
    criterion: Criterion | None = None
    kinds: Kind = Kind.VALUE
    view: View = field(default_factory=View)
    without: frozenset[Part] = frozenset()
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case, and what the program does there.

    Attributes:
        number: from 1, training cases first; None: an input that was given.
        kind: `training`, `held out` or `given`.
        input: what goes in.
        wanted: what is to come out; None: nothing is known of that.
        output: what comes out.
        error: how far that is from what is wanted; None as before.
        status: how the run ended.
        steps: how many it took.
    """

    number: int | None
    kind: str
    input: bytes
    wanted: bytes | None
    output: bytes
    error: int | None
    status: Status
    steps: int

    @property
    def name(self) -> str:
        """What to call it."""
        return "the given input" if self.number is None else f"case {self.number:,}"

    @property
    def is_right(self) -> bool:
        """Nothing is wrong there, as far as is known."""
        return not self.error


@dataclass(frozen=True, slots=True, eq=False)
class Scans:
    """What many runs of changed programs found; None is what was left out, or could not be done.

    Attributes:
        knock_outs: every instruction blanked.
        back_ups: neutral ones blanked in pairs.
        mutations: every program that is one edit away.
        core: what is left when everything is deleted that no case's error needs.
        byte_core: the same for the byte that is explained alone.
        problems: why a part is missing that was not left out.
    """

    knock_outs: KnockOuts | None = None
    back_ups: BackUps | None = None
    mutations: MutationScan | None = None
    core: Core | None = None
    byte_core: Core | None = None
    problems: Mapping[Part, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Where an individual comes from.

    Attributes:
        blame: who brought each of its instructions.
        story: its line of first parents.
        effects: what the edits of the births that mattered did, by step of the story.
    """

    blame: Blame
    story: Story
    effects: Mapping[int, Effects | ExplainError | None]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """All that a report shows.

    Attributes:
        source: what it is about.
        wish: what was asked of it.
        subject: the program on the training cases, or the given input.
        cases: all of them, and what the program does there.
        chosen: the one whose run is explained, by its place in `cases`.
        executions: `int64[program_length]`: how often each instruction was executed on all of `subject`'s cases.
        explanation: the answer; None: there is nothing to explain.
        layout: its circuit, or None.
        with_control: the circuit of the same question that follows control, too, if the answer follows values only and
            control adds something; else None.
        scores: how good it is, or None.
        scans: of the program.
        past: of the individual, or None; a text says why nothing is known of it.
        version: of the program that made it.
        notes: of the user.
    """

    source: Source
    wish: Wish
    subject: Subject
    cases: tuple[CaseRun, ...]
    chosen: int
    executions: NDArray[np.int64]
    explanation: Explanation | None
    layout: Layout | None
    with_control: Layout | None
    scores: Scores | None
    scans: Scans
    past: Past | str | None
    version: str
    notes: tuple[Note, ...] = ()

    @property
    def case(self) -> CaseRun:
        """The case whose run is explained."""
        return self.cases[self.chosen]

    @property
    def title(self) -> str:
        """What stands above all."""
        return self.source.name if self.wish.title is None else self.wish.title
