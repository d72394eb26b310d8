# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal's screen is redrawn in place ten times a second: the board, the console, and the line that is typed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import sys
import termios
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, RichLog

from app.terminal.drawing import Row

if TYPE_CHECKING:
    from app.terminal.board import Board
    from app.terminal.completing import Completer
    from app.terminal.history import History

REDRAW_S = 0.1
"""Seconds between two redrawings."""
LOOKS = 2
"""Number of looks at what the engine has told from one redrawing to the next."""
NEAR = 2
"""Number of rows from one that changed to the next that are repainted with them rather than apart."""
MOST_UNSENT = 256
"""Number of bytes that may wait for the terminal; with more, on a slow link, the next redrawing is left out."""
MOST_LINES = 1000
ACCENT = "#00ff88"
STYLES = {
    "": Style(),
    "bold": Style(bold=True),
    "dim": Style(color="#8a9a92"),
    "accent": Style(color=ACCENT),
    "warning": Style(color="#ffb454"),
    "head": Style(color="#ffffff", bold=True, reverse=True),
}
SAID = {"answer": "", "info": "dim", "debug": "dim", "warning": "warning", "error": "warning"}
"""Styles of console lines by their levels."""


class BoardView(Widget):
    """The board's view repaints those rows that have changed."""

    DEFAULT_CSS = "BoardView { height: auto; width: 100%; }"

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._rows: list[Row] = []

    def redraw(self) -> None:
        """Draw the board as it is now."""
        width, height = self.app.size
        n_rows = self._board.n_rows(height)
        if self.styles.height is None or self.styles.height.value != n_rows:
            self.styles.height = n_rows
        rows = self._board.rows(width, height)
        before, self._rows = self._rows, rows
        changed = [at for at, row in enumerate(rows) if at >= len(before) or row != before[at]]
        # Each region costs as much as several rows.
        if regions := [Region(0, first, width, last + 1 - first) for first, last in joined(changed)]:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else []
        return Strip([Segment(text, STYLES[style]) for text, style in row]).adjust_cell_length(self.size.width)


def joined(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last rows of stretches that hold all of ``rows``, which ascend."""
    out: list[tuple[int, int]] = []
    for row in rows:
        if out and row - out[-1][1] <= NEAR:
            out[-1] = (out[-1][0], row)
        else:
            out.append((row, row))
    return out


class ShellInput(Input):
    """The shell's line completes by Tab and goes through the history by the arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "back", show=False),
        Binding("down", "forth", show=False),
        Binding("tab", "complete", show=False),
        # Enter, as it was typed before the screen was there.
        Binding("ctrl+j", "submit", show=False),
        Binding("ctrl+l", "redraw", show=False),
        Binding("ctrl+d", "leave_if_empty", show=False),
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(
        self, history: History, completer: Completer, *, hint: Callable[[str], None], submit: Callable[[str], None]
    ) -> None:
        super().__init__(placeholder="help", suggester=_Remembering(history), compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._history, self._completer, self._hint, self._submit = history, completer, hint, submit

    async def _on_key(self, event: events.Key) -> None:
        # Here, each key has its turn among the letters; as bindings they come after those that were typed meanwhile.
        for bound in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(bound.action)
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        # Lines become one: what is pasted is a prompt.
        super()._on_paste(events.Paste(" ".join(event.text.split("\n"))))
        event.stop()

    async def action_submit(self) -> None:
        line, self.value = self.value.strip(), ""
        if line:
            self._history.add(line)
            self._submit(line)

    def action_back(self) -> None:
        self._put(self._history.back(self.value))

    def action_forth(self) -> None:
        self._put(self._history.forth())

    def action_complete(self) -> None:
        found = self._completer.complete(self.value[: self.cursor_position])
        if not found.words:
            return
        rest = self.value[self.cursor_position :]
        begun = self.value[: found.start] + found.common()
        if len(found.words) == 1:
            begun += "" if begun.endswith("/") or rest.startswith(" ") else " "
        else:
            self._hint("  ".join(found.words))
        self._put(begun + rest, len(begun))

    def action_redraw(self) -> None:
        self.app.refresh(repaint=True, layout=True)

    def action_leave_if_empty(self) -> None:
        if self.value:
            self.action_delete_right()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        app = self.app
        assert isinstance(app, TerminalScreen)
        app.leave()

    def action_page(self, pages: int) -> None:
        log = self.app.query_one(RichLog)
        log.scroll_relative(y=pages * max(log.size.height - 1, 1), animate=False)

    def _put(self, text: str, at: int | None = None) -> None:
        self.value = text
        self.cursor_position = len(text) if at is None else at


class _Remembering(Suggester):
    """This suggester goes on with the latest line of the history that begins so."""

    def __init__(self, history: History) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._history = history

    async def get_suggestion(self, value: str) -> str | None:
        return self._history.latest(value) or None


class TerminalScreen(App[int]):
    """The terminal's screen has three widgets: what is repainted costs by their number.

    Parameters
    ----------
    plain
        Whether the terminal has only letters to draw with.
    listen
        Lets what the engine tells arrive; called often.
    run
        Carries a line out.
    leave
        Begins to leave; the screen is closed by ``exit``.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: #101312; color: #e6ece9; overflow: hidden; layers: base; }
    RichLog { height: 1fr; background: #101312; scrollbar-size: 0 0; padding: 0; }
    ShellInput { width: 100%; background: #101312; border: none; border-left: outer #00ff88; padding: 0; height: 1; }
    ShellInput.-plain { border-left: ascii #00ff88; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(
        self,
        board: Board,
        history: History,
        completer: Completer,
        *,
        listen: Callable[[], None],
        run: Callable[[str], None],
        leave: Callable[[], None],
        said: Iterable[tuple[str, str]] = (),
        plain: bool = False,
    ) -> None:
        # Without colours the terminal's own are left as they are.
        super().__init__(ansi_color="NO_COLOR" in os.environ)
        self._board = BoardView(board)
        self._listen, self._run, self._leave = listen, run, leave
        self._line = ShellInput(history, completer, hint=lambda text: self.say(text, "debug"), submit=self.submit)
        self._line.set_class(plain, "-plain")
        self._said = list(said)
        self._lines: list[tuple[str, str]] = []
        self._width = 0
        self._n_looks = 0
        self._is_there = False

    def compose(self) -> ComposeResult:
        """Put the board above the console, and below both the line that is typed."""
        yield self._board
        log = RichLog(wrap=True, max_lines=MOST_LINES, min_width=1, auto_scroll=True)
        log.can_focus = False
        yield log
        yield self._line

    def on_mount(self) -> None:
        """Begin to redraw and to listen."""
        self._is_there = True
        self.animation_level = "none"
        self._line.focus()
        self._board.redraw()
        self.set_interval(REDRAW_S / LOOKS, self._look)
        for text, level in self._said:
            self.say(text, level)

    def say(self, text: str, level: str) -> None:
        """Write lines in the console; lines that are said before it is there come first."""
        if not self._is_there:
            self._said.append((text, level))
            return
        self._lines = [*self._lines[-MOST_LINES:], (text, level)]
        self._write(text, level)

    def _write(self, text: str, level: str) -> None:
        plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
        self.query_one(RichLog).write(Text(plain, style=STYLES[SAID.get(level, "")]))

    def leave(self) -> None:
        """Begin to leave."""
        self._leave()

    def action_leave(self) -> None:
        """Begin to leave, by a key."""
        self.leave()

    def submit(self, line: str) -> None:
        """Carry a line out."""
        self.say(f"> {line}", "answer")
        self._run(line)
        self._board.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the board and the console's lines into another size."""
        self._board.redraw()
        if event.size.width != self._width and self._is_there:
            self._width = event.size.width
            log = self.query_one(RichLog)
            log.clear()
            for text, level in self._lines:
                self._write(text, level)

    def _look(self) -> None:
        self._listen()
        self._n_looks += 1
        if self._n_looks % LOOKS == 0:
            self._redraw()

    def _redraw(self) -> None:
        if unsent_bytes() <= MOST_UNSENT:
            self._board.redraw()


def unsent_bytes() -> int:
    """Return how many bytes wait for the terminal to take them; 0 where that is not known."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        # To which the screen is drawn.
        stream = sys.__stderr__
        assert stream is not None
        answer = fcntl.ioctl(stream.fileno(), termios.TIOCOUTQ, b"\0" * 4)
        return int(struct.unpack("i", answer)[0])
    return 0
