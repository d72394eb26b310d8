# SPDX-License-Identifier: GPL-3.0-or-later
"""The plain listener is what one has without this studio: librosa's beat tracker, and templates on its chroma."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from engine.dsp.keynames import tonic_name
from engine.values import Clip
from tests.benchmarks.composerreport import keys
from tests.benchmarks.continuereport.judge import Told

RATE = 22_050
LATE_S = 0.035
"""Number of seconds by which librosa's beats are late: 20 ms where clicks sound, 50 ms where attacks are soft."""

_HOP = 512
_TRIADS = ((0, 4, 7), (0, 3, 7))


def mono_of(clip: Clip) -> npt.NDArray[np.float32]:
    """Return a clip as librosa hears it: one channel at 22 050 Hz."""
    return np.asarray(soxr.resample(clip.samples.mean(axis=1), clip.sample_rate, RATE), dtype=np.float32)


def plain_beats(mono: npt.NDArray[np.float32]) -> tuple[float, ...]:
    """Return the seconds of librosa's beats, without what they are late by."""
    import librosa

    _, beats = librosa.beat.beat_track(y=mono, sr=RATE, units="time")
    return tuple(float(one) for one in np.maximum(np.atleast_1d(beats) - LATE_S, 0.0))


def plainly_heard(clip: Clip) -> Told:
    """Return what the plain listener tells: four beats a bar, and for each beat the triad that chroma is most like."""
    import librosa

    mono = mono_of(clip)
    beats_s = plain_beats(mono)
    chroma = librosa.feature.chroma_cqt(y=mono, sr=RATE, hop_length=_HOP)
    edges = librosa.time_to_frames(np.array(beats_s), sr=RATE, hop_length=_HOP)
    edges = np.unique(np.clip(edges, 1, chroma.shape[1] - 1))
    # What lies before the first beat is one more piece.
    heard = librosa.util.sync(chroma, edges.tolist(), aggregate=np.mean)
    begins_s = [0.0, *librosa.frames_to_time(edges, sr=RATE, hop_length=_HOP)]
    templates = np.array([np.roll(np.isin(np.arange(12), triad), root) for triad in _TRIADS for root in range(12)])
    best = (templates @ heard).argmax(axis=0)
    chords = tuple(
        (float(time_s), tonic_name(int(one % 12), is_minor=one >= 12) + ("m" if one >= 12 else ""))
        for time_s, one in zip(begins_s, best, strict=True)
    )
    return Told(beats_s, beats_s[::4], chords, keys.named(chroma.mean(axis=1), "krumhansl"))
