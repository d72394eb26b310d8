# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lays a part that was painted anew into the sound that it is for, and leaves the rest as it is."""

from __future__ import annotations

import numpy as np

from engine.values import FloatArray

_AROUND = 1.0  # the music before and after the part by which its level is fitted, in lengths of the part
_LOUDEST, _QUIETEST = 4.0, 0.25  # gains beyond are no difference of level but another music


def patched(sound: FloatArray, painted: FloatArray, start: int, end: int, fade: int) -> FloatArray:
    """Return ``sound`` with ``[start, end)`` of ``painted`` in its place, every other sample untouched.

    Parameters
    ----------
    sound, painted
        float32, shape ``(n_samples, n_channels)``, the same for both. What surrounds the part is the same music in
        both, as a model renders it in ``painted``: by that the level of the part is fitted.
    start, end
        Samples. At an end of the sound the part has no fade.
    fade
        Samples of the crossfade within the part at either end, at most half of it. Both sides of it are the same music
        there, so their gains sum to 1.
    """
    if sound.shape != painted.shape or not 0 <= start < end <= len(sound):
        raise ValueError(f"[{start}, {end}) of {painted.shape} does not fit into {sound.shape}")
    weight = np.ones(end - start, dtype=np.float32)
    n = min(fade, (end - start) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(n) + 0.5) / max(n, 1))).astype(np.float32)
    if start > 0:
        weight[:n] = ramp
    if end < len(sound):
        weight[len(weight) - n :] = ramp[::-1]
    out = sound.copy()
    part = _gain(sound, painted, start, end) * painted[start:end]
    out[start:end] += weight[:, None] * (part - out[start:end])
    return out


def _gain(sound: FloatArray, painted: FloatArray, start: int, end: int) -> np.float32:
    """Return by what ``painted`` is as loud as ``sound`` around the part; 1 where that cannot be told."""
    near = round(_AROUND * (end - start))
    sides = (slice(max(0, start - near), start), slice(end, end + near))
    ours = sum(float(np.square(sound[one], dtype=np.float64).sum()) for one in sides)
    theirs = sum(float(np.square(painted[one], dtype=np.float64).sum()) for one in sides)
    if ours <= 0.0 or theirs <= 0.0:
        return np.float32(1.0)
    return np.float32(min(max((ours / theirs) ** 0.5, _QUIETEST), _LOUDEST))
