# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel's effects can be moved as they play: they are pedalboard's (JUCE), whose C++ runs without the GIL."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.values import Effects, FloatArray

if TYPE_CHECKING:
    from pedalboard import Plugin, Reverb

CONTROL_SAMPLES = 256
"""Length of a segment in samples: values set at its start are reached at its end."""
CHUNK_ROUNDING = 1e-6
"""Largest difference (-120 dBFS) that filters may make between chunks of one length and another."""

# JUCE's reverb is Freeverb (Jezar, 2000): it doubles the dry level, feeds its combs back by room * 0.28 + 0.7, and its
# longest comb is 1617 + 23 samples at 44.1 kHz.
_DRY_LEVEL = 0.5
_LONGEST_COMB_S = (1617 + 23) / 44_100
# 120 dB, by which a first-order filter's memory falls within so many times 1 / (2π corner).
_TAIL_NEPERS = math.log(1e6)
_DAMPING = 0.5
_MAX_BLOCK_SAMPLES = 8192
"""Largest block of pedalboard, samples, always the same: when it grows, it begins anew. Longer ones are divided."""
_PRIMING_SEGMENTS = 4
"""Number of segments that a filter takes in before it is heard itself: 21 ms at 48 kHz."""
_RISING: FloatArray = (np.arange(1, CONTROL_SAMPLES + 1) / CONTROL_SAMPLES).astype(np.float32)[:, None]

OPEN_HIGHPASS_HZ = 2.0
OPEN_LOWPASS_HZ = 22_000.0
"""Corner frequencies in Hz at which a filter takes nothing away that can be heard."""


class Corners(NamedTuple):
    """Corners are the corner frequencies of the two filters, Hz."""

    highpass_hz: float
    lowpass_hz: float


OPEN = Corners(OPEN_HIGHPASS_HZ, OPEN_LOWPASS_HZ)
"""Corners between which all is heard: no filter is needed."""


def corners_of(effects: Effects) -> Corners:
    """Return the corner frequencies of these effects; a filter that is not there is open."""
    highpass_hz, lowpass_hz = effects.highpass_hz, effects.lowpass_hz
    return Corners(
        OPEN_HIGHPASS_HZ if highpass_hz is None else highpass_hz,
        OPEN_LOWPASS_HZ if lowpass_hz is None else lowpass_hz,
    )


class _Filters:
    """These filters are a highpass and a lowpass, and perhaps a room, in one call: calls cost more than filters."""

    def __init__(self, sample_rate: int, room: Reverb) -> None:
        from pedalboard import Chain, HighpassFilter, LowpassFilter

        self._sample_rate = sample_rate
        self._highpass = HighpassFilter(OPEN_HIGHPASS_HZ)
        self._lowpass = LowpassFilter(0.49 * sample_rate)
        self.alone = Chain([self._highpass, self._lowpass])
        self.in_room = Chain([self._highpass, self._lowpass, room])

    def tune(self, corners: Corners) -> None:
        self._highpass.cutoff_frequency_hz = corners.highpass_hz
        # A corner at Nyquist or above has nothing to take away.
        self._lowpass.cutoff_frequency_hz = min(corners.lowpass_hz, 0.49 * self._sample_rate)


class Rack:
    """A rack is the effects of one channel as a stream, made once: filters twice over, and a room.

    Two sets of filters take turns: one sounds while the other is tuned, and every segment in which the corners move is
    a crossfade from the one to the other. The room smooths its own parameters.

    The same samples come out whatever the chunks, but for filters: at the end of each chunk JUCE rounds what is below
    1e-8 in their memory to 0, and the room makes at most ``CHUNK_ROUNDING`` of it.

    Parameters
    ----------
    sample_rate
        Hz.
    n_channels
        Of the samples, 1 or 2.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        from pedalboard import Reverb

        self._sample_rate = sample_rate
        self._reverb = Reverb(room_size=0.5, damping=_DAMPING, wet_level=0.0, dry_level=_DRY_LEVEL, width=1.0)
        self._filters = (_Filters(sample_rate, self._reverb), _Filters(sample_rate, self._reverb))
        self._tuned = [OPEN, OPEN]
        # Which of the two sounds, and which one comes in; None is neither: the sound as it is.
        self._front: int | None = None
        self._coming: int | None = None
        self._is_crossing = False
        self._n_primed = 0
        self._wet, self._room = 0.0, 0.5
        self._ringing = 0
        self._silence = np.zeros((_MAX_BLOCK_SAMPLES, n_channels), dtype=np.float32)
        for filters in self._filters:
            # Their memory is made here, not in the callback.
            self._run(filters.alone, self._silence)
            self._run(filters.in_room, self._silence)
        self._run(self._reverb, self._silence)

    @property
    def is_empty(self) -> bool:
        """Return whether sound passes as it is, to the bit."""
        return self._front is None and not self._is_crossing and not self._n_primed and not self._ringing

    @property
    def tail_samples(self) -> int:
        """Return for how many samples the rack sounds on after its input went silent, until 120 dB below."""
        if self._front is None and not self._is_crossing and not self._n_primed:
            return self._ringing
        lowest_hz = min(min(corners) for corners in self._tuned)
        return round(_TAIL_NEPERS / (2.0 * math.pi * lowest_hz) * self._sample_rate) + self._ringing

    def jump(self, corners: Corners, reverb: float, room: float) -> None:
        """Take these values at once: no sound is on its way that would show the jump."""
        self._is_crossing, self._n_primed = False, 0
        self._front = None if corners == OPEN else 0
        if self._front is not None:
            self._tune(0, corners)
        self._set_room(reverb, room)

    def begin_segment(self, corners: Corners, reverb: float, room: float) -> bool:
        """Begin a segment at whose end these values are reached; return whether anything is still on its way."""
        if self._is_crossing:
            self._front, self._is_crossing = self._coming, False
        self._set_room(reverb, room)
        front = self._front
        if corners == (OPEN if front is None else self._tuned[front]):
            self._n_primed = 0
            return False
        if corners == OPEN:
            self._coming, self._is_crossing, self._n_primed = None, True, 0
            return True
        other = 0 if front is None else 1 - front
        if self._n_primed < _PRIMING_SEGMENTS:
            self._n_primed += 1
            for one in range(2):
                if one != front:
                    self._tune(one, corners)
            return True
        self._tune(other, corners)
        self._coming, self._is_crossing = other, True
        return True

    def process(self, samples: FloatArray, done: int) -> None:
        """Put ``samples``, float32 of shape ``(n_samples, n_channels)``, through the effects, in place.

        While something moves they are part of a segment of which ``done`` samples are over.
        """
        if self._is_crossing or self._n_primed:
            np.copyto(samples, self._moving(samples, done))
            if self._wet:
                np.copyto(samples, self._run(self._reverb, samples))
        elif self._front is not None:
            filters = self._filters[self._front]
            np.copyto(samples, self._run(filters.in_room if self._wet else filters.alone, samples))
        elif self._wet:
            np.copyto(samples, self._run(self._reverb, samples))
        if self._ringing and not self._wet:
            # A room that was left rings out, so that it is empty when it is entered again.
            np.add(samples, self._run(self._reverb, self._silence[: len(samples)]), out=samples)
            self._ringing = max(0, self._ringing - len(samples))

    def _moving(self, samples: FloatArray, done: int) -> FloatArray:
        """Return the samples through filters that are primed, or give way to one another."""
        front = self._front
        heard = samples if front is None else self._run(self._filters[front].alone, samples)
        coming = samples
        for one in range(2):
            # Each hears all of it, so that it has heard what came before when its turn comes.
            if one != front and (self._n_primed or one == self._coming):
                fed = self._run(self._filters[one].alone, samples)
                coming = fed if one == self._coming else coming
        if not self._is_crossing:
            return heard
        return heard + _RISING[done : done + len(samples)] * (coming - heard)

    def _run(self, plugin: Plugin, samples: FloatArray) -> FloatArray:
        return plugin.process(samples.T, self._sample_rate, _MAX_BLOCK_SAMPLES, False).T

    def _tune(self, one: int, corners: Corners) -> None:
        if self._tuned[one] != corners:
            self._filters[one].tune(corners)
            self._tuned[one] = corners

    def _set_room(self, reverb: float, room: float) -> None:
        if reverb != self._wet:
            self._wet = self._reverb.wet_level = reverb
        if room != self._room:
            self._room = self._reverb.room_size = room
        if self._wet:
            feedback = 0.28 * self._room + 0.7
            self._ringing = round(-6.0 * _LONGEST_COMB_S / math.log10(feedback) * self._sample_rate)
