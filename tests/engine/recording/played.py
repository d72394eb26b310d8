# SPDX-License-Identifier: GPL-3.0-or-later
"""This music to record has frames that are all unlike, and known by their number."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from engine.dsp.pcm import PCM24_STEPS
from engine.values import FloatArray

Steps = npt.NDArray[np.int32]


def frames(first: int, end: int) -> FloatArray:
    """Return frames ``[first, end)``, ``(end - first, 2)``, in [-0.9, 0.9]: noise that can be made in any part."""
    bits = (np.arange(2 * first, 2 * end, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    unit = (bits >> np.uint64(40)).astype(np.float64) / 2.0**24
    made: FloatArray = (1.8 * unit - 0.9).astype(np.float32).reshape(-1, 2)
    return made


def steps(samples: FloatArray) -> Steps:
    """Return the nearest 24-bit steps, by NumPy's own rounding."""
    return np.rint(samples.astype(np.float64) * PCM24_STEPS).astype(np.int32)


def decoded(path: Path) -> Steps:
    """Return a FLAC file's 24-bit steps, by libsndfile."""
    samples, _ = soundfile.read(path, dtype="int32", always_2d=True)
    return np.asarray(samples >> 8, dtype=np.int32)


def decoded_by_sox(path: Path) -> Steps:
    """Return a FLAC file's steps by SoX, which must find nothing to say of the file."""
    words: Sequence[str] = ["sox", str(path), "-t", "wav", "-b", "24", "-"]
    done = subprocess.run(words, capture_output=True, check=True)
    assert done.stderr == b"", done.stderr
    samples, _ = soundfile.read(io.BytesIO(done.stdout), dtype="int32", always_2d=True)
    return np.asarray(samples >> 8, dtype=np.int32)
