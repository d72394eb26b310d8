# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer plays along with a piece: on its beats, in its key, as loud as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.companion.composed import ComposerPredictor, going_on
from engine.companion.predictor import PredictMode, PredictOrder
from engine.dsp.loudness import integrated_lufs
from engine.errors import NonFiniteClip, NoPulse
from engine.generators.base import GeneratorSettings
from engine.listening.listen import listen
from engine.values import Clip, GivenBeats, Layer
from engine.values.heard_music import HeardMusic
from tests.engine.companion.pieces import BPM, RELATIVES, excerpt, off_the_beat_s, piece

RATE = 44_100
STEP_S = 0.5


def played(clip: Clip, seconds: float, order: PredictOrder) -> Clip:
    return ComposerPredictor(GeneratorSettings()).predict(clip, seconds, order)


@pytest.mark.parametrize("end_s", [6.0, 11.3])
def test_what_comes_next_goes_on_in_tempo_key_and_bar(end_s: float) -> None:
    order = PredictOrder(seed=1)
    after = played(excerpt(0.0, end_s), 10.0, order)
    assert (after.duration_s, after.sample_rate, after.n_channels) == (10.0, RATE, 2)
    heard = listen(after)
    assert heard.beats is not None
    assert heard.beats.tempo_bpm == pytest.approx(BPM, rel=0.01)
    assert heard.key in RELATIVES
    assert off_the_beat_s(after, end_s) < 0.03
    np.testing.assert_array_equal(after.samples, played(excerpt(0.0, end_s), 10.0, order).samples)


def test_what_goes_with_it_has_its_bars() -> None:
    order = PredictOrder(PredictMode.ACCOMPANY, parts=Layer.named("drums"), seed=1)
    along = played(piece(), 12.0, order)
    assert along.duration_s == 12.0
    assert off_the_beat_s(along, 0.0) < 0.03


def test_it_is_as_loud_as_the_recording() -> None:
    loud = excerpt(0.0, 8.0)
    soft = Clip(loud.samples * np.float32(0.1), RATE)
    lufs = [integrated_lufs(played(one, 8.0, PredictOrder(seed=1))) for one in (loud, soft)]
    assert lufs[0] - lufs[1] == pytest.approx(20.0, abs=2.0)


@pytest.mark.parametrize("seconds", [1.0, 1.7, 240.0])
def test_any_length_can_be_asked_for(seconds: float) -> None:
    assert played(excerpt(0.0, 6.0), seconds, PredictOrder(seed=1)).duration_s == pytest.approx(seconds, abs=1e-4)


@pytest.mark.parametrize("n_samples", [1, 100, RATE, 8 * RATE])
def test_where_no_beat_is_heard_it_says_so(n_samples: int) -> None:
    for samples in (np.zeros((n_samples, 1), np.float32), np.full((n_samples, 2), 0.3, np.float32)):
        for mode in PredictMode:
            with pytest.raises(NoPulse):
                played(Clip(samples, RATE), 5.0, PredictOrder(mode))


def test_samples_that_are_no_numbers_are_refused() -> None:
    samples = piece().samples.copy()
    samples[1000, 0] = np.nan
    with pytest.raises(NonFiniteClip):
        played(Clip(samples, RATE), 5.0, PredictOrder())


def heard_music(n_beats: int, duration_s: float, chords: tuple[tuple[float, str], ...], **more: object) -> HeardMusic:
    times_s = tuple(STEP_S * one for one in range(n_beats))
    whole = listen(excerpt(0.0, 6.0))
    return replace(whole, duration_s=duration_s, beats=GivenBeats(times_s, duration_s, **more), chords=chords)  # type: ignore[arg-type]


def test_whole_bars_are_followed_by_those_of_the_last_turn() -> None:
    # Ten bars of four beats: the last eight come again, from the third on.
    names = ("A", "B", "C", "D", "E", "F", "G", "Am", "Bm", "Dm")
    chords = tuple((2.0 * at, name) for at, name in enumerate(names))
    guide = going_on(heard_music(40, 20.0, chords), 8.0)
    assert guide is not None
    assert guide.beats is not None
    assert [(one.at, one.name) for one in guide.chords][:4] == [(0.0, "C"), (1.0, "D"), (2.0, "E"), (3.0, "F")]
    assert guide.beats.times_s[0] == pytest.approx(0.0)
    assert guide.beats.downbeats[:2] == (0, 4)


def test_a_bar_that_was_broken_off_goes_on() -> None:
    # Four bars and one beat more, half a beat of which is still to sound.
    chords = tuple((2.0 * at, name) for at, name in enumerate(("A", "D", "E", "F")))
    guide = going_on(heard_music(17, 8.25, (*chords, (8.0, "A"))), 4.0)
    assert guide is not None
    assert guide.beats is not None
    assert guide.beats.times_s[0] == pytest.approx(0.25)
    assert guide.beats.downbeats[:2] == (3, 7)
    assert [(one.at, one.name) for one in guide.chords][:3] == [(0.25, "A"), (1.0, "D"), (2.0, "E")]


def test_bars_count_from_the_downbeats() -> None:
    # Two beats before the first bar: the recording ends after six bars and two beats.
    guide = going_on(heard_music(28, 14.0, ((0.0, "A"),), downbeats=(2, 6, 10, 14, 18, 22, 26)), 4.0)
    assert guide is not None
    assert guide.beats is not None
    assert guide.beats.downbeats[:2] == (2, 6)


def test_without_chords_the_harmony_is_left_open() -> None:
    guide = going_on(heard_music(8, 4.0, ()), 4.0)
    assert guide is not None
    assert guide.chords == ()
