# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the small parts that panels share: a named control, a labelled slider, an elided label."""

from __future__ import annotations

import html
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from widgets.spoken_slider import SpokenSlider, step_of

GAP_PX = 6
ROW_GAP_PX = 4
POPUP_EXTRA_PX, MAX_POPUP_PX = 24, 480
ELLIPSIS = "…"
LEAST_LETTERS = 4
"""Number of letters, the ellipsis among them, up to which the beginning of a text says nothing."""


class Level(StrEnum):
    """A level says how much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def set_role(widget: QWidget, role: str) -> None:
    """Give ``widget`` the style sheet's role ("dim", "title", "value", "heading", ...), now."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    # A style sheet reads properties only when it is applied.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def describe(widget: QWidget, name: str, tip: str, *, shortcut: str = "", also: str = "") -> None:
    """Name ``widget`` for assistive technology and explain it; a button also gets ``shortcut``, which the tip shows.

    ``also`` is a second way, where a keyboard, an input method or a window manager may take the first one away.
    """
    widget.setAccessibleName(name)
    if shortcut:
        sequences = [QKeySequence(one) for one in (shortcut, also) if one]
        if isinstance(widget, QAbstractButton):
            _give_keys(widget, sequences)
        shown = ", ".join(one.toString(QKeySequence.SequenceFormat.NativeText) for one in sequences)
        tip = f"{tip} ({shown})"
    widget.setToolTip(plain_tip(tip))
    widget.setAccessibleDescription(tip)
    if isinstance(widget, QComboBox):
        # The list that opens takes the keyboard too.
        describe(widget.view(), name, tip)


def plain_tip(text: str) -> str:
    """Return a tooltip that reads as ``text``: a name that a person chose may look like markup."""
    return f"<span style='white-space: pre-wrap'>{html.escape(text)}</span>" if "<" in text else text


def _give_keys(button: QAbstractButton, sequences: list[QKeySequence]) -> None:
    """Give a button its keys by a separate shortcut: the button's own would press it late and repeat while held."""
    key = button.findChild(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if not isinstance(key, QShortcut):
        key = QShortcut(button)
        key.setAutoRepeat(False)
        key.activated.connect(button.click)
    key.setKeys(sequences)


def keys_of(widget: QWidget) -> list[QKeySequence]:
    """Return the shortcuts of the controls in ``widget``."""
    return [key for one in widget.findChildren(QShortcut) for key in one.keys()]  # noqa: SIM118 - not a dict


def focus_by(widget: QWidget, key: str) -> None:
    """Bring the keyboard to ``widget`` by ``key``, where no label with a mnemonic does."""
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.activated.connect(lambda: widget.setFocus(Qt.FocusReason.ShortcutFocusReason))


def percent(fraction: float) -> str:
    """Return a share or a probability in whole percent, rounded down: 100 % is said of nothing less than 1."""
    return f"{int(100.0 * fraction + 1e-9)} %"


def text_width(widget: QWidget, *samples: str) -> int:
    """Return the pixels that the widest of ``samples`` takes in the widget's font."""
    widget.ensurePolished()
    return max(widget.fontMetrics().horizontalAdvance(sample) for sample in samples)


class ElidedLabel(QLabel):
    """An elided label never asks for room: what does not fit is cut with an ellipsis and shown in the tooltip.

    Of a text of which next to nothing fits, only the ellipsis is left.
    """

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(self, role)

    def setText(self, text: str) -> None:
        """Show ``text`` as one line."""
        line = " ".join(text.split())
        if line != self.text():
            super().setText(line)
            self._follow()

    def is_elided(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def sizeHint(self) -> QSize:
        # The height of a line, empty or not: nothing jumps when the first text comes.
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self.text()) + margins.left() + margins.right()
        return QSize(width, self.fontMetrics().height() + margins.top() + margins.bottom())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def paintEvent(self, _event: QPaintEvent) -> None:
        rect = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        if self.is_elided() and len(shown) <= LEAST_LETTERS:
            shown = ELLIPSIS
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(rect, int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)
        painter.end()

    def _follow(self) -> None:
        self.setToolTip(plain_tip(self.text()) if self.is_elided() else "")


class Combo(QComboBox):
    """A combo is a list to choose from whose width never follows its longest line.

    A choice that does not fit is cut with an ellipsis; the list that opens shows it whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._label: QLabel | None = None
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        if self._label is not None or parent is None:
            return
        # Qt tells what is chosen as a combo's name; its own name is its label's: so it has one, if unseen.
        labels = parent.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self._label = next((one for one in labels if one.buddy() == self), None)
        if self._label is None:
            self._label = QLabel(self.accessibleName().replace("&", "&&"), parent)
            self._label.setBuddy(self)
            self._label.hide()
            self.destroyed.connect(self._label.deleteLater)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        # A style sheet cuts the text bare.
        style, control = self.style(), QStyle.ComplexControl.CC_ComboBox
        field = style.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        elide = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(self.currentText(), elide, field.width() - 2)

    def showPopup(self) -> None:
        view = self.view()
        widest = max((view.sizeHintForIndex(self.model().index(i, 0)).width() for i in range(self.count())), default=0)
        view.setMinimumWidth(min(widest + POPUP_EXTRA_PX, MAX_POPUP_PX))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that passes over a panel must change nothing by chance.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Slider(SpokenSlider):
    """A horizontal slider whose handle comes to where the groove is clicked.

    ``moved(int)`` tells of a person's changes only; ``set_step`` is silent.
    """

    moved = Signal(int)
    double_clicked = Signal()

    def __init__(self, n_steps: int, page: int, parent: QWidget | None = None) -> None:
        super().__init__(n_steps, parent)
        self.setSingleStep(1)
        self.setPageStep(page)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.moved)

    def set_step(self, step: int) -> None:
        """Move the handle without a signal; a handle that the mouse holds stays where it is."""
        if not self.isSliderDown():
            with QSignalBlocker(self):
                self.setValue(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control = QStyle.ComplexControl.CC_Slider
            groove = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
            handle = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
            if not handle.contains(event.position().toPoint()):
                span = groove.width() - handle.width()
                offset = round(event.position().x()) - groove.x() - handle.width() // 2
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), offset, span))
        # The handle is under the pointer now: a drag can go on from here.
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that passes over a panel must change nothing by chance.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class LabelledSlider(QWidget):
    """A labelled slider has a name, its value in words at the right, and a slider below, or between them on one line.

    Parameters
    ----------
    label
        With a mnemonic ("&Duration"); the slider is its buddy.
    low, high, step
        Range and grain of the value, in the value's unit.
    page
        What PageUp and PageDown change, in the value's unit.
    words
        Writes a value as people read it. Not a method of what holds the slider: a garbage collection that meets such a
        circle crashes (seen, PySide6).

    ``moved(float)`` tells of a person's changes only.
    """

    moved = Signal(float)

    def __init__(
        self,
        label: str,
        tip: str,
        *,
        low: float,
        high: float,
        step: float,
        page: float,
        words: Callable[[float], str],
        one_line: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._grain, self._words = low, high, step, words
        self._value = low
        self.slider = Slider(round((high - low) / step), round(page / step), self)
        self.label = QLabel(label, self)
        set_role(self.label, "dim")
        self.label.setBuddy(self.slider)
        self.value_label = QLabel(self)
        set_role(self.value_label, "value")
        self.value_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        describe(self.slider, plain(label), with_mnemonic(tip, label))
        self.setToolTip(tip)
        self._note = ElidedLabel("dim", self)
        self._note.setVisible(not one_line)
        top = QHBoxLayout()
        top.setSpacing(GAP_PX)
        top.addWidget(self.label)
        if one_line:
            # The slider must not change under the hand.
            self.value_label.setMinimumWidth(text_width(self.value_label, words(low), words(high), words(high - step)))
            top.addWidget(self.slider, 1)
        else:
            # Where nothing is noted it is the room between name and value.
            self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            top.addWidget(self._note, 1)
        top.addWidget(self.value_label)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addLayout(top)
        if not one_line:
            rows.addWidget(self.slider)
        self.setFocusProxy(self.slider)
        self.slider.moved.connect(self._on_moved)
        self._speak()
        self._show()

    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``, clamped to the range, without a signal."""
        self._value = min(max(value, self._low), self._high)
        self.slider.set_step(round((self._value - self._low) / self._grain))
        self._show()

    @property
    def note(self) -> str:
        """Return what is noted of the value."""
        return self._note.text()

    def set_note(self, text: str, tip: str, role: str = "dim") -> None:
        """Write a few words before the value, with a tooltip that says more; a slider on one line has no room."""
        set_role(self._note, role)
        self._note.setText(text)
        self._note.setToolTip(plain_tip(tip or text))
        self._note.setAccessibleDescription(tip)

    def set_range(self, low: float, high: float) -> None:
        """Change the range without a signal; the value is clamped."""
        self._low, self._high = low, high
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, round((high - low) / self._grain))
        self._speak()
        self.set_value(self._value)

    def _speak(self) -> None:
        self.slider.speak_of(self._low, self._high, self._grain, partial(step_of, self._low, self._grain))

    def _on_moved(self, step: int) -> None:
        self._value = min(self._low + step * self._grain, self._high)
        self._show()
        self.moved.emit(self._value)

    def _show(self) -> None:
        words = self._words(self._value)
        self.value_label.setText(words)
        self.slider.tell(self._value, words)


def plain(label: str) -> str:
    """Return a label's text without the mark of its mnemonic."""
    return label.replace("&&", "\0").replace("&", "").replace("\0", "&")


def with_mnemonic(tip: str, label: str) -> str:
    """Return ``tip`` followed by the keys that reach the label's buddy."""
    keys = QKeySequence.mnemonic(label).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{tip} ({keys})" if keys else tip


def is_enter(event: QKeyEvent) -> bool:
    """Return whether the key is Enter or Return."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
