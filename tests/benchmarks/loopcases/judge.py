# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge says whether a loop is right, where the answer is known, and how its bare join sounds, where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.values import Clip, LoopRegion
from tests.benchmarks.loopcases.cases import Case, DoubleArray, Truth

PLANTED_TOLERANCE_S = 0.002
PERFORMED_TOLERANCE_S = 0.015

_RATE = 22_050  # at which joins are measured: librosa's own habit
_HOP = 256
_AROUND_S = 0.05  # an onset this near belongs to the join
_BESIDE_S = 1.0  # how much of the music on either side of a jump is compared
_LEAST_OF_BEATS = 0.05  # the music's own onset strength counts as at least this part of its beats'
_N_MELS = 64


def is_right(case: Case, region: LoopRegion) -> bool:
    """Return whether ``region`` is what a listener would call the loop.

    Planted: the length is a whole number of periods to 2 ms and the region lies inside the repeats, to 2 ms. Performed:
    the length is a whole number of phrases to 15 ms.

    Raises
    ------
    ValueError
        The case has no known answer.
    """
    truth = _truth(case)
    rate = case.clip.sample_rate
    if case.kind == "performed":
        return abs(_off_samples(truth, region)) <= PERFORMED_TOLERANCE_S * rate
    slack = PLANTED_TOLERANCE_S * rate
    inside = region.loop_start >= truth.first - slack and region.loop_end <= truth.last + slack
    return inside and abs(_off_samples(truth, region)) <= slack


def is_exact(case: Case, region: LoopRegion) -> bool:
    """Return whether ``region`` is right and its length a whole number of periods to the sample."""
    return is_right(case, region) and abs(_off_samples(_truth(case), region)) < 1.0


def off_ms(case: Case, region: LoopRegion) -> float:
    """Return how much longer ``region`` is than the nearest whole number (at least one) of periods, ms."""
    return 1000.0 * _off_samples(_truth(case), region) / case.clip.sample_rate


@dataclass(frozen=True, slots=True)
class JoinOnset:
    """Onset strength (librosa's) around a bare join, and that of the music itself.

    Attributes
    ----------
    at_join
        Of the clip that jumps from ``loop_end`` to ``loop_start`` without a crossfade, within 50 ms of the jump.
    own
        Of the clip as it is, at ``loop_start`` or at ``loop_end``, whichever is stronger.
    beats
        The median at the clip's own beats.
    """

    at_join: float
    own: float
    beats: float

    @property
    def over_own(self) -> float:
        """Return the strength beside the music's own there: 1 is as strong an onset, less is softer."""
        return self.at_join / max(self.own, _LEAST_OF_BEATS * self.beats, 1e-9)

    @property
    def over_beats(self) -> float:
        """Return the strength beside an ordinary beat: 1 is as strong."""
        return self.at_join / max(self.beats, 1e-9)


def join_onset(clip: Clip, region: LoopRegion) -> JoinOnset:
    """Measure the bare join of ``region``: ``clip[:loop_end]`` followed by ``clip[loop_start:]``."""
    import librosa

    original = _mono(clip)
    start, end = (round(at * _RATE / clip.sample_rate) for at in (region.loop_start, region.loop_end))
    # Jumped at the clip's own rate: a resampler would soften the jump's edge otherwise.
    samples = clip.samples.mean(axis=1)
    jumped = _resampled(np.concatenate([samples[: region.loop_end], samples[region.loop_start :]]), clip.sample_rate)
    before, after = (librosa.onset.onset_strength(y=y, sr=_RATE, hop_length=_HOP) for y in (original, jumped))
    _, beats = librosa.beat.beat_track(onset_envelope=before, sr=_RATE, hop_length=_HOP)
    at_beats = [_peak(before, int(beat)) for beat in beats] or [float(np.percentile(before, 90))]
    own = max(_peak(before, start // _HOP), _peak(before, end // _HOP))
    return JoinOnset(_peak(after, end // _HOP), own, float(np.median(at_beats)))


def join_onset_ratio(clip: Clip, region: LoopRegion) -> float:
    """Return ``join_onset(...).over_own``."""
    return join_onset(clip, region).over_own


class Jumps:
    """Judges jumps in one clip by what the music does a second before and after them, beside random jumps."""

    def __init__(self, clip: Clip, min_loop_s: float, *, n_random: int = 1000, seed: int = 0) -> None:
        import librosa

        mono = _mono(clip)
        power = np.abs(librosa.stft(mono, n_fft=2048, hop_length=_HOP * 2)) ** 2
        mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=_RATE, n_mels=_N_MELS), top_db=60.0)
        chroma = librosa.feature.chroma_stft(S=power, sr=_RATE)
        # Either half counts the same: distances of 1 are those between two random frames.
        self._features = np.concatenate([_to_unit_spread(mel), _to_unit_spread(chroma)])
        self._frames_per_sample = _RATE / clip.sample_rate / (_HOP * 2)
        self._beside = round(_BESIDE_S * _RATE / (_HOP * 2))
        self._random = self._distances_of_random(min_loop_s, n_random, np.random.default_rng(seed))

    def rank(self, region: LoopRegion) -> float:
        """Return the share of the random jumps (none shorter than ``min_loop_s``) to a more alike place; 0 is best.

        1 where the region is the whole clip: nothing beside its ends can be compared.
        """
        start, end = (round(at * self._frames_per_sample) for at in (region.loop_start, region.loop_end))
        distance = self._distance(start, end)
        return 1.0 if distance is None else float(np.mean(self._random < distance))

    def _distances_of_random(self, min_loop_s: float, n_random: int, rng: np.random.Generator) -> DoubleArray:
        n, least = self._features.shape[1], max(1, round(min_loop_s * _RATE / (_HOP * 2)))
        first, last = (self._beside, n - self._beside) if n - 2 * self._beside > 2 * least else (0, n)
        found: list[float] = []
        while len(found) < n_random:
            start, end = sorted(rng.integers(first, last, 2))
            distance = self._distance(int(start), int(end)) if end - start >= least else None
            if distance is not None:
                found.append(distance)
        return np.array(found)

    def _distance(self, start: int, end: int) -> float | None:
        """Return the mean distance between the frames around ``start`` and around ``end``, as far as there are both."""
        n = self._features.shape[1]
        before, after = min(self._beside, start), min(self._beside, n - end)
        if before + after < self._beside // 4:
            return None
        gap = self._features[:, start - before : start + after] - self._features[:, end - before : end + after]
        return float(np.mean(np.sqrt(np.sum(np.square(gap), axis=0))))


def jump_rank(clip: Clip, region: LoopRegion, n_random: int = 1000, seed: int = 0, *, min_loop_s: float = 2.0) -> float:
    """Return ``Jumps(clip, min_loop_s, ...).rank(region)``."""
    return Jumps(clip, min_loop_s, n_random=n_random, seed=seed).rank(region)


def _truth(case: Case) -> Truth:
    if case.truth is None:
        raise ValueError(f"{case.name} has no known answer")
    return case.truth


def _off_samples(truth: Truth, region: LoopRegion) -> float:
    return region.n_samples - max(1, round(region.n_samples / truth.period_samples)) * truth.period_samples


def _mono(clip: Clip) -> npt.NDArray[np.float32]:
    return _resampled(clip.samples.mean(axis=1), clip.sample_rate)


def _resampled(samples: npt.NDArray[np.float32], sample_rate: int) -> npt.NDArray[np.float32]:
    import soxr

    return np.asarray(soxr.resample(samples, sample_rate, _RATE), dtype=np.float32)


def _peak(envelope: npt.NDArray[np.float32], frame: int) -> float:
    around = round(_AROUND_S * _RATE / _HOP)
    return float(envelope[max(0, min(frame, envelope.size - 1) - around) : frame + around + 1].max())


def _to_unit_spread(features: npt.NDArray[np.floating]) -> DoubleArray:
    centred = features.astype(np.float64) - features.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.sum(np.square(centred), axis=0)).mean()
    scaled: DoubleArray = centred / max(1e-9, float(spread))
    return scaled
