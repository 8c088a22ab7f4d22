"""The command language as one table: words, aliases, help and examples, from which help and completion are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What commands are about; help lists them in this order."""

    FORWARD = "forwards"
    BACKWARD = "backwards"
    GO = "anywhere"
    FIND = "find"
    STOPS = "stops"
    SNAPSHOTS = "snapshots"
    KEEP = "kept in sight"
    EDIT = "changing the past"
    SHOW = "show"


class Completes(StrEnum):
    """What a command's argument is, for completion."""

    NOTHING = "nothing"
    STOPS = "the number of a stop"
    SNAPSHOTS = "a snapshot"
    MOMENTS = "a snapshot or now"
    DISPLAYS = "the number of a display"
    BOOKMARKS = "a bookmark"
    BRANCHES = "a branch"
    TARGETS = "what can be set"
    KEPT = "a snapshot or a bookmark"
    MARKS = "a moment to measure changes from"
    TOPICS = "a topic of info"
    PLACES = "a place in the run"
    EVENTS = "an event"
    WORDS = "a command"


@dataclass(frozen=True, slots=True)
class Word:
    """One command.

    Attributes:
        name: its full word; any beginning of it that is unique will do.
        aliases: its short forms.
        usage: how it is written.
        help: what it does.
        examples: of it.
        group: what it is about.
        repeats: an empty line does it again.
        counts: it takes a count, which may also stand before it (`20s`).
        completes: what its argument is.
    """

    name: str
    aliases: tuple[str, ...]
    usage: str
    help: str
    examples: tuple[str, ...]
    group: Group
    repeats: bool = False
    counts: bool = False
    completes: Completes = Completes.NOTHING

    @property
    def summary(self) -> str:
        """The first sentence of its help."""
        return self.help.split(". ")[0].rstrip(".")


TABLE: tuple[Word, ...] = (
    Word("step", ("s", "si", "stepi"), "step [N]",
         "Execute one instruction, or N.",
         ("step", "s 20", "20s"), Group.FORWARD, repeats=True, counts=True),
    Word("next", ("n", "ni", "nexti"), "next [N]",
         "Execute one instruction, or the whole loop that it enters. It stops just after the loop's close.",
         ("next", "n 3"), Group.FORWARD, repeats=True, counts=True),
    Word("group", ("ng",), "group [N]",
         "Execute the equal instructions that follow each other from here. At a bracket it is next.",
         ("group",), Group.FORWARD, repeats=True, counts=True),
    Word("finish", ("f", "fin"), "finish [N]",
         "Run out of the loop around this instruction. It stops just after the loop's close.",
         ("finish",), Group.FORWARD, repeats=True, counts=True),
    Word("pass", (), "pass [N]",
         "Run to the next pass of the loop around this instruction. After the last pass it is out of the loop.",
         ("pass", "pass 5"), Group.FORWARD, repeats=True, counts=True),
    Word("byte", ("ob",), "byte [N]",
         "Run to just after the next output byte, or the N-th. Where output is a region of the memory, it is the next "
         "change of a cell of it.",
         ("byte", "byte 3"), Group.FORWARD, repeats=True, counts=True),
    Word("until", ("t", "u", "advance"), "until INSTRUCTION",
         "Run until pc is at an instruction.",
         ("until 12",), Group.FORWARD, repeats=True),
    Word("continue", ("c", "cont"), "continue [N]",
         "Run until a stop fires, the N-th from here, or to the end.",
         ("continue", "c"), Group.FORWARD, repeats=True, counts=True),
    Word("reverse-step", ("rs", "rsi"), "reverse-step [N]",
         "Take one instruction back, or N.",
         ("reverse-step", "rs 20"), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-next", ("rn", "rni"), "reverse-next [N]",
         "Take one instruction back, or the whole loop that was just left. It stops at the loop's open.",
         ("rn",), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-group", ("rg",), "reverse-group [N]",
         "Take back the equal instructions that led here.",
         ("rg",), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-finish", ("rf",), "reverse-finish [N]",
         "Go back to before the loop around this instruction. It stops at the loop's open.",
         ("rf",), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-pass", ("rp",), "reverse-pass [N]",
         "Go back to the beginning of this pass of the loop, or of the pass before. From the first it is the loop's "
         "open.",
         ("rp",), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-byte", ("rb",), "reverse-byte [N]",
         "Go back to just after the output byte before, or the N-th before.",
         ("rb",), Group.BACKWARD, repeats=True, counts=True),
    Word("reverse-until", ("rt", "ru"), "reverse-until INSTRUCTION",
         "Go back to the last time that pc was at an instruction.",
         ("rt 12",), Group.BACKWARD, repeats=True),
    Word("reverse-continue", ("rc",), "reverse-continue [N]",
         "Go back to the last time a stop fired, the N-th from here, or to step 0.",
         ("reverse-continue", "rc"), Group.BACKWARD, repeats=True, counts=True),
    Word("goto", ("g",), "goto STEP|+N|-N|SHARE%|start|end|BOOKMARK|mark",
         "Go to a step of the run, past any stop.",
         ("goto 1204", "g 50%", "g +100", "g end", "g b1"), Group.GO, completes=Completes.PLACES),
    Word("restart", ("r", "run"), "restart",
         "Go to step 0. Stops and snapshots stay.",
         ("restart",), Group.GO),
    Word("back", (), "back",
         "Go to the moment looked at before this one.",
         ("back",), Group.GO, repeats=True),
    Word("forward", (), "forward",
         "Go to the moment looked at after this one.",
         ("forward",), Group.GO, repeats=True),
    Word("find", (), "find[/g] last|next|first|N|all|count [KIND] CELLS | at INSTRUCTION | when EXPRESSION",
         "When something happens in the whole run, without going there; with /g go there. KIND is write (or nothing), "
         "change, read or access; 'at' is an instruction about to run, 'when' an expression becoming true. 'find "
         "output N' is when byte N of the output was written, 'find split OTHER' where this run and that of case:N, "
         "id:N, parent or branch:N first differ.",
         ("find last 4", "find first read 3..7", "find 5 at 3", "find all at 3", "find/g last when cell0 > 9",
          "find output 2", "find split case:2"), Group.FIND),
    Word("last", (), "last [KIND] CELLS | at INSTRUCTION | when EXPRESSION",
         "Go to the last time before now: of a write to cells, or as for find.",
         ("last 4", "last read mem[h0]", "last when mem[3] > 5"), Group.FIND, repeats=True),
    Word("coming", (), "coming [KIND] CELLS | at INSTRUCTION | when EXPRESSION",
         "Go to the next time after now: of a write to cells, or as for find.",
         ("coming 4", "coming change 3..7"), Group.FIND, repeats=True),
    Word("why", (), "why out[N]|mem[N]|jump [KINDS] | why not out[N]|mem[N]|INSTRUCTION",
         "Why a byte of the output or a cell is what it is now, or why the bracket at pc jumps or not. It lists the "
         "steps that this depends on, by value, or by the kinds that are given: value, control, address, code, all. "
         "'why not' says why a byte was not output, a cell not written or an instruction not executed up to now: the "
         "test that turned control away.",
         ("why mem[h0]", "why mem[3] value,control", "why mem[h1+1] all", "why not mem[3]", "why not 60"), Group.FIND),
    Word("what", (), "what if CHANGE[; CHANGE]...",
         "What comes of changes, without making them: 'blank 12' (an instruction does nothing), 'blank pair 2' (both "
         "brackets), 'blank @88' (that once), 'flip @88' (a test goes the other way), 'mem[3]=7 @80', 'h0+=1', "
         "'spare=3', \"input[0]='b'\", 'code[12]=+', 'take 3..8 of parent'. Without a step, tests and values are those "
         "of now. It tells the direct effect, on the same path, and the total one, of a run that goes by itself.",
         ("what if blank 12", "what if flip @2", "what if mem[h0]+=1", "what if blank 12; mem[3]=7 @80"), Group.FIND),
    Word("break", ("b", "br"),
         "break [INSTRUCTION] [if CONDITION] [hit RULE] [after STOP] [log|note TEXT] [once] [snapshot]",
         "Stop before an instruction, or this one. If there is a condition it must hold; a hit rule (== N, >= "
         "N, % N) says at which of the times it does, since step 0. 'after' waits until another stop has fired, 'log' "
         "writes a line and goes on, 'once' goes when it is hit, 'snapshot' takes one each time. Conditions know "
         "pc step h0 h1 mem[] in[] out[] len(in) len(out) cell0 cell1 hits.",
         ("break 12", "b 12 if mem[3] > 5", "b 12 if cell0 == 'a' hit >= 10", "b hit % 3", "b 12 after 1 snapshot"),
         Group.STOPS),
    Word("tbreak", ("tb",), "tbreak [INSTRUCTION] [if CONDITION] [hit RULE] ...",
         "A breakpoint that goes when a run stops at it.",
         ("tbreak 12",), Group.STOPS),
    Word("watch", (), "watch[/w] CELL|FROM..TO|mem[h0+N]|EXPRESSION [if CONDITION] [hit RULE] ...",
         "Stop after a step that changed cells, also relative to a head, or the value of an expression. With /w any "
         "write counts, of the same value too. The condition sees the new value; the rest is as for break.",
         ("watch 3", "watch 3..7 if cell0 > 9", "watch/w mem[h0+1]", "watch len(out) > 3", "watch h0 hit >= 10"),
         Group.STOPS),
    Word("rwatch", ("rw",), "rwatch CELL|FROM..TO|mem[h0+N] [if CONDITION] [hit RULE] ...",
         "Stop after a step that read cells. A bracket reads the cell that it tests.",
         ("rwatch 3", "rw 3..7"), Group.STOPS),
    Word("awatch", ("aw",), "awatch CELL|FROM..TO|mem[h0+N] [if CONDITION] [hit RULE] ...",
         "Stop after a step that read or wrote cells.",
         ("awatch 3",), Group.STOPS),
    Word("catch", (), "catch output|input|end|fault|limit|over [if CONDITION] [hit RULE] ...",
         "Stop after a step that wrote output or read input, or where the run ends: by itself, by a fault, by the step "
         "limit, or anyhow (over). An end stops a run in any case; caught, it can log and take snapshots.",
         ("catch output", "catch output if out[0] != 'h'", 'catch fault log "at {pc}"'), Group.STOPS,
         completes=Completes.EVENTS),
    Word("log", (), 'log INSTRUCTION "MESSAGE" [if CONDITION] [hit RULE] ...',
         "Write a line before an instruction, without stopping. An {expression} is filled in; conditions and "
         "hit rules are as for break.",
         ('log 12 "cell 3 is {mem[3]}"', 'log 5 "pass {hits}" hit % 100'), Group.STOPS),
    Word("condition", ("cond",), "condition STOP [CONDITION]",
         "Give a stop another condition, or none.",
         ("condition 1 mem[3] > 5", "condition 1"), Group.STOPS, completes=Completes.STOPS),
    Word("hit", (), "hit STOP [RULE]",
         "Give a stop another hit rule, or none. Rules are == N, >= N and % N, in hits since step 0.",
         ("hit 1 >= 10", "hit 1"), Group.STOPS, completes=Completes.STOPS),
    Word("after", (), "after STOP [OTHER]",
         "Have a stop wait until another has fired, or no longer.",
         ("after 2 1", "after 2"), Group.STOPS, completes=Completes.STOPS),
    Word("delete", ("d", "del"), "delete STOP...|all",
         "Delete stops.",
         ("delete 1", "d 1 2", "d all"), Group.STOPS, completes=Completes.STOPS),
    Word("enable", ("en",), "enable STOP...|all",
         "Let stops fire.",
         ("enable 1",), Group.STOPS, completes=Completes.STOPS),
    Word("disable", ("dis",), "disable STOP...|all",
         "Keep stops from firing, without deleting them.",
         ("disable 1", "disable all"), Group.STOPS, completes=Completes.STOPS),
    Word("snapshot", ("m", "snap"), "snapshot [NAME [NOTE]] | snapshot every N [from STEP] [to STEP]",
         "Give this moment a name. Without one it gets the next free letter. With 'every' one is taken every N "
         "steps, of the whole run or a part of it, and named after its step.",
         ("snapshot", "snapshot before_loop the input is copied", "snapshot every 1000 from 5000 to 20000"),
         Group.SNAPSHOTS),
    Word("restore", (), "restore NAME",
         "Go to the moment of a snapshot.",
         ("restore A",), Group.SNAPSHOTS, completes=Completes.SNAPSHOTS),
    Word("diff", (), "diff[/acj] [MOMENT [MOMENT]] [> FILE]",
         "What differs between two moments: the last stop and now, one and now, or any two. A moment is a snapshot, "
         "a bookmark, now, last (the last stop), mark, start, end, a step, 50%, +N, -N, or a snapshot file; "
         "or of another run: branch:N, case:N, id:N (an individual) or parent, at the same step or at one given, as in "
         "parent@500. With /a all cells are listed, with /c also those that changed and changed back, with /j it "
         "is JSON; a FILE that ends in .json gets JSON, any other one text.",
         ("diff", "diff A", "diff A B", "diff 12 50%", "diff/c mark", "diff/j A now", "diff A now > change.json"),
         Group.SNAPSHOTS, completes=Completes.MOMENTS),
    Word("since", (), "since [MOMENT]",
         "All that changed since the mark or another moment. Cells that hold again what they held then are listed, "
         "too, with how often they changed.",
         ("since", "since A", "since start"), Group.SNAPSHOTS, completes=Completes.MOMENTS),
    Word("forget", (), "forget NAME...|all",
         "Delete snapshots.",
         ("forget A", "forget A B", "forget all"), Group.SNAPSHOTS, completes=Completes.SNAPSHOTS),
    Word("save", (), "save NAME [FILE]",
         "Write a snapshot to a file, with the program it is of. Without a FILE it is NAME.snapshot.json here.",
         ("save A", "save A before.json"), Group.SNAPSHOTS, completes=Completes.SNAPSHOTS),
    Word("load", (), "load FILE [NAME]",
         "Read a snapshot from a file. It is refused if it is damaged, or not of this program, input and machine; "
         "then 'diff FILE' can still compare it.",
         ("load bug.json", "load bug.json before"), Group.SNAPSHOTS),
    Word("display", ("disp",), "display [[NAME =] EXPRESSION]|[N = EXPRESSION]",
         "Show an expression, perhaps under a name, at every stop, with what it was at the stop before. A number gives "
         "that display another expression; alone it shows all now.",
         ("display mem[3]", "display total = mem[3] + mem[4]", "display 1 = cell0"), Group.KEEP),
    Word("undisplay", ("undisp",), "undisplay N...|all",
         "Show expressions no longer.",
         ("undisplay 1", "undisplay all"), Group.KEEP, completes=Completes.DISPLAYS),
    Word("change", ("ch",), "change EXPRESSION|DISPLAY",
         "Run until an expression, or a display by its number, has another value.",
         ("change mem[3]", "change 1"), Group.KEEP, repeats=True, completes=Completes.DISPLAYS),
    Word("reverse-change", ("rch",), "reverse-change EXPRESSION|DISPLAY",
         "Go back to where an expression, or a display by its number, took another value.",
         ("reverse-change mem[3]", "rch 1"), Group.KEEP, repeats=True, completes=Completes.DISPLAYS),
    Word("bookmark", ("bm",), "bookmark [NAME] [NOTE]",
         "Give this moment a name to go to, keeping no state. Without one it gets the next free of b1, b2, …",
         ("bookmark", "bookmark sorted the list is in order here"), Group.KEEP),
    Word("bookmarks", (), "bookmarks",
         "List the bookmarks; 'goto NAME' goes to one.",
         ("bookmarks",), Group.KEEP),
    Word("unbookmark", ("unbm",), "unbookmark NAME...|all",
         "Delete bookmarks.",
         ("unbookmark b1", "unbookmark all"), Group.KEEP, completes=Completes.BOOKMARKS),
    Word("rename", (), "rename NAME NEW",
         "Give a bookmark or a snapshot another name.",
         ("rename b1 sorted",), Group.KEEP, completes=Completes.KEPT),
    Word("note", (), "note NAME|STOP [TEXT]",
         "Write a note about a bookmark, a snapshot or a stop, or remove it.",
         ("note b1 the list is in order here", "note b1", "note 2 the inner loop"), Group.KEEP,
         completes=Completes.KEPT),
    Word("mark", (), "mark [STEP|SNAPSHOT|BOOKMARK|off]",
         "Measure what changes from here, or from another moment. 'goto mark' goes there.",
         ("mark", "mark A", "mark 1204", "mark off"), Group.KEEP, completes=Completes.MARKS),
    Word("set", (), "set mem[CELL]|mem[FROM..TO]|cell0|cell1|pc|h0|h1|spare|code[INSTRUCTION]|input = VALUE",
         "Change something of this moment. The run as it was stays; what follows is a branch that shares its past. "
         "Values are expressions; cells, instructions and input also take bytes, as text in quotes or in hex after "
         "0x, repeated to fill a range. Of an input stream it sets what is not read yet.",
         ("set mem[3] = 7", "set mem[3..6] = 0", 'set mem[h0] = "ab"', "set mem[3] = 0x61 62", "set h0 = h1 + 1",
          "set pc = 5", "set code[12] = +", 'set input = "abc"'), Group.EDIT, completes=Completes.TARGETS),
    Word("branches", (), "branches",
         "List the branches: where they were forked, what was changed there, how long they are.",
         ("branches",), Group.EDIT),
    Word("branch", (), "branch NAME",
         "Name the branch that you stand on.",
         ("branch without_loop",), Group.EDIT),
    Word("switch", ("sw",), "switch BRANCH",
         "Go to another branch, to where you last stood on it.",
         ("switch 2", "switch main"), Group.EDIT, completes=Completes.BRANCHES),
    Word("delete-branch", (), "delete-branch BRANCH...",
         "Delete branches, with those that were forked from them.",
         ("delete-branch 2",), Group.EDIT, completes=Completes.BRANCHES),
    Word("state", (), "state [MOMENT]",
         "The whole state as JSON, as gpdebug run --json prints it.",
         ("state", "state A"), Group.SHOW, completes=Completes.MOMENTS),
    Word("where", ("when", "w"), "where",
         "Which step this is, why the run stands here, and what comes next.",
         ("where",), Group.SHOW),
    Word("print", ("p",), "print EXPRESSION",
         "What an expression is now.",
         ("print mem[3]", "p h1 - h0", "p len(out)"), Group.SHOW),
    Word("x", (), "x[/COUNT FORMAT b] [CELL]",
         "Cells of the memory, from head0 or an expression. Formats are hex (x), signed (d), unsigned (u) and "
         "characters (c).",
         ("x", "x/16xb 32", "x/8d h1"), Group.SHOW),
    Word("list", ("l",), "list [INSTRUCTION]",
         "The program around an instruction, in plain words.",
         ("list", "list 40"), Group.SHOW),
    Word("output", ("o",), "output",
         "The output so far, and the wanted one.",
         ("output",), Group.SHOW),
    Word("info", ("i",), "info stops|snapshots|displays|bookmarks|mark|registers|loops|run",
         "All there is of something.",
         ("info b", "info registers", "info loops"), Group.SHOW, completes=Completes.TOPICS),
    Word("help", ("h", "?"), "help [COMMAND]",
         "All commands, or one of them.",
         ("help", "help break"), Group.SHOW, completes=Completes.WORDS),
)  # fmt: skip
