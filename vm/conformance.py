"""Conformance: runs vectors (programs with the states they must have) on every execution path there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from vm.dialect import BUILT_IN, Io
from vm.errors import VectorError
from vm.evaluate import Programs, evaluate
from vm.machine import Machine
from vm.profile import Profiler
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings
from vm.state import Pause, State, Status, describe, initial_state
from vm.stops import Stop, StopSet

Outcome = Mapping[str, Any]

SETTINGS = ("memory", "limit", "edge", "unmatched", "eof", "out_limit", "in_at", "out_at", "out_len")
_IN_HEX = ("memory", "output")


@dataclass(frozen=True, slots=True)
class Vector:
    """One program, its input, and what must be seen of its run.

    Attributes:
        program, data, settings: what is run.
        states: what `vm.state.describe` must give after so many steps, the run not ended yet.
        final: what it must give at the end.
    """

    program: Program
    data: bytes
    settings: Settings
    states: Mapping[int, Outcome]
    final: Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a path left a vector: at which step (None: the end), in what, what was wanted and what came."""

    step: int | None
    what: str
    wanted: Any
    got: Any

    def __str__(self) -> str:
        where = "at the end" if self.step is None else f"after step {self.step}"
        return f"{where}: {self.what} should be {self.wanted!r}, is {self.got!r}"


class _Runner(Protocol):
    def step(self, count: int = 1) -> int: ...
    def run(self, stops: StopSet | None = None, budget: int | None = None) -> Pause: ...
    def snapshot(self) -> State: ...
    def restore(self, state: State) -> None: ...


def read_vector(data: Any) -> Vector:
    """Reads a vector from plain data: `dialect`, `program` (text) or `tape` (hex), `input` (hex), settings,
    `states` (by step) and `final`.

    Raises:
        VectorError: a key is missing or wrong.
        VMError: the program, its input or a setting is not valid.
    """
    if not isinstance(data, Mapping):
        raise VectorError(f"expected an object, found {type(data).__name__}")
    name = data.get("dialect")
    if name not in BUILT_IN:
        raise VectorError(f"dialect: expected one of {', '.join(BUILT_IN)}, found {name!r}")
    dialect = BUILT_IN[name]
    if "tape" in data:
        program = Program(_bytes(data, "tape"), dialect)
    else:
        program = Program.parse(_typed(data, "program", str), dialect)
    changes: dict[str, Any] = {"memory": len(program)} if "tape" in data else {}
    changes |= {key: data[key] for key in SETTINGS if key in data}
    states = _typed(data, "states", Mapping) if "states" in data else {}
    try:
        by_step = {int(step): dict(state) for step, state in states.items()}
    except (TypeError, ValueError):
        raise VectorError("states: expected an object of states by step number") from None
    vector = Vector(
        program,
        _bytes(data, "input") if "input" in data else b"",
        dialect.settings.with_changes(changes),
        dict(sorted(by_step.items())),
        dict(_typed(data, "final", Mapping)),
    )
    _require_comparable(vector)
    return vector


def _require_comparable(vector: Vector) -> None:
    """Refuses what cannot be loaded, and outcomes that would agree with anything."""
    known = _described(vector, initial_state(vector.program, vector.data, vector.settings))
    for step, outcome in [*vector.states.items(), ("final", vector.final)]:
        if isinstance(step, int) and step < 0:
            raise VectorError(f"states.{step}: a step number is at least 0")
        name = step if step == "final" else f"states.{step}"
        unknown = next((key for key in outcome if key not in known), None)
        if unknown is not None or not outcome:
            found = "nothing" if unknown is None else repr(unknown)
            raise VectorError(f"{name}: expected some of {', '.join(known)}, found {found}")


def _typed(data: Mapping[str, Any], key: str, kind: type) -> Any:
    if not isinstance(data.get(key), kind):
        raise VectorError(f"{key}: missing or of the wrong type")
    return data[key]


def _bytes(data: Mapping[str, Any], key: str) -> bytes:
    try:
        return bytes.fromhex(_typed(data, key, str))
    except ValueError:
        raise VectorError(f"{key}: expected bytes in hex") from None


def first_difference(vector: Vector, path: Path) -> Difference | None:
    """The first thing in which a path does not do what a vector says, or None."""
    for step, got in path(vector):
        beyond = [later for later in vector.states if step is None and later > got["steps"]]
        if beyond:
            return Difference(beyond[0], "the run", "going on", f"over after step {got['steps']}")
        wanted = vector.final if step is None else vector.states[step]
        for what, value in wanted.items():
            if what in got and got[what] != value:
                return _difference(step, what, value, got[what])
    return None


def _difference(step: int | None, what: str, wanted: Any, got: Any) -> Difference:
    """A difference; of long bytes in hex the first byte that differs."""
    if what not in _IN_HEX or not isinstance(wanted, str):
        return Difference(step, what, wanted, got)
    if len(wanted) != len(got):
        return Difference(step, f"length of {what}", len(wanted) // 2, len(got) // 2)
    at = next(i for i in range(0, len(got), 2) if wanted[i : i + 2] != got[i : i + 2])
    return Difference(step, f"{what}[{at // 2}]", wanted[at : at + 2], got[at : at + 2])


Path = Callable[[Vector], Iterator[tuple[int | None, Outcome]]]


def _described(vector: Vector, state: State) -> dict[str, Any]:
    return dict(describe(state, vector.program.dialect, vector.settings))


def _jumping(make: type[_Runner]) -> Path:
    """Advances from state to state with a step budget, then runs to the end."""

    def path(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
        machine: Any = make(vector.program, vector.data, vector.settings)  # type: ignore[call-arg]
        for step in vector.states:
            machine.step(step - machine.steps)
            yield step, _described(vector, machine.snapshot())
        machine.run()
        yield None, _described(vector, machine.snapshot())

    return path


def _stepping(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
    """Makes every step on its own."""
    machine = Machine(vector.program, vector.data, vector.settings)
    while True:
        if machine.steps in vector.states:
            yield machine.steps, _described(vector, machine.snapshot())
        if machine.step() == 0 or machine.status is not Status.RUNNING:
            break
    machine.run()
    yield None, _described(vector, machine.snapshot())


def _stopping(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
    """Runs with a stop on every instruction, so that it pauses before each step."""
    machine = Machine(vector.program, vector.data, vector.settings)
    instructions = range(vector.settings.memory if vector.program.dialect.self_modifying else len(vector.program))
    stops = StopSet([Stop(instruction) for instruction in instructions])
    pause = Pause.STOP
    while pause is Pause.STOP:
        if machine.steps in vector.states:
            yield machine.steps, _described(vector, machine.snapshot())
        pause = machine.run(stops)
    yield None, _described(vector, machine.snapshot())


def _restoring(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
    """Takes a snapshot at each state and goes on from it in a machine of its own."""
    state = initial_state(vector.program, vector.data, vector.settings)
    for step in vector.states:
        machine = Machine(vector.program, vector.data, vector.settings)
        machine.restore(state)
        machine.step(step - machine.steps)
        state = machine.snapshot()
        yield step, _described(vector, state)
    machine = Machine(vector.program, vector.data, vector.settings)
    machine.restore(state)
    machine.run()
    yield None, _described(vector, machine.snapshot())


def _profiling(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
    """Counts while it runs; its totals must be the steps."""
    for step in [*vector.states, None]:
        profiler = Profiler(vector.program, vector.data, vector.settings)
        profiler.advance(vector.settings.limit + 1 if step is None else step, 1 << 62)
        yield step, _described(vector, profiler.snapshot()) | {"steps": int(profiler.profile().executions.sum())}


def _batch(vector: Vector) -> Iterator[tuple[int | None, Outcome]]:
    """Evaluates it as a population; each state by a limit of its own."""
    programs = Programs.of([vector.program.code.tobytes()])
    dialect = vector.program.dialect
    for step in [*vector.states, None]:
        settings = vector.settings if step is None else replace(vector.settings, limit=step)
        width = settings.memory if dialect.io is Io.REGIONS else settings.out_limit
        result = evaluate(programs, [vector.data], dialect, settings, width=width)
        kept = result.outputs[0, 0, : int(result.lengths[0, 0])].tobytes()
        got: dict[str, Any] = {"steps": int(result.steps[0, 0]), "output": kept.hex()}
        if step is None:
            got["status"] = str(Status(int(result.status[0, 0])))
        yield step, got


PATHS: dict[str, Path] = {
    "reference": _jumping(ReferenceMachine),
    "compiled, run": _jumping(Machine),
    "compiled, single steps": _stepping,
    "compiled, run until stop": _stopping,
    "compiled, restored": _restoring,
    "compiled, profiled": _profiling,
    "batch evaluation": _batch,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one path fared.

    Attributes:
        path: its name.
        agreed: vectors that it agrees with.
        total: vectors it was given.
        first: index of the first vector it does not agree with, and in what; None: it agrees with all.
    """

    path: str
    agreed: int
    total: int
    first: tuple[int, Difference] | None


def conform(vectors: Iterable[Vector]) -> list[Verdict]:
    """Runs all vectors on all paths."""
    items = list(vectors)
    verdicts = []
    for name, path in PATHS.items():
        found = [(index, first_difference(vector, path)) for index, vector in enumerate(items)]
        differing = [(index, difference) for index, difference in found if difference is not None]
        verdicts.append(Verdict(name, len(items) - len(differing), len(items), next(iter(differing), None)))
    return verdicts
