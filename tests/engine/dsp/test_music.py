# SPDX-License-Identifier: GPL-3.0-or-later
"""Tempo, metre and key are found in music that was made with known ones."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp.features import Listener
from engine.dsp.key import estimate_key
from engine.dsp.keynames import key_name, pitch_class
from engine.dsp.rhythm import Pulse, find_rhythm
from engine.values import Clip, MusicFacts
from tests.engine.loops import material
from tests.sampling import some


@pytest.mark.parametrize("tempo_bpm", some([84.0, 95.5, 112.0, 128.0, 141.0], every=2))
@pytest.mark.parametrize("beats_per_bar", [3, 4])
def test_tempo_and_metre(tempo_bpm: float, beats_per_bar: int) -> None:
    clip = material.groove(22_050, tempo_bpm, n_bars=12, n_channels=1, beats_per_bar=beats_per_bar, intro_s=0.7)
    listener = Listener(clip)
    rhythm = find_rhythm(listener, Pulse(listener), MusicFacts())
    assert rhythm is not None
    assert rhythm.tempo_bpm(22_050) == pytest.approx(tempo_bpm, rel=2e-3)
    assert rhythm.beats_per_bar == beats_per_bar
    off = (rhythm.first_downbeat - 0.7 * 22_050) / rhythm.beat_samples
    assert abs(off - round(off)) < 0.1


@pytest.mark.parametrize("late_s", [0.0, 0.3])
def test_beats_are_where_the_kick_is_not_the_open_hat(late_s: float) -> None:
    listener = Listener(material.house(22_050, 122.0, n_bars=4, late_s=late_s))
    rhythm = find_rhythm(listener, Pulse(listener), MusicFacts())
    assert rhythm is not None
    off = (rhythm.first_downbeat - late_s * 22_050) / rhythm.beat_samples
    assert abs(off - round(off)) < 0.1


def test_noise_has_no_pulse() -> None:
    for seed in range(5):
        listener = Listener(material.noise(22_050, 10.0, seed))
        assert find_rhythm(listener, Pulse(listener), MusicFacts()) is None


def test_told_tempo_is_kept() -> None:
    listener = Listener(material.noise(22_050, 6.0))
    rhythm = find_rhythm(listener, Pulse(listener), MusicFacts(tempo_bpm=90.0, beats_per_bar=3))
    assert rhythm is not None
    assert rhythm.known
    assert rhythm.tempo_bpm(22_050) == pytest.approx(90.0)
    assert rhythm.beats_per_bar == 3


@pytest.mark.parametrize(
    ("chords", "key"),
    [
        (((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), "major"),
        (((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7)), "minor"),
    ],
)
@pytest.mark.parametrize(("tonic", "name"), [(48, "C"), (50, "D"), (54, "F#"), (57, "A")])
def test_key_of_a_cadence(chords: tuple[tuple[int, ...], ...], key: str, tonic: int, name: str) -> None:
    t = np.arange(22_050) / 22_050
    bars = [
        np.sum(
            [np.sin(2 * np.pi * 440 * 2 ** ((tonic + n - 69) / 12) * k * t) / k**2 for n in c for k in (1, 2, 3)],
            axis=0,
        )
        for c in chords
    ]
    samples = (0.1 * np.concatenate(bars)).astype(np.float32)[:, None]
    assert estimate_key(Listener(Clip(samples, 22_050)).whole.chroma) == f"{name} {key}"


def test_a_key_has_the_name_that_musicians_write() -> None:
    assert key_name(3, is_minor=True) == "Eb minor"
    assert key_name(8, is_minor=True) == "G# minor"
    assert key_name(8, is_minor=False) == "Ab major"
    assert key_name(1, is_minor=False) == "Db major"


def test_noise_has_no_key() -> None:
    assert estimate_key(np.full((100, 12), 0.3, dtype=np.float32)) is None


@pytest.mark.parametrize(
    ("name", "accidental", "expected"),
    [("C", None, 0), ("b", "#", 0), ("c", "♭", 11), ("SI", "bemolle", 10), ("sol", "diesis", 8), ("F", "Sharp", 6)],
)
def test_a_note_by_letter_or_syllable(name: str, accidental: str | None, expected: int) -> None:
    assert pitch_class(name, accidental) == expected
