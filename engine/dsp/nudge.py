# SPDX-License-Identifier: GPL-3.0-or-later
"""A nudge makes a loop a sample or two longer or shorter by playing its last moment a hair slower or faster.

To leave out or repeat a sample would be a step that a tone shows; over 23 ms the same is a change of pitch of 2 cents.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.dsp.seam import cyclic
from engine.values import FloatArray

NUDGE_SAMPLES = 1024
"""Length of the moment, samples: a loop that is shorter is nudged as a whole."""

_HALF_TAPS = 16
_KAISER_BETA = 9.0


def nudged_end(samples: FloatArray, n_samples: int) -> FloatArray:
    """Return the last moment of a loop that is to be ``n_samples`` long, and goes on with its own first sample.

    Parameters
    ----------
    samples
        The loop, shape ``(n_loop_samples, n_channels)``; a few samples longer or shorter than ``n_samples``.

    Returns
    -------
    FloatArray
        Shape ``(min(n_samples, NUDGE_SAMPLES), n_channels)``: what follows ``samples[:n_samples - its length]``.
        Read between samples by a windowed sinc (Kaiser, 32 taps): below 0.8 of Nyquist within -80 dB.
    """
    n_out = min(n_samples, NUDGE_SAMPLES)
    first = n_samples - n_out
    places = np.arange(n_out) * ((len(samples) - first) / n_out)
    source = cyclic(samples, first - _HALF_TAPS, len(samples) - first + 2 * _HALF_TAPS).astype(np.float64)
    whole = np.floor(places).astype(np.int64)
    taps = np.arange(1 - _HALF_TAPS, _HALF_TAPS + 1)
    distances = (places - whole)[:, None] - taps[None, :]
    weights = np.sinc(distances) * _kaiser(distances)
    weights /= weights.sum(axis=1, keepdims=True)
    picked = source[whole[:, None] + taps[None, :] + _HALF_TAPS]
    out: FloatArray = np.einsum("nt,ntc->nc", weights, picked).astype(np.float32)
    return out


def _kaiser(distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    inside = np.clip(1.0 - (distances / _HALF_TAPS) ** 2, 0.0, 1.0)
    window: npt.NDArray[np.float64] = np.i0(_KAISER_BETA * np.sqrt(inside)) / np.i0(_KAISER_BETA)
    return window
