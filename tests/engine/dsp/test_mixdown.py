# SPDX-License-Identifier: GPL-3.0-or-later
"""The mix-down has two channels at most, each side with its own, and is never louder."""

from __future__ import annotations

import numpy as np

from engine.dsp.mixdown import mix_down


def test_channels_beyond_two_are_mixed_down() -> None:
    for n_channels in range(1, 9):
        samples = np.ones((10, n_channels), np.float32)
        mixed = mix_down(samples)
        assert mixed.shape[1] <= 2
        np.testing.assert_allclose(mixed, 1.0, atol=1e-6)
    stereo = np.random.default_rng(1).standard_normal((100, 2)).astype(np.float32)
    assert mix_down(stereo) is stereo
    left = np.zeros((4, 6), np.float32)
    left[:, [0, 4]] = 0.5
    assert mix_down(left)[:, 1].max() == 0.0
    assert mix_down(left)[:, 0].min() > 0.3
    bass = np.zeros((4, 6), np.float32)
    bass[:, 3] = 1.0
    assert not mix_down(bass).any()
