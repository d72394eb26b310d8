# SPDX-License-Identifier: GPL-3.0-or-later
"""This speaker talks with a GigMate server, which listens to a recording and plays what comes next.

Facts of that server it is built on: ``POST /predict`` takes a form with a sound file as ``request`` and a length as
``output_length_in_seconds``, and answers with a WAV file, 32 kHz mono, of the prediction alone; its model hears the
last twenty seconds or so; nothing else of a request reaches it, and it tells no progress, tempo or seed. It has no
question that asks what it is: that the address of the form refuses to be read says so. LitServe, which it runs on,
takes a key as “X-API-Key”; “infiniloop serve”, which answers the same form, takes it as a bearer.
"""

from __future__ import annotations

import io
import math

import numpy as np
import soundfile

from engine.errors import NothingToContinue
from engine.generators.base import Generation, finished
from engine.generators.capabilities import Capabilities, Limits, Takes
from engine.generators.remote.asking import BUSY, UNAUTHORISED, Line, progressing
from engine.generators.remote.received import received_clip
from engine.generators.remote.speaker import Machine, Offer
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

TITLE = "GigMate"
SHORTEST_S, LONGEST_S = 1.0, 30.0
"""Lengths that are asked for, seconds."""
SAMPLE_RATE = 32_000
"""Sample rate of what it plays, Hz."""
HEARD_S = 60.0
"""Seconds of the recording's end that are sent: its model hears a third of them, and others more."""
LEAST_HEARD_S = 20.0
"""Seconds of a loop that are sent at least, turn after turn, as it is heard."""

ASKED_S = 20.0
"""Seconds within which the server says that it is there."""
MAKING_S = 600.0
"""Seconds within which a clip has to be there: at the first one the model may have to be loaded."""
MOST_BYTES = 2**26
"""Size of the largest answer: half a minute of stereo in 32 bits at 192 kHz is two thirds of it."""
_FORM = "/predict"
_NO_READING = 405


class GigMateSpeaker:
    """This speaker asks one server."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def capabilities(self) -> Offer:
        with self._line() as line:
            answer = finished(line.ask("GET", _FORM, limit_s=ASKED_S, most_bytes=MOST_BYTES, unread=True))
            if answer.status in (*UNAUTHORISED, *BUSY) or answer.status >= 500:
                raise line.refusal(answer)
            if answer.status != _NO_READING:
                raise line.not_spoken(f"HTTP {answer.status} to {_FORM}")
        capabilities = Capabilities(
            min_duration_s=SHORTEST_S,
            max_duration_s=LONGEST_S,
            sample_rate=SAMPLE_RATE,
            n_channels=1,
            takes=Takes(continue_from=True),
            limits=Limits(load_s=MAKING_S),
        )
        return Offer(TITLE, capabilities)

    def submit(self, request: ClipRequest, _offer: Offer, /) -> Generation:
        if request.continue_from is None:
            raise NothingToContinue(generator=TITLE)
        yield Progress(request.job_id, None, "generating")
        with self._line() as line:
            asked = line.ask(
                "POST",
                _FORM,
                limit_s=MAKING_S,
                most_bytes=MOST_BYTES,
                files={"request": ("recording.wav", heard_wav(request.continue_from), "audio/wav")},
                data={"output_length_in_seconds": f"{request.duration_s:g}"},
            )
            answer = yield from progressing(asked, request.job_id, "generating")
            if not answer.is_fine:
                raise line.refusal(answer)
        whole = received_clip(answer.body, self._machine, longest_s=2.0 * LONGEST_S)
        clip = Clip(whole.samples[: round(request.duration_s * whole.sample_rate)], whole.sample_rate)
        return ClipResult(request.job_id, clip, MusicFacts(), seed=None, versions={TITLE: "its own model"})

    def _line(self) -> Line:
        token = self._machine.token
        return Line(self._machine, TITLE, {"Authorization": f"Bearer {token}", "X-API-Key": token} if token else {})


def heard_wav(clip: Clip) -> bytes:
    """Return the end of a clip as the WAV file that is sent, no louder than full scale; one that wraps is repeated."""
    n_turns = math.ceil(LEAST_HEARD_S / clip.duration_s) if clip.wraps else 1
    samples = np.tile(clip.samples, (n_turns, 1))[-round(HEARD_S * clip.sample_rate) :]
    peak = float(np.abs(samples).max())
    file = io.BytesIO()
    soundfile.write(file, samples / max(peak, 1.0), clip.sample_rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
