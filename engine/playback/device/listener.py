# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener tells blocks and events when their samples reach the ear, not when the mixer rendered them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.playback.commands import Began, Event, TookOver
from engine.playback.device.feed import Feed
from engine.playback.mix.bus import Block
from engine.playback.mix.channel import IDLE_BLOCK, ChannelBlock
from engine.units import amplitude_to_db
from engine.values import MIXER_CHANNELS, SILENT_CHANNEL, ChannelSnapshot


@dataclass(frozen=True, slots=True)
class Heard:
    """The state heard on each channel, the levels of their sum since the last look (dBFS), and bars that are over."""

    channels: tuple[ChannelSnapshot, ...]
    peak_db: tuple[float, float]
    rms_db: tuple[float, float]
    bars: float


class Listener:
    """A listener follows a feed's mixer at the ear's delay, taking ``mixer.blocks`` and ``mixer.events``."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._mixer = feed.mixer
        self._block: Block | None = None

    def listen(self, heard_sample: int) -> Heard:
        """Return what is heard at ``heard_sample``, with the levels of every block begun since the last call."""
        blocks = self._mixer.blocks
        peaks = np.zeros(self._mixer.n_channels, dtype=np.float32)
        powers = np.zeros(self._mixer.n_channels, dtype=np.float64)
        n_samples = 0
        while blocks and blocks[0].first_sample <= heard_sample:
            block = self._block = blocks.popleft()
            np.maximum(peaks, block.peaks, out=peaks)
            powers += block.powers
            n_samples += block.n_samples
        block_now = self._block
        if block_now is None:
            return Heard((SILENT_CHANNEL,) * MIXER_CHANNELS, _pair_db(peaks), _pair_db(peaks), 0.0)
        if n_samples == 0:
            # Looked twice within one block: it still sounds.
            peaks, n_samples = block_now.peaks, block_now.n_samples
            powers = block_now.powers.astype(np.float64)
        rms = np.sqrt(powers / max(n_samples, 1))
        done = max(0, heard_sample - block_now.first_sample)
        # Where a device begins to pull, less is heard than was told while nobody did: the clock goes by what is heard.
        bars = block_now.bars_after(heard_sample - block_now.first_sample)
        return Heard(
            tuple(heard_channel(one, done) for one in block_now.channels), _pair_db(peaks), _pair_db(rms), bars
        )

    def happened(self, heard_sample: int) -> list[Event]:
        """Return events whose sample has been heard, oldest first, each once, with their frames on the tape."""
        events: list[Event] = []
        waiting = self._mixer.events
        while waiting and waiting[0][0] <= heard_sample:
            sample, event = waiting.popleft()
            if isinstance(event, Began | TookOver):
                event = replace(event, tape_frame=self._feed.tape_offset + sample)
            events.append(event)
        return events


def heard_channel(block: ChannelBlock, done: int) -> ChannelSnapshot:
    """Return what is heard on a channel when ``done`` samples of a block are over."""
    if block is IDLE_BLOCK:
        return SILENT_CHANNEL
    position = turns = 0
    if block.loop_id is not None:
        place = block.position + min(done, block.n_moved)
        position, turns = place % block.loop_samples, block.turns + place // block.loop_samples
    return ChannelSnapshot(block.loop_id, position, turns, block.incoming_id, block.fade, block.is_paused)


def _pair_db(amplitudes: npt.NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Return left and right in dBFS; a mono output counts as both."""
    return amplitude_to_db(float(amplitudes[0])), amplitude_to_db(float(amplitudes[-1]))
