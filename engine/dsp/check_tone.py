# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the check tone, two soft notes by which a person hears whether and where a device sounds."""

from __future__ import annotations

import numpy as np

from engine.units import db_to_amplitude, seconds_to_samples
from engine.values import FloatArray

PEAK_DBFS = -20.0
"""Highest sample of each of the notes, dBFS: quiet enough for headphones that are already on."""
NOTES_HZ = (329.63, 493.88)
"""Frequencies of the left and of the right note, Hz: a fifth, in a range that small loudspeakers have too."""
NOTE_S, STEP_S = 1.1, 0.8
"""Seconds that a note lasts, and from the beginning of one to that of the next."""
ATTACK_S, RELEASE_S = 0.04, 0.35
"""Seconds of the fades in which a note begins and ends."""
DECAY_S = 0.6
"""Seconds within which a note sinks to a third between its fades, as a struck bar does."""

_PARTIALS = ((1.0, 1.0), (2.0, 0.3), (3.0, 0.1))
"""Multiples of a note's frequency, and their amplitudes: a pure sine is easily overheard and hard to place."""


def check_tone(sample_rate: int) -> FloatArray:
    """Return a note in the left channel and then one in the right, each at ``PEAK_DBFS``.

    float32, shape ``(n_samples, 2)``, at ``sample_rate`` Hz; it begins and ends in silence, with no step anywhere.
    """
    step = seconds_to_samples(STEP_S, sample_rate)
    notes = [_note(frequency_hz, sample_rate) for frequency_hz in NOTES_HZ]
    out = np.zeros((step + len(notes[-1]), len(notes)), dtype=np.float32)
    for channel, note in enumerate(notes):
        out[channel * step : channel * step + len(note), channel] = note
    return out


def _note(frequency_hz: float, sample_rate: int) -> FloatArray:
    n = seconds_to_samples(NOTE_S, sample_rate)
    time_s = np.arange(n) / sample_rate
    wave = sum(gain * np.sin(2.0 * np.pi * multiple * frequency_hz * time_s) for multiple, gain in _PARTIALS)
    wave = wave * np.exp(-time_s / DECAY_S)
    rise, fall = seconds_to_samples(ATTACK_S, sample_rate), seconds_to_samples(RELEASE_S, sample_rate)
    wave[:rise] *= _raised_cosine(rise)
    wave[n - fall :] *= _raised_cosine(fall)[::-1]
    note: FloatArray = (wave * (db_to_amplitude(PEAK_DBFS) / np.abs(wave).max())).astype(np.float32)
    return note


def _raised_cosine(n_samples: int) -> FloatArray:
    """Return gains that rise from 0 to 1 without a step or a corner."""
    gains: FloatArray = (0.5 - 0.5 * np.cos(np.pi * np.arange(n_samples) / n_samples)).astype(np.float32)
    return gains
