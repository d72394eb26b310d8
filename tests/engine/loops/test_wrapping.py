# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound that goes on at its start where it ends is looped as a whole, though no tag says so; others are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.dsp.features import Listener
from engine.loops import finder
from engine.loops.confidence import GOES_ROUND, TOLD_TO_GO_ROUND
from engine.loops.finder import find_loops
from engine.values import Algorithm, Clip, FloatArray, LoopRegion, LoopSearch, MusicFacts
from tests.engine.loops import material

RATE = 22_050
BAR = 2 * RATE
TOLD_BEATS = MusicFacts(tempo_bpm=120.0, beats_per_bar=4)


def _bars(first: float, last: float) -> FloatArray:
    """Return bars of a groove that comes again after four; what rings on at its start is what rings out."""
    samples = material.groove(RATE, 120.0, n_bars=14, n_channels=1).samples
    return samples[round(first * BAR) : round(last * BAR)]


def _goes_round(samples: FloatArray, facts: MusicFacts = TOLD_BEATS) -> bool:
    clip = Clip(np.ascontiguousarray(samples), RATE)
    return finder.hearing_of(Listener(clip), finder.bounds_of(clip, LoopSearch()), facts).goes_round


@pytest.mark.parametrize(("first", "last"), [(4, 12), (4, 8), (5, 9), (4.5, 12.5)])
def test_whole_periods_go_round(first: float, last: float) -> None:
    assert _goes_round(_bars(first, last))


def _faded(samples: FloatArray, n: int) -> FloatArray:
    return samples * np.minimum(1.0, np.arange(len(samples), 0, -1) / n).astype(np.float32)[:, None] ** 2


NOT: dict[str, Callable[[], FloatArray]] = {
    "cut in a bar": lambda: _bars(4, 11.8),
    "cut a beat short": lambda: _bars(4, 11.75),
    "begins late in a bar": lambda: _bars(4.13, 12),
    "half a period more": lambda: _bars(2, 12),
    "silence at the end": lambda: np.pad(_bars(4, 11.75), ((0, BAR // 4), (0, 0))),
    "silence at the start": lambda: np.pad(_bars(4.25, 12), ((BAR // 4, 0), (0, 0))),
    "fades out": lambda: _faded(_bars(4, 12), BAR),
    "fades in": lambda: _faded(_bars(4, 12)[::-1], BAR)[::-1],
}


@pytest.mark.parametrize("name", NOT)
def test_what_does_not_go_on_at_its_start_is_heard(name: str) -> None:
    assert not _goes_round(NOT[name]())


@pytest.mark.parametrize("sound", [material.babble, material.noise, material.sweep])
def test_without_a_pulse_the_waves_must_go_on(sound: Callable[[int, float], Clip]) -> None:
    assert not _goes_round(sound(RATE, 8.0).samples, MusicFacts())


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_untagged_loop_is_taken_whole(algorithm: Algorithm) -> None:
    clip = Clip(_bars(4, 12), RATE)
    findings = find_loops(clip, LoopSearch(algorithm))
    assert findings.best.region == LoopRegion(0, clip.n_samples)
    assert findings.best.bars == 8
    # Heard, and so not beyond doubt.
    assert findings.best.score == GOES_ROUND
    assert not findings.best.weak
    assert findings.proof is not None
    assert findings.proof.onset < 0.05


def test_bounds_that_leave_out_the_whole_are_kept() -> None:
    clip = Clip(_bars(4, 12), RATE)
    assert find_loops(clip, LoopSearch(max_loop_s=9.0)).best.region.n_samples <= 9 * RATE


def test_a_tag_over_all_of_a_sound_is_believed_unless_an_end_is_faded() -> None:
    """A pad that swells and never comes back loops where its maker says that it does."""
    t = np.arange(12 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * round(hz * 12) / 12 * t) for hz in (110.0, 164.8, 220.3, 277.1))
    pad = (0.1 * tones * (1.0 + 0.5 * np.sin(2 * np.pi * t / 12.0)))[:, None].astype(np.float32)
    whole = LoopRegion(0, len(pad))
    told = find_loops(Clip(pad, RATE), LoopSearch(tagged=(whole,))).best
    assert told.region == whole
    assert told.score == TOLD_TO_GO_ROUND
    faded = find_loops(Clip(_faded(pad, 2 * RATE), RATE), LoopSearch(tagged=(whole,)))
    assert next(one for one in faded.candidates if one.region == whole).score < 0.5
