# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop that is a sample longer or shorter is the same tone, and joins its start."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.nudge import NUDGE_SAMPLES, nudged_end
from tests.engine.playback.material import noise, tone


@pytest.mark.parametrize("by", [-3, -1, 1, 3])
@pytest.mark.parametrize("turns", [50, 1000, 3500])
def test_only_the_last_moment_moves_and_it_joins_the_start(by: int, turns: int) -> None:
    loop = tone(10_000, turns=turns)
    end = nudged_end(loop, 10_000 + by)
    n_same = 10_000 + by - NUDGE_SAMPLES
    places = n_same + np.arange(NUDGE_SAMPLES) * (NUDGE_SAMPLES - by) / NUDGE_SAMPLES
    expected = 0.4 * np.sin(2.0 * np.pi * turns * places / 10_000)
    assert np.abs(end[:, 0] - expected).max() < 2e-4


def test_what_is_short_is_nudged_as_a_whole() -> None:
    loop = noise(500)
    assert nudged_end(loop, 501).shape == (501, 2)
    np.testing.assert_allclose(nudged_end(loop, 500), loop, atol=1e-6)
