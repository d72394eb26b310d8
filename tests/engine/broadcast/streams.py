# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds that the tests of the radio put on the tape, and how they hear what became of them."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np

from engine.values import FloatArray

RATE = 44_100


def tone(seconds: float, hz: float = 440.0, *, level: float = 0.3, begin: int = 0) -> FloatArray:
    """Return a stereo tone, its right channel a fifth higher, that goes on from sample ``begin`` of itself."""
    times = (np.arange(round(seconds * RATE)) + begin) / RATE
    both = np.stack([np.sin(2 * np.pi * hz * times), np.sin(3 * np.pi * hz * times)], axis=1)
    return (level * both).astype(np.float32)


def decoded(content: bytes) -> tuple[FloatArray, int]:
    """Return a stream's sound, float32 of shape ``(n_samples, 2)``, and its rate, as any player decodes it."""
    parts: list[Any] = []
    with av.open(io.BytesIO(content), "r") as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        for frame in container.decode(stream):
            parts += [one.to_ndarray() for one in resampler.resample(frame)]
        rate = int(stream.rate)
    return np.concatenate(parts, axis=1).T.astype(np.float32), rate


def level_of(samples: FloatArray, rate: int, hz: float) -> float:
    """Return the amplitude of a tone in mono samples."""
    times = np.arange(len(samples)) / rate
    window = np.hanning(len(samples))
    return float(2.0 * abs(np.sum(samples * window * np.exp(-2j * np.pi * hz * times))) / window.sum())
