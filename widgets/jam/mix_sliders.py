# SPDX-License-Identifier: GPL-3.0-or-later
"""The sliders of a layer: its level, its low-pass filter and its reverb."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from widgets.controls import LabelledSlider, set_role
from widgets.jam.words import HIGHEST_HZ, LOWEST_HZ, SILENT_DB, level_words, lowpass_words, share_words, tr

N_HZ_STEPS = 200


class LowpassSlider(LabelledSlider):
    """A low-pass slider's values go from 0 to 1, evenly by pitch; screen readers are told of hertz."""

    def __init__(self, label: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(
            label,
            tip,
            low=0.0,
            high=1.0,
            step=1.0 / N_HZ_STEPS,
            page=0.1,
            words=_position_words,
            one_line=True,
            parent=parent,
        )
        self.value_label.setMinimumWidth(self.value_label.fontMetrics().horizontalAdvance("20.0 kHz"))

    @property
    def hz(self) -> float | None:
        """The corner frequency; None at the top, where the filter is off."""
        return None if self.value() >= 1.0 else hz_at(self.value())

    def set_hz(self, hz: float | None) -> None:
        """Show a corner frequency; None is no filter."""
        self.set_value(1.0 if hz is None else position_of(hz))

    def _speak(self) -> None:
        self.slider.speak_of(LOWEST_HZ, HIGHEST_HZ, 1.0, _step_at_hz)

    def _show(self) -> None:
        hz = hz_at(self.value())
        words = lowpass_words(hz)
        self.value_label.setText(words)
        self.slider.tell(hz, words)


def level_slider(parent: QWidget) -> LabelledSlider:
    """Return a slider of a layer's level, dB; at its lowest nothing is heard."""
    return _fingered(
        LabelledSlider(
            tr("Level"),
            tr("How loud the layer is; at the left it is silent"),
            low=SILENT_DB,
            high=0.0,
            step=0.5,
            page=6.0,
            words=level_words,
            one_line=True,
            parent=parent,
        )
    )


def lowpass_slider(parent: QWidget) -> LowpassSlider:
    """Return a slider of a layer's low-pass filter."""
    slider = LowpassSlider(tr("Low-pass"), tr("Takes away what is higher than this; at the right it is off"), parent)
    _fingered(slider)
    return slider


def reverb_slider(parent: QWidget) -> LabelledSlider:
    """Return a slider of how much of a room is heard, in [0, 1]."""
    return _fingered(
        LabelledSlider(
            tr("Reverb"),
            tr("How much of a room is heard"),
            low=0.0,
            high=1.0,
            step=0.01,
            page=0.1,
            words=share_words,
            one_line=True,
            parent=parent,
        )
    )


def level_of(gain: float) -> float:
    """Return the level of a linear gain, dB."""
    return max(SILENT_DB, 20.0 * math.log10(gain)) if gain > 0.0 else SILENT_DB


def gain_of(level_db: float) -> float:
    """Return the linear gain of a level, dB, in [0, 1]."""
    return 0.0 if level_db <= SILENT_DB else min(10.0 ** (level_db / 20.0), 1.0)


def hz_at(position: float) -> float:
    """Return the frequency at a place of the slider, in [0, 1]."""
    return float(LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** position)


def position_of(hz: float) -> float:
    """Return the place of a frequency on the slider, in [0, 1]."""
    inside = min(max(hz, LOWEST_HZ), HIGHEST_HZ)
    return math.log(inside / LOWEST_HZ) / math.log(HIGHEST_HZ / LOWEST_HZ)


def _position_words(position: float) -> str:
    return lowpass_words(hz_at(position))


def _step_at_hz(hz: float) -> int:
    return round(N_HZ_STEPS * position_of(hz))


def _fingered(slider: LabelledSlider) -> LabelledSlider:
    set_role(slider.slider, "finger")
    return slider
