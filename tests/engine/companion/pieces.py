# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings for those who play along are pieces that the composer wrote, so that tempo, key and beats are known."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.generators.base import GeneratorSettings, finished
from engine.generators.service import make_clip
from engine.listening.listen import listen
from engine.values import Clip, ClipRequest

BPM, KEY = 104.0, "A minor"
RELATIVES = {"A minor", "C major"}
"""Keys with the notes of ``KEY``."""


@cache
def piece(duration_s: float = 20.0) -> Clip:
    """Return a piece at ``BPM`` in ``KEY`` that begins with a bar."""
    asked = ClipRequest(1, "funk", "composer", "", duration_s, seed=5, bpm=BPM, key=KEY)
    return finished(make_clip(asked, GeneratorSettings())).clip


def excerpt(from_s: float, to_s: float) -> Clip:
    """Return what the piece plays between two times; it comes round."""
    whole = piece()
    at = np.arange(round(from_s * whole.sample_rate), round(to_s * whole.sample_rate)) % whole.n_samples
    return Clip(whole.samples[at], whole.sample_rate)


def off_the_beat_s(played: Clip, from_s: float) -> float:
    """Return how far the beats of what is played from a time on are from the piece's, in the median, seconds."""
    beats = listen(played).beats
    assert beats is not None
    step_s = 60.0 / BPM
    away = (np.array(beats.times_s) + from_s + step_s / 2.0) % step_s - step_s / 2.0
    return float(np.median(np.abs(away)))
