# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests hold the picture of a seam against the baked loop, and check what its edges snap to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import bake, cyclic
from engine.loops.seam_picture import band_levels, beats_of, rising_crossings, seam_picture
from engine.values import (
    BeatGrid,
    Clip,
    LoopRegion,
    MusicFacts,
    OverlapLimit,
    SeamPicture,
    Snap,
    nearest_place,
    place_beyond,
)

RATE = 8000


def music(n_samples: int, n_channels: int = 2, *, wraps: bool = False) -> Clip:
    """Return a tone with noise, of other noise in each channel."""
    tone = 0.4 * np.sin(np.arange(n_samples) * 0.11)[:, None]
    noise = 0.2 * np.random.default_rng(5).standard_normal((n_samples, n_channels))
    return Clip((tone + noise).astype(np.float32), RATE, wraps)


def mixed(picture: SeamPicture) -> np.ndarray:
    """Return both sides at their gains; a side that is not there sounds nowhere."""
    before, after = np.nan_to_num(picture.before), np.nan_to_num(picture.after)
    out: np.ndarray = before * picture.before_gain + after * picture.after_gain
    return out


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_drawn_is_what_is_baked(data: st.DataObject) -> None:
    n_samples = data.draw(st.integers(2, 4 * RATE))
    start = data.draw(st.integers(0, n_samples - 1))
    region = LoopRegion(start, data.draw(st.integers(start + 1, n_samples)))
    clip = music(n_samples, data.draw(st.integers(1, 2)), wraps=data.draw(st.booleans()))
    overlap_ms = data.draw(st.floats(0.0, 3000.0))
    picture = seam_picture(clip, region, overlap_ms=overlap_ms)
    baked = bake(clip, region, overlap_ms=overlap_ms)
    half = picture.half_samples
    assert half == RATE
    np.testing.assert_array_equal(picture.rendered, cyclic(baked.samples, -half, 2 * half))
    assert (picture.overlap_samples, picture.limit) == (baked.overlap_samples, baked.limit)
    # Within a turn to either side, up to the next joint's crossfade, both sides at their gains are that very loop.
    n, overlap = region.n_samples, picture.overlap_samples
    first, last = (n - overlap, n) if picture.crossfade_at == 0 else (n, n - overlap)
    turn = slice(half - min(half, first), half + min(half, last))
    if picture.limit is not OverlapLimit.WHOLE:
        np.testing.assert_allclose(mixed(picture)[turn], picture.rendered[turn], atol=1e-6)
    for array in (picture.before, picture.after, picture.rendered, picture.before_gain):
        assert array.shape == (2 * half, clip.n_channels)
        assert not array.flags.writeable


def test_both_sides_are_the_clip_around_either_edge() -> None:
    clip = music(3 * RATE)
    picture = seam_picture(clip, LoopRegion(RATE // 2, 2 * RATE), overlap_ms=100.0)
    half = picture.half_samples
    np.testing.assert_array_equal(picture.before, clip.samples[RATE : 3 * RATE])
    assert np.isnan(picture.after[: half // 2]).all()
    np.testing.assert_array_equal(picture.after[half // 2 :], clip.samples[: 3 * RATE // 2])
    # Nothing is mixed at the joint itself: less is before the loop than after it.
    assert picture.crossfade_at == 0


@pytest.mark.parametrize("wraps", [False, True])
def test_a_whole_clip_goes_round_and_a_clip_of_half_a_second_too(wraps: bool) -> None:
    clip = music(RATE // 2, 1, wraps=wraps)
    picture = seam_picture(clip, LoopRegion(0, clip.n_samples), overlap_ms=480.0)
    np.testing.assert_array_equal(picture.before, picture.after)
    assert not np.isnan(picture.before).any()
    assert np.isfinite(picture.spectra.rendered).all()


def test_without_an_overlap_one_side_gives_way_to_the_other_at_the_joint() -> None:
    picture = seam_picture(music(4 * RATE), LoopRegion(RATE, 3 * RATE), overlap_ms=0.0)
    half = picture.half_samples
    assert picture.overlap_samples == picture.crossfade_at == 0
    for gain, is_before in ((picture.before_gain, 1.0), (picture.after_gain, 0.0)):
        assert (gain[:half] == is_before).all()
        assert (gain[half:] == 1.0 - is_before).all()


def test_a_sine_stands_at_its_level_in_its_band_alone() -> None:
    time_s = np.arange(RATE) / RATE
    hz = 125.0 * 2.0 ** (np.arange(0, 30) / 6)
    levels = band_levels((0.5 * np.sin(2 * np.pi * 1000.0 * time_s)).astype(np.float32)[:, None], RATE, hz)
    at = int(np.argmax(levels))
    assert hz[at] == pytest.approx(1000.0)
    assert levels[at] == pytest.approx(-6.02, abs=0.1)
    assert levels[: at - 6].max() < -60.0
    assert (band_levels(np.zeros((1000, 2), np.float32), RATE, hz) == -120.0).all()


def test_a_click_at_a_hard_seam_shows_in_the_rendered_spectrum_alone() -> None:
    wave = 0.5 * np.sin(2 * np.pi * 100.0 * np.arange(4 * RATE) / RATE)
    clip = Clip(wave.astype(np.float32)[:, None], RATE)
    # Half a period too long: the joint is a jump of a crest to its opposite.
    spectra = seam_picture(clip, LoopRegion(RATE + 20, 3 * RATE + 60), overlap_ms=0.0).spectra
    high = spectra.hz > 1500.0
    assert spectra.rendered[high].min() > max(spectra.before[high].max(), spectra.after[high].max()) + 20.0


# --- snapping ---------------------------------------------------------------------------------------------------------


def test_crossings_go_up_through_zero_of_the_mono_mix() -> None:
    mono = np.array([0.5, -0.1, 0.0, 0.3, -0.2, -0.1, 0.4, 0.0], dtype=np.float32)
    assert rising_crossings(mono).tolist() == [2, 6]
    clip = music(4 * RATE)
    region = LoopRegion(RATE // 2, 3 * RATE)
    places = seam_picture(clip, region, overlap_ms=50.0).places.of(Snap.CROSSINGS)
    mix = clip.samples.mean(axis=1, dtype=np.float64)
    assert ((mix[places] >= 0.0) & (mix[places - 1] < 0.0)).all()
    near = [one for one in rising_crossings(mix) if min(abs(one - RATE // 2), abs(one - 3 * RATE)) < RATE - 1]
    assert set(near) <= set(places.tolist())


@given(
    places=st.lists(st.integers(0, 200), unique=True).map(sorted),
    sample=st.integers(0, 200),
    n_places=st.integers(-12, 12).filter(bool),
)
@settings(max_examples=60, deadline=None)
def test_the_place_beyond_is_counted_from_the_edge(places: list[int], sample: int, n_places: int) -> None:
    array = np.array(places, dtype=np.int64)
    that_way = [one for one in places if (one - sample) * n_places > 0]
    that_way.sort(key=lambda one: abs(one - sample))
    expected = that_way[min(abs(n_places), len(that_way)) - 1] if that_way else None
    assert place_beyond(array, sample, n_places) == expected
    nearest = nearest_place(array, sample)
    assert nearest == min(places, key=lambda one: (abs(one - sample), one), default=None)


def test_beats_are_those_that_were_heard_else_those_of_the_tempo() -> None:
    heard = BeatGrid(np.array([10, 20, 30]), np.array([10]))
    facts = MusicFacts(tempo_bpm=120.0, beats_per_bar=3)
    assert beats_of(heard, facts, 0, 100, RATE) is heard
    assert beats_of(None, MusicFacts(), 0, 100, RATE) is None
    counted = beats_of(None, facts, 5000, 3 * RATE, RATE)
    assert counted is not None
    assert counted.beats.tolist() == [1000, 5000, 9000, 13000, 17000, 21000]
    assert counted.downbeats.tolist() == [5000, 17000]
    picture = seam_picture(music(3 * RATE), LoopRegion(0, RATE), overlap_ms=10.0, beats=counted)
    assert picture.places.of(Snap.BEATS).tolist() == counted.beats.tolist()
    assert picture.places.of(Snap.NOTHING).size == 0
