# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder: which regions of a clip can repeat for ever, best first, and why.

Both algorithms look at every start and every length at once (``similarity.seam_map``), refine the promising ones to the
sample, and measure them. *Advanced* proposes whole bars on the beat and ranks by all four metrics; *classic* takes the
peaks of the map as they are and ranks by spectral similarity alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.dsp.features import Listener
from engine.dsp.key import estimate_key
from engine.dsp.rhythm import Rhythm, find_rhythm
from engine.errors import ClipTooShort, EmptyClip, NonFiniteClip, NothingLoops, SilentClip
from engine.loops.metrics import Judge, is_weak, total
from engine.loops.refine import Ruler
from engine.loops.similarity import SeamMap, seam_map
from engine.units import ms_to_samples, samples_to_seconds, seconds_to_samples
from engine.values import (
    Algorithm,
    Clip,
    FloatArray,
    LoopCandidate,
    LoopFindings,
    LoopRegion,
    LoopSearch,
    MusicFacts,
)

MINIMUM_CLIP_S = 0.5
"""A clip must last at least this long to be searched."""

SILENT_PEAK_DB = -80.0
"""A clip whose peak is below this is silent, dBFS."""

LOOP_LEVEL_DB = -20.0
"""A region this much quieter than its clip is not its music: it is not proposed, dB."""

BARS_PREFERENCE = {4: 0.985, 8: 1.0, 16: 1.0}
OTHER_BARS_PREFERENCE = 0.95
ONE_BAR_PREFERENCE = 0.90
NO_BARS_PREFERENCE = 0.88
"""The advanced score is the total times this: of loops that join equally well, the one people count wins."""

_LAGS = 24  # lengths that are looked at, besides whole bars
_STARTS_PER_LAG = 4
_SHORTLIST = 28  # regions that are measured in full
_DOWNBEAT_BONUS = 0.05
_KNOWN_REACH_MS = 8.0  # how far the true period may be from a told tempo's grid
_ESTIMATED_REACH_MS = 40.0
_DISTINCT_S = 0.25  # two candidates whose ends are both this close are the same


@dataclass(frozen=True, eq=False, slots=True)
class _Proposal:
    region: LoopRegion
    promise: float


def find_loops(clip: Clip, search: LoopSearch) -> LoopFindings:
    """The best regions of ``clip`` to loop, best first, at most ``search.top``, all distinct.

    When nothing loops well the best there is is returned, marked weak. Of a clip that wraps, the whole is a candidate.

    Raises
    ------
    NonFiniteClip, SilentClip, ClipTooShort
        The clip cannot be searched.
    NothingLoops
        No region within ``search.min_loop_s`` and ``search.max_loop_s`` fits in the clip.
    """
    check_clip(clip)
    shortest, longest = _bounds(clip, search)
    listener = Listener(clip)
    rhythm = find_rhythm(listener, search.facts)
    judge = Judge.of(clip, listener, rhythm)
    seams = seam_map(listener, judge.ear, shortest, longest)
    ruler = Ruler(clip)

    if search.algorithm is Algorithm.ADVANCED and rhythm is not None:
        if not rhythm.known:
            rhythm = _tuned(rhythm, ruler, seams, clip, shortest, longest)
            judge = replace(judge, rhythm=rhythm)
        proposals = [*_on_the_grid(seams, rhythm, clip, shortest, longest), *_peaks(seams, clip, shortest, longest)]
    else:
        proposals = _peaks(seams, clip, shortest, longest)
    whole = LoopRegion(0, clip.n_samples)
    whole_fits = shortest <= clip.n_samples <= longest
    regions = _refined(proposals, ruler, search.algorithm, rhythm, clip, shortest, longest)
    if whole_fits and (clip.wraps or not regions):
        regions.insert(0, whole)
    if not regions:
        regions = [LoopRegion(0, shortest)]

    candidates = [_candidate(judge, region, search.algorithm) for region in regions if _sounds(clip, region, judge.rms)]
    if not candidates:
        candidates = [_candidate(judge, regions[0], search.algorithm)]
    # The whole of a clip that wraps wins a tie; otherwise the longer of two equals does.
    candidates.sort(key=lambda c: (round(c.score, 3), c.region == whole, c.region.n_samples), reverse=True)
    best = _distinct(candidates, ms_to_samples(_DISTINCT_S * 1000, clip.sample_rate))[: max(1, search.top)]
    best.sort(key=lambda c: c.score, reverse=True)
    return LoopFindings(search.algorithm, tuple(best), _facts(clip, listener, rhythm, search.facts))


def score_region(clip: Clip, region: LoopRegion, facts: MusicFacts) -> LoopCandidate:
    """Measure one region as it is, to the sample: what the finder would say of a region a person chose.

    ``facts`` are best those of ``LoopFindings.facts``, so that the tempo is not estimated again.

    Raises
    ------
    NonFiniteClip, SilentClip, ClipTooShort
        The clip cannot be measured.
    ValueError
        The region leaves the clip.
    """
    check_clip(clip)
    if region.loop_end > clip.n_samples:
        raise ValueError(f"the region ends at {region.loop_end}, beyond the clip's {clip.n_samples} samples")
    listener = Listener(clip)
    judge = Judge.of(clip, listener, find_rhythm(listener, facts))
    return _candidate(judge, region, Algorithm.ADVANCED)


def check_clip(clip: Clip) -> None:
    """Raise EmptyClip, ClipTooShort, NonFiniteClip or SilentClip when ``clip`` cannot be searched for loops."""
    if clip.samples.size == 0:
        raise EmptyClip
    finite = np.isfinite(clip.samples)
    if not finite.all():
        raise NonFiniteClip(n_bad=int(clip.samples.size - np.count_nonzero(finite)))
    if clip.duration_s < MINIMUM_CLIP_S:
        raise ClipTooShort(duration_s=clip.duration_s, minimum_s=MINIMUM_CLIP_S)
    # A constant offset is as silent as nothing.
    middle = clip.samples.mean(axis=0, dtype=np.float64)
    peak = float(np.max(np.maximum(clip.samples.max(axis=0) - middle, middle - clip.samples.min(axis=0))))
    peak_db = 20.0 * np.log10(max(peak, 1e-6))
    if peak_db < SILENT_PEAK_DB:
        raise SilentClip(peak_db=float(peak_db))


def warm_up() -> None:
    """Load what the finder needs, by searching two seconds of clicks: the first real search is then as fast as any."""
    sample_rate = 22_050
    samples = np.zeros((2 * sample_rate, 1), dtype=np.float32)
    samples[:: sample_rate // 2] = 0.5
    find_loops(Clip(samples, sample_rate), LoopSearch(Algorithm.ADVANCED, min_loop_s=0.5))


# --- proposing --------------------------------------------------------------------------------------------------------


def _bounds(clip: Clip, search: LoopSearch) -> tuple[int, int]:
    shortest = max(1, seconds_to_samples(search.min_loop_s, clip.sample_rate))
    longest = clip.n_samples
    if search.max_loop_s is not None:
        longest = min(longest, seconds_to_samples(search.max_loop_s, clip.sample_rate))
    if shortest > longest:
        raise NothingLoops(minimum_s=search.min_loop_s, duration_s=samples_to_seconds(longest, clip.sample_rate))
    return shortest, longest


def _on_the_grid(seams: SeamMap, rhythm: Rhythm, clip: Clip, shortest: int, longest: int) -> Iterable[_Proposal]:
    """Every whole number of bars, from the beats where it joins best; downbeats first."""
    bar, beat = rhythm.bar_samples, rhythm.beat_samples
    for n_bars in range(max(1, -int(-shortest // bar)), int((longest + 1) // bar) + 1):
        length = round(n_bars * bar)
        if not shortest <= length <= longest:
            continue
        starts = np.arange(rhythm.first_downbeat % beat, clip.n_samples - length + 1, beat)
        if clip.n_samples - length < rhythm.first_downbeat % beat or starts.size == 0:
            continue
        downbeat = np.abs((starts - rhythm.first_downbeat + beat / 2) % bar - beat / 2) < beat / 4
        alike = _alike(seams, starts, length)
        for index in _best_apart(alike + _DOWNBEAT_BONUS * downbeat, 2, _STARTS_PER_LAG):
            start = min(round(starts[index]), clip.n_samples - length)
            promise = float(alike[index] + _DOWNBEAT_BONUS * downbeat[index]) * _preference(n_bars)
            yield _Proposal(LoopRegion(start, start + length), promise)


def _peaks(seams: SeamMap, clip: Clip, shortest: int, longest: int) -> list[_Proposal]:
    """The lengths at which something repeats best, each from its best starts, whatever the beat."""
    hop = seams.hop_length
    apart = max(1, round(_DISTINCT_S * clip.sample_rate / hop))
    profile = seams.alike.max(axis=0)
    proposals = []
    for column in _best_apart(profile, max(1, apart // 4), _LAGS):
        alike = seams.alike[:, column]
        length = min(max((column + seams.first_lag) * hop, shortest), longest)
        for row in _best_apart(alike, apart, _STARTS_PER_LAG):
            start = min(row * hop, clip.n_samples - length)
            if np.isfinite(alike[row]):
                proposals.append(_Proposal(LoopRegion(start, start + length), float(alike[row]) * NO_BARS_PREFERENCE))
    return proposals


def _alike(seams: SeamMap, starts: np.ndarray[tuple[int], np.dtype[np.float64]], length: int) -> FloatArray:
    """The map's best value for loops of ``length`` samples from each of ``starts``, a frame's rounding allowed for."""
    column = seams.column(length)
    columns = slice(max(0, column - 1), column + 2)
    rows = np.clip(np.round(starts / seams.hop_length).astype(int), 0, seams.alike.shape[0] - 1)
    best: FloatArray = np.max(
        [seams.alike[np.clip(rows + shift, 0, seams.alike.shape[0] - 1), columns].max(axis=1) for shift in (-1, 0)],
        axis=0,
    )
    return best


def _best_apart(values: FloatArray, apart: int, n: int) -> list[int]:
    """Indices of the highest ``values``, best first, at most ``n``, at least ``apart`` from one another."""
    left = np.array(values, dtype=np.float64)
    chosen: list[int] = []
    while len(chosen) < n:
        index = int(left.argmax())
        if not np.isfinite(left[index]):
            break
        chosen.append(index)
        left[max(0, index - apart + 1) : index + apart] = -np.inf
    return chosen


def _tuned(rhythm: Rhythm, ruler: Ruler, seams: SeamMap, clip: Clip, shortest: int, longest: int) -> Rhythm:
    """The rhythm with its tempo corrected by the period at which the best whole bars really repeat."""
    best = max(_on_the_grid(seams, rhythm, clip, shortest, longest), key=lambda p: p.promise, default=None)
    if best is None or best.promise < 0.3:
        return rhythm
    n_bars = round(best.region.n_samples / rhythm.bar_samples)
    length = ruler.true_length(best.region, ms_to_samples(_ESTIMATED_REACH_MS, clip.sample_rate))
    return replace(rhythm, beat_samples=length / (n_bars * rhythm.beats_per_bar))


# --- refining and ranking ---------------------------------------------------------------------------------------------


def _refined(
    proposals: Iterable[_Proposal],
    ruler: Ruler,
    algorithm: Algorithm,
    rhythm: Rhythm | None,
    clip: Clip,
    shortest: int,
    longest: int,
) -> list[LoopRegion]:
    """The most promising proposals, their length and place found to the sample."""
    apart = ms_to_samples(_DISTINCT_S * 1000, clip.sample_rate)
    regions: list[LoopRegion] = []
    proposed: list[LoopRegion] = []
    for proposal in sorted(proposals, key=lambda p: p.promise, reverse=True):
        if len(regions) == _SHORTLIST:
            break
        region = proposal.region
        if any(_same(region, other, apart) for other in proposed):
            continue
        proposed.append(region)
        known = algorithm is Algorithm.ADVANCED and rhythm is not None and rhythm.known
        on_grid = rhythm is not None and _whole_bars(region, rhythm, clip.sample_rate) is not None
        reach_ms = _KNOWN_REACH_MS if known and on_grid else _ESTIMATED_REACH_MS
        length = ruler.true_length(region, ms_to_samples(reach_ms, clip.sample_rate))
        length = min(max(length, shortest), longest)
        start = min(region.loop_start, clip.n_samples - length)
        regions.append(ruler.settle(LoopRegion(start, start + length)))
    return regions


def _candidate(judge: Judge, region: LoopRegion, algorithm: Algorithm) -> LoopCandidate:
    metrics = judge.metrics(region)
    bars = None if judge.rhythm is None else _whole_bars(region, judge.rhythm, judge.clip.sample_rate)
    if algorithm is Algorithm.CLASSIC:
        score = metrics.spectral
    else:
        whole = judge.clip.wraps and region.n_samples == judge.clip.n_samples
        score = total(metrics) * (1.0 if whole else _preference(bars))
    return LoopCandidate(region, score, metrics, bars, weak=is_weak(metrics))


def _preference(bars: int | None) -> float:
    if bars is None:
        return NO_BARS_PREFERENCE
    return BARS_PREFERENCE.get(bars, ONE_BAR_PREFERENCE if bars == 1 else OTHER_BARS_PREFERENCE)


def _whole_bars(region: LoopRegion, rhythm: Rhythm, sample_rate: int) -> int | None:
    bars = round(region.n_samples / rhythm.bar_samples)
    off = abs(region.n_samples - bars * rhythm.bar_samples)
    return bars if bars > 0 and off <= ms_to_samples(_ESTIMATED_REACH_MS / 2, sample_rate) else None


def _sounds(clip: Clip, region: LoopRegion, clip_rms: float) -> bool:
    inside = clip.samples[region.loop_start : region.loop_end].ravel()
    power = float(inside @ inside) / inside.size
    return bool(power >= clip_rms**2 * 10.0 ** (LOOP_LEVEL_DB / 10.0))


def _same(one: LoopRegion, other: LoopRegion, apart: int) -> bool:
    return abs(one.loop_start - other.loop_start) < apart and abs(one.loop_end - other.loop_end) < apart


def _distinct(candidates: Iterable[LoopCandidate], apart: int) -> list[LoopCandidate]:
    kept: list[LoopCandidate] = []
    for candidate in candidates:
        if not any(_same(candidate.region, other.region, apart) for other in kept):
            kept.append(candidate)
    return kept


def _facts(clip: Clip, listener: Listener, rhythm: Rhythm | None, known: MusicFacts) -> MusicFacts:
    """``known``, with what was estimated in its gaps."""
    facts = replace(known, key=known.key or estimate_key(listener.whole.chroma))
    if rhythm is None:
        return facts
    bars = clip.n_samples / rhythm.bar_samples
    return replace(
        facts,
        tempo_bpm=known.tempo_bpm or round(rhythm.tempo_bpm(clip.sample_rate), 3),
        beats_per_bar=rhythm.beats_per_bar,
        bars=known.bars or (round(bars) if abs(bars - round(bars)) < 0.02 else None),
    )
