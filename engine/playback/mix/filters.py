# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel's filters are second-order sections whose corners move while sound goes through them.

What a filter holds is kept as its analogue original would keep it (the charges of its integrators), so that a section
with another corner goes on from there without a step, and needs no time to get ready.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import math
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.values import Effects, FloatArray

_Floats = npt.NDArray[np.float64]
_Kernel = Callable[[_Floats, _Floats, _Floats], object]

CONTROL_SAMPLES = 256
"""Length of a segment in samples: values set at its start are reached at its end."""
OPEN_HIGHPASS_HZ = 2.0
OPEN_LOWPASS_HZ = 22_000.0
"""Corner frequencies in Hz at which a filter takes nothing away that can be heard."""
TOP_HZ = 20_000.0
"""A low-pass that is set here or above is off."""

_BUTTERWORTH_Q = math.sqrt(0.5)
_RESONANCE_RANGE = 12.0
# 120 dB, by which what a filter holds has fallen after so many of its time constants.
_TAIL_NEPERS = math.log(1e6)
# Far below what a float32 holds, far above what makes a processor slow: silence comes out as silence.
_TINY = np.float64(1e-60)
_RISING: _Floats = np.arange(1, CONTROL_SAMPLES + 1) / CONTROL_SAMPLES
_EASED: _Floats = _RISING**2 * (3.0 - 2.0 * _RISING)
_FAST = 2.0**0.25
"""Ratio of a corner to where it was a segment before, from which on the one gives way to the other with ease.

A straight line bends where the next one begins: a wah that falls shut was heard to, above music that it had made dull.
A slow sweep keeps to straight lines, which follow it more truly.
"""


class Corners(NamedTuple):
    """Corners are the corner frequencies of the two filters, Hz, and the low-pass's resonance in [0, 1]."""

    highpass_hz: float
    lowpass_hz: float
    resonance: float = 0.0


OPEN = Corners(OPEN_HIGHPASS_HZ, OPEN_LOWPASS_HZ)
"""Corners between which all is heard: no filter is needed."""


def corners_of(effects: Effects) -> Corners:
    """Return the corners of these effects; a filter that is not there, or a low-pass at ``TOP_HZ``, is open."""
    highpass_hz, lowpass_hz = effects.highpass_hz, effects.lowpass_hz
    return Corners(
        OPEN_HIGHPASS_HZ if highpass_hz is None else highpass_hz,
        OPEN_LOWPASS_HZ if lowpass_hz is None or lowpass_hz >= TOP_HZ else lowpass_hz,
        effects.resonance,
    )


def quality(resonance: float) -> float:
    """Return the Q of a resonance in [0, 1]: from 0.71 (none, -3 dB at the corner) to 8.5 (+19 dB there)."""
    return _BUTTERWORTH_Q * float(_RESONANCE_RANGE**resonance)


class _Tuning(NamedTuple):
    """A tuning is a section's coefficients, and how its memory follows from the charges, and the charges from it."""

    sos: tuple[float, ...]
    to_memory: tuple[float, float, float, float]
    to_charges: tuple[float, float, float, float]
    tail_s: float


_Matrix = tuple[float, float, float, float]
_OFF = _Tuning((1.0, 0.0, 0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0), 0.0)
"""Tuning of a filter that is not there: sound passes to the bit, and nothing is held."""
_AS_IT_IS: _Matrix = (1.0, 0.0, 0.0, 1.0)


def _lowpass(sample_rate: int, hz: float, q: float) -> _Tuning:
    # A corner at Nyquist or above has nothing to take away.
    hz = min(hz, 0.49 * sample_rate)
    g, k = math.tan(math.pi * hz / sample_rate), 1.0 / q
    d = 1.0 + g * (g + k)
    a1, b = 2.0 * (g * g - 1.0) / d, g * g / d
    # The next two outputs without any input, from the charges: those say what the memory is.
    p, r = g / d, (1.0 + g * k) / d
    m11, m12 = p * (2.0 / d - 1.0) + 2.0 * r * p + a1 * p, r * (2.0 * r - 1.0) - 2.0 * p * p + a1 * r
    det = p * m12 - r * m11
    return _Tuning(
        (b, 2.0 * b, b, 1.0, a1, (1.0 - g * k + g * g) / d),
        (p, r, m11, m12),
        (m12 / det, -r / det, -m11 / det, p / det),
        _TAIL_NEPERS * q / (math.pi * hz),
    )


def _highpass(sample_rate: int, hz: float) -> _Tuning:
    hz = min(hz, 0.49 * sample_rate)
    g = math.tan(math.pi * hz / sample_rate)
    d = 1.0 + g
    return _Tuning(
        (1.0 / d, -1.0 / d, 0.0, 1.0, (g - 1.0) / d, 0.0),
        (-1.0 / d, 0.0, 0.0, 1.0),
        (-d, 0.0, 0.0, 1.0),
        _TAIL_NEPERS / (2.0 * math.pi * hz),
    )


def _carried(before: _Tuning, after: _Tuning) -> _Matrix:
    """Return what makes of a section's memory that of another tuning with the same charges."""
    if before is after:
        return _AS_IT_IS
    a, b, c, d = before.to_charges
    e, f, g, h = after.to_memory
    return e * a + f * c, e * b + f * d, g * a + h * c, g * b + h * d


class _Pair:
    """A pair is the low-pass and then the high-pass: one run through two sections takes as long as through one."""

    def __init__(self, n_channels: int) -> None:
        self.low = self.high = _OFF
        self.sos: _Floats = np.array([_OFF.sos, _OFF.sos])
        self.memory: _Floats = np.zeros((n_channels, 2, 2))

    def tune(self, low: _Tuning, high: _Tuning) -> None:
        self.low, self.high = low, high
        self.sos[...] = low.sos, high.sos

    def go_on_from(self, other: _Pair) -> None:
        """Hold what another pair holds."""
        a, b, c, d = _carried(other.low, self.low)
        e, f, g, h = _carried(other.high, self.high)
        # A few numbers: by numpy it would take ten times as long.
        self.memory[...] = [
            ((a * s + b * t, c * s + d * t), (e * u + f * v, g * u + h * v)) for (s, t), (u, v) in other.memory.tolist()
        ]


class Filters:
    """The filters are a resonant low-pass of second order and a first-order high-pass.

    Where their corners move, one pair of them gives way to another from segment to segment. They compute in float64:
    the same samples come out whatever the chunks.

    Parameters
    ----------
    sample_rate
        Hz.
    n_channels
        Of the samples.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._sample_rate = sample_rate
        self._corners = OPEN
        self._front, self._other = _Pair(n_channels), _Pair(n_channels)
        self._is_moving = False
        self._rising = _RISING
        self._run = kernel()

    @property
    def is_open(self) -> bool:
        """Return whether sound passes as it is, to the bit."""
        return self._corners == OPEN and not self._is_moving

    @property
    def tail_samples(self) -> int:
        """Return for how many samples the filters sound on after their input went silent, until 120 dB below."""
        pairs = (self._front, self._other) if self._is_moving else (self._front,)
        return round(self._sample_rate * sum(pair.low.tail_s + pair.high.tail_s for pair in pairs))

    def jump(self, corners: Corners) -> None:
        """Take these corners at once, with nothing held."""
        self._corners, self._is_moving = _plain(corners), False
        self._front.tune(self._low_tuning(self._corners), self._high_tuning(self._corners))
        self._front.memory.fill(0.0)

    def begin_segment(self, corners: Corners) -> bool:
        """Begin a segment at whose end these corners are reached; return whether anything moves in it."""
        if self._is_moving:
            self._front, self._other, self._is_moving = self._other, self._front, False
        before, self._corners = self._corners, _plain(corners)
        if self._corners == before:
            return False
        front, corners = self._front, self._corners
        self._other.tune(
            front.low if corners[1:] == before[1:] else self._low_tuning(corners),
            front.high if corners.highpass_hz == before.highpass_hz else self._high_tuning(corners),
        )
        self._other.go_on_from(front)
        self._is_moving = True
        ratios = (corners.lowpass_hz / before.lowpass_hz, corners.highpass_hz / before.highpass_hz)
        self._rising = _EASED if max(ratios) > _FAST or min(ratios) * _FAST < 1.0 else _RISING
        return True

    def process(self, samples: FloatArray, done: int) -> None:
        """Filter ``samples``, float32 ``(n_samples, n_channels)``, in place; of a segment ``done`` samples are over."""
        wide = np.add(samples.T, _TINY, order="C", dtype=np.float64)
        if self._is_moving:
            coming = wide.copy()
            self._run(self._other.sos, coming, self._other.memory)
            self._run(self._front.sos, wide, self._front.memory)
            coming -= wide
            coming *= self._rising[done : done + len(samples)]
            wide += coming
        else:
            self._run(self._front.sos, wide, self._front.memory)
        np.copyto(samples.T, wide, casting="same_kind")

    def _low_tuning(self, corners: Corners) -> _Tuning:
        if corners.lowpass_hz >= OPEN_LOWPASS_HZ:
            return _OFF
        return _lowpass(self._sample_rate, corners.lowpass_hz, quality(corners.resonance))

    def _high_tuning(self, corners: Corners) -> _Tuning:
        if corners.highpass_hz <= OPEN_HIGHPASS_HZ:
            return _OFF
        return _highpass(self._sample_rate, corners.highpass_hz)


def _plain(corners: Corners) -> Corners:
    """Return the same corners; a low-pass that is open has no resonance."""
    if corners.resonance and corners.lowpass_hz >= OPEN_LOWPASS_HZ:
        return corners._replace(resonance=0.0)
    return corners


@cache
def kernel() -> _Kernel:
    """Return scipy's compiled loop over second-order sections ``(sos, samples, memory)``, which works in place.

    It is loaded by itself: ``scipy.signal`` around it takes a second and much memory, and its ``sosfilt`` takes six
    times as long for a block as the loop. Where a scipy has it elsewhere, ``sosfilt`` is used.
    """
    name = "scipy.signal._sosfilt"
    found = importlib.util.find_spec("scipy")
    folder = None if found is None or found.origin is None else Path(found.origin).parent / "signal"
    module: Any = sys.modules.get(name)
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        path = None if folder is None else folder / f"_sosfilt{suffix}"
        if module is None and path is not None and path.is_file():
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is not None and spec.loader is not None:
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
    loop: _Kernel | None = getattr(module, "_sosfilt", None)
    return loop or sosfilt_in_place


def sosfilt_in_place(sos: _Floats, samples: _Floats, memory: _Floats) -> None:
    """Do the loop's work by scipy's public ``sosfilt``."""
    from scipy.signal import sosfilt

    samples[...], after = sosfilt(sos, samples, zi=memory.swapaxes(0, 1))
    memory[...] = after.swapaxes(0, 1)
