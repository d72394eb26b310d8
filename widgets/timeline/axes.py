# SPDX-License-Identifier: GPL-3.0-or-later
"""The axes have sensible ticks, seconds below, decibels or hertz at the left, and one size, so that panels align."""

from __future__ import annotations

import math
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from widgets import theme
from widgets.figures import Figure

LEFT_AXIS_PX: Final = 46
BOTTOM_AXIS_PX: Final = 24
MIN_TICK_PX: Final = 64
"""Pixels that a label on the time axis needs."""


def time_step(span_s: float, size_px: float) -> float:
    """Return the finest step of 1, 2, 5 times a power of ten (then minutes), in s, that leaves labels their room."""
    coarsest = max(span_s, 1e-9) * MIN_TICK_PX / max(size_px, 1.0)
    if coarsest > 10.0:
        for step in (15.0, 30.0, 60.0, 120.0, 300.0, 600.0):
            if step >= coarsest:
                return step
        return math.ceil(coarsest / 600.0) * 600.0
    decade = 10.0 ** math.floor(math.log10(coarsest))
    return next((decade * m for m in (1.0, 2.0, 5.0) if decade * m >= coarsest * (1 - 1e-9)), decade * 10.0)


def time_label(seconds: float, step: float) -> str:
    """Return ``seconds`` with the digits that tell ticks ``step`` seconds apart; minutes from a minute's step on."""
    if step >= 15.0:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes}:{rest:02d}"
    return f"{Figure(seconds):.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis of pyqtgraph in this theme."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation, maxTickLength=4)
        self.take_theme()
        self.setStyle(tickAlpha=255, hideOverlappingLabels=True)
        self.enableAutoSIPrefix(False)
        # The base class asks for a hand cursor nowhere but takes wheel and drag: the plot handles those.
        self.setAcceptedMouseButtons(pg.QtCore.Qt.MouseButton.NoButton)

    def take_theme(self) -> None:
        """Have the colours and the text size of the theme in use."""
        self.setTickFont(theme.scaled_font(8.5))
        self.setPen(QPen(QColor(theme.LINE)))
        self.setTextPen(QColor(theme.DIM))


class TimeAxis(_Axis):
    """The time axis shows seconds (minutes for long spans) along the bottom."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setHeight(BOTTOM_AXIS_PX)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        step = time_step(maxVal - minVal, size)
        major = [i * step for i in range(math.ceil(minVal / step - 1e-9), math.floor(maxVal / step + 1e-9) + 1)]
        return [(step, major)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [time_label(value * scale, spacing) for value in values]


class LabelledAxis(_Axis):
    """A labelled axis shows fixed places with their names at the left."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setWidth(LEFT_AXIS_PX)

    def set_labels(self, labels: list[tuple[float, str]]) -> None:
        self.setTicks([labels])


def plot_frame(left: LabelledAxis, bottom: TimeAxis) -> Any:
    """Return a view box between its two axes, (layout, view box), without a menu, mouse or padding of its own."""
    box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
    layout = pg.GraphicsLayout()
    layout.setContentsMargins(0, 4, 12, 2)
    layout.setSpacing(0)
    layout.addItem(left, 0, 0)
    layout.addItem(box, 0, 1)
    layout.addItem(bottom, 1, 1)
    left.linkToView(box)
    bottom.linkToView(box)
    return layout, box
