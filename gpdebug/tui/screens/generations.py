"""A screen that reads the generations of a source, goes from one to another, and follows a run that still grows."""

from __future__ import annotations

from textual import work

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunStatus
from gpdebug.store.population import Population
from gpdebug.tui.evolution import Evolution, evolutions_of
from gpdebug.tui.individuals import Individuals
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.messages import ProblemFound
from gpdebug.tui.screens.ancestors import AncestorsScreen
from gpdebug.tui.sources import Growth, Source
from gpdebug.tui.widgets.curve import Curve
from vm.errors import VMError

LOOK = 1.0
"""Seconds between two looks at whether a run has grown."""


class GenerationsScreen(AncestorsScreen):
    """What is shown is read in threads. Whoever looks at the last generation sees the next one when it is saved."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._generations: tuple[int, ...] = ()
        self._history: History | None = None
        self._growth = Growth()
        self._individuals: Individuals | None = None
        self.curve = Curve()

    def begin(self) -> None:
        """Reads the last generation, and looks again and again whether there is more."""
        self._read(None, first=True)
        self.set_interval(LOOK, self._look)

    def show_generation(self, individuals: Individuals, *, follows: bool) -> None:
        """Shows other individuals.

        Args:
            individuals: of a generation.
            follows: whether they came by themselves: what is chosen is to stay so.
        """
        raise NotImplementedError

    def fail(self, text: str) -> None:
        """Says why there is nothing to show."""
        raise NotImplementedError

    def tell_growth(self) -> None:
        """Says that a run grows, or no longer does, or that there is more of it."""
        raise NotImplementedError

    # Reading

    @work(thread=True, exclusive=True, group="read")
    def _read(self, generation: int | None, first: bool = False) -> None:
        try:
            growth = self._source.growth() if first else self._growth
            generations = tuple(self._source.generations())
            history = self._source.history() if first else self._history
            if self._source.folder is not None and not generations:
                self.bring(lambda: self._wait(growth))
                return
            individuals = Individuals.of(self._source.population(generation))
        except (StoreError, VMError, OSError) as error:
            text = str(error)
            self.bring(lambda: self._failed(text))
        else:
            self.bring(lambda: self._come(individuals, generations, history, growth))

    def _failed(self, text: str) -> None:
        self.fail(text)
        self.post_message(ProblemFound(text))

    def _wait(self, growth: Growth) -> None:
        self._growth = growth
        then = "; the first one will be shown here" if growth.is_growing else ""
        if not growth.is_growing and self.can_evolve:
            then = with_keys(self, "; {population.evolve} goes on with the run")
        self.fail(f"no generation is saved yet{then}")

    def _come(
        self,
        individuals: Individuals,
        generations: tuple[int, ...],
        history: History | None,
        growth: Growth,
        *,
        follows: bool = False,
    ) -> None:
        individuals.cell.pattern = self._individuals.cell.pattern if self._individuals else b""
        self._individuals, self._generations, self._history = individuals, generations, history
        self._growth = growth
        self._generation = individuals.population.generation
        self.curve.display = bool(generations)
        self.curve.show(history, generations, self._generation or 0)
        self.show_generation(individuals, follows=follows)

    # Growing

    def _look(self) -> None:
        """Looks whether the run has grown, unless that is done already or nobody sees it."""
        is_busy = any(worker.group in ("grow", "read") and not worker.is_finished for worker in self.workers)
        if self.is_current and not is_busy:
            self._grow(self._growth, self._generation, self._generations)

    @work(thread=True, group="grow")
    def _grow(self, before: Growth, generation: int | None, known: tuple[int, ...]) -> None:
        try:
            growth = self._source.growth()
            if growth == before:
                return
            if growth.is_gone or growth.stamp == before.stamp:
                self.bring(lambda: self._grown(growth, known, self._history, None, generation))
                return
            generations, history = tuple(self._source.generations()), self._source.history()
            follows = bool(generations) and generations != known and (not known or generation == known[-1])
            population = self._source.population(generations[-1]) if follows else None
        except (StoreError, VMError, OSError):
            return  # it is being written to, or taken away: the next look will tell
        self.bring(lambda: self._grown(growth, generations, history, population, generation))

    def _grown(
        self,
        growth: Growth,
        generations: tuple[int, ...],
        history: History | None,
        population: Population | None,
        generation: int | None,
    ) -> None:
        self._rows = None
        if population is not None and generation == self._generation:
            self._come(Individuals.of(population), generations, history, growth, follows=self._individuals is not None)
            return
        self._growth, self._generations, self._history = growth, generations, history
        self.curve.show(history, generations, self._generation or 0)
        self.tell_growth()

    # Evolving on

    @property
    def can_evolve(self) -> bool:
        """Whether the run is one that evolves, or could."""
        folder = self._source.folder
        return folder is not None and folder.info.task is not None and folder.info.status is not RunStatus.SOLVED

    def action_evolve(self) -> None:
        """Shows how it evolves, wherever that is; one that was stopped can be gone on with there."""
        folder = self._source.folder
        if folder is None:
            return
        evolution = evolutions_of(self.app).of(folder.path)
        if evolution is None or not evolution.is_alive:
            try:
                evolution = Evolution.of_folder(folder, self.app.call_later)
            except (StoreError, OSError) as error:
                self.post_message(ProblemFound(str(error)))
                return
            evolutions_of(self.app).add(evolution)
        from gpdebug.tui.screens.evolve import EvolveScreen

        self.app.push_screen(EvolveScreen(evolution))

    # Going from one to another

    def on_curve_picked(self, message: Curve.Picked) -> None:
        """Goes to the generation that was clicked."""
        self._go(message.generation)

    def _go(self, generation: int) -> None:
        if generation != self._generation:
            self._generation = generation
            self.curve.show(self._history, self._generations, generation)
            self._read(generation)

    def action_generation(self, by: int) -> None:
        """Goes to the saved generation before or after."""
        place = self._generations.index(self._generation) if self._generation in self._generations else 0
        self._go(self._generations[max(0, min(place + by, len(self._generations) - 1))])
