# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam's plot shows what meets at the joint over each other, and the loop that becomes of it, from 2 ms to 2 s."""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from widgets import theme
from widgets.figures import Figure
from widgets.seam_scope.layers import SIDES, Layer, SeamWaves, colour_of
from widgets.seam_scope.traces import Lane
from widgets.timeline.axes import TimeAxis, time_step
from widgets.timeline.edge_mover import END, END_KEYS, START, START_KEYS
from widgets.timeline.time_plot import TimePlot
from widgets.timeline.time_view import TimeView

MIN_SPAN_S: Final = 0.002
"""Length of the deepest zoom in seconds."""
FIRST_SPAN_S: Final = 0.2
"""Length in seconds of what is in view at first."""
LANE_GAP: Final = 0.04
"""Share of the plot's height between the sides above and the rendered loop below."""
KEY_LEAP: Final = 10
"""Number of samples, or of places to snap to, that Shift and an arrow move an edge by."""


class SeamAxis(TimeAxis):
    """The seam's axis shows milliseconds from the joint, which is ``joint_s`` seconds after the picture's start."""

    def __init__(self) -> None:
        super().__init__()
        self.joint_s = 0.0

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        step = time_step(maxVal - minVal, size)
        first, last = (value - self.joint_s for value in (minVal, maxVal))
        numbers = range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1)
        return [(step, [self.joint_s + number * step for number in numbers])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        del scale
        n_digits = max(0, -math.floor(math.log10(1000.0 * spacing) + 1e-9))
        shown = [1000.0 * round((value - self.joint_s) / spacing) * spacing for value in values]
        return [f"{Figure(ms):+.{n_digits}f}" if ms else "0 ms" for ms in shown]


class SeamItem(pg.GraphicsObject):  # type: ignore[misc]
    """The seam's item paints the sides in the upper lane, the rendered loop and the gains in the lower one."""

    def __init__(self, view: TimeView) -> None:
        super().__init__()
        self.view = view
        self.waves: SeamWaves | None = None
        self.layers = set(Layer)

    def boundingRect(self) -> QRectF:
        view = self.view
        return QRectF(0.0, 0.0, view.n_samples / view.sample_rate if view.sample_rate else 1.0, 1.0)

    def lanes(self) -> list[tuple[float, float, tuple[Layer, ...]]]:
        """Return the lanes that have something to show: foot and top as shares of the height, and their layers."""
        all_lanes = (SIDES, (Layer.RENDERED, Layer.GAINS))
        lanes = [[one for one in lane if one in self.layers] for lane in all_lanes]
        shown = [tuple(lane) for lane in lanes if lane]
        share = (1.0 - LANE_GAP * (len(shown) - 1)) / max(len(shown), 1)
        feet = [1.0 - share - number * (share + LANE_GAP) for number in range(len(shown))]
        return [(foot, foot + share, lane) for foot, lane in zip(feet, shown, strict=True)]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        view = self.view
        if self.waves is None or view.width <= 0:
            return
        # All in logical pixels: lines keep their width and stand on the device's grid.
        span_s = QRectF(view.first / view.sample_rate, 0.0, view.width / view.sample_rate, 1.0)
        plot = painter.worldTransform().mapRect(span_s)
        painter.save()
        painter.resetTransform()
        for foot, top, layers in self.lanes():
            rect = QRectF(plot)
            rect.setTop(round(plot.bottom() - top * plot.height()))
            rect.setBottom(round(plot.bottom() - foot * plot.height()))
            lane = Lane(painter, rect, (view.first, view.last), self.waves.height)
            self._ground(painter, lane, self.waves)
            for layer in (Layer.DIFFERENCE, Layer.BEFORE, Layer.AFTER, Layer.RENDERED, Layer.GAINS):
                if layer in layers:
                    self._layer(lane, self.waves, layer)
        painter.restore()

    def _ground(self, painter: QPainter, lane: Lane, waves: SeamWaves) -> None:
        """Paint where the crossfade is, the line of silence, and the joints."""
        rect = lane.rect
        left, right = (min(max(lane.x_of(one), rect.left()), rect.right()) for one in waves.crossfade)
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), QColor(theme.ACCENT_TINT))
        painter.setPen(QPen(QColor(theme.LINE), 1))
        middle = math.floor(rect.center().y()) + 0.5
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
        turn = waves.turn_samples
        numbers = range(-(waves.half_samples // turn), waves.half_samples // turn + 1)
        if turn * rect.width() / self.view.width < 4.0:
            # The joints of a very short loop would be a wall.
            numbers = range(1)
        for number in numbers:
            x = math.floor(lane.x_of(waves.half_samples + number * turn)) + 0.5
            if rect.left() <= x <= rect.right():
                pen = QPen(QColor(theme.EDGE), 1)
                if number:
                    pen.setDashPattern([1, 3])
                painter.setPen(pen)
                painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    @staticmethod
    def _layer(lane: Lane, waves: SeamWaves, layer: Layer) -> None:
        if layer is Layer.GAINS:
            lane.curve(waves.before_gain, waves.top_gain, theme.DIM)
            lane.curve(waves.after_gain, waves.top_gain, theme.ACCENT)
        elif layer is Layer.DIFFERENCE:
            lane.area(waves.waves[layer], colour_of(layer), opacity=0.35)
        else:
            lane.wave(waves.waves[layer], colour_of(layer), opacity=0.8)


class SeamPlot(TimePlot):
    """The seam's plot is a ``TimePlot`` whose time counts from the joint; it tells what keys ask of the edges.

    Keyboard: ``I`` and ``O`` (``[`` and ``]``) choose an edge, the arrows move it by a sample, with Shift by ten, ``S``
    sends it to the nearest place to snap to, Home brings the joint to the middle; zoom and pan are a ``TimePlot``'s.

    Signals
    -------
    edge_chosen(int), nudged(n_steps), nudging_ended(), snap_requested()
    """

    edge_chosen = Signal(int)
    nudged = Signal(int)
    nudging_ended = Signal()
    snap_requested = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        axis = SeamAxis()
        super().__init__(hint, parent, time_axis=axis)
        self._axis = axis
        view = TimeView(self, min_span_s=MIN_SPAN_S)
        self.item = SeamItem(view)
        self.box.addItem(self.item, ignoreBounds=True)
        self.box.setYRange(0.0, 1.0, padding=0)
        self.set_time_view(view)

    def set_waves(self, waves: SeamWaves | None, sample_rate: int) -> None:
        """Show another seam; what part of it is in view stays."""
        self.item.waves = waves
        view = self.time_view
        if waves is not None and (view.n_samples, view.sample_rate) != (2 * waves.half_samples, sample_rate):
            self._axis.joint_s = waves.half_samples / sample_rate
            self.item.prepareGeometryChange()
            view.set_length(2 * waves.half_samples, sample_rate)
            half = FIRST_SPAN_S * sample_rate / 2.0
            view.set_span(waves.half_samples - half, waves.half_samples + half)
        self._label()
        self.set_has_content(waves is not None)

    def set_layers(self, layers: set[Layer]) -> None:
        """Show these layers and no others."""
        self.item.layers = layers
        self._label()
        self.invalidate()

    def _label(self) -> None:
        """Write decibels re full scale at the top and the silence of each lane."""
        if self.item.waves is None:
            return
        top_db = round(-20.0 * math.log10(self.item.waves.height))
        labels = []
        for foot, top, _ in self.item.lanes():
            labels += [((foot + top) / 2.0, "−∞"), (top - 0.06 * (top - foot), f"−{top_db}" if top_db else "0")]
        self.left_axis.set_labels(labels)

    def zoom_centre(self) -> float:
        """Return the sample that the keyboard zooms about: the joint when it is in view, else the middle."""
        view = self.time_view
        joint = view.n_samples / 2.0
        return joint if view.first <= joint <= view.last else super().zoom_centre()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, view = event.key(), self.time_view
        leap = KEY_LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if self.item.waves is None:
            super().keyPressEvent(event)
            return
        if key in START_KEYS or key in END_KEYS:
            self.edge_chosen.emit(START if key in START_KEYS else END)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.nudged.emit(-leap if key == Qt.Key.Key_Left else leap)
        elif key == Qt.Key.Key_S:
            self.snap_requested.emit()
        elif key == Qt.Key.Key_Home:
            view.pan(view.n_samples / 2.0 - (view.first + view.last) / 2.0)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat():
            self.nudging_ended.emit()
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.nudging_ended.emit()
