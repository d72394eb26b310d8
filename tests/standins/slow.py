# SPDX-License-Identifier: GPL-3.0-or-later
"""This generator is a stand-in for other people's models: it takes as long as its prompt says, and fails as it says.

The prompt holds words like ``parts=8 pause=0.1``: so many parts of the clip, each told as soon as it is there, with so
many seconds between them. ``hang=3``, ``die=3``, ``fail=3`` and ``lacks=3`` have it go wrong at the third; ``bad`` has
it make NaN, ``odd=words`` tell what makes no sense, ``odd=result`` return what is no clip.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any, cast

import numpy as np

from engine.errors import GeneratorError, ModelMissing
from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits, Takes, Tells
from engine.values import Clip, ClipRequest, ClipResult, Kind, ModelCard, MusicFacts, Parameter, Progress

RATE = 22_050
LICENCE = "CC-BY-NC-4.0: not for commercial use"
PITCH = Parameter("pitch", Kind.NUMBER, 220.0, "Pitch", "Of its tone", 50.0, 2000.0, unit="Hz")
PLACE = Parameter("place", Kind.FOLDER, "", "Place", "Nothing that others may set", setup=True)


class Slow:
    """The slow generator makes a tone, part by part."""

    name = "slow"
    title = "Slow"

    def capabilities(self) -> Capabilities:
        """Return what it takes: one to twenty seconds, of two models."""
        card = ModelCard("large", "nowhere/large", 1, 1, LICENCE, is_commercial=False)
        return Capabilities(
            min_duration_s=1.0,
            max_duration_s=20.0,
            sample_rate=RATE,
            n_channels=1,
            models=("small", "large"),
            cards=(card,),
            takes=Takes(continue_from=True, restyle=True, n_clips=2),
            tells=Tells(progress=True, chunks=True),
            parameters=(PITCH, PLACE),
            # A process takes its time to start on a busy machine.
            limits=Limits(load_s=20.0, silence_s=2.0, cancel_s=1.0),
        )

    def check(self, _settings: GeneratorSettings, /) -> str:
        """Return nothing: it runs no program."""
        return ""

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return nothing: it uses no file of the person's."""
        return ()

    def understand(self, _prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return nothing: its prompt is no music."""
        return ()

    def generate(self, request: ClipRequest, _settings: GeneratorSettings, /) -> Generation:
        """Make a tone in as many parts as the prompt says."""
        words = dict(word.split("=") for word in request.prompt.replace(",", " ").split() if "=" in word)
        n_parts, pause_s = int(words.get("parts", 2)), float(words.get("pause", 0.0))
        t = np.arange(round(request.duration_s * RATE)) / RATE
        samples = 0.3 * np.sin(2.0 * np.pi * request.parameters.number("pitch") * t)
        if request.restyle is not None:
            before = request.restyle.clip.samples[: len(t), :1].mean(axis=1)
            samples[: len(before)] *= np.abs(before) * request.restyle.strength
        if "bad" in request.prompt:
            samples[:] = np.nan
        whole = Clip(samples[:, None].astype(np.float32), RATE)
        for part in range(n_parts):
            if words.get("die") == str(part):
                os._exit(3)
            if words.get("fail") == str(part):
                raise GeneratorError(generator=self.title, detail="it was told to")
            if words.get("lacks") == str(part):
                raise ModelMissing(model="large", repository="nowhere/large")
            if words.get("hang") == str(part):
                time.sleep(3600.0)
            first, last = (round(len(t) * edge / n_parts) for edge in (part, part + 1))
            chunk = Clip(whole.samples[first:last], RATE)
            yield Progress(request.job_id, part / n_parts, "generating", chunk=chunk)
            if words.get("odd") == "words":
                share: Any = np.float32(2.0)
                yield Progress(request.job_id, share, "half \ud83d", float("nan"))
            time.sleep(pause_s)
        said = tuple(sorted(f"{name} {value:g}" for name, value in request.parameters.items() if name == "pitch"))
        result = ClipResult(
            request.job_id, whole, MusicFacts(tags=(request.model, *said, request.prompt[:100])), None, {"slow": "1"}
        )
        if words.get("odd") == "result":
            oops: ClipResult = cast("ClipResult", "oops")
            return oops
        if words.get("odd") == "words":
            beats: Any = np.int64(4)
            facts = MusicFacts(float("nan"), "\ud83d", beats, -1)
            result = replace(result, facts=facts, versions={"odd": "\ud83d"})
        return replace(result, others=(result,) * (request.n_clips - 1))
