"""The tree of branches: the run that a session began with, and those that edits in its past forked from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gpdebug.debugger.edits import Edit
from gpdebug.debugger.errors import BranchError
from gpdebug.debugger.finding import Finder
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.timeline import Timeline
from gpdebug.debugger.travel import Keep, Traveller

MAIN = "main"
"""Name of the run that a session began with; its number is 0."""

_NAME = re.compile(r"[^\W\d][\w.-]*\Z")


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as it is now, immutable.

    Attributes:
        number: never used again in this session; 0 for the run that it began with.
        name: what the user calls it, or no text.
        parent: number of the branch that it was forked from; None for the run that the session began with.
        fork: the step at which it was.
        edits: what was changed there.
        depth: how many forks lie before it.
        length: its last step, if that was seen.
        seen: the farthest step that was seen.
        is_current: whether the session stands on it.
    """

    number: int
    name: str
    parent: int | None
    fork: int
    edits: tuple[Edit, ...]
    depth: int
    length: int | None
    seen: int
    is_current: bool

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or str(self.number)

    @property
    def title(self) -> str:
        """What to call it where that is not clear: `branch 2`, or its name."""
        return self.name or f"branch {self.number}"

    @property
    def words(self) -> str:
        """Its edits in words."""
        return ", ".join(map(str, self.edits))


@dataclass(slots=True, eq=False)
class Limb:
    """A branch as the session works with it.

    Attributes:
        number, name, parent: see `Branch`.
        timeline: its run, from step 0 on.
        traveller: what moves along it.
        finder: what searches it.
        stood: the step at which the session last stood on it.
    """

    number: int
    name: str
    parent: int | None
    timeline: Timeline
    traveller: Traveller
    finder: Finder
    stood: int


class Branches:
    """All branches of a session, by number or name.

    Attributes:
        current: the one that the session stands on.
        revision: grows with each change to the tree.
    """

    def __init__(self, timeline: Timeline, stops: StopList, keep: Keep) -> None:
        """Begins with one.

        Args:
            timeline: the whole run.
            stops: the user's, which are the same on all branches.
            keep: takes the snapshots that stops want.
        """
        self._stops = stops
        self._keep = keep
        self.current = Limb(0, MAIN, None, timeline, Traveller(timeline, stops, keep), Finder(timeline), 0)
        self._limbs = {0: self.current}
        self._last = 0
        self._wanted: int | None = None
        self.revision = 0

    def __iter__(self) -> Iterator[Branch]:
        """Every branch after its parent; those of one parent in the order of their numbers."""
        return iter(self._below(0, 0))

    def __len__(self) -> int:
        return len(self._limbs)

    def __contains__(self, branch: object) -> bool:
        return branch in self._limbs or any(branch == limb.name for limb in tuple(self._limbs.values()))

    def __getitem__(self, branch: int | str) -> Branch:
        """One branch.

        Raises:
            BranchError: there is none of this number or name.
        """
        number = self.limb(branch).number
        return next(each for each in self if each.number == number)

    def limb(self, branch: int | str) -> Limb:
        """One branch to work with.

        Raises:
            BranchError: there is none of this number or name.
        """
        for limb in self._limbs.values():
            if branch in (limb.number, limb.name or limb.number, str(limb.number)):
                return limb
        known = ", ".join(each.label for each in self)
        raise BranchError(f"there is no branch {branch} (branches: {known})")

    def meets(self, branch: int, step: int) -> bool:
        """Whether a step of a branch is one of the current branch as well: they share it, or are the same."""
        if branch not in self._limbs:
            return False
        way, other = self.current.timeline.checkpoints, self._limbs[branch].timeline.checkpoints
        return way.at(step) is other.at(step)

    @property
    def own_forks(self) -> tuple[int, ...]:
        """The steps at which edits were made on the way to the current branch."""
        return tuple(stretch.start for stretch in self.current.timeline.checkpoints.stretches[1:])

    @property
    def other_forks(self) -> tuple[int, ...]:
        """The steps of the current branch at which others were forked from it that do not lead to it."""
        way = self.current.timeline.checkpoints.stretches
        others = [limb for limb in tuple(self._limbs.values()) if limb.timeline.checkpoints.last not in way]
        starts = [(limb.parent or 0, limb.timeline.checkpoints.last.start) for limb in others]
        return tuple(step for parent, step in starts if self.meets(parent, step))

    def enter(self, branch: int | str, *, leaving: int) -> Limb:
        """Stands on a branch from now on; its timeline is to be gone to.

        Args:
            branch: which.
            leaving: the step at which the session stood on the one before.

        Raises:
            BranchError: there is none of this number or name.
        """
        limb = self.limb(branch)
        self.current.stood = leaving
        self.current = limb
        return limb

    def fork(self, edits: Sequence[Edit], name: str = "") -> Limb:
        """Forks a branch where the current timeline stands, and stands on it; its timeline is to be gone to.

        Its parent is the branch that this step belongs to: the current one, or the one it shares this step with.

        Raises:
            EditError: the edits cannot be made.
            NothingChangesError: they change nothing.
            BranchError: the name is taken or no word.
        """
        self.check_name(name)
        before = self.current.timeline
        parent = next(limb for limb in self._limbs.values() if limb.timeline.checkpoints.last is before.stretch)
        timeline = before.fork(edits)
        step = before.step
        limb = Limb(
            self._number(),
            name,
            parent.number,
            timeline,
            Traveller(timeline, self._stops, self._keep),
            Finder(timeline),
            step,
        )
        self._limbs[limb.number] = limb
        self.revision += 1
        return self.enter(limb.number, leaving=step)

    def reserve(self, number: int) -> None:
        """Gives the next branch this number, if it is free: for a branch that comes back."""
        self._wanted = None if number in self._limbs else number

    def skip(self, number: int) -> None:
        """Leaves the numbers up to this one to branches that are yet to come back."""
        self._last = max(self._last, number)

    def _number(self) -> int:
        number, self._wanted = self._wanted or self._last + 1, None
        self._last = max(self._last, number)
        return number

    def amend(self, edits: Sequence[Edit]) -> Limb:
        """Makes more edits at the fork of the current branch, where its timeline stands; it is to be gone to again.

        Raises:
            EditError: the edits cannot be made.
            NothingChangesError: they change nothing.
        """
        limb = self.current
        limb.timeline = limb.timeline.amended(edits)
        limb.traveller = Traveller(limb.timeline, self._stops, self._keep)
        limb.finder = Finder(limb.timeline)
        self.revision += 1
        return limb

    def rename(self, branch: int | str, name: str) -> Branch:
        """Gives a branch another name; no text takes it away.

        Raises:
            BranchError: there is no such branch, or the name is taken or no word.
        """
        limb = self.limb(branch)
        self.check_name(name, of=limb.number)
        limb.name = name
        self.revision += 1
        return self[limb.number]

    def delete(self, branch: int | str) -> tuple[Branch, ...]:
        """Deletes a branch and all that were forked from it; returns them.

        Raises:
            BranchError: there is no such branch, or the session stands on it or on one that was forked from it.
        """
        chosen = self[branch]
        if chosen.parent is None:
            raise BranchError(f"{chosen.title} is the run that all branches begin with: it stays")
        gone = self._below(chosen.number, chosen.depth)
        here = next((each for each in gone if each.is_current), None)
        if here is not None:
            where = "it" if here.number == chosen.number else f"{here.title}, which was forked from it"
            raise BranchError(f"{chosen.title} cannot be deleted while you stand on {where}: switch to another first")
        for each in gone:
            self._limbs.pop(each.number).timeline.close()
        self.revision += 1
        return tuple(gone)

    def _below(self, number: int, depth: int) -> list[Branch]:
        """A branch and all that were forked from it, directly or not."""
        limbs = tuple(self._limbs.values())
        found, waiting = [], [(number, depth)]
        while waiting:
            each, deep = waiting.pop()
            found.append(self._seen_now(self._limbs[each], deep))
            waiting += [(limb.number, deep + 1) for limb in reversed(limbs) if limb.parent == each]
        return found

    def _seen_now(self, limb: Limb, depth: int) -> Branch:
        own = limb.timeline.checkpoints.last
        return Branch(
            limb.number, limb.name, limb.parent, own.start, own.edits, depth, own.total, own.seen,
            limb is self.current,
        )  # fmt: skip

    def check_name(self, name: str, *, of: int | None = None) -> None:
        """Makes sure that a branch can be called so; no text is no name.

        Args:
            name: what it is to be called.
            of: which one; None: a new one.

        Raises:
            BranchError: another one is called so, or it is no word.
        """
        taken = any(limb.name == name for limb in self._limbs.values() if limb.number != of)
        if name and taken:
            raise BranchError(f"there is a branch {name} already")
        if name and not _NAME.match(name):
            raise BranchError(f"a branch's name is a word that begins with a letter, not {name!r}")
