# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes clips and candidates for the panels, with the engine's own code, and a window to show panels in."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.values import Clip, LoopCandidate, LoopMetrics, LoopRegion

SAMPLE_RATE = 44_100


def a_clip(seconds: float, sample_rate: int = SAMPLE_RATE, seed: int = 1) -> Clip:
    """Return decaying noise and a tone, twice a second; stereo."""
    n_samples = max(1, round(seconds * sample_rate))
    time_s = np.arange(n_samples) / sample_rate
    decay = np.exp(-8.0 * (time_s % 0.5))
    noise = np.random.default_rng(seed).standard_normal(n_samples) * 0.1
    mono = decay * (noise + 0.3 * np.sin(2 * np.pi * 220.0 * time_s))
    return Clip(np.stack([mono, mono], axis=1).astype(np.float32), sample_rate)


def a_candidate(start: int, end: int, *, score: float = 0.9, bars: int | None = 4, weak: bool = False) -> LoopCandidate:
    return LoopCandidate(LoopRegion(start, end), score, LoopMetrics(0.94, 0.88, 0.98, 0.81), bars, weak)


def show_together(qtbot: QtBot, *panels: QWidget, size: tuple[int, int] = (1000, 600)) -> QWidget:
    """Return a window with the panels one above the other, shown and active."""
    window = QWidget()
    rows = QVBoxLayout(window)
    for panel in panels:
        rows.addWidget(panel)
    window.resize(*size)

    # The bot holds windows weakly; what it calls before closing one keeps this one alive until then.
    def hide(_widget: QWidget) -> None:
        window.hide()

    qtbot.addWidget(window, before_close_func=hide)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def turn_wheel(widget: QWidget, at: QPoint, notches: int) -> None:
    """Turn the wheel over ``at``; positive is away from the user."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
