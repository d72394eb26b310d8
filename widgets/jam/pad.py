# SPDX-License-Identifier: GPL-3.0-or-later
"""The macro pad moves two parameters of a mix at once: one across, one up and down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTouchEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.values import ChannelParameter
from engine.values.jam import LayerMix
from engine.values.jam_options import JAM_PAD_ACROSS, JAM_PAD_SPRINGS, JAM_PAD_UP, PadChoice
from widgets import theme
from widgets.controls import Combo, describe, text_width
from widgets.jam.fingers import FingerButton
from widgets.jam.knob_words import knob_words
from widgets.jam.mix_hand import MixHand
from widgets.jam.mix_sliders import KNOBS
from widgets.jam.wah_controls import finger_combo
from widgets.parameter_rows import words
from widgets.spoken import SpokenValue, announce, tell_value

LEAST_PX = 96
"""Least side of the pad, pixels."""
DOT_PX = 9.0
COMBO_PX = 44
"""Width that a list to choose from needs beside its text, pixels."""
STEP, FINE_STEP = 0.05, 0.01
"""How far an arrow key moves, of the way across, and how far with Shift."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class Pad(QWidget):
    """The pad's places go from (0, 0), left below, to (1, 1).

    Signals
    -------
    pressed(), moved(x, y), released()
        A hand takes hold of the dot, moves it, and leaves it.
    """

    pressed = Signal()
    moved = Signal(float, float)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.spoken = SpokenValue(QAccessible.Role.Slider, 0.0, 100.0, 1.0)
        self._place = (0.0, 0.0)
        self._tip = ""
        self._keys: set[int] = set()
        self.is_held = False

    def sizeHint(self) -> QSize:
        return QSize(LEAST_PX, LEAST_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def place(self) -> tuple[float, float]:
        """Where the dot is."""
        return self._place

    def show_place(self, x: float, y: float, words: str) -> None:
        """Show the dot at a place, which the words tell."""
        if (x, y) != self._place:
            self._place = (x, y)
            self.update()
        if words != self.spoken.words:
            tell_value(self, self.spoken, round(100.0 * x), words)
            self.setAccessibleDescription(f"{words} · {self._tip}")
            announce(self, words)

    def explain(self, name: str, tip: str) -> None:
        """Name the pad, and say how it is moved."""
        self._tip = tip
        describe(self, name, tip)
        self.setAccessibleDescription(f"{self.spoken.words} · {tip}")

    def set_spoken(self, value: float) -> None:
        """Take a place across, in percent, as if a hand had moved there."""
        self._move(value / 100.0, self._place[1])

    # --- hands --------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # A second finger is no mouse: another one may hold a button meanwhile.
        if not isinstance(event, QTouchEvent):
            return super().event(event)
        if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            self._leave()
        elif event.points():
            self._take_hold()
            self._follow(event.points()[0].position())
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._take_hold()
            self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.is_held:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        across, up = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        if not across and not up:
            super().keyPressEvent(event)
            return
        self._take_hold()
        self._keys.add(event.key())
        step = FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        self._move(self._place[0] + across * step, self._place[1] + up * step)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.key() not in self._keys:
            super().keyReleaseEvent(event)
            return
        self._keys.discard(event.key())
        if not self._keys:
            self._leave()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # The keys' releases would be heard by another widget, or by none.
        if self._keys:
            self._leave()
        super().focusOutEvent(event)

    def _take_hold(self) -> None:
        if not self.is_held:
            self.is_held = True
            self.pressed.emit()

    def _leave(self) -> None:
        self._keys.clear()
        if self.is_held:
            self.is_held = False
            self.released.emit()
            self.update()

    def _follow(self, at: QPointF) -> None:
        room = self._room()
        self._move((at.x() - room.left()) / room.width(), (room.bottom() - at.y()) / room.height())

    def _move(self, x: float, y: float) -> None:
        self.moved.emit(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(DOT_PX + 2.0, DOT_PX + 2.0, -DOT_PX - 2.0, -DOT_PX - 2.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.ACCENT if self.hasFocus() else theme.LINE), 1.0))
        painter.setBrush(QColor(theme.FIELD))
        painter.drawRoundedRect(card, 6.0, 6.0)
        room = self._room()
        dot = QPointF(room.left() + self._place[0] * room.width(), room.bottom() - self._place[1] * room.height())
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        painter.drawLine(QPointF(dot.x(), card.top() + 1.0), QPointF(dot.x(), card.bottom() - 1.0))
        painter.drawLine(QPointF(card.left() + 1.0, dot.y()), QPointF(card.right() - 1.0, dot.y()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT_HOVER if self.is_held else theme.ACCENT))
        painter.drawEllipse(dot, DOT_PX, DOT_PX)
        painter.end()


class MacroPad(QWidget):
    """The macro pad has a parameter for each way it moves, and springs back when it is left, or stays.

    Its controls stand where its owner puts them.

    Signals
    -------
    chosen(PadChoice)
        A person chose what it moves, or whether it springs back.

    Attributes
    ----------
    across, up, spring_button
        They choose what it moves, and whether it springs back.
    """

    chosen = Signal(object)

    def __init__(self, hand: MixHand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = hand
        self._mix = LayerMix()
        self._of = ""
        self._before: dict[ChannelParameter, float] = {}
        self.pad = Pad(self)
        self.across, self.up = self._choice("↔"), self._choice("↕")
        self.spring_button = FingerButton(self.tr("Spring"), parent=self)
        self.spring_button.setCheckable(True)
        for control, option in (
            (self.across, JAM_PAD_ACROSS),
            (self.up, JAM_PAD_UP),
            (self.spring_button, JAM_PAD_SPRINGS),
        ):
            describe(control, words(option.title), words(option.tooltip))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pad)
        self.pad.pressed.connect(self._on_pressed)
        self.pad.moved.connect(self._on_moved)
        self.pad.released.connect(self._on_released)
        for combo, other in ((self.across, self.up), (self.up, self.across)):
            combo.currentIndexChanged.connect(lambda _at, combo=combo, other=other: self._on_chosen(combo, other))
        self.spring_button.clicked.connect(lambda: self.chosen.emit(self.choice))
        self.set_choice(PadChoice())

    @property
    def choice(self) -> PadChoice:
        """The choice of what it moves, and whether it springs back."""
        return PadChoice(*self.parameters, self.spring_button.isChecked())

    def set_choice(self, choice: PadChoice) -> None:
        """Move this from now on; both ways cannot move the same."""
        if choice.across is choice.up:
            choice = PadChoice(springs=choice.springs)
        for combo, parameter in ((self.across, choice.across), (self.up, choice.up)):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(list(KNOBS).index(parameter))
        self.spring_button.setChecked(choice.springs)
        self._show_chosen()

    def _choice(self, way: str) -> Combo:
        combo = finger_combo(self)
        for parameter in KNOBS:
            combo.addItem(f"{way} {knob_words(parameter)[0]}", parameter)
        longest = text_width(combo, *(combo.itemText(at) for at in range(combo.count())))
        combo.setFixedWidth(longest + COMBO_PX)
        return combo

    @property
    def parameters(self) -> tuple[ChannelParameter, ChannelParameter]:
        """The parameters that it moves, across and upwards."""
        across, up = (ChannelParameter(str(one.currentData())) for one in (self.across, self.up))
        return across, up

    def show_mix(self, mix: LayerMix, of: str) -> None:
        """Show where both parameters are in a mix; ``of`` is whose it is."""
        self._mix = mix
        if of != self._of:
            self._of = of
            self._explain()
        knobs = [KNOBS[one] for one in self.parameters]
        told = ", ".join(f"{knob_words(one.parameter)[0]} {one.words(one.read(mix))}" for one in knobs)
        x, y = (one.place_of(mix) for one in knobs)
        self.pad.show_place(x, y, told)

    def _explain(self) -> None:
        across, up = (knob_words(one)[0] for one in self.parameters)
        name = self.tr("Pad of {layer}: {x} across, {y} upwards").format(layer=self._of, x=across, y=up)
        self.pad.explain(name, self.tr("Drag the dot, or move it by the arrow keys, finely with Shift"))

    def _on_pressed(self) -> None:
        for parameter in self.parameters:
            self._hand.touch(parameter, is_held=True)
        self._before = {one: KNOBS[one].read(self._hand.mix) for one in self.parameters}

    def _on_moved(self, x: float, y: float) -> None:
        across, up = (KNOBS[one] for one in self.parameters)
        self._hand.move_all({across.parameter: across.value_at(x), up.parameter: up.value_at(y)})

    def _on_released(self) -> None:
        if self.spring_button.isChecked() and self._before:
            self._hand.move_all(self._before)
        self._before = {}
        for parameter in self.parameters:
            self._hand.touch(parameter, is_held=False)

    def _on_chosen(self, combo: Combo, other: Combo) -> None:
        if combo.currentIndex() == other.currentIndex():
            # Both ways cannot move the same: the other one takes what this one had.
            with QSignalBlocker(other):
                other.setCurrentIndex(self._chosen[0 if combo is self.across else 1])
        self._show_chosen()
        self.chosen.emit(self.choice)

    def _show_chosen(self) -> None:
        self._chosen = (self.across.currentIndex(), self.up.currentIndex())
        self._explain()
        self.show_mix(self._mix, self._of)
