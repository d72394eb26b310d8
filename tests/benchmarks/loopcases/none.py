# SPDX-License-Identifier: GPL-3.0-or-later
"""These cases do not loop: noise, babble, sweeps, free time, a tune that never comes back, a chord that swells."""

from __future__ import annotations

import numpy as np

from engine.values import Clip
from tests.benchmarks.loopcases.cases import Case, DoubleArray, Split, at_peak, case_rng
from tests.benchmarks.loopcases.sources import noise
from tests.benchmarks.loopcases.synth import Note, play
from tests.engine.loops.material import babble, sweep

_KINDS = ("white", "pink", "applause", "babble", "sweep", "free time", "through-composed", "accelerando", "swell")


def none_case(split: Split, index: int) -> Case:
    """Return case ``index`` of a split; consecutive ones alternate between the kinds. Raises MaterialMissing."""
    rng = case_rng("none", split, index)
    kind = _KINDS[index % len(_KINDS)]
    rate = int(rng.choice([44_100, 44_100, 48_000, 22_050]))
    duration_s = float(rng.uniform(8.0, 32.0))
    samples: DoubleArray
    if kind in {"white", "pink", "applause"}:
        samples = noise(kind, duration_s, rate, rng).astype(np.float64)
    elif kind == "babble":
        samples = babble(rate, duration_s, seed=int(rng.integers(1 << 30))).samples.astype(np.float64)
    elif kind == "sweep":
        samples = sweep(rate, duration_s).samples.astype(np.float64)
        samples = samples[::-1] if rng.random() < 0.5 else samples
    elif kind == "swell":
        t = np.arange(round(duration_s * rate)) / rate
        chord = sum(np.sin(2 * np.pi * hz * t * (1 + 0.02 * t / duration_s)) for hz in rng.uniform(100, 900, 5))
        samples = (chord * np.sin(np.pi * t / duration_s) ** 2)[:, None]
    else:
        samples = _played(kind, duration_s, rate, rng)
    clip = Clip(at_peak(np.ascontiguousarray(samples), rng.uniform(0.2, 0.9)), rate)
    return Case(f"none-{split}-{index:03d}", "none", clip, None, f"{kind}, {duration_s:.1f} s, {rate} Hz")


def _played(kind: str, duration_s: float, rate: int, rng: np.random.Generator) -> DoubleArray:
    """Return notes of one or two instruments that have no time to come back to."""
    notes: list[Note] = []
    for channel in range(1 if kind == "free time" else 2):
        at_s, pitch, pace_s = 0.0, 60.0 - 12 * channel, float(rng.uniform(0.25, 0.6))
        while at_s < duration_s:
            if kind == "free time":
                length_s = float(rng.exponential(0.5)) + 0.08
            elif kind == "accelerando":
                length_s = pace_s * (1.0 - 0.6 * at_s / duration_s) * float(rng.choice([1, 1, 2]))
            else:
                length_s = pace_s * float(rng.choice([0.5, 0.5, 1, 1, 1.5, 2]))
            pitch = float(np.clip(pitch + rng.integers(-5, 6), 36, 90))
            # It wanders upwards through the keys: no harmony is heard twice for long.
            shift = round(14 * at_s / duration_s)
            notes.append(Note(at_s, 0.95 * length_s, round(pitch) + shift, int(rng.integers(55, 110)), channel))
            at_s += length_s
    programs = {channel: int(rng.choice([0, 11, 24, 40, 46, 71, 73])) for channel in (0, 1)}
    samples = play(notes, programs, rate, pans={0: 50, 1: 78}, room=0.3)
    return samples[: round(duration_s * rate)].astype(np.float64)
