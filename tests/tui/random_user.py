"""A user who presses, clicks, types and resizes at random, always the same way for a seed, on any screen."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from random import Random

from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import key_to_character
from textual.pilot import Pilot

from gpdebug.tui.all_keys import named_keys
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.motion import MotionScreen
from gpdebug.tui.screens.notice import TooSmallScreen
from tests.tui.waiting import settle

SIZES = ((80, 24), (80, 24), (100, 30), (120, 36), (160, 45), (200, 50), (61, 17), (90, 16), (250, 70), (40, 12),
         (59, 30), (80, 15), (1, 1), (3, 2))  # fmt: skip
ROOMY = (80, 24)
COMMON = ("enter", "enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "pageup", "pagedown", "home",
          "end", "backspace", "delete", "space", *"0123456789")  # fmt: skip
ODD = ("ctrl+x", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+w", "ctrl+v", "alt+x", "f2", "f12", "shift+up", "ctrl+left", "é",
       "中", "\N{GRINNING FACE}", "q", "y", "z", "ctrl+end", "insert", "ctrl+shift+s")  # fmt: skip
ASKING = ("g", "slash", "E", "e", "i", "f", "k", "b", "B", "o", "p", "x", "s", "y", "y", "I", "X", "w", "n")
"""Keys after which some screen asks for something."""
DRAWN = 0.3
"""Share of the moments between two deeds at which there is time to draw."""
LAST = 60
"""Events that are told when something is wrong."""


class RandomUser:
    """Drives an application, event by event.

    Attributes:
        random: the only source of chance.
        done: events so far.
        log: the last of them.
        counts: how many there were of each kind.
    """

    def __init__(self, pilot: Pilot[None], random: Random, text: Callable[[], str], frame: Callable[[], None]) -> None:
        """Takes an application.

        Args:
            pilot: of it.
            random: the only source of chance.
            text: makes a line to type.
            frame: called before each frame.
        """
        self.app = pilot.app
        assert isinstance(self.app, GpdebugApp)
        self._text = text
        self._frame = frame
        self.random = random
        self.done = 0
        self.log: deque[str] = deque(maxlen=LAST)
        self.counts: Counter[str] = Counter()
        self._keys = sorted({key for each in named_keys() for key in each.keys.split(",")} - {"ctrl+q", "escape"})
        self._deeds: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._press_some, 50), (self._click, 14), (self._drag, 2), (self._scroll, 2), (self._point, 2),
            (self._type_line, 10), (self._type_into, 3), (self._resize, 3), (self._paste, 2), (self._call_palette, 1),
        ]  # fmt: skip

    async def act(self, events_wanted: int) -> None:
        """Does so many things, and waits until the application has done with them."""
        deeds, weights = zip(*self._deeds, strict=True)
        end = self.done + events_wanted
        while self.done < end:
            (deed,) = self.random.choices(deeds, weights)
            await deed()
            await self.settle()
            if self.random.random() < DRAWN:
                self.draw()
        await self.rest()

    async def press(self, *keys: str) -> None:
        """Presses keys, as fast as a terminal hands them on."""
        for key in keys:
            character = key_to_character(key) or (key if len(key) == 1 else None)
            self._note("key", key)
            self.app.post_message(events.Key(key, character))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Gives the terminal another size."""
        self._note("resize", f"{width}x{height}")
        size = Size(width, height)
        assert isinstance(self.app._driver, HeadlessDriver)
        self.app._driver._size = size
        self.app.post_message(events.Resize(size, size))
        await self.settle()

    async def settle(self) -> None:
        """Waits until keys and clicks have come to what they are for; drawing goes on at its own pace."""
        await settle(self.app)

    async def rest(self) -> None:
        """Waits until nothing is on its way any more, and all of it is drawn."""
        for _ in range(3):
            await self.settle()
            self.draw()
        await self.settle()

    def draw(self) -> None:
        """Lets a frame pass: what was asked for is drawn, a program that plays goes on."""
        self._frame()
        screen = self.app.screen
        screen._on_timer_update()
        if isinstance(screen, MotionScreen):
            screen.play_frame()

    def _note(self, kind: str, what: str) -> None:
        self.done += 1
        self.counts[kind] += 1
        self.log.append(f"{kind} {what!r}")

    async def _press_some(self) -> None:
        pools = (self._keys, self._keys, COMMON, COMMON, ODD)
        await self.press(*(self.random.choice(self.random.choice(pools)) for _ in range(self.random.randrange(1, 32))))

    def _anywhere(self) -> tuple[int, int]:
        width, height = self.app.size
        return self.random.randrange(max(1, width)), self.random.randrange(max(1, height))

    def _mouse(self, kind: type[events.MouseEvent], x: int, y: int, button: int, shift: bool = False) -> None:
        self.app.post_message(kind(None, x, y, 0, 0, button, shift, False, False, x, y))

    async def _click(self) -> None:
        x, y = self._anywhere()
        times, button = self.random.choice((1, 1, 1, 2, 3)), self.random.choice((1, 1, 1, 1, 2, 3))
        shift = self.random.random() < 0.1
        for _ in range(times):
            self._note("click", f"{x},{y} button {button}")
            self._mouse(events.MouseDown, x, y, button, shift)
            self._mouse(events.MouseUp, x, y, button, shift)

    async def _drag(self) -> None:
        x, y = self._anywhere()
        self._note("drag", f"from {x},{y}")
        self._mouse(events.MouseDown, x, y, 1)
        for _ in range(self.random.randrange(1, 4)):
            x, y = self._anywhere()
            self._note("drag", f"{x},{y}")
            self._mouse(events.MouseMove, x, y, 1)
        self._mouse(events.MouseUp, x, y, 1)

    async def _scroll(self) -> None:
        x, y = self._anywhere()
        kind = self.random.choice((events.MouseScrollDown, events.MouseScrollUp))
        for _ in range(self.random.randrange(1, 6)):
            self._note("scroll", f"{kind.__name__} {x},{y}")
            self._mouse(kind, x, y, 0)

    async def _point(self) -> None:
        for _ in range(self.random.randrange(1, 4)):
            x, y = self._anywhere()
            self._note("point", f"{x},{y}")
            self._mouse(events.MouseMove, x, y, 0)

    async def _paste(self, text: str | None = None) -> None:
        text = self._text() if text is None else text
        self._note("paste", text)
        self.app.post_message(events.Paste(text))

    async def _type_line(self) -> None:
        """Enters a line: opens the command line if there is one, then leaves it."""
        text = self._text()
        await self.press("colon")
        if self.random.random() < 0.1:
            await self.press(*text[:20], "tab", "enter")
        else:
            await self._paste(text)
            await self.settle()
            await self.press("enter")
        await self.press("escape")

    async def _type_into(self) -> None:
        """Answers whatever one of the keys that ask for something asks for."""
        await self.press(self.random.choice(ASKING))
        await self._paste(
            self.random.choice(
                (
                    self._text(),
                    "5",
                    "50%",
                    "#3",
                    "@7",
                    "0x61",
                    "length < 9",
                    "mem[3]",
                    "out[0]",
                    "jump@0",
                    "mem[2]@3",
                    "blank 2",
                    "flip @1",
                    "mem[1]+=1",
                    "12",
                )
            )
        )
        await self.settle()
        await self.press("enter")

    async def _resize(self) -> None:
        await self.resize(*self.random.choice(SIZES))

    async def _call_palette(self) -> None:
        await self.press("ctrl+p")
        await self._paste(self.random.choice(("break", "step", "theme", "view", "diff", "run", "mark", "zzz", "m", "")))
        await self.settle()
        await self.press(*["down"] * self.random.randrange(4), "enter")

    # coming back

    async def come_back(self, home: Callable[[], bool]) -> None:
        """Goes back, by Esc alone, to a screen that is large enough to be looked at.

        Args:
            home: whether it is there.
        """
        await self.resize(*ROOMY)
        await self.rest()
        for _ in range(12):
            assert not isinstance(self.app.screen, TooSmallScreen), "covered for no reason"
            if home():
                return
            await self.press("escape")
            await self.rest()
        raise AssertionError(f"Esc does not lead out of {self.app.screen_stack}")
