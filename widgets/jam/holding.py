# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects that are heard while a button or a key is down: the last one pressed, and none once all are up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.values import jam_acts as acts
from engine.values.held import Holdable
from engine.values.jam import LayerName
from widgets.jam.fingers import FingerButton


class Holding(QObject):
    """Holding knows which buttons and keys are down, each with its effect and where that is heard.

    Keys are up when the keyboard goes elsewhere: their releases would be heard by another widget, or by none.

    Signals
    -------
    acted(JamAct)
    """

    acted = Signal(object)

    def __init__(self, home: QWidget) -> None:
        super().__init__(home)
        self._home = home
        self._down: dict[object, tuple[LayerName | None, Holdable]] = {}
        self._is_watching = False

    def press(self, source: object, layer: LayerName | None, effect: Holdable) -> None:
        """Have an effect be heard while this button or key is down."""
        self._down.pop(source, None)
        self._down[source] = (layer, effect)
        self.acted.emit(acts.Hold(layer, effect))

    def press_key(self, key: Qt.Key, layer: LayerName | None, effect: Holdable) -> None:
        """Have an effect be heard while this key is down, or until the keyboard goes elsewhere."""
        if not self._is_watching:
            self._is_watching = True
            QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]
        self.press(key, layer, effect)

    def release(self, source: object) -> bool:
        """Have the effect of this button or key be over, and the one before it back; return whether it was down."""
        if source not in self._down:
            return False
        layer, _ = held = self._down[source]
        was_heard = self._heard(layer) == held
        del self._down[source]
        if was_heard:
            before = self._heard(layer)
            self.acted.emit(acts.Hold(layer, None if before is None else before[1]))
        return True

    def release_all(self) -> None:
        """Have nothing be held."""
        layers = {layer for layer, _ in self._down.values()}
        self._down = {}
        for layer in layers:
            self.acted.emit(acts.Hold(layer, None))

    def is_down(self, source: object) -> bool:
        return source in self._down

    def _heard(self, layer: LayerName | None) -> tuple[LayerName | None, Holdable] | None:
        """Return what was pressed last of what is down on a layer."""
        return next((one for one in reversed(self._down.values()) if one[0] is layer), None)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if not holds(self._home, now):
            self.release_all()


def holds(home: QWidget, one: QWidget | None) -> bool:
    """Return whether a widget is ``home`` or in it."""
    return one is not None and (one is home or home.isAncestorOf(one))


class HoldButton(FingerButton):
    """A hold button is down while a finger, the mouse or Space is on it, wherever the pointer goes meanwhile.

    It tells by ``pressed`` and ``released``.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, role="finger_hold", parent=parent)
        self._has_finger = False
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def event(self, event: QEvent) -> bool:
        # A second finger is no mouse: another thing may be held by the first.
        if event.type() is QEvent.Type.TouchBegin:
            self._go_down()
        elif event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            self._go_up()
        elif event.type() is not QEvent.Type.TouchUpdate:
            return super().event(event)
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_down()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_up()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Qt would have it up; but a finger on it stays there when another one presses something else.
        if self._has_finger:
            QWidget.focusOutEvent(self, event)
        else:
            super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._go_up()
        super().hideEvent(event)

    def _go_down(self) -> None:
        if not self.isDown():
            self._has_finger = True
            self.setDown(True)
            self.pressed.emit()

    def _go_up(self) -> None:
        self._has_finger = False
        if self.isDown():
            self.setDown(False)
            self.released.emit()
