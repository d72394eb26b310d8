# SPDX-License-Identifier: GPL-3.0-or-later
"""This module places the labels of a frequency axis, as hertz or as notes, and tells how pitches are written."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QCoreApplication

A4_HZ: Final = 440.0
A4_MIDI: Final = 69
SEMITONES: Final = 12
LABEL_PX: Final = 15.0
"""Height in pixels that a label on the axis needs."""
FEWEST_TICKS: Final = 4
_STEPS: Final = ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9))
"""Places of ticks within each decade of hertz, coarse and fine."""
_NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_NATURALS: Final = frozenset((0, 2, 4, 5, 7, 9, 11))
_LEAST_NATURAL: Final = 0.75
"""Share of a label's height that a semitone has at least where naturals are named: two of them are a semitone apart."""

Labels = list[tuple[float, str]]
"""Places on an axis in octaves, each with what is written there."""


def hertz_label(hz: float) -> str:
    """Return a frequency's label, as ``500`` or ``2k``."""
    return f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}"


def octave_of(midi: float) -> float:
    """Return where a MIDI note lies, in octaves (base-two logarithm of hertz); fractions are parts of a semitone."""
    return math.log2(A4_HZ) + (midi - A4_MIDI) / SEMITONES


def midi_of(octave: float) -> float:
    """Return the MIDI note of a pitch in octaves, the inverse of ``octave_of``."""
    return A4_MIDI + SEMITONES * (octave - math.log2(A4_HZ))


def note_name(midi: int) -> str:
    """Return a note's name with its octave, C4 being the middle C, in the person's language."""
    name = _NAMES[midi % SEMITONES]
    return f"{QCoreApplication.translate('Key', name[0])}{name[1:]}{midi // SEMITONES - 1}"


def hertz_labels(low: float, high: float) -> Labels:
    """Return labels for a span in octaves, at round frequencies: finer ones the smaller the span."""
    for steps in _STEPS:
        decades = range(math.floor(low * math.log10(2)), math.ceil(high * math.log10(2)) + 1)
        places = [(math.log2(step * 10.0**decade), step * 10.0**decade) for decade in decades for step in steps]
        labels = [(octave, hertz_label(float(f"{hz:.6g}"))) for octave, hz in places if low <= octave <= high]
        if len(labels) >= FEWEST_TICKS:
            break
    return labels


def note_labels(low: float, high: float, height_px: float) -> Labels:
    """Return labels for a span in octaves: each C, with room the other naturals too, with more every semitone."""
    semitone_px = height_px / max((high - low) * SEMITONES, 1e-9)
    notes = range(math.ceil(midi_of(low) - 1e-6), math.floor(midi_of(high) + 1e-6) + 1)
    if semitone_px < LABEL_PX * _LEAST_NATURAL:
        notes_shown = [one for one in notes if one % SEMITONES == 0]
    elif semitone_px < LABEL_PX:
        notes_shown = [one for one in notes if one % SEMITONES in _NATURALS]
    else:
        notes_shown = list(notes)
    return [(octave_of(one), note_name(one)) for one in notes_shown]
