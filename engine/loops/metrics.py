# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a region loops: the four metrics, each in [0, 1], and their total.

All compare the seam (loop_end jumping to loop_start) with what the clip itself does: what would have come next after
``loop_end``, and what really comes before ``loop_start``. A side that the clip does not have is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Frames, Listener, onset_envelope, power_of_two
from engine.dsp.rhythm import Rhythm
from engine.loops.similarity import CONTEXT_S, LEAST_CONTEXT_S, Ear, likeness
from engine.values import Clip, LoopMetrics, LoopRegion

DoubleArray = npt.NDArray[np.float64]

WEIGHTS = LoopMetrics(spectral=0.40, waveform=0.15, beat=0.30, phase=0.15)
"""What each metric counts in the total. What is heard around the seam and the beat's regularity decide whether a loop
is noticed; the joint itself is later softened by the crossfade, so its two metrics count less."""

WEAK_TOTAL = 0.55
"""A total below this is weak. Measured: white noise 0.25, sweeps and babble 0.4 to 0.55 (then too unlike to pass),
repeats within composed clips from 0.58 (sparse ambient) over 0.7 to 0.9 (bands), exact repeats above 0.95."""

WEAK_SPECTRAL = 0.45
"""A spectral similarity below this is weak whatever the rest says: the music audibly jumps."""

_JOINT_S = 0.010  # the joint's neighbourhood, either side
_STEP_RMS = 3.5  # a step this many times the local RMS of steps is still nothing unusual
_QUIET_DB = -60.0  # re the clip's RMS: below, there is nothing to hear
_PHASE_WINDOW_S = 0.093
_PHASE_HIGH_HZ = 4_000.0
_PHASE_RANGE = 1e-3  # partials within 30 dB of the strongest
_GRID_TOLERANCE_S = 0.020  # a beat this much early or late is heard (Friberg and Sundberg, JASA 1995: 2.5 % of a beat)


def whole_bars(region: LoopRegion, rhythm: Rhythm, sample_rate: int) -> int | None:
    """Whole bars (at least one) that ``region`` lasts, within 20 ms, or None."""
    bars = round(region.n_samples / rhythm.bar_samples)
    off = abs(region.n_samples - bars * rhythm.bar_samples)
    return bars if bars > 0 and off <= _GRID_TOLERANCE_S * sample_rate else None


def total(metrics: LoopMetrics) -> float:
    """The weighted mean of the four metrics, in [0, 1]."""
    weights = WEIGHTS.as_dict()
    return sum(weights[name] * value for name, value in metrics.as_dict().items())


def is_weak(metrics: LoopMetrics) -> bool:
    """Whether a listener will notice the seam."""
    return total(metrics) < WEAK_TOTAL or metrics.spectral < WEAK_SPECTRAL


@dataclass(frozen=True, eq=False, slots=True)
class Judge:
    """Measures regions of one clip. ``rhythm`` is None when the clip has no pulse."""

    clip: Clip
    listener: Listener
    ear: Ear
    rhythm: Rhythm | None
    rms: float
    """Of the clip, all channels."""

    @classmethod
    def of(cls, clip: Clip, listener: Listener, rhythm: Rhythm | None) -> Judge:
        flat = clip.samples.ravel()
        rms = math.sqrt(float(flat @ flat) / flat.size)
        return cls(clip, listener, Ear.of(listener.whole), rhythm, rms)

    def metrics(self, region: LoopRegion) -> LoopMetrics:
        """All four metrics of ``region``."""
        start, end, both = self._context(region)
        return LoopMetrics(
            spectral=spectral_similarity(self, region, start, end, both),
            waveform=waveform_continuity(self, region),
            beat=beat_alignment(self, region, start, end, both),
            phase=phase_continuity(self, region),
        )

    def bars(self, region: LoopRegion) -> int | None:
        """Whole bars that ``region`` lasts, or None when it lasts no whole number of them."""
        return None if self.rhythm is None else whole_bars(region, self.rhythm, self.clip.sample_rate)

    def material(self, first: int, n_samples: int) -> DoubleArray | None:
        """Samples ``[first, first + n_samples)``, round the end if the clip wraps; None where the clip has none."""
        if self.clip.wraps:
            return self.clip.samples.take(np.arange(first, first + n_samples), axis=0, mode="wrap").astype(np.float64)
        if first < 0 or first + n_samples > self.clip.n_samples:
            return None
        return self.clip.samples[first : first + n_samples].astype(np.float64)

    def sides(self, region: LoopRegion, n_samples: int) -> list[tuple[DoubleArray, DoubleArray]]:
        """Pairs of (near loop_start, near loop_end): what follows both and what precedes both, where there is such."""
        pairs = []
        for offset in (0, -n_samples):
            near_start = self.material(region.loop_start + offset, n_samples)
            near_end = self.material(region.loop_end + offset, n_samples)
            if near_start is not None and near_end is not None:
                pairs.append((near_start, near_end))
        return pairs

    def _context(self, region: LoopRegion) -> tuple[Frames, Frames, npt.NDArray[np.bool_]]:
        """Frames around both ends, at the same distances, and which of them the clip has at both."""
        n = round(CONTEXT_S * self.clip.sample_rate / self.listener.hop_length)
        offsets = np.arange(-n, n, dtype=np.int64) * self.listener.hop_length
        if not self.clip.wraps:
            offsets = offsets[(region.loop_start + offsets >= 0) & (region.loop_end + offsets <= self.clip.n_samples)]
        start = self.listener.frames(region.loop_start + offsets)
        end = self.listener.frames(region.loop_end + offsets)
        return start, end, start.inside & end.inside


def spectral_similarity(
    judge: Judge, region: LoopRegion, start: Frames, end: Frames, both: npt.NDArray[np.bool_]
) -> float:
    """Whether the music goes on as it would have: likeness of the second either side of both ends.

    1 is the same sound frame by frame; 0 is no more alike than two moments of the clip picked at random (so the value
    is the share of the clip's own variation that the match explains). Log-mel bands and chroma, see ``similarity.Ear``.
    A region with nothing either side is judged by its last and first frame alone.
    """
    least = LEAST_CONTEXT_S * judge.clip.sample_rate / judge.listener.hop_length
    n_both = int(both.sum())
    if n_both == 0:
        half = power_of_two(_PHASE_WINDOW_S, judge.clip.sample_rate) // 4
        last, first = np.array([region.loop_end - half]), np.array([region.loop_start + half])
        alike = float(likeness(judge.ear, judge.listener.frames(last), judge.listener.frames(first))[0])
        return _unit(alike)
    return _unit(float(likeness(judge.ear, start, end)[both].sum()) / max(n_both, least))


def waveform_continuity(judge: Judge, region: LoopRegion) -> float:
    """Whether the samples themselves go on: no step and no kink, and the wave that would have come.

    ``smooth * (1 + match) / 2``. ``smooth`` is 1 while the step and the change of slope across the joint stay within
    3.5 times the RMS of such steps in the 10 ms around, and their ratio beyond that (the rule of click detectors:
    Godsill and Rayner, "Digital Audio Restoration", 1998, chapter 5). ``match`` is ``2<a,b> / (<a,a> + <b,b>)`` of
    the 10 ms around both ends, so it falls with the level's mismatch as well as with the shape's.
    """
    n = max(8, round(_JOINT_S * judge.clip.sample_rate))
    n = min(n, region.n_samples)
    before, after = judge.material(region.loop_end - n, n), judge.material(region.loop_start, n)
    assert before is not None
    assert after is not None
    quiet = judge.rms * 10.0 ** (_QUIET_DB / 20.0)
    smooth = 1.0
    for order in (1, 2):
        across = np.diff(np.concatenate([before[-order:], after[:order]]), order, axis=0)
        jump = math.sqrt(float((across**2).sum(axis=1).max()))
        usual = max(_rms(np.diff(before, order, axis=0)), _rms(np.diff(after, order, axis=0)), quiet)
        smooth = min(smooth, _STEP_RMS * usual / max(jump, 1e-12))
    pairs = judge.sides(region, n)
    if pairs:
        floor = n * quiet**2
        inner = sum(float((a * b).sum()) for a, b in pairs)
        energy = sum(float((a**2).sum() + (b**2).sum()) for a, b in pairs)
        match = (2 * inner + floor) / (energy + floor)
    else:  # nothing to compare with but the levels
        a, b = _rms(before) + quiet, _rms(after) + quiet
        match = a * b / (a**2 + b**2)
    return _unit(min(smooth, 1.0) * (1.0 + max(match, 0.0)) / 2)


def beat_alignment(judge: Judge, region: LoopRegion, start: Frames, end: Frames, both: npt.NDArray[np.bool_]) -> float:
    """Whether the pulse goes on: whole bars, and onsets where they would have come.

    ``0.6 * grid + 0.4 * onsets``. ``grid`` is 1 for whole bars and 0.7 for whole beats, falling off as a Gaussian of
    20 ms (2.5 % of the beat, if that is less) with the distance to the nearest; a clip without a pulse has 0.5, since
    there is no beat to break. ``onsets`` is the correlation of the onset envelopes of the second either side of both
    ends, 0 where negative.
    """
    onsets = 0.5
    if int(both.sum()) >= 8:
        envelopes = [onset_envelope(frames.mel_db)[both].astype(np.float64) for frames in (start, end)]
        onsets = _correlation(envelopes[0], envelopes[1])
    if judge.rhythm is None:
        return _unit(0.6 * 0.5 + 0.4 * onsets)
    grid = max(
        worth * _on_grid(region.n_samples, unit, judge.rhythm.beat_samples, judge.clip.sample_rate)
        for worth, unit in ((1.0, judge.rhythm.bar_samples), (0.7, judge.rhythm.beat_samples))
    )
    return _unit(0.6 * grid + 0.4 * onsets)


def phase_continuity(judge: Judge, region: LoopRegion) -> float:
    """Whether strong partials go on in phase across the joint: mean cosine of their phase error, 0 where negative.

    The error of a partial is its phase in the 93 ms that the jump leads to, less its phase in the 93 ms the clip would
    have gone on with (and the same looking back), weighted by the root of the energy, below 4 kHz (or above, where
    nothing sounds below). Where the clip has
    neither, the phase that each partial would have reached is predicted from its advance per sample, as a phase
    vocoder does (Flanagan and Golden, 1966; Laroche and Dolson, IEEE TSAP 1999).
    """
    n = power_of_two(_PHASE_WINDOW_S, judge.clip.sample_rate)
    pairs = judge.sides(region, n)
    if not pairs:
        predicted = _predicted_pair(judge, region, n)
        if predicted is None:
            return 0.0
        spectra = [predicted]
    else:
        spectra = [(_spectrum(a), _spectrum(b)) for a, b in pairs]
    last_bin = min(n // 2, round(_PHASE_HIGH_HZ * n / judge.clip.sample_rate))
    agreed, weight = 0.0, 0.0
    quiet = (judge.rms * n * 10.0 ** (_QUIET_DB / 20.0)) ** 2
    for one, other in spectra:
        cross = one[2:] * np.conj(other[2:])
        strength = np.abs(cross)
        strong = strength > max(float(strength.max()) * _PHASE_RANGE, quiet)
        if strong[: last_bin - 2].any():
            strong[last_bin - 2 :] = False
        root = np.sqrt(strength[strong])
        agreed += float((root * np.cos(np.angle(cross[strong]))).sum())
        weight += float(root.sum())
    # Where neither side sounds there is no phase to break.
    return _unit(agreed / weight) if weight > 0 else 1.0


def _predicted_pair(
    judge: Judge, region: LoopRegion, n: int
) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128]] | None:
    """What follows the joint, and what the partials before it would have become."""
    hop = n // 8
    earlier, before = judge.material(region.loop_end - n - hop, n), judge.material(region.loop_end - n, n)
    after = judge.material(region.loop_start, n)
    if earlier is None or before is None or after is None or region.n_samples < n + hop:
        return None
    past, now = _spectrum(earlier), _spectrum(before)
    advance = 2 * np.pi * np.arange(now.shape[0])[:, None] / n  # of the bin's own frequency, per sample
    error = np.angle(now * np.conj(past)) - advance * hop
    true_advance = advance + (error - 2 * np.pi * np.round(error / (2 * np.pi))) / hop
    return _spectrum(after), now * np.exp(1j * true_advance * n)


def _spectrum(samples: DoubleArray) -> npt.NDArray[np.complex128]:
    from scipy.fft import rfft

    window = np.hanning(samples.shape[0] + 1)[:-1, None]
    out: npt.NDArray[np.complex128] = rfft(samples * window, axis=0)
    return out


def _on_grid(n_samples: int, unit: float, beat_samples: float, sample_rate: int) -> float:
    """1 when ``n_samples`` is a whole number (at least one) of ``unit``, less the further it is off."""
    off = abs(n_samples - max(1, round(n_samples / unit)) * unit)
    tolerance = min(_GRID_TOLERANCE_S * sample_rate, 0.025 * beat_samples)
    return math.exp(-0.5 * (off / tolerance) ** 2)


def _correlation(one: DoubleArray, other: DoubleArray) -> float:
    one, other = one - one.mean(), other - other.mean()
    energy = math.sqrt(float((one**2).sum() * (other**2).sum()))
    if energy < 1e-9:
        return 0.5  # neither moves: nothing to align
    return max(0.0, float((one * other).sum()) / energy)


def _rms(samples: DoubleArray) -> float:
    """RMS over instants of the channels' joint length."""
    return math.sqrt(float((samples**2).sum(axis=1).mean()))


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
