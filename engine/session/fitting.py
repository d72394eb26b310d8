# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds the tempo and key that are measured in a clip against those that were asked for."""

from __future__ import annotations

import math
from functools import lru_cache

from engine.dsp.keynames import key_parts
from engine.errors import UnknownChoice
from engine.generators.asked_music import AskedMusic, asked_of
from engine.generators.registry import generator_named
from engine.values import Fit, KeyFit, MusicFacts, MusicFit, Recipe, TempoFit

SAME_TEMPO = 0.015
"""Difference of two tempos, of the one asked for, up to which they are the same: few hear less."""
NEAR_TEMPO = 0.08
"""Difference up to which they are the same where only about that tempo was asked for."""
MOST_STRETCH = 1.25
"""Largest ratio of two tempos that stretching makes up for: beyond it music does not sound like itself any more."""
RELATIVE_SEMITONES = 3
"""Semitones from the tonic of a minor key up to that of its relative major."""

_COUNTED = ((1.0, Fit.AS_ASKED), (2.0, Fit.DOUBLE), (0.5, Fit.HALF))


def is_exact(generator: str) -> bool:
    """Return whether the generator's clips have the tempo and key that it tells; True of one that is not known."""
    try:
        return generator_named(generator).capabilities().tells.exact
    except UnknownChoice:
        return True


def to_be_measured(generator: str, told: MusicFacts) -> MusicFacts:
    """Return what is known of a clip before it is measured: all that an exact generator tells, else only its metre."""
    return told if is_exact(generator) else MusicFacts(beats_per_bar=told.beats_per_bar, tags=told.tags)


def fit_of(recipe: Recipe) -> MusicFit:
    """Return how a take stands to what was asked for; nothing where its generator keeps to that by itself."""
    if is_exact(recipe.generator):
        return MusicFit()
    facts, asked = recipe.facts, recipe.asked
    return _fit(recipe.prompt, asked.bpm, asked.key, facts.tempo_bpm, facts.key)


@lru_cache(maxsize=64)
def _fit(prompt: str, bpm: float | None, key: str | None, tempo_bpm: float | None, heard_key: str | None) -> MusicFit:
    return music_fit(asked_of(prompt, bpm, key), MusicFacts(tempo_bpm, heard_key))


def music_fit(asked: AskedMusic, measured: MusicFacts) -> MusicFit:
    """Return how measured facts stand to what was asked for."""
    return MusicFit(
        None if asked.bpm is None else tempo_fit(asked.bpm, measured.tempo_bpm, is_near=asked.is_near),
        None if asked.key is None else key_fit(asked.key, measured.key),
    )


def tempo_fit(asked_bpm: float, measured_bpm: float | None, *, is_near: bool = False) -> TempoFit:
    """Return how a tempo stands to the one asked for, beats a minute; half and double are the same music."""
    if not measured_bpm:
        return TempoFit(asked_bpm, None, Fit.NOT_HEARD)
    ratio, counted = min(
        ((measured_bpm / (asked_bpm * times), fit) for times, fit in _COUNTED), key=lambda one: abs(math.log(one[0]))
    )
    if abs(ratio - 1.0) <= (NEAR_TEMPO if is_near else SAME_TEMPO):
        return TempoFit(asked_bpm, measured_bpm, counted)
    return TempoFit(asked_bpm, measured_bpm, Fit.OTHER, 1.0 / ratio)


def can_stretch(fit: TempoFit | None) -> bool:
    """Return whether a clip of another tempo can be stretched to the one asked for."""
    return fit is not None and fit.fit is Fit.OTHER and 1.0 / MOST_STRETCH <= fit.speed <= MOST_STRETCH


def key_fit(asked: str, measured: str | None) -> KeyFit:
    """Return how a key stands to the one asked for; the relative one has the same notes."""
    mine, other = key_parts(asked), key_parts(measured or "")
    if mine is None or other is None:
        return KeyFit(asked, measured, Fit.NOT_HEARD)
    if mine == other:
        return KeyFit(asked, measured, Fit.AS_ASKED)
    minor, major = (mine, other) if mine[1] else (other, mine)
    is_relative = mine[1] != other[1] and (minor[0] + RELATIVE_SEMITONES) % 12 == major[0]
    return KeyFit(asked, measured, Fit.RELATIVE if is_relative else Fit.OTHER)
