# SPDX-License-Identifier: GPL-3.0-or-later
"""Harmony is heard beat by beat: which major or minor chord sounds, and in which key all of them are.

What a chord looks like in chroma, among what is before and after it, has been learnt from pieces whose chords are known
(``tests/benchmarks/heardcases``), for one root: it is the same for all twelve. A hidden Markov model smooths over the
beats (Sheh and Ellis, "Chord segmentation and recognition using EM-trained hidden Markov models", ISMIR 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from engine.dsp.keynames import key_name, tonic_name
from engine.values import FloatArray
from engine.values.guide import NO_CHORD

DoubleArray = npt.NDArray[np.float64]
Chords = npt.NDArray[np.intp]
"""A chord for each beat: the root from C, 12 more where it is minor; -1 is none."""

CONTEXT = 2
"""Number of beats before, and after, one that say which chord it has."""
STAYS = 0.4
"""Probability that a beat has the chord of the beat before, before anything was heard."""
LEAST_SURE = 0.3
"""Mean probability of the likeliest chords below which a piece has no chords that could be told."""
N_CHORDS = 24
WEIGHTS_FILE = Path(__file__).resolve().parents[2] / "resources" / "listening" / "harmony.npz"
_ROTATED = (np.arange(12)[None, :] + np.arange(12)[:, None]) % 12


@dataclass(frozen=True, eq=False, slots=True)
class HarmonyNetwork:
    """A harmony network holds its weights: layers of a chord's, each a matrix and a bias, and those of a key's."""

    layers: tuple[tuple[FloatArray, FloatArray], ...]
    key: FloatArray

    def chords(self, chroma: DoubleArray) -> DoubleArray:
        """Return the log probability of each chord at each beat, ``(n_beats, N_CHORDS)``, from ``(n_beats, 12)``."""
        n = len(chroma)
        padded = np.pad(_unit(chroma).astype(np.float32), ((CONTEXT, CONTEXT), (0, 0)), mode="edge")
        around = np.stack([padded[step : step + n] for step in range(2 * CONTEXT + 1)], axis=1)
        hidden = around[:, :, _ROTATED].transpose(0, 2, 1, 3).reshape(n, 12, -1)
        for number, (weights, bias) in enumerate(self.layers):
            hidden = hidden @ weights + bias
            if number < len(self.layers) - 1:
                hidden = np.maximum(hidden, 0.0)
        odds = np.concatenate([hidden[:, :, 0], hidden[:, :, 1]], axis=1).astype(np.float64)
        odds -= odds.max(axis=1, keepdims=True)
        out: DoubleArray = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
        return out

    def key_of(self, chroma: DoubleArray, chords: Chords) -> str:
        """Return the key of a piece, from the chroma of its beats and their chords."""
        tonic, mode = np.unravel_index(int((key_features(chroma, chords) @ self.key).argmax()), (12, 2))
        return key_name(int(tonic), is_minor=mode == 1)

    def arrays(self) -> dict[str, FloatArray]:
        """Return the weights by their names in a file."""
        out = {"key": self.key}
        for number, (weights, bias) in enumerate(self.layers):
            out |= {f"weights{number}": weights, f"bias{number}": bias}
        return {name: one.astype(np.float16) for name, one in out.items()}

    @classmethod
    def of(cls, arrays: dict[str, FloatArray]) -> Self:
        """Return the inverse of ``arrays``. Raises KeyError where one is missing."""
        plain = {name: np.asarray(one, dtype=np.float32) for name, one in arrays.items()}
        n_layers = sum(name.startswith("weights") for name in plain)
        layers = tuple((plain[f"weights{number}"], plain[f"bias{number}"]) for number in range(n_layers))
        return cls(layers, plain["key"])


@lru_cache(maxsize=1)
def harmony_network() -> HarmonyNetwork:
    """Return the network that the studio is shipped with."""
    with np.load(WEIGHTS_FILE) as arrays:
        return HarmonyNetwork.of(dict(arrays))


def chroma_of_beats(chroma: FloatArray, edges: npt.NDArray[np.intp]) -> DoubleArray:
    """Return the mean of frames' chroma ``(n_frames, 12)`` within each beat, ``(len(edges) - 1, 12)``."""
    summed = np.concatenate([np.zeros((1, 12)), np.cumsum(chroma, axis=0, dtype=np.float64)])
    lengths = np.maximum(1, np.diff(edges))[:, None]
    out: DoubleArray = (summed[edges[1:]] - summed[edges[:-1]]) / lengths
    return out


def smoothed(log_probabilities: DoubleArray) -> Chords:
    """Return the likeliest chords of the beats, where one likes to stay."""
    n, states = log_probabilities.shape
    moves = np.full((states, states), np.log((1.0 - STAYS) / (states - 1)))
    np.fill_diagonal(moves, np.log(STAYS))
    total, came = log_probabilities[0].copy(), np.zeros((n, states), dtype=np.intp)
    for beat in range(1, n):
        options = total[:, None] + moves
        came[beat] = options.argmax(axis=0)
        total = options.max(axis=0) + log_probabilities[beat]
    path = np.empty(n, dtype=np.intp)
    path[-1] = int(total.argmax())
    for beat in range(n - 1, 0, -1):
        path[beat - 1] = came[beat, path[beat]]
    return path


def chord_name(chord: int) -> str:
    """Return the name of a chord, as "F#m", or ``NO_CHORD``."""
    if chord < 0:
        return NO_CHORD
    is_minor = chord >= 12
    return tonic_name(chord % 12, is_minor=is_minor) + ("m" if is_minor else "")


def key_features(chroma: DoubleArray, chords: Chords) -> DoubleArray:
    """Return what tells a key, for each tonic it may have: ``(12, 60)``, counted from that tonic on.

    The mean chroma, how long each chord lasts, and which ones the piece begins and ends with.
    """
    known = chords[chords >= 0]
    lasts, ends = np.zeros(N_CHORDS), np.zeros(N_CHORDS)
    if known.size:
        lasts = np.bincount(known, minlength=N_CHORDS) / known.size
        ends[known[0]] += 0.5
        ends[known[-1]] += 0.5
    heard = _unit(chroma.mean(axis=0)[None])[0]
    rows = [heard, lasts[:12], lasts[12:], ends[:12], ends[12:]]
    out: DoubleArray = np.concatenate([row[_ROTATED] for row in rows], axis=1)
    return out


def _unit(rows: DoubleArray) -> DoubleArray:
    out: DoubleArray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return out
