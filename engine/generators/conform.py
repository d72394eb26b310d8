# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where what a generator delivers becomes a studio clip: checked, 44.1 kHz, stereo, evenly loud."""

from __future__ import annotations

import numpy as np

from engine.dsp.loudness import match_loudness, peak_amplitude
from engine.errors import GeneratorClipLength, GeneratorOutputBad
from engine.units import amplitude_to_db
from engine.values import Clip, FloatArray

STUDIO_SAMPLE_RATE = 44_100
"""Hz. Every clip that enters the studio through a generator has it."""

TARGET_LUFS = -16.0
PEAK_DB = -1.0
SILENT_DB = -60.0
"""A clip whose peak stays below it counts as silent, dBFS."""

MIN_DURATION_SHARE = 0.5
"""Of the requested duration: a clip below it is not what was asked for."""
MAX_DURATION_SHARE, MAX_SURPLUS_S = 1.5, 2.0
"""Share of the requested duration, and seconds more: a clip beyond both together is not what was asked for either."""

MAX_CHANNELS = 2

NOTABLE_DC = 0.003
"""Mean of a channel over the clip's peak from which it is taken off (-50 dB): less is inaudible at a seam."""


def longest_s(requested_s: float) -> float:
    """How long a clip may be of which so many seconds were asked for."""
    return MAX_DURATION_SHARE * requested_s + MAX_SURPLUS_S


def conform(clip: Clip, *, generator: str, requested_s: float) -> Clip:
    """A stereo clip at ``STUDIO_SAMPLE_RATE``, ``TARGET_LUFS`` loud, with true peaks up to ``PEAK_DB``.

    Parameters
    ----------
    clip
        What the generator delivered: any sample rate, one or two channels, any level. When it wraps, so does the
        result: its period stays whole.
    generator
        The generator's title, for the error.
    requested_s
        What was asked for, seconds.

    Raises
    ------
    GeneratorOutputBad
        The clip has more than two channels, is shorter than half of ``requested_s`` or longer than ``longest_s``, holds
        NaN or infinite samples, or is silent.
    """
    _check(clip, generator, requested_s)
    # From here on the peak is 1, so that no level, however odd, can overflow.
    samples = clip.samples / peak_amplitude(clip.samples)
    means = [channel.mean(dtype=np.float64) for channel in samples.T]
    if max(map(abs, means)) > NOTABLE_DC:
        samples -= np.array(means, dtype=np.float32)
    if clip.sample_rate != STUDIO_SAMPLE_RATE:
        resample = _resample_periodic if clip.wraps else _resample
        samples = resample(samples, clip.sample_rate)
    if clip.n_channels == 1:
        samples = np.repeat(samples, 2, axis=1)
    plain = Clip(samples, STUDIO_SAMPLE_RATE, wraps=clip.wraps)
    return match_loudness(plain, target_lufs=TARGET_LUFS, peak_db=PEAK_DB)


def check_shape(*, duration_s: float, n_channels: int, generator: str, requested_s: float) -> None:
    """Refuse what can be told of a clip before its samples are read. Raises GeneratorOutputBad."""
    if n_channels > MAX_CHANNELS:
        raise GeneratorOutputBad(generator=generator, detail=f"it has {n_channels} channels, not one or two")
    if not MIN_DURATION_SHARE * requested_s <= duration_s <= longest_s(requested_s):
        raise GeneratorClipLength(generator=generator, duration_s=duration_s, requested_s=requested_s)


def _check(clip: Clip, generator: str, requested_s: float) -> None:
    check_shape(duration_s=clip.duration_s, n_channels=clip.n_channels, generator=generator, requested_s=requested_s)
    if not np.isfinite(clip.samples).all():
        n_bad = int((~np.isfinite(clip.samples)).sum())
        raise GeneratorOutputBad(generator=generator, detail=f"{n_bad} samples are not numbers (NaN or infinite)")
    # Half the span, not the peak: a constant is as silent as zero.
    swing_db = amplitude_to_db(max(float(one.max()) - float(one.min()) for one in clip.samples.T) / 2.0)
    if swing_db < SILENT_DB:
        level = float(np.abs(clip.samples).max())
        if amplitude_to_db(level) >= SILENT_DB:
            detail = f"it is silent (its samples stand still at {level:.2g} of full scale)"
            raise GeneratorOutputBad(generator=generator, detail=detail)
        raise GeneratorOutputBad(generator=generator, detail=f"it is silent (its peak is {swing_db:.0f} dBFS)")


def _resample(samples: FloatArray, sample_rate: int) -> FloatArray:
    import soxr

    out: FloatArray = soxr.resample(samples, sample_rate, STUDIO_SAMPLE_RATE, quality="HQ")
    return out


def _resample_periodic(samples: FloatArray, sample_rate: int) -> FloatArray:
    """Of one period, by its Fourier series: exact, and the result is again one whole period."""
    n_in = len(samples)
    n_out = max(1, round(n_in * STUDIO_SAMPLE_RATE / sample_rate))
    spectrum = np.fft.rfft(samples.astype(np.float64), axis=0)[: n_out // 2 + 1]
    if n_out < n_in and n_out % 2 == 0:
        spectrum[-1] = 0.0  # the new Nyquist bin would mix two of the old
    out: FloatArray = (np.fft.irfft(spectrum, n_out, axis=0) * (n_out / n_in)).astype(np.float32)
    return out
