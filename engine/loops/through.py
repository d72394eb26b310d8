# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip played through is the longest region with the least audible seam, for clips in which nothing loops.

A loop that nobody would choose is worse than none: two seconds that stutter. What can be had instead is nearly all of
the music, from one place that is like another (in level, harmony and beat) to that other, with a crossfade long enough
to hide that it is not the same. It is chosen by the seam as it is rendered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener
from engine.dsp.rhythm import nearest_bars
from engine.dsp.seam import Seam
from engine.loops.evidence import Hearing
from engine.loops.metrics import Judge
from engine.loops.proof import beat_onsets, proof_of
from engine.loops.proposals import Bounds, best_apart
from engine.loops.refine import settle
from engine.units import samples_to_ms, seconds_to_samples
from engine.values import FloatArray, LoopRegion, SeamProof
from engine.values.seams import MOST_DIP_DB, QUIET

LEAST_SHARE, LEAST_TURNS_SHARE = 0.7, 0.5
"""Share of the longest possible region that is kept at least, and where whole turns of the music are kept."""

LONGEST_OVERLAP_MS = 4_000.0
_MOST_OF_CLIP = 0.12  # what the crossfade may take
_PLACES, _PLACES_APART_S = 8, 0.3
_PER_DB = 0.03  # likeness that a difference in level of 1 dB costs
_LEVEL_S = 0.5
_KEPT = 0.8  # likeness that the whole clip is worth over none of it
_BARS = 0.1  # … and whole bars over whole beats
_JOIN = 0.5  # … and a bare joint that is no onset of its own
_REACH_MS = 60.0  # how far off the beat may be after the whole of the clip
_ALIGNED_S = 2.0


def played_through(hearing: Hearing, bounds: Bounds, overlap_ms: float) -> tuple[LoopRegion, float] | None:
    """Return the region, and its crossfade in ms, at least ``overlap_ms`` where there is room; None where none fits.

    Time grows with the places that are looked at closely, of which there are at most eight, and with their crossfades.
    """
    listener = hearing.listener
    judge = Judge(listener, hearing.ear, hearing.rhythm)
    ranked = []
    longest = min(bounds.longest, bounds.ends[1] - 1 - bounds.starts[0])
    turns = _turn_lengths(hearing, bounds, longest)
    lengths = turns if turns.size else _lengths(hearing, bounds, longest)
    # What all turns tell together is surer than the two moments that the seam joins.
    reach_ms = 0.0 if turns.size else _REACH_MS
    for region, likeness in _places(hearing, bounds, lengths, longest):
        aligned = _aligned(hearing, bounds, region, reach_ms)
        settled = settle(listener, aligned, bounds.starts_for(aligned.n_samples))
        ranked.append((likeness + _JOIN * judge.join(settled), settled))
    ranked.sort(key=lambda one: one[0], reverse=True)
    beats = beat_onsets(listener, hearing.rhythm)
    best: tuple[float, LoopRegion, float] | None = None
    for likeness, region in ranked:
        for overlap in _overlaps(hearing, region, overlap_ms):
            proof = proof_of(listener, Seam(listener.sound, region, overlap_ms=overlap), beats)
            quality = quality_of(proof) + 0.2 * likeness
            if best is None or quality > best[0]:
                best = quality, region, overlap
            if proof.quieter_than >= QUIET and proof.dip_db <= MOST_DIP_DB:
                return best[1], best[2]
    return None if best is None else (best[1], best[2])


def quieter_overlap(hearing: Hearing, region: LoopRegion, overlap_ms: float) -> float:
    """Return the crossfade in ms with which a loop's seam is heard least: as asked, where that is quiet enough."""
    listener = hearing.listener_of(region.n_samples)
    beats = beat_onsets(listener, hearing.rhythm)
    best, chosen = -math.inf, overlap_ms
    for overlap in _overlaps(hearing, region, overlap_ms):
        proof = proof_of(listener, Seam(listener.sound, region, overlap_ms=overlap), beats)
        if quality_of(proof) > best:
            best, chosen = quality_of(proof), overlap
        if proof.quieter_than >= QUIET:
            break
    return chosen


def quality_of(proof: SeamProof) -> float:
    """Return how little a seam is heard, at most 1: against the clip's own beats, with what it adds and takes."""
    return proof.quieter_than - 0.1 * min(proof.onset, 5.0) - 0.02 * max(0.0, proof.dip_db - MOST_DIP_DB)


def _overlaps(hearing: Hearing, region: LoopRegion, asked_ms: float) -> Iterator[float]:
    """Return crossfades to try, ms, shortest first: as asked, then one, two and four beats (or as long) longer."""
    listener = hearing.listener
    rate = listener.sample_rate
    room = listener.n_samples if listener.wraps else max(region.loop_start, listener.n_samples - region.loop_end)
    most = min(samples_to_ms(room, rate), LONGEST_OVERLAP_MS, samples_to_ms(round(region.n_samples * 0.5), rate))
    beat_ms = 500.0 if hearing.rhythm is None else samples_to_ms(round(hearing.rhythm.beat_samples), rate)
    yield min(asked_ms, most)
    for n_beats in (1, 2, 4, 8):
        if asked_ms * 1.2 < round(n_beats * beat_ms) <= most:
            yield float(round(n_beats * beat_ms))


def _places(
    hearing: Hearing, bounds: Bounds, lengths: npt.NDArray[np.float64], longest: int
) -> list[tuple[LoopRegion, float]]:
    """Return the regions whose two ends are most alike, of those that keep the most, and how alike the ends are."""
    listener, seams = hearing.listener, hearing.seams
    rate, hop = listener.sample_rate, seams.hop_length
    if lengths.size == 0:
        return []
    n_rows = seams.alike.shape[0]
    rows = np.arange(n_rows)
    columns = np.array([seams.column(length) for length in lengths])
    worth = seams.alike[:, columns].astype(np.float64)
    worth += _KEPT * lengths / longest
    if hearing.rhythm is not None:
        worth += _BARS * np.array([nearest_bars(length, hearing.rhythm, rate) is not None for length in lengths])
    level = _level_db(listener, hop, n_rows)
    ends = np.minimum(rows[:, None] + np.round(lengths / hop).astype(int), n_rows - 1)
    worth -= _PER_DB * np.abs(level[:, None] - level[ends])
    # Where the crossfade has no room on either side there is none.
    starts = rows[:, None] * float(hop)
    room = np.maximum(starts, listener.n_samples - starts - lengths)
    if not listener.wraps:
        wanted = min(seconds_to_samples(1.0, rate), round(_MOST_OF_CLIP * listener.n_samples))
        worth -= np.maximum(0.0, 1.0 - room / max(1, wanted))
    lows = np.array([bounds.starts_for(round(length)) for length in lengths])
    worth[(starts < lows[:, 0]) | (starts > lows[:, 1])] = -np.inf
    apart = max(1, round(_PLACES_APART_S * rate / hop))
    best_columns = worth.argmax(axis=1)
    by_row = worth[rows, best_columns]
    found = []
    for row in best_apart(by_row.astype(np.float32), apart, _PLACES):
        length = round(lengths[best_columns[row]])
        low, high = bounds.starts_for(length)
        start = min(max(row * hop, low), high)
        found.append((LoopRegion(start, start + length), float(by_row[row])))
    return found


def _turn_lengths(hearing: Hearing, bounds: Bounds, longest: int) -> npt.NDArray[np.float64]:
    """Return lengths of whole turns after which all of the music comes again, in samples; none where it does not."""
    turns, rate = hearing.turns, hearing.listener.sample_rate
    if turns is None:
        return np.zeros(0)
    least = max(bounds.shortest, round(LEAST_TURNS_SHARE * longest))
    lengths = np.arange(-(-least // turns.period), longest // turns.period + 1) * turns.period
    if not bounds.whole_bars:
        return lengths
    return np.array([length for length in lengths if nearest_bars(length, hearing.rhythm, rate) is not None])


def _lengths(hearing: Hearing, bounds: Bounds, longest: int) -> npt.NDArray[np.float64]:
    """Return lengths up to ``longest``, in samples: whole beats where there is a beat, else any."""
    rhythm, hop = hearing.rhythm, hearing.seams.hop_length
    least = max(bounds.shortest, round(LEAST_SHARE * longest))
    if rhythm is not None:
        unit = rhythm.bar_samples if bounds.whole_bars else rhythm.beat_samples
        counts = np.arange(-(-least // unit), longest // unit + 1)
        if counts.size:
            return np.clip(counts * unit, least, longest)
    if bounds.whole_bars:
        return np.zeros(0)
    lengths = np.arange(least, longest + 1, hop, dtype=np.float64)
    return lengths if lengths.size else np.array([float(longest)])


def _aligned(hearing: Hearing, bounds: Bounds, region: LoopRegion, reach_ms: float) -> LoopRegion:
    """Return ``region`` from the nearest beat on, its end moved to where the onsets around both ends line up."""
    listener, rhythm, onset = hearing.listener, hearing.rhythm, hearing.listener.onset
    start = region.loop_start
    if rhythm is not None:
        beat = rhythm.beat_samples
        start = round(rhythm.first_downbeat + round((start - rhythm.first_downbeat) / beat) * beat)
    per_s = listener.sample_rate / listener.hop_length
    reach, around = round(reach_ms / 1000 * per_s), round(_ALIGNED_S * per_s)
    first, second = (round(at / listener.hop_length) for at in (start, start + region.n_samples))
    shift, length = second - first, region.n_samples
    low, high = max(first - around, reach - shift, 0), min(first + around, onset.size - shift - reach)
    if high - low > around and reach > 0:
        one = onset[low:high] - onset[low:high].mean()
        match = [float(one @ onset[low + shift + by : high + shift + by]) for by in range(-reach, reach + 1)]
        length += (int(np.argmax(match)) - reach) * listener.hop_length
    length = min(max(length, bounds.shortest), bounds.longest)
    if bounds.whole_bars and nearest_bars(length, rhythm, listener.sample_rate) is None:
        length = region.n_samples
    lowest, highest = bounds.starts_for(length)
    if highest < lowest:
        return region
    start = min(max(start, lowest), highest)
    return LoopRegion(start, start + length)


def _level_db(listener: Listener, hop: int, n_rows: int) -> FloatArray:
    """Return the level around each of the map's places, dB re the mean."""
    from scipy.ndimage import uniform_filter1d

    width = max(1, round(_LEVEL_S * listener.sample_rate / listener.hop_length))
    mode = "wrap" if listener.wraps else "nearest"
    smooth = uniform_filter1d(listener.level, width, mode=mode)
    at = np.minimum(np.arange(n_rows) * hop // listener.hop_length, smooth.size - 1)
    floor = float(listener.level.mean()) * 1e-5 + 1e-30
    out: FloatArray = np.asarray(10.0 * np.log10((smooth[at] + floor) / (floor * 1e5)), dtype=np.float32)
    return out
