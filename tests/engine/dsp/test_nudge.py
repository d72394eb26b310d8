# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that is a sample longer or shorter is the same tone, and joins its start."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.nudge import NUDGE_SAMPLES, nudged_end, of_length
from tests.engine.playback.material import noise, tone


@pytest.mark.parametrize("by", [-3, -1, 1, 3])
@pytest.mark.parametrize("turns", [50, 1000, 3500])
def test_only_the_last_moment_moves_and_it_joins_the_start(by: int, turns: int) -> None:
    loop = tone(10_000, turns=turns)
    nudged = of_length(loop, 10_000 + by)
    n_same = 10_000 + by - NUDGE_SAMPLES
    np.testing.assert_array_equal(nudged[:n_same], loop[:n_same])
    places = n_same + np.arange(NUDGE_SAMPLES) * (NUDGE_SAMPLES - by) / NUDGE_SAMPLES
    expected = 0.4 * np.sin(2.0 * np.pi * turns * places / 10_000)
    assert np.abs(nudged[n_same:, 0] - expected).max() < 2e-4


def test_what_has_the_length_stays_and_what_is_short_is_nudged_as_a_whole() -> None:
    loop = noise(500)
    assert of_length(loop, 500) is loop
    assert of_length(loop, 499).shape == (499, 2)
    assert nudged_end(loop, 501).shape == (501, 2)
