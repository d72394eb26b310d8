# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder: which regions of a clip can repeat for ever, best first, and why.

Both algorithms look at every start and every length at once (``similarity.seam_map``), refine the promising ones to the
sample, and measure them. *Advanced* proposes whole bars on the beat and ranks by all four metrics; *classic* takes the
peaks of the map as they are and ranks by spectral similarity alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.dsp.key import estimate_key
from engine.dsp.rhythm import Rhythm, find_rhythm
from engine.errors import ClipTooShort, EmptyClip, NonFiniteClip, NothingLoops, SilentClip
from engine.loops.metrics import Judge, is_weak, total, whole_bars
from engine.loops.refine import Ruler
from engine.loops.similarity import SeamMap, seam_map
from engine.units import amplitude_to_db, ms_to_samples, samples_to_seconds, seconds_to_samples
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
OTHER_BARS_PREFERENCE = 0.93
ONE_BAR_PREFERENCE = 0.90
NO_BARS_PREFERENCE = 0.88
"""The advanced score is the total times this: of loops that join equally well, the one people count wins."""

OFF_DOWNBEAT_PREFERENCE = 0.985
OFF_BEAT_PREFERENCE = 0.97
"""And times this, for a loop that starts on another beat than the first of a bar, or between beats."""

_LAGS = 24  # lengths that are looked at, besides whole bars
_STARTS_PER_LAG = 4
_SHORTLIST = 30  # regions that are measured in full
_SAME_LENGTH = 3  # candidates of one length, while there are others
_OFF_DOWNBEAT_COST = 0.03
_LEAST_PROMISE = 0.3  # below, nothing repeats well enough to measure the tempo by
_KNOWN_REACH_MS = 8.0  # how far the true period may be from a told tempo's grid
_ESTIMATED_REACH_MS = 40.0
_TUNING_REGIONS = 8
_DISTINCT_MS = 250.0  # two candidates whose ends are both this close are the same


@dataclass(frozen=True, slots=True)
class _Proposal:
    region: LoopRegion
    promise: float


@dataclass(frozen=True, eq=False, slots=True)
class _Hunt:
    """What a search looks through, and its bounds in samples."""

    clip: Clip
    seams: SeamMap
    ruler: Ruler
    rhythm: Rhythm | None
    shortest: int
    longest: int


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
    hunt = _Hunt(clip, seam_map(listener, judge.ear, shortest, longest), Ruler(clip), rhythm, shortest, longest)
    if rhythm is not None and not rhythm.known:
        hunt = replace(hunt, rhythm=_tuned(hunt, rhythm))
        judge = replace(judge, rhythm=hunt.rhythm)

    proposals = _peaks(hunt)
    if search.algorithm is Algorithm.ADVANCED and hunt.rhythm is not None:
        proposals += _on_the_grid(hunt, hunt.rhythm)
    regions = _refined(hunt, proposals)
    whole = LoopRegion(0, clip.n_samples)
    if clip.n_samples <= longest and (clip.wraps or judge.bars(whole) or not regions):
        regions.insert(0, whole)
    if not regions:
        regions = [LoopRegion(0, shortest)]

    sounding = [region for region in regions if _sounds(clip, region, judge.rms)] or regions[:1]
    candidates = [_candidate(judge, region, search.algorithm) for region in sounding]
    # Of two as good as equal the whole of a clip wins, then the longer.
    candidates.sort(key=lambda c: (round(c.score, 3), c.region == whole, c.region.n_samples), reverse=True)
    best = _varied(candidates, ms_to_samples(_DISTINCT_MS, clip.sample_rate), max(1, search.top))
    return LoopFindings(search.algorithm, tuple(best), _facts(clip, listener, hunt.rhythm, search.facts))


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
    columns = [clip.samples[:, channel] for channel in range(clip.n_channels)]
    lows, highs = [float(column.min()) for column in columns], [float(column.max()) for column in columns]
    if not np.isfinite([*lows, *highs]).all():  # one NaN makes an extreme NaN
        raise NonFiniteClip(n_bad=int(clip.samples.size - np.count_nonzero(np.isfinite(clip.samples))))
    if clip.duration_s < MINIMUM_CLIP_S:
        raise ClipTooShort(duration_s=clip.duration_s, minimum_s=MINIMUM_CLIP_S)
    # A constant offset is as silent as nothing: half the span is what moves.
    peak_db = amplitude_to_db(max((high - low) / 2 for low, high in zip(lows, highs, strict=True)))
    if peak_db < SILENT_PEAK_DB:
        raise SilentClip(peak_db=peak_db)


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


def _on_the_grid(hunt: _Hunt, rhythm: Rhythm) -> list[_Proposal]:
    """Every whole number of bars, from the beats where it joins best; downbeats first."""
    bar, beat, n_samples = rhythm.bar_samples, rhythm.beat_samples, hunt.clip.n_samples
    proposals = []
    for n_bars in range(max(1, int(hunt.shortest / bar)), int(hunt.longest / bar) + 2):
        length = round(n_bars * bar)
        first = rhythm.first_downbeat % beat
        if not hunt.shortest <= length <= hunt.longest or n_samples - length < first:
            continue
        starts = np.arange(first, n_samples - length + 1, beat)
        promise = _alike(hunt.seams, starts, length) * _preference(n_bars)
        promise = promise - _OFF_DOWNBEAT_COST * ~_on_downbeat(starts, rhythm)
        for index in _best_apart(promise, 2, _STARTS_PER_LAG):
            start = min(round(starts[index]), n_samples - length)
            proposals.append(_Proposal(LoopRegion(start, start + length), float(promise[index])))
    return proposals


def _on_downbeat(starts: npt.NDArray[np.float64], rhythm: Rhythm) -> npt.NDArray[np.bool_]:
    """Whether each of ``starts`` lies within a quarter of a beat of a downbeat."""
    bar, beat = rhythm.bar_samples, rhythm.beat_samples
    return np.abs((starts - rhythm.first_downbeat + bar / 2) % bar - bar / 2) < beat / 4


def _peaks(hunt: _Hunt) -> list[_Proposal]:
    """The lengths at which something repeats best, each from its best starts, whatever the beat."""
    seams, n_samples = hunt.seams, hunt.clip.n_samples
    apart = max(1, seconds_to_samples(_DISTINCT_MS / 1000, hunt.clip.sample_rate) // seams.hop_length)
    proposals = []
    for column in _best_apart(seams.alike.max(axis=0), max(1, apart // 4), _LAGS):
        alike = seams.alike[:, column]
        length = min(max((column + seams.first_lag) * seams.hop_length, hunt.shortest), hunt.longest)
        for row in _best_apart(alike, apart, _STARTS_PER_LAG):
            start = min(row * seams.hop_length, n_samples - length)
            proposals.append(_Proposal(LoopRegion(start, start + length), float(alike[row]) * NO_BARS_PREFERENCE))
    return proposals


def _alike(seams: SeamMap, starts: npt.NDArray[np.float64], length: int) -> FloatArray:
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


def _tuned(hunt: _Hunt, rhythm: Rhythm) -> Rhythm:
    """The rhythm with its tempo corrected: the median over the best whole bars of the period they really repeat at."""
    reach = ms_to_samples(_ESTIMATED_REACH_MS, hunt.clip.sample_rate)
    beats, trust = [], []
    proposals = sorted(_on_the_grid(hunt, rhythm), key=lambda p: p.promise, reverse=True)
    for proposal in proposals[:_TUNING_REGIONS]:
        if proposal.promise < _LEAST_PROMISE:
            break
        exact = hunt.ruler.exact_length(proposal.region, reach)
        length, sure = (exact, 2.0) if exact else hunt.ruler.attack_length(proposal.region, reach)
        n_beats = round(proposal.region.n_samples / rhythm.bar_samples) * rhythm.beats_per_bar
        beats.append(length / n_beats)
        trust.append(sure * n_beats)
    if sum(trust) <= 0:
        return rhythm
    order = np.argsort(beats)
    running = np.cumsum(np.array(trust)[order])
    return replace(rhythm, beat_samples=float(beats[order[int(np.searchsorted(running, running[-1] / 2))]]))


# --- refining and ranking ---------------------------------------------------------------------------------------------


def _refined(hunt: _Hunt, proposals: list[_Proposal]) -> list[LoopRegion]:
    """The most promising proposals, their length and place found to the sample."""
    apart = ms_to_samples(_DISTINCT_MS, hunt.clip.sample_rate)
    proposed: list[LoopRegion] = []
    regions: list[LoopRegion] = []
    for proposal in sorted(proposals, key=lambda p: p.promise, reverse=True):
        region = proposal.region
        if any(_same(region, other, apart) for other in proposed):
            continue
        proposed.append(region)
        length = min(max(_true_length(hunt, region), hunt.shortest), hunt.longest)
        start = min(region.loop_start, hunt.clip.n_samples - length)
        regions.append(hunt.ruler.settle(LoopRegion(start, start + length)))
        if len(regions) == _SHORTLIST:
            break
    return regions


def _true_length(hunt: _Hunt, region: LoopRegion) -> int:
    """The grid's length, unless the music repeats sample by sample at another one; off the grid, what lines up best."""
    rhythm, sample_rate = hunt.rhythm, hunt.clip.sample_rate
    bars = None if rhythm is None else whole_bars(region, rhythm, sample_rate)
    reach_ms = _KNOWN_REACH_MS if bars is not None and rhythm is not None and rhythm.known else _ESTIMATED_REACH_MS
    reach = ms_to_samples(reach_ms, sample_rate)
    if bars is not None and rhythm is not None:
        region = LoopRegion(region.loop_start, region.loop_start + round(bars * rhythm.bar_samples))
    exact = hunt.ruler.exact_length(region, reach)
    if exact is not None:
        return exact
    if bars is not None:
        return region.n_samples
    return hunt.ruler.attack_length(region, reach)[0]


def _candidate(judge: Judge, region: LoopRegion, algorithm: Algorithm) -> LoopCandidate:
    metrics, bars = judge.metrics(region), judge.bars(region)
    score = metrics.spectral
    if algorithm is Algorithm.ADVANCED:
        whole = judge.clip.wraps and region.n_samples == judge.clip.n_samples
        score = total(metrics) * (1.0 if whole else _preference(bars) * _start_preference(judge, region))
    return LoopCandidate(region, score, metrics, bars, weak=is_weak(metrics))


def _preference(bars: int | None) -> float:
    if bars is None:
        return NO_BARS_PREFERENCE
    return BARS_PREFERENCE.get(bars, ONE_BAR_PREFERENCE if bars == 1 else OTHER_BARS_PREFERENCE)


def _start_preference(judge: Judge, region: LoopRegion) -> float:
    rhythm = judge.rhythm
    if rhythm is None:
        return 1.0
    start = np.array([float(region.loop_start)])
    if _on_downbeat(start, rhythm)[0]:
        return 1.0
    on_beat = _on_downbeat(start, replace(rhythm, beats_per_bar=1))[0]
    return OFF_DOWNBEAT_PREFERENCE if on_beat else OFF_BEAT_PREFERENCE


def _sounds(clip: Clip, region: LoopRegion, clip_rms: float) -> bool:
    inside = clip.samples[region.loop_start : region.loop_end].ravel()
    power = float(inside @ inside) / inside.size
    return bool(power >= clip_rms**2 * 10.0 ** (LOOP_LEVEL_DB / 10.0))


def _same(one: LoopRegion, other: LoopRegion, apart: int) -> bool:
    return abs(one.loop_start - other.loop_start) < apart and abs(one.loop_end - other.loop_end) < apart


def _varied(candidates: list[LoopCandidate], apart: int, top: int) -> list[LoopCandidate]:
    """The first ``top`` that differ, best first; further starts of one length give way to other lengths."""
    kept: list[LoopCandidate] = []
    spare: list[LoopCandidate] = []
    for candidate in candidates:
        region = candidate.region
        if any(_same(region, other.region, apart) for other in kept):
            continue
        n_alike = sum(abs(region.n_samples - other.region.n_samples) < apart for other in kept)
        (kept if n_alike < _SAME_LENGTH else spare).append(candidate)
    for candidate in spare[: max(0, top - len(kept))]:
        if not any(_same(candidate.region, other.region, apart) for other in kept):
            kept.append(candidate)
    return sorted(kept[:top], key=lambda c: c.score, reverse=True)


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
