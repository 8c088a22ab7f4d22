"""Checkpoints of a run in bounded memory: pages that checkpoints share, thinned out as the run grows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vm.state import State, Status

PAGE = 4096
"""Cells of a page: the unit in which checkpoints share memory."""
FIRST_INTERVAL = 4096
"""Steps between the first checkpoints."""
MAX_NEAR = 64
"""Checkpoints that are kept beside the regular ones, close to where the user looks."""
_OVERHEAD = 1024
"""Bytes that a checkpoint costs beside its pages, estimated high."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A state whose memory lies in the page store and whose output is a prefix of the run's output."""

    registers: tuple[int, int, int, int, Status, int, int]
    output_length: int
    pages: NDArray[np.int64]


class _Pages:
    """Pages of memory, each once whatever holds it, counted by how many checkpoints do."""

    def __init__(self) -> None:
        self._data: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._holders = np.zeros(64, np.int64)
        self._free: list[int] = []
        self.bytes = 0

    def add(self, data: bytes) -> int:
        """Stores a page, unless it is there; returns its number."""
        number = self._numbers.get(data)
        if number is not None:
            return number
        self.bytes += len(data)
        if self._free:
            number = self._free.pop()
            self._data[number] = data
        else:
            number = len(self._data)
            self._data.append(data)
        self._numbers[data] = number
        if len(self._data) > len(self._holders):
            self._holders = np.concatenate([self._holders, np.zeros_like(self._holders)])
        return number

    def hold(self, pages: NDArray[np.int64]) -> None:
        """Counts a checkpoint that holds pages; one that it holds several times counts once."""
        self._holders[pages] += 1

    def release(self, pages: NDArray[np.int64]) -> None:
        """Takes back what `hold` counted; pages that nobody holds any more go."""
        self._holders[pages] -= 1
        for number in np.unique(pages[self._holders[pages] == 0]).tolist():
            data = self._data[number]
            self.bytes -= len(data)
            del self._numbers[data]
            self._data[number] = b""
            self._free.append(number)

    def join(self, pages: NDArray[np.int64]) -> bytes:
        return b"".join([self._data[number] for number in pages.tolist()])


class Room:
    """The memory that the checkpoints of all branches of a session share: pages, and a budget."""

    def __init__(self, budget: int) -> None:
        """Starts empty.

        Args:
            budget: bytes that all checkpoints together may take; the first one of all is kept whatever it takes.
        """
        self.pages = _Pages()
        self.stores: list[Checkpoints] = []
        self.latest: tuple[NDArray[np.int64], NDArray[np.uint8]] | None = None
        self._budget = budget

    @property
    def bytes(self) -> int:
        """What all checkpoints take, about."""
        return self.pages.bytes + sum(store.overhead for store in self.stores)

    def make(self) -> None:
        """Drops checkpoints until the budget is kept: first those near the user's looks, then of the longest list."""
        while self.bytes > self._budget:
            store = max(self.stores, key=lambda store: store.near)
            if not store.near:
                store = max(self.stores, key=lambda store: store.spare)
            if not store.thin():
                return


class Checkpoints:
    """States of one run, or of what a branch has to itself of one, by step.

    Regular ones lie at multiples of `interval` steps. When they outgrow the budget the interval doubles and those
    between go, so a run of any length is covered evenly by as many as fit. Beside them a few `near` ones lie close
    to where the user looks; the oldest goes first. The first one goes last; that of a whole run stays always.

    Attributes:
        room: where they are kept.
        interval: steps between the regular checkpoints to come; a power of two.
    """

    def __init__(self, room: Room) -> None:
        """Starts empty.

        Args:
            room: where they are kept; those that are made first in it are the whole run's.
        """
        self.interval = FIRST_INTERVAL
        self.room = room
        self._stays = not room.stores
        room.stores.append(self)
        self._kept: dict[int, _Kept] = {}
        self._steps: list[int] = []
        self._near: deque[int] = deque()
        self._output = b""
        self._last_regular = 0
        self._each = _OVERHEAD

    def __contains__(self, step: object) -> bool:
        return step in self._kept

    @property
    def steps(self) -> tuple[int, ...]:
        """Their steps, in order."""
        return tuple(self._steps)

    @property
    def overhead(self) -> int:
        """What they take beside their pages, about."""
        return len(self._kept) * self._each + len(self._output)

    @property
    def near(self) -> int:
        """How many lie between the regular ones."""
        return len(self._near)

    @property
    def spare(self) -> int:
        """How many could go."""
        return len(self._steps) - self._stays

    def next_due(self, step: int) -> int:
        """The step after `step` at which the next regular checkpoint is wanted."""
        return (max(step, self._last_regular) // self.interval + 1) * self.interval

    def at_or_before(self, step: int) -> int | None:
        """The step of the last checkpoint that is not after `step`."""
        index = bisect_right(self._steps, step)
        return self._steps[index - 1] if index else None

    def after(self, step: int) -> int | None:
        """The step of the first checkpoint after `step`."""
        index = bisect_right(self._steps, step)
        return self._steps[index] if index < len(self._steps) else None

    def count(self, last: int | None) -> int:
        """How many there are up to step `last`; None: all."""
        return len(self._steps) if last is None else bisect_right(self._steps, last)

    def add(self, state: State) -> None:
        """Keeps a regular checkpoint and makes room for it."""
        self._last_regular = max(self._last_regular, state.steps)
        if state.steps in self._near:
            self._near.remove(state.steps)
        self._keep(state)
        self.room.make()

    def add_near(self, state: State) -> None:
        """Keeps a checkpoint where the user looks, in the place of the oldest such one."""
        if state.steps in self._kept:
            return
        self._near.append(state.steps)
        self._keep(state)
        if len(self._near) > MAX_NEAR:
            self._drop(self._near.popleft())
        self.room.make()

    def load(self, step: int) -> State:
        """The state of the checkpoint at exactly `step`."""
        kept = self._kept[step]
        memory = np.frombuffer(self.room.pages.join(kept.pages), np.uint8)
        pc, head0, head1, steps, status, input_pos, spare = kept.registers
        return State(
            pc, head0, head1, steps, status, input_pos, spare, memory, self._output[: kept.output_length]
        )  # fmt: skip

    def thin(self) -> bool:
        """Drops the oldest near checkpoint, or, without any, every other regular one; False if none can go."""
        if self._near:
            self._drop(self._near.popleft())
            return True
        if self.spare < 1:
            return False
        if len(self._steps) == 1:
            self._drop(self._steps[0])
            return True
        rest = self._steps[1:]
        while not (between := [step for step in rest if step % self.interval]):
            self.interval *= 2
        for step in between:
            self._drop(step)
        return True

    def clear(self) -> None:
        """Drops all and gives up the room, as when a branch is deleted."""
        self._near.clear()
        for step in tuple(self._steps):
            self._drop(step)
        self.room.stores.remove(self)

    def _keep(self, state: State) -> None:
        if state.steps in self._kept:
            return
        pages = self._paged(state.memory)
        self.room.pages.hold(pages)
        self.room.latest = (pages, state.memory)
        if len(state.output) > len(self._output):
            self._output = state.output
        registers = (
            state.pc, state.head0, state.head1, state.steps, state.status, state.input_pos, state.spare
        )  # fmt: skip
        self._kept[state.steps] = _Kept(registers, len(state.output), pages)
        insort(self._steps, state.steps)

    def _paged(self, memory: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Page numbers of a memory; pages that are as in the checkpoint kept before are shared with it."""
        whole = self.room.stores[0]
        if not whole._steps:
            pages = np.zeros(-(-len(memory) // PAGE), np.int64)
            changed = list(range(len(pages)))
        else:
            store = self if self._steps else whole
            shared, before = self.room.latest or store._loaded(store._steps[-1])
            pages = shared.copy()
            changed = _changed_pages(before, memory)
        self._each = _OVERHEAD + pages.nbytes
        for page in changed:
            pages[page] = self.room.pages.add(memory[page * PAGE : (page + 1) * PAGE].tobytes())
        return pages

    def _loaded(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        return self._kept[step].pages, self.load(step).memory

    def _drop(self, step: int) -> None:
        kept = self._kept.pop(step)
        self.room.pages.release(kept.pages)
        if self.room.latest is not None and self.room.latest[0] is kept.pages:
            self.room.latest = None
        del self._steps[bisect_left(self._steps, step)]
        if not self._steps:
            self._output = b""


def _changed_pages(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> list[int]:
    whole = len(after) // PAGE
    cells = whole * PAGE
    if whole:
        words_before = np.ascontiguousarray(before[:cells]).view(np.uint64).reshape(whole, -1)
        words_after = np.ascontiguousarray(after[:cells]).view(np.uint64).reshape(whole, -1)
        changed: list[int] = np.flatnonzero((words_before != words_after).any(axis=1)).tolist()
    else:
        changed = []
    if cells < len(after) and not np.array_equal(before[cells:], after[cells:]):
        changed.append(whole)
    return changed
