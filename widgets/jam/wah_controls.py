# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls of a wah: whether it sweeps the low-pass, how often, how wide, and by which course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.values import LfoShape
from engine.values.jam import Wah
from widgets.controls import GAP_PX, Combo, LabelledSlider, describe, set_role
from widgets.jam.fingers import FINGER_PX, ROW_GAP_PX, FingerButton
from widgets.jam.knob_words import WAH_BEATS, length_words, shape_words
from widgets.jam.words import share_words


class WahControls(QWidget):
    """The controls keep what a wah was set to while it is off.

    Signals
    -------
    changed(Wah | None)
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wah = Wah()
        self.button = FingerButton(self.tr("Wah"), parent=self)
        self.button.setCheckable(True)
        tip = self.tr("Sweeps the low-pass around where it is set, in step with the beats (W)")
        describe(self.button, self.tr("Wah"), tip)
        self.rate, self.shape = beats_combo(WAH_BEATS, self), finger_combo(self)
        describe(self.rate, self.tr("Rate of the wah"), self.tr("How long one sweep takes"))
        for one in LfoShape:
            self.shape.addItem(shape_words(one), one)
        describe(self.shape, self.tr("Shape of the wah"), self.tr("The course of a sweep"))
        self.depth_slider = LabelledSlider(
            self.tr("Depth"),
            self.tr("How wide the sweep of the wah is"),
            low=0.0,
            high=1.0,
            step=0.01,
            page=0.1,
            words=share_words,
            one_line=True,
            parent=self,
        )
        set_role(self.depth_slider.slider, "finger")
        self.depth_slider.slider.setAccessibleName(self.tr("Depth of the wah"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(ROW_GAP_PX)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(self.button)
        row.addWidget(self.rate, 1)
        rows.addLayout(row)
        rows.addWidget(self.depth_slider)
        rows.addWidget(self.shape)
        self.button.clicked.connect(self._tell)
        self.depth_slider.moved.connect(self._on_depth)
        self.rate.activated.connect(self._on_chosen)
        self.shape.activated.connect(self._on_chosen)
        self.show_wah(None)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """The controls that take the keyboard, in their order."""
        return self.button, self.rate, self.depth_slider.slider, self.shape

    def show_wah(self, wah: Wah | None) -> None:
        """Show a wah; None is off."""
        self.button.setChecked(wah is not None)
        self._wah = wah or self._wah
        self.depth_slider.set_value(self._wah.depth)
        choose_beats(self.rate, self._wah.beats)
        with QSignalBlocker(self.shape):
            self.shape.setCurrentIndex(list(LfoShape).index(self._wah.shape))

    def _on_depth(self, depth: float) -> None:
        self._wah = replace(self._wah, depth=depth)
        self._tell()

    def _on_chosen(self, _at: int) -> None:
        self._wah = replace(
            self._wah, beats=Fraction(str(self.rate.currentData())), shape=LfoShape(str(self.shape.currentData()))
        )
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self._wah if self.button.isChecked() else None)


def finger_combo(parent: QWidget) -> Combo:
    """Return a list to choose from that is large enough for a finger."""
    combo = Combo(parent)
    set_role(combo, "finger")
    combo.setMinimumHeight(FINGER_PX)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def beats_combo(offered: Iterable[Fraction], parent: QWidget) -> Combo:
    """Return a list of lengths in beats."""
    combo = finger_combo(parent)
    for beats in offered:
        combo.addItem(length_words(beats), str(beats))
    return combo


def choose_beats(combo: Combo, beats: Fraction) -> None:
    """Show a length in beats, which is offered from then on if it was not."""
    with QSignalBlocker(combo):
        at = combo.findData(str(beats))
        if at < 0:
            combo.addItem(length_words(beats), str(beats))
            at = combo.count() - 1
        combo.setCurrentIndex(at)
