# SPDX-License-Identifier: GPL-3.0-or-later
"""This generator comes from another distribution: it hums two notes, in whole bars, alone or after a clip."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits, Takes, Tells
from engine.models.found import model_folder
from engine.values import Clip, ClipRequest, ClipResult, Kind, ModelCard, MusicFacts, Parameter, Progress

RATE = 44_100
BPM = 120.0
VIBRATO = Parameter("vibrato", Kind.NUMBER, 0.0, "Vibrato", "How far each note sways", 0.0, 5.0, 0.5, "%")
MOUTH = Parameter("mouth", Kind.CHOICE, "closed", "Mouth", "How it hums", choices=("closed", "open"))
BREATH = Parameter("breath", Kind.SWITCH, False, "Breath", "Whether it is heard to breathe")
WORK = Parameter("work", Kind.NUMBER, 0.0, "Work", "Seconds of work for a second of music", 0.0, 10.0, 0.1, setup=True)
CHOIR = Parameter("choir", Kind.TEXT, "", "Choir", "Who hums", setup=True)
TENOR = ModelCard(
    "tenor",
    "stand-in/hum-tenor",
    size_bytes=262_163,
    memory_bytes=1_000_000_000,
    licence="CC-BY-NC-4.0: not for commercial use",
    is_commercial=False,
    files=("*.json", "*.safetensors"),
    extra="serve",
)


class Hum:
    """The humming generator takes its pitch from the seed, and leaves out one of its two notes on request."""

    name = "hum"
    title = "Hum"

    def capabilities(self) -> Capabilities:
        """Return what it takes: four seconds to a minute, in three voices, of which one needs weights."""
        return Capabilities(
            min_duration_s=4.0,
            max_duration_s=60.0,
            sample_rate=RATE,
            n_channels=1,
            models=("tenor", "low", "high"),
            default_model="high",
            by_size=("low", "tenor", "high"),
            cards=(TENOR,),
            takes=Takes(seed=True, negative_prompt=True, bars=True, bpm=True, continue_from=True, n_clips=3),
            tells=Tells(progress=True, chunks=True, exact=True),
            parameters=(VIBRATO, MOUTH, BREATH, WORK, CHOIR),
            limits=Limits(load_s=90.0, silence_s=30.0),
        )

    def check(self, settings: GeneratorSettings, /) -> str:
        """Return who hums, told as the place where it was found: no part can be missing."""
        return settings.of(self.name).text("choir")

    def problems(self, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return nothing: it uses no file of the person's."""
        return ()

    def understand(self, prompt: str, _settings: GeneratorSettings, /) -> tuple[str, ...]:
        """Return "low" if it is in the prompt: no other word is heard."""
        return ("low",) if "low" in prompt else ()

    def generate(self, request: ClipRequest, settings: GeneratorSettings, /) -> Generation:
        """Make two notes a bar, each time the same; told bar by bar."""
        if request.model == TENOR.name:
            # Its voice is of no use, and yet it must be there.
            yield Progress(request.job_id, None, "loading")
            model_folder(TENOR, settings.models_folder)
        seed = request.seed if request.seed is not None else 0
        bpm = request.bpm or BPM
        bar_s = 4 * 60.0 / bpm
        n_bars = request.bars or max(2, round(request.duration_s / bar_s))
        made = [self._hummed(request, seed + n, bar_s, n_bars) for n in range(request.n_clips)]
        edges = np.linspace(0, made[0].n_samples, n_bars + 1).astype(int)
        for n, (first, last) in enumerate(pairwise(edges)):
            chunk = Clip(made[0].samples[first:last], RATE)
            time.sleep(chunk.duration_s * request.parameters.number("work"))
            yield Progress(request.job_id, n / n_bars, "humming", chunk=chunk)
        facts = MusicFacts(tempo_bpm=bpm, beats_per_bar=4, bars=n_bars, tags=tuple(sorted(map(str, _set(request)))))
        first_one, *others = [
            ClipResult(request.job_id, clip, facts, seed + n, {"infiniloop-hum": "2.0"}) for n, clip in enumerate(made)
        ]
        return replace(first_one, others=tuple(others))

    def _hummed(self, request: ClipRequest, seed: int, bar_s: float, n_bars: int) -> Clip:
        t = np.arange(round(n_bars * bar_s * RATE)) / RATE
        lowest_hz = {"low": 110.0, "tenor": 165.0}.get(request.model, 220.0) * 2.0 ** ((seed % 12) / 12.0)
        if request.continue_from is not None:
            lowest_hz = _pitch_at_the_end(request.continue_from)
        hz = np.where(t % bar_s < bar_s / 2.0, lowest_hz, 1.5 * lowest_hz)
        in_note_s = t % (bar_s / 2.0)
        sway = 0.01 * request.parameters.number("vibrato") * np.sin(2.0 * np.pi * 5.0 * in_note_s)
        samples = 0.3 * np.sin(2.0 * np.pi * hz * in_note_s + 20.0 * sway) * np.exp(-2.0 * in_note_s)
        if request.parameters.text("mouth") == "open":
            samples += 0.1 * np.sin(4.0 * np.pi * hz * in_note_s) * np.exp(-2.0 * in_note_s)
        if request.parameters.flag("breath"):
            samples += 0.01 * np.random.default_rng(seed).standard_normal(len(samples))
        if "fifth" in request.negative_prompt:
            samples[t % bar_s >= bar_s / 2.0] = 0.0
        return Clip(samples[:, None].astype(np.float32), RATE, wraps=True)


def _set(request: ClipRequest) -> list[str]:
    return [f"{name} {value}" for name, value in request.parameters.items() if value not in ("", False, 0.0)]


def _pitch_at_the_end(clip: Clip) -> float:
    """Return the strongest pitch of the last second, to go on from."""
    last = clip.samples[-clip.sample_rate :].mean(axis=1)
    spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last))))
    return float(np.fft.rfftfreq(len(last), 1.0 / clip.sample_rate)[spectrum.argmax()])
