# SPDX-License-Identifier: GPL-3.0-or-later
"""This synth of a few lines has decaying partials, and drums of fresh noise, so that no stroke is the same twice."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.values import FloatArray
from tests.benchmarks.loopcases.cases import DoubleArray
from tests.benchmarks.loopcases.score import KICK, LOW_TOM, SNARE
from tests.benchmarks.loopcases.synth import DRUMS, Note

_RING_S = 0.25  # how long a note sounds after it is let go


def play_plainly(notes: Iterable[Note], sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Return the notes as float32 samples ``(n_samples, 2)``; each channel has a tone and a place of its own."""
    notes = sorted(notes, key=lambda note: note.at_s)
    end_s = max(note.at_s + note.length_s for note in notes) + 2 * _RING_S
    out = np.zeros((round(end_s * sample_rate), 2))
    voices = {note.channel: (rng.uniform(0.8, 2.5), rng.uniform(0.7, 4.0), rng.uniform(0.2, 0.8)) for note in notes}
    for note in notes:
        roll_off, decay, pan = voices[note.channel]
        if note.channel == DRUMS:
            sound = _drum(note.pitch, sample_rate, rng)
        else:
            sound = _tone(note, roll_off, decay, sample_rate, rng)
        first = max(0, round(note.at_s * sample_rate))
        sound = sound[: out.shape[0] - first] * (note.velocity / 127) ** 2
        out[first : first + sound.size] += sound[:, None] * [1 - pan, pan]
    return out.astype(np.float32)


def _tone(note: Note, roll_off: float, decay: float, sample_rate: int, rng: np.random.Generator) -> DoubleArray:
    t = np.arange(round((note.length_s + _RING_S) * sample_rate)) / sample_rate
    hz = 440.0 * 2 ** ((note.pitch - 69) / 12)
    partials = [k for k in range(1, 9) if k * hz < 0.45 * sample_rate]
    wave = sum(np.sin(2 * np.pi * (k * hz * t + rng.random())) / k**roll_off for k in partials)
    let_go = np.minimum(1.0, np.maximum(0.0, note.length_s + _RING_S - t) / _RING_S)
    shaped: DoubleArray = 0.3 * wave * np.minimum(1.0, t / 0.004) * np.exp(-decay * t) * let_go**2
    return shaped


def _drum(pitch: int, sample_rate: int, rng: np.random.Generator) -> DoubleArray:
    t = np.arange(round(0.3 * sample_rate)) / sample_rate
    rustle = rng.standard_normal(t.size)
    if pitch == KICK:
        return np.asarray(np.sin(2 * np.pi * (50 * t + 2.4 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.08))
    if pitch == SNARE:
        return np.asarray((0.5 * np.sin(2 * np.pi * 190 * t) + 0.4 * rustle) * np.exp(-t / 0.06))
    if pitch in {LOW_TOM, LOW_TOM + 2, LOW_TOM + 5}:
        return np.asarray(np.sin(2 * np.pi * (90 + 12 * (pitch - LOW_TOM)) * t) * np.exp(-t / 0.1))
    length_s = 0.015 + 0.01 * (pitch % 5)
    return np.asarray(0.4 * np.diff(rustle, prepend=0.0) * np.exp(-t / length_s))
