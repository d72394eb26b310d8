# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for jerry4loops' MagentaRT server (magenta-rt), for tests: the same ways, rules and refusals.

Its music is a click on each beat and a tone that tells the part: part ``n`` of a jam sounds at ``hz_of(n)``, and a clip
that is made at once at ``CLIP_HZ``. A jam makes parts in the moment in which they may be made: at most ``AHEAD`` beyond
the last one that it was told is heard. Switches of ``Misdeeds`` have it misbehave.
"""

from __future__ import annotations

import base64
import io
import itertools
import socket
import threading
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import soundfile

from tests.standins.answering import Asked, Reply, StandInServer, told

AHEAD = 5
"""Number of parts that are made beyond the last one that is heard, at most."""
ASKED_BY_GET = ("/jam/next", "/jam/status", "/health", "/model/config")
CLIP_HZ, CLICK_HZ, CLICK_S = 300.0, 3000.0, 0.01


def hz_of(index: int) -> float:
    """Return the pitch of a jam's part."""
    return 400.0 + 50.0 * (index % 12)


def pitch_of(samples: np.ndarray[Any, Any], rate: int) -> float:
    """Return the strongest pitch below the clicks, Hz."""
    mono = np.asarray(samples, dtype=np.float64).reshape(len(samples), -1).mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    freqs = np.fft.rfftfreq(len(mono), 1.0 / rate)
    low = freqs < CLICK_HZ / 2
    return float(freqs[low][int(np.argmax(spectrum[low]))])


@dataclass
class Misdeeds:
    """Misdeeds are all that the stand-in does otherwise than the server at its best."""

    not_yet: list[int] = field(default_factory=list)
    """Answers to the next questions for a part, 204 or 408, before it comes."""
    status: int = 0
    """Status of each answer to an order, with nothing in it."""
    off: float = 1.0
    """How much faster than asked for its music is; the tempo that it tells is that of its music."""
    is_silent_on_tempo: bool = False
    """Whether what it tells is the tempo that was asked for all the same."""
    slow_start_s: float = 0.0
    """Seconds that the beginning of a jam takes."""
    rubbish: str = ""
    """Name of what is wrong with an answer: json, base64, sound, hang-up."""
    is_template: bool = False
    """Whether it has no card and makes nothing."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """Facts of its music that are told in place of the true ones."""
    session: str = ""
    """Id of each jam, in place of one that says which."""
    token: str = ""
    """Token that a proxy in front of it asks for."""


@dataclass
class Jam:
    """A jam that runs."""

    bpm: float
    bars: int
    beats: int
    fields: dict[str, str]
    rate: int
    delivered: int = 0
    heard: int = -1
    sound: bytes = b""


class MagentaServer(StandInServer):
    """The stand-in; ``jams`` are those that run, by their ids."""

    def __init__(self, misdeeds: Misdeeds | None = None) -> None:
        super().__init__()
        self.misdeeds = misdeeds or Misdeeds()
        self.jams: dict[str, Jam] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def reply(self, asked: Asked, connection: socket.socket) -> Reply | None:
        misdeeds = self.misdeeds
        if misdeeds.token and asked.key != f"Bearer {misdeeds.token}":
            return told(401, detail="who are you?")
        url = urlparse(asked.path)
        ways = {
            "/generate": self._generate,
            "/jam/start": self._start,
            "/jam/next": self._next,
            "/jam/consume": self._consume,
            "/jam/update": self._update,
            "/jam/reseed_splice": self._reseed,
            "/jam/stop": self._stop,
            "/jam/status": self._status,
            "/health": self._health,
            "/model/config": self._config,
        }
        way = ways.get(url.path)
        if way is None or (asked.method == "GET") != (url.path in ASKED_BY_GET):
            return told(404, detail="Not Found")
        asked.fields |= {name: one[0] for name, one in parse_qs(url.query).items()}
        if misdeeds.status and asked.method == "POST":
            return told(misdeeds.status, detail="not now")
        if url.path == "/jam/start" and misdeeds.slow_start_s:
            self.stay(connection, misdeeds.slow_start_s)
        with self._lock:
            reply = way(asked)
        return _spoilt(reply, misdeeds.rubbish) if reply.status == 200 and b"audio_base64" in reply.body else reply

    def asked_for(self, path: str) -> list[Asked]:
        """Return the questions of one way, in their order."""
        return [one for one in list(self.asked) if urlparse(one.path).path == path]

    def lose(self) -> None:
        """Forget all jams, as a server does that was started again."""
        with self._lock:
            self.jams.clear()

    def _config(self, _asked: Asked) -> Reply:
        return told(200, size="base", repo="thepatch/magenta-ft", loaded=True)

    def _health(self, _asked: Asked) -> Reply:
        if self.misdeeds.is_template:
            return told(503, ok=False, status="template_mode", message="This Space is a GPU template.")
        return told(200, ok=True, status="ready", warmed=True, active_jams=len(self.jams))

    def _generate(self, asked: Asked) -> Reply:
        form = asked.fields
        if (wrong := _wrong(asked)) is not None:
            return wrong
        bars, beats = int(form.get("bars", "8")), int(form.get("beats_per_bar", "4"))
        if bars not in (4, 8):
            return told(422, detail="bars")
        bpm, rate = float(form["bpm"]) * self.misdeeds.off, _rate_of(asked.files["loop_audio"])
        n_samples = round(bars * beats * 60.0 * rate / bpm)
        said = float(form["bpm"]) if self.misdeeds.is_silent_on_tempo else bpm
        # A clip's tempo is told as a whole number.
        metadata = _metadata(round(said), bars, beats, rate, n_samples) | self.misdeeds.metadata
        return told(200, audio_base64=_sound(n_samples, rate, bpm, CLIP_HZ), metadata=metadata)

    def _start(self, asked: Asked) -> Reply:
        form = asked.fields
        if self.jams:
            return told(429, detail="A jam is already running. Try again later.")
        if (wrong := _wrong(asked)) is not None:
            return wrong
        bars = int(form.get("bars_per_chunk", "4"))
        if bars not in (4, 8):
            return told(422, detail="bars_per_chunk")
        name, sound = self.misdeeds.session or f"jam-{next(self._ids)}", asked.files["loop_audio"]
        beats = int(form.get("beats_per_bar", "4"))
        self.jams[name] = Jam(float(form["bpm"]), bars, beats, dict(form), _rate_of(sound), sound=sound)
        return told(200, session_id=name)

    def _jam(self, asked: Asked) -> Jam | None:
        return self.jams.get(str(asked.fields.get("session_id", "")))

    def _next(self, asked: Asked) -> Reply:
        jam = self._jam(asked)
        if jam is None:
            return told(404, detail="Session not found")
        if self.misdeeds.not_yet:
            status = self.misdeeds.not_yet.pop(0)
            return Reply(204, b"") if status == 204 else told(408, detail="Chunk not ready within timeout")
        if jam.delivered > jam.heard + AHEAD:
            return told(408, detail="Chunk not ready within timeout")
        index, jam.delivered = jam.delivered, jam.delivered + 1
        bpm = jam.bpm * self.misdeeds.off
        # Bounds on a clock in exact fractions, rounded.
        bar = Fraction(jam.beats * 60 * jam.rate) / Fraction(str(bpm))
        n_samples = round(bar * jam.bars * (index + 1)) - round(bar * jam.bars * index)
        said = jam.bpm if self.misdeeds.is_silent_on_tempo else bpm
        knobs = {name: float(jam.fields[name]) for name in ("guidance_weight", "temperature", "topk")}
        metadata = _metadata(said, jam.bars, jam.beats, jam.rate, n_samples) | knobs | self.misdeeds.metadata
        sound = _sound(n_samples, jam.rate, bpm, hz_of(index))
        return told(200, chunk={"index": index, "audio_base64": sound, "metadata": metadata})

    def _consume(self, asked: Asked) -> Reply:
        jam = self._jam(asked)
        if jam is None:
            return told(404, detail="Session not found")
        jam.heard = max(jam.heard, int(asked.fields["chunk_index"]))
        return told(200, consumed=jam.heard)

    def _update(self, asked: Asked) -> Reply:
        jam = self._jam(asked)
        if jam is None:
            return told(404, detail="Session not found")
        jam.fields |= asked.fields
        return told(200, ok=True)

    def _reseed(self, asked: Asked) -> Reply:
        jam = self._jam(asked)
        if jam is None:
            return told(404, detail="Session not found")
        if not asked.files.get("combined_audio"):
            return told(400, detail="No audio available to reseed from")
        if not 2 <= float(asked.fields.get("anchor_bars", "2")) <= 4:
            return told(422, detail="anchor_bars")
        jam.sound = asked.files["combined_audio"]
        return told(200, ok=True, anchor_bars=float(asked.fields.get("anchor_bars", "2")))

    def _stop(self, asked: Asked) -> Reply:
        if self.jams.pop(str(asked.fields.get("session_id", "")), None) is None:
            return told(404, detail="Session not found")
        return told(200, stopped=True)

    def _status(self, asked: Asked) -> Reply:
        jam = self._jam(asked)
        if jam is None:
            return told(404, detail="Session not found")
        return told(200, running=True, last_delivered_index=jam.delivered - 1, bpm=jam.bpm, bars_per_chunk=jam.bars)


def _wrong(asked: Asked) -> Reply | None:
    """Return the refusal of an order whose fields are none; None for one that is fine."""
    form = asked.fields
    if not asked.files.get("loop_audio"):
        return told(422, detail="loop_audio: field required")
    styles = [one for one in form.get("styles", "").split(",") if one.strip()]
    weights = [float(one) for one in form.get("style_weights", "").split(",") if one]
    bounds = {"loop_weight": (0, 1), "guidance_weight": (0, 10), "temperature": (0, 4), "topk": (0, 1024)}
    out = [name for name, (low, high) in bounds.items() if not low <= float(form.get(name, "1")) <= high]
    if not 1 <= len(styles) <= 4 or len(weights) > len(styles) or float(form.get("bpm", "0")) <= 0 or out:
        return told(422, detail=f"fields: {styles} {weights} {out}")
    return None


def _metadata(bpm: float, bars: int, beats: int, rate: int, n_samples: int) -> dict[str, Any]:
    return {
        "bpm": bpm,
        "bars": bars,
        "beats_per_bar": beats,
        "sample_rate": rate,
        "channels": 2,
        "total_samples": n_samples,
        "seconds_per_bar": beats * 60.0 / bpm,
        "loop_duration_seconds": n_samples / rate,
    }


def _rate_of(wav: bytes) -> int:
    return int(soundfile.info(io.BytesIO(wav)).samplerate)


def _sound(n_samples: int, rate: int, bpm: float, hz: float) -> str:
    at_s = np.arange(n_samples) / rate
    tone = 0.3 * np.sin(2.0 * np.pi * hz * at_s)
    click = np.where(at_s % (60.0 / bpm) < CLICK_S, 0.5 * np.sin(2.0 * np.pi * CLICK_HZ * at_s), 0.0)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone + click] * 2, axis=1), rate, format="WAV", subtype="PCM_16")
    return base64.b64encode(file.getvalue()).decode()


def _spoilt(reply: Reply, rubbish: str) -> Reply | None:
    """Return a reply as it is, or what a misdeed makes of it."""
    bodies = {
        "json": b"<html>it works!</html>",
        "base64": b'{"audio_base64": "no base64!", "chunk": {"index": 0, "audio_base64": "no base64!"}}',
        "sound": b'{"audio_base64": "UklGRg==", "chunk": {"index": 0, "audio_base64": "UklGRg=="}}',
    }
    if rubbish == "hang-up":
        return None
    return Reply(200, bodies[rubbish]) if rubbish in bodies else reply
