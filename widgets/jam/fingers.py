# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls that are large enough for a finger, stay as wide as they are, and stand in as many rows as they need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from widgets.controls import GAP_PX, set_role
from widgets.icon_button import IconButton

FINGER_PX = 40
"""Least side of what a finger hits, pixels."""
ROW_GAP_PX = 3
"""Room between rows of what a finger hits, pixels: boxes do not touch."""


class FingerButton(QPushButton):
    """A finger button is as wide as the longest of the texts that it may show."""

    def __init__(self, *texts: str, role: str = "finger", parent: QWidget | None = None) -> None:
        super().__init__(texts[0], parent)
        self._texts = texts
        set_role(self, role)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max(map(metrics.horizontalAdvance, self._texts))
        hint = super().sizeHint()
        return QSize(
            max(hint.width() + widest - metrics.horizontalAdvance(self.text()), FINGER_PX),
            max(hint.height(), FINGER_PX),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FingerIcon(IconButton):
    """A finger icon is a square button with a picture."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "finger")
        self.show_icon(icon)

    def sizeHint(self) -> QSize:
        side = max(super().sizeHint().height(), FINGER_PX)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Flow(QWidget):
    """A flow puts what it holds side by side, and what has no room there into the next row.

    Parameters
    ----------
    is_even
        Whether all rows have as many columns, of one width.
    """

    def __init__(self, parent: QWidget | None = None, *, is_even: bool = False) -> None:
        super().__init__(parent)
        self._is_even = is_even
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._items: list[QWidget] = []
        self._breaks: set[QWidget] = set()
        self._shares: dict[QWidget, float] = {}

    def add(self, item: QWidget, *, begins: bool = False, share: float = 1.0) -> None:
        """Put one more at the end; one that ``begins`` is the first of a row where one row has no room for all.

        ``share`` is how wide it is beside the others, on average 1, where all stand in one even row.
        """
        self._shares[item] = share
        if begins:
            self._breaks.add(item)
        item.setParent(self)
        item.installEventFilter(self)
        self._items.append(item)
        self.updateGeometry()

    def rows_of(self, width: int) -> int:
        """Return how many rows there are in this width, pixels."""
        return len(self._rows(width))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [max(_least(one).height() for one in row) for row in self._rows(width)]
        return sum(heights) + GAP_PX * (len(heights) - 1) if heights else 0

    def sizeHint(self) -> QSize:
        width = self.minimumSizeHint().width()
        return QSize(width, self.heightForWidth(max(self.width(), width)))

    def minimumSizeHint(self) -> QSize:
        leasts = [_least(one) for one in self._shown()]
        return QSize(max((one.width() for one in leasts), default=0), max((one.height() for one in leasts), default=0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest):
            self.updateGeometry()
            self._arrange()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self._arrange()

    def _shown(self) -> list[QWidget]:
        return [one for one in self._items if not one.isHidden()]

    def _rows(self, width: int) -> list[list[QWidget]]:
        shown = self._shown()
        if not shown:
            return []
        if self._is_even:
            least = max(_least(one).width() for one in shown)
            n = max(1, min(len(shown), (width + GAP_PX) // (least + GAP_PX)))
            # As even as can be: four of which three have room stand two by two.
            n = -(-len(shown) // -(-len(shown) // n))
            return [shown[at : at + n] for at in range(0, len(shown), n)]
        rows: list[list[QWidget]] = [[]]
        left = width
        is_one_row = sum(_least(one).width() + GAP_PX for one in shown) - GAP_PX <= width
        for one in shown:
            needed = _least(one).width()
            if rows[-1] and (needed > left or (one in self._breaks and not is_one_row)):
                rows.append([])
                left = width
            rows[-1].append(one)
            left -= needed + GAP_PX
        return rows

    def _arrange(self) -> None:
        rows = self._rows(self.width())
        if not rows:
            return
        heights = [max(_least(one).height() for one in row) for row in rows]
        spare = max(0, self.height() - sum(heights) - GAP_PX * (len(rows) - 1)) // len(rows) if self._is_even else 0
        top = 0
        for row, height in zip(rows, heights, strict=True):
            high = height + spare
            for one, (left, width) in zip(row, self._places(row, len(rows[0])), strict=True):
                own = min(high, one.maximumHeight())
                one.setGeometry(QRect(left, top + (high - own) // 2, width, own))
            top += high + GAP_PX

    def _places(self, row: list[QWidget], n_columns: int) -> list[tuple[int, int]]:
        if self._is_even:
            shares = [self._shares[one] if len(row) == len(self._shown()) else 1.0 for one in row]
            shares += [1.0] * (n_columns - len(row))
            edges = [round(sum(shares[:at]) * (self.width() + GAP_PX) / sum(shares)) for at in range(n_columns + 1)]
            return [(edges[at], edges[at + 1] - GAP_PX - edges[at]) for at in range(len(row))]
        widths = [_least(one).width() for one in row]
        growing = [one.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Expanding for one in row]
        spare = max(0, self.width() - sum(widths) - GAP_PX * (len(row) - 1))
        if any(growing):
            # What would grow without end grows to what is comfortable.
            share = spare // sum(growing)
            widths = [
                min(width + share, max(width, one.maximumWidth())) if grows else width
                for one, width, grows in zip(row, widths, growing, strict=True)
            ]
        places, left = [], 0
        for width in widths:
            places.append((left, width))
            left += width + GAP_PX
        return places


def _least(one: QWidget) -> QSize:
    one.ensurePolished()
    return one.minimumSizeHint().expandedTo(one.minimumSize()).boundedTo(one.maximumSize())
