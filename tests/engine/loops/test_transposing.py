# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound is moved to another key without becoming longer, shorter, or out of step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.generators.standard import KEYS
from engine.loops.transposing import moved_key, semitones_between, transposed
from engine.values import Clip

RATE = 44_100


def tone(hz: float, *, wraps: bool) -> Clip:
    """Return a second of a tone that goes round."""
    at_s = np.arange(RATE) / RATE
    return Clip(np.stack([0.5 * np.sin(2 * np.pi * hz * at_s)] * 2, axis=1).astype(np.float32), RATE, wraps=wraps)


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples)), 8 * len(samples)))
    return float(np.argmax(spectrum)) / 8.0


@pytest.mark.parametrize(
    ("own", "wanted", "semitones"),
    [
        ("C major", "D major", 2),
        ("A minor", "C major", 0),
        ("A minor", "E minor", -5),
        ("C major", "F# major", -6),
        ("B minor", "C minor", 1),
        ("whistling", "C major", 0),
    ],
)
def test_keys_are_moved_the_nearer_way(own: str, wanted: str, semitones: int) -> None:
    assert semitones_between(own, wanted) == semitones


@given(own=st.sampled_from(KEYS), wanted=st.sampled_from(KEYS))
def test_a_moved_key_has_the_notes_of_the_wanted_one(own: str, wanted: str) -> None:
    semitones = semitones_between(own, wanted)
    assert -6 <= semitones <= 5
    assert semitones_between(moved_key(own, semitones), wanted) == 0


@pytest.mark.parametrize(("semitones", "wraps"), [(2, True), (-5, True), (3, False), (0, True)])
def test_pitch_moves_and_length_stays(semitones: int, *, wraps: bool) -> None:
    clip = tone(440.0, wraps=wraps)
    moved = transposed(clip, semitones)
    assert (moved.n_samples, moved.sample_rate, moved.wraps) == (clip.n_samples, RATE, wraps)
    heard = pitch(moved.samples[2000:-2000]) * RATE / (RATE - 4000)
    assert abs(1200 * np.log2(heard / (440.0 * 2 ** (semitones / 12)))) < 10
    # A loop's end leads up to its start.
    if wraps:
        step = np.abs(moved.samples[0] - moved.samples[-1]).max()
        assert step < 2 * np.abs(np.diff(moved.samples, axis=0)).max()


def test_beats_stay_in_their_places() -> None:
    samples = np.zeros((RATE, 2), np.float32)
    burst = np.hanning(400)[:, None] * np.sin(np.arange(400) / 4)[:, None]
    for beat in range(4):
        samples[beat * RATE // 4 + 2000 :][:400] += burst.astype(np.float32)
    moved = np.abs(transposed(Clip(samples, RATE, wraps=True), 3).samples).max(axis=1)
    for beat in range(4):
        part = moved[beat * RATE // 4 : (beat + 1) * RATE // 4]
        centre = float((np.arange(len(part)) * part**2).sum() / (part**2).sum())
        assert abs(centre - 2200) < 0.004 * RATE
