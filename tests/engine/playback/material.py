# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes sounds with known properties to play."""

from __future__ import annotations

import numpy as np

from engine.values import BakedLoop, Clip, FloatArray, LoopRegion

RATE = 44_100


def noise(n_samples: int, *, seed: int = 0, n_channels: int = 2, level: float = 0.15) -> FloatArray:
    generator = np.random.default_rng(seed)
    return (level * generator.standard_normal((n_samples, n_channels))).astype(np.float32)


def tone(n_samples: int, *, turns: float, level: float = 0.4) -> FloatArray:
    """Return a stereo sine that has ``turns`` periods in ``n_samples``: periodic to the sample where they are whole."""
    phase = 2.0 * np.pi * turns * np.arange(n_samples) / n_samples
    return (level * np.stack([np.sin(phase), np.cos(phase)], axis=1)).astype(np.float32)


def loop_of(samples: FloatArray, *, sample_rate: int = RATE, loop_start: int = 0) -> BakedLoop:
    """Return ``samples`` as a baked loop of a clip that has them at ``loop_start``."""
    return BakedLoop(samples, sample_rate, LoopRegion(loop_start, loop_start + len(samples)), 0, 0.0)


def clip_of(samples: FloatArray, *, wraps: bool = False) -> Clip:
    return Clip(samples, RATE, wraps)


def rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def largest_step(samples: FloatArray) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())
