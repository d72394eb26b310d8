# SPDX-License-Identifier: GPL-3.0-or-later
"""``WS /ws/complete-audio`` hears music block by block, and answers with what comes next, as GigMate does.

A client sends JSON, ``{"audio": [0.1, …], "startTime": 3.0, "endTime": 3.5}``, 22,050 Hz in one channel, on a clock of
its own; it is answered ``{"startTime": 3.5, "endTime": 3.5, "data": […]}``, to be heard from the end of what was sent
on: GigMate's player drops what is late by ``endTime``. Its client writes each sample as a list of one number. Twelve
blocks are remembered, and after each four what comes next is planned anew: by the latest, once what is played already
is done; that is never broken off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

from engine.errors import StudioError, UserError
from engine.serving.answers import Refusal, as_json
from engine.serving.desk import DeskFull
from engine.serving.door import Door, parsed
from engine.serving.limits import RateLimit, ServingLimits
from engine.serving.predictions import Predictions
from engine.serving.recordings import played_at
from engine.values import Clip, FloatArray
from engine.values.play_along import Along, AlongOrder

SAMPLE_RATE = 22_050
"""Sample rate of what is sent and of what is answered, Hz."""
MOST_BLOCKS, BETWEEN_PLANS = 12, 4
"""Number of blocks that are remembered, and of those that come between two plans."""
ANSWER_S = 8.0
"""Length of an answer, seconds."""
ORDER = AlongOrder(Along.CONTINUE, "a band", seconds=ANSWER_S, seed=1)
"""One band plays, from the first answer to the last: not in the style that the latest few seconds sound most like."""
LONGEST_BLOCK_S = 1.0
"""Length of the longest block, seconds."""
MOST_MESSAGE_BYTES = 2**19
"""Size of the largest message: a second of numbers of twenty digits."""
BLOCKS_PER_MINUTE = 1200
"""Number of messages that one client may send in a minute."""
SEND_S = 20.0
"""Seconds within which a client has to have taken an answer."""
GAP_S = 1.0
"""Seconds by which a block may be early or late, as clients tell when they were handed it; beyond is other music."""
LATEST_S = 1e12
"""Latest time of a client's clock, seconds."""
LOUDEST = 100.0
"""Largest absolute value of a sample: far beyond full scale it is no sound."""
_POLICY_VIOLATION, _TRY_AGAIN = 1008, 1013


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """A block of music, shape ``(n_samples,)``, with its end on the client's clock."""

    samples: FloatArray
    end_s: float


class Completing:
    """This part of the application answers ``WS /ws/complete-audio``."""

    def __init__(self, door: Door, predictions: Predictions, limits: ServingLimits) -> None:
        self._door, self._predictions, self._limits = door, predictions, limits
        self._n_sessions = 0

    def add_to(self, app: FastAPI) -> None:
        """Have an application answer it."""
        app.add_api_websocket_route("/ws/complete-audio", self._complete)

    async def _complete(self, socket: WebSocket) -> None:
        try:
            self._admit(socket)
        except Refusal as refusal:
            await socket.send_denial_response(refusal.response())
            return
        self._n_sessions += 1
        try:
            await socket.accept()
            await _Session(socket, self._predictions, self._limits.unheard_s).run()
        finally:
            self._n_sessions -= 1

    def _admit(self, socket: WebSocket) -> None:
        """Let a client in. Raises Refusal."""
        self._door.admit(socket)
        if self._n_sessions >= self._limits.most_played_with:
            sentence = f"{self._n_sessions} clients are played along with already."
            raise Refusal(503, "busy", sentence, retry_s=5.0)


class _Session:
    """A session plays along with one client."""

    def __init__(self, socket: WebSocket, predictions: Predictions, unheard_s: float) -> None:
        self._socket, self._predictions, self._unheard_s = socket, predictions, unheard_s
        self._rate = RateLimit(BLOCKS_PER_MINUTE)
        self._blocks: deque[Block] = deque(maxlen=MOST_BLOCKS)
        self._n_since = 0
        self._latest: tuple[Clip, float] | None = None
        self._is_due = asyncio.Event()

    async def run(self) -> None:
        """Hear and play until the client goes, or is sent away."""
        both = [asyncio.ensure_future(one) for one in (self._hear(), self._play())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            ends = await asyncio.gather(*both, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, WebSocketDisconnect | OSError):
                raise end

    async def _hear(self) -> None:
        """Take in blocks. One that cannot be read is answered with a sentence, and the next one counts."""
        while True:
            try:
                async with asyncio.timeout(self._unheard_s):
                    message = await self._socket.receive()
            except TimeoutError:
                await self._end(_TRY_AGAIN, f"Nothing was sent for {self._unheard_s:g} s.")
                return
            if message["type"] == "websocket.disconnect":
                return
            if self._rate.take("") > 0.0:
                await self._end(_POLICY_VIOLATION, f"More than {BLOCKS_PER_MINUTE} blocks a minute were sent.")
                return
            try:
                block = await asyncio.to_thread(block_in, message.get("text"))
            except ValueError as error:
                await self._tell("malformed", f"The message cannot be read: {str(error)[:200]}.")
                continue
            self._take_in(block)

    def _take_in(self, block: Block) -> None:
        begins_s = block.end_s - len(block.samples) / SAMPLE_RATE
        if self._blocks and abs(begins_s - self._blocks[-1].end_s) > GAP_S:
            self._blocks.clear()
            self._n_since = 0
        self._blocks.append(block)
        self._n_since += 1
        if self._n_since >= BETWEEN_PLANS:
            self._n_since = 0
            heard = np.concatenate([one.samples for one in self._blocks])
            self._latest = Clip(heard[:, None], SAMPLE_RATE), block.end_s
            self._is_due.set()

    async def _play(self) -> None:
        """Play what comes after the latest that was heard, again and again."""
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            assert self._latest is not None
            clip, from_s = self._latest
            try:
                made = await self._predictions.predict(clip, ORDER, needs_beat=True)
            except (UserError, DeskFull):
                # What has no beat yet, or again, is listened to on.
                continue
            except StudioError as error:
                await self._tell("failed", str(error))
                continue
            await self._send(await asyncio.to_thread(answer_of, made, from_s))

    async def _tell(self, kind: str, sentence: str) -> None:
        await self._send(as_json({"error": {"kind": kind, "fields": {}, "sentence": sentence}}))

    async def _end(self, code: int, sentence: str) -> None:
        with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
            await self._socket.close(code, sentence)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_S):
                await self._socket.send_text(text)
        except (TimeoutError, RuntimeError) as error:
            # It is gone, or does not read.
            raise WebSocketDisconnect(_POLICY_VIOLATION) from error


def block_in(text: str | None) -> Block:
    """Return the block of music in a message. Raises ValueError for what is none."""
    if text is None:
        raise ValueError("it is no text")
    said = parsed(text.encode("utf-8", "surrogatepass"))
    if not isinstance(said, dict):
        raise ValueError("it is no object with “audio”, “startTime” and “endTime”")  # noqa: TRY004 - its text is wrong
    start_s, end_s = (_time(said, name) for name in ("startTime", "endTime"))
    if end_s < start_s:
        raise ValueError("its “endTime” is before its “startTime”")
    audio = said.get("audio")
    if isinstance(audio, list):
        audio = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in audio]
    if not isinstance(audio, list) or not all(type(one) in (int, float) for one in audio):
        raise ValueError("its “audio” is no list of numbers")
    if not 1 <= len(audio) <= LONGEST_BLOCK_S * SAMPLE_RATE:
        most = round(LONGEST_BLOCK_S * SAMPLE_RATE)
        raise ValueError(f"its “audio” has {len(audio)} samples, where 1 to {most} are a block")
    if not all(-LOUDEST <= one <= LOUDEST for one in audio):
        raise ValueError("its “audio” has samples far beyond full scale")
    return Block(np.array(audio, np.float32), end_s)


def _time(said: dict[str, Any], name: str) -> float:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LATEST_S <= value <= LATEST_S:
        raise ValueError(f"its “{name}” is no time in seconds")
    return float(value)


def answer_of(made: Clip, from_s: float) -> str:
    """Return the message that says what is to be heard from a time on."""
    played = played_at(made, SAMPLE_RATE, 1)
    # A hundred thousandth of full scale is not heard.
    data = [round(float(one), 5) for one in played.samples[:, 0]]
    return as_json({"startTime": from_s, "endTime": from_s, "data": data})
