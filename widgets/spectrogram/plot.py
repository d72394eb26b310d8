# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrogram's plot is a time plot over octaves with a cursor, which the mouse and the keyboard move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.values import SpectrogramImage
from engine.values.picture_options import AXIS_HZ, AXIS_NOTES
from widgets.figures import Figure
from widgets.spectrogram.crosshair import Mark, paint_crosshair
from widgets.spectrogram.item import SpectrogramItem
from widgets.spectrogram.pitch_labels import SEMITONES, hertz_labels, midi_of, note_labels, note_name
from widgets.spectrogram.pitch_view import PitchView
from widgets.spectrogram.reading import Partial, partials
from widgets.timeline.music_grid import MusicGrid
from widgets.timeline.score_items import ChordsItem, NotesItem
from widgets.timeline.time_plot import WHEEL_ZOOM, TimePlot
from widgets.timeline.time_view import TimeView

LEAP: Final = 0.05
"""Share of the view that Shift and an arrow move the cursor where no beats are known."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor is a place in the picture: a sample of the clip, and a pitch, as the base-two logarithm of hertz."""

    sample: float
    octave: float


class SpectrogramPlot(TimePlot):
    """The spectrogram's plot zooms and pans in both directions, and has a cursor.

    The wheel with Ctrl and Ctrl+Up, Ctrl+Down zoom the pitches. The cursor follows the mouse; Left and Right move it by
    a pixel, with Shift by a beat; Shift+Up and Shift+Down by a semitone; P goes to the next partial, Escape takes it
    away.

    Signals
    -------
    cursor_moved: the cursor is elsewhere, or gone
    """

    cursor_moved = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint, parent)
        self.pitch = PitchView(self)
        self.item = SpectrogramItem(self.time_view, self.pitch)
        self.music_grid = MusicGrid(self.time_view)
        self.notes = NotesItem(self.time_view)
        self.notes.setVisible(False)
        self.chords = ChordsItem(self.time_view, at_top=True)
        for one in (self.item, self.music_grid, self.notes, self.chords):
            self.box.addItem(one, ignoreBounds=True)
        self.cursor_place: Cursor | None = None
        self.partials: tuple[Partial, ...] = ()
        self._axis = AXIS_HZ
        self._pan_pitch_from: float | None = None
        self.viewport().setMouseTracking(True)
        self.pitch.changed.connect(self._on_pitch_changed)

    def set_time_view(self, view: TimeView) -> None:
        for one in (self.item, self.music_grid, self.notes, self.chords):
            one.view = view
        super().set_time_view(view)

    def set_axis(self, axis: str) -> None:
        """Name frequencies (``AXIS_HZ``) or notes (``AXIS_NOTES``) at the left."""
        self._axis = axis
        self._label()
        self.invalidate()

    def set_image(self, image: SpectrogramImage | None) -> None:
        """Show another picture; the cursor stays where it is, if that is in the clip."""
        self.item.set_image(image)
        if image is None or (self.cursor_place is not None and self.cursor_place.sample >= image.n_samples):
            self.set_cursor(None)
        else:
            self.set_cursor(self.cursor_place)
        self.invalidate()

    # --- pitches and pixels ---

    def y_of(self, octave: float) -> float:
        """Return the logical pixel of a pitch, fractional, also outside the view."""
        rect, pitch = self.plot_rect(), self.pitch
        return rect.bottom() - (octave - pitch.low) * rect.height() / pitch.height

    def octave_at(self, y: float) -> float:
        """Return the pitch at a logical pixel, the inverse of ``y_of``."""
        rect, pitch = self.plot_rect(), self.pitch
        return pitch.low + (rect.bottom() - y) * pitch.height / max(rect.height(), 1e-9)

    def _on_pitch_changed(self) -> None:
        pitch = self.pitch
        self.box.setYRange(pitch.low, pitch.high, padding=0)
        for one in (self.music_grid, self.notes, self.chords):
            one.set_span(pitch.low, pitch.height)
        self._label()
        self.invalidate()

    def _label(self) -> None:
        low, high = self.pitch.low, self.pitch.high
        if self._axis == AXIS_NOTES:
            labels = note_labels(low, high, self.plot_rect().height())
            self.music_grid.octaves = tuple(octave for octave, _ in note_labels(low, high, 0.0))
        else:
            labels = hertz_labels(low, high)
            self.music_grid.octaves = ()
        self.left_axis.set_labels(labels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The base class resizes while it is being built; names need room, which may be another now.
        if hasattr(self, "_axis"):
            self._label()

    # --- the cursor ---

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Put the cursor somewhere in the picture, or take it away."""
        image = self.item.image
        if image is None:
            cursor = None
        elif cursor is not None:
            sample = min(max(cursor.sample, 0.0), image.n_samples - 1.0)
            cursor = Cursor(sample, min(max(cursor.octave, self.pitch.bottom), self.pitch.top))
        if cursor is None and self.cursor_place is None:
            return
        self.cursor_place = cursor
        self.partials = () if cursor is None or image is None else partials(image, cursor.sample, self.item.floor_db)
        self.viewport().update()
        self.cursor_moved.emit()

    def _move_cursor(self, samples: float, octaves: float) -> None:
        cursor, view, pitch = self._begun_cursor(), self.time_view, self.pitch
        self.set_cursor(Cursor(cursor.sample + samples, cursor.octave + octaves))
        if self.cursor_place is None:
            return
        sample, octave = self.cursor_place.sample, self.cursor_place.octave
        if not view.first <= sample < view.last:
            view.pan(sample - (view.first + view.last) / 2.0)
        if not pitch.low <= octave <= pitch.high:
            pitch.pan(octave - (pitch.low + pitch.high) / 2.0)

    def _begun_cursor(self) -> Cursor:
        """Return the cursor; one that was not there begins at the playhead or in the middle, on what sounds there."""
        if self.cursor_place is not None:
            return self.cursor_place
        sample, image = self.zoom_centre(), self.item.image
        found = () if image is None else partials(image, sample, self.item.floor_db)
        middle = (self.pitch.low + self.pitch.high) / 2.0
        return Cursor(sample, found[0].octave if found else middle)

    def _next_partial(self) -> None:
        is_new, cursor = self.cursor_place is None, self._begun_cursor()
        self.set_cursor(cursor)
        octaves = [one.octave for one in self.partials]
        if octaves and not is_new:
            # On one of them: the next weaker one, then the strongest again.
            at = octaves.index(cursor.octave) + 1 if cursor.octave in octaves else 0
            self.set_cursor(Cursor(cursor.sample, octaves[at % len(octaves)]))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        cursor, plot = self.cursor_place, self.plot_rect()
        if cursor is None or not self.time_view.first <= cursor.sample <= self.time_view.last:
            return
        marks = tuple(
            Mark(self.y_of(one.octave), f"{note_name(round(midi_of(one.octave)))}  {Figure(one.db):.0f}")
            for one in self.partials
            if self.pitch.low <= one.octave <= self.pitch.high
        )
        painter = QPainter(self.viewport())
        at = QPointF(self.x_of(cursor.sample), self.y_of(cursor.octave))
        paint_crosshair(painter, plot, at, marks, self.font())
        painter.end()

    # --- mouse and keys ---

    def viewportEvent(self, event: QEvent) -> bool:
        # What to press is told over the axes: over the picture it would cover what is being read.
        is_over_picture = isinstance(event, QHelpEvent) and self.plot_rect().contains(event.pos().toPointF())
        if event.type() == QEvent.Type.ToolTip and is_over_picture and self.item.image is not None:
            QToolTip.hideText()
            return True
        return bool(super().viewportEvent(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta().y()
        if delta and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pitch.zoom(WHEEL_ZOOM ** (-delta / 120.0), self.octave_at(event.position().y()))
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pan_pitch_from = self.octave_at(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at, plot = event.position(), self.plot_rect()
        if self._pan_from is not None and self._pan_pitch_from is not None:
            self.pitch.pan(self._pan_pitch_from - self.octave_at(at.y()))
        self.set_cursor(Cursor(self.sample_at(at.x()), self.octave_at(at.y())) if plot.contains(at) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pan_pitch_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.pitch.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.set_cursor(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.underMouse():
            self.set_cursor(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        shifted = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        controlled = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        up_or_down = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key), 0)
        aside = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(key), 0)
        if self.item.image is None or (key == Qt.Key.Key_Escape and self.cursor_place is None):
            super().keyPressEvent(event)
            return
        if aside and not controlled:
            self._move_cursor(aside * self._step(leap=shifted), 0.0)
        elif up_or_down and controlled:
            about = self.cursor_place.octave if self.cursor_place else (self.pitch.low + self.pitch.high) / 2.0
            self.pitch.zoom(WHEEL_ZOOM**-up_or_down, about)
        elif up_or_down and shifted:
            self._move_cursor(0.0, up_or_down / SEMITONES)
        elif key == Qt.Key.Key_P and not controlled:
            self._next_partial()
        elif key == Qt.Key.Key_Escape:
            self.set_cursor(None)
        else:
            if key in (Qt.Key.Key_0, Qt.Key.Key_A):
                self.pitch.show_all()
            super().keyPressEvent(event)
            return
        event.accept()

    def _step(self, *, leap: bool) -> float:
        """Return by how many samples an arrow moves the cursor."""
        bars, view = self.music_grid.bars, self.time_view
        if not leap:
            return view.width / max(self.plot_rect().width(), 1.0)
        return bars.bar_samples / bars.beats_per_bar if bars is not None else LEAP * view.width

    def zoom_centre(self) -> float:
        """Return the sample that the keyboard zooms about: the cursor comes first."""
        return super().zoom_centre() if self.cursor_place is None else self.cursor_place.sample
