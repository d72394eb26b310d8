# SPDX-License-Identifier: GPL-3.0-or-later
"""The peak pyramid holds a clip's extremes at halving resolutions, so that any zoom draws the same few points."""

from __future__ import annotations

import numpy as np

from engine.values import Clip, FloatArray, PeakPyramid, read_only

BASE_BIN_SAMPLES = 64
"""Bin width of level 0 in samples; at deeper zooms the samples themselves are drawn."""

FEWEST_BINS = 32
"""Number of bins that the coarsest level has at most."""

_CHUNK_BINS = 8192  # keeps the mixed-down chunk in the processor's cache


def peak_pyramid(clip: Clip) -> PeakPyramid:
    """Return the minimum and maximum of the clip's mono mix per bin, at halving resolutions.

    Every level is exact: bin ``i`` of level ``k`` holds the extremes of samples
    ``[i * width, min((i + 1) * width, n_samples))``, where ``width = BASE_BIN_SAMPLES * 2**k``.
    """
    level = _base_level(clip)
    levels = [read_only(level)]
    while level.shape[0] > FEWEST_BINS:
        level = _halved(level)
        levels.append(read_only(level))
    return PeakPyramid(tuple(levels), BASE_BIN_SAMPLES, clip.n_samples, clip.sample_rate)


def _base_level(clip: Clip) -> FloatArray:
    width = BASE_BIN_SAMPLES
    n_bins = -(-clip.n_samples // width)
    level = np.empty((n_bins, 2), dtype=np.float32)
    for first in range(0, n_bins, _CHUNK_BINS):
        last = min(first + _CHUNK_BINS, n_bins)
        mono = mono_mix(clip.samples[first * width : last * width])
        n_missing = (last - first) * width - mono.size
        if n_missing:  # the last bin is narrower: repeating its last sample leaves its extremes as they are
            mono = np.concatenate([mono, np.full(n_missing, mono[-1], dtype=np.float32)])
        bins = np.ascontiguousarray(mono.reshape(last - first, width).T)
        level[first:last, 0] = bins.min(axis=0)
        level[first:last, 1] = bins.max(axis=0)
    return level


def _halved(level: FloatArray) -> FloatArray:
    if level.shape[0] % 2:
        level = np.concatenate([level, level[-1:]])
    pairs = level.reshape(-1, 2, 2)
    return np.stack([pairs[:, :, 0].min(axis=1), pairs[:, :, 1].max(axis=1)], axis=1)


def mono_mix(samples: FloatArray) -> FloatArray:
    """Return the mean of the channels: ``(n_samples, n_channels)`` to ``(n_samples,)``, float32."""
    if samples.shape[1] == 1:
        return samples[:, 0]
    # Adding columns is several times faster than a mean along the short axis.
    mix = samples[:, 0].copy()
    for channel in range(1, samples.shape[1]):
        mix += samples[:, channel]
    mix *= np.float32(1.0 / samples.shape[1])
    return mix
