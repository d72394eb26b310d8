# SPDX-License-Identifier: GPL-3.0-or-later
"""An excerpt of a seam is what the baked loop has there, and no more of it is rendered."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.seam import bake, cyclic
from engine.dsp.seam_excerpt import AROUND_MS, EDGE_MS, seam_excerpt
from engine.units import ms_to_samples
from engine.values import Clip, LoopRegion

RATE = 8000
EDGE = ms_to_samples(EDGE_MS, RATE)
AROUND = ms_to_samples(AROUND_MS, RATE)


def clip(n_samples: int = 6 * RATE, sample_rate: int = RATE) -> Clip:
    samples = 0.2 * np.random.default_rng(3).standard_normal((n_samples, 2))
    return Clip(samples.astype(np.float32), sample_rate)


@pytest.mark.parametrize(
    ("region", "overlap_ms", "before", "after"),
    [
        pytest.param(LoopRegion(2 * RATE, 4 * RATE), 100.0, RATE // 2, RATE // 2, id="as long as asked"),
        pytest.param(LoopRegion(2 * RATE, 4 * RATE), 0.0, RATE // 2, RATE // 2, id="a bare cut"),
        pytest.param(LoopRegion(3 * RATE, 5 * RATE), 700.0, 5600 + AROUND, RATE // 2, id="the crossfade is before it"),
        pytest.param(LoopRegion(0, 2 * RATE), 700.0, RATE // 2, 5600 + AROUND, id="the crossfade is after it"),
        pytest.param(LoopRegion(2 * RATE, 2 * RATE + 900), 50.0, RATE // 2, RATE // 2, id="several turns"),
        pytest.param(LoopRegion(0, 6 * RATE), 100.0, RATE // 2, RATE // 2, id="a whole clip"),
    ],
)
def test_it_is_the_baked_loop_around_its_seam(region: LoopRegion, overlap_ms: float, before: int, after: int) -> None:
    sound = clip()
    baked = bake(sound, region, overlap_ms=overlap_ms, gain=0.7)
    heard = seam_excerpt(sound, region, overlap_ms=overlap_ms, side_s=0.5, sample_rate=RATE, gain=0.7)
    wanted = cyclic(baked.samples, -before, before + after)
    assert heard.shape == wanted.shape
    np.testing.assert_array_equal(heard[EDGE:-EDGE], wanted[EDGE:-EDGE])


def test_it_begins_and_ends_in_silence() -> None:
    steady = Clip(np.full((6 * RATE, 1), 0.5, dtype=np.float32), RATE)
    heard = seam_excerpt(steady, LoopRegion(RATE, 3 * RATE), overlap_ms=50.0, side_s=0.5, sample_rate=RATE)[:, 0]
    assert heard[EDGE:-EDGE] == pytest.approx(0.5)
    for end in (heard, heard[::-1]):
        rise = np.diff(end[:EDGE])
        assert end[0] < 0.01
        assert (rise > 0.0).all()
        assert rise.max() < 2.0 * 0.5 / EDGE


def test_a_sound_of_another_rate_is_heard_at_the_studios() -> None:
    rate, studio_rate = 32_000, 48_000
    seconds = np.arange(4 * rate) / rate
    tone = 0.4 * np.sin(2.0 * np.pi * 1000.0 * seconds)
    sound = Clip(tone.astype(np.float32)[:, None], rate)
    region = LoopRegion(rate, 3 * rate)
    heard = seam_excerpt(sound, region, overlap_ms=100.0, side_s=0.5, sample_rate=studio_rate)[:, 0]
    edge = ms_to_samples(EDGE_MS, studio_rate)
    wanted = 0.4 * np.sin(2.0 * np.pi * 1000.0 * (np.arange(studio_rate) / studio_rate - 0.5))
    assert len(heard) == studio_rate
    assert heard[edge:-edge] == pytest.approx(wanted[edge:-edge], abs=1e-3)


def test_no_region_beyond_the_sound() -> None:
    with pytest.raises(ValueError, match="ends after"):
        seam_excerpt(clip(), LoopRegion(0, 7 * RATE), overlap_ms=50.0, side_s=0.5, sample_rate=RATE)
