# SPDX-License-Identifier: GPL-3.0-or-later
"""This module stretches time along a map: Rubber Band (by pedalboard), steered so that every beat lands in time.

Rubber Band's finer engine works in whole hops: between two frames it reads ``inhop`` samples and writes ``outhop``, and
a speed of 1.05 becomes 261/249, 18 ms late after 10 s. So the speed is given anew for every block, each the one of
those that hops can make which leads back to the map, and what the hops then did is told with the result.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dsp.seam import cyclic
from engine.values import Clip, FloatArray

DoubleArray = npt.NDArray[np.float64]

BLOCK_SAMPLES = 1024
"""Number of samples between two speeds that pedalboard takes."""

UNITY_S = 0.5
"""Seconds after which Rubber Band at speed 1 gives its input again (correlation 0.999): it brings the phases back."""

_SLOWEST, _FASTEST = 0.7, 1.45
_TABLE_SIZE = 8192
_HOP_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class TempoEase:
    """A tempo ease plays at ``speed`` for ``hold_samples``, glides to 1 within ``ease_samples``, and stays there.

    Samples are those of the output. The glide is a raised cosine: neither its start nor its end is a jump.
    """

    speed: float
    hold_samples: int
    ease_samples: int

    @property
    def n_samples(self) -> int:
        """Number of output samples until speed 1 is reached."""
        return self.hold_samples + self.ease_samples

    def speed_at(self, out: npt.ArrayLike) -> DoubleArray:
        """Return the input samples per output sample at sample ``out`` of the output."""
        past = np.clip(np.asarray(out, dtype=np.float64) - self.hold_samples, 0.0, self.ease_samples)
        glide = 0.5 - 0.5 * np.cos(np.pi * past / max(self.ease_samples, 1))
        speeds: DoubleArray = np.where(np.asarray(out) >= self.n_samples, 1.0, self.speed + (1.0 - self.speed) * glide)
        return speeds

    def place_at(self, out: npt.ArrayLike) -> DoubleArray:
        """Return the place in the input at sample ``out`` of the output, which may lie before the start."""
        y = np.asarray(out, dtype=np.float64)
        past = np.clip(y - self.hold_samples, 0.0, self.ease_samples)
        turn = np.pi / max(self.ease_samples, 1)
        gained = (1.0 - self.speed) * (0.5 * past - 0.5 * np.sin(turn * past) / turn)
        places: DoubleArray = np.where(
            y >= self.n_samples,
            self.speed * self.n_samples + (1.0 - self.speed) * 0.5 * self.ease_samples + (y - self.n_samples),
            self.speed * y + gained,
        )
        return places


@dataclass(frozen=True, eq=False, slots=True)
class Stretched:
    """The result of stretching a stretch of a loop.

    Attributes
    ----------
    samples
        float32, shape ``(n_before + n_samples, n_channels)``.
    places
        Place in the loop of each sample, unwrapped, ascending; float64, same length.
    n_before
        Samples before the start, for what needs to know how it was led up to.
    """

    samples: FloatArray
    places: DoubleArray
    n_before: int


def stretch_loop(
    samples: FloatArray, sample_rate: int, *, start: float, ease: TempoEase, n_samples: int, n_before: int = 0
) -> Stretched:
    """Return ``n_samples`` of an endless loop from its place ``start`` on, at the tempo of ``ease``, pitch kept.

    Parameters
    ----------
    samples
        The loop, shape ``(n_loop_samples, n_channels)``.
    start
        Place that the first sample has, any number.
    ease
        Speeds within [0.75, 1.4].

    Returns
    -------
    Stretched
        Places differ from those that ``ease`` asks for by less than 0.3 ms. Measured at speeds of 0.92 to 1.08:
        attacks in noise are heard 0.1 ms (median) off their places, 19 in 20 less than 0.8 ms; tones keep
        their pitch within 1 cent, their level within 0.05 dB.
    """
    from pedalboard import time_stretch

    window = _window_samples(sample_rate)
    lead = 2 * window + n_before
    first = math.floor(start) - lead
    # The first frame is centred at half a window in the input and in the output.
    y_start = round(window / 2 + (start - first - window / 2) / ease.speed)
    n_out = y_start + n_samples + window

    def wanted(y: float) -> float:
        return start - first + float(ease.place_at(y - y_start))

    speeds, y_of, x_of = _steer(wanted, n_out, window, unity_from=y_start + ease.n_samples)
    source = cyclic(samples, first, len(speeds))
    audio = time_stretch(np.ascontiguousarray(source.T), float(sample_rate), speeds, high_quality=True)
    y = np.arange(y_start - n_before, y_start + n_samples)
    out: FloatArray = np.ascontiguousarray(audio[:, y[0] : y[-1] + 1].T, dtype=np.float32)
    return Stretched(out, first + np.interp(y, y_of, x_of), n_before)


def stretch_clip(clip: Clip, speed: float) -> Clip:
    """Return a clip at another speed, pitch kept, from its first sample to its last; ``speed`` is in [0.75, 1.4].

    What is stretched does not join at its ends any more: the result does not wrap.
    """
    # Silence behind its end, so that the start is not led up to by the end.
    samples = np.pad(clip.samples, ((0, 4 * _window_samples(clip.sample_rate)), (0, 0)))
    n_samples = max(1, round(clip.n_samples / speed))
    ease = TempoEase(speed, n_samples + len(samples), 0)
    stretched = stretch_loop(samples, clip.sample_rate, start=0.0, ease=ease, n_samples=n_samples)
    return Clip(stretched.samples, clip.sample_rate)


def _steer(
    wanted: Callable[[float], float], n_out: int, window: int, unity_from: int
) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Return speeds per input sample that follow a map from output to input, and the frames' places in both.

    Frames are taken as soon as the input holds a whole window of them, with the speed of the block that completed it.
    """
    ratios, pairs, steps = _table()
    speeds: list[float] = []
    x = y = 0
    delivered = 0
    x_of, y_of = [window / 2], [window / 2]
    while y_of[-1] < n_out:
        delivered += BLOCK_SAMPLES
        if y_of[-1] >= unity_from:
            speed, (inhop, outhop) = 1.0, (_HOP_SAMPLES, _HOP_SAMPLES)
        else:
            ahead = wanted(y_of[-1] + BLOCK_SAMPLES) - x_of[-1]
            at = _nearest(ratios, BLOCK_SAMPLES / max(ahead, 1.0))
            speed, (inhop, outhop) = 1.0 / steps[at], pairs[at]
        speeds.append(speed)
        while x + window <= delivered:
            x += inhop
            y += outhop
            x_of.append(x + window / 2)
            y_of.append(y + window / 2)
    return np.repeat(np.array(speeds), BLOCK_SAMPLES), np.array(y_of), np.array(x_of)


def _nearest(values: list[float], value: float) -> int:
    """Return the index of the nearest of ascending ``values``."""
    at = bisect_left(values, value)
    if at == 0:
        return 0
    if at == len(values):
        return at - 1
    return at if values[at] - value < value - values[at - 1] else at - 1


@cache
def _table() -> tuple[list[float], list[tuple[int, int]], list[float]]:
    """Return what hops can do: output per input, ascending, the hops, and a time ratio amid those that ask for them."""
    asked: dict[tuple[int, int], list[float]] = {}
    for ratio in np.linspace(1.0 / _FASTEST, 1.0 / _SLOWEST, _TABLE_SIZE).tolist():
        asked.setdefault(_hops(ratio), []).append(ratio)
    rows: list[tuple[Any, ...]] = sorted((out / into, (into, out), some) for (into, out), some in asked.items())
    return [row[0] for row in rows], [row[1] for row in rows], [row[2][len(row[2]) // 2] for row in rows]


def _hops(ratio: float) -> tuple[int, int]:
    """Samples that Rubber Band 3's finer engine reads and writes per frame for a time ratio (``calculateHop``)."""
    outhop = float(_HOP_SAMPLES)
    if ratio > 1.5:
        outhop = 2.0 ** (8.0 + 2.0 * math.log10(ratio - 0.5))
    elif ratio < 1.0:
        outhop = 2.0 ** (8.0 + 2.0 * math.log10(ratio))
    inhop = math.floor(min(max(outhop, 128.0), 512.0) / ratio)
    return inhop, round(inhop * ratio)


def _window_samples(sample_rate: int) -> int:
    """Length of the finer engine's longest frame."""
    return 1 << max(math.ceil(math.log2(sample_rate / 16.0)), 1)
