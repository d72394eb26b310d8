# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam's spectrum draws the level of each band of both sides of a seam, and of the rendered loop there."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values import SeamSpectra
from widgets import theme
from widgets.figures import Figure
from widgets.seam_scope.layers import Layer, colour_of

SPAN_DB: Final = 72.0
STEP_DB: Final = 12.0
"""Decibels between lines, in steps of which the top of the picture moves."""
TICKS_HZ: Final = (100.0, 1000.0, 10_000.0)
DRAWN: Final = (Layer.BEFORE, Layer.AFTER, Layer.RENDERED)


class SeamSpectrum(QWidget):
    """The seam's spectrum is a small picture over octaves; louder is higher."""

    spoken = QAccessible.Role.Chart

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Spectrum at the seam"))
        self.setToolTip(
            self.tr(
                "How loud each pitch is around the crossfade, in sixths of an octave: "
                "of what goes out, of what comes in, and of the loop as it is heard."
            )
        )
        self.setAccessibleDescription(self.toolTip())
        self._spectra: SeamSpectra | None = None
        self._layers = set(Layer)

    def set_spectra(self, spectra: SeamSpectra | None) -> None:
        """Show the spectra of another seam, or nothing."""
        self._spectra = spectra
        self.update()

    def set_layers(self, layers: set[Layer]) -> None:
        """Show these layers and no others."""
        self._layers = layers
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 90)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 64)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        painter.setFont(theme.scaled_font(8.5))
        metrics = painter.fontMetrics()
        foot = metrics.height() + 4.0
        plot = QRectF(8.0, 6.0, self.width() - 20.0, self.height() - 6.0 - foot)
        spectra = self._spectra
        if spectra is None or plot.width() < 1.0 or plot.height() < 1.0:
            painter.end()
            return
        curves = {Layer.BEFORE: spectra.before, Layer.AFTER: spectra.after, Layer.RENDERED: spectra.rendered}
        loudest = max(float(one.max()) for one in curves.values())
        top = STEP_DB * math.ceil(max(loudest, SPAN_DB - 108.0) / STEP_DB)
        octaves = np.log2(spectra.hz)
        scale = plot.width() / max(float(octaves[-1] - octaves[0]), 1e-9)
        painter.setPen(QPen(QColor(theme.LINE), 1))
        for number in range(round(SPAN_DB / STEP_DB) + 1):
            y = math.floor(plot.top() + number * STEP_DB / SPAN_DB * plot.height()) + 0.5
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        for hz in TICKS_HZ:
            x = math.floor(plot.left() + (math.log2(hz) - float(octaves[0])) * scale) + 0.5
            if not plot.left() <= x <= plot.right():
                continue
            painter.setPen(QPen(QColor(theme.LINE), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(QColor(theme.DIM))
            text = f"{hz / 1000.0:g} kHz" if hz >= 1000.0 else f"{hz:g}"
            width = metrics.horizontalAdvance(text)
            at = min(max(x - width / 2.0, 0.0), self.width() - width)
            painter.drawText(QPointF(at, plot.bottom() + metrics.ascent() + 3.0), text)
        painter.setPen(QColor(theme.DIM))
        painter.drawText(QPointF(plot.left() + 3.0, plot.top() + metrics.ascent() + 1.0), f"{Figure(top):.0f} dB")
        painter.setClipRect(plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in DRAWN:
            if layer in self._layers:
                xs = plot.left() + (octaves - octaves[0]) * scale
                ys = plot.top() + (top - curves[layer]) / SPAN_DB * plot.height()
                pen = QPen(QColor(colour_of(layer)), 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawPolyline(pg.functions.arrayToQPolygonF(xs.astype(np.float64), ys.astype(np.float64)))
        painter.end()
