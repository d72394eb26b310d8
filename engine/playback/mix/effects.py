# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel's effects can be moved as they play: filters, a delay in beats, a room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.playback.mix.delay import Delay, Echoes
from engine.playback.mix.filters import OPEN, Corners, Filters
from engine.values import FloatArray

if TYPE_CHECKING:
    from pedalboard import Plugin

# JUCE's reverb is Freeverb (Jezar, 2000): it doubles the dry level, feeds its combs back by room * 0.28 + 0.7, and its
# longest comb is 1617 + 23 samples at 44.1 kHz.
_DRY_LEVEL = 0.5
_LONGEST_COMB_S = (1617 + 23) / 44_100
_DAMPING = 0.5
_MAX_BLOCK_SAMPLES = 8192
"""Largest block of pedalboard, samples, always the same: when it grows, it begins anew. Longer ones are divided."""


class RackSettings(NamedTuple):
    """The settings of a rack: the filters' corners, the delay's echoes, how much room there is and how large it is."""

    corners: Corners = OPEN
    echoes: Echoes = Echoes()
    reverb: float = 0.0
    room: float = 0.5


class Rack:
    """A rack is the effects of one channel as a stream, made once: filters, then a delay, then a room.

    The room is pedalboard's (JUCE), whose C++ runs without the GIL, and smooths its own parameters. The same samples
    come out whatever the chunks.

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
        self._filters = Filters(sample_rate, n_channels)
        self._delay = Delay(sample_rate, n_channels)
        self._reverb = Reverb(room_size=0.5, damping=_DAMPING, wet_level=0.0, dry_level=_DRY_LEVEL, width=1.0)
        self._wet, self._room = 0.0, 0.5
        self._ringing = 0
        self._silence = np.zeros((_MAX_BLOCK_SAMPLES, n_channels), dtype=np.float32)
        # Its memory is made here, not in the callback.
        self._run(self._reverb, self._silence)

    @property
    def is_empty(self) -> bool:
        """Return whether sound passes as it is, to the bit."""
        return self._filters.is_open and self._delay.is_empty and not self._ringing

    @property
    def tail_samples(self) -> int:
        """Return for how many samples the rack sounds on after its input went silent, until 120 dB below."""
        return self._filters.tail_samples + self._delay.tail_samples + self._ringing

    def jump(self, settings: RackSettings) -> None:
        """Take these settings at once: no sound is on its way that would show the jump."""
        self._filters.jump(settings.corners)
        self._delay.jump(settings.echoes)
        self._set_room(settings.reverb, settings.room)

    def begin_segment(self, settings: RackSettings) -> bool:
        """Begin a segment at whose end these settings are reached; return whether anything is still on its way."""
        moves = self._filters.begin_segment(settings.corners)
        if self._delay.moves_to(settings.echoes):
            moves = self._delay.begin_segment(settings.echoes) or moves
        self._set_room(settings.reverb, settings.room)
        return moves

    def rings_otherwise(self, settings: RackSettings) -> bool:
        """Return whether what comes after the filters is set otherwise, or moves."""
        is_same = settings.reverb == self._wet and settings.room == self._room
        return not is_same or self._delay.moves_to(settings.echoes)

    @property
    def ring_moves(self) -> bool:
        """Return whether what comes after the filters moves in this segment."""
        return self._delay.is_moving

    def process(self, samples: FloatArray, done: int) -> None:
        """Put ``samples``, float32 of shape ``(n_samples, n_channels)``, through the effects, in place.

        While something moves they are part of a segment of which ``done`` samples are over.
        """
        self.filter(samples, done)
        self.ring(samples, done)

    def filter(self, samples: FloatArray, done: int) -> None:
        """Do the first half of ``process``."""
        if not self._filters.is_open:
            self._filters.process(samples, done)

    def ring(self, samples: FloatArray, done: int) -> None:
        """Do the second half of ``process``."""
        if not self._delay.is_empty:
            self._delay.process(samples, done)
        if self._wet:
            np.copyto(samples, self._run(self._reverb, samples))
        elif self._ringing:
            # A room that was left rings out, so that it is empty when it is entered again.
            n = min(self._ringing, len(samples))
            np.add(samples[:n], self._run(self._reverb, self._silence[:n]), out=samples[:n])
            self._ringing -= n

    def _run(self, plugin: Plugin, samples: FloatArray) -> FloatArray:
        return plugin.process(samples.T, self._sample_rate, _MAX_BLOCK_SAMPLES, False).T

    def _set_room(self, reverb: float, room: float) -> None:
        if reverb != self._wet:
            self._wet = self._reverb.wet_level = reverb
        if room != self._room:
            self._room = self._reverb.room_size = room
        if self._wet:
            feedback = 0.28 * self._room + 0.7
            self._ringing = round(-6.0 * _LONGEST_COMB_S / math.log10(feedback) * self._sample_rate)
