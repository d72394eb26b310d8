# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs lean a piece beside what its prompt says, and are heard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import OutOfRange
from engine.generators.composer.declared import KNOBS
from engine.generators.composer.knobs import turned
from engine.generators.composer.prompt import read_prompt
from engine.values import Clip, Parameters
from tests.engine.generators.composer.pieces import mono, request, run


def composed(**values: float) -> Clip:
    plain = request("house, 124 bpm, 4 bars", 8.0, 3)
    return run(replace(plain, parameters=Parameters({"sounds": "synthesised", **values})))[0].clip


def centroid_hz(clip: Clip) -> float:
    magnitude = np.abs(np.fft.rfft(mono(clip)))
    hz = np.fft.rfftfreq(clip.n_samples, 1.0 / clip.sample_rate)
    return float((magnitude * hz).sum() / magnitude.sum())


def test_a_knob_adds_to_what_the_prompt_says() -> None:
    brief = read_prompt("dense bright house")
    leaning = turned(brief, Parameters({"density": -0.3, "brightness": 1.0}))
    assert leaning.density == pytest.approx(brief.density - 0.3)
    assert leaning.brightness == 1.0, "and no further"
    assert turned(brief, Parameters()) == brief


def test_knobs_at_rest_change_nothing() -> None:
    np.testing.assert_array_equal(composed().samples, composed(**{one.name: 0.0 for one in KNOBS}).samples)


def test_brightness_is_heard() -> None:
    assert centroid_hz(composed(brightness=-0.8)) < 0.8 * centroid_hz(composed(brightness=0.8))


@pytest.mark.soak
def test_a_turned_knob_leaves_bars_and_tempo_as_they_are() -> None:
    plain = composed()
    for name in ("energy", "density", "brightness", "space"):
        assert composed(**{name: 0.7}).n_samples == plain.n_samples


def test_a_knob_beyond_its_end_is_refused() -> None:
    with pytest.raises(OutOfRange, match="density is 2"):
        composed(density=2.0)
