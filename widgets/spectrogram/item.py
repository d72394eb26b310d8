# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrogram's item colours and scales what is visible of a picture pyramid: any zoom and length cost the same."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.values import LoopRegion, SpectrogramImage
from engine.values.picture_options import SPECTROGRAM_COLOURS, SPECTROGRAM_FLOOR
from widgets import theme
from widgets.spectrogram.colour_maps import shown_table
from widgets.spectrogram.pitch_view import PitchView
from widgets.timeline.time_view import TimeView

EDGE_PX: Final = 2.0
OUTSIDE_ALPHA: Final = 130
"""Opacity of the shade over what does not loop, of 255."""
MARGIN: Final = 1
"""Number of columns and rows beside what is in view that are drawn too, as scaling blends neighbours."""


class SpectrogramItem(pg.GraphicsObject):  # type: ignore[misc]
    """The spectrogram's item shows the part of a picture that both views have in view, and dims what does not loop."""

    def __init__(self, view: TimeView, pitch: PitchView) -> None:
        super().__init__()
        self.view, self.pitch = view, pitch
        self.region: LoopRegion | None = None
        self.colours = SPECTROGRAM_COLOURS.default_text
        self.floor_db = float(SPECTROGRAM_FLOOR.default_text)
        self.image: SpectrogramImage | None = None

    def set_image(self, image: SpectrogramImage | None) -> None:
        """Show another picture, or nothing."""
        self.prepareGeometryChange()
        self.image = image

    def boundingRect(self) -> QRectF:
        image = self.image
        if image is None:
            return QRectF(0, 0, 1, 1)
        low, high = math.log2(image.low_hz), math.log2(image.high_hz)
        return QRectF(0.0, low, image.n_samples / image.sample_rate, high - low)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        image, view, pitch = self.image, self.view, self.pitch
        if image is None or view.width <= 0:
            return
        to_px = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        seen = QRectF(view.first / view.sample_rate, pitch.low, view.width / view.sample_rate, pitch.height)
        plot = to_px.mapRect(seen)
        painter.setClipRect(plot)
        self._paint_image(painter, image, plot)
        if self.region is not None:
            self._paint_region(painter, self.region, plot)
        painter.restore()

    def _paint_image(self, painter: QPainter, image: SpectrogramImage, plot: QRectF) -> None:
        view, pitch, n_px = self.view, self.pitch, plot.width() * painter.device().devicePixelRatioF()
        pyramid = (image.levels, *image.coarser)
        # About one column to a pixel: each is the louder of those that it stands for.
        columns_per_px = image.levels.shape[1] * view.width / image.n_samples / max(n_px, 1.0)
        level = min(max(0, round(math.log2(max(columns_per_px, 1.0)))), len(pyramid) - 1)
        levels = pyramid[level]
        n_rows, n_columns = levels.shape
        # The last column of a coarser level may reach beyond the clip's end.
        column_samples = image.n_samples / image.levels.shape[1] * 2**level
        start = max(0, math.floor(view.first / column_samples) - MARGIN)
        stop = min(n_columns, math.ceil(view.last / column_samples) + MARGIN)
        bottom, top = math.log2(image.low_hz), math.log2(image.high_hz)
        row_octaves = (top - bottom) / n_rows
        low = max(0, math.floor((pitch.low - bottom) / row_octaves) - MARGIN)
        high = min(n_rows, math.ceil((pitch.high - bottom) / row_octaves) + MARGIN)
        if stop <= start or high <= low:
            return
        # Highest row first, as pictures are stored.
        seen = np.ascontiguousarray(levels[low:high, start:stop][::-1])
        height, width = seen.shape
        indexed = QImage(seen.data, width, height, width, QImage.Format.Format_Indexed8)
        indexed.setColorTable(shown_table(self.colours, image.floor_db, self.floor_db))
        # Coloured first: scaling would else go through a slower format.
        picture = indexed.convertToFormat(QImage.Format.Format_RGB32)
        px_per_sample, px_per_octave = plot.width() / view.width, plot.height() / pitch.height
        target = QRectF(
            plot.left() + (start * column_samples - view.first) * px_per_sample,
            plot.bottom() - (bottom + high * row_octaves - pitch.low) * px_per_octave,
            width * column_samples * px_per_sample,
            height * row_octaves * px_per_octave,
        )
        clip_end = plot.left() + (image.n_samples - view.first) * px_per_sample
        painter.setClipRect(plot.intersected(QRectF(plot.left(), plot.top(), clip_end - plot.left(), plot.height())))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, picture)

    def _paint_region(self, painter: QPainter, region: LoopRegion, plot: QRectF) -> None:
        """Dim what does not loop; the edges are the waveform's, without tabs."""
        ratio = painter.device().devicePixelRatioF()
        px_per_sample = plot.width() / self.view.width
        left, right = (
            round((plot.left() + (sample - self.view.first) * px_per_sample) * ratio) / ratio
            for sample in (region.loop_start, region.loop_end)
        )
        shade = QColor(theme.PANEL)
        shade.setAlpha(OUTSIDE_ALPHA)
        painter.setClipRect(plot)
        painter.fillRect(QRectF(plot.left(), plot.top(), max(0.0, left - plot.left()), plot.height()), shade)
        painter.fillRect(QRectF(right, plot.top(), max(0.0, plot.right() - right), plot.height()), shade)
        for x in (left, right - EDGE_PX):
            painter.fillRect(QRectF(x, plot.top(), EDGE_PX, plot.height()), QColor(theme.ACCENT))
