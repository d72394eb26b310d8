# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAND-IN for jerry4loops' Stable Audio server (stable-audio-api), for tests: the same ways, rules and faults.

It makes a plain pulse at the tempo of the prompt, of a pitch that the seed chooses. Switches of ``JerryServer`` have it
misbehave: ``mended`` is the one that takes a fault away, the variable that is used before it is set.
"""

from __future__ import annotations

import base64
import io
import re
import socket
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from tests.standins.answering import Asked, Reply, StandInServer, told

UNSET = "cannot access local variable 'max_duration' where it is not associated with a value"
NEGATIVE = {
    "drums": "melody, harmony, pitched instruments, vocals, singing",
    "instruments": "drums, percussion, kick, snare, hi-hat",
}


@dataclass
class Misdeeds:
    """Misdeeds are all that the stand-in does otherwise than the server at its best."""

    mended: bool = False
    """Whether loops whose bars are given are made."""
    fails: str = ""
    """Words of an error that each clip ends with."""
    status: int = 0
    """Status of each answer to an order, with no clip in it."""
    slow_s: float = 0.0
    """Seconds that each clip takes."""
    rubbish: str = ""
    """Name of what is wrong with an answer: json, base64, sound, none, cut, hang-up, huge, short, channels."""
    is_old: bool = False
    """Whether it knows no /models/status."""
    has_no_model: bool = False
    """Whether its model cannot be loaded."""
    token: str = ""
    """Token that a proxy in front of it asks for."""


class JerryServer(StandInServer):
    """The stand-in; ``sample_size`` and ``sample_rate`` are those of its model."""

    def __init__(self, misdeeds: Misdeeds | None = None, *, sample_size: int = 524_288, sample_rate: int = 44_100):
        super().__init__()
        self.misdeeds = misdeeds or Misdeeds()
        self.sample_size = sample_size
        self.sample_rate = sample_rate
        self.loaded = {"standard_saos": {"type": "standard", "source": "stabilityai/stable-audio-open-small"}}

    def reply(self, asked: Asked, connection: socket.socket) -> Reply | None:
        misdeeds = self.misdeeds
        if misdeeds.token and asked.key != f"Bearer {misdeeds.token}":
            return told(401, error="who are you?")
        if asked.method == "GET":
            return self._status(asked.path)
        ways = {
            "/generate": self._generate,
            "/generate/loop": self._loop,
            "/generate/style-transfer": self._style_transfer,
        }
        if asked.path not in ways:
            return Reply(404, b"<!doctype html><title>404 Not Found</title>", "text/html")
        if misdeeds.status:
            return told(misdeeds.status, error="not now")
        if misdeeds.slow_s:
            self.stay(connection, misdeeds.slow_s)
        reply = ways[asked.path](asked)
        return _spoilt(reply, misdeeds.rubbish) if reply.status == 200 else reply

    def _status(self, path: str) -> Reply:
        info = {"sample_rate": self.sample_rate, "sample_size": self.sample_size}
        if path == "/models/status" and not self.misdeeds.is_old:
            cache = {
                "loaded_models": list(self.loaded),
                "usage_order": [],
                "cache_utilization": f"{len(self.loaded)}/2",
            }
            details = {name: {**one, "device": "cpu", **info} for name, one in self.loaded.items()}
            return told(200, cache_status=cache, model_details=details, max_models=2, cuda_available=False)
        if path == "/health":
            if self.misdeeds.has_no_model:
                return told(500, status="error", model_loaded=False, error="HF_TOKEN environment variable required")
            return told(200, status="healthy", model_loaded=True, device="cpu", model_info=info)
        return Reply(404, b"<!doctype html><title>404 Not Found</title>", "text/html")

    def _generate(self, asked: Asked) -> Reply:
        data = asked.fields
        if not data.get("prompt"):
            return told(400, error="prompt is required")
        steps, cfg_scale = data.get("steps", 8), data.get("cfg_scale", 1.0)
        if not isinstance(steps, int) or not 1 <= steps <= 250:
            return told(400, error="steps must be integer between 1-250")
        if not isinstance(cfg_scale, int | float) or not 0 <= cfg_scale <= 20:
            return told(400, error="cfg_scale must be number between 0-20")
        most_s = self.sample_size // self.sample_rate
        seconds = min(int(data.get("seconds_total", most_s)), most_s)
        sound, seed = self._sound(data["prompt"], int(data.get("seed", -1)))
        sound[seconds * self.sample_rate :] *= 0.001
        return self._made(sound, prompt=data["prompt"], seed=seed, duration_seconds=seconds, steps=steps)

    def _style_transfer(self, asked: Asked) -> Reply:
        form = asked.fields
        if "audio_file" not in asked.files:
            return told(400, error="audio_file is required")
        if not form.get("prompt"):
            return told(400, error="prompt is required")
        if not 0.1 <= float(form.get("style_strength", 0.8)) <= 1.0:
            return told(400, error="style_strength must be between 0.1-1.0")
        sound, seed = self._sound(form["prompt"], int(form.get("seed", -1)), asked.files["audio_file"])
        return self._made(sound, prompt=form["prompt"], seed=seed, duration_seconds=12)

    def _loop(self, asked: Asked) -> Reply:
        form = asked.fields
        prompt, kind = form.get("prompt", ""), form.get("loop_type", "auto")
        match = re.search(r"(\d+)\s*bpm", prompt.lower())
        bpm = int(match[1]) if match else 0
        if not bpm:
            return told(400, error="BPM must be specified in prompt (e.g., '120bpm')")
        given = form.get("bars")
        if given and not self.misdeeds.mended:
            return told(500, success=False, error=UNSET)
        window_s = self.sample_size / self.sample_rate
        fitting = [one for one in (8, 4, 2, 1) if 240.0 / bpm * one <= window_s - 1.0]
        bars = int(given) if given else (*fitting, 1)[0]
        if bars not in (1, 2, 4, 8):
            return told(400, error="bars must be 1, 2, 4, or 8")
        words = prompt
        if kind == "drums" and "drum" not in prompt.lower():
            words = f"{prompt} drum loop"
        elif kind == "instruments" and "drum" in prompt.lower():
            words = prompt.replace("drum", "").strip()
        sound, seed = self._sound(prompt, int(form.get("seed", -1)), asked.files.get("audio_file", b""))
        seconds = 240.0 / bpm * bars
        cut = sound[: int(seconds * self.sample_rate)]
        return self._made(
            cut,
            prompt=words,
            original_prompt=prompt,
            negative_prompt=NEGATIVE.get(kind, ""),
            loop_type=kind,
            detected_bpm=bpm,
            bars=bars,
            loop_duration_seconds=round(len(cut) / self.sample_rate, 2),
            calculated_duration_seconds=round(seconds, 2),
            available_audio_seconds=round(window_s, 2),
            seconds_per_bar=round(240.0 / bpm, 2),
            style_transfer=bool(asked.files),
            model_type=form.get("model_type", "standard"),
            seed=seed,
        )

    def _sound(self, prompt: str, seed: int, restyled: bytes = b"") -> tuple[npt.NDArray[np.float32], int]:
        """Return a pulse at the prompt's tempo, over what is restyled; and the seed that was used."""
        if seed == -1:
            seed = int(np.random.default_rng().integers(2**32 - 1))
        match = re.search(r"(\d+)\s*bpm", prompt.lower())
        beat_s = 60.0 / (int(match[1]) if match else 100)
        at_s = np.arange(self.sample_size) / self.sample_rate
        pulse = np.sin(2.0 * np.pi * (110.0 + seed % 400) * at_s) * np.exp(-8.0 * (at_s % beat_s))
        sound = np.stack([pulse, 0.8 * pulse], axis=1)
        if restyled:
            before, _ = soundfile.read(io.BytesIO(restyled), always_2d=True)
            n = min(len(before), len(sound))
            sound[:n] += before[:n].mean(axis=1, keepdims=True)
        return (sound / np.abs(sound).max()).astype(np.float32), seed

    def _made(self, sound: npt.NDArray[np.float32], **metadata: Any) -> Reply:
        if self.misdeeds.fails:
            return told(500, success=False, error=self.misdeeds.fails)
        file = io.BytesIO()
        if self.misdeeds.rubbish == "short":
            sound = sound[: len(sound) // 3]
        if self.misdeeds.rubbish == "channels":
            sound = np.repeat(sound, 2, axis=1)
        soundfile.write(file, sound, self.sample_rate, format="WAV", subtype="PCM_16")
        common = {"sample_rate": self.sample_rate, "generation_time": 0.1, "device": "cpu"}
        return told(
            200, success=True, audio_base64=base64.b64encode(file.getvalue()).decode(), metadata=metadata | common
        )


def _spoilt(reply: Reply, rubbish: str) -> Reply | None:
    """Return a reply as it is, or what a misdeed makes of it."""
    if rubbish == "hang-up":
        return None
    if rubbish == "cut":
        return Reply(200, reply.body, sent_bytes=len(reply.body) // 2)
    bodies = {
        "json": b"<html>it works!</html>",
        "none": b'{"success": true, "metadata": []}',
        "base64": b'{"success": true, "audio_base64": "no base64!", "metadata": {}}',
        "sound": b'{"success": true, "audio_base64": "UklGRg==", "metadata": {}}',
        "huge": reply.body + b" " * 2**22,
    }
    return Reply(200, bodies[rubbish]) if rubbish in bodies else reply


def like_the_usual(misdeeds: Misdeeds | None = None) -> JerryServer:
    """Return one with a model as long as the usual one, 11.89 s, and quicker for its low rate of 8 kHz."""
    return JerryServer(misdeeds, sample_size=95_109, sample_rate=8_000)


def orders(server: JerryServer) -> list[Asked]:
    """Return the questions that asked for a clip."""
    return [one for one in server.asked if one.method == "POST"]
