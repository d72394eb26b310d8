# SPDX-License-Identifier: GPL-3.0-or-later
"""This module mixes a sound with more channels than are played down to those that are."""

from __future__ import annotations

import math

import numpy as np

from engine.values import FloatArray

PLAYED_CHANNELS = 2
"""Number of channels that are played."""

_SURROUND = {6: (0, 1, 2, None, 0, 1), 8: (0, 1, 2, None, 0, 1, 0, 1)}
"""Sides by channel in the order of WAVE and FLAC: left (0), right (1), both (2), None for the bass effects."""


def mix_down(samples: FloatArray) -> FloatArray:
    """Return at most two channels of ``samples`` ``(n_samples, n_channels)``, within [-1, 1] if those are.

    5.1 and 7.1 are folded as ITU-R BS.775 says, without the bass effects, and scaled to leave no room for clipping;
    any other number of channels, whose places nobody tells, becomes their mean.
    """
    n_channels = samples.shape[1]
    if n_channels <= PLAYED_CHANNELS:
        return samples
    if n_channels not in _SURROUND:
        mean: FloatArray = samples.mean(axis=1, keepdims=True, dtype=np.float32)
        return mean
    gains = np.zeros((n_channels, PLAYED_CHANNELS), np.float32)
    for channel, side in enumerate(_SURROUND[n_channels]):
        if side is not None:
            gains[channel, [side] if side < PLAYED_CHANNELS else [0, 1]] = 1.0 if channel < 2 else math.sqrt(0.5)
    # Not a matrix product, whose rounding knows how many samples there are.
    folded: FloatArray = np.einsum("nc,cs->ns", samples, gains / gains.sum(axis=0))
    return folded


def two_channels(samples: FloatArray) -> FloatArray:
    """Return samples in two channels: one is doubled, more than two are mixed down."""
    mixed = mix_down(samples)
    return np.repeat(mixed, PLAYED_CHANNELS, axis=1) if mixed.shape[1] < PLAYED_CHANNELS else mixed
