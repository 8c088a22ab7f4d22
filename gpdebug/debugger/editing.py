"""Changing the present moment: each change in the past begins a branch."""

from __future__ import annotations

from gpdebug.debugger.comparing import Comparing
from gpdebug.debugger.edits import Edit
from gpdebug.debugger.errors import NothingChangesError
from gpdebug.debugger.history import Visit
from gpdebug.debugger.moment import Moment, StopReason


class Editing(Comparing):
    """One run of one program, and where the user stands in it: the part of a session that changes it."""

    def edit(self, *edits: Edit, name: str = "") -> Moment:
        """Changes the present moment, and so begins a branch: a run of its own that shares its past with this one.

        Edits made one after the other at one moment are of one branch, as long as no snapshot, bookmark or mark is
        of that moment. Where nothing would change the moment stays as it is, on its branch.

        Args:
            edits: what to change, in order.
            name: of a new branch; it can be given later.

        Raises:
            EditError: an edit cannot be made.
            BranchError: the name is taken or no word.
        """
        here = self._moment
        self._timeline.go_to(here.step)
        amends = self._is_fresh and not name and not self._is_kept(here)
        try:
            if amends:
                self.branches.amend(edits)
            else:
                self.branches.fork(edits, name)
        except NothingChangesError:
            return here
        self._timeline.go_to(here.step)
        self._is_fresh = True
        self.history.jump(Visit(here.step, self.branches.current.number))
        previous = here.previous if amends else here.state
        self._moment = self._look(self._timeline.state(), StopReason.EDITED, (), previous)
        return self._moment

    def _is_kept(self, moment: Moment) -> bool:
        """Whether something that the user keeps refers to a moment."""
        place = (moment.branch, moment.step)
        kept = [*self.snapshots, *self.bookmarks, *([] if self.mark is None else [self.mark])]
        return any((each.branch, each.step) == place for each in kept)
