# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests mend seams by painters whose work is known, and check what is kept of it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import LoopTooShort
from engine.loops.mending import LONGEST_S, Mended, closed, mend, worth_of, wound_of
from engine.values import Clip, FloatArray, LoopRegion, Repaint, SeamProof

RATE = 22_050
BAR_S = 2.0
BPM = 120.0


def music(seconds: float) -> FloatArray:
    """Return four plucked notes a bar over a held one, which come again with each bar."""
    t = np.arange(round(seconds * RATE)) / RATE
    in_beat = t % 0.5
    pitch = 220.0 * 2.0 ** (np.floor(t % BAR_S / 0.5) * 3.0 / 12.0)
    plucked = np.sin(2.0 * np.pi * pitch * in_beat) * np.exp(-6.0 * in_beat)
    held = 0.3 * np.sin(2.0 * np.pi * 110.0 * t)
    return (0.4 * np.stack([plucked + held, plucked - held], axis=1)).astype(np.float32)


REGION = LoopRegion(round(BAR_S * RATE), round(3 * BAR_S * RATE))
"""The middle two of the four bars that the clips here have."""


def good() -> Clip:
    return Clip(music(4 * BAR_S), RATE)


def broken() -> Clip:
    """Return music that stands apart from zero around the loop's end, so that its start comes with a click."""
    samples = music(4 * BAR_S)
    end = REGION.loop_end
    samples[end - RATE // 10 : end + RATE // 3] += np.float32(0.5)
    return Clip(samples, RATE)


def perfect(repaint: Repaint) -> Clip:
    """Paint what should have been there, at half the level: an excerpt of two bars begins in the middle of them."""
    whole = music(2 * BAR_S)
    return Clip(np.float32(0.5) * np.roll(whole, -(len(whole) // 2), axis=0), repaint.clip.sample_rate)


def bad(repaint: Repaint) -> Clip:
    """Paint noise with holes in it."""
    rng = np.random.default_rng(2)
    noise = rng.normal(0.0, 0.3, repaint.clip.samples.shape).astype(np.float32)
    noise[:: RATE // 40] = 1.0
    return Clip(noise, repaint.clip.sample_rate)


def test_a_broken_seam_is_mended_by_what_should_be_there() -> None:
    clip = broken()
    mended = mend(clip, REGION, perfect, overlap_ms=0.0, tempo_bpm=BPM)
    assert mended.is_better
    assert mended.after.step < mended.before.step
    assert mended.loop.wraps
    assert mended.strange_db < 3.0
    near = np.abs(mended.loop.samples[-RATE // 20 :] - music(BAR_S)[-RATE // 20 :]).max()
    assert near < 0.3, "and what stood apart is gone"


def test_what_is_worse_is_told_as_such() -> None:
    mended = mend(good(), REGION, bad, overlap_ms=20.0, tempo_bpm=BPM)
    assert not mended.is_better
    assert mended.strange_db > 10.0, "the joint itself has nothing wrong in the midst of noise"
    same = mend(good(), REGION, lambda repaint: repaint.clip, overlap_ms=20.0, tempo_bpm=BPM)
    assert not same.is_better, "as good as before is no reason to change anything"
    np.testing.assert_allclose(same.loop.samples, music(2 * BAR_S), atol=1e-6)


def test_only_a_beat_on_either_side_is_touched() -> None:
    clip = broken()
    mended = mend(clip, REGION, bad, overlap_ms=20.0, tempo_bpm=BPM)
    beat = RATE // 2
    own = clip.read(REGION.loop_start, REGION.n_samples)
    np.testing.assert_array_equal(mended.loop.samples[beat:-beat], own[beat:-beat])
    assert (mended.loop.samples[:beat] != own[:beat]).any()
    assert (mended.loop.samples[-beat:] != own[-beat:]).any()


def test_the_seam_stands_in_the_middle_of_what_is_heard() -> None:
    samples = (np.arange(30 * RATE) / (30 * RATE)).astype(np.float32)[:, None]
    clip = Clip(samples, RATE)
    region = LoopRegion(RATE, 29 * RATE)
    wound = wound_of(clip, region, 60.0)
    assert wound.excerpt.n_samples == round(LONGEST_S * RATE)
    middle = wound.excerpt.n_samples // 2
    assert wound.excerpt.samples[middle - 1, 0] == samples[29 * RATE - 1, 0]
    assert wound.excerpt.samples[middle, 0] == samples[RATE, 0]
    assert (wound.repaint.start_s, wound.repaint.end_s) == (9.0, 11.0)
    painted = Clip(wound.excerpt.samples.copy(), RATE)
    loop = closed(clip, region, wound, painted)
    np.testing.assert_allclose(loop.samples, samples[RATE : 29 * RATE], atol=1e-6)
    stereo = Clip(np.repeat(wound.excerpt.samples, 2, axis=1), RATE)
    assert closed(clip, region, wound, stereo).n_channels == 1
    with pytest.raises(ValueError, match="samples were painted"):
        closed(clip, region, wound, Clip(samples[:100], RATE))
    short = wound_of(clip, region, 60.0, longest_s=11.8)
    assert short.excerpt.duration_s == pytest.approx(11.8, abs=1e-4)
    assert (short.repaint.start_s, short.repaint.end_s) == pytest.approx((4.9, 6.9), abs=1e-4)
    np.testing.assert_allclose(closed(clip, region, short, short.excerpt).samples, loop.samples, atol=1e-6)


def test_a_short_loop_is_refused_and_one_without_a_tempo_is_not() -> None:
    clip = broken()
    with pytest.raises(LoopTooShort, match=r"lasts 1\.0 s"):
        wound_of(clip, LoopRegion(0, RATE))
    part = wound_of(clip, LoopRegion(0, 2 * RATE)).part
    assert part.n_samples == pytest.approx(0.8 * RATE, abs=2), "at most two fifths of it"


def test_a_click_costs_more_than_an_onset_of_the_music() -> None:
    quiet = SeamProof(step=0.8, slope=0.8, dip_db=0.0, onset=0.1, quieter_than=0.9)
    clicks = SeamProof(step=4.0, slope=4.0, dip_db=0.0, onset=0.1, quieter_than=0.9)
    assert worth_of(quiet) - worth_of(clicks) == pytest.approx(0.3)
    assert not Mended(broken(), quiet, clicks, 0.0).is_better
    assert Mended(broken(), clicks, quiet, 0.0).is_better
    assert not Mended(broken(), clicks, quiet, 20.0).is_better
