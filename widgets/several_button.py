# SPDX-License-Identifier: GPL-3.0-or-later
"""This button shows one choice or several, and has a menu in which each is put on and off; the menu stays open."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

_ROOM_PX = 34  # of the button that its text does not have: edges, and the arrow
_TEXT_AT_PX = 7  # where its text begins, as in the lists beside it


class SeveralButton(QPushButton):
    """A button for several of some choices, of which one, that stands for nothing chosen, stands alone.

    Signals
    -------
    changed
        A person chose otherwise; ``set_value`` is silent.

    Parameters
    ----------
    choices
        Their names, and how people read them.
    alone
        Name of the choice that stands alone.
    """

    changed = Signal()

    def __init__(self, choices: Mapping[str, str], alone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles, self._alone = dict(choices), alone
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        menu = _StayingMenu(self)
        self._actions: dict[str, QAction] = {}
        for name, title in choices.items():
            action = QAction(title.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.triggered.connect(lambda is_on, name=name: self._on_triggered(name, is_on))
            menu.addAction(action)
            self._actions[name] = action
        self.setMenu(menu)
        self.set_value(alone)

    def value(self) -> str:
        """Return the names of what is chosen, with commas between them."""
        return ",".join(name for name, action in self._actions.items() if action.isChecked())

    def set_value(self, value: str) -> None:
        """Show what is chosen, by its names with commas between them, without a signal."""
        names = {name.strip() for name in value.split(",")} & set(self._actions) or {self._alone}
        if self._alone in names:
            names = {self._alone}
        for name, action in self._actions.items():
            action.setChecked(name in names)
        self._show_titles()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_titles()

    def paintEvent(self, _event: QPaintEvent) -> None:
        # The style puts the text at the very edge: beside a menu's arrow, a style sheet's padding does not reach it.
        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = option.text, ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic
        painter.drawText(self.rect().adjusted(_TEXT_AT_PX, 0, 0, 0), int(where), text)
        painter.end()

    def _show_titles(self) -> None:
        text = ", ".join(self._titles[name] for name in self.value().split(","))
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, self.width() - _ROOM_PX))
        self.setText(elided.replace("&", "&&"))

    def _on_triggered(self, name: str, is_on: bool) -> None:
        chosen = self.value().split(",") if self.value() else []
        if is_on:
            chosen = [name] if name == self._alone else [one for one in chosen if one != self._alone]
        self.set_value(",".join(chosen))
        self.changed.emit()


class _StayingMenu(QMenu):
    """A menu in which a click and the space key put a choice on or off, and do not close it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)
