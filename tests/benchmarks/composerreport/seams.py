# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam of a whole clip is held against its other bar lines and its own steps, and the loop finder is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StudioError
from engine.loops.finder import find_loops
from engine.values import Clip, LoopSearch
from tests.benchmarks.loopcases.cases import DoubleArray

_N_FFT, _HOP = 1024, 128
_REACH_S = 0.03
_WHOLE_S = 0.012


@dataclass(frozen=True, slots=True)
class Join:
    """How a clip joins its own start.

    Attributes
    ----------
    onset
        The onset at the join over the strongest at another bar line; NaN where the clip has one bar.
    step
        The step from the last sample to the first over the 99.9th percentile of the clip's steps.
    """

    onset: float
    step: float


def join(samples: npt.NDArray[np.floating], rate: int, bars: int) -> Join:
    """Measure the join of a clip of so many bars, shape ``(n_samples, 2)``."""
    wave = np.asarray(samples, dtype=np.float64)
    strength = _onsets(wave.mean(axis=1))
    reach = round(_REACH_S * rate / _HOP)
    at = [round(bar * wave.shape[0] / bars / _HOP) for bar in range(bars)]
    lines = [max(strength[(line + k) % strength.size] for k in range(-reach, reach + 1)) for line in at]
    steps = np.abs(np.diff(wave, axis=0))
    usual = np.percentile(steps, 99.9, axis=0)
    seam = np.abs(wave[0] - wave[-1])
    return Join(
        onset=lines[0] / max(*lines[1:], 1e-12) if bars > 1 else float("nan"),
        step=float(np.max(seam / np.maximum(usual, 1e-12))),
    )


def finds_whole_bars(samples: npt.NDArray[np.float32], rate: int, bar_s: float) -> bool:
    """Return whether the loop finder, told nothing, offers first a loop of whole bars."""
    try:
        best = find_loops(Clip(samples, rate), LoopSearch()).best.region
    except StudioError:
        return False
    bars = best.n_samples / rate / bar_s
    return round(bars) >= 1 and abs(bars - round(bars)) * bar_s <= _WHOLE_S


def _onsets(mono: DoubleArray) -> DoubleArray:
    """Return the rise of a cyclic wave's spectrum, one value per hop."""
    starts = np.arange(0, mono.size, _HOP) - _N_FFT // 2
    frames = mono[(starts[:, None] + np.arange(_N_FFT)) % mono.size] * np.hanning(_N_FFT)
    level = np.log1p(100.0 * np.abs(np.fft.rfft(frames, axis=1)))
    return np.asarray(np.maximum(level - np.roll(level, 2, axis=0), 0.0).sum(axis=1))
