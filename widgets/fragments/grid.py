# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of tiles fills its room: as many columns as make the tiles whole, and scrolls where they are too many."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from widgets.fragments.tile import COLUMN, LAST, FragmentTile

SPACING_PX = 6
BEST_SHAPE = 1.2
"""Width of a tile by its height that looks best."""
HOLE = 6.0
"""How much worse a grid is by its share of places without a tile, beside a tile of e times the best shape."""
HIGHEST = 2.4
"""Height of a tile by its least height, at most."""


class TileGrid(QScrollArea):
    """The grid shows tiles, of which that which had the keyboard last is the stop of Tab; arrow keys go on from it.

    Signals
    -------
    tiles_changed()
        There are other tiles than before.
    """

    tiles_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self.setWidget(self._content)
        self._n_columns = 1
        self._stop = 1
        self.tiles: list[FragmentTile] = []

    def set_number(self, n: int) -> bool:
        """Have so many tiles, and return whether that is another number."""
        if n == len(self.tiles):
            return False
        for tile in self.tiles[n:]:
            tile.hide()
            tile.deleteLater()
        del self.tiles[n:]
        for number in range(len(self.tiles) + 1, n + 1):
            tile = FragmentTile(number, self._content)
            tile.moved.connect(self._on_moved)
            tile.focused.connect(self._on_focused)
            self.tiles.append(tile)
            tile.show()
        self._on_focused(max(1, min(self._stop, n)))
        self._arrange()
        self.updateGeometry()
        self.tiles_changed.emit()
        return True

    def minimumSizeHint(self) -> QSize:
        """Return the size of one tile: where there is less room, what holds the grid scrolls."""
        return self._least() if self.tiles else QSize(0, 0)

    def sizeHint(self) -> QSize:
        """Return the size of two tiles beside two."""
        least = self._least()
        return QSize(2 * least.width() + SPACING_PX, 2 * least.height() + SPACING_PX) if self.tiles else QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._arrange()
            self.updateGeometry()

    def _least(self) -> QSize:
        return self.tiles[0].least() if self.tiles else QSize(0, 0)

    def _arrange(self) -> None:
        if not self.tiles:
            return
        # The viewport's own size follows the bar, which follows from this.
        room, least, n = self.contentsRect().size(), self._least(), len(self.tiles)
        columns = [c for c in range(1, n + 1) if c * (least.width() + SPACING_PX) - SPACING_PX <= room.width()] or [1]
        fitting = [c for c in columns if _high(math.ceil(n / c), least.height()) <= room.height()]
        if not fitting:
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
            self._put(max(1, min(n, (room.width() + SPACING_PX) // (least.width() + SPACING_PX))), room, least.height())
            return

        def ugliness(n_columns: int) -> float:
            n_rows = math.ceil(n / n_columns)
            width = (room.width() + SPACING_PX) / n_columns - SPACING_PX
            height = min((room.height() + SPACING_PX) / n_rows - SPACING_PX, HIGHEST * least.height())
            # A last row that is short of tiles leaves a hole.
            return abs(math.log(width / height / BEST_SHAPE)) + HOLE * (n_columns * n_rows - n) / n

        n_columns = min(fitting, key=ugliness)
        n_rows = math.ceil(n / n_columns)
        height = int((room.height() + SPACING_PX) / n_rows - SPACING_PX)
        self._put(n_columns, room, min(height, round(HIGHEST * least.height())))

    def _put(self, n_columns: int, room: QSize, height: int) -> None:
        self._n_columns = n_columns
        width = (room.width() + SPACING_PX) / n_columns - SPACING_PX
        for at, tile in enumerate(self.tiles):
            row, column = divmod(at, n_columns)
            left, right = (round(one * (width + SPACING_PX)) for one in (column, column + 1))
            tile.setGeometry(left, row * (height + SPACING_PX), right - SPACING_PX - left, height)
        self._content.resize(room.width(), _high(math.ceil(len(self.tiles) / n_columns), height))

    def _on_focused(self, number: int) -> None:
        self._stop = number
        for tile in self.tiles:
            # Of those that Tab passes by a click and the arrow keys come to each.
            policy = Qt.FocusPolicy.StrongFocus if tile.number == number else Qt.FocusPolicy.ClickFocus
            tile.setFocusPolicy(policy)

    def _on_moved(self, number: int, step: int) -> None:
        if abs(step) == COLUMN:
            step = self._n_columns if step > 0 else -self._n_columns
        elif step == LAST:
            step = len(self.tiles) - number
        at = number - 1 + step
        if 0 <= at < len(self.tiles):
            self.tiles[at].setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(self.tiles[at])


def _high(n_rows: int, height: int) -> int:
    return n_rows * (height + SPACING_PX) - SPACING_PX
