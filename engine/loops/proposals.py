# SPDX-License-Identifier: GPL-3.0-or-later
"""Proposals are the lengths after which a sound comes again, exactly or played anew, and the best starts for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.dsp.rhythm import Rhythm, nearest_bars
from engine.loops.evidence import Evidence, Hearing
from engine.loops.worth import Ranking, promising
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import FloatArray, LoopRegion

LEAST_EXACT = 0.5
"""Coherence from which on the waves tell a length, and below which the onsets do."""

_EXACT_LAGS, _SHORT_OVERLAP_LAGS = 12, 6
_WORTHY_LAGS, _WORTHY = 48, 0.12  # repeats of at least this part of the strongest's strength may be worth more
_LIKE_LAGS, _THROUGHOUT_LAGS = 8, 8
_BAR_LAGS = 12
_LEAST_SIGNIFICANCE = 6.0
_APART_EXACT_MS = 25.0
_APART_LIKE_MS = 180.0
_SAME_LENGTH_MS = 12.0
_AGREED_MS = 4.0
_PLAYED_REACH_MS = 60.0  # how far a map frame may be off the true period
_LEAST_OVERLAP_S = 0.25
_STARTS = 2
_STARTS_APART_S = 1.0
_DOWNBEAT_BONUS = 0.03


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal is a loop worth measuring; if ``exact`` its waves told its length, to ``Repeats.divisor`` samples."""

    region: LoopRegion
    evidence: Evidence
    exact: bool
    promise: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds that a region must keep to, in samples; ``starts`` and ``ends`` are half open."""

    shortest: int
    longest: int
    starts: tuple[int, int]
    ends: tuple[int, int]
    whole_bars: bool

    def starts_for(self, length: int) -> tuple[int, int]:
        """Return the first and last start of a loop of ``length``; the last is before the first where no start fits."""
        return max(self.starts[0], self.ends[0] - length), min(self.starts[1], self.ends[1] - length) - 1

    def keeps(self, region: LoopRegion) -> bool:
        low, high = self.starts_for(region.n_samples)
        return low <= region.loop_start <= high and self.shortest <= region.n_samples <= self.longest


def promise(evidence: Evidence) -> float:
    """Return a first ranking of a loop before it is measured in full, exact repeats and played ones on one scale."""
    waves = evidence.exact * (0.6 + 0.4 * evidence.run)
    played = 0.55 * evidence.throughout + 0.30 * evidence.alike + 0.15 * evidence.onsets
    return max(waves, 0.8 * played) + 0.2 * min(waves, played)


def propose(hearing: Hearing, bounds: Bounds) -> list[Proposal]:
    """Return every length worth a look, each from its best starts; the most promising first."""
    listener, proposals = hearing.listener, []
    ranking = Ranking(listener.n_samples, listener.sample_rate, hearing.rhythm, turns=hearing.turns)
    for length, exact in _lengths(hearing, bounds):
        for start in _starts(hearing, bounds, length, exact=exact):
            region = LoopRegion(start, start + round(length))
            evidence = hearing.evidence(start, region.n_samples)
            promised = promising(promise(evidence), ranking.worth(region))
            proposals.append(Proposal(region, evidence, exact, promised))
    return sorted(proposals, key=lambda p: p.promise, reverse=True)


def _lengths(hearing: Hearing, bounds: Bounds) -> Iterator[tuple[float, bool]]:
    """Return lengths in samples, all different, and whether the waves told them."""
    rate = hearing.listener.sample_rate
    same = ms_to_samples(_SAME_LENGTH_MS, rate)
    taken: list[float] = []
    rough_lengths = [*_alike_lengths(hearing, bounds), *_bar_lengths(hearing, bounds)]
    hints = []
    for length in _exact_lengths(hearing, bounds):
        if hearing.exactness(length).best < LEAST_EXACT:
            hints.append(length)
        elif _allowed(hearing, bounds, length):
            taken.append(length)
            yield length, True
    for rough in (*rough_lengths, *hints):
        length = _played_length(hearing, bounds, rough)
        # Where waves and onsets, each alone unsure, tell the same length, the waves tell it better.
        hint = min(hints, key=lambda other: abs(other - length), default=0.0)
        agreed = abs(hint - length) <= ms_to_samples(_AGREED_MS, rate)
        length = hint if agreed else length
        if all(abs(length - other) > same for other in taken) and _allowed(hearing, bounds, length):
            taken.append(length)
            yield length, agreed


def _allowed(hearing: Hearing, bounds: Bounds, length: float) -> bool:
    low, high = bounds.starts_for(round(length))
    if not bounds.shortest <= round(length) <= bounds.longest or low > high:
        return False
    return not bounds.whole_bars or nearest_bars(length, hearing.rhythm, hearing.listener.sample_rate) is not None


def _exact_lengths(hearing: Hearing, bounds: Bounds) -> Iterator[float]:
    repeats, rate = hearing.repeats, hearing.listener.sample_rate
    first = max(1, -(-bounds.shortest // repeats.divisor))
    overlap_steps = seconds_to_samples(_LEAST_OVERLAP_S, rate) // repeats.divisor
    last = min(bounds.longest // repeats.divisor, repeats.n - overlap_steps)
    if last < first:
        return
    strength = repeats.strength[first : last + 1] / np.float32(hearing.noise)
    apart = max(1, ms_to_samples(_APART_EXACT_MS, rate) // repeats.divisor)
    indices = best_apart(strength, apart, _EXACT_LAGS, least=_LEAST_SIGNIFICANCE)
    # What comes again after a long time overlaps itself for a short one, and shows less than it should.
    overlap = np.arange(repeats.n - first, repeats.n - last - 1, -1, dtype=np.float32)
    overlap /= np.float32(repeats.n)
    overlapping = np.divide(strength, np.sqrt(overlap, out=overlap), out=overlap)
    indices += best_apart(overlapping, apart, _SHORT_OVERLAP_LAGS, least=_LEAST_SIGNIFICANCE)
    lengths = dict.fromkeys(float((first + index) * repeats.divisor) for index in indices)
    # A bar that comes again and again crowds out the phrases that are made of it.
    worthy = best_apart(strength, apart, _WORTHY_LAGS, least=max(_LEAST_SIGNIFICANCE, _WORTHY * strength.max()))
    longer = [float((first + index) * repeats.divisor) for index in worthy]
    ranking = Ranking(hearing.listener.n_samples, rate, hearing.rhythm, turns=hearing.turns)
    longer.sort(key=lambda length: ranking.worth(LoopRegion(0, round(length))), reverse=True)
    yield from dict.fromkeys([*lengths, *longer[:_SHORT_OVERLAP_LAGS]])


def _alike_lengths(hearing: Hearing, bounds: Bounds) -> list[float]:
    seams, rate = hearing.seams, hearing.listener.sample_rate
    apart = max(1, ms_to_samples(_APART_LIKE_MS, rate) // seams.hop_length)
    columns = best_apart(seams.throughout, apart, _THROUGHOUT_LAGS)
    columns += best_apart(seams.alike.max(axis=0), apart, _LIKE_LAGS)
    lengths = (float((seams.first_lag + column) * seams.hop_length) for column in columns)
    return [min(max(length, bounds.shortest), bounds.longest) for length in lengths]


def _bar_lengths(hearing: Hearing, bounds: Bounds) -> list[float]:
    """Return the whole numbers of bars that come again best."""
    if hearing.rhythm is None:
        return []
    bar = hearing.rhythm.bar_samples
    lengths = np.arange(max(1, int(bounds.shortest / bar)), int(bounds.longest / bar) + 2) * bar
    lengths = lengths[(lengths >= bounds.shortest) & (lengths <= bounds.longest)]
    if lengths.size > _BAR_LAGS:
        columns = [hearing.seams.column(length) for length in lengths]
        lengths = lengths[np.argsort(hearing.seams.throughout[columns])[::-1][:_BAR_LAGS]]
    return [float(length) for length in lengths]


def _played_length(hearing: Hearing, bounds: Bounds, rough: float) -> float:
    """Return the length near a rough one at which the onsets line up; a told tempo's own if it has whole bars there."""
    rate, rhythm = hearing.listener.sample_rate, hearing.rhythm
    reach = max(ms_to_samples(_PLAYED_REACH_MS, rate), hearing.seams.hop_length)
    if rhythm is not None and rhythm.known:
        bars = round(rough / rhythm.bar_samples)
        if bars > 0 and abs(rough - bars * rhythm.bar_samples) <= reach:
            return float(bars * rhythm.bar_samples)
    length = hearing.pulse.nearest_period(rough, reach)
    return min(max(length, float(bounds.shortest)), float(bounds.longest))


# --- starts -----------------------------------------------------------------------------------------------------------


def _starts(hearing: Hearing, bounds: Bounds, length: float, *, exact: bool) -> list[int]:
    """Return the best starts for a length, best first."""
    rate, rhythm = hearing.listener.sample_rate, hearing.rhythm
    low, high = bounds.starts_for(round(length))
    if exact:
        first, last = hearing.exactness(length).plateau()
        first, last = min(max(first, low), high), min(max(last, low), high)
        return [_on_beat_nearest((first + last) // 2, first, last, rhythm)]
    places = _places(low, high, hearing.seams.hop_length, rhythm)
    promise_of = _alike(hearing, places, length) + _DOWNBEAT_BONUS * on_downbeat(places, rhythm)
    step = float(places[1] - places[0]) if places.size > 1 else 1.0
    apart = max(1, round(_STARTS_APART_S * rate / step))
    return [round(places[index]) for index in best_apart(promise_of, apart, _STARTS)]


def _places(low: int, high: int, hop_length: int, rhythm: Rhythm | None) -> npt.NDArray[np.float64]:
    """Return the beats, or map frames, from ``low`` to ``high``; at least one."""
    if rhythm is not None:
        beat = rhythm.beat_samples
        first = low + (rhythm.first_downbeat - low) % beat
        beats = np.arange(first, high + 1, beat)
        if beats.size:
            return beats
    return np.arange(low, high + 1, hop_length, dtype=np.float64)


def on_downbeat(places: npt.NDArray[np.float64], rhythm: Rhythm | None) -> npt.NDArray[np.bool_]:
    """Return whether each of ``places`` lies within a quarter beat of a downbeat; never without a rhythm."""
    if rhythm is None:
        return np.zeros(places.shape, dtype=bool)
    bar, beat = rhythm.bar_samples, rhythm.beat_samples
    return np.abs((places - rhythm.first_downbeat + bar / 2) % bar - bar / 2) < beat / 4


def _on_beat_nearest(middle: int, first: int, last: int, rhythm: Rhythm | None) -> int:
    """Return the downbeat nearest to ``middle`` within ``[first, last]``, else the beat, else ``middle`` itself."""
    if rhythm is None:
        return middle
    for one in (rhythm, replace(rhythm, beats_per_bar=1)):
        bar = one.bar_samples
        place = round(one.first_downbeat + round((middle - one.first_downbeat) / bar) * bar)
        if first <= place <= last:
            return place
    return middle


def _alike(hearing: Hearing, places: npt.NDArray[np.float64], length: float) -> FloatArray:
    """Return the map's best value for loops of ``length`` samples from each of ``places``, give or take a frame."""
    alike = hearing.seams.alike
    column = hearing.seams.column(length)
    columns = slice(max(0, column - 1), column + 2)
    rows = np.clip(np.round(places / hearing.seams.hop_length).astype(int), 0, alike.shape[0] - 1)
    best: FloatArray = np.max(
        [alike[np.clip(rows + shift, 0, alike.shape[0] - 1), columns].max(axis=1) for shift in (-1, 0)], axis=0
    )
    return best


def best_apart(values: FloatArray, apart: int, n: int, least: float = -np.inf) -> list[int]:
    """Return indices of the highest ``values`` above ``least``, best first, at most ``n``, at least ``apart`` apart."""
    # The best of each stretch is known, so that only those a choice touches are looked at again. A choice takes its own
    # stretch, the end of the one before and the beginning of the one after: what is left of each is in one piece.
    firsts = list(range(0, values.size, apart))
    lasts = [*firsts[1:], values.size]
    tops = np.maximum.reduceat(values, firsts) if firsts else np.zeros(0, dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < n and tops.size:
        stretch = int(tops.argmax())
        if not float(tops[stretch]) > least:
            break
        index = firsts[stretch] + int(values[firsts[stretch] : lasts[stretch]].argmax())
        chosen.append(index)
        for touched in range(max(0, stretch - 1), min(stretch + 2, tops.size)):
            if touched <= stretch:
                lasts[touched] = max(min(lasts[touched], index - apart + 1), firsts[touched])
            if touched >= stretch:
                firsts[touched] = min(max(firsts[touched], index + apart), lasts[touched])
            left = values[firsts[touched] : lasts[touched]]
            tops[touched] = left.max() if left.size else -np.inf
    return chosen
