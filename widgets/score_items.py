# SPDX-License-Identifier: GPL-3.0-or-later
"""These items draw what is played in the clip: chords along the waveform, and notes over the spectrogram."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from engine.values import PlayedChord, PlayedScore
from widgets import theme
from widgets.time_view import TimeView

CHORD_PT: Final = 8.5
"""Size of the chords' names at a text scale of 1, points, as that of the axes."""
CHORD_ROOM_PX: Final = 3.0
"""Room around a chord's name, pixels."""
GROUND_ALPHA: Final = 190
"""Opacity of the ground under a chord's name, of 255: the wave stays visible through it."""
NOTE_ALPHA: Final = 220
"""Opacity of a note, of 255."""
LEAST_NOTE_PX: Final = 2.0
"""Least length and height in pixels of a note."""
MOST_NOTE_PX: Final = 4.0
"""Largest height in pixels of a note: the picture under it is to be seen."""
A4_HZ: Final = 440.0
A4_MIDI: Final = 69


class _TimeItem(QGraphicsObject):
    """An item under the time axis lies over all that was added before it, and is painted in pixels of the plot."""

    def __init__(self, view: TimeView) -> None:
        super().__init__()
        self.view = view
        self.low, self.height = 0.0, 1.0

    def set_span(self, low: float, height: float) -> None:
        """Say where the plot's upright axis begins, and how far it goes."""
        self.prepareGeometryChange()
        self.low, self.height = low, height

    def boundingRect(self) -> QRectF:
        view = self.view
        return QRectF(0.0, self.low, view.n_samples / view.sample_rate if view.sample_rate else 1.0, self.height)

    @contextmanager
    def in_pixels(self, painter: QPainter) -> Iterator[QRectF]:
        """Have ``painter`` paint in logical pixels, within the rectangle given, which shows the samples in view."""
        view = self.view
        seconds = QRectF(view.first / view.sample_rate, self.low, view.width / view.sample_rate, self.height)
        plot = painter.worldTransform().mapRect(seconds)
        painter.save()
        painter.resetTransform()
        painter.setClipRect(plot)
        try:
            yield plot
        finally:
            painter.restore()

    def x_of(self, plot: QRectF, sample: float) -> float:
        """Return the pixel of a sample."""
        return plot.left() + (sample - self.view.first) * plot.width() / self.view.width


class ChordsItem(_TimeItem):
    """The chords' item writes each chord's name where it begins, at the foot of the waveform; no name covers another.

    The chord that began before what is in view is written at its left edge.
    """

    def __init__(self, view: TimeView) -> None:
        super().__init__(view)
        self.chords: tuple[PlayedChord, ...] = ()

    def placed(self, plot: QRectF, widths: Sequence[float]) -> list[tuple[float, PlayedChord, float]]:
        """Return where the names begin that have room, and their ``widths``, with the room around them, pixels."""
        starts = [self.x_of(plot, one.start) for one in self.chords]
        ends = [*starts[1:], self.x_of(plot, self.view.n_samples)][: len(starts)]
        places: list[tuple[float, PlayedChord, float]] = []
        free = -math.inf
        for start, end, width, one in zip(starts, ends, widths, self.chords, strict=True):
            x = max(plot.left(), start)
            if end <= plot.left() or x >= plot.right() or x < free or (start < x and end - x < width):
                continue
            places.append((x, one, width))
            free = x + width
        return places

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        if not self.chords:
            return
        font = theme.scaled_font(CHORD_PT)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        ground = QColor(theme.PANEL)
        ground.setAlpha(GROUND_ALPHA)
        widths = [metrics.horizontalAdvance(one.name) + 2.0 * CHORD_ROOM_PX for one in self.chords]
        with self.in_pixels(painter) as plot:
            top = plot.bottom() - metrics.height()
            for x, one, width in self.placed(plot, widths):
                place = QRectF(round(x), top, width, metrics.height())
                painter.fillRect(place, ground)
                painter.setPen(QColor(theme.TEXT))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, one.name)


class NotesItem(_TimeItem):
    """The notes' item draws each note as a bar at its pitch, in octaves (base-two logarithms of hertz).

    One that passes the clip's end goes on at its start.
    """

    def __init__(self, view: TimeView) -> None:
        super().__init__(view)
        self.score: PlayedScore | None = None

    def bars(self, plot: QRectF) -> list[QRectF]:
        """Return the bars in view, in pixels."""
        if self.score is None:
            return []
        semitone_px = plot.height() / (12.0 * self.height)
        thick = min(MOST_NOTE_PX, max(LEAST_NOTE_PX, 0.6 * semitone_px))
        n_samples, out = self.score.n_samples, []
        for note in (note for part in self.score.parts for note in part.notes):
            octave = math.log2(A4_HZ) + (note.midi - A4_MIDI) / 12.0
            y = plot.bottom() - (octave - self.low) * plot.height() / self.height
            end = note.start + note.length
            for first, last in ((note.start, min(end, n_samples)), (0, min(end - n_samples, note.start))):
                left, right = self.x_of(plot, first), self.x_of(plot, last)
                if last > first and right >= plot.left() and left <= plot.right():
                    length = max(LEAST_NOTE_PX, right - left - 1.0)
                    out.append(QRectF(QPointF(left, y - thick / 2.0), QPointF(left + length, y + thick / 2.0)))
        return out

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        if self.score is None:
            return
        colour = QColor(theme.ACCENT)
        colour.setAlpha(NOTE_ALPHA)
        with self.in_pixels(painter) as plot:
            for one in self.bars(plot):
                painter.fillRect(one, colour)
