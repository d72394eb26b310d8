# SPDX-License-Identifier: GPL-3.0-or-later
"""This module takes harmony, key, tempo and metre from a guide, in the place of the style's own."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.dsp.chordnames import read_chord
from engine.dsp.key import key_correlations
from engine.generators.composer.harmony import Change, Harmony
from engine.generators.composer.prompt import Brief
from engine.generators.composer.theory import MODES, Chord, Key
from engine.values import Guide

_ROOT_WEIGHT = 1.5  # of a chord's root among its tones
# What first and last chords say of the key, beside how well all notes fit its profile.
_BEGINS, _LEADS_BACK, _ENDS = 0.14, 0.08, 0.05
# Modes by how usual they are: of two that fit the chords as well, the first is taken.
_MAJOR, _MINOR = ("major", "mixolydian", "lydian"), ("minor", "dorian", "harmonic minor", "melodic minor", "phrygian")

Placed = tuple[int, int, str, Chord | None]
"""A given chord: bar, step, its name as it was given, and what it is; None is no chord."""


def guided_brief(brief: Brief, guide: Guide) -> Brief:
    """Return the brief with a guide's key, unless another is asked for, and what its beats say of tempo and bars."""
    if guide.chords:
        key = key_of(guide, tonic=brief.tonic, mode=brief.mode)
        brief = replace(brief, tonic=key.tonic, mode=key.mode)
    if (beats := guide.beats) is not None:
        beats_per_bar, _, unit = beats.metre.partition("/")
        metre = int(beats_per_bar), int(unit)
        brief = replace(brief, tempo_bpm=beats.tempo_bpm, near_bpm=None, pace=0, metre=metre, bars=guide.bars)
    return brief


def key_of(guide: Guide, *, tonic: int | None = None, mode: str | None = None) -> Key:
    """Return the key that chords imply, or that has this tonic, or this mode, and fits them best."""
    spans = _spans(guide)
    weights = np.zeros(12)
    for chord, length in spans:
        for tone in chord.tones:
            weights[(chord.root + tone) % 12] += length * (_ROOT_WEIGHT if tone == 0 else 1.0)
    fit = key_correlations(weights) if np.ptp(weights) > 0.0 else np.zeros(24)
    (first, _), (last, _) = spans[0], spans[-1]
    for number in range(24):
        key = Key(number % 12, "minor" if number >= 12 else "major")
        third = 3 if key.is_minor else 4
        says = [one.root == key.tonic and one.third in {third, 7} for one in (first, last)]
        fit[number] += _BEGINS * says[0] + _ENDS * says[1]
        fit[number] += _LEADS_BACK * ((last.root - key.tonic) % 12 == 7 and last.third == 4)
        if tonic not in {None, key.tonic} or (mode is not None and Key(0, mode).is_minor != key.is_minor):
            fit[number] -= 10.0
    best = int(fit.argmax())
    if mode is None:
        heard = np.flatnonzero(weights)
        mode = min(
            _MINOR if best >= 12 else _MAJOR,
            key=lambda one: sum(weights[pc] for pc in heard if (pc - best) % 12 not in MODES[one]),
        )
    return Key(best % 12, mode)


def harmony_of(guide: Guide, bars: int, steps_per_bar: int, beats_per_bar: int) -> Harmony:
    """Return the given chords as changes of harmony; where there is none, the one before goes on."""
    now = _spans(guide)[0][0]
    by_bar: dict[int, list[tuple[int, Chord]]] = {}
    for bar, step, _name, chord in placed(guide, bars, steps_per_bar, beats_per_bar):
        if chord is not None:
            by_bar.setdefault(bar, []).append((step, chord))
    out = []
    for bar in range(bars):
        changes = [Change(step, chord) for step, chord in by_bar.get(bar, ())]
        if not changes or changes[0].step > 0:
            changes.insert(0, Change(0, now))
        now = changes[-1].chord
        out.append(tuple(changes))
    return tuple(out)


def placed(guide: Guide, bars: int, steps_per_bar: int, beats_per_bar: int) -> list[Placed]:
    """Return where each chord begins, turn after turn until all bars have theirs.

    In a chart without beats, what would begin between two beats does so on the later one, where that is free.
    """
    per_bar: dict[int, list[tuple[float, str]]] = {}
    for one in guide.chords:
        bar = int(one.at)
        per_bar.setdefault(bar, []).append((one.at - bar, one.name))
    missing = [bar.missing for bar in guide.beats.bars()] if guide.beats is not None else []
    out: list[Placed] = []
    for bar in range(bars):
        here = per_bar.get(bar % guide.bars, [])
        steps = [round(at * steps_per_bar) for at, _ in here]
        if guide.beats is None:
            on_beats = [math.ceil(at * beats_per_bar - 1e-6) * steps_per_bar // beats_per_bar for at, _ in here]
            if len(set(on_beats)) == len(on_beats) and max(on_beats, default=0) < steps_per_bar:
                steps = on_beats
        first = missing[bar] * steps_per_bar // beats_per_bar if missing else 0
        by_step = {min(max(step, first), steps_per_bar - 1): name for step, (_, name) in zip(steps, here, strict=True)}
        out += [(bar, step, name, _chord(name)) for step, name in by_step.items()]
    return out


def _chord(name: str) -> Chord | None:
    one = read_chord(name)
    return None if one is None else Chord(one.root, one.tones, (one.bass - one.root) % 12)


def _spans(guide: Guide) -> list[tuple[Chord, float]]:
    """Return the chords with their lengths in bars, without those that are none."""
    ends = [*(one.at for one in guide.chords[1:]), float(guide.bars)]
    every = [(_chord(one.name), end - one.at) for one, end in zip(guide.chords, ends, strict=True)]
    return [(chord, length) for chord, length in every if chord is not None]
