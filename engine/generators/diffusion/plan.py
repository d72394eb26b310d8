# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plans what is asked of a diffusion model for a request, and cuts out of its clip what was asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from engine.dsp.mixdown import mix_down
from engine.dsp.patch import patched
from engine.errors import OutOfRange
from engine.generators.diffusion.asked import Ask, Hole
from engine.generators.requests import USUAL_BEATS_PER_BAR
from engine.units import ms_to_samples
from engine.values import Clip, ClipRequest, FloatArray, LoopRegion, MusicFacts, Parameters, Restyle

SLOWEST_BPM, FASTEST_BPM = 70, 160
"""Tempos between which one is chosen for bars without a tempo."""

CONTEXT_S = 15.0
"""Seconds of a clip that the model hears when it goes on from it, at most."""
MIN_CONTEXT_S = 1.0
"""Seconds of them for which there has to be room beside what is made."""

FADE_MS = 40.0
"""Milliseconds within a part that was painted anew, at either end, over which it comes and goes."""


class Lengths(Protocol):
    """A family has a rate, and bounds of what its models make well."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def shortest_s(self) -> float: ...

    @property
    def max_duration_s(self) -> float: ...

    @property
    def longest_s(self) -> dict[str, float]: ...


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """A plan is what is asked of the model, and which part of its clip is delivered.

    Attributes
    ----------
    n_samples
        Length of what the model makes, in samples of its rate.
    first, n_kept
        What is kept of it.
    bpm, key, beats
        Tempo, key and beats a bar that are asked of the model. It need not keep to them, so they are no facts.
    facts
        What is known of the music.
    source, strength, hole
        As in ``Ask``.
    original
        The clip into which what was painted anew is laid.
    untouched
        The clip as it is, where nothing of it is to be changed.
    """

    n_samples: int
    first: int
    n_kept: int
    facts: MusicFacts
    bpm: float | None
    key: str | None
    beats: int | None
    source: FloatArray | None = None
    strength: float | None = None
    hole: Hole | None = None
    original: Clip | None = None
    untouched: Clip | None = None

    def ask(self, request: ClipRequest, seeds: tuple[int, ...], values: Parameters, device: str) -> Ask:
        """Return what the model on that device is asked, for clips of these seeds."""
        return Ask(
            prompt=request.prompt,
            n_samples=self.n_samples,
            wanted=LoopRegion(self.first, self.first + self.n_kept),
            seeds=seeds,
            values=values,
            device=device,
            negative=request.negative_prompt,
            source=self.source,
            strength=self.strength,
            hole=self.hole,
            bpm=self.bpm,
            key=self.key,
            beats=self.beats,
        )


def planned(request: ClipRequest, family: Lengths) -> Plan:
    """Return the plan for a request that has passed the gate.

    Raises
    ------
    OutOfRange
        The model makes no clip so long, or has no room for the end of the clip that it is to go on from.
    """
    rate = family.sample_rate
    longest_s = family.longest_s.get(request.model, family.max_duration_s)
    bpm, beats = _time(request)
    bar_s = (beats or USUAL_BEATS_PER_BAR) * 60.0 / bpm if bpm else 0.0
    seconds = request.bars * bar_s if request.bars is not None else request.duration_s
    facts = MusicFacts(beats_per_bar=beats, bars=request.bars)
    plan = Plan(0, 0, 0, facts, bpm, request.key, beats)
    if request.repaint is not None:
        clip = request.repaint.clip
        _check_length(clip.duration_s, longest_s)
        source = heard(clip, rate)
        hole = Hole(request.repaint.start_s, request.repaint.end_s)
        n = source.shape[1]
        return replace(plan, n_samples=n, n_kept=n, source=source, hole=hole, original=clip)
    if request.restyle is not None:
        seconds = min(seconds, request.restyle.clip.duration_s)
    _check_length(seconds, longest_s)
    n_kept = max(1, round(seconds * rate))
    # At full strength nothing is kept of a clip but its length.
    if request.restyle is not None and request.restyle.strength < 1.0:
        return _restyled(plan, request.restyle, n_kept, rate)
    if request.continue_from is not None:
        context_s = _context_s(request.continue_from, seconds, longest_s, bar_s)
        end = heard(request.continue_from, rate)[:, -max(1, round(context_s * rate)) :]
        source = np.pad(end, ((0, 0), (0, n_kept)))
        n = source.shape[1]
        hole = Hole((n - n_kept) / rate, n / rate)
        return replace(plan, n_samples=n, first=n - n_kept, n_kept=n_kept, source=source, hole=hole)
    made_s = max(seconds, family.shortest_s)
    if bar_s > 0.0:
        # Whole bars: the model ends its clip where the music ends.
        made_s = min(math.ceil(made_s / bar_s - 1e-9) * bar_s, max(longest_s, seconds))
    return replace(plan, n_samples=max(n_kept, round(made_s * rate)), n_kept=n_kept)


def delivered(plan: Plan, clip: Clip) -> Clip:
    """Return what is delivered of what was wanted of the model: itself, or the clip that it was laid into."""
    original = plan.original
    if original is None:
        return clip
    if plan.hole is None:
        raise ValueError("what is laid into a clip has a place in it")
    painted = _resampled(clip.samples, clip.sample_rate, original.sample_rate)
    if original.n_channels == 1:
        painted = painted.mean(axis=1, keepdims=True, dtype=np.float32)
    n = original.n_samples
    painted = np.pad(painted[:n], ((0, max(0, n - len(painted))), (0, 0)))
    rate = original.sample_rate
    start = max(0, round(plan.hole.start_s * rate))
    end = min(n, round(plan.hole.end_s * rate))
    samples = patched(mix_down(original.samples), painted, start, end, ms_to_samples(FADE_MS, rate))
    return Clip(samples, rate, wraps=original.wraps)


def heard(clip: Clip, rate: int) -> FloatArray:
    """Return a clip as a model hears it: at ``rate`` Hz, float32, shape ``(2, n_samples)``."""
    samples = _resampled(mix_down(clip.samples), clip.sample_rate, rate)
    if samples.shape[1] == 1:
        samples = np.repeat(samples, 2, axis=1)
    return np.ascontiguousarray(samples.T, dtype=np.float32)


def _resampled(samples: FloatArray, rate: int, new_rate: int) -> FloatArray:
    if rate == new_rate:
        return samples
    import soxr

    out: FloatArray = soxr.resample(samples, rate, new_rate)
    return out


def _time(request: ClipRequest) -> tuple[float | None, int | None]:
    """Return tempo and beats a bar as they are asked of the model: bars need both."""
    beats = int(request.metre.partition("/")[0]) if request.metre is not None else None
    bpm = request.bpm
    if request.bars is not None:
        beats = beats or USUAL_BEATS_PER_BAR
        bpm = bpm or _tempo(request.bars * beats, request.duration_s)
    return bpm, beats


def _tempo(n_beats: int, seconds: float) -> float:
    """Return the tempo in which so many beats last about so long, as far as that is a usual one."""
    return float(min(max(round(60.0 * n_beats / max(seconds, 1.0)), SLOWEST_BPM), FASTEST_BPM))


def _restyled(plan: Plan, restyle: Restyle, n_kept: int, rate: int) -> Plan:
    source = heard(restyle.clip, rate)[:, :n_kept]
    n = source.shape[1]
    plan = replace(plan, n_samples=n, n_kept=n, source=source)
    if restyle.strength <= 0.0:
        kept = restyle.clip
        n_own = max(1, round(n / rate * kept.sample_rate))
        return replace(plan, untouched=Clip(kept.samples[:n_own], kept.sample_rate))
    return replace(plan, strength=restyle.strength)


def _context_s(clip: Clip, seconds: float, longest_s: float, bar_s: float) -> float:
    """Return how much of the clip's end is heard: whole bars of it, where there is room for one."""
    room_s = min(CONTEXT_S, clip.duration_s, longest_s - seconds)
    if room_s < min(MIN_CONTEXT_S, clip.duration_s):
        high = f"{longest_s - MIN_CONTEXT_S:g} s where it goes on from a clip"
        raise OutOfRange(name="duration", value=f"{seconds:g} s", low="1 s", high=high)
    return math.floor(room_s / bar_s) * bar_s if 0.0 < bar_s <= room_s else room_s


def _check_length(seconds: float, longest_s: float) -> None:
    if seconds > longest_s + 1e-6:
        raise OutOfRange(name="duration", value=f"{seconds:g} s", low="1 s", high=f"{longest_s:g} s")
