# SPDX-License-Identifier: GPL-3.0-or-later
"""From what the mixer rendered to what is heard: blocks and events are told when their samples reach the ear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.playback.commands import Stopped, TookOver
from engine.playback.mixer import Block, Mixer
from engine.units import amplitude_to_db


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard now: the leading loop with its place (mixer's rate), and levels since the last look, dBFS."""

    loop_id: int | None
    position_samples: int
    turns: int
    peak_db: tuple[float, float]
    rms_db: tuple[float, float]


class Listener:
    """Follows a mixer at the ear's delay. Takes from ``mixer.blocks`` and ``mixer.events``, in one thread."""

    def __init__(self, mixer: Mixer) -> None:
        self._mixer = mixer
        self._block: Block | None = None

    def listen(self, heard_sample: int) -> Heard:
        """What is heard at ``heard_sample``, with the levels of every block begun since the last call."""
        blocks = self._mixer.blocks
        peaks = np.zeros(self._mixer.n_channels, dtype=np.float32)
        powers = np.zeros(self._mixer.n_channels, dtype=np.float64)
        n_samples = 0
        while blocks and blocks[0].first_sample <= heard_sample:
            block = self._block = blocks.popleft()
            np.maximum(peaks, block.peaks, out=peaks)
            powers += block.powers
            n_samples += block.n_samples
        if n_samples == 0 and self._block is not None:
            # Looked twice within one block: it still sounds.
            peaks, n_samples = self._block.peaks, self._block.n_samples
            powers = self._block.powers.astype(np.float64)
        rms = np.sqrt(powers / max(n_samples, 1))
        loop_id, position, turns = None, 0, 0
        if self._block is not None and self._block.loop_id is not None:
            block, loop_id = self._block, self._block.loop_id
            place = block.position + max(0, min(heard_sample - block.first_sample, block.n_samples))
            position, turns = place % block.loop_samples, block.turns + place // block.loop_samples
        return Heard(loop_id, position, turns, _pair_db(peaks), _pair_db(rms))

    def happened(self, heard_sample: int) -> list[TookOver | Stopped]:
        """Events whose sample has been heard, oldest first, each once."""
        events, due = self._mixer.events, []
        while events and events[0][0] <= heard_sample:
            due.append(events.popleft()[1])
        return due


def _pair_db(amplitudes: npt.NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Left and right in dBFS; a mono output is both."""
    return amplitude_to_db(float(amplitudes[0])), amplitude_to_db(float(amplitudes[-1]))
