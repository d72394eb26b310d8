# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck's effects: filters and a room by pedalboard (JUCE), whose C++ runs without the GIL."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.values import Effects, FloatArray

if TYPE_CHECKING:
    from pedalboard import Chain, Plugin

CHUNK_ROUNDING = 1e-6
"""By so much (-120 dBFS) what filters give may depend on the chunks."""

# JUCE's reverb is Freeverb (Jezar, 2000): it doubles the dry level, feeds its combs back by room * 0.28 + 0.7, and its
# longest comb is 1617 + 23 samples at 44.1 kHz.
_DRY_LEVEL = 0.5
_LONGEST_COMB_S = (1617 + 23) / 44_100
_FILTER_TAIL_S = 0.05
_DAMPING = 0.5
_MAX_BLOCK_SAMPLES = 8192
"""Always the same: when it grows, pedalboard begins anew. Longer blocks are divided by it."""


class EffectChain:
    """One deck's effects, as a stream: highpass, lowpass, reverb, those that are there.

    Parameters
    ----------
    effects
        A reverb adds its room to the sound as it is, which keeps its level.
    sample_rate
        Hz.
    n_channels
        Of the samples, 1 or 2.

    Attributes
    ----------
    tail_s
        How long it sounds on after its input went silent, until 60 dB below.
    """

    def __init__(self, effects: Effects, sample_rate: int, n_channels: int) -> None:
        self.effects = effects
        self._sample_rate = sample_rate
        self._n_channels = n_channels
        self._board: Chain | None = None
        self.tail_s = 0.0
        if effects.highpass_hz is not None or effects.lowpass_hz is not None or effects.reverb > 0.0:
            self._build(effects)

    def _build(self, effects: Effects) -> None:
        from pedalboard import Chain, HighpassFilter, LowpassFilter, Reverb

        plugins: list[Plugin] = []
        if effects.highpass_hz is not None:
            plugins.append(HighpassFilter(cutoff_frequency_hz=effects.highpass_hz))
            self.tail_s += _FILTER_TAIL_S
        if effects.lowpass_hz is not None:
            # A corner at Nyquist or above has nothing to take away.
            corner_hz = min(effects.lowpass_hz, 0.49 * self._sample_rate)
            plugins.append(LowpassFilter(cutoff_frequency_hz=corner_hz))
            self.tail_s += _FILTER_TAIL_S
        if effects.reverb > 0.0:
            reverb = Reverb(
                room_size=effects.room, damping=_DAMPING, wet_level=effects.reverb, dry_level=_DRY_LEVEL, width=1.0
            )
            plugins.append(reverb)
            feedback = 0.28 * effects.room + 0.7
            self.tail_s += -3.0 * _LONGEST_COMB_S / math.log10(feedback)
        # One call for all of them: each costs more than a filter does.
        self._board = Chain(plugins)
        # Its memory is made here, not in the callback.
        self.reset()

    def process(self, samples: FloatArray) -> FloatArray:
        """The next samples through the effects, float32 of shape ``(n_samples, n_channels)``.

        A new array, or ``samples`` themselves where there is no effect. The same whatever the chunks, but for filters:
        at the end of each chunk JUCE rounds what is below 1e-8 in their memory to 0, and the room makes at most
        ``CHUNK_ROUNDING`` of it.
        """
        if self._board is None or not len(samples):
            return samples
        return self._board.process(samples.T, self._sample_rate, _MAX_BLOCK_SAMPLES, False).T

    def reset(self) -> None:
        """Forget what was heard."""
        if self._board is None:
            return
        self._board.reset()
        # A reset forgets the largest block, too, and a larger one than before would begin anew: that one comes first.
        silence = np.zeros((self._n_channels, _MAX_BLOCK_SAMPLES), dtype=np.float32)
        self._board.process(silence, self._sample_rate, _MAX_BLOCK_SAMPLES, False)
