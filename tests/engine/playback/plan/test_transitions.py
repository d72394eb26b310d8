# SPDX-License-Identifier: GPL-3.0-or-later
"""A prepared transition brings bars to bars and tempos to tempos, and every joint is the loop's own samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.bands import low_band
from engine.dsp.seam import correlation, cyclic, fit_rate
from engine.playback.plan.bars import match
from engine.playback.plan.beatmatch import CONTEXT_MS, JOIN_MS, bar_grid
from engine.playback.plan.transitions import plan_transition
from engine.units import ms_to_samples
from engine.values import (
    PLACE_HOP_SAMPLES,
    TRANSITION_LENGTHS,
    BakedLoop,
    BarGrid,
    BeatGrid,
    Entry,
    FloatArray,
    LoopCandidate,
    LoopMetrics,
    LoopRegion,
    MusicFacts,
    TransitionPlan,
    TransitionWish,
)
from tests.engine.dsp.test_stretch import burst, lateness_ms
from tests.engine.playback.material import RATE, loop_of, noise
from tests.sampling import some

METRICS = LoopMetrics(1.0, 1.0, 1.0, 1.0)


def groove(tempo_bpm: float, *, bars: int = 4, first_samples: float = 0.0, beats_per_bar: int = 4) -> BakedLoop:
    """Return a burst on each beat, the first of a bar alone at full level, over a quiet hiss."""
    beat = 60.0 * RATE / tempo_bpm
    n, one = round(bars * beats_per_bar * beat), burst(RATE)
    samples = noise(n, level=0.003, n_channels=2)
    for index in range(bars * beats_per_bar):
        at = (round(first_samples + index * beat) + np.arange(len(one))) % n
        samples[at] += (1.0 if index % beats_per_bar == 0 else 0.4) * one[:, None]
    return loop_of(samples)


def grid_of(loop: BakedLoop, *, bars: int = 4, first_samples: float = 0.0, beats_per_bar: int = 4) -> BarGrid:
    return BarGrid(first_samples, loop.n_samples / bars, beats_per_bar)


def incoming_alone(plan: TransitionPlan, incoming: BakedLoop, n_samples: int) -> FloatArray:
    """Return what the incoming loop plays from its first sample on."""
    begun = np.zeros((0, 2), np.float32) if plan.lead_in is None else plan.lead_in[:n_samples]
    return np.concatenate([begun, cyclic(incoming.samples, plan.start_at, n_samples - len(begun))])


# --- bars -------------------------------------------------------------------------------------------------------------


def candidate(region: LoopRegion, bars: int | None, tempo_bpm: float | None = None) -> LoopCandidate:
    return LoopCandidate(region, 1.0, METRICS, bars, weak=False, tempo_bpm=tempo_bpm)


@pytest.mark.parametrize("loop_start", [0, 5000, 88_200])
def test_bars_begin_on_the_downbeats_of_the_clip(loop_start: int) -> None:
    bar = 80_000
    region = LoopRegion(loop_start, loop_start + 4 * bar)
    downbeats = np.arange(7) * bar + 100
    # One that was heard a beat late moves nothing.
    downbeats[3] += bar // 4
    grid = BeatGrid(np.sort(downbeats), downbeats)
    loop = loop_of(noise(4 * bar), loop_start=loop_start)
    found = bar_grid(loop, MusicFacts(beats_per_bar=3), candidate(region, 4), grid)
    assert found is not None
    assert (found.bar_samples, found.beats_per_bar) == (bar, 3)
    assert found.first_samples == pytest.approx((100 - loop_start) % bar)
    # The same music at another rate.
    fitted = fit_rate(loop, 48_000)
    found = bar_grid(fitted, MusicFacts(), candidate(region, 4), grid)
    assert found is not None
    assert found.bar_samples == pytest.approx(bar * 48_000 / RATE, abs=1)
    assert found.first_samples == pytest.approx((100 - loop_start) % bar * 48_000 / RATE, abs=1)


def test_bars_without_downbeats_begin_with_the_loop() -> None:
    region = LoopRegion(1000, 1000 + 4 * 80_000)
    loop = loop_of(noise(region.n_samples), loop_start=1000)
    found = bar_grid(loop, MusicFacts(tempo_bpm=132.3), candidate(region, 4), None)
    assert found == BarGrid(0.0, 80_000, 4)
    assert found.tempo_bpm(RATE) == pytest.approx(132.3)
    # No whole bars: the tempo at which the region lasts whole beats, or else the music's.
    for facts, tempo in ((MusicFacts(), 120.0), (MusicFacts(tempo_bpm=120.0, beats_per_bar=3), None)):
        found = bar_grid(loop, facts, candidate(region, None, tempo), None)
        assert found is not None
        assert found.tempo_bpm(RATE) == pytest.approx(120.0)
        assert found.beats_per_bar == (facts.beats_per_bar or 4)
    assert bar_grid(loop, MusicFacts(), candidate(region, None), None) is None


# --- where, how long --------------------------------------------------------------------------------------------------


@given(
    bars=st.sampled_from(TRANSITION_LENGTHS),
    entry=st.sampled_from(Entry),
    overlap_ms=st.floats(0.001, 5000.0),
    first=st.floats(0.0, 0.99),
    in_bars=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_entries_and_length(bars: int, entry: Entry, overlap_ms: float, first: float, in_bars: bool) -> None:
    lead = loop_of(noise(44_100, seed=1))
    bar = lead.n_samples / 5
    lead_grid = BarGrid(first * bar, bar, 4) if in_bars else None
    wish = TransitionWish(entry, overlap_ms, bars, beat_match=False, bass_swap=False)
    plan = plan_transition(lead, lead_grid, loop_of(noise(30_000, seed=2)), None, wish)
    length = bars * bar if bars and in_bars else overlap_ms * RATE / 1000.0
    assert plan.n_samples == max(1, round(length))
    assert len(plan.correlations) == len(plan.entries)
    assert all(-1.0 <= one <= 1.0 for one in plan.correlations)
    assert list(plan.entries) == sorted(set(plan.entries))
    assert all(0 <= one < lead.n_samples for one in plan.entries)
    if entry is Entry.NOW:
        assert plan.entries == ()
    elif entry is Entry.LOOP_END or lead_grid is None:
        assert plan.entries == (0,)
    else:
        assert len(plan.entries) == 5
        phases = np.array([lead_grid.phase_at(one) for one in plan.entries])
        assert np.abs((phases + 0.5) % 1.0 - 0.5).max() * bar <= 1.0


def test_correlations_are_those_of_what_overlaps() -> None:
    lead = loop_of(noise(40_000, seed=1))
    grid = BarGrid(0.0, 10_000.0, 4)
    incoming = loop_of(np.roll(lead.samples, -20_000, axis=0))
    wish = TransitionWish(Entry.NEXT_BAR, overlap_ms=200.0)
    plan = plan_transition(lead, grid, incoming, grid, wish)
    assert plan.entries == (0, 10_000, 20_000, 30_000)
    assert plan.correlations == pytest.approx((0.0, 0.0, 1.0, 0.0), abs=0.03)
    # Mono against stereo.
    assert plan_transition(lead, grid, loop_of(noise(9000, n_channels=1)), grid, wish).correlations[0] < 0.1


# --- beats on beats ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tempo_bpm", "speed"),
    some([(120, 124 / 120), (130, 124 / 130), (62.5, 124 / 125), (246, 124 / 123), (124, 1.0)], every=3),
)
def test_matched_beats_fall_on_the_leading_ones(tempo_bpm: float, speed: float) -> None:
    lead, incoming = groove(124), groove(tempo_bpm, first_samples=700.0)
    lead_grid, grid = grid_of(lead), grid_of(incoming, first_samples=700.0)
    plan = plan_transition(lead, lead_grid, incoming, grid, TransitionWish(bars=2))
    assert plan.tempos_bpm == pytest.approx((tempo_bpm * speed, tempo_bpm), rel=1e-5)
    heard = incoming_alone(plan, incoming, round(4 * lead_grid.bar_samples))
    # The first beat lies at sample 0: something before it, to look at.
    heard = np.concatenate([np.zeros((2000, 2), np.float32), heard])
    beat = lead_grid.bar_samples / 4.0 * (2.0 if tempo_bpm < 100 else 1.0)
    late = [lateness_ms(heard, 2000 + index * beat, RATE) for index in range(6 if tempo_bpm < 100 else 12)]
    # Two bars of crossfade and one more.
    assert np.abs(late).max() < 2.0
    # Downbeat on downbeat: the loud burst is the first of the bar.
    strengths = [float(np.abs(heard[2000 + round(index * beat) :][:400]).max()) for index in range(2)]
    assert strengths[0] > 1.7 * strengths[1]


@pytest.mark.parametrize("first", [0.0, 0.9])
@pytest.mark.parametrize("entry", [Entry.LOOP_END, Entry.NEXT_BAR])
@pytest.mark.parametrize("tempo_bpm", some([120.0, 126.0]))
def test_bars_meet_wherever_they_begin(first: float, entry: Entry, tempo_bpm: float) -> None:
    lead, incoming = groove(120), groove(tempo_bpm)
    lead_grid = BarGrid(first * lead.n_samples / 4, lead.n_samples / 4, 4)
    grid = BarGrid(0.2 * incoming.n_samples / 4, incoming.n_samples / 4, 4)
    for beat_match in (True, False):
        wish = TransitionWish(entry, beat_match=beat_match)
        plan = plan_transition(lead, lead_grid, incoming, grid, wish)
        matched = beat_match and tempo_bpm != 120.0
        assert (plan.lead_in is not None) == (plan.lead_in_places is not None) == matched
        start = plan.start_at if plan.lead_in_places is None else int(plan.lead_in_places[0])
        # Turned by as much as rounding is, so that 0 and 1 are near.
        phases = [lead_grid.phase_at(one) for one in plan.entries] + [grid.phase_at(start)]
        assert np.ptp((np.array(phases) - phases[-1] + 0.5) % 1.0) < 1e-4


@pytest.mark.soak
def test_what_is_not_matched_is_left_alone() -> None:
    lead, incoming = groove(120), groove(132)
    lead_grid, grid = grid_of(lead), grid_of(incoming)
    far = TransitionWish(reach=0.08)
    for wish, mine in (
        (far, grid),
        (replace(far, reach=0.12, beat_match=False), grid),
        (replace(far, reach=0.12), None),
        (replace(far, entry=Entry.NOW), grid),
        (replace(far, reach=0.12, entry=Entry.NOW), None),
    ):
        plan = plan_transition(lead, lead_grid, incoming, mine, wish)
        assert (plan.lead_in, plan.tempos_bpm, plan.start_at) == (None, None, 0)
    assert plan_transition(lead, lead_grid, incoming, grid, replace(far, reach=0.12)).tempos_bpm == pytest.approx(
        (120.0, 132.0), rel=1e-4
    )
    now = plan_transition(lead, lead_grid, incoming, grid, replace(far, reach=0.12, entry=Entry.NOW))
    assert (now.tempos_bpm is not None, now.bars) == (True, (lead_grid, grid))
    # Half and double tempo are near; what is between is not.
    assert [match(lead_grid, grid_of(groove(bpm))).beats for bpm in (61, 84, 86, 118, 169, 171, 239)] == [
        0.5, 0.5, 1.0, 1.0, 1.0, 2.0, 2.0
    ]  # fmt: skip
    with pytest.raises(ValueError, match="48000"):
        plan_transition(lead, lead_grid, fit_rate(incoming, 48_000), grid, far)


def test_a_lead_in_eases_to_the_loop_and_ends_in_it() -> None:
    lead, incoming = groove(124), groove(131, first_samples=300.0)
    wish = TransitionWish(overlap_ms=300.0)
    plan = plan_transition(lead, grid_of(lead), incoming, grid_of(incoming, first_samples=300.0), wish)
    assert plan.lead_in is not None
    assert plan.lead_in_places is not None
    n = len(plan.lead_in)
    # Places: one for every hop, and the tempo they tell goes from the leading one to the loop's own without a jump.
    assert len(plan.lead_in_places) == -(-n // PLACE_HOP_SAMPLES)
    speeds = np.diff(plan.lead_in_places) / PLACE_HOP_SAMPLES
    assert speeds[:40].mean() == pytest.approx(124 / 131, abs=1e-3)
    assert speeds[-20:].mean() == pytest.approx(1.0, abs=1e-3)
    smooth = np.convolve(speeds, np.ones(20) / 20, mode="valid")
    assert np.abs(np.diff(smooth)).max() < 0.003
    # The last of it is the loop itself, to the bit, and leads on to `start_at`.
    context = ms_to_samples(CONTEXT_MS, RATE)
    np.testing.assert_array_equal(plan.lead_in[-context:], cyclic(incoming.samples, plan.start_at - context, context))
    # Before its last crossfade it already is the loop, but for what stretching does to it.
    before = context + ms_to_samples(JOIN_MS, RATE)
    assert (
        correlation(plan.lead_in[-2 * before : -before], cyclic(incoming.samples, plan.start_at - 2 * before, before))
        > 0.98
    )
    told = plan.lead_in_places[-1] + (n - (len(plan.lead_in_places) - 1) * PLACE_HOP_SAMPLES)
    assert int(told) % incoming.n_samples == plan.start_at


@pytest.mark.soak
def test_the_low_bands_lead_into_each_other() -> None:
    rng = np.random.default_rng(7)
    bass = 0.3 * np.sin(2 * np.pi * 55.0 * np.arange(8 * RATE) / RATE)[:, None]
    incoming = loop_of((bass + 0.1 * rng.standard_normal((8 * RATE, 2))).astype(np.float32))
    lead = loop_of(noise(round(8.3 * RATE), seed=4))
    wish = TransitionWish(overlap_ms=1500.0, reach=0.25)
    plan = plan_transition(lead, grid_of(lead), incoming, grid_of(incoming), wish)
    assert plan.lead_in is not None
    assert plan.bass is not None
    assert plan.lead_in_bass is not None
    assert plan.lead_bass is not None
    assert plan.bass.shape == incoming.samples.shape
    assert plan.lead_bass.shape == lead.samples.shape
    assert plan.lead_in_bass.shape == plan.lead_in.shape
    np.testing.assert_array_equal(plan.lead_bass, low_band(lead.samples, RATE))
    # From lead-in to loop nothing steps, and the bass's last samples are the loop's own.
    tail = ms_to_samples(20.0, RATE)
    np.testing.assert_allclose(plan.lead_in_bass[-tail:], cyclic(plan.bass, plan.start_at - tail, tail), atol=1e-4)
    # A short crossfade, or one that is not wished, has none.
    for other in (replace(wish, overlap_ms=400.0), replace(wish, bass_swap=False)):
        plan = plan_transition(lead, grid_of(lead), incoming, grid_of(incoming), other)
        assert (plan.bass, plan.lead_in_bass, plan.lead_bass) == (None, None, None)


@pytest.mark.parametrize("n_samples", [2, 500, 9000])
def test_loops_shorter_than_everything(n_samples: int) -> None:
    lead, incoming = loop_of(noise(n_samples, seed=1)), loop_of(noise(n_samples + n_samples // 16, seed=2))
    wish = TransitionWish(overlap_ms=1200.0)
    plan = plan_transition(lead, grid_of(lead, bars=1), incoming, grid_of(incoming, bars=1), wish)
    assert 0 <= plan.start_at < incoming.n_samples
    assert plan.n_samples == round(1.2 * RATE)
    if plan.lead_in is not None:
        assert len(plan.lead_in) > plan.n_samples
        assert np.isfinite(plan.lead_in).all()
