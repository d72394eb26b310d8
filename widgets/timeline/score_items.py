# SPDX-License-Identifier: GPL-3.0-or-later
"""These items draw what is played in the clip: chords along the pictures, and notes over the spectrogram."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import PlayedChord, PlayedScore
from widgets import theme
from widgets.spectrogram.pitch_labels import octave_of
from widgets.timeline.time_item import TimeItem
from widgets.timeline.time_view import TimeView

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


class ChordsItem(TimeItem):
    """The chords' item writes each chord's name where it begins, at the plot's foot or top; no name covers another.

    The chord that began before what is in view is written at its left edge.
    """

    def __init__(self, view: TimeView, *, at_top: bool = False) -> None:
        super().__init__(view)
        self._at_top = at_top
        self.chords: tuple[PlayedChord, ...] = ()

    def placed(self, plot: QRectF, widths: Sequence[float]) -> list[tuple[float, PlayedChord, float]]:
        """Return where the names begin that have room, and their ``widths``, with the room around them, pixels."""
        per_sample = plot.width() / self.view.width
        zero = plot.left() - self.view.first * per_sample
        starts = [zero + one.start * per_sample for one in self.chords]
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
        wide = {
            name: metrics.horizontalAdvance(name) + 2.0 * CHORD_ROOM_PX for name in {one.name for one in self.chords}
        }
        widths = [wide[one.name] for one in self.chords]
        with self.in_pixels(painter) as plot:
            top = plot.top() if self._at_top else plot.bottom() - metrics.height()
            for x, one, width in self.placed(plot, widths):
                place = QRectF(round(x), top, width, metrics.height())
                painter.fillRect(place, ground)
                painter.setPen(QColor(theme.TEXT))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, one.name)


class NotesItem(TimeItem):
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
            y = plot.bottom() - (octave_of(note.midi) - self.low) * plot.height() / self.height
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
