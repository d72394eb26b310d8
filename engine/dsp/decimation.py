# SPDX-License-Identifier: GPL-3.0-or-later
"""This module brings waves to a whole fraction of their rate by matrix products, faster and less exact than soxr."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.dsp.banks import Waves
from engine.values import FloatArray

REACH = 12
"""Number of the result's samples, on either side, that one sample of the result depends on."""

CUTOFF = 0.93
"""Frequency at which the filter has half the amplitude, as a share of the result's Nyquist frequency.

Below 0.79 it is flat; what it lets pass beyond 1.07 is 50 dB down, so that nothing is folded below 0.93.
"""

_KAISER_BETA = 4.55  # 50 dB: Kaiser, "Nonrecursive digital filter design using the I0-sinh window", ISCAS 1974
_ROWS = 512  # blocks that are multiplied at a time: what fits in a core's cache


def decimated(waves: Waves, divisor: int) -> Waves:
    """Return every ``divisor``-th sample of ``waves``, band-limited, without the samples near the ends.

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
    """Decimate one pair: each block of the result is the sum of two products, one for each of two neighbouring blocks.

    The channels are taken apart before: as neighbours each product would be with as many zeros as filter taps.
    """
    n_parts = 2 if wave.dtype == np.complex64 else 1
    of_first, of_second = _filters(divisor)
    block, n_out = of_first.shape
    n_blocks = -(-n // n_out)
    parts = wave.view(np.float32).reshape(-1, n_parts).T
    out: FloatArray = np.empty((n_blocks, n_out, n_parts), dtype=np.float32)
    rows = min(n_blocks, _ROWS)
    apart = np.empty((n_parts, (rows + 1) * block), dtype=np.float32)
    first, second = np.empty((2, n_parts, rows, n_out), dtype=np.float32)
    for row in range(0, n_blocks, _ROWS):
        n_rows = min(rows, n_blocks - row)
        length = n_rows * block
        piece = parts[:, row * block : row * block + length + block]
        apart[:, : piece.shape[1]] = piece
        apart[:, piece.shape[1] :] = 0.0
        np.matmul(apart[:, :length].reshape(n_parts, -1, block), of_first, out=first[:, :n_rows])
        np.matmul(apart[:, block : length + block].reshape(n_parts, -1, block), of_second, out=second[:, :n_rows])
        for part in range(n_parts):
            np.add(first[part, :n_rows], second[part, :n_rows], out=out[row : row + n_rows, :, part])
    decimated_wave: Waves = out.ravel().view(wave.dtype)[:n]
    return decimated_wave


@lru_cache(maxsize=16)
def _filters(divisor: int) -> tuple[FloatArray, FloatArray]:
    """Return the matrices from two wave blocks to one block of the result, ``(2 * REACH * divisor, 2 * REACH)``."""
    reach = REACH * divisor
    places = np.arange(1 - reach, reach)
    taps = np.sinc(places * CUTOFF / divisor) * np.kaiser(places.size, _KAISER_BETA)
    taps /= taps.sum()
    whole = np.zeros((4 * reach, 2 * REACH))
    for column in range(2 * REACH):
        whole[1 + column * divisor :][: taps.size, column] = taps
    of_both = whole.astype(np.float32)
    return of_both[: 2 * reach], of_both[2 * reach :]
