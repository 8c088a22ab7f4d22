"""What circuits are made of: kinds of nodes and edges, both as plain data, and how a circuit is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from gpdebug.explain.answer import Explanation
from gpdebug.explain.errors import ViewError
from gpdebug.explain.parts import Kind, Leaf, Loop


class NodeKind(StrEnum):
    """What a node stands for."""

    CRITERION = "criterion"
    LEAF = "leaf"
    CUT = "cut"
    STEP = "step"
    RUN = "run of equal steps"
    LOOP = "loop"


class EdgeKind(StrEnum):
    """How a node depends on another: see `gpdebug.explain.dataflow`."""

    VALUE = "value"
    CONTROL = "control"
    ADDRESS = "address"
    CODE = "code"

    @classmethod
    def of(cls, kind: Kind) -> EdgeKind:
        """The kind of an edge of a slice."""
        return cls(kind.words[0])


@dataclass(frozen=True, slots=True)
class CircuitNode:
    """A node of a circuit.

    Attributes:
        name: unique in its circuit, and the same in every circuit of one explanation that has it.
        kind: what it stands for.
        first: the step of the run that it begins with: the moment at which its first instruction is the next one. Of
            a leaf the beginning of the trace.
        last: its last step.
        steps: how many steps it stands for; of a leaf 0.
        instruction: the first step's; None: it has no step.
        last_instruction: the last step's.
        symbols: its instructions, as they are written.
        short: what it is, in as few words as possible.
        does: what it did, in words.
        effect: what one more in its result adds to the criterion by values alone, modulo 256; None: not by values.
        added: the part of the criterion's value that it makes up itself, modulo 256.
        influence: see `gpdebug.explain.circuit.influence`.
        hidden: how many nodes that it depends on are not shown.
        leaf: what it is if it is one.
        loop: what it is if it is a loop, in steps of the trace.
    """

    name: str
    kind: NodeKind
    first: int
    last: int
    steps: int
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


@dataclass(frozen=True, slots=True)
class View:
    """How a circuit is looked at.

    Attributes:
        keep_nodes: the part of all nodes' influence that the nodes which are shown have at least.
        keep_edges: the same of the edges between these.
        whole: nodes that a circuit has at most that is shown whole, without pruning.
        most: nodes that are shown at most.
    """

    keep_nodes: float = 0.8
    keep_edges: float = 0.98
    whole: int = 40
    most: int = 300

    def __post_init__(self) -> None:
        for name, share in (("nodes", self.keep_nodes), ("edges", self.keep_edges)):
            if not 0 < share <= 1:
                raise ViewError(f"prune: the share of {name} to keep is more than 0 and at most 1, not {share:g}")
        if self.most < 2:
            raise ViewError(f"prune: at least 2 nodes are shown, not {self.most}")

    def pruned(self, nodes: float, edges: float) -> View:
        """The same, pruned to these shares of influence, small circuits too."""
        return replace(self, keep_nodes=nodes, keep_edges=edges, whole=0)


@dataclass(frozen=True, eq=False)
class Circuit:
    """What a criterion depends on, as a graph.

    Attributes:
        explanation: what it shows.
        view: how it is looked at.
        nodes: in the order in which they ran, leaves first, the criterion last.
        edges: ordered by target, then source.
        all_nodes: how many nodes there are, those that are not shown included.
        all_edges: how many edges there are.
    """

    explanation: Explanation
    view: View
    nodes: tuple[CircuitNode, ...]
    edges: tuple[CircuitEdge, ...]
    all_nodes: int
    all_edges: int

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
