# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for infinifi's inference server, for tests: the same contract, with real MP3 files as its clips.

An order makes five clips, each with a tone of its own; meanwhile a second order is answered with 409, and a question
for a clip with 404. Attributes of ``InfinifiServer`` have it misbehave.
"""

from __future__ import annotations

import io
import socket
import threading
from functools import lru_cache

import numpy as np
import soundfile

from tests.standins.answering import Asked, Reply, StandInServer, told

SAMPLE_RATE = 32_000
TONES_HZ = (220.0, 330.0, 440.0, 550.0, 660.0)


@lru_cache
def mp3(tone_hz: float, seconds: float) -> bytes:
    """Return a tone that swells with its batch, as an MP3 file."""
    at_s = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    file = io.BytesIO()
    soundfile.write(
        file, 0.5 * np.sin(2.0 * np.pi * tone_hz * at_s), SAMPLE_RATE, format="MP3", subtype="MPEG_LAYER_III"
    )
    return file.getvalue()


class InfinifiServer(StandInServer):
    """The stand-in.

    Attributes
    ----------
    key
        What it asks for; "" takes every client.
    clip_s
        Seconds that a clip lasts.
    n_not_yet
        How many questions for a clip come too early, after each order.
    is_busy
        Whether it makes clips for another client when it is asked.
    faults
        Statuses of the next answers to questions for a clip, in their place.
    spoilt
        Numbers of clips that are no MP3 files.
    lost
        Numbers of clips that are not there.
    keeps_old
        Whether it gives the batch before while it makes the next, in the place of 404.
    is_page
        Whether it is infinifi's own web server, which knows no order.
    """

    def __init__(self, *, key: str = "", clip_s: float = 4.0, n_not_yet: int = 2) -> None:
        super().__init__()
        self.key = key
        self.clip_s = clip_s
        self.n_not_yet = n_not_yet
        self.is_busy = False
        self.faults: list[int] = []
        self.spoilt: set[int] = set()
        self.lost: set[int] = set()
        self.keeps_old = False
        self.is_page = False
        self.slow_s = 0.0
        self.n_batches = 0
        self._left = 0
        self._lock = threading.Lock()

    def reply(self, asked: Asked, connection: socket.socket) -> Reply | None:
        if self.slow_s:
            self.stay(connection, self.slow_s)
        with self._lock:
            if self.is_page:
                return told(405, detail="Method Not Allowed")
            if self.key and asked.key != f"key {self.key}":
                return told(401, detail="Unauthorized")
            if asked.method != "POST":
                return told(405, detail="Method Not Allowed")
            if asked.path == "/generate":
                return self._order()
            name, _, number = asked.path.removeprefix("/").partition("/")
            if name != "clips" or not number.isdigit() or int(number) >= len(TONES_HZ):
                return told(404, detail="Not Found")
            return self._clip(int(number))

    def _order(self) -> Reply:
        if self.is_busy:
            self.is_busy = False
            self.n_batches += 1
            self._left = self.n_not_yet
        elif self._left == 0:
            self.n_batches += 1
            self._left = self.n_not_yet
            return told(200)
        return told(409, detail="Conflict")

    def _clip(self, number: int) -> Reply:
        if self.faults:
            return told(self.faults.pop(0), detail="out of memory")
        batch = self.n_batches
        if self._left > 0:
            self._left -= 1
            batch -= 1
            if not self.keeps_old:
                return told(404, detail="Not Found")
        if batch <= 0 or number in self.lost:
            return told(404, detail="Not Found")
        data = b"no music" if number in self.spoilt else mp3(TONES_HZ[number] + batch, self.clip_s)
        return Reply(200, data, "audio/mpeg")
