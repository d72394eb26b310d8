# SPDX-License-Identifier: GPL-3.0-or-later
"""The weight sliders say how much each metric counts."""

from __future__ import annotations

from dataclasses import astuple
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.values import METRIC_NAMES, MetricWeights
from engine.values.metric_options import METRIC_WEIGHTS
from widgets.controls import GAP_PX, LabelledSlider, describe, set_role
from widgets.figures import Figure
from widgets.parameter_rows import words

PAGE: Final = 0.5
"""Weight that PageUp and PageDown add or take."""


def weight_words(weight: float) -> str:
    """Return a weight as it is read: times what it is usually."""
    return f"× {Figure(weight):.1f}"


class WeightSliders(QWidget):
    """The weight sliders have a slider a metric, and a button that makes all of them equal again.

    ``weights_changed(MetricWeights)`` tells of a person's changes only.
    """

    weights_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = self.tr("Spectral"), self.tr("Waveform"), self.tr("Beat"), self.tr("Phase")
        self.sliders: dict[str, LabelledSlider] = {}
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP_PX)
        for name, title, option in zip(METRIC_NAMES, titles, METRIC_WEIGHTS, strict=True):
            assert option.low is not None
            assert option.high is not None
            slider = LabelledSlider(
                title,
                words(option.tooltip),
                low=option.low,
                high=option.high,
                step=option.step or 0.1,
                page=PAGE,
                words=weight_words,
                parent=self,
            )
            slider.slider.setAccessibleName(words(option.title))
            slider.moved.connect(self._on_moved)
            self.sliders[name] = slider
            rows.addWidget(slider)
        self.equal_button = QPushButton(self.tr("All equal"), self)
        set_role(self.equal_button, "inline")
        describe(
            self.equal_button,
            self.tr("Weigh all metrics alike"),
            self.tr("Have every metric count as usual: candidates are then in the loop finder's own order"),
        )
        self.equal_button.clicked.connect(self._on_equal)
        rows.addWidget(self.equal_button)
        self.set_weights(MetricWeights())

    def weights(self) -> MetricWeights:
        """Return the weights that are shown."""
        return MetricWeights(**{name: round(slider.value(), 2) for name, slider in self.sliders.items()})

    def set_weights(self, weights: MetricWeights) -> None:
        """Show these weights, without a signal."""
        for slider, weight in zip(self.sliders.values(), astuple(weights), strict=True):
            slider.set_value(weight)
        self._show()

    def _on_moved(self, _weight: float) -> None:
        self._show()
        self.weights_changed.emit(self.weights())

    def _on_equal(self) -> None:
        self.set_weights(MetricWeights())
        self.weights_changed.emit(self.weights())

    def _show(self) -> None:
        self.equal_button.setEnabled(self.weights() != MetricWeights())
