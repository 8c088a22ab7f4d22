"""Other runs that a session's run is compared with: of other cases, of other individuals, of parents."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from gpdebug.debugger.diff import Side
from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from gpdebug.debugger.whole_numbers import whole_number
from gpdebug.store.errors import StoreError
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.store.task import Case, Task
from gpdebug.wording import counted
from vm.errors import VMError
from vm.program import Program
from vm.settings import Settings
from vm.state import output_of

CHECKPOINT_BYTES = 32 << 20
_KEPT = 4
_NAME = re.compile(r"(case|id|parent)(?::(\d+))?\Z")

OtherKey = tuple[str, bytes, Settings]


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """Another run.

    Attributes:
        name: what to call it.
        program: what it runs.
        data: on what.
    """

    name: str
    program: Program
    data: bytes


class Others:
    """Finds other runs by name, and their states.

    Names are `case:3` (this program on the task's third case, held-out ones after the training cases), `id:57` (an
    individual of the same run, on the same input), `parent` and `parent:2` (this program's, on the same input).

    Attributes:
        machine: what runs them.
        task: what the program is for, if that is known.
    """

    def __init__(
        self,
        machine: MachineType,
        task: Task | None = None,
        individual: Individual | None = None,
        individuals: Individuals | None = None,
    ) -> None:
        """Knows where to look.

        Args:
            machine: what runs them.
            task: whose cases there are.
            individual: whose program is debugged.
            individuals: of its run.
        """
        self.machine = machine
        self.task = task
        self._individual = individual
        self._individuals = individuals
        self._timelines: OrderedDict[OtherKey, Timeline] = OrderedDict()

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases of the task, training before held-out."""
        return () if self.task is None else (*self.task.training, *self.task.held_out)

    @property
    def names(self) -> tuple[str, ...]:
        """Names to choose from: all cases, and parents if they are known. Any individual can be named beside them."""
        parents = () if self._individual is None or self._individuals is None else self._individual.parents or ()
        found = ["parent" if number == 1 else f"parent:{number}" for number in range(1, 1 + len(parents))]
        return (*found, *(f"case:{number}" for number in range(1, 1 + len(self.cases))))

    @staticmethod
    def is_name(text: str) -> bool:
        """Whether a text means another run, whether there is one or not."""
        return _NAME.match(text) is not None

    def find(self, name: str, program: Program, data: bytes) -> Other:
        """The run of a name.

        Args:
            name: `case:3`, `id:57`, `parent` or `parent:2`.
            program: what is debugged: cases are of it.
            data: its input: other individuals are run on that.

        Raises:
            SnapshotError: there is no such run.
        """
        match = _NAME.match(name)
        if match is None:
            raise SnapshotError(f"another run is case:N, id:N or parent, not {name!r}")
        number = None if match[2] is None else whole_number(match[2])
        try:
            if match[1] == "case":
                return self._case(number, program)
            individual = self._parent(number or 1) if match[1] == "parent" else self._of_id(number)
            assert self._individuals is not None
            return Other(
                f"parent #{individual.id}" if match[1] == "parent" else f"#{individual.id}",
                self._individuals.program(individual),
                data,
            )
        except (StoreError, VMError) as error:
            raise SnapshotError(f"{name}: {error}") from None

    def side(self, other: Other, step: int | None, settings: Settings, control: Control) -> Side:
        """The moment of another run at a step, or its last one if it is shorter.

        Args:
            other: the run.
            step: the step; None: its end.
            settings: of its machine.
            control: how the call is watched.

        Raises:
            SnapshotError: it cannot be run.
            MoveError: interrupted.
        """
        timeline = self.timeline(other, settings)
        arrival = timeline.go_to(settings.limit if step is None else step, control)
        if arrival is Arrival.INTERRUPTED:
            raise MoveError(f"interrupted before {other.name} was run so far")
        state = timeline.state()
        name = other.name if step is None or state.steps == step else f"{other.name} (its end)"
        output = output_of(state, other.program.dialect, settings)
        return Side(name, state, output, other.program, other.data, settings)

    def length(self, other: Other, settings: Settings, control: Control) -> int:
        """How many steps another run has; raises what `side` raises."""
        return self.side(other, None, settings, control).state.steps

    def _case(self, number: int | None, program: Program) -> Other:
        cases = self.cases
        if number is None or not 1 <= number <= len(cases):
            known = f"cases are case:1 to case:{len(cases)}" if cases else "this program has no task, so no cases"
            raise SnapshotError(known)
        return Other(f"case {number}", program, cases[number - 1].input)

    def _of_id(self, number: int | None) -> Individual:
        if self._individuals is None:
            raise SnapshotError("this program is not of a run, so there are no other individuals")
        if number is None:
            raise SnapshotError("another individual is named by its number, as in id:57")
        return self._individuals.find(number)

    def _parent(self, number: int) -> Individual:
        if self._individuals is None or self._individual is None:
            raise SnapshotError("this program is not of a run, so it has no parents")
        parents = self._individuals.parents(self._individual)
        if not 1 <= number <= len(parents):
            raise SnapshotError(f"it has {counted(len(parents), 'parent')}, not {number}")
        return parents[number - 1]

    def timeline(self, other: Other, settings: Settings) -> Timeline:
        """The timeline of another run: one of the last few, or a new one.

        Raises:
            SnapshotError: it cannot be run.
        """
        key = (other.program.hash, other.data, settings)
        if key not in self._timelines:
            try:
                timeline = Timeline(self.machine, other.program, other.data, settings, CHECKPOINT_BYTES)
            except VMError as error:
                raise SnapshotError(f"{other.name} cannot be run: {error}") from None
            self._timelines[key] = timeline
            if len(self._timelines) > _KEPT:
                self._timelines.popitem(last=False)
        self._timelines.move_to_end(key)
        return self._timelines[key]
