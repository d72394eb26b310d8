# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen's views, the board and the console, keep their rows ready: the screen asks for all of them each time."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from app.terminal.drawing import Marks, Row, fitted, same_at_end, shown, wrapped

if TYPE_CHECKING:
    from app.terminal.board import Board

MOST_LINES = 1000
"""Number of lines that the console keeps."""
APART = 16
"""Number of unchanged cells that are repainted rather than that there is one more region: each costs as much."""
GROUND = "#101312"
INK = "#e6ece9"
ACCENT = "#00ff88"
STYLES = {
    "": Style(color=INK, bgcolor=GROUND),
    "bold": Style(color=INK, bgcolor=GROUND, bold=True),
    "dim": Style(color="#8a9a92", bgcolor=GROUND),
    "accent": Style(color=ACCENT, bgcolor=GROUND),
    "warning": Style(color="#ffb454", bgcolor=GROUND),
    "head": Style(color="#ffffff", bgcolor=GROUND, bold=True, reverse=True),
}
PLAIN_STYLES = {
    "": Style(),
    "bold": Style(bold=True),
    "dim": Style(dim=True),
    "accent": Style(),
    "warning": Style(bold=True),
    "head": Style(bold=True, reverse=True),
}
"""Styles without a colour: the terminal's own are left as they are."""
SAID = {"answer": "", "info": "dim", "debug": "dim", "warning": "warning", "error": "warning"}
"""Styles of console lines by their levels."""


class View(Widget):
    """A view has its strips ready.

    Parameters
    ----------
    is_plain
        Whether colours are not wanted.
    """

    def __init__(self, marks: Marks, *, is_plain: bool) -> None:
        super().__init__()
        self._marks = marks
        self._styles = PLAIN_STYLES if is_plain else STYLES
        self._strips: list[Strip] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the strips of a region of the view."""
        width, known = self.size.width, self._strips
        strips = [known[y] if y < len(known) else Strip.blank(width, self._styles[""]) for y in crop.line_range]
        strips = [
            one if one.cell_length == width else one.adjust_cell_length(width, self._styles[""]) for one in strips
        ]
        start, end = crop.column_span
        return strips if (start, end) == (0, width) else [one.crop(start, end) for one in strips]

    def _strip(self, row: Row, width: int) -> Strip:
        styles = self._styles
        return Strip([Segment(text, styles[style]) for text, style in row if text], width)


class BoardView(View):
    """The board's view repaints the rows that have changed, as far as they have."""

    DEFAULT_CSS = "BoardView { width: 100%; }"

    def __init__(self, board: Board, marks: Marks, *, is_plain: bool) -> None:
        super().__init__(marks, is_plain=is_plain)
        self._board = board
        self._rows: list[Row] = []

    def redraw(self) -> None:
        """Draw the board as it is now."""
        width, height = self.app.size
        n_rows = self._board.n_rows(width, height)
        if self.styles.height is None or self.styles.height.value != n_rows:
            self.styles.height = n_rows
        before, self._rows = self._rows, self._board.rows(width, height)
        if len(before) != len(self._rows) or (self._strips and self._strips[0].cell_length != width):
            self._strips = [self._strip(row, width) for row in self._rows]
            self.refresh()
            return
        changed: list[Region] = []
        for y, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            if old != new:
                self._strips[y] = self._strip(new, width)
                # A row is sent from its start on, wherever it has changed.
                changed.append(Region(0, y, width - same_at_end(old, new), 1))
        if changed:
            self.refresh(*joined(changed))


def joined(regions: Sequence[Region]) -> list[Region]:
    """Return regions that hold all of ``regions``, which go downwards: those that are nearly one are one."""
    out: list[Region] = []
    for one in regions:
        if out and out[-1].bottom == one.y:
            both = out[-1].union(one)
            if both.area - out[-1].area - one.area <= APART:
                out[-1] = both
                continue
        out.append(one)
    return out


class Console(View):
    """The console shows the last lines that were said; scrolled up, it stays there while others come."""

    DEFAULT_CSS = "Console { height: 1fr; width: 100%; }"

    def __init__(self, marks: Marks, *, is_plain: bool) -> None:
        super().__init__(marks, is_plain=is_plain)
        self.lines: deque[tuple[str, str]] = deque(maxlen=MOST_LINES)
        self._rows: list[tuple[str, str]] = []
        self._n_below = 0
        self._n_since = 0
        """Number of rows since the last ``mark``."""

    def say(self, text: str, level: str) -> None:
        """Write lines at the end."""
        for line in text.split("\n"):
            self.lines.append((shown(line, self._marks.encoding), level))
            more = self._wrapped(*self.lines[-1])
            self._rows += more
            self._n_since += len(more)
            if self._n_below:
                self._n_below += len(more)
        del self._rows[: -2 * MOST_LINES]
        self._show()

    def scroll_by(self, pages: int) -> None:
        """Go up by so many pages, less a line, or down where that is negative."""
        self._n_below += pages * max(self.size.height - 2, 1)
        self._show()

    def mark(self) -> None:
        """Note that what is said from now on belongs together."""
        self._n_since = 0

    def show_since_mark(self) -> None:
        """Show the begin of what was said since ``mark``, where it is too long to be seen whole."""
        if self._n_since > self.size.height:
            self._n_below = self._n_since - self.size.height
            self._show()

    def scroll_to_end(self) -> None:
        """Show the last lines."""
        self._n_below = 0
        self._show()

    def on_resize(self) -> None:
        """Break all lines anew where the width is another one."""
        self._rows = [row for line in self.lines for row in self._wrapped(*line)]
        self._show()

    def _wrapped(self, line: str, level: str) -> list[tuple[str, str]]:
        # Before the size is known there is nothing to show.
        return [(one, SAID.get(level, "")) for one in wrapped(line, self.size.width)] if self.size.width else []

    def _show(self) -> None:
        width, height = self.size
        self._n_below = min(max(self._n_below, 0), max(len(self._rows) - height, 0))
        end = len(self._rows) - self._n_below
        rows: list[Row] = [[row] for row in self._rows[max(end - height, 0) : end]]
        if self._n_below and height > 1:
            rows[-1] = [(f"({self._n_below + 1} more lines: Page Down)", "dim")]
        self._strips = [self._strip(fitted(row, width, self._marks), width) for row in rows]
        self.refresh()
