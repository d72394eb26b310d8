# SPDX-License-Identifier: GPL-3.0-or-later
"""The slots of a layer, some to a page: a click queues what lies in one, a long press lays what plays into it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from engine.values import MAX_TEXT_CHARACTERS
from engine.values.jam import N_SLOTS, SLOT_PAGES, SLOTS_PER_PAGE
from widgets.controls import GAP_PX, describe, is_enter, set_role
from widgets.jam.dropping import SoundDrops
from widgets.jam.fingers import FINGER_PX, FingerButton

LONG_PRESS_MS = 500
PLAYING, WAITING = "finger_playing", "finger_waiting"
"""Roles of the slots whose loop plays, or is queued."""
LEAST_PX = 46
"""Least width of a slot, pixels."""


class SlotButton(QPushButton):
    """A slot's button.

    Signals
    -------
    queued(), assigned(), named(title)
        What lies in it is to be queued; what plays is to be laid into it; what lies in it is to have this title.
    """

    queued = Signal()
    assigned = Signal()
    named = Signal(str)

    def __init__(self, layer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "finger")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layer = layer
        self._number, self._title, self._place = 0, "", ""
        self._is_long = False
        self._press = QTimer(self)
        self._press.setSingleShot(True)
        self._press.setInterval(LONG_PRESS_MS)
        self._press.timeout.connect(self._on_long)
        self.pressed.connect(self._on_pressed)
        self.released.connect(self._press.stop)
        self.clicked.connect(self._on_clicked)
        self._line: QLineEdit | None = None

    def sizeHint(self) -> QSize:
        # However long the title is.
        return QSize(LEAST_PX, max(super().sizeHint().height(), FINGER_PX))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_slot(self, number: int, title: str, place: str = "") -> None:
        """Show a slot, counted from 1, with the title of what lies in it; "" is nothing.

        ``place`` is ``PLAYING`` or ``WAITING`` where that plays or is queued.
        """
        if (number, title, place) == (self._number, self._title, self._place):
            return
        self._number, self._title, self._place = number, title, place
        name = self.tr("Slot {number} of {layer}: {title}").format(
            number=number, layer=self._layer, title=title or self.tr("empty")
        )
        name = {PLAYING: self.tr("{slot}, plays"), WAITING: self.tr("{slot}, is queued")}.get(place, "{slot}").format(
            slot=name
        )
        tip = self.tr(
            "A click or Enter queues it; a long press, a right click or Shift+Return lays what plays there; F2 names it"
        )
        describe(self, name, f"{title} · {tip}" if title else tip)
        self._write()

    def _write(self) -> None:
        room = self.width() - 20
        full = f"{self._number} {self._title}" if self._title else f"{self._number}"
        full = f"▸ {full}" if self._place == PLAYING else full
        shown = self.fontMetrics().elidedText(full, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
        self.setText(shown)
        # An empty one is there, and says that it is empty.
        set_role(self, self._place or ("finger" if self._title else "finger_empty"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.assigned.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The right button has done its part; the keyboard's menu key does the same.
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.assigned.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.ask_name()
        elif not is_enter(event):
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.assigned.emit()
        else:
            self.queued.emit()

    def ask_name(self) -> None:
        """Have the title of what lies in it typed over the button: Enter takes it, Escape leaves it as it was."""
        if not self._title or self._line is not None:
            return
        line = self._line = QLineEdit(self._title, self)
        line.setMaxLength(MAX_TEXT_CHARACTERS)
        describe(line, self.tr("Title of slot {number} of {layer}").format(number=self._number, layer=self._layer), "")
        line.setGeometry(self.rect())
        line.selectAll()
        line.show()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.installEventFilter(self)
        line.editingFinished.connect(self._on_named)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            # Neither key is to reach the button below.
            if is_enter(event):
                self._on_named()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._put_line_away()
                return True
        return super().eventFilter(watched, event)

    def _on_named(self) -> None:
        title = "" if self._line is None else self._line.text().strip()
        if title and title != self._title:
            self.named.emit(title)
        self._put_line_away()

    def _put_line_away(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            had_keyboard = line.hasFocus()
            line.deleteLater()
            line.hide()
            if had_keyboard:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_pressed(self) -> None:
        self._is_long = False
        self._press.start()

    def _on_long(self) -> None:
        self._is_long = True
        self.assigned.emit()

    def _on_clicked(self) -> None:
        if not self._is_long:
            self.queued.emit()


class SlotRow(QWidget):
    """A row of slots shows one page of them.

    Signals
    -------
    queued(number), assigned(number), named(number, title), brought(number, path)
        Of a slot, counted from 1; of a sound that was dropped on it.
    """

    queued = Signal(int)
    assigned = Signal(int)
    named = Signal(int, str)
    brought = Signal(int, str)

    def __init__(self, layer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._titles: tuple[str, ...] = ("",) * N_SLOTS
        self._playing = self._waiting = frozenset[int]()
        self._page = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        self.buttons = [SlotButton(layer, self) for _ in range(SLOTS_PER_PAGE)]
        for at, one in enumerate(self.buttons):
            one.queued.connect(lambda at=at: self.queued.emit(self._number(at)))
            one.assigned.connect(lambda at=at: self.assigned.emit(self._number(at)))
            one.named.connect(lambda title, at=at: self.named.emit(self._number(at), title))
            SoundDrops(one, partial(self._on_dropped, at))
            row.addWidget(one, 1)
        self._layer = layer
        self.page_button = FingerButton(f"{SLOT_PAGES}/{SLOT_PAGES}", parent=self)
        self.page_button.clicked.connect(self._on_page)
        row.addWidget(self.page_button)
        self._show()

    @property
    def page(self) -> int:
        """The number of the page that is shown, counted from 0."""
        return self._page

    def set_titles(
        self, titles: tuple[str, ...], playing: frozenset[int] = frozenset(), waiting: frozenset[int] = frozenset()
    ) -> None:
        """Show what lies in all slots of the layer, and the numbers of those whose loop plays, or is queued."""
        self._titles, self._playing, self._waiting = titles, playing, waiting
        self._show()

    def _number(self, at: int) -> int:
        return self._page * SLOTS_PER_PAGE + at + 1

    def _on_dropped(self, at: int, path: str) -> None:
        self.brought.emit(self._number(at), path)

    def _on_page(self) -> None:
        self._page = (self._page + 1) % SLOT_PAGES
        self._show()

    def _show(self) -> None:
        for at, one in enumerate(self.buttons):
            number = self._number(at)
            place = WAITING if number in self._waiting else ""
            one.show_slot(number, self._titles[number - 1], PLAYING if number in self._playing else place)
        self.page_button.setText(f"{self._page + 1}/{SLOT_PAGES}")
        name = self.tr("Page {page} of {n_pages} of the slots of {layer}").format(
            page=self._page + 1, n_pages=SLOT_PAGES, layer=self._layer
        )
        describe(self.page_button, name, self.tr("The next four slots"))
