# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator from another distribution: it hums two notes, in whole bars of 120 bpm."""

from __future__ import annotations

import numpy as np

from engine.generators.base import Capabilities, Generation, GeneratorSettings, Limits
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts, Progress

RATE = 44_100
BAR_S = 2.0


class Hum:
    """Hums."""

    name = "hum"
    title = "Hum"

    def capabilities(self) -> Capabilities:
        """It hums from four seconds to a minute, low or high."""
        return Capabilities(
            models=("low", "high"),
            min_duration_s=4.0,
            max_duration_s=60.0,
            seeds=True,
            stereo=False,
            progress=True,
            default_model="high",
            limits=Limits(load_s=90.0, silence_s=30.0),
        )

    def check(self, settings: GeneratorSettings) -> None:
        """Nothing can be missing."""

    def generate(self, request: ClipRequest, settings: GeneratorSettings) -> Generation:
        """Two notes a bar, each time the same."""
        yield Progress(request.job_id, 0.5, "humming")
        n_bars = max(2, round(request.duration_s / BAR_S))
        t = np.arange(round(n_bars * BAR_S * RATE)) / RATE
        low_hz = 110.0 if request.model == "low" else 220.0
        hz = np.where(t % BAR_S < BAR_S / 2.0, low_hz, 1.5 * low_hz)
        in_note_s = t % (BAR_S / 2.0)
        samples = 0.3 * np.sin(2.0 * np.pi * hz * in_note_s) * np.exp(-2.0 * in_note_s)
        clip = Clip(samples[:, None].astype(np.float32), RATE, wraps=True)
        facts = MusicFacts(tempo_bpm=120.0, beats_per_bar=4, bars=n_bars)
        return ClipResult(request.job_id, clip, facts, request.seed, {"infiniloop-hum": "1.0"})
