# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics tell why a region loops: four values, each in [0, 1], and their total.

All compare the seam (loop_end jumping to loop_start) with what the clip itself does: what would have come next after
``loop_end``, and what really comes before ``loop_start``. A side that the clip does not have is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.dsp.features import CHROMA_EVERY, MEL_WINDOW_S, Frames, Listener
from engine.dsp.rhythm import Rhythm, nearest_bars
from engine.loops.similarity import CONTEXT_S, LEAST_CONTEXT_S, Ear, likeness
from engine.values import FloatArray, LoopMetrics, LoopRegion

DoubleArray = npt.NDArray[np.float64]

WEIGHTS = LoopMetrics(spectral=0.40, waveform=0.15, beat=0.30, phase=0.15)
"""Weights of the metrics in the total.

What is heard around the seam and the beat's regularity decide whether a loop is noticed; the joint itself is later
softened by the crossfade, so its two metrics count less.
"""

WEAK_TOTAL = 0.55
"""Total below which a region is weak.

Measured on the benchmark's cases: where nothing comes again the best that is found has a median of 0.37, and one in
ten is above 0.63; of right loops one in twenty is below 0.68 (planted), 0.57 (performed).
"""

WEAK_SPECTRAL = 0.45
"""Spectral similarity below which a region is weak whatever the other metrics say: the music audibly jumps."""

JOINT_S = 0.010  # the joint's neighbourhood, either side
ALIGNMENT_S = 0.0005  # what is played anew is never quite in time
STEP_RMS = 3.5  # a step this many times the local RMS of steps is still nothing unusual
QUIET_DB = -60.0  # re the clip's RMS: below, there is nothing to hear
PHASE_WINDOW_S = 0.093
_PHASE_HIGH_HZ = 4_000.0
PHASE_RANGE = 1e-3  # partials within 30 dB of the strongest
_JOIN_S = 0.05  # an onset this near belongs to the joint
_LEAST_OF_USUAL = 0.3  # onsets below this part of the clip's mean are nothing
_CONTEXT_EVERY = 2  # hops between the frames that are compared: 23 ms
_LEAST_FRAMES = 6  # fewer say nothing of the beat
JUST_AHEAD_S = 0.040
GRID_TOLERANCE_S = 0.020  # a beat this much early or late is heard (Friberg and Sundberg, JASA 1995: 2.5 % of a beat)


def total(metrics: LoopMetrics) -> float:
    """Return the weighted mean of the four metrics, in [0, 1]."""
    weights = WEIGHTS.as_dict()
    return sum(weights[name] * value for name, value in metrics.as_dict().items())


def is_weak(metrics: LoopMetrics) -> bool:
    """Return whether a listener will notice the seam."""
    return total(metrics) < WEAK_TOTAL or metrics.spectral < WEAK_SPECTRAL


@dataclass(frozen=True, eq=False, slots=True)
class Judge:
    """A judge measures regions of one sound; ``rhythm`` is None when the sound has no pulse."""

    listener: Listener
    ear: Ear
    rhythm: Rhythm | None

    @property
    def sample_rate(self) -> int:
        return self.listener.sample_rate

    def metrics(self, region: LoopRegion) -> LoopMetrics:
        """Return all four metrics of ``region``."""
        start, end = self._context(region)
        return LoopMetrics(
            spectral=spectral_similarity(self, region, start, end),
            waveform=waveform_continuity(self, region),
            beat=beat_alignment(self, region, start, end),
            phase=phase_continuity(self, region),
        )

    def join(self, region: LoopRegion) -> float:
        """Return how little the bare joint, without a crossfade, is an onset, in [0, 1]: 1 where there is none.

        Onset strength within 50 ms of the joint, against the stronger of what the music itself has there at either end.
        """
        listener = self.listener
        near = round(_JOIN_S * self.sample_rate / listener.hop_length)
        jump = float(listener.joined_onset(region.loop_end, region.loop_start, near).max())
        own = max(float(listener.onset_near(at, near).max()) for at in (region.loop_start, region.loop_end))
        usual = float(listener.onset.mean()) * _LEAST_OF_USUAL + 1e-6
        return min(1.0, (own + usual) / (jump + usual))

    def bars(self, region: LoopRegion) -> int | None:
        """Return the number of whole bars that ``region`` lasts, within 20 ms, or None."""
        return nearest_bars(region.n_samples, self.rhythm, self.sample_rate)

    def material(self, first: int, n_samples: int) -> DoubleArray | None:
        """Return samples ``[first, first + n_samples)``, round the end if the sound wraps; None if some are missing."""
        samples = self.listener.samples(first, n_samples)
        return None if samples is None else samples.astype(np.float64)

    def sides(self, region: LoopRegion, n_samples: int) -> list[tuple[DoubleArray, DoubleArray]]:
        """Return pairs of (near loop_start, near loop_end): what follows both and what precedes both, if any."""
        pairs = []
        for offset in (0, -n_samples):
            near_start = self.material(region.loop_start + offset, n_samples)
            near_end = self.material(region.loop_end + offset, n_samples)
            if near_start is not None and near_end is not None:
                pairs.append((near_start, near_end))
        return pairs

    def _context(self, region: LoopRegion) -> tuple[Frames, Frames]:
        """Return the frames around both ends, at the same distances, as far as the sound has both; maybe none.

        The distances are such that those around the start are frames of the whole, which are known, chroma included.
        """
        listener = self.listener
        hop = listener.hop_length * _CONTEXT_EVERY
        row = -(-region.loop_start // (listener.hop_length * CHROMA_EVERY)) * CHROMA_EVERY
        offset = row * listener.hop_length - region.loop_start
        per_chroma = CHROMA_EVERY // _CONTEXT_EVERY
        n = round(CONTEXT_S * self.sample_rate / hop / per_chroma) * per_chroma
        first, last = -n, n
        if not listener.wraps:
            half = round(MEL_WINDOW_S * self.sample_rate / 2)
            first = max(first, -((region.loop_start + offset - half) // (hop * per_chroma)) * per_chroma)
            last = min(last, (listener.n_samples - region.loop_end - offset - half) // hop + 1)
        n_frames = max(0, last - first)
        place = region.loop_start + offset + first * hop
        start = listener.rows(row + first * _CONTEXT_EVERY, n_frames, _CONTEXT_EVERY)
        if start is None:
            start = listener.frames(place, n_frames, _CONTEXT_EVERY)
        return start, listener.frames(place + region.n_samples, n_frames, _CONTEXT_EVERY)


def spectral_similarity(judge: Judge, region: LoopRegion, start: Frames, end: Frames) -> float:
    """Return whether the music goes on as it would have: likeness of the second either side of both ends, in [0, 1].

    1 is the same sound frame by frame; 0 is no more alike than two moments of the clip picked at random (so the value
    is the share of the clip's own variation that the match explains). Log-mel bands and chroma, see ``similarity.Ear``.
    A region with nothing either side is judged by its last and first frame alone.
    """
    if start.mel_db.shape[0] == 0:
        half = round(MEL_WINDOW_S * judge.sample_rate / 2)
        hear = judge.listener.frames
        last, first = hear(region.loop_end - half, 1), hear(region.loop_start + half, 1)
        return _unit(likeness(judge.ear, last, first, least=1.0))
    least = LEAST_CONTEXT_S * judge.sample_rate / (judge.listener.hop_length * _CONTEXT_EVERY)
    return _unit(likeness(judge.ear, start, end, least))


def waveform_continuity(judge: Judge, region: LoopRegion) -> float:
    """Return whether the samples themselves go on, in [0, 1]: no step, no kink, and the wave that would have come.

    ``smooth * (1 + match) / 2``. ``smooth`` is 1 while the step and the change of slope across the joint stay within
    3.5 times the RMS of such steps in the 10 ms around, and their ratio beyond that (the rule of click detectors:
    Godsill and Rayner, "Digital Audio Restoration", 1998, chapter 5). ``match`` is ``2<a,b> / (<a,a> + <b,b>)`` of
    the 10 ms around both ends, after the best alignment within half a millisecond, so it falls with the level's
    mismatch as well as with the shape's.
    """
    n = _joint_samples(judge, region)
    before, after = _joint(judge, region)
    quiet = judge.listener.rms * 10.0 ** (QUIET_DB / 20.0)
    smooth = min(1.0, *(STEP_RMS / max(jump, 1e-9) for jump in joint_jumps(judge, region)))
    pairs = judge.sides(region, n)
    if pairs:
        floor = n * quiet**2
        inner = _best_inner(pairs, round(ALIGNMENT_S * judge.sample_rate))
        energy = sum(float((a**2).sum() + (b**2).sum()) for a, b in pairs)
        match = (2 * inner + floor) / (energy + floor)
    else:  # nothing to compare with but the levels
        a, b = _rms(before) + quiet, _rms(after) + quiet
        match = a * b / (a**2 + b**2)
    return _unit(smooth * (1.0 + max(match, 0.0)) / 2)


def joint_jumps(judge: Judge, region: LoopRegion) -> list[float]:
    """Return the step of the wave and of its slope at the bare joint, over the RMS of steps in the 10 ms around."""
    before, after = _joint(judge, region)
    quiet = judge.listener.rms * 10.0 ** (QUIET_DB / 20.0)
    jumps = []
    for order in range(1, min(2, before.shape[0]) + 1):
        across = np.diff(np.concatenate([before[-order:], after[:order]]), order, axis=0)
        usual = max(_rms(np.diff(before, order, axis=0)), _rms(np.diff(after, order, axis=0)), quiet)
        jumps.append(math.sqrt(float((across**2).sum(axis=1).max())) / max(usual, 1e-12))
    return jumps


def _joint_samples(judge: Judge, region: LoopRegion) -> int:
    return min(max(8, round(JOINT_S * judge.sample_rate)), region.n_samples)


def _joint(judge: Judge, region: LoopRegion) -> tuple[DoubleArray, DoubleArray]:
    """Return what precedes the region's end and what follows its start, within 10 ms."""
    n = _joint_samples(judge, region)
    before, after = judge.material(region.loop_end - n, n), judge.material(region.loop_start, n)
    assert before is not None
    assert after is not None
    return before, after


def beat_alignment(judge: Judge, region: LoopRegion, start: Frames, end: Frames) -> float:
    """Return whether the pulse goes on, in [0, 1]: whole bars, and onsets where they would have come.

    ``0.5 * length + 0.1 * ends + 0.4 * onsets``. ``length`` is 1 for whole bars and 0.7 for whole beats, falling off as
    a Gaussian of 20 ms (2.5 % of the beat, if that is less) with the distance to the nearest. ``ends`` is 1 where the
    start lies on a beat or up to 40 ms before it, just ahead of its attack, and falls off likewise; with a length of
    whole beats the end then does so too. ``onsets`` is the correlation of the onset envelopes of the second either side
    of both ends, 0 where negative. A clip without a pulse has 0.5 for ``length`` and ``ends``: there is no beat to
    break.
    """
    onsets = 0.5
    if start.mel_db.shape[0] >= _LEAST_FRAMES:
        onsets = _correlation(start.onset.astype(np.float64), end.onset.astype(np.float64))
    if judge.rhythm is None:
        return _unit(0.6 * 0.5 + 0.4 * onsets)
    rate, beat = judge.sample_rate, judge.rhythm.beat_samples
    length = max(
        worth * _nearness(_off_grid(region.n_samples, unit), beat, rate)
        for worth, unit in ((1.0, judge.rhythm.bar_samples), (0.7, beat))
    )
    early = JUST_AHEAD_S * rate / 2
    off = (region.loop_start + early - judge.rhythm.first_downbeat + beat / 2) % beat - beat / 2
    ends = _nearness(max(0.0, abs(off) - early), beat, rate)
    return _unit(0.5 * length + 0.1 * ends + 0.4 * onsets)


def phase_continuity(judge: Judge, region: LoopRegion) -> float:
    """Return whether strong partials go on in phase across the joint: mean cosine of their phase error, at least 0.

    The error of a partial is its phase in the 93 ms that the jump leads to, less its phase in the 93 ms the clip would
    have gone on with (and the same looking back), weighted by the root of the energy, below 4 kHz (or above, where
    nothing sounds below). Where the clip has neither, the phase that each partial would have reached is predicted from
    its advance per sample, as a phase vocoder does (Flanagan and Golden, 1966; Laroche and Dolson, IEEE TSAP 1999).
    """
    from scipy.fft import next_fast_len

    n = int(next_fast_len(round(PHASE_WINDOW_S * judge.sample_rate), real=True))
    pairs = judge.sides(region, n)
    if not pairs:
        predicted = _predicted_pair(judge, region, n)
        if predicted is None:
            return 0.0
        spectra = [predicted]
    else:
        spectra = [(_spectrum(a), _spectrum(b)) for a, b in pairs]
    last_bin = min(n // 2, round(_PHASE_HIGH_HZ * n / judge.sample_rate))
    agreed, weight = 0.0, 0.0
    quiet = (judge.listener.rms * n * 10.0 ** (QUIET_DB / 20.0)) ** 2
    for one, other in spectra:
        cross = one[:, 2:] * np.conj(other[:, 2:])
        strength = np.abs(cross)
        strong = strength > max(float(strength.max()) * PHASE_RANGE, quiet)
        if strong[:, : last_bin - 2].any():
            strong[:, last_bin - 2 :] = False
        # The root of the energy times the cosine of the angle between both.
        root = np.sqrt(strength[strong])
        agreed += float((cross.real[strong] / root).sum())
        weight += float(root.sum())
    # Where neither side sounds there is no phase to break.
    return _unit(agreed / weight) if weight > 0 else 1.0


def _predicted_pair(
    judge: Judge, region: LoopRegion, n: int
) -> tuple[npt.NDArray[np.complex64], npt.NDArray[np.complex64]] | None:
    """Return what follows the joint, and what the partials before the joint would have become."""
    hop = n // 8
    earlier, before = judge.material(region.loop_end - n - hop, n), judge.material(region.loop_end - n, n)
    after = judge.material(region.loop_start, n)
    if earlier is None or before is None or after is None or region.n_samples < n + hop:
        return None
    past, now = _spectrum(earlier), _spectrum(before)
    advance = 2 * np.pi * np.arange(now.shape[1]) / n  # of the bin's own frequency, per sample
    error = np.angle(now * np.conj(past)) - advance * hop
    true_advance = advance + (error - 2 * np.pi * np.round(error / (2 * np.pi))) / hop
    return _spectrum(after), (now * np.exp(1j * true_advance * n)).astype(np.complex64)


def _spectrum(samples: DoubleArray) -> npt.NDArray[np.complex64]:
    """Return the windowed spectrum of each channel, shape ``(n_channels, n_bins)``."""
    from scipy.fft import rfft

    windowed = samples.T.astype(np.float32) * _hann(samples.shape[0])
    out: npt.NDArray[np.complex64] = rfft(windowed, axis=1, overwrite_x=True)
    return out


@lru_cache(maxsize=4)
def _hann(n: int) -> FloatArray:
    return np.hanning(n + 1)[:-1].astype(np.float32)


def _off_grid(n_samples: int, unit: float) -> float:
    """Return how far ``n_samples`` is from a whole number (at least one) of ``unit``."""
    return abs(n_samples - max(1, round(n_samples / unit)) * unit)


def _nearness(off_samples: float, beat_samples: float, sample_rate: int) -> float:
    """Return 1 on the grid, and less the further off the grid."""
    tolerance = min(GRID_TOLERANCE_S * sample_rate, 0.025 * beat_samples)
    return math.exp(-0.5 * (off_samples / tolerance) ** 2)


def _correlation(one: DoubleArray, other: DoubleArray) -> float:
    one, other = one - one.mean(), other - other.mean()
    energy = math.sqrt(float((one**2).sum() * (other**2).sum()))
    if energy < 1e-9:
        return 0.5  # neither moves: nothing to align
    return max(0.0, float((one * other).sum()) / energy)


def _best_inner(pairs: list[tuple[DoubleArray, DoubleArray]], reach: int) -> float:
    """Return the largest inner product of the pairs' sides, one moved against the other by up to ``reach`` samples."""
    reach = min(reach, pairs[0][0].shape[0] - 1)
    products = np.zeros(2 * reach + 1)
    for one, other in pairs:
        padded = np.zeros((one.shape[0] + 2 * reach, one.shape[1]))
        padded[reach : reach + one.shape[0]] = one
        for channel in range(one.shape[1]):
            products += np.correlate(padded[:, channel], other[:, channel], mode="valid")
    return float(products.max())


def _rms(samples: DoubleArray) -> float:
    """Return the RMS over instants of the channels' joint length."""
    return math.sqrt(float((samples**2).sum(axis=1).mean())) if samples.size else 0.0


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
