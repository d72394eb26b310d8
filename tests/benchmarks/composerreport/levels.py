# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels: loudness, peaks, punch, how loudness moves, and what is left in mono. Measured with pyloudnorm and SciPy."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.benchmarks.loopcases.cases import DoubleArray

_LEAST = 1e-12
_OVERSAMPLED = 4
_BLOCK_S, _STEP_S = 0.4, 0.1


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a clip.

    Attributes
    ----------
    lufs, true_peak_db
        Integrated loudness (ITU-R BS.1770) and the peak between the samples, dBTP.
    plr_db, crest_db
        True peak over loudness; highest sample over RMS.
    micro_db
        How far loudness moves: the 95th less the 10th percentile of blocks of 400 ms.
    dc_db
        The mean of the worse channel, dBFS.
    mono_loss_db
        What loudness is lost when both channels are one.
    """

    lufs: float
    true_peak_db: float
    plr_db: float
    crest_db: float
    micro_db: float
    dc_db: float
    mono_loss_db: float


def levels(samples: npt.NDArray[np.floating], rate: int) -> Levels:
    """Measure a clip, shape ``(n_samples, 2)``."""
    wave = np.asarray(samples, dtype=np.float64)
    lufs, peak_db = _lufs(wave, rate), true_peak_db(wave)
    rms = float(np.sqrt(np.mean(wave**2)))
    both = np.repeat(wave.mean(axis=1, keepdims=True), 2, axis=1)
    return Levels(
        lufs=lufs,
        true_peak_db=peak_db,
        plr_db=peak_db - lufs,
        crest_db=decibels(float(np.abs(wave).max())) - decibels(rms),
        micro_db=_movement_db(wave, rate),
        dc_db=decibels(float(np.abs(wave.mean(axis=0)).max())),
        mono_loss_db=lufs - _lufs(both, rate),
    )


def true_peak_db(wave: DoubleArray) -> float:
    """Return the highest peak of a cyclic clip, four times oversampled, dBTP."""
    from scipy.signal import resample_poly

    margin = min(256, wave.shape[0])
    turned = np.concatenate([wave[-margin:], wave, wave[:margin]])
    fine = resample_poly(turned, _OVERSAMPLED, 1, axis=0)[_OVERSAMPLED * margin // 2 : -_OVERSAMPLED * margin // 2]
    return decibels(float(np.abs(fine).max()))


def decibels(amplitude: float) -> float:
    """Return an amplitude in dB, at least -240."""
    return 20.0 * float(np.log10(max(_LEAST, amplitude)))


def _lufs(wave: DoubleArray, rate: int) -> float:
    import pyloudnorm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of clips that would clip, which is measured elsewhere
        return float(pyloudnorm.Meter(rate).integrated_loudness(wave))


def _movement_db(wave: DoubleArray, rate: int) -> float:
    import pyloudnorm

    weighted = wave
    for stage in pyloudnorm.Meter(rate)._filters.values():
        weighted = stage.apply_filter(weighted)
    power = np.concatenate([[0.0], np.cumsum((weighted**2).sum(axis=1))])
    block = min(round(_BLOCK_S * rate), wave.shape[0])
    starts = np.arange(0, wave.shape[0] - block + 1, round(_STEP_S * rate))
    mean = (power[starts + block] - power[starts]) / block
    high, low = np.percentile(10.0 * np.log10(np.maximum(mean, 1e-9)), [95, 10])
    return float(high - low)
