# SPDX-License-Identifier: GPL-3.0-or-later
"""Our features agree with librosa's of the same music, though they are written for speed and frames at any sample."""

from __future__ import annotations

from typing import Any

import librosa
import numpy as np
import pytest

from engine.dsp import banks, features
from engine.dsp.rhythm import Pulse, find_rhythm
from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.values import Clip, ClipRequest, MusicFacts

# librosa compiles itself for a minute where it runs first.
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def clip() -> Clip:
    """Return composed house music, not wrapping, mono, which both hear in the same way."""
    asked = ClipRequest(1, "house, 124 bpm, in A minor", "composer", "", 12.0, 5)
    made = finished(make_clip(asked, GeneratorSettings())).clip
    return Clip(made.samples.mean(axis=1, keepdims=True), made.sample_rate)


@pytest.fixture(scope="module")
def ours(clip: Clip) -> features.Listener:
    return features.Listener(clip)


def likeness(a: Any, b: Any) -> float:
    """Return the correlation of two pictures cut to the same size."""
    n = min(len(a), len(b)) - 4
    return float(np.corrcoef(np.ravel(a[4:n]), np.ravel(b[4:n]))[0, 1])


def test_mel_bands_agree(clip: Clip, ours: features.Listener) -> None:
    mel = librosa.feature.melspectrogram(
        y=clip.samples[:, 0], sr=clip.sample_rate, n_fft=round(features.MEL_WINDOW_S * clip.sample_rate),
        hop_length=ours.hop_length, n_mels=banks.N_MELS, fmin=banks.MEL_LOW_HZ, fmax=banks.MEL_HIGH_HZ,
        htk=True, norm=None,
    )  # fmt: skip
    theirs = np.maximum(librosa.power_to_db(mel, ref=np.max, top_db=None), features.FLOOR_DB).T
    assert likeness(ours.whole.mel_db, theirs) > 0.99


def test_chroma_agrees(clip: Clip, ours: features.Listener) -> None:
    theirs = librosa.feature.chroma_stft(
        y=clip.samples[:, 0], sr=clip.sample_rate, hop_length=ours.hop_length, tuning=0.0,
        n_fft=round(features.CHROMA_WINDOW_S * clip.sample_rate), norm=2,
    ).T  # fmt: skip
    # Ours is computed in the middle of every eight frames.
    every = features.CHROMA_EVERY
    assert likeness(ours.whole.chroma[::every], theirs[every // 2 :: every]) > 0.8


def test_onsets_agree(clip: Clip, ours: features.Listener) -> None:
    theirs = librosa.onset.onset_strength(y=clip.samples[:, 0], sr=clip.sample_rate, hop_length=ours.hop_length)
    # librosa tells an onset later by half its longer window.
    assert max(likeness(ours.whole.onset, theirs[lag:]) for lag in range(6)) > 0.7


def test_the_tempo_is_librosas_or_the_true_one(clip: Clip, ours: features.Listener) -> None:
    rhythm = find_rhythm(ours, Pulse(ours), MusicFacts())
    assert rhythm is not None
    tempo = rhythm.tempo_bpm(clip.sample_rate)
    theirs, _ = librosa.beat.beat_track(y=clip.samples[:, 0], sr=clip.sample_rate)
    assert tempo == pytest.approx(124.0, rel=0.01)
    ratio = tempo / float(np.ravel(theirs)[0])
    assert min(abs(np.log2(ratio * factor)) for factor in (0.5, 1.0, 2.0)) < 0.06
