"""How the circuit on the explain screen is looked at: pruned, zoomed, folded, with more followed at single nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters

from gpdebug.tui.circuit_scene import Lens, change_at, folded, folded_site, with_control
from gpdebug.tui.explained import Tab, is_told
from gpdebug.tui.screens.what_if import WHAT_IF, WhatIfScreen
from gpdebug.tui.widgets.circuit_view import CircuitView

if TYPE_CHECKING:
    from gpdebug.explain.circuit.parts import Circuit
    from gpdebug.explain.circuit.view import View


class CircuitScreen(WhatIfScreen):
    """Changes how the circuit is looked at."""

    circuit = getters.query_one(CircuitView)

    def answer(self) -> None:
        """Has the question answered, as far as the answer is not known yet, and its circuit drawn."""
        raise NotImplementedError

    def action_what_if(self) -> None:
        """Asks what to change, of the chosen node if there is one."""
        scene, number = self.circuit.scene, self.circuit.selected
        if self.inquiry.tab is not Tab.CIRCUIT or scene is None or number is None:
            self.ask_change(WHAT_IF)
        else:
            self.ask_change(WHAT_IF, change_at(scene.circuit, number))

    def action_prune(self, by: int) -> None:
        """Shows more of the circuit, or less."""
        self._look_through(self.inquiry.lens.pruned(by))

    def action_zoom(self, by: int) -> None:
        """Writes more at each node, or less."""
        self._look_through(self.inquiry.lens.zoomed(by))

    def _fold(self, change: Callable[[Circuit, int], View]) -> None:
        scene, number = self.circuit.scene, self.circuit.selected
        if scene is None or number is None:
            return
        try:
            folds = change(scene.circuit, number)
        except Exception as error:
            if not is_told(error):
                raise
            self.notify(str(error), timeout=4, markup=False)
            return
        self._look_through(replace(self.inquiry.lens, folds=folds))

    def action_fold(self) -> None:
        """Takes the chosen node apart, or folds the loop around it."""
        self._fold(folded)

    def action_fold_site(self) -> None:
        """Shows all instances of the chosen node's instruction as one, or apart."""
        self._fold(folded_site)

    def action_open_control(self) -> None:
        """Follows control at the chosen node, or no longer."""
        self._fold(with_control)

    def action_skips(self) -> None:
        """Looks for tests that bypassed a loop, or no longer."""
        self._fold(lambda circuit, number: replace(circuit.view, skips=not circuit.view.skips))

    def _look_through(self, lens: Lens) -> None:
        if lens != self.inquiry.lens:
            self.inquiry.lens = lens
            self.answer()
