# SPDX-License-Identifier: GPL-3.0-or-later
"""The band's ear keeps the last seconds of what is played, and hears beats, chords and level in them, over and over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.blas import one_blas_thread
from engine.dsp.features import Listener
from engine.listening.bars import downbeat_odds
from engine.listening.beat_network import beat_network
from engine.listening.beats import beat_places, beat_times
from engine.listening.harmony import chord_name, chroma_of_beats, harmony_network
from engine.units import amplitude_to_db, seconds_to_samples
from engine.values import Clip, FloatArray
from engine.values.guide import NO_CHORD

DoubleArray = npt.NDArray[np.float64]

KEPT_S = 11.0
"""Seconds that are heard anew each time."""
LEAST_S = 2.5
"""Seconds that must have been played before anything is told."""
SILENT_DB = -55.0
"""Level below which nothing is played, dBFS."""
LEVEL_S = 0.4
"""Seconds whose level is that of now."""
STROKE_S, STROKE_RISE = 0.05, 2.5
"""Seconds of a moment, and by how much more power it has than the one before where something is struck."""
SURE = 0.45
"""Probability from which on a chord is told."""
_LEAST_BEATS = 4


@dataclass(frozen=True, eq=False, slots=True)
class HeardBeats:
    """The heard beats are those of the last seconds, each with what sounds until the next one.

    Attributes
    ----------
    times_s
        When they were played, seconds on the clock of the output's tape.
    downbeats
        Log odds of a downbeat at each.
    chords
        Name of each one's chord; ``NO_CHORD`` where that is not sure.
    """

    times_s: DoubleArray
    downbeats: DoubleArray
    chords: tuple[str, ...]


class Ear:
    """An ear is given what is played, piece by piece, and asked now and then what it hears."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self._n_kept = seconds_to_samples(KEPT_S, sample_rate)
        self._kept: FloatArray = np.zeros((0, 2), dtype=np.float32)
        self._end = 0

    @property
    def now_s(self) -> float:
        """Return up to when it was given what is played."""
        return self._end / self.sample_rate

    def hear(self, samples: FloatArray, first: int) -> None:
        """Take in a piece, ``(n_frames, 2)``, that was played from a frame of the output's tape on."""
        if first != self._end:
            # Something was lost: what was before is not in time with what comes.
            self._kept = self._kept[:0]
        self._kept = np.concatenate([self._kept, samples])[-self._n_kept :]
        self._end = first + len(samples)

    def level_db(self) -> float:
        """Return how loud it is now, RMS in dBFS."""
        latest = self._kept[-seconds_to_samples(LEVEL_S, self.sample_rate) :]
        return amplitude_to_db(float(np.sqrt(np.mean(np.square(latest))))) if len(latest) else -120.0

    def has_stroke(self) -> bool:
        """Return whether something was struck just now: it is louder than a moment ago."""
        n = seconds_to_samples(STROKE_S, self.sample_rate)
        latest = self._kept[-3 * n :]
        if len(latest) < 3 * n:
            return False
        power = [float(np.mean(np.square(latest[at : at + n]))) for at in (0, n, 2 * n)]
        return power[2] > STROKE_RISE * min(power[0], power[1]) and amplitude_to_db(power[2] ** 0.5) > SILENT_DB

    def beats(self) -> HeardBeats | None:
        """Return the beats of the last seconds; None where there are none to be heard."""
        if len(self._kept) < LEAST_S * self.sample_rate:
            return None
        if amplitude_to_db(float(np.sqrt(np.mean(np.square(self._kept))))) < SILENT_DB:
            return None
        with one_blas_thread():
            listener = Listener(Clip(np.ascontiguousarray(self._kept), self.sample_rate))
            odds = beat_network()(listener.whole.mel_db)
        frames_per_s = listener.sample_rate / listener.hop_length
        places = beat_places(odds[:, 0], frames_per_s)
        if len(places) < _LEAST_BEATS:
            return None
        frames = beat_times(places, odds[:, 0])
        begin_s = self.now_s - len(self._kept) / self.sample_rate
        return HeardBeats(
            begin_s + frames / frames_per_s,
            downbeat_odds(odds[:, 1], places),
            _chords(listener.whole.chroma, frames),
        )


def _chords(chroma: FloatArray, frames: DoubleArray) -> tuple[str, ...]:
    """Return the chord of each beat, up to the next one; of the last, as far as it was played."""
    edges = np.clip(np.round(np.append(frames, len(chroma))), 0, len(chroma)).astype(np.intp)
    of_beats = chroma_of_beats(chroma, edges)
    sure = np.exp(harmony_network().chords(of_beats))
    best = sure.argmax(axis=1)
    is_sure = (sure.max(axis=1) >= SURE) & (of_beats.sum(axis=1) > 0.0)
    return tuple(chord_name(int(one)) if known else NO_CHORD for one, known in zip(best, is_sure, strict=True))
