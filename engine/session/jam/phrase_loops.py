# SPDX-License-Identifier: GPL-3.0-or-later
"""This module fits phrases to the bars of a jam: their tempo, their edges, and what is told of them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from engine.units import ms_to_samples
from engine.values import (
    Algorithm,
    Clip,
    FloatArray,
    LoopCandidate,
    LoopMetrics,
    LoopOrigin,
    LoopRegion,
    MusicFacts,
    Recipe,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.jam import HIGHEST_JAM_BPM, LOWEST_JAM_BPM, Groove, JamLoop
from engine.values.looper import PHRASE_BARS

USUAL_BPM = 100.0
"""Tempo near which a first phrase's is taken to lie."""
EDGE_MS = 8.0
"""Length of the fades with which an overdub begins and ends, milliseconds."""
INPUT = "input"
"""Generator in the recipe of what was played."""


def recipe_of_phrase(title: str, clip: Clip, facts: MusicFacts) -> Recipe:
    """Return the recipe of what was played: nothing can make it again."""
    nothing, region = LoopMetrics(0.0, 0.0, 0.0, 0.0), LoopRegion(0, clip.n_samples)
    return Recipe(
        prompt=title,
        generator=INPUT,
        model="",
        duration_s=clip.duration_s,
        seed=None,
        versions={},
        title=title,
        artist="",
        facts=facts,
        wraps=True,
        algorithm=Algorithm.ADVANCED,
        loop=LoopCandidate(region, 1.0, nothing, facts.bars, False, facts.tempo_bpm, LoopOrigin.HAND),
        created_utc=datetime.now(UTC).isoformat(timespec="microseconds"),
    )


def groove_of(length_s: float, groove: Groove) -> tuple[Groove, int]:
    """Return the groove, and the number of bars, of a phrase of so many seconds: the tempo nearest to the usual one."""

    def tempo(bars: int) -> float:
        return bars * groove.beats_per_bar * 60.0 / length_s

    bars = min(PHRASE_BARS, key=lambda one: abs(math.log(tempo(one) / USUAL_BPM)))
    bpm = round(min(max(tempo(bars), LOWEST_JAM_BPM), HIGHEST_JAM_BPM), 2)
    return replace(groove, bpm=bpm), bars


def edge_samples() -> int:
    """Return the length of such a fade in samples."""
    return ms_to_samples(EDGE_MS, STUDIO_SAMPLE_RATE)


def faded(samples: FloatArray) -> FloatArray:
    """Return samples that come in and go out without a click."""
    out, n = samples.copy(), edge_samples()
    rising = np.sin((np.arange(n) + 0.5) * (np.pi / 2.0 / n)).astype(np.float32)[:, None] ** 2
    out[:n] *= rising
    out[-n:] *= rising[::-1]
    return out


def joined(samples: FloatArray, before: FloatArray) -> FloatArray:
    """Return samples whose end goes over into what came before their start."""
    n = len(before)
    rising = np.sin((np.arange(n) + 0.5) * (np.pi / 2.0 / n)).astype(np.float32)[:, None] ** 2
    samples[-n:] = samples[-n:] * (1.0 - rising) + before * rising
    return samples


def gain_of(loop: JamLoop) -> float:
    """Return by how much louder a loop is than its clip."""
    was, is_now = (float(np.sqrt(np.mean(np.square(one)))) for one in (loop.clip.samples, loop.baked.samples))
    return is_now / was if was > 0.0 else 1.0
