# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch decodes what listeners are sent, and listens whether anything is heard in it."""

from __future__ import annotations

from typing import Any

import av
import numpy as np

from engine.broadcast.forms import StreamForm

DEAD = 1e-3
"""Peak below which the air is dead: -60 dB."""


class StreamWatch:
    """A stream watch is given the bytes of a form that is decoded frame by frame (MP3).

    Attributes
    ----------
    dead_s, most_dead_s
        Seconds for which nothing was heard by now, and the longest such time.
    n_unreadable
        Frames that could not be decoded.
    """

    def __init__(self, form: StreamForm) -> None:
        self._codec: Any = av.CodecContext.create(form.name, "r")
        self.dead_s = self.most_dead_s = 0.0
        self.n_unreadable = 0

    def take(self, content: bytes) -> None:
        """Listen to the next bytes of the stream."""
        for packet in self._codec.parse(content):
            try:
                frames = self._codec.decode(packet)
            except av.FFmpegError:
                self.n_unreadable += 1
                continue
            for frame in frames:
                self._hear(np.abs(frame.to_ndarray()).max(axis=0), frame.sample_rate)

    def _hear(self, levels: Any, sample_rate: int) -> None:
        loud = np.flatnonzero(levels > DEAD)
        if len(loud):
            self.most_dead_s = max(self.most_dead_s, self.dead_s + int(loud[0]) / sample_rate)
            self.dead_s = (len(levels) - 1 - int(loud[-1])) / sample_rate
        else:
            self.dead_s += len(levels) / sample_rate
        self.most_dead_s = max(self.most_dead_s, self.dead_s)
