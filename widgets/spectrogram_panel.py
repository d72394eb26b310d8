# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrogram panel shows the clip's spectrogram under the same time axis as its waveform."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QPushButton, QStyleOptionGraphicsItem, QWidget

from engine.values import ByteArray, LoopRegion, PlayedScore, SpectrogramImage
from widgets import theme
from widgets.controls import describe, set_role
from widgets.panel import Panel
from widgets.score_items import NotesItem
from widgets.time_plot import TimePlot
from widgets.time_view import TimeView
from widgets.waveform_panel import WaveformPanel

COLOUR_MAP: Final = "inferno"
"""Name of the colour map: perceptually even, so that the accent and the white playhead stay readable on it."""
TICKS_HZ: Final = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
EDGE_PX: Final = 2.0


def hertz_label(hz: float) -> str:
    """Return a frequency's label, as ``500`` or ``2k``."""
    return f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}"


def halve_columns(levels: ByteArray) -> ByteArray:
    """Return half as many columns, each the louder of two: a short sound does not vanish when zoomed out."""
    if levels.shape[1] % 2:
        levels = np.concatenate([levels, levels[:, -1:]], axis=1)
    return np.maximum(levels[:, 0::2], levels[:, 1::2])


class SpectrogramItem(pg.GraphicsObject):  # type: ignore[misc]
    """The spectrogram's item is coloured and scaled for the visible columns only: any zoom and length cost the same."""

    def __init__(self, view: TimeView) -> None:
        super().__init__()
        self.view = view
        self.region: LoopRegion | None = None
        self._image: SpectrogramImage | None = None
        self._levels: list[ByteArray] = []
        table = pg.colormap.get(COLOUR_MAP).getLookupTable(nPts=256, alpha=False).astype(np.uint32)
        self._argb: npt.NDArray[np.uint32] = 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]

    def set_image(self, image: SpectrogramImage | None) -> None:
        self.prepareGeometryChange()
        self._image = image
        # Highest row first, as pictures are stored; then ever fewer columns.
        self._levels = [] if image is None else [np.ascontiguousarray(image.levels[::-1])]
        while self._levels and self._levels[-1].shape[1] > 1024:
            self._levels.append(halve_columns(self._levels[-1]))

    def boundingRect(self) -> QRectF:
        image = self._image
        if image is None:
            return QRectF(0, 0, 1, 1)
        low, high = math.log2(image.low_hz), math.log2(image.high_hz)
        return QRectF(0.0, low, image.n_samples / image.sample_rate, high - low)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        image, view = self._image, self.view
        if image is None or view.width <= 0:
            return
        to_px = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        bounds = self.boundingRect()
        plot = to_px.mapRect(
            QRectF(view.first / view.sample_rate, bounds.top(), view.width / view.sample_rate, bounds.height())
        )
        self._paint_image(painter, image, plot)
        if self.region is not None:
            self._paint_region(painter, self.region, plot)
        painter.restore()

    def _paint_image(self, painter: QPainter, image: SpectrogramImage, plot: QRectF) -> None:
        view, n_px = self.view, plot.width() * painter.device().devicePixelRatioF()
        columns_per_px = image.levels.shape[1] * view.width / image.n_samples / max(n_px, 1.0)
        level = min(max(0, math.floor(math.log2(max(columns_per_px, 1.0)))), len(self._levels) - 1)
        levels = self._levels[level]
        # The last column of a coarser level may reach beyond the clip's end.
        column_samples = image.n_samples / image.levels.shape[1] * 2**level
        start = max(0, math.floor(view.first / column_samples) - 1)
        stop = min(levels.shape[1], math.ceil(view.last / column_samples) + 1)
        argb = np.ascontiguousarray(self._argb[levels[:, start:stop]])
        height, width = argb.shape
        if width == 0:
            return
        picture = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        px_per_sample = plot.width() / view.width
        left = plot.left() + (start * column_samples - view.first) * px_per_sample
        target = QRectF(left, plot.top(), width * column_samples * px_per_sample, plot.height())
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
        shade.setAlpha(130)
        painter.setClipRect(plot)
        painter.fillRect(QRectF(plot.left(), plot.top(), max(0.0, left - plot.left()), plot.height()), shade)
        painter.fillRect(QRectF(right, plot.top(), max(0.0, plot.right() - right), plot.height()), shade)
        for x in (left, right - EDGE_PX):
            painter.fillRect(QRectF(x, plot.top(), EDGE_PX, plot.height()), QColor(theme.ACCENT))


class SpectrogramPlot(TimePlot):
    """The spectrogram's plot is a ``TimePlot`` over octaves."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint, parent)
        self.item = SpectrogramItem(self.time_view)
        self.notes = NotesItem(self.time_view)
        self.notes.setVisible(False)
        for one in (self.item, self.notes):
            self.box.addItem(one, ignoreBounds=True)

    def set_time_view(self, view: TimeView) -> None:
        self.item.view = self.notes.view = view
        super().set_time_view(view)


class SpectrogramPanel(Panel):
    """The spectrogram panel shows a log-frequency picture with the region's edges and the playhead, in clip samples."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_title(self.tr("Spectrogram"))
        self.plot = SpectrogramPlot(self.tr("The clip's spectrogram is drawn here."), self)
        self.plot.setAccessibleName(self.tr("Spectrogram"))
        self.plot.setToolTip(
            self.tr(
                "How loud each pitch is over time: low notes below, bright is loud.\n"
                "Drag to move, turn the wheel to zoom, double click or press 0 or A to see all; Up and Down zoom."
            )
        )
        self.body.addWidget(self.plot, 1)
        self.setFocusProxy(self.plot)
        self.notes_button = QPushButton(self.tr("Notes"), self.header)
        self.notes_button.setCheckable(True)
        self.notes_button.setVisible(False)
        set_role(self.notes_button, "inline")
        describe(
            self.notes_button,
            self.tr("Show the notes"),
            self.tr("Draw the notes over the spectrogram, where the generator tells them"),
        )
        self.header.add_control(self.notes_button)
        self.notes_button.toggled.connect(self._on_notes_toggled)

    def link(self, waveform: WaveformPanel) -> None:
        """Share one zoom and pan with another panel from now on."""
        self.plot.set_time_view(waveform.plot.time_view)

    def set_image(self, image: SpectrogramImage | None) -> None:
        """Show another clip's spectrogram, or the hint."""
        self.set_score(None)
        self.plot.item.region = None
        self.plot.item.set_image(image)
        self.plot.set_position(None)
        if image is None:
            self.header.set_info("")
        else:
            low, high = math.log2(image.low_hz), math.log2(image.high_hz)
            self.plot.box.setYRange(low, high, padding=0)
            self.plot.notes.set_span(low, high - low)
            self.plot.left_axis.set_labels(
                [(math.log2(hz), hertz_label(hz)) for hz in TICKS_HZ if low <= math.log2(hz) <= high]
            )
            self.plot.time_view.set_length(image.n_samples, image.sample_rate)
            lowest, highest = hertz_label(round(image.low_hz)), hertz_label(round(image.high_hz, -2))
            self.header.set_info(self.tr("{low} – {high} Hz").format(low=lowest, high=highest))
        self.plot.set_has_content(image is not None)

    def set_score(self, score: PlayedScore | None) -> None:
        """Offer the notes of this score, in samples of the clip; None where they are not known."""
        self.plot.notes.score = score
        self.notes_button.setVisible(score is not None and any(part.notes for part in score.parts))
        self.plot.invalidate()

    def _on_notes_toggled(self, is_on: bool) -> None:
        self.plot.notes.setVisible(is_on)
        self.plot.invalidate()

    def set_region(self, region: LoopRegion | None) -> None:
        """Show the loop region's edges."""
        self.plot.item.region = region
        self.plot.invalidate()

    def set_position(self, sample: float | None) -> None:
        """Put the playhead on a sample of the clip, or take it away."""
        self.plot.set_position(sample)
