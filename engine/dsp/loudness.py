# SPDX-License-Identifier: GPL-3.0-or-later
"""This module measures how loud a clip or a loop is, and finds the one gain that makes it as loud as every other.

Loudness is integrated LUFS (ITU-R BS.1770-4, by pyloudnorm); peaks are true peaks (the same recommendation, annex 2:
four times oversampled), so that what lies between the samples does not clip either.
"""

from __future__ import annotations

import math

import numpy as np

from engine.dsp.seam import cyclic
from engine.units import amplitude_to_db, db_to_amplitude
from engine.values import Clip, FloatArray

GATING_BLOCK_S = 0.4
"""Length in seconds of BS.1770's gating block; shorter clips are measured as they are heard, repeated."""

MOST_BOOST_DB = 12.0
"""Largest gain in dB that loudness matching applies: what is fainter still is meant to be faint, or is noise."""

OVERSAMPLING = 4
_MEASURED_S = 3.0
_EDGE_SAMPLES = 256
"""Number of samples taken from a periodic clip's other end, so that the oversampling filter sees across the seam."""


def integrated_lufs(clip: Clip) -> float:
    """Return the integrated loudness in LUFS; ``-inf`` when no 0.4 s block reaches the absolute gate of -70 LUFS.

    ``clip`` may have up to five channels (left, right, centre, surrounds).
    """
    import pyloudnorm

    samples = np.asarray(clip.samples, dtype=np.float64)
    n_block = math.ceil(GATING_BLOCK_S * clip.sample_rate)
    if len(samples) < n_block:
        samples = np.resize(samples, (n_block, clip.n_channels))
    return float(pyloudnorm.Meter(clip.sample_rate).integrated_loudness(samples))


def loop_loudness(samples: FloatArray, sample_rate: int) -> float:
    """Return the loudness in LUFS of a loop as it is heard: repeated without end, one channel from both speakers.

    Shape ``(n_samples, n_channels)``, of which two at most are heard. ``-inf`` where nothing reaches -70 LUFS.
    """
    heard = np.broadcast_to(samples[:, :2], (len(samples), 2))
    # Whole turns where they are short, and one gating block more: so that every place is in as many blocks.
    n_turns = math.ceil(_MEASURED_S * sample_rate / len(samples))
    n_samples = n_turns * len(samples) + math.ceil(GATING_BLOCK_S * sample_rate)
    return integrated_lufs(Clip(cyclic(heard, 0, n_samples), sample_rate))


def loudness_gain(lufs: float, target_lufs: float) -> float:
    """Return the linear gain from ``lufs`` to ``target_lufs``: at most ``MOST_BOOST_DB``; 1 for silence."""
    return db_to_amplitude(min(target_lufs - lufs, MOST_BOOST_DB)) if math.isfinite(lufs) else 1.0


def true_peak_db(clip: Clip) -> float:
    """Return the highest true peak of all channels in dBTP; never below the highest sample."""
    import soxr

    samples = clip.samples
    if clip.wraps:
        edge = min(_EDGE_SAMPLES, clip.n_samples)
        samples = np.concatenate([samples[-edge:], samples, samples[:edge]])
    oversampled = soxr.resample(samples, clip.sample_rate, OVERSAMPLING * clip.sample_rate)
    return amplitude_to_db(max(peak_amplitude(samples), peak_amplitude(oversampled)))


def peak_amplitude(samples: FloatArray) -> float:
    """Return the highest absolute sample, linear; 0.0 where there are no samples."""
    return max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))


def match_loudness(clip: Clip, *, target_lufs: float, peak_db: float) -> Clip:
    """Return the clip at ``target_lufs``, or as near below as a true peak of ``peak_db`` (dBTP) permits.

    Music so sparse or faint that it has no integrated loudness is set by its peak alone. Silence stays silence.
    """
    return louder(clip, matching_gain(clip, target_lufs=target_lufs, peak_db=peak_db))


def matching_gain(clip: Clip, *, target_lufs: float, peak_db: float) -> float:
    """Return the linear gain with which ``match_loudness`` sets a clip."""
    gain = db_to_amplitude(peak_db - true_peak_db(clip))
    # Measured as loud as it can be: of a faint clip the absolute gate would leave out what is heard afterwards.
    lufs = integrated_lufs(louder(clip, gain))
    return gain * min(1.0, db_to_amplitude(target_lufs - lufs)) if math.isfinite(lufs) else gain


def louder(clip: Clip, gain: float) -> Clip:
    """Return the clip with a linear gain."""
    return Clip(clip.samples * np.float32(gain), clip.sample_rate, wraps=clip.wraps)
