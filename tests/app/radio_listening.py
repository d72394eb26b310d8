# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener plays the MP3 stream as a player does, and knows for how long nothing was heard."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import av
import numpy as np

AUDIBLE = 1e-3
RECONNECT_S = 0.2
READ_BYTES = 1024


class RadioListener:
    """A listener decodes what comes, plays it in its time, and connects again where the stream breaks off.

    Attributes
    ----------
    heard_s
        Seconds that were heard so far.
    dead_s
        Longest time in seconds, since it was set to 0, in which nothing was heard: silence, or nothing to play.
    n_connections
        Number of times that it connected.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.heard_s = self.dead_s = 0.0
        self.n_connections = 0
        self._run_s = 0.0
        self._played_until_s: float | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._play_stream()
            self._is_over.wait(RECONNECT_S)

    def _play_stream(self) -> None:
        assert self._url.hostname is not None
        connection = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=1.0)
        with contextlib.closing(connection):
            connection.request("GET", "/stream.mp3")
            answer = connection.getresponse()
            self.n_connections += 1
            if self._played_until_s is not None:
                # A player begins anew with what comes, and leaves out the rest of what it had.
                self._played_until_s = min(self._played_until_s, time.monotonic())
            decoder: Any = av.CodecContext.create("mp3", "r")
            while not self._is_over.is_set() and (content := answer.read1(READ_BYTES)):
                for packet in decoder.parse(content):
                    with contextlib.suppress(av.FFmpegError):
                        for frame in decoder.decode(packet):
                            self._play(frame)

    def _play(self, frame: Any) -> None:
        """Play a frame after the one before it, or now where that is over."""
        now_s, length_s = time.monotonic(), frame.samples / frame.sample_rate
        until_s = now_s if self._played_until_s is None else self._played_until_s
        # Nothing was there to be played.
        self._run_s += max(0.0, now_s - until_s)
        self.dead_s = max(self.dead_s, self._run_s)
        self._played_until_s = max(until_s, now_s) + length_s
        if np.abs(frame.to_ndarray()).max() > AUDIBLE:
            self._run_s = 0.0
            self.heard_s += length_s
        else:
            self._run_s += length_s
