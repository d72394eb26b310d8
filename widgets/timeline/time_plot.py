# SPDX-License-Identifier: GPL-3.0-or-later
"""The canvas under a time axis draws its scene once, then a playhead over that picture, frame after frame.

A pyqtgraph scene costs several milliseconds to paint. It changes with the clip, the zoom and the region; the playhead
moves sixty times a second. So the scene is painted into a pixmap when it changes; a frame is that pixmap and a line.
"""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.motion import Motion
from widgets.spoken import announce
from widgets.timeline.axes import LabelledAxis, TimeAxis, plot_frame
from widgets.timeline.time_view import TimeView

PLAYHEAD_PX: Final = 2
PLAYHEAD_CAP_PX: Final = 5
"""Half the width of the triangle on top of the playhead, pixels."""
HALO_ALPHA: Final = 150
"""Opacity of the thin outline on both sides of the playhead, of 255."""
LEAST_SIZE_PX: Final = 200, 56
WHEEL_ZOOM: Final = 1.25
"""Factor of the zoom by one notch of the wheel."""
KEY_PAN: Final = 0.25
"""Share of the view that a page key moves."""


class TimePlot(pg.GraphicsView):  # type: ignore[misc]
    """A time plot shows the clip over time, in seconds, with a playhead; subclasses add items to ``box``.

    The wheel zooms about the cursor (with Shift it pans), a drag pans, a double click, ``0`` or ``A`` shows all; ``+``,
    ``-``, Up and Down zoom, Page Up and Page Down pan.
    """

    spoken = QAccessible.Role.Chart
    # The base class already resizes while it is being built.
    _picture: QPixmap | None = None
    _position: float | None = None
    _playhead_px: float | None = None
    _has_axes = False

    def __init__(self, hint: str, parent: QWidget | None = None, *, time_axis: TimeAxis | None = None) -> None:
        theme.configure_pyqtgraph()
        super().__init__(parent, useOpenGL=False, background=theme.PANEL)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.left_axis = LabelledAxis()
        self._time_axis = time_axis or TimeAxis()
        self._layout, self.box = plot_frame(self.left_axis, self._time_axis)
        self.setCentralItem(self._layout)
        self._has_axes = True
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hint = hint
        self._has_content = False
        self._pan_from: float | None = None
        self._motion = Motion()
        self.time_view = TimeView(self)
        self.time_view.changed.connect(self._on_span_changed)
        self.setMinimumSize(*LEAST_SIZE_PX)
        self.setAccessibleDescription(hint)
        self._said = ""

    # --- values ---

    def set_time_view(self, view: TimeView) -> None:
        """Share ``view`` with another plot."""
        self.time_view.changed.disconnect(self._on_span_changed)
        self.time_view = view
        view.changed.connect(self._on_span_changed)
        self._on_span_changed()

    def set_hint(self, hint: str) -> None:
        """Say other words while there is nothing to draw."""
        if hint == self._hint:
            return
        if self.accessibleDescription() == self._hint:
            self.setAccessibleDescription(hint)
        self._hint = hint
        self.invalidate()

    def set_has_content(self, has_content: bool) -> None:
        """Show the plot, or without content one calm line of text."""
        self._has_content = has_content
        if not has_content:
            self.setAccessibleDescription(self._hint)
        elif self.accessibleDescription() == self._hint:
            self.setAccessibleDescription("")
        self.invalidate()

    def set_position(self, sample: float | None) -> None:
        """Move the playhead; only the two strips it leaves and enters are painted."""
        if sample is not None and not self._motion.may_move():
            return
        self._position = sample
        if not self.isVisible():
            # It is painted whole as it comes into view.
            return
        old, new = self._playhead_px, self._playhead_x()
        if old == new:
            return
        self._playhead_px = new
        for x in (old, new):
            if x is not None:
                self.viewport().update(self._playhead_strip(x))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._playhead_px = self._playhead_x()

    def playhead_sample(self) -> float | None:
        """Return the sample that the playhead is on, or None where there is none."""
        return self._position

    def invalidate(self) -> None:
        """Have the scene painted anew before the next frame."""
        self._picture = None
        self._playhead_px = self._playhead_x()
        self.viewport().update()

    # --- pixels and samples ---

    def plot_rect(self) -> QRectF:
        """Return where the plot is within the viewport, without its axes, logical pixels."""
        return QRectF(self.box.sceneBoundingRect())

    def x_of(self, sample: float) -> float:
        """Return the logical pixel of a sample, fractional, also outside the view."""
        rect, view = self.plot_rect(), self.time_view
        return rect.left() + (sample - view.first) * rect.width() / max(view.width, 1e-9)

    def sample_at(self, x: float) -> float:
        """Return the sample at a logical pixel, the inverse of ``x_of``."""
        rect, view = self.plot_rect(), self.time_view
        return view.first + (x - rect.left()) * view.width / max(rect.width(), 1e-9)

    def _playhead_x(self) -> float | None:
        """Return the playhead's left edge on the device's pixel grid, or None when it is out of view."""
        if self._position is None or not self.time_view.first <= self._position <= self.time_view.last:
            return None
        ratio = self.devicePixelRatioF()
        x = math.floor(self.x_of(self._position) * ratio) / ratio
        return float(min(x, self.plot_rect().right() - PLAYHEAD_PX))

    def _playhead_strip(self, x: float) -> QRect:
        half = PLAYHEAD_CAP_PX + 1
        return QRectF(x - half, 0.0, 2 * half + PLAYHEAD_PX, self.viewport().height()).toAlignedRect()

    # --- painting ---

    def _on_span_changed(self) -> None:
        view = self.time_view
        if view.n_samples:
            self.box.setXRange(view.first / view.sample_rate, view.last / view.sample_rate, padding=0)
        self.invalidate()

    def _draw_scene(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.viewport().size()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(theme.PANEL))
        painter = QPainter(picture)
        self.render(painter, QRectF(QPointF(0, 0), size.toSizeF()), QRect(0, 0, size.width(), size.height()))
        painter.end()
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # Qt clips to what needs painting
        if self._has_content:
            ratio = self.devicePixelRatioF()
            if (
                self._picture is None
                or self._picture.devicePixelRatio() != ratio
                or self._picture.size() != self.viewport().size() * ratio
            ):
                self._picture = self._draw_scene()
                self._playhead_px = self._playhead_x()
        painter = QPainter(self.viewport())
        if self._has_content and self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
            if self._playhead_px is not None:
                self._draw_playhead(painter, self._playhead_px)
        else:
            painter.fillRect(self.viewport().rect(), QColor(theme.PANEL))
            painter.setPen(QColor(theme.DIM))
            painter.drawText(
                self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint
            )
        if self.hasFocus():
            painter.setPen(QColor(theme.ACCENT))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _draw_playhead(self, painter: QPainter, x: float) -> None:
        rect, colour, halo = self.plot_rect(), QColor(theme.PLAYHEAD), QColor(theme.PANEL)
        # Seen on whatever is under it: a picture may be as dark or as light as the playhead.
        halo.setAlpha(HALO_ALPHA)
        painter.fillRect(QRectF(x - 1.0, rect.top(), PLAYHEAD_PX + 2.0, rect.height()), halo)
        painter.fillRect(QRectF(x, rect.top(), PLAYHEAD_PX, rect.height()), colour)
        middle, top = x + PLAYHEAD_PX / 2, rect.top()
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(middle - PLAYHEAD_CAP_PX, top),
                    QPointF(middle + PLAYHEAD_CAP_PX, top),
                    QPointF(middle, top + PLAYHEAD_CAP_PX * 1.4),
                ]
            )
        )
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.invalidate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._has_axes:
            for axis in (self.left_axis, self._time_axis):
                axis.take_theme()
            self.setBackground(theme.PANEL)
        self.invalidate()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Screen readers say it when the keyboard comes.
        self._said = self.accessibleDescription()
        self.invalidate()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.invalidate()

    # --- mouse and keys ---

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta, view = event.angleDelta(), self.time_view
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        sideways = delta.x() or (delta.y() if shifted else 0)
        if sideways:
            view.pan(-sideways / 120.0 * view.width / 10.0)
        elif delta.y():
            view.zoom(WHEEL_ZOOM ** (-delta.y() / 120.0), self.sample_at(event.position().x()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pan_from = self.sample_at(event.position().x())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self.time_view.pan(self._pan_from - self.sample_at(event.position().x()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pan_from = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.time_view.show_all()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        view, key = self.time_view, event.key()
        # Letters and arrows beside what a keyboard may have on another level only.
        if key in (Qt.Key.Key_0, Qt.Key.Key_A):
            view.show_all()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
            view.zoom(1 / WHEEL_ZOOM, self.zoom_centre())
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            view.zoom(WHEEL_ZOOM, self.zoom_centre())
        elif key == Qt.Key.Key_PageUp:
            view.pan(-KEY_PAN * view.width)
        elif key == Qt.Key.Key_PageDown:
            view.pan(KEY_PAN * view.width)
        else:
            event.ignore()
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # What keys did is said when they are let go: one that is held would talk without end.
        if not event.isAutoRepeat() and self.accessibleDescription() != self._said:
            self._said = self.accessibleDescription()
            announce(self, self._said)
        event.ignore()

    def zoom_centre(self) -> float:
        """Return the sample that the keyboard zooms about: the playhead when it is in view, else the middle."""
        view = self.time_view
        if self._position is not None and view.first <= self._position <= view.last:
            return self._position
        return (view.first + view.last) / 2.0
