# SPDX-License-Identifier: GPL-3.0-or-later
"""The time after which all of the music comes again is told by all of its turns together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.dsp.features import Listener
from engine.loops import finder
from engine.loops.evidence import Hearing
from engine.loops.through import played_through
from engine.loops.turns import Turns
from engine.values import Clip, LoopSearch, MusicFacts
from tests.engine.loops.material import babble, groove, noise, sweep, tune

RATE = 22_050


def _hearing(clip: Clip) -> Hearing:
    return finder.hearing_of(Listener(clip), finder.bounds_of(clip, LoopSearch()), MusicFacts())


def _played_anew(period_s: float, n_turns: float, seed: int) -> Clip:
    """Return soft chords without a beat, the same in every turn but for how early, how long and how loud each is."""
    rng = np.random.default_rng(seed)
    chords = [(at, rng.integers(-12, 12, 3)) for at in np.sort(rng.uniform(0.0, period_s, 9))]
    out = np.zeros(round(n_turns * period_s * RATE) + 4 * RATE)
    for turn in range(int(np.ceil(n_turns))):
        for at, notes in chords:
            t = np.arange(round(rng.uniform(1.0, 1.4) * RATE)) / RATE
            first = round(max(0.0, turn * period_s + at + rng.normal(0.0, 0.01)) * RATE)
            swell = rng.uniform(0.7, 1.0) * np.minimum(1.0, t / 0.1) * np.exp(-2.0 * t)
            for note in notes:
                hz = 330.0 * 2.0 ** (int(note) / 12)
                wave = sum(np.sin(2 * np.pi * (k * hz * t + rng.random())) / k for k in (1, 2, 3))
                out[first : first + t.size] += 0.1 * swell * wave
    return Clip(out[: round(n_turns * period_s * RATE), None].astype(np.float32), RATE)


@pytest.mark.parametrize(("tempo_bpm", "pattern_bars"), [(120.0, 4), (97.0, 2), (133.0, 4)])
def test_a_pattern_s_turns_are_told_to_the_ms(tempo_bpm: float, pattern_bars: int) -> None:
    turns = _hearing(groove(RATE, tempo_bpm, pattern_bars=pattern_bars)).turns
    assert turns is not None
    assert turns.off(pattern_bars * 240.0 / tempo_bpm * RATE) < 0.002 * RATE


@pytest.mark.parametrize("clip", [noise(RATE, 10.0), sweep(RATE, 12.0), babble(RATE, 20.0, 1)])
def test_what_never_comes_again_has_no_turns(clip: Clip) -> None:
    assert _hearing(clip).turns is None


def test_a_melody_that_never_comes_back_has_no_turns() -> None:
    assert _hearing(Clip(tune(RATE, 20 * RATE, 4).astype(np.float32), RATE)).turns is None


@pytest.mark.parametrize("seed", range(4))
def test_what_is_played_anew_without_a_beat_is_played_through_in_whole_turns(seed: int) -> None:
    clip = _played_anew(6.3, 3.6, seed)
    hearing, bounds = _hearing(clip), finder.bounds_of(clip, LoopSearch())
    found = played_through(hearing, bounds, 480.0)
    assert found is not None
    assert found[0].n_samples / RATE == pytest.approx(6.3 * round(found[0].n_samples / RATE / 6.3), abs=0.02)
    assert found[0].n_samples >= clip.n_samples / 2


def test_without_turns_most_of_the_clip_is_played_through() -> None:
    clip = _played_anew(6.3, 3.6, 0)
    hearing = replace(_hearing(clip), turns=Turns(1.5 * clip.n_samples, 0.9))  # longer than there is room for
    found = played_through(hearing, finder.bounds_of(clip, LoopSearch()), 480.0)
    assert found is not None
    assert found[0].n_samples >= 0.65 * clip.n_samples


def test_off_is_the_distance_to_whole_turns_of_which_there_is_one_at_least() -> None:
    turns = Turns(100.0, 0.9)
    assert [turns.off(n) for n in (10, 100, 149, 298, 305)] == [90.0, 0.0, 49.0, 2.0, 5.0]
