# SPDX-License-Identifier: GPL-3.0-or-later
"""Likeness: of two takes by what is heard, of two melodies by their intervals and rhythm, of two moments by chroma."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from tests.benchmarks.composerreport.notes import Played, Written
from tests.benchmarks.loopcases.cases import DoubleArray

_RATE = 22_050
_HOP = 512
_COLUMNS = 64
_LARGEST_STEP = 12
_LONGEST_STEPS = 16


def picture(mono: npt.NDArray[np.floating]) -> DoubleArray:
    """Return chroma and rhythm of a whole clip at 22 050 Hz, shape ``(13, 64)``: its rows have mean 0."""
    import librosa

    wave = np.asarray(mono, dtype=np.float32)
    chroma = librosa.feature.chroma_stft(y=wave, sr=_RATE, n_fft=4096, hop_length=_HOP)
    onsets = librosa.onset.onset_strength(y=wave, sr=_RATE, hop_length=_HOP)[None]
    n = min(chroma.shape[1], onsets.shape[1])
    rows = np.concatenate([chroma[:, :n], onsets[:, :n] / max(float(onsets.max()), 1e-9)])
    edges = np.linspace(0, n, _COLUMNS + 1).astype(int)
    columns = np.stack([rows[:, a : max(a + 1, b)].mean(axis=1) for a, b in itertools.pairwise(edges)])
    return np.asarray(columns.T - columns.mean(axis=0)[:, None], dtype=np.float64)


def take_likeness(one: DoubleArray, other: DoubleArray) -> float:
    """Return the correlation of two ``picture``s under the transposition that makes them most alike."""
    turned = [np.concatenate([np.roll(other[:12], shift, axis=0), other[12:]]) for shift in range(12)]
    return max(_cosine(one, each) for each in turned)


def motif_likeness(one: Written, other: Written) -> float:
    """Return how much of two melodies is the same, in [0, 1]; NaN where one has none.

    The longest sequence of steps that both have in this order, others between them or not, over their mean number of
    steps. A step is an interval and its time in sixteenths: the same in every key and at every tempo.
    """
    mine, others = _steps(one), _steps(other)
    if not mine or not others:
        return float("nan")
    return 2.0 * _longest_common(mine, others) / (len(mine) + len(others))


def chroma_likeness(before: DoubleArray, after: DoubleArray) -> float:
    """Return the correlation of two chromas, shape ``(12,)``."""
    if np.ptp(before) < 1e-9 or np.ptp(after) < 1e-9:
        return float("nan")
    return float(np.corrcoef(before, after)[0, 1])


def _steps(piece: Written) -> list[tuple[int, int]]:
    lead = _upper(sorted(piece.of("lead"), key=lambda note: (note.at_s, -note.midi)), 0.4 * piece.step_s)
    return [
        (
            int(np.clip(b.midi - a.midi, -_LARGEST_STEP, _LARGEST_STEP)),
            min(_LONGEST_STEPS, round((b.at_s - a.at_s) / piece.step_s)),
        )
        for a, b in itertools.pairwise(lead)
    ]


def _longest_common(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    before = [0] * (len(other) + 1)
    for mine in one:
        row = [0]
        for j, theirs in enumerate(other):
            row.append(before[j] + 1 if mine == theirs else max(before[j + 1], row[j]))
        before = row
    return before[-1]


def _upper(notes: list[Played], near_s: float) -> list[Played]:
    """Return the highest of notes that begin together."""
    out: list[Played] = []
    for note in notes:
        if not out or note.at_s - out[-1].at_s > near_s:
            out.append(note)
    return out


def _cosine(one: DoubleArray, other: DoubleArray) -> float:
    return float((one * other).sum() / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))
