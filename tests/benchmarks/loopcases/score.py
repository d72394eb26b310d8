# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes one phrase of music for an ensemble: chords that differ by bar, and a part for each player."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tests.benchmarks.loopcases.synth import DRUMS

KICK, SNARE, CLOSED_HAT, PEDAL_HAT, LOW_TOM, OPEN_HAT, CRASH, RIDE, HIGH_CONGA, LOW_CONGA, SHAKER = (
    36, 38, 42, 44, 45, 46, 49, 51, 63, 64, 70
)  # fmt: skip

_MODES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 4, 5, 7, 9, 10))
_CHANCE_OF_SEVENTH = 0.3


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke is a written note, its times in beats of the phrase; ``part`` names the player."""

    at: float
    length: float
    pitch: int
    velocity: int
    part: str


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An ensemble: its parts with their General MIDI programs, and how each plays.

    Attributes
    ----------
    players
        Part name to (program, manner, octave): see ``_MANNERS`` for the manners.
    drums
        "" or the name of a drum manner.
    """

    name: str
    players: dict[str, tuple[int, str, int]]
    drums: str = ""


ENSEMBLES = (
    Ensemble("pop band", {"bass": (33, "bass", 2), "keys": (4, "stabs", 4), "lead": (81, "tune", 5)}, "backbeat"),
    Ensemble("rock band", {"bass": (34, "bass", 2), "guitar": (29, "strum", 3), "lead": (30, "tune", 5)}, "backbeat"),
    Ensemble("jazz trio", {"bass": (32, "walk", 2), "piano": (0, "stabs", 4)}, "ride"),
    Ensemble("piano", {"left": (0, "broken", 3), "right": (0, "tune", 5)}),
    Ensemble("piano chords", {"left": (0, "bass", 2), "right": (0, "pulse", 4)}),
    Ensemble("guitar", {"guitar": (24, "broken", 3)}),
    Ensemble("steel guitar", {"guitar": (25, "broken", 3), "second": (25, "strum", 3)}),
    Ensemble("strings", {"low": (42, "held", 2), "chords": (48, "held", 4), "violin": (40, "tune", 5)}),
    Ensemble("string pulse", {"low": (43, "bass", 2), "chords": (45, "pulse", 4)}),
    Ensemble("latin", {"bass": (32, "bass", 2), "piano": (0, "pulse", 4), "flute": (73, "tune", 5)}, "congas"),
    Ensemble("funk", {"bass": (36, "walk", 2), "clavi": (7, "stabs", 4)}, "backbeat"),
    Ensemble("organ and drums", {"organ": (16, "held", 4), "bass": (38, "bass", 2)}, "backbeat"),
    Ensemble("drums and bass", {"bass": (38, "walk", 2)}, "backbeat"),
    Ensemble("vibraphone", {"vibes": (11, "broken", 4), "bass": (32, "bass", 2)}, "ride"),
    Ensemble("winds", {"bassoon": (70, "bass", 3), "oboe": (68, "tune", 5), "horns": (60, "held", 4)}),
    Ensemble("harp and choir", {"harp": (46, "broken", 4), "choir": (52, "held", 4)}),
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is written.

    Attributes
    ----------
    beats_per_bar, step
        Beats in a bar and what a beat is divided into.
    """

    bars: int
    beats_per_bar: int
    step: float
    strokes: tuple[Stroke, ...]

    @property
    def beats(self) -> int:
        return self.bars * self.beats_per_bar


def write_phrase(
    ensemble: Ensemble, bars: int, metre: tuple[int, float], rng: np.random.Generator, *, alike: bool = False
) -> Phrase:
    """Write a phrase in a random key; ``metre`` is the beats in a bar and the step they are divided by.

    No bar and no half of the phrase is the next one again in harmony; ``alike`` lets halves differ in a single bar.
    """
    beats_per_bar, step = metre
    mode, tonic = _MODES[int(rng.integers(len(_MODES)))], int(rng.integers(12))
    chords = [_pitches(degree, mode, tonic, rng) for degree in _progression(bars, rng, alike=alike)]
    strokes: list[Stroke] = []
    for part, (_, manner, octave) in ensemble.players.items():
        strokes += _MANNERS[manner](Sheet(part, chords, octave, beats_per_bar, step), rng)
    if ensemble.drums:
        strokes += _drums(ensemble.drums, bars, beats_per_bar, step, rng)
    return Phrase(bars, beats_per_bar, step, tuple(sorted(strokes, key=lambda stroke: stroke.at)))


def _progression(bars: int, rng: np.random.Generator, *, alike: bool) -> list[int]:
    if bars == 1:
        return [0]
    while True:
        degrees = [0, *(int(one) for one in rng.integers(0, 6, bars - 1))]
        if alike and bars > 2:
            degrees[bars // 2 : -1] = degrees[: bars // 2 - 1]
        alone = all(a != b for a, b in zip(degrees, [*degrees[1:], degrees[0]], strict=True))
        half = bars // 2
        # Half of the bars must differ from their counterparts: one alone is easily overlooked, by ear too.
        unlike = sum(a != b for a, b in zip(degrees[:half], degrees[half:], strict=True))
        if alone and unlike >= (1 if alike else max(1, half // 2)):
            return degrees


def _pitches(degree: int, mode: tuple[int, ...], tonic: int, rng: np.random.Generator) -> list[int]:
    """Return root, third, fifth (and seventh at times) as pitches above C of octave 0, root below its octave."""
    count = 4 if rng.random() < _CHANCE_OF_SEVENTH else 3
    steps = [degree + 2 * voice for voice in range(count)]
    return [tonic + mode[step % 7] + 12 * (step // 7) for step in steps]


def _voiced(chord: list[int], octave: int) -> list[int]:
    """Return pitches near the middle of an octave, so that chords move little."""
    low = 12 * (octave + 1)
    return sorted(low + pitch % 12 for pitch in chord)


class Sheet(NamedTuple):
    """A sheet for a player: a chord a bar, the octave to play in, beats in a bar and the step that divides them."""

    part: str
    chords: list[list[int]]
    octave: int
    beats: int
    step: float


def _bass(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, step = sheet
    pattern = [0.0, *(beat for beat in np.arange(step, beats, step) if rng.random() < 0.35)]
    fifths = rng.random(len(pattern)) < 0.25
    out = []
    for bar, chord in enumerate(chords):
        for index, at in enumerate(pattern):
            until = pattern[index + 1] if index + 1 < len(pattern) else beats
            pitch = 12 * (octave + 1) + (chord[2] if fifths[index] and index else chord[0]) % 12
            out.append(Stroke(bar * beats + at, 0.9 * (until - at), pitch, 95, part))
    return out


def _walk(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, _ = sheet
    out = []
    for bar, chord in enumerate(chords):
        pitch = 12 * (octave + 1) + chord[0] % 12
        for beat in range(beats):
            out.append(Stroke(bar * beats + beat, 0.85, pitch, 92, part))
            pitch = int(np.clip(pitch + rng.choice([-3, -2, -1, 1, 2, 3, 5]), 12 * (octave + 1) - 5, 12 * (octave + 3)))
    return out


def _held(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    del rng
    part, chords, octave, beats, _ = sheet
    return [
        Stroke(bar * beats, 0.98 * beats, pitch, 72, part)
        for bar, chord in enumerate(chords)
        for pitch in (_voiced(chord, octave) if octave > 2 else [12 * (octave + 1) + chord[0] % 12])
    ]


def _stabs(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, step = sheet
    pattern = [at for at in np.arange(0, beats, step) if rng.random() < 0.3] or [0.0]
    return [
        Stroke(bar * beats + at, step * 1.3, pitch, 78, part)
        for bar, chord in enumerate(chords)
        for at in pattern
        for pitch in _voiced(chord, octave)
    ]


def _pulse(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, step = sheet
    each = step if rng.random() < 0.5 else 1.0
    return [
        Stroke(bar * beats + at, 0.8 * each, pitch, 80 if at % 1 == 0 else 66, part)
        for bar, chord in enumerate(chords)
        for at in np.arange(0, beats, each)
        for pitch in _voiced(chord, octave)
    ]


def _strum(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, step = sheet
    pattern = [0.0, *(at for at in np.arange(step, beats, step) if rng.random() < 0.5)]
    spread = 0.02
    return [
        Stroke(bar * beats + at + spread * voice, step * 1.5, pitch, 74, part)
        for bar, chord in enumerate(chords)
        for at in pattern
        for voice, pitch in enumerate([*_voiced(chord, octave), _voiced(chord, octave)[0] + 12])
    ]


def _broken(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    part, chords, octave, beats, step = sheet
    each = step
    order = rng.integers(0, 5, round(beats / each))
    order[0] = 0
    out = []
    for bar, chord in enumerate(chords):
        voices = _voiced(chord, octave)
        voices = [voices[0] - 12, *voices, voices[0] + 12]
        for index, voice in enumerate(order):
            at = bar * beats + index * each
            out.append(Stroke(at, 1.6 * each, voices[min(int(voice), len(voices) - 1)], 76, part))
    return out


def _tune(sheet: Sheet, rng: np.random.Generator) -> list[Stroke]:
    """Return chord tones on strong beats, steps between, and rests at times."""
    part, chords, octave, beats, step = sheet
    out: list[Stroke] = []
    at, pitch = 0.0, 12 * (octave + 1)
    total = beats * len(chords)
    while at < total:
        length = min(float(rng.choice([step, 1.0, 1.0, 2.0])), total - at)
        chord = chords[int(at // beats)]
        if at % 1 == 0:
            tones = [12 * octave_of + tone % 12 for octave_of in (octave, octave + 1, octave + 2) for tone in chord]
            near = sorted(tones, key=lambda tone: abs(tone - pitch))
            pitch = near[int(rng.integers(0, 4))]
        else:
            pitch += int(rng.choice([-2, 2]))
        if rng.random() > 0.12:
            out.append(Stroke(at, 0.92 * length, pitch, 88, part))
        at += length
    return out


_MANNERS = {
    "bass": _bass, "walk": _walk, "held": _held, "stabs": _stabs, "pulse": _pulse, "strum": _strum,
    "broken": _broken, "tune": _tune,
}  # fmt: skip


def _drums(manner: str, bars: int, beats: int, step: float, rng: np.random.Generator) -> list[Stroke]:
    kicks = [0.0, *(at for at in np.arange(step, beats, step) if rng.random() < 0.2)]
    snares = [float(beat) for beat in range(1, beats, 2)] if beats % 2 == 0 else [float(beats - 1)]
    out: list[Stroke] = []
    for bar in range(bars):
        first = float(bar * beats)
        ticks = np.arange(0, beats, step)
        if manner == "congas":
            out += [
                Stroke(first + at, 0.1, HIGH_CONGA if i % 3 else LOW_CONGA, 80, "drums") for i, at in enumerate(ticks)
            ]
            out += [Stroke(first + at, 0.1, SHAKER, 60, "drums") for at in ticks]
        elif manner == "ride":
            out += [Stroke(first + at, 0.1, RIDE, 75, "drums") for at in ticks if at % 1 == 0 or at % 2 >= 1]
            out += [Stroke(first + at, 0.1, PEDAL_HAT, 70, "drums") for at in snares]
        else:
            out += [Stroke(first + at, 0.1, CLOSED_HAT, 72 if at % 1 == 0 else 58, "drums") for at in ticks]
            out += [Stroke(first + at, 0.1, KICK, 105, "drums") for at in kicks]
            out += [Stroke(first + at, 0.1, SNARE, 100, "drums") for at in snares]
    return out


def channels(ensemble: Ensemble) -> dict[str, int]:
    """Return the MIDI channel of every part."""
    return {**{part: index for index, part in enumerate(ensemble.players)}, "drums": DRUMS}
