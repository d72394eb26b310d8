# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves at a whole fraction of their rate, by matrix products: what is heard needs no resampler's last decibel."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.dsp.banks import Waves
from engine.values import FloatArray

REACH = 12
"""So many samples of the result, on either side, a sample of it looks around."""

CUTOFF = 0.93
"""Where the filter has half the amplitude, over the result's Nyquist frequency. Below 0.79 it is flat; what it lets
pass beyond 1.07 is 50 dB down, so that nothing is folded below 0.93."""

_KAISER_BETA = 4.55  # 50 dB: Kaiser, "Nonrecursive digital filter design using the I0-sinh window", ISCAS 1974
_ROWS = 256  # blocks that are multiplied at a time: what fits in a core's cache


def decimated(waves: Waves, divisor: int) -> Waves:
    """Every ``divisor``-th of ``waves``, band-limited, without those near the ends.

    Parameters
    ----------
    waves
        Shape ``(n_samples, n_pairs)``, float32 or complex64.

    Returns
    -------
    Of the same kind, shape ``(max(0, n_samples // divisor - 2 * REACH + 1), n_pairs)``: sample ``i`` has the place of
    ``waves[(i + REACH) * divisor]``.
    """
    n = max(0, waves.shape[0] // divisor - 2 * REACH + 1)
    if divisor == 1:
        return waves[REACH : REACH + n]
    if waves.shape[1] == 1:
        return _one_decimated(np.ascontiguousarray(waves[:, 0]), divisor, n)[:, None]
    out: Waves = np.empty((n, waves.shape[1]), dtype=waves.dtype)
    for pair in range(waves.shape[1]):
        out[:, pair] = _one_decimated(np.ascontiguousarray(waves[:, pair]), divisor, n)
    return out


def _one_decimated(wave: Waves, divisor: int, n: int) -> Waves:
    """One pair's: each block of the result is what two neighbouring blocks of the wave give, a product for each."""
    n_parts = 2 if wave.dtype == np.complex64 else 1
    of_first, of_second = _filters(divisor, n_parts)
    block = 2 * REACH * divisor
    out: FloatArray = np.empty((-(-n // (2 * REACH)), of_first.shape[1]), dtype=np.float32)
    n_whole = max(0, min(wave.shape[0] // block - 1, out.shape[0]))
    _multiplied(wave[: (n_whole + 1) * block].view(np.float32), of_first, of_second, out[:n_whole])
    rest = wave[n_whole * block :]
    n_rest = out.shape[0] - n_whole
    if n_rest:
        rest = np.pad(rest, (0, max(0, (n_rest + 1) * block - rest.size)))[: (n_rest + 1) * block]
        _multiplied(rest.view(np.float32), of_first, of_second, out[n_whole:])
    decimated_wave: Waves = out.ravel().view(wave.dtype)[:n]
    return decimated_wave


def _multiplied(parts: FloatArray, of_first: FloatArray, of_second: FloatArray, out: FloatArray) -> None:
    n = out.shape[0]
    blocks = parts[: (n + 1) * of_first.shape[0]].reshape(n + 1, -1) if n else parts[:0]
    beside = np.empty((min(n, _ROWS), out.shape[1]), dtype=np.float32)
    for row in range(0, n, _ROWS):
        until = min(row + _ROWS, n)
        np.matmul(blocks[row:until], of_first, out=out[row:until])
        np.matmul(blocks[row + 1 : until + 1], of_second, out=beside[: until - row])
        out[row:until] += beside[: until - row]


@lru_cache(maxsize=16)
def _filters(divisor: int, n_parts: int) -> tuple[FloatArray, FloatArray]:
    """What a block of the result takes from two blocks of the wave, shape ``(2 * REACH * divisor * n_parts, …)``."""
    reach = REACH * divisor
    places = np.arange(1 - reach, reach)
    taps = np.sinc(places * CUTOFF / divisor) * np.kaiser(places.size, _KAISER_BETA)
    taps /= taps.sum()
    whole = np.zeros((4 * reach, 2 * REACH))
    for column in range(2 * REACH):
        whole[1 + column * divisor :][: taps.size, column] = taps
    joint = np.kron(whole, np.eye(n_parts)).astype(np.float32)
    half = joint.shape[0] // 2
    return np.ascontiguousarray(joint[:half]), np.ascontiguousarray(joint[half:])
