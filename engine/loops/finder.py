# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder says which regions of a sound can repeat for ever, best first, and why.

A sound is heard once (``engine.dsp.features``). The lengths after which it comes again are proposed, exactly (by its
waves) or played anew (by its sound, harmony and onsets), each with its best starts; the most promising are made exact
to the sample and measured. *Advanced* scores by the confidence that a listener would call it the loop; *classic* by
spectral similarity alone. Both list by ``worth.total``, which joins the score with what the loop is worth to a
listener: of loops about equally sure the longest comes first. Where none is sure enough, the first is the clip played
through.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from engine.dsp.blas import one_blas_thread
from engine.dsp.features import Listener
from engine.dsp.key import estimate_key
from engine.dsp.rhythm import Pulse, Rhythm, find_rhythm, nearest_bars
from engine.dsp.seam import Seam
from engine.errors import ClipTooShort, ConstantClip, EmptyClip, NothingLoops, NoWholeBars, OutOfRange, SilentClip
from engine.library.looptags import read_tags
from engine.library.soundfiles import AudioPath, open_sound
from engine.loops import wrapping
from engine.loops.candidates import candidate_of, listed, same
from engine.loops.checks import check_measuring, check_search
from engine.loops.confidence import GOES_ROUND, TOLD_TO_GO_ROUND
from engine.loops.evidence import Hearing
from engine.loops.metrics import Judge
from engine.loops.proof import beat_onsets, proof_of, prove_seam
from engine.loops.proposals import LEAST_EXACT, Bounds, Proposal, propose
from engine.loops.refine import exact_length, settle
from engine.loops.repeats import Repeats, Spectra
from engine.loops.similarity import Ear, SeamMap, score_map, seam_map
from engine.loops.through import quieter_overlap
from engine.loops.turns import find_turns
from engine.loops.weighted import ranking
from engine.units import amplitude_to_db, ms_to_samples, samples_to_seconds, seconds_to_samples
from engine.values import (
    Algorithm,
    BeatGrid,
    Clip,
    LoopCandidate,
    LoopFindings,
    LoopOrigin,
    LoopRegion,
    LoopSearch,
    MusicFacts,
    SeamProof,
    Sound,
)
from engine.values.seams import QUIET

Progress = Callable[[float], None]

MINIMUM_CLIP_S = 0.5
"""Seconds that a sound must last at least to be searched."""

SILENT_PEAK_DB = -80.0
"""Peak level in dBFS below which a sound is silent."""

LOOP_LEVEL_DB = -20.0
"""Level in dB by which a region may be quieter than its clip and still be proposed as its music."""

DEFAULT_SEARCH = LoopSearch()

_LEAST_LOOP_S, _LEAST_LOOP_SHARE = (1.5, 10.0), 0.05
MEASURED = 10  # proposals that are measured in full: so many, or as many as are asked for,
_LEAST_MEASURED, _LEAST_PROMISE = 3, 0.6  # but few that promise less than this part of the first's
_LEAST_PERIOD = 0.3  # likeness throughout from which on the music comes again, and may tell its tempo
_LEAST_STRENGTH = 0.1  # … and of its waves
_PERIOD_REACH_MS = 60.0


def find_loops(
    sound: Sound | AudioPath, search: LoopSearch = DEFAULT_SEARCH, progress: Progress | None = None
) -> LoopFindings:
    """Return the best regions of ``sound`` to loop, best first, at most ``search.top``, all distinct.

    *Best* joins how sure a loop is (its score) and what it is worth: ``engine.loops.worth``. When nothing loops well
    the first is the longest region with the least audible seam, marked weak and ``played_through``, with the crossfade
    that its seam needs. Of a sound that goes on at its start where it ends (told by it, or heard:
    ``engine.loops.wrapping``) the whole is a candidate.

    Parameters
    ----------
    sound
        A clip, an open file of any length, or the path of a file, whose own loop tags are then candidates too.
    progress
        Called with the fraction done, in (0, 1]; whatever it raises ends the search.

    Raises
    ------
    NonFiniteClip, SilentClip, ClipTooShort
        The sound cannot be searched.
    NothingLoops, NoWholeBars
        No region within the search's bounds fits in the sound.
    OutOfRange
        A wish that makes no sense: a length that is no number, a tempo that no music has, a place beyond the sound.
    AudioFileError
        The path leads to nothing that can be read.
    """
    if isinstance(sound, str | os.PathLike):
        with open_sound(sound) as file:
            tags = read_tags(sound, n_samples=file.n_samples)
            tagged, marked = (*search.tagged, *tags.loops), (*search.marked, *tags.marks)
            return find_loops(file, replace(search, tagged=tagged, marked=marked), progress)
    check_search(search)
    with one_blas_thread():
        return _find(sound, search, progress)


def score_region(
    sound: Sound, region: LoopRegion, facts: MusicFacts, overlap_ms: float = DEFAULT_SEARCH.overlap_ms
) -> tuple[LoopCandidate, SeamProof]:
    """Measure one region as it is, to the sample: what the finder would say of a region that a person chose.

    ``facts`` are best those of ``LoopFindings.facts``, so that the tempo is not estimated again. The proof is of the
    seam rendered with a crossfade of ``overlap_ms``.

    Raises
    ------
    NonFiniteClip, SilentClip, ClipTooShort
        The sound cannot be measured.
    OutOfRange
        A tempo that no music has, an overlap below 0.
    ValueError
        The region leaves the sound.
    """
    if region.loop_end > sound.n_samples:
        raise ValueError(f"the region ends at {region.loop_end}, beyond the clip's {sound.n_samples} samples")
    check_measuring(facts, overlap_ms)
    return score_seam(Seam(sound, region, overlap_ms=overlap_ms), facts)


def score_seam(seam: Seam, facts: MusicFacts) -> tuple[LoopCandidate, SeamProof]:
    """Measure a region whose seam is rendered already, or was read back from a file: see ``score_region``."""
    sound, region = seam.sound, seam.region
    length_s = samples_to_seconds(region.n_samples, sound.sample_rate)
    search = LoopSearch(min_loop_s=min(least_length_s(sound, DEFAULT_SEARCH), length_s))
    with one_blas_thread():
        listener = listener_of(sound, None)
        hearing = hearing_of(listener, bounds_of(sound, search), facts)
        candidate = candidate_of(hearing, region, Algorithm.ADVANCED)
        listener = hearing.listener_of(region.n_samples)
        return candidate, proof_of(listener, seam, beat_onsets(listener, hearing.rhythm))


def warm_up() -> None:
    """Load the finder's libraries by searching two seconds of clicks: the first real search is then as fast as any."""
    sample_rate = 22_050
    samples = np.zeros((2 * sample_rate, 1), dtype=np.float32)
    samples[:: sample_rate // 2] = 0.5
    find_loops(Clip(samples, sample_rate), LoopSearch(Algorithm.ADVANCED, min_loop_s=0.5))


def _find(sound: Sound, search: LoopSearch, progress: Progress | None) -> LoopFindings:
    listener = listener_of(sound, progress)
    bounds = bounds_of(sound, search)
    whole = LoopRegion(0, sound.n_samples)
    hearing = hearing_of(listener, bounds, search.facts, told_whole=whole in search.tagged)
    chosen = distinct(propose(hearing, bounds), sound.sample_rate, max(MEASURED, search.top))
    regions = [refined(hearing, bounds, proposal) for proposal in chosen]
    in_bars = not bounds.whole_bars or nearest_bars(whole.n_samples, hearing.rhythm, sound.sample_rate) is not None
    if bounds.keeps(whole) and in_bars and (hearing.goes_round or not regions):
        regions.insert(0, whole)
    if not regions and bounds.whole_bars:
        raise NoWholeBars
    if not regions:
        low, _ = bounds.starts_for(bounds.shortest)
        regions = [LoopRegion(low, low + bounds.shortest)]
    regions = [region for region in regions if sounds(listener, region)] or regions[:1]
    candidates = [candidate_of(hearing, region, search.algorithm) for region in regions]
    told = dict.fromkeys(search.marked, LoopOrigin.MARK) | dict.fromkeys(search.tagged, LoopOrigin.TAG)
    for region, origin in told.items():
        if region.loop_end <= sound.n_samples and (bounds.keeps(region) or not _is_bounded(search)):
            candidates = [candidate for candidate in candidates if candidate.region != region]
            tagged = candidate_of(hearing, region, search.algorithm)
            candidates.append(replace(tagged, origin=origin))
    own = listed(hearing, bounds, search, candidates)
    order = ranking(own, search.weights)
    best = [own[index] for index in order]
    best[0], proof = _proved(hearing, best[0], search.overlap_ms)
    goes_round = hearing.goes_round and bounds.keeps(whole)
    return LoopFindings(
        search.algorithm,
        tuple(best),
        facts_of(hearing, search.facts),
        proof,
        _grid(hearing.rhythm, sound.n_samples),
        score_map(hearing.seams, sound.n_samples, search.map_size, goes_round=goes_round) if search.map_size else None,
        () if search.weights.are_equal else tuple(order.index(index) for index in range(len(order))),
    )


def _proved(hearing: Hearing, best: LoopCandidate, asked_ms: float) -> tuple[LoopCandidate, SeamProof]:
    """Return the best candidate and its rendered seam, with a longer crossfade than asked for where that helps."""
    listener, region = hearing.listener_of(best.region.n_samples), best.region
    proof = prove_seam(listener, hearing.rhythm, region, best.overlap_for(asked_ms))
    if best.overlap_ms is None and asked_ms > 0.0 and proof.quieter_than < QUIET and not listener.wraps:
        longer_ms = quieter_overlap(hearing, region, asked_ms)
        quieter = prove_seam(listener, hearing.rhythm, region, longer_ms)
        if quieter.quieter_than > proof.quieter_than:
            return replace(best, overlap_ms=longer_ms), quieter
    return best, proof


# --- hearing ----------------------------------------------------------------------------------------------------------


def listener_of(sound: Sound, progress: Progress | None) -> Listener:
    """Return the features of a sound. Raises EmptyClip, ClipTooShort, ConstantClip or SilentClip."""
    if sound.n_samples == 0:
        raise EmptyClip
    duration_s = samples_to_seconds(sound.n_samples, sound.sample_rate)
    if duration_s < MINIMUM_CLIP_S:
        raise ClipTooShort(duration_s=duration_s, minimum_s=MINIMUM_CLIP_S)
    listener = Listener(sound, progress)
    # A constant offset is as silent as nothing: half the span is what moves.
    peak_db = amplitude_to_db(listener.span)
    if peak_db < SILENT_PEAK_DB:
        if amplitude_to_db(listener.rms) >= SILENT_PEAK_DB:
            raise ConstantClip(offset=listener.rms)
        raise SilentClip(peak_db=peak_db)
    return listener


def _is_bounded(search: LoopSearch) -> bool:
    """Return whether the person set bounds of their own, which a file's tags must keep to as well."""
    return search.near is not None or search.min_loop_s is not None or search.max_loop_s is not None


def least_length_s(sound: Sound, search: LoopSearch) -> float:
    """Return the length in seconds of the shortest loop that is searched for."""
    if search.min_loop_s is not None:
        return search.min_loop_s
    duration_s = samples_to_seconds(sound.n_samples, sound.sample_rate)
    low_s, high_s = _LEAST_LOOP_S
    return min(max(duration_s * _LEAST_LOOP_SHARE, low_s), high_s, duration_s)


def bounds_of(sound: Sound, search: LoopSearch) -> Bounds:
    """Return the lengths and places of the loops that a search allows in a sound."""
    n, rate = sound.n_samples, sound.sample_rate
    least_s = least_length_s(sound, search)
    shortest = max(1, seconds_to_samples(least_s, rate))
    longest = n if search.max_loop_s is None else min(n, seconds_to_samples(search.max_loop_s, rate))
    starts, ends = (0, n), (0, n + 1)
    if search.near is not None:
        reach = max(1, seconds_to_samples(search.near_s, rate))
        starts, ends = (
            (max(low, at - reach), min(high, at + reach + 1))
            for at, (low, high) in ((search.near.loop_start, starts), (search.near.loop_end, ends))
        )
        if starts[0] >= starts[1] or ends[0] >= ends[1]:
            place = f"{search.near.loop_start / rate:.3f}–{search.near.loop_end / rate:.3f} s"
            raise OutOfRange(name="near", value=place, low=0, high=f"{n / rate:.3f} s, where the clip ends")
        shortest, longest = max(shortest, ends[0] - starts[1] + 1), min(longest, ends[1] - 1 - starts[0])
    if shortest > longest:
        raise NothingLoops(minimum_s=least_s, duration_s=samples_to_seconds(max(longest, 0), rate))
    return Bounds(shortest, longest, starts, ends, search.whole_bars)


def hearing_of(listener: Listener, bounds: Bounds, facts: MusicFacts, *, told_whole: bool = False) -> Hearing:
    """Analyse the sound before any loop is measured; ``told_whole`` says that tags mark all of the sound as a loop."""
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(Spectra.of, listener)
        ear, pulse = Ear.of(listener.whole), Pulse(listener)
        seams = seam_map(listener, ear, bounds.shortest, bounds.longest)
        repeats = Repeats(listener, waiting.result(), beside)
    rhythm = find_rhythm(listener, pulse, facts, _periods(seams, repeats, pulse, listener.sample_rate))
    turns = find_turns(seams, pulse, listener.sample_rate)
    round_score = 0.0
    if listener.wraps:
        round_score = 1.0
    elif told_whole and not wrapping.is_uneven(listener):
        round_score = TOLD_TO_GO_ROUND
    elif wrapping.goes_round(Judge(listener, ear, rhythm), seams):
        round_score = GOES_ROUND
    if round_score > 0.0 and rhythm is not None:
        rhythm = rhythm.fitted(listener.n_samples)
    return Hearing(listener, ear, seams, repeats, pulse, rhythm, round_score, turns)


def _periods(seams: SeamMap, repeats: Repeats, pulse: Pulse, sample_rate: int) -> list[float]:
    """Return the lags in samples at which the music comes again best, exactly and in likeness, where there are any."""
    periods = []
    first = min(seams.first_lag * seams.hop_length // repeats.divisor, repeats.n - 1)
    lag = first + int(repeats.strength[first:].argmax())
    if lag > 0 and repeats.strength[lag] >= _LEAST_STRENGTH:
        periods.append(float(lag * repeats.divisor))
    column = int(seams.throughout.argmax())
    if seams.throughout[column] >= _LEAST_PERIOD:
        rough = (seams.first_lag + column) * seams.hop_length
        reach = max(ms_to_samples(_PERIOD_REACH_MS, sample_rate), seams.hop_length)
        periods.append(pulse.nearest_period(rough, reach))
    return periods


# --- refining and ranking ---------------------------------------------------------------------------------------------


def distinct(proposals: list[Proposal], sample_rate: int, n: int) -> list[Proposal]:
    """Return the ``n`` most promising that differ, without those that promise too little beside the first."""
    chosen: list[Proposal] = []
    for proposal in proposals:
        if len(chosen) >= _LEAST_MEASURED and proposal.promise < _LEAST_PROMISE * chosen[0].promise:
            break
        if not any(same(proposal.region, other.region, sample_rate) for other in chosen):
            chosen.append(proposal)
            if len(chosen) == n:
                break
    return chosen


def refined(hearing: Hearing, bounds: Bounds, proposal: Proposal) -> LoopRegion:
    """Return the region of a proposal with its length and its place found to the sample."""
    region = proposal.region
    # Of a length that the onsets told, the waves may come again too, a few samples beside it.
    if proposal.exact or proposal.evidence.exact >= LEAST_EXACT:
        length = exact_length(hearing.listener, region, 2 * hearing.repeats.divisor)
        length = min(max(length, bounds.shortest), bounds.longest)
        low, high = bounds.starts_for(length)
        start = min(max(region.loop_start, low), high)
        region = LoopRegion(start, start + length)
    return settle(hearing.listener, region, bounds.starts_for(region.n_samples))


def sounds(listener: Listener, region: LoopRegion) -> bool:
    """Return whether a region is not much quieter than the whole sound."""
    hop = listener.hop_length
    first, last = region.loop_start // hop, max(region.loop_start // hop + 1, region.loop_end // hop)
    level = listener.level[first:last].mean() if first < listener.level.size else 0.0
    return bool(level >= float(listener.level.mean()) * 10.0 ** (LOOP_LEVEL_DB / 10.0))


def facts_of(hearing: Hearing, known: MusicFacts) -> MusicFacts:
    """Return ``known``, with what is measured in its gaps."""
    rhythm, listener = hearing.rhythm, hearing.listener
    facts = replace(known, key=known.key or estimate_key(listener.whole.chroma))
    if rhythm is None:
        return facts
    bars = listener.n_samples / rhythm.bar_samples
    return replace(
        facts,
        tempo_bpm=known.tempo_bpm or round(rhythm.tempo_bpm(listener.sample_rate), 3),
        beats_per_bar=rhythm.beats_per_bar,
        bars=known.bars or (round(bars) if abs(bars - round(bars)) < 0.02 else None),
    )


def _grid(rhythm: Rhythm | None, n_samples: int) -> BeatGrid | None:
    if rhythm is None:
        return None
    first = rhythm.first_downbeat % rhythm.beat_samples
    beats = np.round(np.arange(first, n_samples, rhythm.beat_samples)).astype(np.int64)
    beats = beats[beats < n_samples]
    # Taken from the beats: rounded on their own they might lie a sample beside them.
    return BeatGrid(beats, beats[round((rhythm.first_downbeat - first) / rhythm.beat_samples) :: rhythm.beats_per_bar])
