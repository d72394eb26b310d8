# SPDX-License-Identifier: GPL-3.0-or-later
"""The tour lies over a window, points at places in it one after the other, and says what they are for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import GAP_PX, describe, set_role
from widgets.guide.beside import box_beside

VEIL: Final = 150
"""Opacity of what lies over the rest of the window, of 255."""
RING_PX: Final = 2
RING_ROOM_PX: Final = 3
"""Room between a place and the ring around it, pixels."""
RADIUS_PX: Final = 8.0
BUBBLE_PX: Final = 340
"""Width of the bubble at a text scale of 1, pixels."""
BUBBLE_GAP_PX: Final = 14
MARGIN_PX: Final = 16
EDGE_PX: Final = 12
"""Least room between the bubble and the window's edge, pixels."""


class TourBubble(QFrame):
    """The bubble says a step's title and words, and has the buttons that go on, back, and out of the tour.

    Left and Right go back and on, Enter presses the button that has the keyboard, Escape ends the tour.

    Signals
    -------
    back_requested, next_requested, end_requested
        What the person asks for.
    """

    back_requested = Signal()
    next_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tour_bubble")
        self.title_label, self.text_label, self.count_label = QLabel(self), QLabel(self), QLabel(self)
        set_role(self.title_label, "heading")
        set_role(self.count_label, "dim")
        for label in (self.title_label, self.text_label):
            label.setWordWrap(True)
        self.end_button, self.back_button, self.next_button = (QPushButton(self) for _ in range(3))
        self.end_button.setText(self.tr("End"))
        self.back_button.setText(self.tr("‹ Back"))
        set_role(self.next_button, "primary")
        describe(self.end_button, self.tr("End"), self.tr("End the tour; the window is then as it was (Esc)"))
        describe(self.back_button, self.tr("Back"), self.tr("Back to the step before (Left)"))
        self.end_button.clicked.connect(self.end_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.next_button.clicked.connect(self.next_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_PX)
        buttons.addWidget(self.count_label)
        buttons.addStretch(1)
        for button in (self.end_button, self.back_button, self.next_button):
            buttons.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN_PX, MARGIN_PX - 2, MARGIN_PX, MARGIN_PX)
        rows.setSpacing(GAP_PX + 2)
        rows.addWidget(self.title_label)
        rows.addWidget(self.text_label)
        rows.addSpacing(GAP_PX)
        rows.addLayout(buttons)
        self._give_key("Left", self.back_button.click)
        self._give_key("Right", self.next_button.click)
        self._give_key("Esc", self.end_button.click)
        for key in ("Return", "Enter"):
            self._give_key(key, self._on_enter)

    def _give_key(self, key: str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(slot)

    def say(self, title: str, text: str, at: int, n: int) -> None:
        """Show step ``at`` of ``n``, of which the first is 0."""
        self.title_label.setText(title)
        self.text_label.setText(text)
        count = self.tr("{at} of {n}").format(at=at + 1, n=n)
        self.count_label.setText(count)
        self.back_button.setEnabled(at > 0)
        is_last = at == n - 1
        words = self.tr("Done") if is_last else self.tr("Next ›")
        tip = self.tr("End the tour (Right)") if is_last else self.tr("On to the next step (Right)")
        self.next_button.setText(words)
        # What has the keyboard says where one is: a screen reader tells each step.
        describe(self.next_button, f"{words.rstrip(' ›')}. {count}: {title}", tip)
        self.next_button.setAccessibleDescription(text)
        self.setAccessibleName(f"{count}: {title}")
        self.setAccessibleDescription(text)
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def size_within(self, room: QSize) -> QSize:
        """Return the size at which every word is whole, in a window of this size."""
        width = min(max(round(BUBBLE_PX * theme.text_scale()), self.minimumSizeHint().width()), room.width())
        return QSize(width, max(self.heightForWidth(width), self.minimumSizeHint().height()))

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go round the bubble's own buttons: what lies below the veil is not to be met by Tab."""
        stops = [one for one in (self.end_button, self.back_button, self.next_button) if one.isEnabled()]
        at = next((at for at, one in enumerate(stops) if one.hasFocus()), -1)
        reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if is_next else -1)) % len(stops)].setFocus(reason)
        return True

    def _on_enter(self) -> None:
        buttons = (self.end_button, self.back_button)
        next((one for one in buttons if one.hasFocus()), self.next_button).click()


class Tour(QWidget):
    """The tour dims a window but for the places that it points at, which can be used meanwhile."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self._window = window
        self._places: tuple[QWidget, ...] = ()
        self.rings: tuple[QRect, ...] = ()
        self.bubble = TourBubble(self)
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def point_at(self, places: Sequence[QWidget]) -> None:
        """Draw rings around these widgets of the window, as far as they are seen, and follow them."""
        for one in self._places:
            one.removeEventFilter(self)
        self._places = tuple(places)
        for one in self._places:
            one.installEventFilter(self)
        self.follow()
        # What was just brought forward has its place in a moment.
        QTimer.singleShot(0, self, self.follow)

    def leave(self) -> None:
        """Take the tour off the window, for good."""
        for one in (*self._places, self._window):
            one.removeEventFilter(self)
        self._places = ()
        self.hide()
        self.deleteLater()

    def follow(self) -> None:
        """Put veil, rings and bubble where the places stand now."""
        self.setGeometry(self._window.rect())
        self.raise_()
        seen = (one for one in self._places if not one.visibleRegion().isEmpty() or one.isAncestorOf(self))
        self.rings = tuple(QRect(one.mapTo(self._window, QPoint()), one.size()) for one in seen)
        room = self.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        self.bubble.setGeometry(
            box_beside(room, self.rings, self.bubble.size_within(room.size()), gap_px=BUBBLE_GAP_PX)
        )
        # Where the rings are the window itself is reached, except below the bubble.
        holes = QRegion()
        for ring in self.rings:
            holes += QRegion(ring)
        self.setMask(QRegion(self.rect()) - holes + QRegion(self.bubble.geometry()))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest)
        if event.type() in kinds:
            QTimer.singleShot(0, self, self.follow)
        return bool(super().eventFilter(watched, event))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.BACKGROUND)
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.ACCENT), RING_PX))
        room = RING_ROOM_PX - RING_PX / 2.0
        for ring in self.rings:
            painter.drawRoundedRect(QRectF(ring).adjusted(-room, -room, room, room), RADIUS_PX, RADIUS_PX)
        painter.end()
