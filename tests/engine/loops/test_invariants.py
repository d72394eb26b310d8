# SPDX-License-Identifier: GPL-3.0-or-later
"""The finder ignores what must not matter, and each metric falls, step by step, with what it names."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.rhythm import nearest_bars
from engine.loops import find_loops, score_region
from engine.loops.confidence import BIAS, WEIGHTS, confidence
from engine.loops.evidence import Evidence
from engine.loops.proposals import Bounds, best_apart, promise
from engine.values import Algorithm, Clip, FloatArray, LoopMetrics, LoopRegion, LoopSearch, MusicFacts, ScoreMap
from tests.engine.loops import material

RATE = 22_050
TEMPO_BPM = 120.0
FACTS = MusicFacts(tempo_bpm=TEMPO_BPM, beats_per_bar=4)
PERIOD = 8 * RATE  # four bars
REGION = LoopRegion(2 * RATE - 200, 2 * RATE - 200 + PERIOD)


@lru_cache(maxsize=1)
def _exact() -> Clip:
    """Return four bars of a groove, the very same three times."""
    bars = material.groove(RATE, TEMPO_BPM, n_bars=8).samples[PERIOD : 2 * PERIOD]
    return Clip(np.concatenate([bars] * 3), RATE)


def _metrics(samples: FloatArray, region: LoopRegion = REGION) -> LoopMetrics:
    return score_region(Clip(samples, RATE), region, FACTS)[0].metrics


def _falls(values: list[float], least: float) -> None:
    """Check that values never rise by more than a little, and fall by at least so much in all."""
    for before, after in itertools.pairwise(values):
        assert after <= before + 0.02, values
    assert values[-1] <= values[0] - least, values


# --- what must not matter ---------------------------------------------------------------------------------------------


@given(
    algorithm=st.sampled_from(Algorithm),
    gain_db=st.floats(-50.0, 40.0),
    swap=st.booleans(),
    flip=st.booleans(),
    tempo_bpm=st.sampled_from([93.0, 128.0]),
)
@settings(max_examples=5, deadline=None)
def test_gain_swap_and_polarity_leave_regions_and_scores(
    *, algorithm: Algorithm, gain_db: float, swap: bool, flip: bool, tempo_bpm: float
) -> None:
    clip = material.groove(RATE, tempo_bpm, n_bars=9)
    samples = clip.samples * np.float32(10 ** (gain_db / 20) * (-1.0 if flip else 1.0))
    changed = Clip(np.ascontiguousarray(samples[:, ::-1]) if swap else samples, RATE)
    one, other = (find_loops(each, LoopSearch(algorithm=algorithm, min_loop_s=3.0)) for each in (clip, changed))
    if not flip:  # a crossing that rises falls when it is turned over
        assert [each.region for each in other.candidates] == [each.region for each in one.candidates]
    assert other.best.region.n_samples == pytest.approx(one.best.region.n_samples, abs=2)
    for before, after in zip(one.candidates, other.candidates, strict=False):
        assert after.score == pytest.approx(before.score, abs=2e-2 if flip else 1e-3)
        if not flip:
            assert after.metrics.as_dict() == pytest.approx(before.metrics.as_dict(), abs=1e-3)
    assert other.facts.tempo_bpm == pytest.approx(one.facts.tempo_bpm)


def test_a_silent_or_doubled_channel_changes_nothing() -> None:
    clip = material.groove(RATE, 120.0, n_bars=9, n_channels=1)
    best = find_loops(clip).best
    silent = np.zeros_like(clip.samples)
    for samples in (np.hstack([clip.samples] * 2), np.hstack([clip.samples, silent, silent])):
        other = find_loops(Clip(samples, RATE)).best
        assert other.region == best.region
        assert other.score == pytest.approx(best.score, abs=2e-3)


def test_the_same_search_finds_the_same() -> None:
    clip = material.groove(RATE, 101.0, n_bars=9)
    one, other = find_loops(clip), find_loops(clip)
    assert one.candidates == other.candidates
    assert one.proof == other.proof


# --- each metric and what it names ------------------------------------------------------------------------------------


def test_identical_sides_are_perfect() -> None:
    metrics = _metrics(_exact().samples)
    assert metrics.spectral == pytest.approx(1.0, abs=1e-3)
    assert metrics.waveform == pytest.approx(1.0, abs=1e-2)
    assert metrics.phase == pytest.approx(1.0, abs=1e-3)
    assert metrics.beat > 0.85


def test_waveform_and_spectral_fall_with_the_level_after_the_seam() -> None:
    heard = []
    for drop_db in (0.0, 3.0, 6.0, 12.0, 24.0):
        samples = _exact().samples.copy()
        samples[REGION.loop_end - RATE :] *= np.float32(10 ** (-drop_db / 20))
        heard.append(_metrics(samples))
    _falls([each.waveform for each in heard], 0.3)
    _falls([each.spectral for each in heard], 0.3)


def test_spectral_falls_with_a_filter_on_one_side() -> None:
    from scipy.signal import lfilter

    heard = []
    for smoothing in (0.0, 0.5, 0.8, 0.95, 0.99):
        samples = _exact().samples.copy()
        late = samples[REGION.loop_end - RATE :]
        late[:] = lfilter([1.0 - smoothing], [1.0, -smoothing], late, axis=0)
        heard.append(_metrics(samples).spectral)
    _falls(heard, 0.4)


def test_spectral_falls_with_noise_on_one_side() -> None:
    rng = np.random.default_rng(0)
    heard = []
    for level in (0.0, 0.003, 0.03, 0.3):
        samples = _exact().samples.copy()
        samples[REGION.loop_end :] += (level * rng.standard_normal(samples[REGION.loop_end :].shape)).astype(np.float32)
        heard.append(_metrics(samples))
    _falls([each.spectral for each in heard], 0.3)
    _falls([each.waveform for each in heard], 0.2)
    _falls([each.phase for each in heard], 0.05)


def test_beat_falls_as_the_end_leaves_the_grid() -> None:
    heard = []
    for late_ms in (0, 5, 10, 20, 40, 80):
        late = round(late_ms * RATE / 1000)
        heard.append(_metrics(_exact().samples, LoopRegion(REGION.loop_start, REGION.loop_end + late)).beat)
    _falls(heard, 0.5)


def test_phase_falls_as_partials_turn() -> None:
    """The phase metric of a tone whose period the loop misses by a part of a turn is the cosine of that part."""
    t = np.arange(4 * RATE) / RATE
    tone = (0.4 * np.sin(2 * np.pi * 210.0 * t)).astype(np.float32)[:, None]  # 105 samples a turn
    heard = []
    for off in (0, 10, 20, 26, 40, 52):
        heard.append(_metrics(tone, LoopRegion(RATE, RATE + 105 * 200 + off)).phase)
        assert heard[-1] == pytest.approx(max(0.0, np.cos(2 * np.pi * off / 105)), abs=0.05)
    _falls(heard, 0.9)


def test_turning_a_side_over_breaks_the_phase_and_not_the_sound() -> None:
    samples = _exact().samples.copy()
    before = _metrics(samples)
    samples[REGION.loop_end - RATE :] *= -1.0
    after = _metrics(samples)
    assert after.phase < 0.05 < before.phase
    assert after.spectral == pytest.approx(before.spectral, abs=0.05)


# --- rhythm -----------------------------------------------------------------------------------------------------------


@given(tempo_bpm=st.floats(72, 165), intro_s=st.sampled_from([0.0, 0.9]), seed=st.integers(0, 50))
@settings(max_examples=4, deadline=None)
def test_the_grid_lies_on_the_beats(tempo_bpm: float, intro_s: float, seed: int) -> None:
    clip = material.groove(RATE, tempo_bpm, n_bars=9, intro_s=intro_s, seed=seed)
    findings = find_loops(clip, LoopSearch(min_loop_s=3.0))
    assert findings.facts.tempo_bpm is not None
    ratio = findings.facts.tempo_bpm / tempo_bpm
    assert min(abs(ratio - times) for times in (0.5, 1.0, 2.0)) < 0.004
    assert findings.grid is not None
    beat = 60.0 / tempo_bpm * RATE
    places = (findings.grid.beats - intro_s * RATE) / (beat / max(1.0, round(ratio)))
    off_ms = np.abs(places - np.round(places)) * beat / RATE * 1000
    assert np.median(off_ms) < 30.0
    assert np.isin(findings.grid.downbeats, findings.grid.beats).all()


@pytest.mark.parametrize("make", [material.noise, material.sweep])
def test_free_time_has_no_grid(make: Callable[[int, float], Clip]) -> None:
    findings = find_loops(make(RATE, 10.0))
    assert findings.grid is None
    assert findings.facts.tempo_bpm is None
    assert all(one.bars is None and one.tempo_bpm is None for one in findings.candidates)


# --- the score map ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 60, 2_000])
@pytest.mark.parametrize("wraps", [False, True])
def test_the_score_map_is_of_its_size_and_knows_where_no_loop_may_be(size: int, wraps: bool) -> None:
    clip = Clip(_exact().samples, RATE, wraps=wraps)
    findings = find_loops(clip, LoopSearch(map_size=size, min_loop_s=2.0))
    chart = findings.score_map
    assert isinstance(chart, ScoreMap)
    n_rows, n_columns = chart.scores.shape
    assert n_rows == n_columns <= size
    assert chart.step_samples * n_rows == pytest.approx(clip.n_samples)
    assert not chart.scores.flags.writeable
    if size >= 7:
        too_short = round(2.0 * RATE / chart.step_samples) - 2
        for row in range(n_rows):
            assert np.isnan(chart.scores[row, : max(0, row + too_short)]).all()
        best = findings.best.region
        row, column = chart.cell(best)
        assert np.nanmax(chart.scores[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]) > 0.9


def test_the_score_map_is_bright_at_the_period_and_dark_beside_it() -> None:
    chart = find_loops(_exact(), LoopSearch(map_size=150, min_loop_s=2.0)).score_map
    assert chart is not None
    lag = PERIOD / chart.step_samples
    on = [chart.scores[row, round(row + lag)] for row in range(10, 60)]
    off = [chart.scores[row, round(row + lag * 0.9)] for row in range(10, 60)]
    assert np.mean(on) > 0.9
    assert np.mean(off) < np.mean(on) - 0.3


# --- confidence, promise, bounds --------------------------------------------------------------------------------------

SHARES = st.floats(0.0, 1.0)


@given(values=st.fixed_dictionaries(dict.fromkeys(WEIGHTS, SHARES)), name=st.sampled_from(sorted(WEIGHTS)), to=SHARES)
def test_more_of_any_measure_never_lowers_the_confidence(values: dict[str, float], name: str, to: float) -> None:
    low, high = sorted((values[name], to))
    assert 0.0 < confidence({**values, name: low}) <= confidence({**values, name: high}) < 1.0


def test_nothing_is_hardly_believed_and_all_is() -> None:
    assert BIAS < 0.0 < min(WEIGHTS.values())
    assert confidence(dict.fromkeys(WEIGHTS, 0.0)) < 0.01
    assert confidence(dict.fromkeys(WEIGHTS, 1.0)) > 0.99


EVIDENCE = st.builds(Evidence, *[SHARES] * 7)


@given(evidence=EVIDENCE, name=st.sampled_from(["exact", "run", "alike", "throughout", "onsets"]), to=SHARES)
def test_more_evidence_never_promises_less(evidence: Evidence, name: str, to: float) -> None:
    low, high = (replace(evidence, **{name: value}) for value in sorted((getattr(evidence, name), to)))
    assert promise(low) <= promise(high) + 1e-12


@given(
    values=st.lists(st.floats(-1, 1, width=32), max_size=50),
    apart=st.integers(1, 60),
    n=st.integers(0, 10),
    least=st.floats(-1, 1),
)
def test_best_apart_are_the_best_and_apart(values: list[float], apart: int, n: int, least: float) -> None:
    chosen = best_apart(np.array(values, dtype=np.float32), apart, n, least)
    assert len(chosen) <= n
    assert all(values[index] > least for index in chosen)
    assert [values[index] for index in chosen] == sorted((values[index] for index in chosen), reverse=True)
    assert all(abs(one - other) >= apart for one, other in itertools.combinations(chosen, 2))
    if chosen:
        assert values[chosen[0]] == max(values)


@given(length=st.integers(1, 500), starts=st.tuples(st.integers(0, 300), st.integers(1, 200)), end=st.integers(1, 400))
def test_starts_for_are_just_those_that_bounds_keep(length: int, starts: tuple[int, int], end: int) -> None:
    bounds = Bounds(10, 300, (starts[0], starts[0] + starts[1]), (end, end + 150), whole_bars=False)
    low, high = bounds.starts_for(length)
    for start in (low - 1, low, (low + high) // 2, high, high + 1):
        if start >= 0 and 10 <= length <= 300:
            inside = starts[0] <= start < starts[0] + starts[1] and end <= start + length < end + 150
            assert bounds.keeps(LoopRegion(start, start + length)) == inside


def test_nearest_bars_without_a_pulse_is_none() -> None:
    assert nearest_bars(1_000.0, None, RATE) is None
