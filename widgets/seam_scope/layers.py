# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the seam scope: what can be seen of a seam, each with a button that is its legend as well."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from engine.values import FloatArray, LoopRegion, SeamPicture, SeamSpectra
from widgets import theme
from widgets.controls import set_role

MARK_PX = 2.0
"""Height in pixels of the stroke in a layer's colour below its name."""


class Layer(StrEnum):
    """A layer is one thing that the seam scope draws."""

    BEFORE = "before"
    AFTER = "after"
    DIFFERENCE = "difference"
    RENDERED = "rendered"
    GAINS = "gains"


SIDES = (Layer.BEFORE, Layer.AFTER, Layer.DIFFERENCE)
"""Layers of the upper half, where both sides lie over each other; the others are of the lower one."""


def colour_of(layer: Layer) -> str:
    """Return a layer's colour in the theme as it is now; the gains are drawn in those of their sides."""
    return {
        Layer.BEFORE: theme.DIM,
        Layer.AFTER: theme.ACCENT,
        Layer.DIFFERENCE: theme.WARNING,
        Layer.RENDERED: theme.TEXT,
        Layer.GAINS: theme.EDGE,
    }[layer]


class LayerButton(QPushButton):
    """A layer's button shows or hides it, and has a stroke in its colour while it is shown."""

    def __init__(self, layer: Layer, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.layer = layer
        self.setCheckable(True)
        self.setChecked(True)
        set_role(self, "inline")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        painter = QPainter(self)
        colours = [theme.DIM, theme.ACCENT] if self.layer is Layer.GAINS else [colour_of(self.layer)]
        left, width = 8.0, (self.width() - 16.0) / len(colours)
        for number, colour in enumerate(colours):
            stroke = QRectF(left + number * width, self.height() - MARK_PX - 3.0, width, MARK_PX)
            painter.fillRect(stroke, QColor(colour))
        painter.end()


class SeamWaves:
    """Seam waves are one channel of a seam picture, or the mean of all, as it is drawn.

    Attributes
    ----------
    waves
        By layer, float32, shape ``(2 * half_samples,)``; NaN where there is no music.
    before_gain, after_gain
        Linear, of the same shape.
    turn_samples
        Length of the loop: another joint lies so far from the one in the middle.
    height, top_gain
        Amplitude, and gain, that the plot reaches up to.
    """

    HEIGHTS = (0.03125, 0.0625, 0.125, 0.25, 0.5, 1.0)
    """Amplitudes that the top of the plot may stand for; quiet seams are drawn larger, in few steps."""

    def __init__(self, picture: SeamPicture, channel: int | None) -> None:
        def of(samples: FloatArray) -> FloatArray:
            if channel is not None:
                return np.ascontiguousarray(samples[:, min(channel, picture.n_channels - 1)])
            mean: FloatArray = np.einsum("nc->n", samples) * np.float32(1.0 / picture.n_channels)
            return mean

        before, after = of(picture.before), of(picture.after)
        self.waves = {
            Layer.BEFORE: before,
            Layer.AFTER: after,
            Layer.DIFFERENCE: after - before,
            Layer.RENDERED: of(picture.rendered),
        }
        self.before_gain, self.after_gain = of(picture.before_gain), of(picture.after_gain)
        self.half_samples = picture.half_samples
        self.crossfade = (
            picture.half_samples + picture.crossfade_at,
            picture.half_samples + picture.crossfade_at + picture.overlap_samples,
        )
        self.turn_samples = picture.region.n_samples
        self.region: LoopRegion = picture.region
        self.spectra: SeamSpectra = picture.spectra
        sounding = (before, after, self.waves[Layer.RENDERED])
        loudest = max(float(np.nanmax(np.abs(one), initial=0.0)) for one in sounding)
        self.height = next((one for one in self.HEIGHTS if loudest <= one), self.HEIGHTS[-1])
        most_gain = max(float(self.before_gain.max()), float(self.after_gain.max()))
        self.top_gain = 1.1 * max(1.0, most_gain)
