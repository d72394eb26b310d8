# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures how alike two moments of a clip sound, and maps that for every start and every loop length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.dsp.features import FLOOR_DB, Frames, Listener
from engine.values import FloatArray, ScoreMap

CONTEXT_S = 1.0
"""Seconds that are compared on each side of the seam."""

LEAST_CONTEXT_S = 0.5
"""Seconds to compare (all sides together) below which a likeness counts for proportionally less."""

POOLED_HOPS = 4
MAP_FRAMES = 1800
"""Number of frames that the map has at most: it joins four hops (46 ms) to a frame, and more in long sounds.

So its memory stays bounded: four minutes are mapped at 0.14 s, an hour at 2 s.
"""

_LEAST_OVERLAP = 0.25
_ROWS = 64  # of pairs that are computed at a time: what fits in a core's cache
_MEL_SHARE = 0.7
_LEAST_MEL_SPREAD_DB = 1.0
_LEAST_CHROMA_SPREAD = 0.05
_FULL_LEVEL_DB = 15.0  # above the floor: from here on a frame counts fully
_LEAST_WEIGHT = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Ear:
    """An ear puts frames of one clip on a scale where two unrelated moments are at a mean squared distance of 1.

    The distance joins log-mel bands (timbre, rhythm) and chroma (harmony), each divided by twice its variance over the
    clip, which is its expectation for two moments picked at random.
    """

    mel_scale: float
    chroma_scale: float

    @classmethod
    def of(cls, frames: Frames) -> Ear:
        """Return the scale that fits a clip's ``frames``; a clip that hardly varies is not blown up."""
        n_mels = frames.mel_db.shape[1]
        mel_spread = max(float(frames.mel_db.var(axis=0).sum()), n_mels * _LEAST_MEL_SPREAD_DB**2)
        chroma_spread = max(float(frames.chroma.var(axis=0).sum()), _LEAST_CHROMA_SPREAD**2)
        return cls((_MEL_SHARE / (2 * mel_spread)) ** 0.5, ((1 - _MEL_SHARE) / (2 * chroma_spread)) ** 0.5)

    def vectors(self, frames: Frames) -> FloatArray:
        """Return frames as vectors whose squared distances are relative to chance, shape ``(n_frames, 52)``."""
        return np.hstack(
            [frames.mel_db * np.float32(self.mel_scale), frames.chroma * np.float32(self.chroma_scale)]
        ).astype(np.float32)


def weights(frames: Frames) -> FloatArray:
    """Return how much each frame counts: 1 where it sounds, 0.1 where it is silent, shape ``(n_frames,)``.

    Silence is like silence, yet a seam in it tells nothing of the music.
    """
    level = frames.mel_db.max(axis=1) - np.float32(FLOOR_DB)
    out: FloatArray = np.clip(level / np.float32(_FULL_LEVEL_DB), _LEAST_WEIGHT, 1.0)
    return out


def likeness(ear: Ear, one: Frames, other: Frames, least: float = 0.0) -> float:
    """Return the mean likeness over frames: 1 for the same sound, 0 (or less, to -1) for unrelated moments.

    A frame counts as much as it sounds (``weights``); where all together count for less than ``least`` frames, the
    mean is as much nearer to 0.
    """
    distance = ((ear.vectors(one) - ear.vectors(other)) ** 2).sum(axis=1)
    alike = np.maximum(1.0 - distance, -1.0)
    heard = np.maximum(weights(one), weights(other))
    heard = np.where(alike > 0, heard, 1.0)
    return float((alike * heard).sum()) / max(float(heard.sum()), least, 1e-9)


@dataclass(frozen=True, eq=False, slots=True)
class SeamMap:
    """A seam map holds the likeness around the seam for every start and every length.

    Attributes
    ----------
    alike
        Shape ``(n_starts, n_lags)``: row ``t`` is a loop start at ``t`` map frames, column ``j`` a loop of
        ``first_lag + j`` map frames. In [-1, 1]; ``-inf`` where the loop would leave the clip.
    throughout
        Mean likeness of all that lies a lag apart, wherever, shape ``(n_lags,)``, in [-1, 1]; of lags that leave less
        than a quarter of the sound to compare, proportionally less.
    hop_length
        Samples per map frame.
    """

    alike: FloatArray
    throughout: FloatArray
    first_lag: int
    hop_length: int

    def column(self, n_samples: float) -> int:
        """Return the column of the lag nearest to ``n_samples``, kept within the map."""
        column = round(n_samples / self.hop_length) - self.first_lag
        return min(max(column, 0), int(self.alike.shape[1]) - 1)


def seam_map(listener: Listener, ear: Ear, shortest_samples: int, longest_samples: int) -> SeamMap:
    """Compare, for all loops at once, what follows their start with what follows their end, and what precedes both.

    Matrix products give every pair of moments; read along its diagonals (a time-lag matrix: Goto, "A chorus-section
    detecting method", ICASSP 2003) and averaged over ``CONTEXT_S`` either side of the seam, it scores every loop.
    """
    pooled = max(POOLED_HOPS, -(-listener.whole.mel_db.shape[0] // MAP_FRAMES))
    hop = listener.hop_length * pooled
    vectors = _pooled(ear.vectors(listener.whole), pooled)
    loud = _pooled(weights(listener.whole)[:, None], pooled)[:, 0]
    n = vectors.shape[0]
    first_lag = min(max(1, shortest_samples // hop), n)
    last_lag = min(n, max(first_lag, -(-longest_samples // hop)))
    n_lags = last_lag - first_lag + 1
    per_s = listener.sample_rate / hop
    context, least = max(1, round(CONTEXT_S * per_s)), max(1.0, LEAST_CONTEXT_S * per_s)
    if listener.wraps:  # beyond the clip's end lies its start
        context = min(context, n)
        vectors, loud = (np.concatenate([rows, rows[:last_lag]]) for rows in (vectors, loud))
    sums = _sums_along_diagonals(vectors, loud, n, first_lag, last_lag)
    lags = np.arange(first_lag, last_lag + 1)
    alike = np.full((n + 1, n_lags), -np.inf, dtype=np.float32)
    for top in range(0, n + 1, _ROWS):
        starts = np.arange(top, min(top + _ROWS, n + 1))
        firsts, lasts = np.maximum(starts - context, 0), np.minimum(starts + context, n)
        # Of loops that leave the clip from the first of these starts nothing is computed.
        n_inside, n_all, n_full = (
            min(max(n - at - first_lag + 1, 0), n_lags) for at in (top, int(starts[-1]), int(lasts[-1]))
        )
        rows = alike[starts[0] : starts[-1] + 1, :n_inside]
        np.subtract(sums[lasts, :n_inside], sums[firsts, :n_inside], out=rows)
        if listener.wraps:
            # What lies round the ends, where the context leaves the clip.
            rows += sums[n, :n_inside] - sums[n + np.minimum(starts - context, 0), :n_inside]
            rows += sums[np.maximum(starts + context - n, 0), :n_inside]
            rows *= np.float32(1.0 / (2 * context))
        else:
            # Of longer loops than the first ones less than the context fits before the end.
            rows[:, :n_full] /= np.maximum(lasts - firsts, least).astype(np.float32)[:, None]
            fits = np.minimum(lasts[:, None], n - lags[n_full:n_inside]) - firsts[:, None]
            rows[:, n_full:] /= np.maximum(fits, least).astype(np.float32)
        rows[:, n_all:][starts[:, None] + lags[n_all:n_inside] > n] = -np.inf
    pairs_of = n if listener.wraps else np.maximum(n - lags, max(2 * least, _LEAST_OVERLAP * n))
    return SeamMap(alike, (sums[n] / pairs_of).astype(np.float32), first_lag, hop)


def _sums_along_diagonals(vectors: FloatArray, loud: FloatArray, n: int, first_lag: int, last_lag: int) -> FloatArray:
    """Return, in row ``t`` for each lag, the summed likenesses of the frames before ``t`` with those a lag later.

    Shape ``(n + 1, last_lag - first_lag + 1)``; where there is no later frame nothing is added.
    """
    sums = np.zeros((n + 1, last_lag - first_lag + 1), dtype=np.float32)
    norms = (vectors**2).sum(axis=1) - np.float32(0.5)
    uneven = bool(loud.min() < 1.0)
    n_lags = sums.shape[1]
    for top in range(0, n, _ROWS):
        rows = slice(top, min(top + _ROWS, n))
        later = slice(top + first_lag, min(rows.stop + last_lag, vectors.shape[0]))
        pairs = np.zeros((rows.stop - top, rows.stop - top + n_lags), dtype=np.float32)
        known = pairs[:, : max(0, later.stop - later.start)]
        np.matmul(vectors[rows] * np.float32(2.0), vectors[later].T, out=known)
        known -= norms[rows, None]
        known -= norms[None, later]
        np.maximum(known, np.float32(-1.0), out=known)
        if uneven:
            known *= np.where(known > 0, np.maximum(loud[rows, None], loud[None, later]), np.float32(1.0))
        for row in range(rows.stop - top):
            np.add(sums[top + row], pairs[row, row : row + n_lags], out=sums[top + row + 1])
    return sums


def score_map(seams: SeamMap, n_samples: int, size: int, *, goes_round: bool) -> ScoreMap:
    """Return the seam map by start and end, at most ``size`` cells wide; each cell holds its best loop's likeness.

    The whole of a sound that goes round is the most like itself, though its map may not reach round its end.
    """
    n_frames, n_lags = seams.alike.shape[0] - 1, seams.alike.shape[1]
    n_cells = max(1, min(size, n_frames))
    scores = np.full((n_cells, n_cells), np.nan, dtype=np.float32)
    cell_of = np.minimum(np.arange(n_frames + 1) * n_cells // max(1, n_frames), n_cells - 1)
    for start in range(n_frames + 1):
        ends = np.arange(start + seams.first_lag, min(start + seams.first_lag + n_lags, n_frames + 1))
        if ends.size == 0:
            break
        columns = cell_of[ends]
        firsts = np.flatnonzero(np.diff(columns, prepend=-1))
        best = np.maximum.reduceat(np.clip(seams.alike[start, : ends.size], 0.0, 1.0), firsts)
        row = scores[cell_of[start]]
        row[columns[firsts]] = np.fmax(row[columns[firsts]], best)
    if goes_round:
        scores[0, -1] = 1.0
    return ScoreMap(scores, n_samples / n_cells)


def _pooled(rows: FloatArray, n_pooled: int) -> FloatArray:
    """Return means of ``n_pooled`` rows at a time; a last, incomplete group is left out (but for a single one)."""
    n = max(1, rows.shape[0] // n_pooled)
    pooled: FloatArray = rows[: n * n_pooled].reshape(n, -1, rows.shape[1]).mean(axis=1)
    return pooled
