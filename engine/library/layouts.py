# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows the order of a file's channels, and which loudspeaker each is for.

Here they are in the order of WAV (Microsoft, ``WAVEFORMATEXTENSIBLE``): front left and right, centre, low frequencies,
back, sides. FLAC has the same (RFC 9639, section 9.1.3); Vorbis and Opus have their own (Vorbis I, 4.3.9; RFC 7845,
5.1.1.2).
"""

from __future__ import annotations

VORBIS_ORDER = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 5, 3, 4),
    7: (0, 2, 1, 6, 5, 3, 4),
    8: (0, 2, 1, 7, 5, 6, 3, 4),
}
"""Channels of a Vorbis or Opus file by number of channels: which of those each of ours is."""

USUAL_MASKS = {1: 0x4, 2: 0x3, 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x70F, 8: 0x63F}
"""Loudspeakers that FLAC, Vorbis and Opus mean by number of channels, one bit each."""


def to_vorbis(n_channels: int) -> tuple[int, ...] | None:
    """Return which channel of ours each of a Vorbis file is; None where they are in the same order."""
    order = VORBIS_ORDER.get(n_channels)
    return None if order is None else tuple(order.index(channel) for channel in range(n_channels))
