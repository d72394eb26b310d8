# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes loops of what a generator delivers: whole bars at the set's tempo, long to the sample, seamless."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.dsp.mixdown import two_channels
from engine.dsp.seam import bake, crossfaded, fit_length
from engine.dsp.stretch import TempoEase, stretch_loop
from engine.errors import LoopLacksBars
from engine.loops.finder import find_loops
from engine.units import ms_to_samples
from engine.values import (
    Clip,
    FloatArray,
    LoopCandidate,
    LoopFindings,
    LoopSearch,
    MusicFacts,
)

USUAL_BARS, MOST_BARS = 4, 64
OVERLAP_MS = 480.0
"""Length of a seam's crossfade where none is asked for, milliseconds: the loop finder's own."""
INAUDIBLE = 0.001
"""Share by which a loop is made faster or slower by resampling alone, which shifts its pitch by less than 2 cents."""
SLOWEST, FASTEST = 0.76, 1.38
"""Speeds within which a loop of another tempo is stretched."""
_SLOWEST_FOLDED, _FASTEST_FOLDED = 0.7, 1.43
"""Speeds within which every tempo lies once it may be counted at half or twice as fast."""
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

    def exact_samples(self, sample_rate: int) -> Fraction:
        """Return its length in samples, as an exact fraction."""
        return Fraction(self.bars * self.beats_per_bar * 60 * sample_rate) / Fraction(str(self.tempo_bpm))

    def samples_at(self, sample_rate: int) -> int:
        """Return how many samples it has: its length in exact fractions, rounded once."""
        return round(self.exact_samples(sample_rate))


def folded(shape: LoopShape, facts: MusicFacts) -> LoopShape:
    """Return the shape in which a loop with these bars, whatever its metre and tempo, has a whole number of turns.

    Its tempo may be counted at half or twice as fast; where the shape's bars are not enough it has more.
    """
    if facts.bars is None or not facts.tempo_bpm:
        return shape
    count = min((Fraction(1), Fraction(2), Fraction(1, 2)), key=lambda one: _distance(shape, facts, one))
    beats = facts.bars * (facts.beats_per_bar or shape.beats_per_bar) * count
    least = beats.numerator // math.gcd(beats.numerator, shape.beats_per_bar * beats.denominator)
    return replace(shape, bars=least * math.ceil(shape.bars / least))


def _distance(shape: LoopShape, facts: MusicFacts, count: Fraction) -> float:
    return abs(math.log(shape.tempo_bpm / ((facts.tempo_bpm or shape.tempo_bpm) * float(count))))


@dataclass(frozen=True, eq=False, slots=True)
class ShapedLoop:
    """A loop of a given shape.

    Attributes
    ----------
    samples
        float32, shape ``(n_samples, 2)``, as loud as the clip.
    findings
        What the finder says of the clip; None where the whole clip was just the loop that was asked for.
    overlap_ms
        Length of its seam's crossfade.
    """

    samples: FloatArray
    findings: LoopFindings | None
    overlap_ms: float


def shaped_loop(
    delivered: Clip,
    shape: LoopShape,
    sample_rate: int,
    *,
    facts: MusicFacts,
    overlap_ms: float = OVERLAP_MS,
    n_samples: int | None = None,
    folds: bool = False,
) -> ShapedLoop:
    """Return the best loop of a clip with that many bars, at that tempo, at ``sample_rate`` Hz.

    A clip that goes round and has such bars is the loop; in others the loop finder looks for whole bars. Fewer of them
    are repeated, and they are stretched, pitch kept, where their tempo is another one.

    Parameters
    ----------
    facts
        What is known of the clip, and so is not estimated.
    n_samples
        Length of the loop, which is then resampled by a hair; None is the shape's own, rounded.
    folds
        Whether the tempo of a clip that goes round may be counted at half or twice as fast.

    Raises
    ------
    LoopLacksBars
        The clip has no such bars, or only at a tempo that is too far off.
    BadClip
        Nothing can be found in it.
    """
    clip = Clip(two_channels(delivered.samples), delivered.sample_rate, delivered.wraps)
    n_wanted = n_samples or shape.samples_at(sample_rate)
    if clip.wraps and (n_turns := _whole_turns(clip, shape, facts, folds=folds)):
        speed = clip.n_samples * n_turns / shape.samples_at(clip.sample_rate)
        return ShapedLoop(_repeated(clip.samples, n_turns, clip.sample_rate, speed, n_wanted), None, 0.0)
    findings = find_loops(clip, _search(shape, clip, facts, overlap_ms))
    chosen = next((one for one in findings.candidates if _fits(one, shape, clip.sample_rate)), None)
    if chosen is None:
        raise LoopLacksBars(tempo_bpm=shape.tempo_bpm)
    loop = bake(clip, chosen.region, overlap_ms=chosen.overlap_for(overlap_ms))
    repeats = shape.bars // (chosen.bars or shape.bars)
    speed = _speed_of(chosen, shape, clip.sample_rate)
    samples = _repeated(loop.samples, repeats, clip.sample_rate, speed, n_wanted)
    findings = replace(findings, candidates=(chosen, *(one for one in findings.candidates if one is not chosen)))
    used_ms = 1000.0 * loop.overlap_samples / clip.sample_rate
    return ShapedLoop(samples, findings, used_ms)


def _whole_turns(clip: Clip, shape: LoopShape, facts: MusicFacts, *, folds: bool) -> int:
    """Return how often a clip that goes round is played in a loop of that shape; 0 where it has other bars."""
    beats = shape.bars * shape.beats_per_bar
    own_beats = facts.bars * (facts.beats_per_bar or shape.beats_per_bar) if facts.bars else beats
    least, most = (1.0 - INAUDIBLE, 1.0 + INAUDIBLE) if facts.bars is None else (SLOWEST, FASTEST)
    counts = [Fraction(beats, own_beats)]
    if folds and facts.bars is not None:
        counts += [2 * counts[0], counts[0] / 2]
        least, most = _SLOWEST_FOLDED, _FASTEST_FOLDED
    speeds = {
        int(one): clip.n_samples * int(one) / shape.samples_at(clip.sample_rate)
        for one in counts
        if one.denominator == 1
    }
    there = [n_turns for n_turns, speed in speeds.items() if least <= speed <= most]
    return min(there, key=lambda n_turns: abs(math.log(speeds[n_turns])), default=0)


def _repeated(samples: FloatArray, n_turns: int, sample_rate: int, speed: float, n_samples: int) -> FloatArray:
    """Return so many turns of a loop, which are ``n_samples`` long once it was stretched."""
    if abs(speed - 1.0) > INAUDIBLE:
        samples = stretched(samples, sample_rate, speed)
    return _fitted(np.tile(samples, (n_turns, 1)), n_samples)


def _fitted(samples: FloatArray, n_samples: int) -> FloatArray:
    return samples if len(samples) == n_samples else fit_length(samples, n_samples)


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


def stretched(samples: FloatArray, sample_rate: int, speed: float) -> FloatArray:
    """Return a loop at another speed, pitch kept, which repeats as it did."""
    n_samples = max(1, round(len(samples) / speed))
    n_joint = min(ms_to_samples(_JOINT_MS, sample_rate), n_samples // 2)
    ease = TempoEase(speed, 2 * n_samples, 0)
    made = stretch_loop(samples, sample_rate, start=0.0, ease=ease, n_samples=n_samples, n_before=n_joint)
    out = made.samples[n_joint:].copy()
    # What led up to the start is what its end has to lead up to again.
    out[n_samples - n_joint :] = crossfaded(out[n_samples - n_joint :], made.samples[:n_joint], sample_rate)[0]
    return out
