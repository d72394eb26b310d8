# SPDX-License-Identifier: GPL-3.0-or-later
"""A model elsewhere answers who plays, in real time: what is played goes out in blocks, and what comes back is laid.

It speaks as GigMate's client does: ``WS /ws/complete-audio`` takes ``{"audio", "startTime", "endTime"}``, 22,050 Hz in
one channel, blocks of half a second, and answers ``{"startTime", "endTime", "data"}``, to be heard from ``endTime`` on.
What is late of an answer is left out by the tape that it is laid on, and the latest takes the place of those before.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from typing import Any

import numpy as np

from engine.companion.band.band import BandState, BandTold, Planned
from engine.errors import PartnerLost
from engine.units import amplitude_to_db
from engine.values import FloatArray
from engine.values.guide import NO_CHORD

SAMPLE_RATE = 22_050
"""Sample rate of what is sent and of what comes back, Hz."""
BLOCK_S = 0.5
"""Length of a block, seconds."""
MOST_ANSWER_BYTES = 2**24
"""Size of the largest answer: eight seconds of numbers of twenty digits are a quarter of it."""
OPEN_S, CLOSE_S = 10.0, 1.0
MOST_WAITING = 24
"""Number of blocks that wait to be sent at most: a line that is slower is told older music no more."""
LEVEL_S = 0.4
_PATH = "/ws/complete-audio"


class Answering:
    """An answering partner stands in the place of a band (``engine.companion.band.live.Partner``).

    Parameters
    ----------
    url
        Of the server, as http://HOST:PORT.
    token
        For servers that ask for one, or "".
    """

    def __init__(self, url: str, token: str, sample_rate: int) -> None:
        import soxr

        self.sample_rate = sample_rate
        self._url = url
        self._resampler = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, dtype="float32")
        self._waiting: FloatArray = np.zeros(0, dtype=np.float32)
        self._end: int | None = None
        self._outbox: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._answers: queue.SimpleQueue[tuple[float, FloatArray]] = queue.SimpleQueue()
        self._failure: PartnerLost | None = None
        self._latest_s = -1.0
        self._n_answers = 0
        self._level_db = -120.0
        self._open = contextlib.ExitStack()
        self._socket = self._opened(token)
        self._threads = [
            threading.Thread(target=one, name=one.__name__, daemon=True) for one in (self._send, self._receive)
        ]
        for thread in self._threads:
            thread.start()

    def hear(self, samples: FloatArray, first: int) -> None:
        """Take in a piece of what is played, ``(n_frames, 2)``, from a frame of the output's tape on."""
        mono = samples.mean(axis=1)
        self._level_db = amplitude_to_db(float(np.sqrt(np.mean(np.square(mono))))) if len(mono) else -120.0
        if self._end is not None and first != self._end:
            # Something was lost: what was before is other music.
            self._waiting = self._waiting[:0]
        self._end = first + len(samples)
        self._waiting = np.concatenate([self._waiting, self._resampler.resample_chunk(mono.astype(np.float32))])
        n_block = round(BLOCK_S * SAMPLE_RATE)
        while len(self._waiting) >= n_block:
            block, self._waiting = self._waiting[:n_block], self._waiting[n_block:]
            behind_s = (len(self._waiting) + float(self._resampler.delay())) / SAMPLE_RATE
            end_s = self._end / self.sample_rate - behind_s
            audio = [round(float(one), 6) for one in block]
            text = json.dumps({"audio": audio, "startTime": end_s - BLOCK_S, "endTime": end_s})
            try:
                self._outbox.put_nowait(text)
            except queue.Full:
                continue

    def plan(self, _now: int, _margin: int) -> Planned | None:
        """Return the latest answer, once. Raises PartnerLost where the server has gone."""
        if self._failure is not None:
            raise self._failure
        latest: tuple[float, FloatArray] | None = None
        while not self._answers.empty():
            latest = self._answers.get()
        if latest is None or latest[0] <= self._latest_s:
            return None
        self._latest_s, samples = latest
        self._n_answers += 1
        return Planned(round(self._latest_s * self.sample_rate), samples)

    def told(self) -> BandTold:
        """Return what is known of the partner."""
        state = BandState.PLAYING if self._n_answers else BandState.LISTENING
        return BandTold(state, 0.0, 0, NO_CHORD, NO_CHORD, self._level_db)

    def close(self) -> None:
        """Say no more."""
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait("")
        self._open.close()
        for thread in self._threads:
            thread.join(CLOSE_S)

    def _opened(self, token: str) -> Any:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        address = f"ws{self._url.removeprefix('http')}".rstrip("/") + _PATH
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            opening = connect(
                address, additional_headers=headers, proxy=None, max_size=MOST_ANSWER_BYTES, open_timeout=OPEN_S
            )
            return self._open.enter_context(opening)
        except (OSError, WebSocketException, ValueError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> PartnerLost:
        return PartnerLost(machine=self._url, detail=str(error) or type(error).__name__)

    def _send(self) -> None:
        from websockets.exceptions import WebSocketException

        try:
            while text := self._outbox.get():
                self._socket.send(text)
        except (OSError, WebSocketException) as error:
            self._fail(error)

    def _receive(self) -> None:
        from websockets.exceptions import WebSocketException

        try:
            for text in self._socket:
                self._take(text)
        except (OSError, WebSocketException) as error:
            self._fail(error)
        else:
            self._fail(ConnectionError("it closed the connection"))

    def _take(self, text: str | bytes) -> None:
        """Take an answer; what is none, such as a sentence on a block that could not be read, is passed over."""
        try:
            said = json.loads(text)
            begins_s, data = float(said["endTime"]), np.asarray(said["data"], dtype=np.float32)
        except (ValueError, KeyError, TypeError):
            return
        if data.ndim != 1 or not np.isfinite(data).all() or not np.isfinite(begins_s):
            return
        self._answers.put((begins_s, self._fitted(data)))

    def _fitted(self, data: FloatArray) -> FloatArray:
        import soxr

        mono = soxr.resample(data, SAMPLE_RATE, self.sample_rate).astype(np.float32)
        return np.repeat(np.clip(mono, -1.0, 1.0)[:, None], 2, axis=1)

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = self._error(error)
        # Who waits for a block to send waits in vain.
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait("")
