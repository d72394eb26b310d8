# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam is mended by having the music around it made anew: what a model paints there leads from the end to the start.

The loop is read round its ends, so that the seam stands in the middle of an excerpt, with the music before it and after
it. A beat or two there is painted anew by a generator that can (``Takes.repaint``), and the excerpt goes back to where
it came from. The loop then goes on at its own start, and needs no crossfade. Whether that is better is measured: by the
proof of the seam before and after, and by how strange what was painted is to the rest of the loop, since there is no
joint in a burst of noise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.dsp.patch import patched
from engine.dsp.seam import Seam, cyclic
from engine.errors import LoopTooShort
from engine.loops.finder import listener_of
from engine.loops.proof import proof_of
from engine.loops.through import quality_of
from engine.units import ms_to_samples
from engine.values import Clip, LoopRegion, Repaint, SeamProof

LONGEST_S = 20.0
"""Seconds of the loop around its seam that a model hears, at most."""
SHORTEST_S = 2.0
"""Seconds of the shortest loop whose seam can be mended: of a shorter one too little would be left to go by."""

BEATS = 2
"""Number of beats that are painted anew, half of them before the seam."""
USUAL_BEAT_S = 0.5
"""Seconds of a beat where the tempo is not known."""
MOST_OF_IT = 0.4
"""Share of the excerpt that is painted anew, at most."""
FADE_MS = 30.0
"""Milliseconds within what was painted, at either end, over which it comes and goes."""

STRANGE_DB = 3.0
"""Mean difference of bands in dB from which on what was painted is another music than the rest of the loop."""
_APART_S = 0.25  # frames that are nearer to each other are alike in any music

LEAST_GAIN = 0.02
"""By how much a mended seam's worth has to be higher: less is within what its measures err by."""
_PER_STEP = 0.1  # worth that a click costs for each time that it is larger than the music's own steps
_MOST_STEPS = 5.0

Repainter = Callable[[Repaint], Clip]
"""This function makes a part of a clip anew, and returns all of it, as long as it was; its level may differ."""


@dataclass(frozen=True, eq=False, slots=True)
class Wound:
    """A wound is an excerpt of a loop with the seam in its middle.

    Attributes
    ----------
    excerpt
        The loop, read round its ends.
    first
        Where in the loop it begins, in samples.
    part
        What of the excerpt is to be painted anew.
    """

    excerpt: Clip
    first: int
    part: LoopRegion

    @property
    def repaint(self) -> Repaint:
        """Return what a generator is asked for."""
        rate = self.excerpt.sample_rate
        return Repaint(self.excerpt, self.part.loop_start / rate, self.part.loop_end / rate)


@dataclass(frozen=True, eq=False, slots=True)
class Mended:
    """A mended loop, and whether it is worth having.

    Attributes
    ----------
    loop
        All of the loop: it wraps, and repeats as it is.
    before, after
        The proof of the seam as it was, with its crossfade, and as it is.
    strange_db
        How much less what was painted is like anything in the loop than the loop's own moments are, dB.
    """

    loop: Clip
    before: SeamProof
    after: SeamProof
    strange_db: float

    @property
    def is_better(self) -> bool:
        """Return whether the seam is heard less than before, and nothing strange in its place."""
        return self.strange_db < STRANGE_DB and worth_of(self.after) > worth_of(self.before) + LEAST_GAIN


def worth_of(proof: SeamProof) -> float:
    """Return how good a seam is, at most 1: how little it is heard, without a click."""
    clicks = min(max(proof.step - 1.0, 0.0), _MOST_STEPS)
    return quality_of(proof) - _PER_STEP * clicks


def wound_of(clip: Clip, region: LoopRegion, tempo_bpm: float | None = None, *, longest_s: float = LONGEST_S) -> Wound:
    """Return the excerpt of a loop in which its seam can be mended, of ``longest_s`` seconds at most.

    Raises
    ------
    LoopTooShort
        The loop is shorter than ``SHORTEST_S``.
    """
    rate, n = clip.sample_rate, region.n_samples
    if n < round(SHORTEST_S * rate):
        raise LoopTooShort(seconds=n / rate, least_s=SHORTEST_S)
    n_heard = min(n, math.floor(min(longest_s, LONGEST_S) * rate))
    beat_s = 60.0 / tempo_bpm if tempo_bpm else USUAL_BEAT_S
    half = min(round(BEATS * beat_s * rate), round(MOST_OF_IT * n_heard)) // 2
    middle = n_heard // 2
    first = (n - middle) % n
    samples = cyclic(clip.read(region.loop_start, n), first, n_heard)
    return Wound(Clip(samples, rate), first, LoopRegion(middle - half, middle + half))


def closed(clip: Clip, region: LoopRegion, wound: Wound, painted: Clip) -> Clip:
    """Return the loop with what was painted in its place; every sample beside it is the clip's own.

    Raises ValueError where ``painted`` is not as long as the excerpt that was given to be painted, at its rate.
    """
    excerpt = wound.excerpt
    if (painted.n_samples, painted.sample_rate) != (excerpt.n_samples, excerpt.sample_rate):
        raise ValueError(f"{painted.n_samples} samples were painted of {excerpt.n_samples}")
    samples = painted.samples
    if samples.shape != excerpt.samples.shape:
        samples = samples.mean(axis=1, keepdims=True).repeat(excerpt.n_channels, axis=1)
    part = wound.part
    fade = ms_to_samples(FADE_MS, excerpt.sample_rate)
    healed = patched(excerpt.samples, samples, part.loop_start, part.loop_end, fade)
    loop = clip.read(region.loop_start, region.n_samples).copy()
    n_before = excerpt.n_samples // 2
    loop[region.n_samples - n_before :] = healed[:n_before]
    n_after = excerpt.n_samples - n_before
    loop[:n_after] = healed[n_before:]
    return Clip(loop, clip.sample_rate, wraps=True)


def laid_in(clip: Clip, region: LoopRegion, loop: Clip, *, longest_overlap_ms: float) -> Clip:
    """Return the clip with a mended loop in its region: as long as it was, each region in its place.

    On either side the clip goes on with the loop itself, as far as the longest crossfade of the seam reads: a crossfade
    of a loop with itself changes nothing, so that no overlap undoes the mending. Where the loop is all of the clip,
    the clip wraps.
    """
    n = region.n_samples
    if n == clip.n_samples:
        return Clip(loop.samples, clip.sample_rate, wraps=True)
    reach = min(n, ms_to_samples(longest_overlap_ms, clip.sample_rate))
    first, last = max(0, region.loop_start - reach), min(clip.n_samples, region.loop_end + reach)
    samples = clip.samples.copy()
    samples[first:last] = cyclic(loop.samples, first - region.loop_start, last - first)
    return Clip(samples, clip.sample_rate, wraps=clip.wraps and first > 0 and last < clip.n_samples)


def mend(clip: Clip, region: LoopRegion, repaint: Repainter, *, overlap_ms: float, tempo_bpm: float | None) -> Mended:
    """Mend the seam of a region, whatever comes of it: ``Mended.is_better`` says whether to keep it.

    Parameters
    ----------
    overlap_ms
        The crossfade with which the seam plays now.
    tempo_bpm
        The tempo, or None where it is not known.

    Raises
    ------
    LoopTooShort
        The loop is too short.
    """
    wound = wound_of(clip, region, tempo_bpm)
    return judged(clip, region, wound, repaint(wound.repaint), overlap_ms=overlap_ms)


def judged(clip: Clip, region: LoopRegion, wound: Wound, painted: Clip, *, overlap_ms: float) -> Mended:
    """Return the loop with what was painted, and what it is worth; see ``mend``. Hears the clip and the loop once."""
    loop = closed(clip, region, wound, painted)
    samples = clip.samples.copy()
    samples[region.loop_start : region.loop_end] = loop.samples
    listener = listener_of(clip, None)
    beats = _onsets_beside(listener, region, wound.part.n_samples)
    # Both are held against what the clip does at these places: of itself a loop that wraps would have nothing added.
    before, after = (
        proof_of(listener, Seam(one, region, overlap_ms=ms), beats)
        for one, ms in ((clip, overlap_ms), (Clip(samples, clip.sample_rate), 0.0))
    )
    part = wound.part.n_samples
    return Mended(loop, before, after, strangeness_db(loop, part - part // 2, part // 2))


def _onsets_beside(listener: Listener, region: LoopRegion, n_painted: int) -> npt.NDArray[np.float64]:
    """Return the onsets of a loop without those within what is painted: clicks at a seam are no beats of the music."""
    half = n_painted // 2
    first, last = (round(one / listener.hop_length) for one in (region.loop_start + half, region.loop_end - half))
    onset = listener.onset[first : last + 1].astype(np.float64)
    peaks = onset[1:-1][(onset[1:-1] >= onset[:-2]) & (onset[1:-1] >= onset[2:]) & (onset[1:-1] > onset.mean())]
    return peaks if peaks.size else onset


def strangeness_db(loop: Clip, n_after: int, n_before: int) -> float:
    """Return how much less alike to the rest of a loop is what surrounds its joint than the rest is to itself, dB.

    Each frame is compared with the one that it is most like, by the mean difference of their mel bands.

    Parameters
    ----------
    n_after, n_before
        Samples at the loop's start and at its end that were painted.
    """
    listener = listener_of(loop, None)
    hop, rate = listener.hop_length, loop.sample_rate
    mel = listener.whole.mel_db
    at = np.arange(len(mel))
    is_painted = (at * hop < n_after) | (at * hop >= loop.n_samples - n_before)
    apart = round(_APART_S * rate / hop)

    def nearest(frame: int) -> float:
        others = ~is_painted & (np.abs(at - frame) > apart)
        return float(np.abs(mel[others] - mel[frame]).mean(axis=1).min()) if others.any() else 0.0

    painted = np.flatnonzero(is_painted)
    rest = np.flatnonzero(~is_painted)
    own = rest[:: max(1, len(rest) // max(len(painted), 1))]
    usual = np.percentile([nearest(int(one)) for one in own], 90.0) if len(own) else 0.0
    return float(np.median([nearest(int(one)) for one in painted]) - usual)
