# SPDX-License-Identifier: GPL-3.0-or-later
"""The hear button has a sound heard beside what plays, and shows for how long it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget


class HearButton(QPushButton):
    """A hear button is lit while its sound is heard, which the engine says: a click alone does not light it.

    Signals
    -------
    hear_requested(), end_requested()
        A click, or Escape while the sound is heard, asks for its end.
    """

    hear_requested = Signal()
    end_requested = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.clicked.connect(self._on_clicked)

    @property
    def is_heard(self) -> bool:
        return self.isChecked()

    def set_heard(self, is_heard: bool) -> None:
        """Show whether the sound is heard."""
        self.setChecked(is_heard)

    def nextCheckState(self) -> None:
        """Leave the state alone: what is heard is told, not guessed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_heard:
            self.end_requested.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        (self.end_requested if self.is_heard else self.hear_requested).emit()
