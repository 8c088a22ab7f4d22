"""How a circuit is looked at: how much of it, what is folded, and where more kinds of dependence are followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from gpdebug.explain.errors import ViewError
from gpdebug.explain.parts import Kind


class PlaceKind(StrEnum):
    """What a place counts."""

    STEPS = "steps"
    ACTIVATION = "loop"
    SITE = "site"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Some steps of a run, or an instruction of its program.

    Attributes:
        kind: steps that are one line of the explanation, one activation of a loop, or all instances of instructions.
        first: the first step of the run, or instruction.
        last: the last one.
    """

    kind: PlaceKind
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.kind} {self.first}" if self.first == self.last else f"{self.kind} {self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class View:
    """How a circuit is looked at.

    Attributes:
        keep_nodes: the part of all nodes' influence that the nodes which are shown have at least.
        keep_edges: the same of the edges between these.
        whole: nodes that a circuit has at most that is shown whole, without pruning.
        most: nodes that are shown at most.
        by_site: all instances of an instruction are one node; None: if there would be more nodes than `apart`.
        apart: see `by_site`.
        turned: what is folded other than usual: runs of equal steps and loops that are maps are apart, activations of
            loops are one node, sites the contrary of `by_site`.
        opened: where kinds are followed that the explanation does not follow.
        skips: look for tests that bypassed a loop which would have written a cell.
    """

    keep_nodes: float = 0.8
    keep_edges: float = 0.98
    whole: int = 40
    most: int = 300
    by_site: bool | None = None
    apart: int = 40
    turned: frozenset[Place] = frozenset()
    opened: frozenset[tuple[Place, Kind]] = frozenset()
    skips: bool = False

    def __post_init__(self) -> None:
        for name, share in (("nodes", self.keep_nodes), ("edges", self.keep_edges)):
            if not 0 < share <= 1:
                raise ViewError(f"prune: the share of {name} to keep is more than 0 and at most 1, not {share:g}")
        if self.most < 2:
            raise ViewError(f"prune: at least 2 nodes are shown, not {self.most}")

    def decided(self, nodes: int) -> View:
        """The same with `by_site` decided.

        Args:
            nodes: how many there are where instances of an instruction are apart.
        """
        return replace(self, by_site=nodes > self.apart) if self.by_site is None else self

    def pruned(self, nodes: float, edges: float) -> View:
        """The same, pruned to these shares of influence, small circuits too."""
        return replace(self, keep_nodes=nodes, keep_edges=edges, whole=0)

    def turn(self, place: Place) -> View:
        """The same with a place folded if it is apart, and apart if it is folded."""
        return replace(self, turned=self.turned ^ {place})

    def open(self, place: Place, kind: Kind = Kind.CONTROL) -> View:
        """The same with a kind of dependence followed at a place, or no longer followed there."""
        return replace(self, opened=self.opened ^ {(place, kind)})

    def places(self, kind: PlaceKind) -> list[Place]:
        """The places of a kind that are folded other than usual, in order."""
        return sorted(place for place in self.turned if place.kind is kind)
