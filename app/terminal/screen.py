# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal's screen is redrawn in place ten times a second: the board, the console, and the line that is typed."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from app.terminal.drawing import Marks, in_columns
from app.terminal.driver import TerminalDriver
from app.terminal.line import ShellInput
from app.terminal.views import BoardView, Console

if TYPE_CHECKING:
    from app.terminal.board import Board
    from app.terminal.completing import Completer
    from app.terminal.history import History

REDRAW_S = 0.1
"""Seconds between two redrawings."""
LOOKS = 2
"""Number of looks at what the engine has told from one redrawing to the next."""
RAREST = 16
"""Most redrawings from one that is drawn to the next, where the terminal is at the end of a slow link."""
EASY = 50
"""Number of redrawings that a link takes without standing still before it is given twice as many."""


class _Ground(Screen[int]):
    """The ground lies below the views, which cover it."""

    BLANK = True


class TerminalScreen(App[int]):
    """The terminal's screen has three widgets: what is repainted costs by their number.

    Parameters
    ----------
    listen
        Lets what the engine tells arrive; called often.
    run
        Carries a line out.
    leave
        Begins to leave; the screen is closed by ``exit``.
    said
        Lines that the console begins with, with their levels.

    Attributes
    ----------
    failure
        Error for which the screen was closed, or None.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: #101312; color: #e6ece9; overflow: hidden; layers: base; }
    ShellInput { dock: bottom; width: 100%; height: 1; border: none; padding: 0;
                 background: #101312; border-left: outer #00ff88; }
    ShellInput.-ascii { border-left: ascii #00ff88; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(
        self,
        board: Board,
        marks: Marks,
        history: History,
        completer: Completer,
        *,
        listen: Callable[[], None],
        run: Callable[[str], None],
        leave: Callable[[], None],
        said: Iterable[tuple[str, str]] = (),
    ) -> None:
        is_plain = "NO_COLOR" in os.environ
        # Without colours the terminal's own are left as they are.
        super().__init__(driver_class=TerminalDriver, ansi_color=is_plain)
        self._board = BoardView(board, marks, is_plain=is_plain)
        self._console = Console(marks, is_plain=is_plain)
        self._listen, self._run, self._leave = listen, run, leave
        self._line = ShellInput(history, completer, self, marks.encoding)
        self._line.set_class(marks.rule.isascii(), "-ascii")
        self._hint: tuple[str, ...] = ()
        self._n_looks = 0
        self._rarity = 1
        self._n_easy = 0
        self._stuck = contextlib.ExitStack()
        self._is_stuck = False
        self.failure: Exception | None = None
        for text, level in said:
            self._console.say(text, level)

    def get_default_screen(self) -> Screen[int]:
        """Return what the views lie on."""
        return _Ground(id="_default")

    def compose(self) -> ComposeResult:
        """Put the board above the console, and below both the line that is typed."""
        yield self._board
        yield self._console
        yield self._line

    def on_mount(self) -> None:
        """Begin to redraw and to listen."""
        self.animation_level = "none"
        self._line.focus()
        self.app_resume_signal.subscribe(self, self._on_resumed)
        self.redraw()
        self.set_interval(REDRAW_S / LOOKS, self._look)

    def say(self, text: str, level: str) -> None:
        """Write lines in the console."""
        self._hint = ()
        self._console.say(text, level)

    def leave(self) -> None:
        """Begin to leave."""
        self._leave()

    def action_leave(self) -> None:
        """Begin to leave, by a key."""
        self.leave()

    def submit(self, line: str) -> None:
        """Carry a line out."""
        self._console.scroll_to_end()
        self._console.mark()
        self.say(f"> {line}", "answer")
        self._run(line)
        self._console.show_since_mark()
        self.redraw()

    def list_words(self, words: tuple[str, ...]) -> None:
        """List in columns what may stand where the cursor does, once."""
        if words == self._hint:
            return
        # Files are listed by their names, without the folder that was typed.
        shared = os.path.commonprefix(words).rpartition("/")  # noqa: RUF071 - what was typed is cut off
        self.say("\n".join(in_columns([one[len(shared[0] + shared[1]) :] for one in words], self.size.width)), "debug")
        self._hint = words

    def scroll_by(self, pages: int) -> None:
        """Scroll the console up by so many pages."""
        self._console.scroll_by(pages)

    def on_resize(self) -> None:
        """Fit the board into another size."""
        self.redraw()

    def _handle_exception(self, error: Exception) -> None:
        # Told in a sentence by who runs the screen, rather than with everything that was known at that moment.
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _on_resumed(self, _app: App[Any]) -> None:
        # The shell's screen was shown meanwhile: nothing of this one is there any more, whether it changes or not.
        self.refresh(repaint=True, layout=True)

    def _look(self) -> None:
        self._listen()
        self._n_looks += 1
        self._give_way()
        if not self._is_stuck and self._n_looks % (LOOKS * self._rarity) == 0:
            self.redraw()

    def redraw(self) -> None:
        """Draw the board as it is now."""
        self._board.redraw()

    def _give_way(self) -> None:
        """Paint nothing while the terminal does not take what was sent, and less often where that happens.

        What would be written stands in a queue that is short: when that is full, everything here would stand still.
        """
        if takes_more():
            self._n_easy += 1
            if self._is_stuck:
                self._is_stuck = False
                self._stuck.close()
            elif self._n_easy > EASY * LOOKS * self._rarity:
                self._n_easy, self._rarity = 0, max(self._rarity // 2, 1)
        elif not self._is_stuck:
            self._is_stuck, self._n_easy, self._rarity = True, 0, min(self._rarity * 2, RAREST)
            self._stuck.enter_context(self.batch_update())


def takes_more() -> bool:
    """Return whether the terminal takes what is written at once; True where that is not known."""
    # To which the screen is drawn.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        assert sys.__stderr__ is not None
        return bool(select.select((), (sys.__stderr__,), (), 0)[1])
    return True
