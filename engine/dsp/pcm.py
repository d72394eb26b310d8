# SPDX-License-Identifier: GPL-3.0-or-later
"""This module converts between floats and steps of 24 bits, which our files hold, and of 16 bits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.values import ByteArray, FloatArray

PCM16_STEPS = 2**15
PCM24_STEPS = 2**23
"""Number of 24-bit steps from silence to full scale."""
PCM24_BYTES = 3


def to_pcm16(samples: FloatArray) -> npt.NDArray[np.int16]:
    """Return the nearest 16-bit steps of float samples, held within [-1, 1); the shape is kept.

    Without dither: what came from 16 bits goes back to the very same ones.
    """
    steps = np.rint(samples.astype(np.float64) * PCM16_STEPS)
    return np.clip(steps, -PCM16_STEPS, PCM16_STEPS - 1).astype(np.int16)


def to_pcm24(samples: FloatArray) -> npt.NDArray[np.int32]:
    """Return the nearest 24-bit steps of float samples, in the upper bits of int32, within [-1, 1); same shape.

    Not left to libsndfile, which writes floats times ``2**23 - 1`` and reads them over ``2**23``: a step off near
    the top.
    """
    steps = np.rint(samples.astype(np.float64) * PCM24_STEPS)
    return np.clip(steps, -PCM24_STEPS, PCM24_STEPS - 1).astype(np.int32) << 8


def pack_pcm24(samples: FloatArray) -> ByteArray:
    """Return float samples as packed little-endian 24-bit steps, shape ``(PCM24_BYTES * samples.size,)``."""
    wide = to_pcm24(samples).astype("<i4", order="C").reshape(-1).view(np.uint8)
    return wide.reshape(-1, 4)[:, 1:].reshape(-1)


def unpack_pcm24(packed: bytes, n_channels: int) -> FloatArray:
    """Undo ``pack_pcm24`` to half a step: float32, shape ``(n_samples, n_channels)``, in [-1, 1)."""
    wide = np.zeros((len(packed) // PCM24_BYTES, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(packed, dtype=np.uint8).reshape(-1, PCM24_BYTES)
    # Exact: 24 bits fit in a float's 24.
    samples: FloatArray = wide.view("<i4").astype(np.float32) / np.float32(2**31)
    return samples.reshape(-1, n_channels)
