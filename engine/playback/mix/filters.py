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

    sos: _Floats
    to_memory: tuple[float, float, float, float]
    to_charges: tuple[float, float, float, float]
    tail_s: float


def _lowpass(sample_rate: int, hz: float, q: float) -> _Tuning:
    # A corner at Nyquist or above has nothing to take away.
    hz = min(hz, 0.49 * sample_rate)
    g, k = math.tan(math.pi * hz / sample_rate), 1.0 / q
    d = 1.0 + g * (g + k)
    a1 = 2.0 * (g * g - 1.0) / d
    sos = np.array([[g * g / d, 2.0 * g * g / d, g * g / d, 1.0, a1, (1.0 - g * k + g * g) / d]])
    # The next two outputs without any input, from the charges: those say what the memory is.
    p, r = g / d, (1.0 + g * k) / d
    s1, s2 = (2.0 / d - 1.0, 2.0 * p), (-2.0 * p, 2.0 * r - 1.0)
    memory = (p, r, p * s1[0] + r * s1[1] + a1 * p, p * s2[0] + r * s2[1] + a1 * r)
    det = memory[0] * memory[3] - memory[1] * memory[2]
    charges = (memory[3] / det, -memory[1] / det, -memory[2] / det, memory[0] / det)
    return _Tuning(sos, memory, charges, _TAIL_NEPERS * q / (math.pi * hz))


def _highpass(sample_rate: int, hz: float) -> _Tuning:
    hz = min(hz, 0.49 * sample_rate)
    g = math.tan(math.pi * hz / sample_rate)
    d = 1.0 + g
    sos = np.array([[1.0 / d, -1.0 / d, 0.0, 1.0, (g - 1.0) / d, 0.0]])
    return _Tuning(sos, (-1.0 / d, 0.0, 0.0, 1.0), (-d, 0.0, 0.0, 1.0), _TAIL_NEPERS / (2.0 * math.pi * hz))


class _Section:
    """A section is one filter: it is off, or has a tuning, or is on its way to another one for a segment."""

    def __init__(self, n_channels: int) -> None:
        self.front: _Tuning | None = None
        self.is_moving = False
        self._coming: _Tuning | None = None
        self._memories: tuple[_Floats, _Floats] = (np.zeros((n_channels, 1, 2)), np.zeros((n_channels, 1, 2)))
        self._run = kernel()

    @property
    def memory(self) -> _Floats:
        """Return what the front holds, shape ``(n_channels, 1, 2)``."""
        return self._memories[0]

    @property
    def tail_s(self) -> float:
        """Return for how many seconds it sounds on."""
        return sum(one.tail_s for one in (self.front, self._coming) if one is not None)

    def jump(self, tuning: _Tuning | None) -> None:
        """Take this tuning (None: off) with nothing held."""
        self.front, self._coming, self.is_moving = tuning, None, False
        self._memories[0].fill(0.0)

    def settle(self) -> None:
        """End a segment: what came is there."""
        if self.is_moving:
            self.front, self._coming, self.is_moving = self._coming, None, False
            self._memories = self._memories[::-1]

    def move(self, tuning: _Tuning | None) -> None:
        """Begin a segment at whose end the tuning is this one."""
        self._coming, self.is_moving = tuning, True
        if tuning is None:
            return
        held, coming = self._memories
        if self.front is None:
            coming.fill(0.0)
            return
        a, b, c, d = self.front.to_charges
        e, f, g, h = tuning.to_memory
        aa, bb, cc, dd = e * a + f * c, e * b + f * d, g * a + h * c, g * b + h * d
        # A few numbers: by numpy it would take ten times as long.
        coming[...] = [[[aa * z1 + bb * z2, cc * z1 + dd * z2]] for ((z1, z2),) in held.tolist()]

    def process(self, samples: _Floats, done: int) -> None:
        """Filter ``samples``, shape ``(n_channels, n_samples)``, in place; of a segment ``done`` samples are over."""
        front, coming = self.front, self._coming
        if not self.is_moving:
            if front is not None:
                self._run(front.sos, samples, self._memories[0])
            return
        to = samples.copy()
        if coming is not None:
            self._run(coming.sos, to, self._memories[1])
        if front is not None:
            self._run(front.sos, samples, self._memories[0])
        to -= samples
        to *= _RISING[done : done + samples.shape[1]]
        samples += to


class Filters:
    """The filters are a first-order high-pass and a resonant low-pass of second order.

    They compute in float64: the same samples come out whatever the chunks.

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
        self._low, self._high = _Section(n_channels), _Section(n_channels)
        # Both sections' coefficients while none moves, and what both hold.
        self._both: _Floats | None = None
        self._memories: _Floats = np.zeros((n_channels, 2, 2))
        self._run = kernel()

    @property
    def is_open(self) -> bool:
        """Return whether sound passes as it is, to the bit."""
        return self._corners == OPEN and not self.is_moving

    @property
    def is_moving(self) -> bool:
        return self._low.is_moving or self._high.is_moving

    @property
    def tail_samples(self) -> int:
        """Return for how many samples the filters sound on after their input went silent, until 120 dB below."""
        return round(self._sample_rate * (self._low.tail_s + self._high.tail_s))

    def jump(self, corners: Corners) -> None:
        """Take these corners at once, with nothing held."""
        self._corners = corners = _plain(corners)
        self._low.jump(self._low_tuning(corners))
        self._high.jump(self._high_tuning(corners))
        self._join()

    def begin_segment(self, corners: Corners) -> bool:
        """Begin a segment at whose end these corners are reached; return whether anything moves in it."""
        self._low.settle()
        self._high.settle()
        corners = _plain(corners)
        before, self._corners = self._corners, corners
        if corners == before:
            self._join()
            return False
        self._both = None
        if corners[1:] != before[1:]:
            self._low.move(self._low_tuning(corners))
        if corners.highpass_hz != before.highpass_hz:
            self._high.move(self._high_tuning(corners))
        return True

    def process(self, samples: FloatArray, done: int) -> None:
        """Filter ``samples``, float32 ``(n_samples, n_channels)``, in place; of a segment ``done`` samples are over."""
        wide = np.add(samples.T, _TINY, order="C", dtype=np.float64)
        low, high = self._low, self._high
        if self._both is not None and not self.is_moving:
            # One run through two sections takes as long as one through one.
            memories = self._memories
            memories[:, :1], memories[:, 1:] = low.memory, high.memory
            self._run(self._both, wide, memories)
            low.memory[...], high.memory[...] = memories[:, :1], memories[:, 1:]
        else:
            low.process(wide, done)
            high.process(wide, done)
        np.copyto(samples.T, wide, casting="same_kind")

    def _join(self) -> None:
        low, high = self._low.front, self._high.front
        self._both = None if low is None or high is None else np.concatenate([low.sos, high.sos])

    def _low_tuning(self, corners: Corners) -> _Tuning | None:
        if corners.lowpass_hz >= OPEN_LOWPASS_HZ:
            return None
        return _lowpass(self._sample_rate, corners.lowpass_hz, quality(corners.resonance))

    def _high_tuning(self, corners: Corners) -> _Tuning | None:
        if corners.highpass_hz <= OPEN_HIGHPASS_HZ:
            return None
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
