# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of a strip names its layer, with what has it go on for ever, be silent or be heard alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import GAP_PX, ElidedLabel, describe
from widgets.jam.fingers import FingerButton


class StripHead(QWidget):
    """The head shows the whole name: where it has no room beside the buttons, above them.

    Attributes
    ----------
    told_label
        What plays or comes, below the name, while the parts of the strip that tell it are folded.
    """

    def __init__(self, layer: str, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.told_label = ElidedLabel("layer", self), ElidedLabel("dim", self)
        self.title.setText(layer)
        self.told_label.hide()
        self.mute_button = FingerButton(self.tr("Mute"), parent=self)
        tip = self.tr("Have the layer go on unheard ({key})").format(key=number)
        describe(self.mute_button, self.tr("Mute {layer}").format(layer=layer), tip)
        self.solo_button = FingerButton(self.tr("Solo"), parent=self)
        tip = self.tr("Have only the layers heard that are solo (Shift+{key})").format(key=number)
        describe(self.solo_button, self.tr("Solo {layer}").format(layer=layer), tip)
        self.endless_button = FingerButton(self.tr("Endless"), parent=self)
        tip = self.tr("Have the next bars made for ever, each part from the one before (E)")
        describe(self.endless_button, self.tr("Endless {layer}").format(layer=layer), tip)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP_PX)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.told_label)
        words.addStretch(1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GAP_PX)
        for one in (self.endless_button, self.mute_button, self.solo_button):
            one.setCheckable(True)
            self._buttons.addWidget(one)
        self._buttons.addStretch()
        self._row.addLayout(words, 1)
        self._row.addLayout(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._turn()

    def _turn(self) -> None:
        self.title.ensurePolished()
        needed = self.title.sizeHint().width() + GAP_PX + self._buttons.sizeHint().width()
        way = QBoxLayout.Direction
        direction = way.LeftToRight if needed <= self.width() else way.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()
