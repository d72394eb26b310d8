# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fits a clip to a recording, and tells where that sounds, and whether it is a loop of whole bars."""

from __future__ import annotations

import numpy as np

from engine.companion.timeline import Timeline
from engine.values import Clip, FloatArray

SILENT_DB = -50.0
"""Level against a recording's loudest moment, dB, below which it is over, or has not begun."""
LOOP_TOLERANCE_S = 0.03
"""Seconds by which a loop of whole bars may be longer or shorter."""
_WINDOW_S = 0.02


def fitted(clip: Clip, sample_rate: int, n_channels: int) -> FloatArray:
    """Return a clip's samples at another rate, in one channel or two."""
    samples = clip.samples
    if clip.sample_rate != sample_rate:
        import soxr

        samples = soxr.resample(samples, clip.sample_rate, sample_rate, quality="VHQ").astype(np.float32)
        samples = samples.reshape(-1, clip.n_channels)
    if n_channels == clip.n_channels:
        return samples
    out: FloatArray = samples.mean(axis=1, keepdims=True) if n_channels == 1 else np.repeat(samples, n_channels, axis=1)
    return out


def placed(samples: FloatArray, zero: int, n_samples: int) -> FloatArray:
    """Return samples whose first lies at sample ``zero`` of a longer or shorter sound, silent elsewhere."""
    out = np.zeros((n_samples, samples.shape[1]), dtype=np.float32)
    first, end = max(0, zero), min(n_samples, zero + len(samples))
    if first < end:
        out[first:end] = samples[first - zero : end - zero]
    return out


def sounding(recording: Clip) -> tuple[int, int]:
    """Return from which sample to which a recording sounds, without the silence around it; all of a silent one."""
    n_window = max(1, round(_WINDOW_S * recording.sample_rate))
    starts = np.arange(0, recording.n_samples, n_window)
    power = np.add.reduceat(np.square(recording.samples, dtype=np.float64).sum(axis=1), starts)
    is_heard = np.flatnonzero(power > power.max() * 10.0 ** (SILENT_DB / 10.0))
    if not is_heard.size:
        return 0, recording.n_samples
    return int(is_heard[0]) * n_window, min(recording.n_samples, (int(is_heard[-1]) + 1) * n_window)


def is_loop(recording: Clip, timeline: Timeline) -> bool:
    """Return whether a recording is whole bars that go round: sounding at both ends, the first on a bar line."""
    rate = recording.sample_rate
    start, end = sounding(recording)
    if start > LOOP_TOLERANCE_S * rate or recording.n_samples - end > LOOP_TOLERANCE_S * rate:
        return False
    first, last = round(timeline.beat(0.0)), round(timeline.beat(recording.duration_s))
    on_beats = all(
        abs(timeline.time_s(beat) - time_s) <= LOOP_TOLERANCE_S
        for beat, time_s in ((first, 0.0), (last, recording.duration_s))
    )
    return on_beats and timeline.begins_bar(first) and timeline.begins_bar(last) and last > first
