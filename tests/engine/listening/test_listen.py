# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces whose beats, bars, chords and key are known are listened to."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadClip, NonFiniteClip
from engine.listening.listen import listen
from engine.values import Clip
from engine.values.heard_music import HeardMusic
from tests.engine.listening.pieces import Piece, f_measure, piece
from tests.engine.playback.material import noise
from tests.sampling import some

STEADY = ("funk", "Am | F | C | G", {"bpm": 104.0, "bars": 8})
PIECES = (
    STEADY,
    ("house", "Dm | Bb | F | C", {"bpm": 124.0, "bars": 8, "sway": 0.03}),
    ("rock", "E | A | B7 | E", {"bpm": 132.0, "bars": 8, "sway": 0.06}),
    ("waltz", "G | D | Em | C", {"bpm": 150.0, "bars": 12, "metre": "3/4"}),
    ("bossa nova", "Cmaj7 | Am7 | Dm7 | G7", {"bpm": 128.0, "bars": 8, "sway": 0.04}),
)


def beats_of(heard: HeardMusic) -> np.ndarray:
    assert heard.beats is not None
    return np.array(heard.beats.times_s)


@pytest.mark.parametrize(("prompt", "chords", "how"), some(PIECES, every=3))
def test_beats_bars_and_tempo_are_those_that_were_played(prompt: str, chords: str, how: dict[str, float]) -> None:
    one = piece(prompt, chords, **how)
    heard = listen(one.clip)
    found = beats_of(heard)
    assert f_measure(found, one.beats_s) > 0.95
    near = np.abs(found[:, None] - one.beats_s).min(axis=1)
    assert np.median(near) < 0.015, "as a hand plays"
    assert heard.beats is not None
    assert heard.beats.per_bar == one.per_bar
    firsts = found[list(heard.beats.downbeats)]
    assert f_measure(firsts, one.beats_s[:: one.per_bar]) > 0.9


def test_chords_and_key_are_those_that_were_played() -> None:
    one = piece(*STEADY[:2], **STEADY[2])
    heard = listen(one.clip)
    assert heard.key in ("A minor", "C major")
    guide = heard.guide
    assert guide is not None
    bars = {round(chord.at): chord.name for chord in guide.chords if abs(chord.at - round(chord.at)) < 0.3}
    right = [bars.get(bar) == ("Am", "F", "C", "G")[bar % 4] for bar in range(8)]
    assert sum(right) >= 6
    assert {chord.name for chord in guide.chords} <= {"Am", "F", "C", "G", "Em", "Dm"}


def test_a_piece_is_as_loud_as_it_is_and_softer_it_is_the_same() -> None:
    one = piece(*STEADY[:2], **STEADY[2])
    heard = listen(one.clip)
    assert heard.loudness_lufs == pytest.approx(-16.0, abs=0.6)
    assert heard.character.onsets_per_s > 1.0
    softer = listen(Clip(one.clip.samples * np.float32(0.1), one.clip.sample_rate))
    assert softer.loudness_lufs == pytest.approx(-36.0, abs=0.6)
    np.testing.assert_allclose(beats_of(softer), beats_of(heard), atol=1e-3)
    assert [name for _, name in softer.chords] == [name for _, name in heard.chords]


def test_pieces_sound_like_their_own_styles() -> None:
    styles = {"rock": "rock", "waltz": "waltz", "bossa nova": "bossa nova"}
    own = {prompt: listen(piece(prompt, chords, **how).clip).style for prompt, chords, how in PIECES}
    assert {prompt: own[prompt] for prompt in styles} == styles


def test_beats_reach_from_end_to_end_of_a_recording_with_silence_around_it() -> None:
    one: Piece = piece(*STEADY[:2], **STEADY[2])
    rate = one.clip.sample_rate
    silence = np.zeros((2 * rate, 2), dtype=np.float32)
    heard = listen(Clip(np.concatenate([silence, one.clip.samples, silence]), rate))
    found = beats_of(heard)
    assert found[0] < 60.0 / 104.0
    assert found[-1] > heard.duration_s - 1.5 * 60.0 / 104.0
    inside = found[(found > 2.0) & (found < 2.0 + one.clip.duration_s)] - 2.0
    assert f_measure(inside, one.beats_s) > 0.95


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_other_rates_and_one_channel_are_heard_alike(rate: int) -> None:
    import soxr

    one = piece(*STEADY[:2], **STEADY[2])
    mono = soxr.resample(one.clip.samples.mean(axis=1), one.clip.sample_rate, rate).astype(np.float32)[:, None]
    heard = listen(Clip(np.ascontiguousarray(mono), rate))
    assert f_measure(beats_of(heard), one.beats_s) > 0.95
    assert heard.key in ("A minor", "C major")


def test_silence_has_no_pulse_and_no_chords_and_noise_is_no_error() -> None:
    silent = listen(Clip(np.zeros((5 * 22_050, 1), dtype=np.float32), 22_050))
    assert silent.beats is None
    assert silent.chords in ((), ((0.0, "N.C."),))
    assert silent.key is None
    assert silent.loudness_lufs is None
    assert listen(Clip(noise(5 * 22_050), 22_050)).chords == ()


@pytest.mark.parametrize("n_samples", [1, 100, 2000, 22_050])
def test_what_is_too_short_has_no_pulse_and_is_no_error(n_samples: int) -> None:
    rng = np.random.default_rng(0)
    assert listen(Clip(rng.uniform(-0.5, 0.5, (n_samples, 2)).astype(np.float32), 22_050)).beats is None


def test_samples_that_are_no_numbers_are_refused() -> None:
    samples = np.ones((22_050, 1), dtype=np.float32)
    samples[5] = np.nan
    with pytest.raises(NonFiniteClip):
        listen(Clip(samples, 22_050))
    with pytest.raises(BadClip):
        listen(Clip(np.full((22_050, 1), 1e30, dtype=np.float32), 22_050))
