# SPDX-License-Identifier: GPL-3.0-or-later
"""A ring that is filled behind the playhead plays what never repeats, and a track is the same however it is read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import Seam
from engine.errors import NonFiniteClip
from engine.playback.file.extend import Extension
from engine.playback.file.streaming import Track, ring
from engine.playback.mix.mixer import Mixer
from engine.values import Clip, FloatArray, LoopRegion
from tests.engine.playback.material import RATE, noise


def extension_of(samples: FloatArray, start: int, end: int, *, sample_rate: int = RATE) -> Extension:
    return Extension(Seam(Clip(samples, sample_rate), LoopRegion(start, end), overlap_ms=5.0))


@given(block=st.sampled_from([13, 513, 4096]), late=st.integers(0, 1500), seed=st.integers(0, 3))
@settings(max_examples=4, deadline=None)
def test_a_ring_filled_in_time_plays_the_extension_to_the_sample(block: int, late: int, seed: int) -> None:
    extension = extension_of(noise(9000, seed=seed), 2000, 7001)
    track, hop, n_ring = Track(extension), 1500, 4500
    mixer = Mixer(RATE)
    mixer.play(1, ring(track, -1, 0, n_ring), fade_ms=0.0)
    parts: list[FloatArray] = []
    done = filled = 0
    while done < 20_000:
        if done - filled >= hop + late and done - filled < n_ring - 1000:
            filled = done // hop * hop
            mixer.replace(1, ring(track, -1, filled, n_ring))
        parts.append(np.zeros((min(block, 500), 2), np.float32))
        mixer.render(parts[-1])
        done += len(parts[-1])
    out = np.concatenate(parts)
    out = out[mixer.latency_samples :]
    np.testing.assert_array_equal(out[0], 0.0)
    np.testing.assert_array_equal(out[1:], extension.read(0, len(out) - 1))


def test_a_track_is_silent_before_its_start_and_the_same_however_it_is_read() -> None:
    extension = extension_of(noise(30_000), 10_000, 26_001)
    track = Track(extension)
    whole = track.read(-50, 40_000)
    assert not whole[:50].any()
    np.testing.assert_array_equal(whole[50:], extension.read(0, 39_950))
    for first in np.random.default_rng(1).integers(-50, 35_000, 12):
        np.testing.assert_array_equal(track.read(int(first), 700), whole[first + 50 : first + 750])


def test_what_is_no_number_is_not_played() -> None:
    samples = noise(9000)
    samples[5] = np.nan
    track = Track(extension_of(samples, 2000, 8000))
    with pytest.raises(NonFiniteClip, match="2"):
        track.read(0, 100)
