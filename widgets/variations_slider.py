# SPDX-License-Identifier: GPL-3.0-or-later
"""This slider says how many clips are made at once of the same words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.values.judging_options import VARIATIONS
from widgets.controls import LabelledSlider
from widgets.parameter_rows import words


def variations_slider(parent: QWidget) -> LabelledSlider:
    """Return the slider, which is hidden at first: it stands among what is seldom set."""
    slider = LabelledSlider(
        words(VARIATIONS.title),
        words(VARIATIONS.tooltip),
        low=VARIATIONS.low,
        high=VARIATIONS.high,
        step=1.0,
        page=1.0,
        words=lambda value: str(round(value)),
        one_line=True,
        parent=parent,
    )
    slider.hide()
    return slider
