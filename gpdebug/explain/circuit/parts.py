"""What circuits are made of: kinds of nodes and edges, both as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gpdebug.explain.answer import Explanation
from gpdebug.explain.circuit.view import Place, View
from gpdebug.explain.parts import Leaf, Loop


class NodeKind(StrEnum):
    """What a node stands for."""

    CRITERION = "criterion"
    LEAF = "leaf"
    CUT = "cut"
    STEP = "step"
    RUN = "run of equal steps"
    LOOP = "loop"
    ACTIVATION = "folded loop"
    SITE = "site"


class EdgeKind(StrEnum):
    """How a node depends on another: see `gpdebug.explain.dataflow`, and of skips `gpdebug.explain.circuit.skips`."""

    VALUE = "value"
    CONTROL = "control"
    ADDRESS = "address"
    CODE = "code"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class CircuitNode:
    """A node of a circuit.

    Attributes:
        name: unique in its circuit, and the same in every circuit of one explanation that has it.
        kind: what it stands for.
        place: the steps or instructions that it stands for; None: none.
        first: the step of the run that it begins with: the moment at which its first instruction is the next one. Of
            a leaf the beginning of the trace, of a criterion that is no step its moment.
        last: its last step.
        steps: how many steps it stands for; of a leaf 0.
        times: how often it ran: more than once only if it is a site.
        instruction: the first step's; None: it has no step.
        last_instruction: the last step's.
        symbols: its instructions, as they are written.
        short: what it is, in as few words as possible.
        does: what it did, in words.
        effect: what one more in its result adds to the criterion by values alone, modulo 256; None: not by values, or
            not the same for all of a site.
        added: the part of the criterion's value that it makes up itself, modulo 256.
        influence: see `gpdebug.explain.circuit.influence`.
        hidden: how many nodes that it depends on are not shown.
        leaf: what it is if it is one.
        loop: what it is if it is a loop that is a map, in steps of the trace.
    """

    name: str
    kind: NodeKind
    place: Place | None
    first: int
    last: int
    steps: int
    times: int
    instruction: int | None
    last_instruction: int | None
    symbols: str
    short: str
    does: str
    effect: int | None
    added: int
    influence: float
    hidden: int = 0
    leaf: Leaf | None = None
    loop: Loop | None = None


@dataclass(frozen=True, slots=True)
class CircuitEdge:
    """A dependence of one node on another.

    Attributes:
        source: number of the node on which the other depends.
        target: number of that other.
        kind: by what.
        weight: the direct effect: what one more in the source adds to the target's result, as a difference, the path
            frozen; None: it is no value, or not the same for all the dependences that it stands for.
        effect: what that adds to the criterion by this edge and then by values alone, modulo 256; None: it does not
            get there by values alone.
        count: how many dependences it stands for.
        influence: the part of the criterion's influence that goes through it.
    """

    source: int
    target: int
    kind: EdgeKind
    weight: int | None
    effect: int | None
    count: int
    influence: float


@dataclass(frozen=True, eq=False)
class Circuit:
    """What a criterion depends on, as a graph.

    Attributes:
        explanation: what it shows.
        view: how it is looked at.
        nodes: leaves first, then in the order in which they ran, the criterion last.
        edges: ordered by target, then source.
        all_nodes: how many nodes there are, those that are not shown included.
        all_edges: how many edges there are.
        untried: tests that bypassed a loop and were not flipped, because there are too many: skip edges may be missing.
    """

    explanation: Explanation
    view: View
    nodes: tuple[CircuitNode, ...]
    edges: tuple[CircuitEdge, ...]
    all_nodes: int
    all_edges: int
    untried: int = 0

    @property
    def criterion(self) -> int:
        """Number of the node that is explained."""
        return len(self.nodes) - 1

    @property
    def hidden_nodes(self) -> int:
        """How many nodes are not shown."""
        return self.all_nodes - len(self.nodes)

    @property
    def hidden_edges(self) -> int:
        """How many edges are not shown."""
        return self.all_edges - len(self.edges)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each node by its name."""
        return {node.name: number for number, node in enumerate(self.nodes)}

    def sources_of(self, number: int) -> Iterable[CircuitEdge]:
        """The edges to what a node depends on."""
        return (edge for edge in self.edges if edge.target == number)

    def targets_of(self, number: int) -> Iterable[CircuitEdge]:
        """The edges to what depends on a node."""
        return (edge for edge in self.edges if edge.source == number)
