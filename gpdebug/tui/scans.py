"""The scans of a program that screens show: worked out once, on all cases of its task or on the input that it has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpdebug.tui.cell_table import CellTable
from gpdebug.tui.heat_scene import EFFECT_STYLES, HeatScene
from gpdebug.tui.shading import Shading, fragility_levels

if TYPE_CHECKING:
    from gpdebug.debugger.moment import Interrupt
    from gpdebug.explain.scan.knockout import KnockOuts
    from gpdebug.explain.scan.minimise import Core, Criterion
    from gpdebug.explain.scan.mutation import MutationScan
    from gpdebug.explain.scan.running import Watch
    from gpdebug.explain.scan.subject import Subject as Scanned
    from gpdebug.tui.subject import Subject
    from vm.settings import Settings

Tell = Callable[[str], object]
"""Is told how far a scan is."""
MOST_STEPS = 1_000_000
"""Steps that a run is followed in a scan; runs of programs without a task a tenth."""
MOST_CASE_ROWS = 200
"""Cases that have a line of their own in a map."""


_NEUTRAL = EFFECT_STYLES.index("muted")


class Keep(StrEnum):
    """What a minimal core keeps."""

    ERRORS = "errors"
    OUTPUTS = "outputs"
    BYTE = "the byte that is asked about"

    @property
    def next(self) -> Keep:
        """The one that follows, the first one after the last."""
        all_of_them = list(Keep)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]


@dataclass(frozen=True, slots=True)
class CoreWish:
    """What minimal core is wanted.

    Attributes:
        keep: what it keeps.
        byte: the byte of the output that is asked about, or None.
        seed: of the order in which instructions are deleted; 0: the last one first.
    """

    keep: Keep = Keep.ERRORS
    byte: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class ScanResult:
    """What a scan shows.

    Attributes:
        lines: what it says in all.
        heat: its maps.
        table: its rows.
        sort: the column that they are sorted by at first, and whether it descends.
    """

    lines: tuple[str, ...]
    heat: HeatScene
    table: CellTable
    sort: tuple[str, bool]


class Scans:
    """What is known of a program's neighbourhood."""

    def __init__(self, subject: Subject, settings: Settings) -> None:
        """Knows nothing yet.

        Args:
            subject: the program and what it runs on.
            settings: of the machine.
        """
        self._subject, self._settings = subject, settings
        self._lock = threading.Lock()
        self._scanned: Scanned | None = None
        self.knock_outs: KnockOuts | None = None
        self.mutations: MutationScan | None = None
        self.cores: dict[CoreWish, Core] = {}
        self.results: dict[str, ScanResult] = {}

    def is_of(self, subject: Subject) -> bool:
        """Whether they say something of a program: on any case of its task, else on its input."""
        mine = self._subject
        same = mine.program == subject.program and mine.task is subject.task
        return same and (self._is_judged or mine.data == subject.data)

    @property
    def _is_judged(self) -> bool:
        return self._subject.task is not None and bool(self._subject.task.training)

    def find_knock_outs(self, interrupt: Interrupt, tell: Tell) -> KnockOuts:
        """Blanks every instruction.

        Raises:
            ExplainError: it cannot be done, or was interrupted.
        """
        from gpdebug.explain.scan.knockout import knock_out

        if self.knock_outs is None:
            self.knock_outs = knock_out(self._program_on_cases(), _watch(interrupt, tell, "knock-outs"))
        return self.knock_outs

    def find_mutations(self, interrupt: Interrupt, tell: Tell) -> MutationScan:
        """Tries every mutation.

        Raises:
            ExplainError: it cannot be done, or was interrupted.
        """
        from gpdebug.explain.scan.mutation import scan_mutations

        if self.mutations is None:
            self.mutations = scan_mutations(self._program_on_cases(), _watch(interrupt, tell, "mutants"))
        return self.mutations

    def find_core(self, wish: CoreWish, interrupt: Interrupt, tell: Tell) -> Core:
        """Deletes what can go.

        Raises:
            ExplainError: it cannot be done, or was interrupted.
        """
        from gpdebug.explain.scan.minimise import Order, minimise

        if wish not in self.cores:
            subject, watch = self._program_on_cases(), _watch(interrupt, tell, "instructions gone")
            order = Order.RANDOM if wish.seed else Order.BACKWARD
            self.cores[wish] = minimise(subject, self._criterion(wish), watch, order=order, seed=wish.seed)
        return self.cores[wish]

    def _criterion(self, wish: CoreWish) -> Criterion:
        from gpdebug.explain.errors import CriterionError
        from gpdebug.explain.scan import minimise

        if wish.keep is not Keep.BYTE:
            return minimise.Keep(wish.keep.value)
        case = self._subject.case or 0
        if wish.byte is None or case >= self._program_on_cases().cases:
            raise CriterionError("no byte of the output of a training case is asked about: ask about one")
        return minimise.KeepByte(case, wish.byte)

    def _program_on_cases(self) -> Scanned:
        from gpdebug.explain.scan.subject import Subject as Scanned

        with self._lock:
            if self._scanned is None:
                most = MOST_STEPS if self._is_judged else MOST_STEPS // 10
                subject, settings = self._subject, replace(self._settings, limit=min(self._settings.limit, most))
                self._scanned = (
                    Scanned.of_task(subject.program, subject.task, settings)
                    if subject.task is not None and self._is_judged
                    else Scanned.of_inputs(subject.program, [subject.data], settings=settings)
                )
            return self._scanned


def _watch(interrupt: Interrupt, tell: Tell, what: str) -> Watch:
    from gpdebug.explain.scan.running import Watch

    def progressed(done: int, total: int) -> None:
        tell(f"{done:,} of {total:,} {what}")

    return Watch(progressed, interrupt.is_set)


def show_knock_outs(found: KnockOuts) -> ScanResult:
    """What knock-outs show: on all cases together, and on each."""
    from gpdebug.explain.scan.heat import case_map, site_map
    from gpdebug.explain.scan.present import knock_out_lines
    from gpdebug.explain.scan.tables import site_table

    maps = [site_map(found)]
    if found.subject.cases <= MOST_CASE_ROWS:
        maps.append(case_map(found))
    table = CellTable(site_table(found))
    return ScanResult(tuple(knock_out_lines(found)), HeatScene(tuple(maps)), table, ("site", False))


def show_mutations(found: MutationScan) -> ScanResult:
    """What a mutation scan shows."""
    from gpdebug.explain.scan.heat import mutation_map
    from gpdebug.explain.scan.present import mutation_lines
    from gpdebug.explain.scan.tables import mutation_table

    better = found.outcomes.evolvability > 0
    table = CellTable(mutation_table(found))
    return ScanResult(tuple(mutation_lines(found)), HeatScene((mutation_map(found),)), table, ("change", not better))


def shading_levels(scans: Scans, shading: Shading, interrupt: Interrupt, tell: Tell) -> NDArray[np.uint8]:
    """What the background of a program tells of a scan: `uint8[program_length]`, levels of the shading's styles.

    Raises:
        ExplainError: it cannot be done, or was interrupted.
    """
    if shading is Shading.KNOCK_OUTS:
        return scans.find_knock_outs(interrupt, tell).sites.effects
    found = scans.find_mutations(interrupt, tell)
    effects = found.effects[: len(found.rows) - 1]
    tried = (effects >= 0).sum(axis=1)
    neutral = ((effects >= 0) & (effects <= _NEUTRAL)).sum(axis=1)
    return fragility_levels(neutral / np.maximum(tried, 1))
