# SPDX-License-Identifier: GPL-3.0-or-later
"""The howl guard hears when a monitored input is about to feed back on itself: through the air, or through a cable."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.units import amplitude_to_db
from engine.values import FloatArray

LOOK_S = 0.05
"""Seconds between two looks."""
LOOK_SAMPLES = 4096
"""Number of the latest frames that are looked at."""
_LOOKS = 24
_FULL = 0.95
_FULL_SHARE = 0.5
"""Peak that is as loud as sound can be, and share of the looks of a second from which on it is no music any more."""
_NARROW = 0.5
"""Share of the power in one tone from which on it is a howl that begins."""
_RISING_LOOKS = 8
_RISE_DB, _LOUD_DB = 12.0, -30.0
"""By how much a tone rises within those looks, without a pause, and how loud it is then, dBFS: a howl."""
_SLIP_DB = 0.5
BACK_SAMPLES = 16_384
"""Number of frames of the input that are held against what was heard meanwhile."""
_BACK_LOOKS = 3
_BACK_PEAK = 0.25
"""Height of the peak, 1 where one is the other delayed, from which on the input has what was played."""
_BACK_DB = -55.0


class _Look(NamedTuple):
    bin: int
    level_db: float
    is_narrow: bool
    is_full: bool


class HowlGuard:
    """A howl guard is shown what comes in while that is heard.

    Parameters
    ----------
    near
        Frames by which what comes back may be off the place where it was played: fewer than a monitor is behind.
    """

    def __init__(self, near: int) -> None:
        self._near = near
        self._n_back = 0
        self._looks: deque[_Look] = deque(maxlen=_LOOKS)
        self._window = np.hanning(LOOK_SAMPLES).astype(np.float32)

    def begin(self) -> None:
        """Forget what was heard before."""
        self._looks.clear()
        self._n_back = 0

    def howls(self, samples: FloatArray) -> bool:
        """Return whether it howls, of the latest ``LOOK_SAMPLES`` frames, ``(n_frames, n_channels)``."""
        mono = samples.mean(axis=1)
        power = np.abs(np.fft.rfft(mono * self._window)) ** 2
        top = int(power[2:-2].argmax()) + 2
        narrow = float(power[top - 2 : top + 3].sum())
        level_db = amplitude_to_db(float(np.sqrt(np.mean(mono**2))))
        is_full = float(np.abs(samples[-LOOK_SAMPLES // 2 :]).max()) >= _FULL
        is_narrow = narrow >= _NARROW * max(float(power.sum()), 1e-20)
        self._looks.append(_Look(top, level_db, is_narrow, is_full))
        looks = list(self._looks)
        if len(looks) == _LOOKS and sum(one.is_full for one in looks) >= _FULL_SHARE * _LOOKS:
            return True
        return len(looks) > _RISING_LOOKS and _rises(looks[-_RISING_LOOKS - 1 :])

    def comes_back(self, heard: FloatArray, played: FloatArray) -> bool:
        """Return whether what is played comes in again, by looks in a row at ``BACK_SAMPLES`` frames of both.

        Who plays is heard after having come in; what comes back has been played with the same frame, or nearly
        (Knapp and Carter, "The generalized correlation method for estimation of time delay", 1976: phases alone).
        """
        spectra = [np.fft.rfft(one.mean(axis=1), 2 * BACK_SAMPLES) for one in (heard, played)]
        loud = all(amplitude_to_db(float(np.sqrt(np.mean(one**2)))) > _BACK_DB for one in (heard, played))
        is_back = False
        if loud:
            cross = spectra[0] * np.conj(spectra[1])
            delays = np.abs(np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-12)))
            top = int(delays.argmax())
            is_back = min(top, len(delays) - top) <= self._near and float(delays[top]) >= _BACK_PEAK
        self._n_back = self._n_back + 1 if is_back else 0
        return self._n_back >= _BACK_LOOKS


def _rises(looks: list[_Look]) -> bool:
    first, last = looks[0], looks[-1]
    one_tone = all(one.is_narrow and abs(one.bin - last.bin) <= 1 for one in looks[1:])
    upward = all(after.level_db > before.level_db - _SLIP_DB for before, after in pairwise(looks))
    return one_tone and upward and last.level_db >= _LOUD_DB and last.level_db - first.level_db >= _RISE_DB
