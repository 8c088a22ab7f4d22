"""Which machine a session without a screen runs on: compiled code only where a run is long enough to need it."""

from __future__ import annotations

from gpdebug.debugger.moment import MachineType
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings
from vm.state import Pause

QUICK_STEPS = 20_000
"""Steps that the reference machine makes in less time than the compiled one takes to load."""


def machine_for(program: Program, data: bytes, settings: Settings) -> MachineType:
    """The reference machine for a run that is soon over, else the compiled one, which is loaded first.

    Raises:
        VMError: the program or its input cannot be loaded.
    """
    if ReferenceMachine(program, data, settings).run(budget=QUICK_STEPS) is Pause.ENDED:
        return ReferenceMachine
    from vm.machine import Machine

    return Machine
