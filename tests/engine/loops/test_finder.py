# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder finds the period of real material, refuses what cannot loop, and owns up to what loops badly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import ClipTooShort, NonFiniteClip, NothingLoops, SilentClip
from engine.loops.finder import find_loops, score_region, warm_up
from engine.values import Algorithm, Clip, LoopFindings, LoopRegion, LoopSearch, MusicFacts
from tests.engine.loops import material
from tests.engine.loops.anything import check_order

ADVANCED, CLASSIC = Algorithm.ADVANCED, Algorithm.CLASSIC


def _find(clip: Clip, algorithm: Algorithm = ADVANCED, min_loop_s: float = 4.0, **search: object) -> LoopFindings:
    return find_loops(clip, LoopSearch(algorithm, min_loop_s, **search))  # type: ignore[arg-type]


def _off_ms(n_samples: int, period: float, sample_rate: int) -> float:
    return abs(n_samples - round(n_samples / period) * period) / sample_rate * 1000


@pytest.mark.parametrize(
    ("sample_rate", "tempo_bpm", "n_channels"),
    [
        (22_050, 85.0, 1),
        (32_000, 97.3, 1),
        (44_100, 120.0, 2),
        (48_000, 141.7, 2),
        (44_100, 174.0, 2),
        (32_000, 71.0, 2),
    ],
)
def test_groove_is_looped_at_its_period(sample_rate: int, tempo_bpm: float, n_channels: int) -> None:
    clip = material.groove(sample_rate, tempo_bpm, n_channels=n_channels, n_bars=11)
    period = material.period_samples(clip, tempo_bpm, 4)
    # Classic need not be tried at every rate twice.
    for algorithm in Algorithm if sample_rate < 40_000 else (ADVANCED,):
        best = _find(clip, algorithm).best
        assert best.region.n_samples > period / 2
        assert _off_ms(best.region.n_samples, period, sample_rate) < 1.0
        assert not best.weak
        assert best.score > 0.8


@example(tempo_bpm=102.0, intro_s=0.0, n_bars=12.0, seed=0)
@example(tempo_bpm=102.01171875, intro_s=0.0, n_bars=12.0, seed=0)
@given(
    tempo_bpm=st.floats(75, 150),
    intro_s=st.floats(0, 2),
    n_bars=st.floats(10.0, 15.0),
    seed=st.integers(0, 99),
)
@settings(max_examples=4, deadline=None)
def test_any_groove_with_an_intro_is_looped_at_its_period(
    tempo_bpm: float, intro_s: float, n_bars: float, seed: int
) -> None:
    clip = material.groove(22_050, tempo_bpm, n_bars=n_bars, intro_s=intro_s, n_channels=1, seed=seed)
    best = _find(clip, min_loop_s=3.0).best
    assert _off_ms(best.region.n_samples, material.period_samples(clip, tempo_bpm, 4), 22_050) < 1.0
    assert not best.weak


def test_estimated_facts_are_right() -> None:
    facts = _find(material.groove(32_000, 104.0, n_bars=12)).facts
    assert facts.tempo_bpm == pytest.approx(104.0, rel=1e-3)
    assert facts.beats_per_bar == 4
    assert facts.bars == 12
    assert facts.key in {"C major", "A minor"}


def test_three_beats_to_the_bar() -> None:
    clip = material.groove(32_000, 132.0, beats_per_bar=3, n_bars=18)
    findings = _find(clip)
    assert findings.facts.beats_per_bar == 3
    assert _off_ms(findings.best.region.n_samples, material.period_samples(clip, 132.0, 4, 3), 32_000) < 1.0


def test_known_facts_are_kept() -> None:
    known = MusicFacts(tempo_bpm=120.0, key="F# minor", beats_per_bar=4, bars=14, tags=("house",))
    findings = _find(material.groove(32_000, 120.0), facts=known)
    assert findings.facts == known
    assert findings.best.bars == 12  # of fourteen bars that come again after four, the most whole periods


def test_eight_bars_are_chosen_where_only_eight_repeat() -> None:
    clip = material.groove(32_000, 130.0, pattern_bars=8, n_bars=20)
    assert _find(clip).best.bars == 16  # twice eight, of twenty


def test_loop_starts_with_a_bar() -> None:
    clip = material.groove(32_000, 110.0, intro_s=1.3)
    bar = material.period_samples(clip, 110.0, 1)
    start = (_find(clip).best.region.loop_start - 1.3 * 32_000) / bar
    assert abs(start - round(start)) * bar / 32_000 < 0.05


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_candidates_are_ranked_distinct_and_within_bounds(algorithm: Algorithm) -> None:
    clip = material.groove(32_000, 120.0)
    findings = _find(clip, algorithm, min_loop_s=5.0, max_loop_s=13.0, top=6)
    assert 1 < len(findings.candidates) <= 6
    check_order(findings.candidates)
    for candidate in findings.candidates:
        assert all(0.0 <= value <= 1.0 for value in (candidate.score, *candidate.metrics.as_dict().values()))
        assert 5.0 * 32_000 <= candidate.region.n_samples <= 13.0 * 32_000
        assert candidate.region.loop_end <= clip.n_samples
    ends = [(c.region.loop_start, c.region.loop_end) for c in findings.candidates]
    for index, one in enumerate(ends):
        assert all(max(abs(one[0] - b[0]), abs(one[1] - b[1])) >= 3_200 for b in ends[:index])
    if algorithm is CLASSIC:
        assert all(candidate.score == candidate.metrics.spectral for candidate in findings.candidates)
    else:
        assert len({candidate.bars for candidate in findings.candidates}) > 1


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("gain", [0.05, 0.9])
def test_gain_and_channel_swap_change_nothing(algorithm: Algorithm, gain: float) -> None:
    clip = material.groove(22_050, 120.0, n_bars=9)
    changed = Clip(np.ascontiguousarray(clip.samples[:, ::-1]) * np.float32(gain), clip.sample_rate)
    one, other = _find(clip, algorithm).best, _find(changed, algorithm).best
    assert other.region == one.region
    assert other.score == pytest.approx(one.score, abs=1e-3)


def test_constant_offset_hardly_matters() -> None:
    clip = material.groove(22_050, 120.0, n_bars=9)
    one, other = _find(clip).best, _find(Clip(clip.samples + np.float32(0.1), clip.sample_rate)).best
    assert abs(other.region.n_samples - one.region.n_samples) < 22
    assert other.score == pytest.approx(one.score, abs=0.05)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("seed", [0, 1])
def test_what_never_repeats_is_weak(algorithm: Algorithm, seed: int) -> None:
    for clip in (
        material.noise(22_050, 12.0, seed),
        material.sweep(22_050, 12.0 + seed),
        material.babble(22_050, 12.0, seed),
    ):
        best = _find(clip, algorithm, min_loop_s=2.0).best
        assert best.weak


def test_clip_that_wraps_is_best_looped_whole() -> None:
    clip = material.groove(32_000, 120.0, n_bars=8)
    wrapping = Clip(clip.samples, clip.sample_rate, wraps=True)
    best = _find(wrapping, facts=MusicFacts(tempo_bpm=120.0, beats_per_bar=4, bars=8)).best
    assert best.region == LoopRegion(0, clip.n_samples)
    assert best.bars == 8
    assert best.metrics.spectral > 0.99
    assert best.metrics.phase > 0.99


def test_region_at_the_end_of_a_clip_that_wraps_hears_its_start() -> None:
    """The second half of A B A B goes on with A, which only the cyclic context can tell."""
    clip = material.groove(32_000, 120.0, n_bars=8)
    region = LoopRegion(clip.n_samples // 2, clip.n_samples)
    facts = MusicFacts(tempo_bpm=120.0, beats_per_bar=4)
    wrapped, _ = score_region(Clip(clip.samples, clip.sample_rate, wraps=True), region, facts)
    assert wrapped.metrics.spectral > 0.95
    assert wrapped.bars == 4


def test_music_is_looped_rather_than_the_silence_after_it() -> None:
    music = material.groove(22_050, 120.0, n_bars=9)
    clip = Clip(np.concatenate([music.samples, np.zeros((22_050 * 8, 2), dtype=np.float32)]), 22_050)
    for algorithm in Algorithm:
        assert _find(clip, algorithm).best.region.loop_end <= music.n_samples + 2_205


def test_anti_phase_stereo_is_heard() -> None:
    mono = material.groove(22_050, 120.0, n_bars=9, n_channels=1).samples
    best = _find(Clip(np.hstack([mono, -mono]), 22_050)).best
    assert not best.weak
    assert best.bars == 8


@pytest.mark.parametrize(("level", "words"), [(0.0, "peak is -120 dBFS"), (-0.25, "stand still at 0.25")])
def test_silence_is_refused_and_a_constant_is_not_called_quiet(level: float, words: str) -> None:
    with pytest.raises(SilentClip, match=words):
        _find(Clip(np.full((44_100, 2), level, dtype=np.float32), 44_100), min_loop_s=0.2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused(bad: float) -> None:
    samples = material.noise(22_050, 3.0).samples.copy()
    samples[1000:1003, 1] = bad
    with pytest.raises(NonFiniteClip, match="3 samples"):
        _find(Clip(samples, 22_050))


def test_too_short_clip_is_refused() -> None:
    with pytest.raises(ClipTooShort):
        _find(material.noise(22_050, 0.1), min_loop_s=0.01)


def test_loops_longer_than_the_clip_do_not_exist() -> None:
    with pytest.raises(NothingLoops):
        _find(material.noise(22_050, 3.0), min_loop_s=3.5)
    with pytest.raises(NothingLoops):
        _find(material.noise(22_050, 3.0), min_loop_s=2.0, max_loop_s=1.0)


@given(
    duration_s=st.floats(0.5, 3.0),
    share=st.floats(0.05, 1.0),
    wraps=st.booleans(),
    algorithm=st.sampled_from(Algorithm),
)
@settings(max_examples=12, deadline=None)
def test_there_is_always_an_answer(duration_s: float, share: float, wraps: bool, algorithm: Algorithm) -> None:
    clip = Clip(material.groove(16_000, 120.0, n_bars=2).samples[: round(duration_s * 16_000)], 16_000, wraps=wraps)
    min_loop_s = share * clip.duration_s
    findings = _find(clip, algorithm, min_loop_s=min_loop_s)
    for candidate in findings.candidates:
        assert candidate.region.loop_end <= clip.n_samples
        assert candidate.region.n_samples >= int(min_loop_s * 16_000)


def test_dragged_region_is_scored_as_it_is() -> None:
    clip = material.groove(32_000, 120.0)
    findings = _find(clip)
    best = findings.best
    again, _ = score_region(clip, best.region, findings.facts)
    assert again.region == best.region
    assert again.score == pytest.approx(best.score, abs=0.02)
    dragged, _ = score_region(clip, LoopRegion(best.region.loop_start, best.region.loop_end - 8_000), findings.facts)
    assert dragged.score < best.score - 0.2
    assert dragged.bars is None
    with pytest.raises(ValueError, match="beyond the clip"):
        score_region(clip, LoopRegion(0, clip.n_samples + 1), findings.facts)


def test_warm_up_runs() -> None:
    warm_up()
