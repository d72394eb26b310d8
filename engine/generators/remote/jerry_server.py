# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what crosses the line to a jerry4loops backend: its questions, and its answers as clips.

Facts of that server (stable-audio-api) it is built on: the sound comes as a 16-bit WAV in base64 within JSON; nothing
is told while it works; no token is asked for; ``/health`` loads the model, ``/models/status`` does not; ``/generate``
reads JSON, the other ways read forms; ``/generate/style-transfer`` knows the usual model only.
"""

from __future__ import annotations

import base64
import binascii
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soundfile

from engine.errors import NotTaken
from engine.generators.remote.asking import ABSENT, Answer, Line, Wait
from engine.generators.remote.jerry_wanted import TITLE, WantedLoop, Window
from engine.generators.remote.received import received_clip
from engine.generators.remote.speaker import Machine
from engine.values import Clip

MAKING_S = 600.0
"""Seconds within which a clip has to be there: at its first one the server may download its model."""
STATUS_S = 10.0
"""Seconds within which the server says what it has loaded."""
LONGEST_S = 60.0
"""Length of the longest clip that is taken from a server, seconds; its usual model makes 11.9 s."""
MOST_BYTES = 2**26
"""Size of the largest answer: a minute of stereo in 16 bits is a quarter of it, in base64."""
MOST_STATUS_BYTES = 2**20
"""Size of the largest answer that says what is loaded."""
STANDARD = "standard"
"""Name by which the server knows its usual model."""
_MOST_WINDOW_SAMPLES = 2**26
_RATES = range(8_000, 192_001)


@dataclass(frozen=True, slots=True)
class Order:
    """An order is what a clip is asked with, whichever way it is made.

    Attributes
    ----------
    seed
        The random seed; -1 leaves it to the server.
    sound
        What is restyled, as a WAV file; empty where nothing is.
    strength
        How strongly it is, in [0.1, 1].
    finetune
        Repository and file of other weights; "" for the usual ones.
    """

    seed: int
    steps: int
    cfg_scale: float
    sound: bytes = field(default=b"", repr=False)
    strength: float = 1.0
    finetune: str = ""

    def model(self) -> dict[str, str]:
        """Return the fields that name the model."""
        if not self.finetune:
            return {"model_type": STANDARD}
        owner, name, checkpoint = self.finetune.split("/", 2)
        repository = f"{owner}/{name}"
        return {"model_type": "finetune", "finetune_repo": repository, "finetune_checkpoint": checkpoint}


@dataclass(frozen=True, eq=False, slots=True)
class Made:
    """A clip that the server made, as long as it came, and what it told of it."""

    clip: Clip
    told: Mapping[str, Any]


class JerryServer:
    """A server at the other end of a line."""

    def __init__(self, line: Line, machine: Machine) -> None:
        self._line = line
        self._machine = machine

    def windows(self) -> Wait[dict[str, Window]]:
        """Return how long the models are that it has loaded, by their names. Raises RemoteError for another server."""
        answer = yield from self._status("/models/status")
        if answer.status in ABSENT:
            return (yield from self._one_window())
        told = answer.told()
        if not answer.is_fine or not isinstance(told.get("cache_status"), dict):
            raise self._no_jerry(answer)
        details = told.get("model_details")
        models = details.values() if isinstance(details, dict) else ()
        found = {}
        for one in models:
            if isinstance(one, dict) and (window := _window(one)) is not None:
                found[STANDARD if one.get("type") == STANDARD else str(one.get("source"))] = window
        return found

    def loop(self, order: Order, wanted: WantedLoop, *, bars: int | None) -> Wait[Answer]:
        """Have whole bars made and cut by the server; without a number it chooses one. Returns its answer as it is."""
        fields = {"prompt": wanted.prompt, "loop_type": wanted.words.kind, **order.model()}
        if bars is not None:
            fields["bars"] = str(bars)
        return (yield from self._form("/generate/loop", order, fields))

    def window(self, order: Order, prompt: str, negative: str, seconds: float) -> Wait[Made]:
        """Have all of the model's window made, of which ``seconds`` are to be filled.

        Raises NotTaken for a clip that is restyled by a finetune, which this way of restyling does not know.
        """
        if order.sound and order.finetune:
            raise NotTaken(generator=TITLE, name="finetune for this way of restyling", value=order.finetune)
        spoken = {"prompt": prompt, **({"negative_prompt": negative} if negative else {})}
        if order.sound:
            return self.made((yield from self._form("/generate/style-transfer", order, spoken)))
        sent = {
            **spoken,
            **order.model(),
            "seconds_total": math.ceil(seconds),
            "steps": order.steps,
            "cfg_scale": order.cfg_scale,
            "seed": order.seed,
            "return_format": "base64",
        }
        return self.made((yield from self._post("/generate", json=sent)))

    def made(self, answer: Answer) -> Made:
        """Return the clip in an answer. Raises RemoteError where there is none."""
        if not answer.is_fine:
            raise self._line.refusal(answer)
        told = answer.told()
        text, metadata = told.get("audio_base64"), told.get("metadata")
        if not isinstance(text, str):
            raise self._line.failed(f"its answer holds no clip {answer.complaint()}".rstrip())
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._line.failed("its clip is not written in base64") from error
        return Made(
            received_clip(data, self._machine, longest_s=LONGEST_S), metadata if isinstance(metadata, dict) else {}
        )

    def _status(self, path: str) -> Wait[Answer]:
        return (yield from self._line.ask("GET", path, limit_s=STATUS_S, most_bytes=MOST_STATUS_BYTES))

    def _one_window(self) -> Wait[dict[str, Window]]:
        """Ask a server of the time before it had more than one model."""
        answer = yield from self._status("/health")
        told = answer.told()
        if "model_loaded" not in told:
            raise self._no_jerry(answer)
        if told["model_loaded"] is not True:
            raise self._line.failed(f"its model cannot be loaded: {answer.complaint()}".rstrip(": "))
        info = told.get("model_info")
        window = _window(info) if isinstance(info, dict) else None
        return {} if window is None else {STANDARD: window}

    def _no_jerry(self, answer: Answer) -> Exception:
        if not answer.is_fine:
            return self._line.refusal(answer)
        return self._line.not_spoken(f"it is not the server of {TITLE}")

    def _form(self, path: str, order: Order, fields: Mapping[str, str]) -> Wait[Answer]:
        common = {
            "steps": str(order.steps),
            "cfg_scale": f"{order.cfg_scale:g}",
            "seed": str(order.seed),
            "return_format": "base64",
        }
        parts: dict[str, tuple[str | None, str | bytes] | tuple[str, bytes, str]] = {}
        if order.sound:
            common["style_strength"] = f"{order.strength:g}"
            parts["audio_file"] = ("clip.wav", order.sound, "audio/wav")
        # A part without a file name is a field of the form.
        parts |= {name: (None, value) for name, value in (dict(fields) | common).items()}
        return (yield from self._post(path, files=parts))

    def _post(self, path: str, **content: Any) -> Wait[Answer]:
        return (yield from self._line.ask("POST", path, limit_s=MAKING_S, most_bytes=MOST_BYTES, **content))


def wav_of(clip: Clip, window: Window) -> bytes:
    """Return a clip as the WAV file that is restyled, cut where the window ends; one that wraps is repeated."""
    n_samples = math.ceil(window.seconds * clip.sample_rate)
    n_turns = math.ceil(n_samples / clip.n_samples) if clip.wraps else 1
    samples = np.tile(clip.samples, (n_turns, 1))[:n_samples]
    peak = float(np.abs(samples).max())
    file = io.BytesIO()
    soundfile.write(file, samples / max(peak, 1.0), clip.sample_rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _window(told: Mapping[str, Any]) -> Window | None:
    """Return the window of a model that the server tells of, if that can be one."""
    rate, n_samples = told.get("sample_rate"), told.get("sample_size")
    if not isinstance(rate, int) or not isinstance(n_samples, int) or rate not in _RATES:
        return None
    return Window(n_samples, rate) if rate <= n_samples <= _MOST_WINDOW_SAMPLES else None
