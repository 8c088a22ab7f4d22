"""The keys of the explain screen."""

from __future__ import annotations

from textual.binding import BindingType

from gpdebug.tui.explained import Tab
from gpdebug.tui.keymap import APP, FIND, MOVE, OPEN, VIEW, bind

EXPLAIN_KEYS: list[BindingType] = [
    bind("enter", "go", "to the moment", id="explain.go", group=OPEN,
         tip="go to the moment of the node in the debugger"),
    bind("y", "ask", "ask", id="explain.ask", group=OPEN, tip="ask about another output byte, a cell or a jump"),
    bind("o", "turn(1)", "next byte", id="explain.next", group=OPEN, tip="ask about the next output byte or cell"),
    bind("O", "turn(-1)", "byte before", id="explain.previous", group=OPEN, show=False,
         tip="ask about the output byte or cell before"),
    bind("w", "what_if", "what if", id="explain.what_if", group=OPEN,
         tip="change something about the run, and see what comes of it: mem[3]=7 @120, blank 12, flip @88"),
    bind("n", "why_not", "why not", id="explain.why_not", group=OPEN,
         tip="why a cell was never written, an instruction never executed, a byte never output"),
    bind("i", "case", "input", id="explain.case", group=OPEN, tip="ask the same about another case or input"),
    bind("v", "kind('value')", "values", id="explain.value", group=VIEW,
         tip="follow values: the last write of the cell that is read"),
    bind("c", "kind('control')", "control", id="explain.control", group=VIEW,
         tip="follow control: the test that let a step run"),
    bind("a", "kind('address')", "addresses", id="explain.address", group=VIEW,
         tip="follow addresses: the moves of a head that decide which cell it is"),
    bind("d", "kind('code')", "code", id="explain.code", group=VIEW, show=False,
         tip="follow code: the last write of the instruction itself"),
    bind("m", "keep", "keeps", id="explain.keep", group=VIEW,
         tip="a minimal core that keeps something else: errors, outputs, the byte that is asked about"),
    bind("r", "reorder", "other order", id="explain.reorder", group=VIEW,
         tip="a minimal core by deleting in another, random order"),
    bind("s", "sort", "sort", id="explain.sort", group=FIND, tip="sort by a column; once more turns it round"),
    bind("plus,equals_sign", "prune(1)", "more", id="explain.more", group=VIEW, tip="show more of the circuit"),
    bind("minus", "prune(-1)", "less", id="explain.less", group=VIEW, tip="show less of the circuit"),
    bind("f,space", "fold", "fold", id="explain.fold", group=VIEW,
         tip="take a loop or equal steps apart, or fold the loop around a step"),
    bind("F", "fold_site", "fold site", id="explain.fold_site", group=VIEW, show=False,
         tip="all instances of an instruction as one node, or apart"),
    bind("e", "open_control", "control here", id="explain.open", group=VIEW, show=False,
         tip="follow control at this node alone, or no longer"),
    bind("S", "skips", "skips", id="explain.skips", group=VIEW, show=False,
         tip="look for tests that bypassed a loop which would have written a cell"),
    bind("z", "zoom(-1)", "zoom out", id="explain.zoom_out", group=VIEW, show=False,
         tip="write less at each node: its symbols, or its mark alone"),
    bind("Z", "zoom(1)", "zoom in", id="explain.zoom_in", group=VIEW, show=False, tip="write more at each node"),
    *(
        bind(str(number), f"show_tab('{tab}')", tab, id=f"explain.tab{number}", group=MOVE, show=False,
             tip=f"the tab {tab}")
        for number, tab in enumerate(Tab, 1)
    ),
    bind("t", "tab(1)", "next tab", id="explain.next_tab", group=MOVE, show=False),
    bind("T", "tab(-1)", "tab before", id="explain.tab_before", group=MOVE, show=False),
    bind("escape,q", "leave", "back", id="explain.back", group=APP, tip="stop what is being worked out, or go back"),
]  # fmt: skip
