# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for GigMate's server, for tests: the same form, with what goes on from a recording as a real WAV file.

A prediction is the recording's last second, again and again, at 32 kHz in one channel. Attributes of ``GigMateServer``
have it misbehave.
"""

from __future__ import annotations

import io
import socket
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr

from tests.standins.answering import Asked, Reply, StandInServer, told

SAMPLE_RATE = 32_000
USUAL_S = 10.0
MOST_S = 60.0


@dataclass
class Heard:
    """A recording as the server read it."""

    duration_s: float
    sample_rate: int
    asked_s: float


class GigMateServer(StandInServer):
    """The stand-in.

    Attributes
    ----------
    key
        What it asks for as LitServe does; "" takes every client.
    status
        What it answers a form with, in the place of 200.
    body
        What it answers, in the place of a prediction.
    broken_off
        Number of bytes after which it hangs up.
    length
        How much of what is asked for it plays.
    slow_s
        Seconds that a prediction takes.
    is_page
        Whether it is another server: one that has no such form, but a page.
    heard
        Recordings that came, in the order in which they did.
    """

    def __init__(self, *, key: str = "") -> None:
        super().__init__()
        self.key = key
        self.status = 200
        self.body: bytes | None = None
        self.broken_off: int | None = None
        self.length = 1.0
        self.slow_s = 0.0
        self.is_page = False
        self.heard: list[Heard] = []

    def reply(self, asked: Asked, connection: socket.socket) -> Reply | None:
        if self.is_page and asked.method == "GET":
            return Reply(200, b"<html>", "text/html")
        if self.is_page or asked.path != "/predict":
            return told(404, detail="Not Found")
        if asked.method != "POST":
            return told(405, detail="Method Not Allowed")
        return self._refused(asked) or self._answered(asked, connection)

    def _refused(self, asked: Asked) -> Reply | None:
        if self.key and asked.api_key != self.key:
            return told(401, detail="Invalid API Key. Check that you are passing a correct 'X-API-Key' in your header.")
        if "request" not in asked.files:
            return told(422, detail=[{"type": "missing", "loc": ["body", "request"], "msg": "Field required"}])
        return None

    def _answered(self, asked: Asked, connection: socket.socket) -> Reply:
        if self.slow_s:
            self.stay(connection, self.slow_s)
        if self.status != 200:
            return told(self.status, detail="CUDA out of memory")
        body = self._predicted(asked) if self.body is None else self.body
        return Reply(200, body, "audio/wav", self.broken_off)

    def _predicted(self, asked: Asked) -> bytes:
        seconds = float(asked.fields.get("output_length_in_seconds", USUAL_S))
        samples, rate = soundfile.read(io.BytesIO(asked.files["request"]), dtype="float32", always_2d=True)
        self.heard.append(Heard(len(samples) / rate, rate, seconds))
        mono = soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE)[-SAMPLE_RATE:]
        out = io.BytesIO()
        n_samples = round(min(seconds, MOST_S) * self.length * SAMPLE_RATE)
        soundfile.write(out, np.resize(mono, n_samples), SAMPLE_RATE, format="WAV", subtype="FLOAT")
        return out.getvalue()
