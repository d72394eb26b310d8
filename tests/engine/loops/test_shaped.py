# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops last whole bars at the tempo of the set, to the sample, and repeat without a step, whatever was delivered."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import LoopLacksBars, SilentClip
from engine.loops.shaped import LoopShape, folded, shaped_loop
from engine.values import Clip, FloatArray, MusicFacts
from tests.engine.loops.material import groove

RATE = 22_050


def step(samples: FloatArray) -> float:
    """Return the step from the last sample to the first, over the largest step within the music around it."""
    around = np.concatenate([samples[-600:], samples[:600]])
    within = np.abs(np.diff(np.delete(around, [599, 600], axis=0), axis=0)).max()
    return float(np.abs(samples[0] - samples[-1]).max() / within)


@pytest.mark.parametrize(("bars", "beats", "tempo_bpm"), [(4, 4, 120.0), (2, 3, 91.7), (1, 7, 77.77), (8, 4, 173.0)])
def test_its_length_is_that_of_its_bars(bars: int, beats: int, tempo_bpm: float) -> None:
    shape = LoopShape(bars, beats, tempo_bpm)
    assert abs(shape.samples_at(44_100) - bars * beats * 60.0 / tempo_bpm * 44_100) <= 0.5


def test_a_clip_that_is_the_loop_stays_as_it_is() -> None:
    clip = groove(RATE, 120.0, n_bars=2)
    whole = Clip(clip.samples * 0.5, RATE, wraps=True)
    shape = LoopShape(2, 4, 120.0)
    loop = shaped_loop(whole, shape, RATE, facts=MusicFacts(120.0, None, 4, 2))
    np.testing.assert_array_equal(loop.samples, np.repeat(whole.samples, 2 // whole.n_channels, axis=1))
    assert loop.findings is None
    assert len(shaped_loop(whole, shape, 44_100, facts=MusicFacts()).samples) == shape.samples_at(44_100)


def test_the_best_bars_of_a_longer_clip_are_found() -> None:
    clip = groove(RATE, 120.0, n_bars=9.0, n_channels=2, intro_s=0.7)
    shape = LoopShape(4, 4, 120.0)
    loop = shaped_loop(clip, shape, 44_100, facts=MusicFacts())
    assert loop.samples.shape == (shape.samples_at(44_100), 2)
    assert step(loop.samples) < 1.5
    assert loop.findings is not None
    assert loop.findings.best.bars in (1, 2, 4)


def test_bars_of_another_tempo_are_stretched_to_the_one_asked_for() -> None:
    clip = groove(RATE, 120.0, n_bars=9.0, n_channels=1, intro_s=0.7)
    shape = LoopShape(4, 4, 110.0)
    loop = shaped_loop(clip, shape, RATE, facts=MusicFacts())
    assert loop.samples.shape == (shape.samples_at(RATE), 2)
    assert step(loop.samples) < 1.5


@pytest.mark.parametrize(("bars", "tempo_bpm"), [(2, 100.0), (4, 140.0)])
def test_a_clip_that_goes_round_is_stretched_as_a_whole(bars: int, tempo_bpm: float) -> None:
    clip = groove(RATE, 120.0, n_bars=2)
    whole = Clip(clip.samples * 0.5, RATE, wraps=True)
    shape = LoopShape(bars, 4, tempo_bpm)
    loop = shaped_loop(whole, shape, RATE, facts=MusicFacts(120.0, None, 4, 2), n_samples=shape.samples_at(RATE) + 1)
    assert loop.findings is None
    assert len(loop.samples) == shape.samples_at(RATE) + 1
    assert step(loop.samples) < 1.5


def test_what_has_no_such_bars_is_refused() -> None:
    clip = groove(RATE, 120.0, n_bars=4.0)
    with pytest.raises(LoopLacksBars, match="Whole bars at 40 bpm were not found"):
        shaped_loop(clip, LoopShape(4, 4, 40.0), RATE, facts=MusicFacts(120.0, None, 4))
    with pytest.raises(SilentClip):
        shaped_loop(Clip(np.zeros((RATE, 1), np.float32), RATE), LoopShape(1, 4, 300.0), RATE, facts=MusicFacts())


@pytest.mark.parametrize(
    ("bpm", "metre", "wanted", "bars", "n_turns"),
    [
        (72.7, 4, 4, 4, 2),  # 148 counted at half: twice in as many bars
        (200.0, 4, 4, 4, 1),
        (66.0, 4, 1, 1, 1),  # two bars of 148 are one of these
        (148.0, 3, 2, 8, 3),  # eight beats go round with threes after 24
    ],
)
def test_a_loop_of_any_tempo_and_metre_goes_round_in_whole_bars(
    bpm: float, metre: int, wanted: int, bars: int, n_turns: int
) -> None:
    clip = groove(RATE, 148.0, n_bars=2)
    n_samples = LoopShape(2, 4, 148.0).samples_at(RATE)
    whole, facts = Clip(clip.samples[:n_samples], RATE, wraps=True), MusicFacts(148.0, None, 4, 2)
    shape = folded(LoopShape(wanted, metre, bpm), facts)
    assert shape.bars == bars
    loop = shaped_loop(whole, shape, RATE, facts=facts, folds=True)
    assert len(loop.samples) == shape.samples_at(RATE)
    turns = loop.samples[: len(loop.samples) // n_turns * n_turns, 0].reshape(n_turns, -1)
    assert all(np.square(turn - turns[0]).mean() < 0.1 * np.square(turn).mean() for turn in turns)
    assert loop.findings is None
    assert step(loop.samples) <= 1.5
