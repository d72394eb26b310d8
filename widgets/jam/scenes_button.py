# SPDX-License-Identifier: GPL-3.0-or-later
"""A menu of what layers do together: make loops that come with one sample, and scenes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from engine.values import jam_acts as acts
from engine.values.jam import N_SLOTS, JamState, LayerName
from widgets.controls import describe
from widgets.jam.fingers import FingerButton
from widgets.jam.words import layer_words, tr


class ScenesButton(FingerButton):
    """The button opens the menu; a scene is what lies in the slots of one number.

    Signals
    -------
    acted(JamAct)
    """

    acted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Scenes"), parent=parent)
        tip = self.tr("Swap several layers together: a scene is what lies in the slots of one number (S)")
        describe(self, self.tr("Scenes"), tip)
        self._shown: tuple[LayerName, ...] = ()
        self._scenes: dict[int, tuple[LayerName, ...]] = {}
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)

    def set_state(self, state: JamState) -> None:
        """Take note of what lies in the slots."""
        by_number = {n: tuple(one.name for one in state.layers if one.slots[n - 1]) for n in range(1, N_SLOTS + 1)}
        self._scenes = {number: names for number, names in by_number.items() if names}

    def set_shown(self, shown: Iterable[LayerName]) -> None:
        """Take note of the layers that are shown: they are made together."""
        self._shown = tuple(sorted(shown, key=list(LayerName).index))

    def fill(self) -> None:
        """Write the menu anew."""
        self._menu.clear()
        every = self._menu.addAction(self.tr("&Make all together"))
        every.setToolTip(
            self.tr("Have a loop made for each layer that is shown: they come with one bar, when all are there")
        )
        every.triggered.connect(lambda _checked: self.acted.emit(acts.MakeTogether(self._shown)))
        self._menu.addSeparator()
        for number, names in self._scenes.items():
            layers = ", ".join(layer_words(name) for name in names)
            action = self._menu.addAction(f"{'&' if number < 10 else ''}{number}  {layers}")
            action.setToolTip(self.tr("Queue what lies in slot {number} of these layers").format(number=number))
            action.triggered.connect(lambda _checked, number=number: self.acted.emit(acts.QueueScene(number)))
        if not self._scenes:
            empty = self._menu.addAction(self.tr("No slot holds a loop yet"))
            empty.setEnabled(False)
