# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots as an audio process tells them, with one channel that plays."""

from __future__ import annotations

from engine.values import MIXER_CHANNELS, SILENT_CHANNEL, ChannelSnapshot, PlaybackSnapshot


def playing(channel: ChannelSnapshot = SILENT_CHANNEL, *, latency_s: float = 0.058) -> PlaybackSnapshot:
    """Return what is told where only the endless studio's channel plays, on the default device."""
    channels = (channel, *(SILENT_CHANNEL,) * (MIXER_CHANNELS - 1))
    return PlaybackSnapshot(channels, (-6.0, -6.0), (-18.0, -18.0), 0, 0.1, latency_s, "default")
