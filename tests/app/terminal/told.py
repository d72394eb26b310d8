# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells a terminal's board of music, as an engine would that is not started."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from app.control.facts import StudioFacts
from engine.dsp.peaks import peak_pyramid
from engine.qt.studio import StudioEngine
from engine.session.options import LoopView
from engine.values import (
    Algorithm,
    ChannelSnapshot,
    Clip,
    LoopCandidate,
    LoopMetrics,
    LoopRegion,
    PeakPyramid,
    PlaybackSnapshot,
    SeamProof,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.widgets.recipes import a_recipe

N_SAMPLES = 12 * STUDIO_SAMPLE_RATE
CANDIDATE = LoopCandidate(
    LoopRegion(2 * STUDIO_SAMPLE_RATE, 10 * STUDIO_SAMPLE_RATE),
    0.93,
    LoopMetrics(0.94, 0.88, 0.98, 0.81),
    4,
    False,
    120.0,
)


@cache
def _peaks() -> PeakPyramid:
    rng = np.random.default_rng(5)
    wave = (rng.standard_normal((N_SAMPLES, 1)) * np.linspace(0.0, 0.3, N_SAMPLES)[:, None]).astype(np.float32)
    return peak_pyramid(Clip(wave, STUDIO_SAMPLE_RATE))


def a_view(**changes: Any) -> LoopView:
    """Return a loop of 8 s in a clip of 12 s, with ``changes``."""
    fields: dict[str, Any] = {
        "loop_id": 1,
        "recipe": a_recipe(),
        "is_starter": False,
        "n_samples": N_SAMPLES,
        "sample_rate": STUDIO_SAMPLE_RATE,
        "algorithm": Algorithm.ADVANCED,
        "candidates": (CANDIDATE,),
        "candidate": CANDIDATE,
        "current": 0,
        "proof": SeamProof(0.5, 0.5, 0.0, 0.1, 0.97),
        "overlap_ms": 30.0,
        "correlation": 0.5,
        "peaks": _peaks(),
        "spectrogram": None,
    }
    return LoopView(**{**fields, **changes})


def tell_playing(engine: StudioEngine, view: LoopView, *, place_s: float = 3.0, turns: int = 0) -> None:
    """Tell that a loop is heard, at a place in its region."""
    engine.loop.changed.emit(view)
    engine.transport.running_changed.emit(True)
    channel = ChannelSnapshot(view.loop_id, round(place_s * view.sample_rate), turns)
    engine.output.snapshot_taken.emit(PlaybackSnapshot((channel,), (-9.0, -9.0), (-18.0, -18.0), 0, 0.1, 0.05, "pulse"))


def stand_still(facts: StudioFacts) -> None:
    """Have what is heard not go on with the clock."""
    facts.snapshot_s = float("inf")
