# SPDX-License-Identifier: GPL-3.0-or-later
"""``POST /predict`` takes a recording and answers with what comes next, as GigMate does.

The form's file ``request`` is the recording, its field ``output_length_in_seconds`` says for how long is played; the
answer is a WAV file, 32 kHz mono, of what is played alone. Further fields are this program's own.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response

from engine.errors import Cancelled, OutOfRange, PromptTooLong, StudioError, UnknownChoice, UserError, WrongKind
from engine.generators.delivered import HIGHEST_RATE, LOWEST_RATE
from engine.generators.requests import MAX_PROMPT_CHARACTERS
from engine.generators.standard import SEED
from engine.generators.wire.failures import failure_as_dict
from engine.generators.wire.sounds import WAV, sound_bytes
from engine.serving.answers import Refusal
from engine.serving.desk import DeskFull
from engine.serving.door import Door
from engine.serving.forms import SentForm, form_in
from engine.serving.predictions import Predictions
from engine.serving.recordings import played_at, recording_in
from engine.units import seconds_to_samples
from engine.values import Clip, Layer
from engine.values.play_along import CONTINUE_S, Along, AlongOrder

SAMPLE_RATE, N_CHANNELS, USUAL_S = 32_000, 1, 10.0
"""Rate in Hz, channels and seconds of what is played, where nothing else is asked for."""
MODES = {Along.CONTINUE: CONTINUE_S, Along.ACCOMPANY: (1.0, 240.0)}
"""Ways to play along, and the lengths that can be asked for of each, seconds."""
HEARD_S = 60.0
"""Seconds of the recording that are listened to, before what is to come or from its start."""
N_READ_AT_ONCE = 2
"""Number of recordings that are decoded at a time: each takes memory."""
RECORDING, LENGTH = "request", "output_length_in_seconds"
"""Names of the form's file and of its field for the length: GigMate's."""
_FIELDS: dict[str, dict[str, Any]] = {
    LENGTH: {
        "type": "number",
        "default": USUAL_S,
        "minimum": CONTINUE_S[0],
        "maximum": MODES[Along.ACCOMPANY][1],
        "description": "How long is played; what accompanies a recording lasts as long as that where nothing is said",
    },
    "mode": {
        "type": "string",
        "enum": [str(one) for one in MODES],
        "default": str(Along.CONTINUE),
        "description": "Whether what comes next is played, or what goes with the recording’s own bars",
    },
    "sample_rate": {"type": "integer", "default": SAMPLE_RATE, "minimum": LOWEST_RATE, "maximum": HIGHEST_RATE},
    "channels": {"type": "integer", "default": N_CHANNELS, "minimum": 1, "maximum": 2},
    "style": {"type": "string", "description": "Words for how it is played, as “dusty lofi”"},
    "parts": {"type": "string", "description": "What plays, as “drums, bass”; everything where nothing is said"},
    "seed": {"type": "integer", "description": "The same seed plays the same with the same recording"},
}
_DESCRIBED = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [RECORDING],
                    "properties": {
                        RECORDING: {
                            "type": "string",
                            "format": "binary",
                            "description": "The recording: WAV, FLAC, OGG or MP3",
                        },
                        **_FIELDS,
                    },
                    "additionalProperties": False,
                }
            }
        },
    },
    "responses": {"200": {"description": "What is played", "content": {WAV: {}}}},
}


@dataclass(frozen=True, eq=False, slots=True)
class Wanted:
    """This is what a form asks for."""

    recording: Clip
    order: AlongOrder
    sample_rate: int = SAMPLE_RATE
    n_channels: int = N_CHANNELS


class Predict:
    """This part of the application answers ``POST /predict``."""

    def __init__(self, door: Door, predictions: Predictions) -> None:
        self._door, self._predictions = door, predictions
        self._reading = asyncio.Semaphore(N_READ_AT_ONCE)

    def add_to(self, app: FastAPI) -> None:
        """Have an application answer it."""
        app.add_api_route("/predict", self._predict, methods=["POST"], openapi_extra=_DESCRIBED)

    async def _predict(self, request: Request) -> Response:
        """Play what comes after a recording, or goes with it, as GigMate’s server does; the answer is a WAV file."""
        self._door.admit(request)
        self._door.count(request)
        if self._predictions.is_full:
            raise _busy()
        body = await self._door.body(request)
        try:
            async with self._reading:
                wanted = await asyncio.to_thread(wanted_in, body, request.headers.get("content-type", ""))
            del body
            made = await self._played(request, wanted)
            return await asyncio.to_thread(_answer, made, wanted)
        except UserError as error:
            raise Refusal.of(error) from error
        except ValueError as error:
            raise Refusal(400, "malformed", f"The request cannot be read: {str(error)[:200]}.") from error
        except DeskFull:
            raise _busy() from None
        except (Cancelled, asyncio.CancelledError):
            # The server's own end, for which nothing else is asked: a cancel would be logged as a fault.
            raise Refusal(503, "busy", "This machine is about to end.") from None
        except StudioError as error:
            refusal = Refusal(500, "", str(error))
            refusal.error = failure_as_dict(error)
            raise refusal from error

    async def _played(self, request: Request, wanted: Wanted) -> Clip:
        """Return what is played. Nothing is, once the client has gone while others were served."""
        playing = asyncio.ensure_future(self._predictions.predict(wanted.recording, wanted.order))
        leaving = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                raise Refusal(499, "gone", "The client has gone.")
            return playing.result()
        finally:
            for one in (playing, leaving):
                one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await leaving


async def _gone(request: Request) -> None:
    """Return once the client has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _busy() -> Refusal:
    return Refusal(503, "busy", "As many recordings wait already as may.", retry_s=5.0)


def wanted_in(body: bytes, content_type: str) -> Wanted:
    """Return what a form asks for. Raises ValueError for what is none, UserError for what cannot be asked."""
    form = form_in(body, content_type)
    _check_names(form)
    fields = form.fields
    mode = _mode(fields.get("mode", str(Along.CONTINUE)))
    style = fields.get("style", "")
    if len(style) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLong(n_characters=len(style), limit=MAX_PROMPT_CHARACTERS)
    parts = Layer.named(fields["parts"]) if "parts" in fields else Layer.EVERYTHING
    seed = _whole("seed", fields["seed"], 0, int(SEED.high)) if "seed" in fields else None
    asked_s = _seconds(fields[LENGTH], *MODES[mode]) if LENGTH in fields else None
    sample_rate = _whole("sample_rate", fields.get("sample_rate", str(SAMPLE_RATE)), LOWEST_RATE, HIGHEST_RATE)
    n_channels = _whole("channels", fields.get("channels", str(N_CHANNELS)), 1, 2)
    if mode is Along.CONTINUE:
        recording, seconds = recording_in(form.files[RECORDING], from_end_s=HEARD_S), asked_s or USUAL_S
    else:
        _, most_s = MODES[mode]
        recording = recording_in(form.files[RECORDING], from_start_s=max(asked_s or most_s, HEARD_S))
        seconds = min(asked_s or most_s, recording.duration_s)
    return Wanted(recording, AlongOrder(mode, style, parts, seconds, seed=seed), sample_rate, n_channels)


def _check_names(form: SentForm) -> None:
    if RECORDING not in form.files:
        raise ValueError(f"its file “{RECORDING}”, the recording, is missing")
    for name in (*form.fields, *form.files):
        if name not in _FIELDS and not (name == RECORDING and name in form.files):
            raise UnknownChoice(name="field of the form", value=name[:80], choices=", ".join((RECORDING, *_FIELDS)))
    if extra := set(form.files) - {RECORDING}:
        raise ValueError(f"“{extra.pop()[:40]}” is no file")


def _mode(text: str) -> Along:
    if text not in MODES:
        raise UnknownChoice(name="mode", value=text[:40], choices=", ".join(MODES))
    return Along(text)


def _seconds(text: str, low: float, high: float) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise WrongKind(name=LENGTH, value=text[:40], kind="a number of seconds") from None
    if not low <= seconds <= high:
        raise OutOfRange(name=LENGTH, value=f"{seconds:g}", low=f"{low:g}", high=f"{high:g}")
    return seconds


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise WrongKind(name=name, value=text[:40], kind="a whole number")
    if not low <= int(text) <= high:
        raise OutOfRange(name=name, value=text, low=low, high=high)
    return int(text)


def _answer(made: Clip, wanted: Wanted) -> Response:
    n_samples = seconds_to_samples(wanted.order.seconds, made.sample_rate)
    made = Clip(made.samples[:n_samples], made.sample_rate)
    content = sound_bytes(played_at(made, wanted.sample_rate, wanted.n_channels))
    return Response(content, media_type=WAV, headers={"Content-Disposition": 'attachment; filename="prediction.wav"'})
