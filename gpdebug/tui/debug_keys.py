"""The keys of the debug screen: letters first, upper case is the same backwards."""

from __future__ import annotations

from textual.binding import BindingType

from gpdebug.tui.keymap import APP, MOVE, RUN, STOPS, VIEW, bind

DEBUG_KEYS: list[BindingType] = [
    bind("s,f11,right", "step", "step", id="debug.step", group=RUN, tip="one instruction; 20s steps twenty"),
    bind("S,left", "step_back", "back", id="debug.step_back", group=RUN, tip="one instruction back; 20S takes twenty"),
    bind("n,f10", "over", "over", id="debug.over", group=RUN, tip="over a loop or a group of equal instructions"),
    bind("N", "over_back", "over back", id="debug.over_back", group=RUN, tip="the same backwards", show=False),
    bind("c,f5", "continue", "run", id="debug.continue", group=RUN, tip="run to the next stop or the end"),
    bind("C", "continue_back", "run back", id="debug.continue_back", group=RUN, tip="run backwards to a stop",
         show=False),
    bind("space", "play", "play", id="debug.play", group=RUN, tip="play at the chosen speed; pauses whatever runs"),
    bind("plus,equals_sign", "faster", "faster", id="debug.faster", group=RUN, tip="play faster", show=False),
    bind("minus", "slower", "slower", id="debug.slower", group=RUN, tip="play slower", show=False),
    bind("b,f9", "breakpoint", "break", id="debug.breakpoint", group=STOPS,
         tip="set or remove a breakpoint at the cursor"),
    bind("B", "edit_breakpoint", "edit break", id="debug.edit_breakpoint", group=STOPS, show=False,
         tip="condition, hit rule and message of a stop at the cursor"),
    bind("m", "snapshot", "snap", id="debug.snapshot", group=STOPS, tip="take a snapshot of this moment"),
    bind("d", "diff", "diff", id="debug.diff", group=STOPS, tip="compare snapshots, the start, the last stop, now"),
    bind("t", "to_cursor", "cursor", id="debug.to_cursor", group=MOVE, tip="run until pc is at the cursor"),
    bind("T", "to_cursor_back", "cursor back", id="debug.to_cursor_back", group=MOVE, show=False,
         tip="go back to when pc was at the cursor"),
    bind("f,shift+f11", "out", "out", id="debug.out", group=MOVE, tip="out of the loop around pc"),
    bind("F", "out_back", "out back", id="debug.out_back", group=MOVE, tip="back to where the loop began", show=False),
    bind("p", "pass", "pass", id="debug.pass", group=MOVE, tip="to the loop's next pass", show=False),
    bind("P", "pass_back", "pass back", id="debug.pass_back", group=MOVE, show=False,
         tip="back to where a pass of the loop began"),
    bind("g", "go_to", "go", id="debug.go_to", group=MOVE, tip="a step, 37%, #instruction or @cell"),
    bind("left_square_bracket", "visit(-1)", "earlier", id="debug.earlier", group=MOVE, show=False,
         tip="the moment you looked at before this one"),
    bind("right_square_bracket", "visit(1)", "later", id="debug.later", group=MOVE, show=False,
         tip="the moment you looked at after this one"),
    bind("r", "restart", "restart", id="debug.restart", group=MOVE, tip="to step 0; stops and snapshots stay",
         show=False),
    bind("v", "view", "view", id="debug.view", group=VIEW, tip="program as a grid, a listing, or both", show=False),
    bind("x", "format", "hex", id="debug.format", group=VIEW, tip="memory in hex, decimal, signed, characters",
         show=False),
    bind("a", "shade", "heat", id="debug.shade", group=VIEW, show=False,
         tip="backgrounds: heat (how often), coverage (whether), or none"),
    bind("slash", "find", "find", id="debug.find", group=VIEW, tip="bytes or text in memory", show=False),
    bind("l", "next_panel", "lists", id="debug.next_panel", group=VIEW, tip="stops, snapshots, log", show=False),
    bind("i", "case", "input", id="debug.case", group=VIEW, tip="another case, or an input of your own"),
    bind("colon", "command", "command", id="debug.command", group=APP, tip="the command line"),
    bind("escape", "escape", "close", id="debug.escape", group=APP, show=False,
         tip="stop what runs, forget a typed count, leave the screen"),
]  # fmt: skip
