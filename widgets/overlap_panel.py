# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of the overlap: how long one loop blends into the next, and by which gains."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QSizePolicy, QWidget

from widgets import theme
from widgets.controls import ControlPanel, ElidedLabel, Slider, describe, set_role, text_width, with_mnemonic
from widgets.settings_values import MAX_OVERLAP_MS, MIN_OVERLAP_MS

STEP_RATIO = 1.05
"""One step of the slider multiplies the overlap by about this."""
N_STEPS = round(math.log(MAX_OVERLAP_MS / MIN_OVERLAP_MS) / math.log(STEP_RATIO))
STEPS_PER_PAGE = 14
"""PageUp and PageDown: about twice, about half."""
CHANGING_EVERY_MS = 60
"""While a hand moves the slider, ``overlap_changing`` comes at most this often."""
SETTLED_AFTER_MS = 250
"""After the last key or wheel step, the change counts as made."""
N_CURVE_POINTS = 65

FloatArray = npt.NDArray[np.float64]


def step_to_ms(step: int) -> float:
    """The overlap at a step of the slider, milliseconds: equal steps are equal ratios."""
    ms = MIN_OVERLAP_MS * (MAX_OVERLAP_MS / MIN_OVERLAP_MS) ** (step / N_STEPS)
    return round(ms, 1) if ms < 20 else float(round(ms))


def ms_to_step(overlap_ms: float) -> int:
    """The step of the slider nearest to an overlap in milliseconds."""
    return round(N_STEPS * math.log(overlap_ms / MIN_OVERLAP_MS) / math.log(MAX_OVERLAP_MS / MIN_OVERLAP_MS))


def preview_gains(correlation: float) -> tuple[FloatArray, FloatArray]:
    """``(g_out, g_in)`` along a crossfade, ``N_CURVE_POINTS`` each, with ``g_out² + g_in² + 2ρ·g_out·g_in = 1``.

    ρ below 0 counts as 0, as it does when a seam is baked.
    """
    rho = min(max(correlation, 0.0), 1.0)
    angle = np.linspace(0.0, np.pi / 2.0, N_CURVE_POINTS)
    g_in, g_out = np.sin(angle), np.cos(angle)
    scale = np.sqrt(1.0 + 2.0 * rho * g_in * g_out)
    return g_out / scale, g_in / scale


class GainCurves(QWidget):
    """The two gains of the crossfade: what goes out in grey, what comes in in the accent."""

    HEIGHT_PX, LEAST_PX, MOST_PX = 84, 44, 110

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(self.MOST_PX)
        self._gains = preview_gains(0.0)

    def set_correlation(self, correlation: float) -> None:
        self._gains = preview_gains(correlation)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.LEAST_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top, width, height = 8.0, 4.0, self.width() - 16.0, self.height() - 8.0
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        for level in (0.0, 1.0):
            y = top + height * level
            painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        for gains, colour in zip(self._gains, (theme.WAVE_OUTSIDE, theme.ACCENT), strict=True):
            painter.setPen(QPen(QColor(colour), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            xs = np.linspace(left, left + width, N_CURVE_POINTS)
            ys = top + height * (1.0 - gains)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))
        painter.end()


class OverlapSpin(QDoubleSpinBox):
    """The exact overlap in milliseconds. Its arrows step by ratio, as the slider does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(MIN_OVERLAP_MS, MAX_OVERLAP_MS)
        self.setDecimals(1)
        self.setSuffix(" ms")
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The style sheet takes the buttons away: there is a slider below.
        set_role(self, "inline")
        self.lineEdit().setTextMargins(4, 0, 4, 0)
        self.setFixedWidth(text_width(self, "5000.0 ms") + 20)

    def textFromValue(self, value: float) -> str:
        return (
            self.locale()
            .toString(value, "f", 0 if value == round(value) else 1)
            .replace(self.locale().groupSeparator(), "")
        )

    def stepBy(self, steps: int) -> None:
        self.setValue(max(step_to_ms(min(max(ms_to_step(self.value()) + steps, 0), N_STEPS)), MIN_OVERLAP_MS))


class OverlapPanel(ControlPanel):
    """The overlap's slider, its exact value and the gains it will be played with.

    ``overlap_changing`` tells of a change on its way, at most every ``CHANGING_EVERY_MS``; ``overlap_changed`` tells
    once when it is made: the slider is let go, the keys rest, or a number is entered.
    """

    overlap_changing = Signal(float)
    overlap_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Overlap"))
        self._overlap_ms = self._told_ms = MIN_OVERLAP_MS
        self._changing_due = False
        label = self.tr("&Length")
        tip = self.tr("How long the end of a loop blends into its start, and one loop into the next")
        self.slider = Slider(N_STEPS, STEPS_PER_PAGE, self)
        self.slider.setObjectName("overlap_slider")
        describe(self.slider, self.tr("Overlap"), with_mnemonic(tip, label))
        self.caption = QLabel(label, self)
        set_role(self.caption, "dim")
        self.caption.setBuddy(self.slider)
        self.spin = OverlapSpin(self)
        describe(self.spin, self.tr("Overlap in milliseconds"), self.tr("The exact overlap: type a number and Enter"))
        row = self.add_row()
        row.addWidget(self.caption)
        row.addStretch(1)
        row.addWidget(self.spin)
        self.rows.addWidget(self.slider)
        self.curves = GainCurves(self)
        self.curves.setAccessibleName(self.tr("Gains of the crossfade"))
        self.curves.setToolTip(
            self.tr("The gains along the overlap: grey goes out, green comes in; their shape follows the music")
        )
        self.rows.addWidget(self.curves, 1)
        self.likeness_label = ElidedLabel("dim", self)
        self.rows.addWidget(self.likeness_label)
        self.rows.addStretch()

        self._changing_timer = QTimer(self)
        self._changing_timer.setSingleShot(True)
        self._changing_timer.setInterval(CHANGING_EVERY_MS)
        self._changing_timer.timeout.connect(self._on_changing_due)
        self._settled_timer = QTimer(self)
        self._settled_timer.setSingleShot(True)
        self._settled_timer.setInterval(SETTLED_AFTER_MS)
        self._settled_timer.timeout.connect(self._settle)
        self.slider.moved.connect(self._on_slider_moved)
        self.slider.sliderPressed.connect(self._settled_timer.stop)
        self.slider.sliderReleased.connect(self._settle)
        self.spin.valueChanged.connect(self._on_spin_changed)
        self.spin.editingFinished.connect(self._settle)
        self.set_correlation(None)

    def overlap_ms(self) -> float:
        return self._overlap_ms

    def set_overlap(self, overlap_ms: float) -> None:
        """Show an overlap, clamped to its range, without a signal. A slider held in the hand stays in the hand."""
        if self.slider.isSliderDown():
            return
        self._stop_timers()
        self._overlap_ms = self._told_ms = min(max(overlap_ms, MIN_OVERLAP_MS), MAX_OVERLAP_MS)
        self.slider.set_step(ms_to_step(self._overlap_ms))
        self._show_spin()

    def set_correlation(self, correlation: float | None) -> None:
        """Show how alike the two sides of the seam are, in [-1, 1], and the gains that follow; None while unknown."""
        self.curves.set_correlation(correlation or 0.0)
        if correlation is None:
            self.likeness_label.setText(self.tr("likeness not known yet"))
            return
        text = self.tr("likeness {likeness} → {law}")
        self.likeness_label.setText(text.format(likeness=f"{correlation:.2f}", law=self._law(correlation)))

    def _law(self, correlation: float) -> str:
        if correlation < 0.1:
            return self.tr("equal power")
        if correlation < 0.5:
            return self.tr("near equal power")
        if correlation < 0.9:
            return self.tr("near equal gain")
        return self.tr("equal gain")

    def _show_spin(self) -> None:
        with QSignalBlocker(self.spin):
            self.spin.setValue(self._overlap_ms)

    def _stop_timers(self) -> None:
        self._changing_due = False
        self._changing_timer.stop()
        self._settled_timer.stop()

    def _settle(self) -> None:
        """The change is made: tell of it once, if it is one."""
        self._stop_timers()
        if self._overlap_ms != self._told_ms:
            self._told_ms = self._overlap_ms
            self.overlap_changed.emit(self._overlap_ms)

    def _on_slider_moved(self, step: int) -> None:
        self._overlap_ms = step_to_ms(step)
        self._show_spin()
        if not self._changing_timer.isActive():
            self._changing_timer.start()
            self.overlap_changing.emit(self._overlap_ms)
        else:
            self._changing_due = True
        if not self.slider.isSliderDown():
            self._settled_timer.start()

    def _on_changing_due(self) -> None:
        if self._changing_due:
            self._changing_due = False
            self._changing_timer.start()
            self.overlap_changing.emit(self._overlap_ms)

    def _on_spin_changed(self, overlap_ms: float) -> None:
        self._overlap_ms = overlap_ms
        self.slider.set_step(ms_to_step(overlap_ms))
        self._settled_timer.start()
