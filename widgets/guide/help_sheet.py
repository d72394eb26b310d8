# SPDX-License-Identifier: GPL-3.0-or-later
"""The help sheet explains a panel beside it, and stays while one tries what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import GAP_PX, describe, set_role
from widgets.guide.beside import column_beside
from widgets.guide.help_text import HelpText

INDEX: Final = "index"
"""Name of the page that lists all panels and keys."""
MARGIN_PX: Final = 14
EDGE_PX: Final = 8
LEAST_PX: Final = 300
"""Least width of the sheet at a text scale of 1, pixels."""
WIDTH_PX: Final = 350
"""Usual width of the sheet at a text scale of 1, pixels."""
MOST_PX: Final = 560

WINDOW_HEIGHT_PX: Final = 560
LEAST_HEIGHT_PX: Final = 240
"""Height that a window has at least for the sheet; beside a lower one it stands outside, pixels."""


class HelpSheet(QFrame):
    """The help sheet lies at an edge of a window, on the side where it does not cover what it explains.

    In a dialog, or a small window, which have no room to spare, it is a window of its own beside that.

    Parameters
    ----------
    host
        The window, or dialog, that it belongs to.
    folder
        Where the pages are, as ``NAME.md``.
    is_window
        Whether it is a window of its own.
    """

    def __init__(self, host: QWidget, folder: Path, *, is_window: bool = False) -> None:
        super().__init__(host, Qt.WindowType.Tool if is_window else Qt.WindowType.Widget)
        self.setObjectName("help_sheet")
        self.setWindowTitle(self.tr("Help"))
        self._host, self._folder = host, folder
        self._subject: QWidget | None = None
        self._is_at_left, self._is_outside = False, is_window
        self.text = HelpText(self)
        self.back_button = self._button(self.tr("Back"))
        self.index_button = self._button(self.tr("All panels"))
        self.close_button = self._button(self.tr("Close"))
        describe(self.back_button, self.tr("Back"), self.tr("Go back to the page before"))
        describe(self.index_button, self.tr("All panels"), self.tr("List all panels and keys"))
        describe(self.close_button, self.tr("Close"), self.tr("Put the help away (Esc)"))
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.setContentsMargins(8, 0, 4, 0)
        row.addWidget(self.back_button)
        row.addWidget(self.index_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN_PX - 8, MARGIN_PX - 4, MARGIN_PX - 8, MARGIN_PX - 8)
        rows.setSpacing(MARGIN_PX - 6)
        rows.addLayout(row)
        rows.addWidget(self.text, 1)
        self.back_button.clicked.connect(self.text.backward)
        self.index_button.clicked.connect(lambda: self.text.show_page(self._folder, INDEX))
        self.close_button.clicked.connect(self.put_away)
        self.text.backwardAvailable.connect(self.back_button.setEnabled)
        self.text.sourceChanged.connect(self._on_page)
        self.back_button.setEnabled(False)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.put_away)
        self.hide()

    def _button(self, words: str) -> QPushButton:
        button = QPushButton(words, self)
        set_role(button, "inline")
        button.setAutoDefault(False)
        return button

    def page(self) -> str:
        """Return the name of the page that is shown, or ""."""
        return self.text.page()

    def explain(self, page: str, subject: QWidget) -> None:
        """Show a page beside what it is about, and take the keyboard."""
        self._subject = subject
        outside = self._is_outside or not self._has_room()
        if outside is not self.isWindow():
            self.put_away()
            self.setWindowFlags(Qt.WindowType.Tool if outside else Qt.WindowType.Widget)
        if page != self.text.page():
            self.text.show_page(self._folder, page)
        if not self.isVisible():
            self._host.installEventFilter(self)
        self._place(anew=not self.isVisible())
        self.show()
        self.raise_()
        if self.isWindow():
            self.activateWindow()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def has_keyboard(self) -> bool:
        """Return whether the keyboard is in the sheet."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def give_back_keyboard(self) -> None:
        """Bring the keyboard to what had it last in what the sheet explains; the sheet stays."""
        if self._subject is not None:
            self._subject.window().activateWindow()
            last = self._subject.focusWidget()
            (self._subject if last is None else last).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_away(self) -> None:
        """Hide the sheet, and give the keyboard back if the sheet has it."""
        if not self.isVisible():
            return
        self._host.removeEventFilter(self)
        if self.has_keyboard():
            self.give_back_keyboard()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and not self.isWindow():
            if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
                self._place(anew=False)
            elif isinstance(event, QKeyEvent) and _is_escape(event):
                # A key comes to the window when no control took it.
                self.put_away()
                return True
        return bool(super().eventFilter(watched, event))

    # --- its place --------------------------------------------------------------------------------------------------

    def _place(self, *, anew: bool) -> None:
        if self._subject is None:
            return
        least, width = (min(round(px * theme.text_scale()), MOST_PX) for px in (LEAST_PX, WIDTH_PX))
        if self.isWindow():
            if anew:
                self._place_outside(width)
            return
        if not self._has_room():
            # The window has become a small one.
            self.put_away()
            return
        room = self._room()
        # What floats is in nothing's way.
        subject = QRect(room.topLeft(), QSize(1, 1))
        if self._subject.window() is self._host:
            subject = QRect(self._subject.mapTo(self._host, QPoint()), self._subject.size())
        at_left = self._is_at_left and not anew
        place = column_beside(room, subject, least_px=least, width_px=width, at_left=at_left)
        self._is_at_left = place.left() == room.left()
        self.setGeometry(place)

    def _room(self) -> QRect:
        """Return where in its host the sheet may stand: below the bars."""
        room = self._host.contentsRect()
        bars = self._host.menuWidget() if isinstance(self._host, QMainWindow) else None
        if bars is not None:
            room.setTop(bars.geometry().bottom() + 1)
        return room

    def _has_room(self) -> bool:
        return self._room().height() >= LEAST_HEIGHT_PX

    def _place_outside(self, width: int) -> None:
        """Stand beside the dialog, as far as the screen has room."""
        host, screen = self._host.frameGeometry(), self._host.screen().availableGeometry()
        height = min(max(host.height(), WINDOW_HEIGHT_PX), screen.height())
        room = screen.adjusted(EDGE_PX, 0, -EDGE_PX, 0)
        place = column_beside(room, host, least_px=width, width_px=width)
        beside = host.right() + EDGE_PX if place.left() > room.left() else host.left() - EDGE_PX - width
        x = min(max(beside, room.left()), room.right() + 1 - width)
        y = min(max(host.top(), screen.top()), screen.bottom() + 1 - height)
        self.setGeometry(x, y, width, height)

    def _on_page(self) -> None:
        tip = self.tr("Arrows scroll, Tab and Enter follow links; F1 goes back to the panel, Esc closes the help")
        describe(self.text, self.tr("Help: {title}").format(title=self.text.title()), tip)


def _is_escape(event: QKeyEvent) -> bool:
    return event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape
