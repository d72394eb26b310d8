# SPDX-License-Identifier: GPL-3.0-or-later
"""Stretching keeps to its time map: beats land in time, pitch and level stay, and at speed 1 the loop is unchanged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dsp.seam import correlation, cyclic
from engine.dsp.stretch import Stretched, TempoEase, stretch_clip, stretch_loop
from engine.units import amplitude_to_db, ms_to_samples
from engine.values import Clip, FloatArray
from tests.engine.playback.material import RATE, rms, tone
from tests.sampling import some


def burst(sample_rate: int) -> FloatArray:
    """Return a drum-like burst with a sharp attack, 27 ms."""
    t = np.arange(round(0.027 * sample_rate)) / sample_rate
    return (0.8 * np.exp(-t * 300.0) * np.sin(2.0 * np.pi * 1500.0 * t)).astype(np.float32)


def clicks(sample_rate: int, beat_samples: float, n_beats: int) -> FloatArray:
    """Return a mono loop of ``n_beats`` bursts."""
    loop, one = np.zeros((round(n_beats * beat_samples), 1), np.float32), burst(sample_rate)
    for beat in range(n_beats):
        at = (round(beat * beat_samples) + np.arange(len(one))) % len(loop)
        loop[at, 0] += one
    return loop


def lateness_ms(played: FloatArray, at: float, sample_rate: int) -> float:
    """Return how far from ``at`` a burst is heard, looked for within 20 ms."""
    reach, one = ms_to_samples(20.0, sample_rate), burst(sample_rate)
    first = round(at) - reach
    heard = played[first : first + 2 * reach + len(one), 0]
    return 1000.0 * (first + int(np.argmax(np.correlate(heard, one, mode="valid"))) - at) / sample_rate


def map_error_ms(stretched: Stretched, ease: TempoEase, start: float) -> float:
    """Return how far the told places are from those that were wanted."""
    n = len(stretched.places) - stretched.n_before
    wanted = start + ease.place_at(np.arange(n))
    return float(np.abs(stretched.places[stretched.n_before :] - wanted).max()) * 1000.0 / RATE


@pytest.mark.parametrize(("speed", "sample_rate"), [(0.92, RATE), (1.0501, RATE), (1.25, RATE), (0.97, 48_000)])
def test_beats_land_in_time(speed: float, sample_rate: int) -> None:
    beat = 0.5 * sample_rate
    loop = clicks(sample_rate, beat, 8)
    ease = TempoEase(speed, hold_samples=10 * sample_rate, ease_samples=0)
    stretched = stretch_loop(loop, sample_rate, start=-0.5 * beat, ease=ease, n_samples=10 * sample_rate)
    due = np.arange(0.5, 19.0 * speed) * beat / speed
    late = [lateness_ms(stretched.samples, at, sample_rate) for at in due[due < 9.9 * sample_rate]]
    assert len(late) >= 16
    # No drift: the last is as near as the first.
    assert np.abs(late).max() < 1.5


def test_a_glide_follows_its_map_and_ends_in_the_loop_itself() -> None:
    rng = np.random.default_rng(5)
    loop = np.cumsum(rng.standard_normal((5 * RATE, 2)), axis=0)
    loop = (0.2 * np.diff(loop, append=loop[:1], axis=0) + 0.1 * np.roll(loop, 1)).astype(np.float32)
    loop = (0.3 * loop / np.abs(loop).max()).astype(np.float32)
    ease, start = TempoEase(0.93, RATE, 3 * RATE), 1234.56
    stretched = stretch_loop(loop, RATE, start=start, ease=ease, n_samples=6 * RATE, n_before=500)
    assert len(stretched.samples) == len(stretched.places) == 6 * RATE + 500
    assert stretched.samples.shape[1] == 2
    assert map_error_ms(stretched, ease, start) < 0.3
    assert np.all(np.diff(stretched.places) > 0.6)
    at = 500 + ease.n_samples + RATE // 2
    place = stretched.places[at]
    likeness = [
        correlation(stretched.samples[at : at + 4000], cyclic(loop, round(place) + shift, 4000))
        for shift in (-2, -1, 0, 1, 2)
    ]
    assert max(likeness) > 0.99


@pytest.mark.parametrize("speed", [0.93, 1.08])
def test_pitch_and_level_stay(speed: float) -> None:
    loop = tone(2 * RATE, turns=2 * 440)
    ease = TempoEase(speed, 4 * RATE, 2 * RATE)
    stretched = stretch_loop(loop, RATE, start=0.0, ease=ease, n_samples=6 * RATE).samples
    for first in (0, 2 * RATE, 4 * RATE):
        part = stretched[first : first + 2 * RATE]
        assert abs(amplitude_to_db(rms(part)) - amplitude_to_db(rms(loop))) < 0.5
        # The tone turns against one of 440 Hz by as many cents as its pitch is off.
        t = np.arange(len(part)) / RATE
        turned = np.unwrap(np.angle(np.convolve(part[:, 0] * np.exp(-2j * np.pi * 440.0 * t), np.ones(2205), "valid")))
        drift_hz = np.polyfit(t[: len(turned)], turned, 1)[0] / (2.0 * np.pi)
        assert abs(1200.0 * np.log2(1.0 + drift_hz / 440.0)) < 3.0


@given(
    speed=st.floats(0.75, 1.4), hold=st.integers(0, 100_000), glide=st.integers(0, 400_000), out=st.integers(0, 600_000)
)
def test_an_ease_is_smooth_and_ends_at_speed_one(speed: float, hold: int, glide: int, out: int) -> None:
    ease = TempoEase(speed, hold, glide)
    before, here, after = (float(ease.place_at(at)) for at in (out - 1, out, out + 1))
    low, high = min(speed, 1.0), max(speed, 1.0)
    for step in (here - before, after - here):
        assert low - 1e-6 <= step <= high + 1e-6
    assert float(ease.place_at(0)) == pytest.approx(0.0, abs=1e-6)
    assert float(ease.speed_at(ease.n_samples)) == 1.0
    if hold:
        assert float(ease.speed_at(0)) == speed
    # The places are the speeds, summed.
    assert here - before == pytest.approx(float(ease.speed_at(out - 0.5)), abs=1e-3) or glide < 1000


@pytest.mark.parametrize("n_samples", [1, 700, 5000])
def test_loops_shorter_than_a_frame_are_repeated(n_samples: int) -> None:
    loop = tone(n_samples, turns=max(1, n_samples // 100))
    ease = TempoEase(0.95, 3000, 3000)
    stretched = stretch_loop(loop, RATE, start=0.0, ease=ease, n_samples=9000)
    assert stretched.samples.shape == (9000, 2)
    assert np.isfinite(stretched.samples).all()


@pytest.mark.parametrize("speed", some([0.85, 1.05, 1.2], every=2))
def test_a_clip_is_stretched_whole_and_its_beats_stay_in_time(speed: float) -> None:
    beat, n_beats = RATE / 2.0, 16
    clip = Clip(np.tile(clicks(RATE, beat, n_beats), (1, 2)), RATE)
    out = stretch_clip(clip, speed)
    assert out.n_samples == round(clip.n_samples / speed)
    assert out.n_channels == 2
    late = [lateness_ms(out.samples, n * beat / speed, RATE) for n in range(1, n_beats - 1)]
    assert max(map(abs, late)) < 2.0
    assert np.array_equal(stretch_clip(clip, speed).samples, out.samples), "the same each time"
