# SPDX-License-Identifier: GPL-3.0-or-later
"""The waveform of a layer's loop, with the bars that it has, a playhead, and how far the next one is."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values import BakedLoop
from engine.values.jam import JamLoop
from widgets import theme
from widgets.controls import plain_tip
from widgets.jam.words import bars_words
from widgets.motion import Motion

WAVE_PX = 56
"""Least height, pixels."""
N_PEAKS = 480
BAR_PX = 3.0
"""Width of a bar of the waveform with the gap behind it, pixels, at least."""
QUIET = 0.6
"""Power of the peaks that are drawn: what is quiet is seen, too."""
PAD_PX = 7.0
PROGRESS_PX = 3.0


class LoopWave(QWidget):
    """A loop's waveform tells assistive technology what plays; nothing in it takes the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = ""
        self._loop: JamLoop | None = None
        self._peaks: np.ndarray[tuple[int], np.dtype[np.float32]] = np.zeros(0, np.float32)
        self._place: float | None = None
        self._making: float | None = None
        self._is_dimmed = False
        self._motion = Motion()
        self.spoken = QAccessible.Role.Graphic
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, WAVE_PX)

    def sizeHint(self) -> QSize:
        return QSize(240, WAVE_PX)

    @property
    def place(self) -> float | None:
        """Where the playhead is, a share of the loop; None while it is not heard."""
        return self._place

    def set_loop(self, loop: JamLoop | None) -> None:
        """Show this loop."""
        if loop is not self._loop:
            self._loop = loop
            self._peaks = np.zeros(0, np.float32) if loop is None else _peaks_of(loop.baked)
            self._place = None
            self._tell()
            self.update()

    def set_place(self, loop_id: int | None, position_samples: int) -> None:
        """Show the playhead; of another loop than the one that is shown there is none."""
        loop = self._loop
        place = None
        if loop is not None and loop_id == loop.loop_id and loop.baked.n_samples:
            place = position_samples / loop.baked.n_samples
        if place != self._place and (place is None or self._motion.may_move()):
            before, self._place = self._place, place
            for one in (before, place):
                if one is not None:
                    self.update(QRectF(self._x(one) - 3.0, 0.0, 6.0, self.height()).toAlignedRect())

    def set_nothing(self, nothing: str) -> None:
        """Say this while no loop is shown."""
        if nothing != self._nothing:
            self._nothing = nothing
            if self._loop is None:
                self._tell()
                self.update()

    def set_making(self, making: float | None) -> None:
        """Show how far what is made is: None is nothing, below 0 not known."""
        if making != self._making:
            self._making = making
            self.update()

    def set_dimmed(self, is_dimmed: bool) -> None:
        """Show that it is not heard, as it is muted, or another is solo."""
        if is_dimmed != self._is_dimmed:
            self._is_dimmed = is_dimmed
            self.update()

    def _tell(self) -> None:
        loop = self._loop
        words = self._nothing if loop is None else f"{loop.title}, {bars_words(loop.bars)}"
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))

    def _room(self) -> QRectF:
        small = QFontMetrics(theme.scaled_font(theme.SIZES_PT["small_size"], self.font()))
        top = small.height() + 5.0
        return QRectF(PAD_PX, top, self.width() - 2.0 * PAD_PX, self.height() - top - PROGRESS_PX - 5.0)

    def _x(self, place: float) -> float:
        room = self._room()
        return room.left() + place * room.width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        painter.setBrush(QColor(theme.FIELD))
        painter.drawRoundedRect(card, 6.0, 6.0)
        room, loop = self._room(), self._loop
        font = theme.scaled_font(theme.SIZES_PT["small_size"], self.font())
        painter.setFont(font)
        metrics = QFontMetrics(font)
        if loop is None:
            painter.setPen(QColor(theme.DIM))
            shown = metrics.elidedText(self._nothing, Qt.TextElideMode.ElideRight, round(room.width()))
            painter.drawText(card, Qt.AlignmentFlag.AlignCenter, shown)
        else:
            line = QRectF(room.left(), 3.0, room.width(), metrics.height())
            long = bars_words(loop.bars)
            painter.setPen(QColor(theme.DIM))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, long)
            left = round(line.width()) - metrics.horizontalAdvance(long) - 8
            shown = metrics.elidedText(loop.title, Qt.TextElideMode.ElideRight, left)
            painter.setPen(QColor(theme.TEXT))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            self._paint_wave(painter, room, loop)
        self._paint_progress(painter, card)
        painter.end()

    def _paint_wave(self, painter: QPainter, room: QRectF, loop: JamLoop) -> None:
        painter.setPen(QPen(QColor(theme.LINE), 1.0))
        for at in range(1, loop.bars):
            x = room.left() + at * room.width() / loop.bars
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        n = max(1, min(len(self._peaks), int(room.width() / BAR_PX)))
        peaks = [float(part.max()) ** QUIET for part in np.array_split(self._peaks, n) if len(part)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.WAVE_OUTSIDE if self._is_dimmed else theme.ACCENT))
        step = room.width() / n
        for at, peak in enumerate(peaks):
            height = max(1.5, peak * room.height())
            painter.drawRect(QRectF(room.left() + at * step, room.center().y() - height / 2.0, step - 1.0, height))
        if self._place is not None:
            painter.setPen(QPen(QColor(theme.PLAYHEAD), 2.0))
            x = self._x(self._place)
            painter.drawLine(QPointF(x, room.top() - 2.0), QPointF(x, room.bottom() + 2.0))

    def _paint_progress(self, painter: QPainter, card: QRectF) -> None:
        if self._making is None:
            return
        line = QRectF(PAD_PX, card.bottom() - PROGRESS_PX - 2.0, card.width() - 2.0 * PAD_PX, PROGRESS_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.HOVER if self._making >= 0.0 else theme.EDGE))
        painter.drawRoundedRect(line, 1.0, 1.0)
        if self._making > 0.0:
            line.setWidth(max(line.width() * min(self._making, 1.0), 3.0))
            painter.setBrush(QColor(theme.ACCENT))
            painter.drawRoundedRect(line, 1.0, 1.0)


def _peaks_of(baked: BakedLoop) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the highest of so many equal parts of a loop, the highest of all being 1."""
    samples = baked.samples
    n_samples = len(samples)
    if not n_samples:
        return np.zeros(0, np.float32)
    edges = np.unique(np.linspace(0, n_samples, N_PEAKS, endpoint=False, dtype=np.int64))
    mono = np.abs(samples).max(axis=1)
    peaks = np.maximum.reduceat(mono, edges)
    return np.asarray(peaks / max(float(peaks.max()), 1e-6), np.float32)
