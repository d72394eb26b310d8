# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes loops of what a generator delivers: whole bars at the set's tempo, long to the sample, seamless."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.dsp.seam import bake, crossfaded, fit_length
from engine.dsp.stretch import TempoEase, stretch_loop
from engine.errors import LoopLacksBars
from engine.fragments.trimming import two_channels, within_full_scale
from engine.loops.finder import find_loops
from engine.units import ms_to_samples
from engine.values import (
    Clip,
    FloatArray,
    LoopCandidate,
    LoopFindings,
    LoopSearch,
    MusicFacts,
    SaveKind,
    SavePlan,
)

USUAL_BARS, MOST_BARS = 4, 64
OVERLAP_MS = 480.0
"""Length of a seam's crossfade where none is asked for, milliseconds: the loop finder's own."""
INAUDIBLE = 0.001
"""Share by which a loop is made faster or slower by resampling alone, which shifts its pitch by less than 2 cents."""
SLOWEST, FASTEST = 0.76, 1.38
"""Speeds within which a loop of another tempo is stretched."""
_JOINT_MS = 30.0
"""Length of the crossfade that joins a stretched loop's end to its start, milliseconds."""


@dataclass(frozen=True, slots=True)
class LoopShape:
    """A loop's shape: so many bars of so many beats, at a tempo in beats a minute."""

    bars: int
    beats_per_bar: int
    tempo_bpm: float

    @property
    def duration_s(self) -> float:
        """Return how long it lasts, seconds."""
        return self.bars * self.beats_per_bar * 60.0 / self.tempo_bpm

    def samples_at(self, sample_rate: int) -> int:
        """Return how many samples it has: its length in exact fractions, rounded once."""
        return round(Fraction(self.bars * self.beats_per_bar * 60 * sample_rate) / Fraction(str(self.tempo_bpm)))


@dataclass(frozen=True, eq=False, slots=True)
class ShapedLoop:
    """A loop of a given shape.

    Attributes
    ----------
    samples
        float32, shape ``(n_samples, 2)``, within full scale of 16 bits.
    findings
        What the finder says of the clip; None where the whole clip was just the loop that was asked for.
    overlap_ms
        Length of its seam's crossfade.
    """

    samples: FloatArray
    findings: LoopFindings | None
    overlap_ms: float


def shaped_loop(
    delivered: Clip, shape: LoopShape, sample_rate: int, *, facts: MusicFacts, overlap_ms: float = OVERLAP_MS
) -> ShapedLoop:
    """Return the best loop of a clip with that many bars, at that tempo, at ``sample_rate`` Hz.

    A clip that goes round and lasts as long is the loop; in others the loop finder looks for whole bars, of which fewer
    are repeated, and which are stretched, pitch kept, where their tempo is another one.

    Parameters
    ----------
    facts
        What is known of the clip, and so is not estimated.

    Raises
    ------
    LoopLacksBars
        The clip has no such bars, or only at a tempo that is too far off.
    BadClip
        Nothing can be found in it.
    """
    clip = Clip(two_channels(delivered.samples), delivered.sample_rate, delivered.wraps)
    n_wanted = shape.samples_at(sample_rate)
    if clip.wraps and abs(clip.n_samples - shape.samples_at(clip.sample_rate)) <= 1:
        return ShapedLoop(_fitted(clip.samples, n_wanted), None, 0.0)
    findings = find_loops(clip, _search(shape, clip, facts, overlap_ms))
    chosen = next((one for one in findings.candidates if _fits(one, shape, clip.sample_rate)), None)
    if chosen is None:
        raise LoopLacksBars(tempo_bpm=shape.tempo_bpm)
    loop = bake(clip, chosen.region, overlap_ms=chosen.overlap_for(overlap_ms))
    repeats = shape.bars // (chosen.bars or shape.bars)
    speed = _speed_of(chosen, shape, clip.sample_rate)
    samples = loop.samples
    if abs(speed - 1.0) > INAUDIBLE:
        samples = _stretched(samples, clip.sample_rate, speed)
    findings = replace(findings, candidates=(chosen, *(one for one in findings.candidates if one is not chosen)))
    used_ms = 1000.0 * loop.overlap_samples / clip.sample_rate
    return ShapedLoop(_fitted(np.tile(samples, (repeats, 1)), n_wanted), findings, used_ms)


def plan_of(sample_rate: int) -> SavePlan:
    """Return what a loop in a slot is, as files tell it."""
    return SavePlan(SaveKind.LOOP, bits="16", sample_rate=sample_rate)


def _fitted(samples: FloatArray, n_samples: int) -> FloatArray:
    return within_full_scale(samples if len(samples) == n_samples else fit_length(samples, n_samples))


def _search(shape: LoopShape, clip: Clip, facts: MusicFacts, overlap_ms: float) -> LoopSearch:
    """Return a search for one bar up to all of them, as fast or slow as can be stretched."""
    bar_s = shape.duration_s / shape.bars
    longest_s = min(clip.duration_s, shape.duration_s * FASTEST)
    return LoopSearch(
        min_loop_s=min(bar_s * SLOWEST, longest_s),
        max_loop_s=longest_s,
        facts=MusicFacts(tempo_bpm=facts.tempo_bpm, beats_per_bar=facts.beats_per_bar or shape.beats_per_bar),
        whole_bars=True,
        overlap_ms=overlap_ms,
    )


def _fits(candidate: LoopCandidate, shape: LoopShape, sample_rate: int) -> bool:
    """Return whether a candidate's bars make the wanted ones, at a speed that can be had."""
    if candidate.bars is None or shape.bars % candidate.bars:
        return False
    return SLOWEST <= _speed_of(candidate, shape, sample_rate) <= FASTEST


def _speed_of(candidate: LoopCandidate, shape: LoopShape, sample_rate: int) -> float:
    bars = candidate.bars or shape.bars
    return candidate.region.n_samples / sample_rate / (shape.duration_s * bars / shape.bars)


def _stretched(samples: FloatArray, sample_rate: int, speed: float) -> FloatArray:
    """Return a loop at another speed, pitch kept, which repeats as it did."""
    n_samples = max(1, round(len(samples) / speed))
    n_joint = min(ms_to_samples(_JOINT_MS, sample_rate), n_samples // 2)
    ease = TempoEase(speed, 2 * n_samples, 0)
    made = stretch_loop(samples, sample_rate, start=0.0, ease=ease, n_samples=n_samples, n_before=n_joint)
    out = made.samples[n_joint:].copy()
    # What led up to the start is what its end has to lead up to again.
    out[n_samples - n_joint :] = crossfaded(out[n_samples - n_joint :], made.samples[:n_joint], sample_rate)[0]
    return out
