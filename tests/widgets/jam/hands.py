# SPDX-License-Identifier: GPL-3.0-or-later
"""A performer's hands at the jam's panel."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.values import Effects
from engine.values import jam_acts as acts
from tests.widgets.jam.states import DRUMS, a_state
from widgets.jam.mix_hand import MixHand
from widgets.jam.panel import JamPanel
from widgets.jam.strip import LayerStrip


class Hands:
    """A performer at the panel, and the acts that came of it."""

    def __init__(self, panel: JamPanel) -> None:
        self.panel = panel
        self._acts: list[acts.JamAct] = []
        panel.acted.connect(self._acts.append)

    def done(self) -> list[acts.JamAct]:
        """Return the acts since this was last asked."""
        told = list(self._acts)
        self._acts.clear()
        return told

    @property
    def has_acted(self) -> bool:
        return bool(self._acts)

    @property
    def drums(self) -> LayerStrip:
        return self.panel.strips[DRUMS]

    def press(self, widget: QWidget, *keys: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> list[acts.JamAct]:
        """Press keys in a widget, and return the acts that came of it."""
        widget.setFocus()
        for key in keys:
            QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)
        return self.done()

    def rest(self) -> None:
        """Take the hands off everything."""
        for hand in self.panel.findChildren(MixHand):
            hand.rest()


def a_panel(qtbot: QtBot) -> Hands:
    """Return hands at a panel that is seen, with a jam that runs."""
    panel = JamPanel()
    qtbot.addWidget(panel)
    panel.set_choices(("C major", "A minor"), ("3/4", "4/4"))
    panel.resize(960, 620)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    panel.set_state(a_state())
    return Hands(panel)


def key(widget: QWidget, which: Qt.Key, *, is_down: bool, repeats: bool = False) -> None:
    """Press a key in a widget, or have it up; ``repeats`` is what a keyboard sends while it is held."""
    kind = QEvent.Type.KeyPress if is_down else QEvent.Type.KeyRelease
    QApplication.sendEvent(widget, QKeyEvent(kind, which, Qt.KeyboardModifier.NoModifier, "", repeats))


def moved(act: acts.JamAct) -> dict[str, float]:
    """Return what an act sets, but for the effects that are as they are at first."""
    if isinstance(act, acts.SetGain):
        return {"gain": act.gain}
    assert isinstance(act, acts.SetEffects)
    usual = asdict(Effects())
    return {name: value for name, value in asdict(act.effects).items() if value != usual[name]}
