# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on what is played along knows what is in time and in tune from what is not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.values import Clip, Layer
from engine.values.play_along import Along, AlongOrder, PlayedAlong
from tests.benchmarks.continuereport import accompaniment, joins
from tests.benchmarks.continuereport.playing import off_grid_s, played, share
from tests.benchmarks.heardcases.pieces import TruePiece
from tests.engine.listening.pieces import piece

BPM = 104.0
BEAT_S = 60.0 / BPM
N_BARS = 8


@cache
def true() -> TruePiece:
    """Return a steady piece with its truth."""
    clip = piece("funk", "Am | F | C | G", bpm=BPM, bars=N_BARS).clip
    beats_s = tuple(BEAT_S * number for number in range(4 * N_BARS))
    chords = tuple((4 * BEAT_S * bar, ("Am", "F", "C", "G")[bar % 4]) for bar in range(N_BARS))
    return TruePiece(
        name="try",
        source="composer",
        clip=clip,
        beats_s=beats_s,
        end_s=4 * N_BARS * BEAT_S,
        downbeats=tuple(range(0, 4 * N_BARS, 4)),
        chords=chords,
        key="A minor",
        tempo_kind="steady",
        swing=0.5,
    )


@cache
def along() -> PlayedAlong:
    return played(true().clip, AlongOrder(Along.ACCOMPANY, layer=Layer.named("drums,bass"), seed=1))


def later(one: TruePiece, by_s: float) -> TruePiece:
    """Return the same truth, as if all of it came later."""
    return replace(
        one,
        beats_s=tuple(time_s + by_s for time_s in one.beats_s),
        chords=tuple((time_s + by_s, name) for time_s, name in one.chords),
    )


def test_off_a_grid_is_the_distance_to_the_nearest() -> None:
    grid = np.array([1.0, 2.0, 4.0])
    assert off_grid_s([0.5, 1.1, 1.9, 3.0, 5.0], grid).tolist() == pytest.approx([0.5, 0.1, 0.1, 1.0, 1.0])
    assert share([True, False, True, True]) == 75.0
    assert np.isnan(share([]))


def test_what_is_in_time_and_in_tune_is_told_from_what_is_not() -> None:
    fit = accompaniment.fit_of(true(), along(), true().beats_s)
    assert len(fit.on_beats) > 4 * N_BARS / 2
    assert len(fit.in_tune) > 2 * N_BARS
    assert share(fit.on_beats) > 95.0
    assert share(fit.in_tune) > 97.0
    assert share(fit.plain_on_beats) == share(fit.plain_in_time) == 100.0
    late = accompaniment.fit_of(later(true(), 0.06), along(), true().beats_s)
    assert share(late.on_beats) < 5.0
    assert share(late.plain_on_beats) == 0.0
    half = accompaniment.fit_of(later(true(), BEAT_S / 2.0), along(), ())
    assert share(half.on_beats) < 5.0
    assert share(half.in_time) > 95.0
    other = tuple((time_s, "F#") for time_s, _ in true().chords)
    sharp = accompaniment.fit_of(replace(true(), key="F# major", chords=other), along(), ())
    assert share(sharp.in_tune) < 60.0


def test_a_join_is_judged_by_how_the_piece_went_on() -> None:
    seam = joins.seam_of(true())
    assert seam.step_lu is not None
    assert abs(seam.step_lu) < joins.STEP_LU
    assert seam.off_s < joins.OFF_S
    assert max(seam.after_s) < 0.03
    off = joins.seam_of(later(true(), 0.1))
    assert off.off_s > 0.05


def test_a_join_beside_silence_has_no_step() -> None:
    silent = replace(true(), clip=Clip(np.zeros_like(true().clip.samples), true().clip.sample_rate))
    assert joins.seam_of(silent).step_lu is None
