# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what crosses the line to a MagentaRT server: its questions, and its answers as clips.

Facts of that server it is built on: sound goes there in a form and comes back as a WAV file in base64 within JSON; one
jam runs at a time, and another is refused with HTTP 429; its next part is waited for (204 or 408: not yet), and asked
for with 404 where its jam has ended; it makes a few parts ahead of the last one that it was told is heard.
"""

from __future__ import annotations

import base64
import binascii
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile

from engine.errors import RemoteBusy
from engine.generators.remote.asking import Answer, Line, Wait
from engine.generators.remote.magenta_wanted import TITLE, Knobs, Terms
from engine.generators.remote.received import received_clip
from engine.generators.remote.speaker import Machine
from engine.values import Clip

MAKING_S = 600.0
"""Seconds within which a first clip has to be there: the server may download its model."""
PART_S = 120.0
"""Seconds within which the next part of a jam has to be there."""
STATUS_S, TOLD_S = 10.0, 30.0
"""Seconds within which the server says how it is, and takes what it is told."""
NOT_YET_REST_S: Mapping[int, float] = {204: 1.0, 408: 2.0}
"""Seconds until a part is asked for again that is not made yet, by the answer that says so."""
GONE, RUNS_ALREADY = 404, 429
LONGEST_S = 200.0
"""Length of the longest clip that is taken from a server, seconds."""
LONGEST_SOUND_S = 30.0
"""Length of the longest sound that is sent there, seconds: it listens to its last ten."""
MOST_ID = 200
"""Number of characters of the longest id of a jam."""
MOST_BYTES, MOST_STATUS_BYTES = 2**26, 2**20
"""Sizes of the largest answers, with and without a clip."""


@dataclass(frozen=True, eq=False, slots=True)
class Made:
    """A clip that the server made, as long as it came, what it told of it, and its number within a jam."""

    clip: Clip
    told: Mapping[str, Any]
    index: int = 0


class JamGone(Exception):
    """The server knows nothing of the jam that it was asked about."""


class MagentaServer:
    """A server at the other end of a line."""

    def __init__(self, line: Line, machine: Machine) -> None:
        self._line, self._machine = line, machine

    def check(self) -> Wait[None]:
        """Ask whether it is a MagentaRT server and ready. Raises RemoteError."""
        answer = yield from self._line.ask("GET", "/health", limit_s=STATUS_S, most_bytes=MOST_STATUS_BYTES)
        told = answer.told()
        if told.get("ok") is False:
            raise self._line.failed(f"it is not ready: {_words(told)}")
        if not answer.is_fine:
            raise self._line.refusal(answer)
        if told.get("ok") is not True:
            raise self._line.not_spoken(f"it is not the server of {TITLE}")

    def model(self) -> Wait[str]:
        """Return what it calls its model; "" where it does not say."""
        answer = yield from self._line.ask("GET", "/model/config", limit_s=STATUS_S, most_bytes=MOST_STATUS_BYTES)
        told = answer.told() if answer.is_fine else {}
        return next((str(told[name]) for name in ("repo", "size") if isinstance(told.get(name), str)), "")

    def clip(self, sound: Clip, terms: Terms, knobs: Knobs) -> Wait[Made]:
        """Have one clip made that goes on from a sound. Raises RemoteError."""
        fields = {
            "bpm": f"{terms.bpm:g}",
            "bars": str(terms.chunk_bars),
            "beats_per_bar": str(terms.beats_per_bar),
            **knobs.style_fields(),
            **knobs.chance_fields(),
        }
        answer = yield from self._form("/generate", fields, sound=("loop_audio", sound), limit_s=MAKING_S)
        if not answer.is_fine:
            raise self._line.refusal(answer)
        return self._made(answer.told(), answer)

    def start(self, sound: Clip, terms: Terms, knobs: Knobs) -> Wait[str]:
        """Begin a jam that goes on from a sound, and return its id. Raises RemoteBusy where another one runs."""
        fields = {
            "bpm": f"{terms.bpm:g}",
            "bars_per_chunk": str(terms.chunk_bars),
            "beats_per_bar": str(terms.beats_per_bar),
            **knobs.style_fields(),
            **knobs.chance_fields(),
        }
        answer = yield from self._form("/jam/start", fields, sound=("loop_audio", sound), limit_s=MAKING_S)
        if answer.status == RUNS_ALREADY:
            raise RemoteBusy(machine=self._machine.place, detail="it plays one jam at a time, and another one runs")
        if not answer.is_fine:
            raise self._line.refusal(answer)
        session = answer.told().get("session_id")
        if not isinstance(session, str) or not 0 < len(session) <= MOST_ID or not session.isprintable():
            raise self._line.failed("it began a jam and did not say which")
        return session

    def next(self, session: str) -> Wait[Made]:
        """Return the next part of a jam, once it is made. Raises JamGone, RemoteError."""
        path = "/jam/next"
        ends_s = time.monotonic() + PART_S
        while True:
            answer = yield from self._line.ask(
                "GET", path, limit_s=PART_S, most_bytes=MOST_BYTES, params={"session_id": session}
            )
            if answer.status == GONE:
                raise JamGone
            if answer.status not in NOT_YET_REST_S:
                break
            # The server itself waits for a while before it says so.
            if time.monotonic() > ends_s:
                raise self._line.failed(f"the next part of its jam was not made within {PART_S:.0f} s")
            yield from self._line.rest(NOT_YET_REST_S[answer.status])
        if not answer.is_fine:
            raise self._line.refusal(answer)
        chunk = answer.told().get("chunk")
        return self._made(chunk if isinstance(chunk, dict) else {}, answer)

    def consume(self, session: str, index: int) -> Wait[None]:
        """Tell which part of a jam is heard. Raises JamGone, RemoteError."""
        yield from self._tell("/jam/consume", {"session_id": session, "chunk_index": str(index)})

    def update(self, session: str, before: Knobs, now: Knobs) -> Wait[None]:
        """Turn those knobs of a jam that have changed. Raises JamGone, RemoteError."""
        styles = now.style_fields() if now.style_fields() != before.style_fields() else {}
        if styles and now.loop_weight > 0.0:
            # Without, nothing of the sound would be left among the styles.
            styles["use_current_mix_as_style"] = "true"
        old = before.chance_fields()
        changed = {name: value for name, value in now.chance_fields().items() if old[name] != value}
        if styles or changed:
            yield from self._tell("/jam/update", {"session_id": session, **changed, **styles})

    def reseed(self, session: str, sound: Clip, anchor_bars: int) -> Wait[None]:
        """Have a jam go on from another sound after its next part. Raises JamGone, RemoteError."""
        fields = {"session_id": session, "anchor_bars": str(anchor_bars)}
        yield from self._tell("/jam/reseed_splice", fields, sound=("combined_audio", sound))

    def stop(self, session: str) -> Wait[None]:
        """End a jam; nothing where it has ended. Raises RemoteError."""
        yield from self._line.ask(
            "POST", "/jam/stop", limit_s=STATUS_S, most_bytes=MOST_STATUS_BYTES, json={"session_id": session}
        )

    def _tell(self, path: str, fields: Mapping[str, str], *, sound: tuple[str, Clip] | None = None) -> Wait[None]:
        answer = yield from self._form(path, fields, sound=sound, limit_s=TOLD_S)
        if answer.status == GONE:
            raise JamGone
        if not answer.is_fine:
            raise self._line.refusal(answer)

    def _form(
        self, path: str, fields: Mapping[str, str], *, sound: tuple[str, Clip] | None = None, limit_s: float
    ) -> Wait[Answer]:
        # A part without a file name is a field of the form.
        parts: dict[str, tuple[str | None, str | bytes] | tuple[str, bytes, str]] = {}
        if sound is not None:
            parts[sound[0]] = ("loop.wav", wav_of(sound[1]), "audio/wav")
        parts |= {name: (None, value) for name, value in fields.items()}
        return (yield from self._line.ask("POST", path, limit_s=limit_s, most_bytes=MOST_BYTES, files=parts))

    def _made(self, told: Mapping[str, Any], answer: Answer) -> Made:
        text, metadata, index = told.get("audio_base64"), told.get("metadata"), told.get("index", 0)
        if not isinstance(text, str) or not isinstance(index, int):
            raise self._line.failed(f"its answer holds no clip {answer.complaint()}".rstrip())
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._line.failed("its clip is not written in base64") from error
        clip = received_clip(data, self._machine, longest_s=LONGEST_S)
        return Made(clip, metadata if isinstance(metadata, dict) else {}, index)


def wav_of(clip: Clip) -> bytes:
    """Return the end of a clip as the WAV file that is gone on from, in stereo at its own rate."""
    n_samples = round(LONGEST_SOUND_S * clip.sample_rate)
    samples = clip.samples[-n_samples:]
    if samples.shape[1] == 1:
        samples = np.repeat(samples, 2, axis=1)
    peak = float(np.abs(samples).max(initial=0.0))
    file = io.BytesIO()
    soundfile.write(file, samples / max(peak, 1.0), clip.sample_rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _words(told: Mapping[str, Any]) -> str:
    words = told.get("message") or told.get("status") or "it does not say why"
    return f"“{words}”" if isinstance(words, str) else "it does not say why"
