# SPDX-License-Identifier: GPL-3.0-or-later
"""Each metric falls when the aspect it claims to measure is damaged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loops.finder import score_region
from engine.loops.metrics import WEAK_TOTAL, WEIGHTS, total
from engine.values import Clip, LoopMetrics, LoopRegion, MusicFacts
from tests.engine.loops import material

RATE = 32_000
TEMPO_BPM = 120.0
FACTS = MusicFacts(tempo_bpm=TEMPO_BPM, beats_per_bar=4)
BEAT = RATE // 2
PERIOD = 16 * BEAT  # the groove's four bars
REGION = LoopRegion(BEAT * 4 - 300, BEAT * 4 - 300 + PERIOD)


@pytest.fixture(scope="module")
def groove() -> Clip:
    return material.groove(RATE, TEMPO_BPM, n_bars=8, seed=3)


def _metrics(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], region: LoopRegion = REGION) -> LoopMetrics:
    return score_region(Clip(samples, RATE), region, FACTS)[0].metrics


def _hum(n_samples: int, hz: float = 220.0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a steady chord, whose period of PERIOD samples is exact."""
    t = np.arange(n_samples) / RATE
    chord = np.sum([np.sin(2 * np.pi * hz * k * t) / k for k in (1, 2, 3, 5)], axis=0)
    out: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = (0.2 * chord).astype(np.float32)[:, None]
    return out


def test_weights_add_up_to_one() -> None:
    assert sum(WEIGHTS.as_dict().values()) == pytest.approx(1.0)
    assert total(LoopMetrics(1.0, 1.0, 1.0, 1.0)) == pytest.approx(1.0)
    assert total(LoopMetrics(0.0, 0.0, 0.0, 0.0)) == 0.0


def test_exact_repeat_is_nearly_perfect(groove: Clip) -> None:
    metrics = _metrics(groove.samples)
    assert min(metrics.as_dict().values()) > 0.85
    assert total(metrics) > WEAK_TOTAL + 0.3


def test_shifting_the_end_by_half_a_beat_breaks_the_beat(groove: Clip) -> None:
    shifted = LoopRegion(REGION.loop_start, REGION.loop_end + BEAT // 2)
    assert _metrics(groove.samples, shifted).beat < _metrics(groove.samples).beat - 0.5


def test_a_whole_beat_too_much_breaks_the_bar(groove: Clip) -> None:
    longer = LoopRegion(REGION.loop_start, REGION.loop_end + BEAT)
    half = LoopRegion(REGION.loop_start, REGION.loop_end + BEAT // 2)
    whole, beat_more, half_more = (_metrics(groove.samples, r).beat for r in (REGION, longer, half))
    assert half_more < beat_more < whole - 0.1


def test_polarity_breaks_wave_and_phase_but_not_sound_or_beat(groove: Clip) -> None:
    flipped = groove.samples.copy()
    flipped[REGION.loop_end - 2 * RATE :] *= -1.0
    before, after = _metrics(groove.samples), _metrics(flipped)
    assert after.phase < 0.1 < before.phase
    assert after.waveform < before.waveform - 0.3
    assert after.spectral == pytest.approx(before.spectral, abs=0.05)
    assert after.beat == pytest.approx(before.beat, abs=0.05)


@given(shift=st.integers(30, 110))
@settings(max_examples=5, deadline=None)
def test_a_few_samples_off_breaks_the_phase_of_a_tone(shift: int) -> None:
    hum = _hum(PERIOD + 3 * RATE)
    aligned = _metrics(hum, LoopRegion(RATE, RATE + PERIOD))
    off = _metrics(hum, LoopRegion(RATE, RATE + PERIOD + shift))
    assert aligned.phase > 0.99
    assert aligned.waveform > 0.99
    assert off.phase < 0.7
    assert off.waveform < 0.9


def test_a_step_at_the_joint_breaks_the_wave() -> None:
    hum = _hum(PERIOD + 3 * RATE)
    region = LoopRegion(RATE, RATE + PERIOD)
    stepped = hum.copy()
    stepped[RATE : RATE + 200] += np.linspace(0.3, 0.0, 200, dtype=np.float32)[:, None]
    assert _metrics(stepped, region).waveform < 0.5 * _metrics(hum, region).waveform


def test_another_level_breaks_the_wave_and_the_sound(groove: Clip) -> None:
    louder = groove.samples.copy()
    louder[: REGION.loop_start + RATE] *= 0.2
    before, after = _metrics(groove.samples), _metrics(louder)
    assert after.waveform < before.waveform - 0.1
    assert after.spectral < before.spectral - 0.1


def test_another_timbre_breaks_the_sound_but_not_the_bars(groove: Clip) -> None:
    dull = groove.samples.copy()
    late = dull[REGION.loop_end - RATE :]
    late[:] = np.stack([np.convolve(late[:, c], np.ones(24) / 24, mode="same") for c in range(2)], axis=1)
    before, after = _metrics(groove.samples), _metrics(dull)
    assert after.spectral < before.spectral - 0.2
    assert after.beat > 0.75


def test_another_chord_breaks_the_sound(groove: Clip) -> None:
    one_bar_off = LoopRegion(REGION.loop_start, REGION.loop_end + 4 * BEAT)
    assert _metrics(groove.samples, one_bar_off).spectral < _metrics(groove.samples).spectral - 0.1


def test_a_region_with_nothing_around_it_is_still_measured() -> None:
    hum = _hum(PERIOD)
    whole = LoopRegion(0, PERIOD)
    aligned = _metrics(hum, whole)
    broken = _metrics(hum[: PERIOD - 70], LoopRegion(0, PERIOD - 70))
    assert aligned.phase > 0.95
    assert broken.phase < 0.7
    assert broken.waveform < aligned.waveform


@given(start=st.integers(0, 150_000), n=st.integers(50, 100_000), wraps=st.booleans())
@settings(max_examples=12, deadline=None)
def test_metrics_of_any_region_are_between_0_and_1(groove: Clip, start: int, n: int, wraps: bool) -> None:
    candidate, _ = score_region(Clip(groove.samples, RATE, wraps=wraps), LoopRegion(start, start + n), FACTS)
    assert all(0.0 <= value <= 1.0 for value in (candidate.score, *candidate.metrics.as_dict().values()))
