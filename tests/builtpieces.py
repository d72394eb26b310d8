# SPDX-License-Identifier: GPL-3.0-or-later
"""Built pieces are scores whose harmony, rhythm and sound are known, for the tests of what measures them."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.composerreport.notes import Line, Played, Written
from tests.benchmarks.loopcases.cases import DoubleArray

HEARD_RATE, RATE = 22_050, 44_100
ONE, FOUR, FIVE, SIX = (60, 64, 67), (60, 65, 69), (59, 62, 67), (60, 64, 69)


def piece(
    chords: list[tuple[int, ...]], basses: list[int], lead: list[list[int]] | None = None, bar_s: float = 2.0
) -> Written:
    """Return a piece of one chord a bar, with a bass note under each and melodies of even eighths."""
    held = tuple(Played(bar * bar_s, bar_s, midi, 0.7) for bar, tones in enumerate(chords) for midi in tones)
    low = tuple(Played(bar * bar_s, bar_s, midi, 0.8) for bar, midi in enumerate(basses))
    tune = tuple(
        Played((bar + i / 8) * bar_s, bar_s / 8, midi, 0.8)
        for bar, pitches in enumerate(lead or [])
        for i, midi in enumerate(pitches)
    )
    lines = (Line("chords", "piano", held), Line("bass", "upright", low), Line("lead", "flute", tune))
    return Written("test", 0, False, len(chords), bar_s, 4, 16, lines, ())


def sounded(written: Written, rate: int = HEARD_RATE) -> DoubleArray:
    """Return a piece played on plain tones with four partials."""
    out = np.zeros(round(written.duration_s * rate))
    for note in written.of():
        start, n = round(note.at_s * rate), round(note.length_s * rate)
        t = np.arange(min(n, out.size - start)) / rate
        hz = 440.0 * 2.0 ** ((note.midi - 69) / 12)
        tone = sum(np.sin(2 * np.pi * hz * k * t) / k**1.5 for k in range(1, 5))
        out[start : start + t.size] += tone * np.exp(-t)
    return np.asarray(0.1 * out)


def clicks(bpm: float, seconds: float, rate: int = HEARD_RATE) -> DoubleArray:
    """Return short noises on the beat, each second one softer."""
    rng = np.random.default_rng(5)
    out = np.zeros(round(seconds * rate))
    n = round(0.03 * rate)
    for i, at in enumerate(np.arange(0.0, seconds - 0.04, 60.0 / bpm)):
        start = round(at * rate)
        out[start : start + n] += (0.8 - 0.3 * (i % 2)) * rng.standard_normal(n) * np.exp(-np.arange(n) / (0.2 * n))
    return out
