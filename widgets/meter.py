# SPDX-License-Identifier: GPL-3.0-or-later
"""The stereo level meter shows RMS as a solid bar, peak as a fainter one, and a mark that holds the highest peak."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.figures import Figure
from widgets.motion import Motion
from widgets.spoken import SpokenValue, tell_value

FLOOR_DB: Final = -60.0
MARKS_DB: Final = (-60, -48, -36, -24, -12, -6, 0)
HOT_DB: Final = -1.0
"""Level in dB from which on the held peak turns to the warning colour: full scale is near."""
FALL_DB_PER_S: Final = 26.0
"""Decibels a second by which a level sinks (IEC 60268-18 asks for 20 dB in about 1.7 s; here a little livelier)."""
HOLD_S: Final = 1.5
FRAME_MS: Final = 33
TELL_EVERY_MS: Final = 1000
"""Milliseconds between two tellings of the level in words, for those who do not see it."""
BAR_PX: Final = 7
GAP_PX: Final = 3


class LevelMeter(QWidget):
    """A level meter has two bars, left above right, from ``FLOOR_DB`` to 0 dBFS, which rise at once and sink slowly."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Output level"))
        self.setToolTip(
            self.tr(
                "Level of the left (above) and right channel in dBFS: solid is the mean (RMS), faint the peak, "
                "the mark the highest peak of late.\nNear 0 the mark turns amber: full scale is reached."
            )
        )
        self.spoken = SpokenValue(QAccessible.Role.Indicator, FLOOR_DB, 0.0, now=FLOOR_DB)
        """The louder channel's peak in dBFS, told once a second: what listens would drown in more."""
        self.peak_db = [FLOOR_DB, FLOOR_DB]
        """Peak level in dBFS as shown, per channel."""
        self.rms_db = [FLOOR_DB, FLOOR_DB]
        self.held_db = [FLOOR_DB, FLOOR_DB]
        self._held_s = [0.0, 0.0]
        self._goal_peak = self._goal_rms = (FLOOR_DB, FLOOR_DB)
        self._motion = Motion()
        self._drawn: list[int] = []
        self._clock, self._told = QElapsedTimer(), QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(180, 2 * BAR_PX + GAP_PX + 4 + self._scale_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def set_levels(self, peak_db: tuple[float, float], rms_db: tuple[float, float]) -> None:
        """Take the levels of the left and right channel, dBFS; the bars sink to lower ones gradually."""
        self._goal_peak = (_on_scale(peak_db[0]), _on_scale(peak_db[1]))
        self._goal_rms = (_on_scale(rms_db[0]), _on_scale(rms_db[1]))
        if not self._told.isValid() or self._told.elapsed() >= TELL_EVERY_MS:
            self._told.start()
            self._tell()
        self._on_frame()

    def _tell(self) -> None:
        left, right = self._goal_peak
        if max(left, right) <= FLOOR_DB:
            words = self.tr("silent")
        else:
            told = self.tr("peaks: left {left} dBFS, right {right} dBFS")
            words = told.format(left=f"{Figure(left):.0f}", right=f"{Figure(right):.0f}")
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        tell_value(self, self.spoken, float(round(max(left, right))), words)

    def is_falling(self) -> bool:
        """Return whether the bars are still sinking; only then a timer runs."""
        return self._timer.isActive()

    def advance(self, seconds: float) -> None:
        """Move the bars by ``seconds``: they rise to the levels told last, or sink towards them."""
        fall = FALL_DB_PER_S * seconds
        for channel in (0, 1):
            peak, rms = self._goal_peak[channel], self._goal_rms[channel]
            self.peak_db[channel] = max(peak, self.peak_db[channel] - fall)
            self.rms_db[channel] = max(rms, self.rms_db[channel] - fall)
            if self.peak_db[channel] >= self.held_db[channel]:
                self.held_db[channel], self._held_s[channel] = self.peak_db[channel], 0.0
            else:
                self._held_s[channel] += seconds
                over = min(self._held_s[channel] - HOLD_S, seconds)
                if over > 0.0:
                    sunk = self.held_db[channel] - FALL_DB_PER_S * over
                    self.held_db[channel] = max(self.peak_db[channel], sunk)
        self._repaint_if_seen()

    def _at_rest(self) -> bool:
        return all(
            self.peak_db[channel] == self._goal_peak[channel] == self.held_db[channel]
            and self.rms_db[channel] == self._goal_rms[channel]
            for channel in (0, 1)
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_frame()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _on_frame(self) -> None:
        self.advance(self._clock.restart() / 1000.0 if self._timer.isActive() else 0.0)
        if self._at_rest() or not self.isVisible():
            self._timer.stop()
        elif not self._timer.isActive():
            self._clock.restart()
            self._timer.start()

    def _repaint_if_seen(self) -> None:
        """Ask for a repaint only when a bar's end moved by a pixel."""
        drawn = [round(self._x(db)) for db in (*self.peak_db, *self.rms_db, *self.held_db)]
        # A mark at the very left leaves without moving.
        drawn += [db > FLOOR_DB for db in self.held_db]
        if drawn != self._drawn and (self._motion.may_move() or self._at_rest()):
            self._drawn = drawn
            self.update(0, 0, self.width(), 2 * BAR_PX + GAP_PX)

    def _scale_height(self) -> int:
        return self.fontMetrics().height()

    def _x(self, db: float) -> float:
        return (db - FLOOR_DB) / -FLOOR_DB * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for channel in (0, 1):
            top = channel * (BAR_PX + GAP_PX)
            painter.fillRect(0, top, self.width(), BAR_PX, QColor(theme.HOVER))
            faint = QColor(theme.ACCENT)
            faint.setAlpha(110)
            painter.fillRect(QRectF(0, top, self._x(self.peak_db[channel]), BAR_PX), faint)
            painter.fillRect(QRectF(0, top, self._x(self.rms_db[channel]), BAR_PX), QColor(theme.ACCENT))
            held = self.held_db[channel]
            if held > FLOOR_DB:
                colour = QColor(theme.WARNING if held >= HOT_DB else theme.TEXT)
                painter.fillRect(QRectF(max(0.0, self._x(held) - 2), top, 2, BAR_PX), colour)
        bars_end = 2 * BAR_PX + GAP_PX
        if event.rect().bottom() >= bars_end:
            self._paint_scale(painter, bars_end + 2)
        painter.end()

    def _paint_scale(self, painter: QPainter, top: int) -> None:
        painter.setFont(theme.scaled_font(7.5, self.font()))
        painter.setPen(QColor(theme.DIM))
        metrics, last_right = painter.fontMetrics(), -100.0
        for db in (-60, 0, *MARKS_DB[1:-1]):
            text = f"−{-db}" if db else "0"
            width = metrics.horizontalAdvance(text)
            left = min(max(0.0, self._x(db) - width / 2), self.width() - width)
            # The ends first; between them what finds room, from left to right.
            if db in {-60, 0} or (left > last_right + 6 and left + width < self.width() - 16):
                painter.drawText(QRectF(left, top, width + 1, self._scale_height()), Qt.AlignmentFlag.AlignTop, text)
                if db:
                    last_right = left + width


def _on_scale(db: float) -> float:
    """Return ``db`` within the meter's scale; anything that is no number is silence."""
    return min(max(db, FLOOR_DB), 0.0) if db == db else FLOOR_DB  # noqa: PLR0124
