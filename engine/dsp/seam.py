# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam: how a loop region becomes a baked loop, and by which gains two stretches of sound are crossfaded."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.units import ms_to_samples
from engine.values import BakedLoop, FadeCurve, FloatArray, LoopRegion, Sound, read_only

KNEE = 0.98
"""Linear amplitude up to which ``soft_limit`` changes nothing."""

EVEN_MS = 20.0
"""Within so long a crossfade's power is what its sides' powers make it."""

_LEAST_GAIN, _MOST_GAIN = 0.5**0.5, 2.0
# Of the loudest: where there is less than this nothing is to be evened.
_SILENT = 1e-9
_STEPS_WITHIN = 16
_HEADROOM = 1.0 - KNEE
_SCAN_SAMPLES = 1 << 16
_EDGE_SAMPLES = 1024
"""More than soxr's filter looks around it."""


def gain_law(correlation: float, n_samples: int) -> tuple[FloatArray, FloatArray]:
    """Gains of a crossfade that keeps the power of two equally loud sides at every instant.

    With ρ the correlation of the sides, ``g_out² + g_in² + 2ρ·g_out·g_in = 1``: equal power for unlike sides (ρ = 0),
    equal gain for like ones (ρ = 1). (Fink, Holters, Zölzer, "Signal-matched power-complementary cross-fading and
    dry-wet mixing", DAFx 2016.)

    Parameters
    ----------
    correlation
        In [-1, 1]. Below 0 it counts as 0: sides that cancel would ask for gains far above 1, which would be heard as a
        bump wherever the sides cancel less than on average.
    n_samples
        Length of the crossfade.

    Returns
    -------
    g_out, g_in
        float32, shape ``(n_samples, 1)``, in [0, 1]; mirror images of each other, sampled mid-step so that neither
        starts at exactly 0 or 1.
    """
    rho = min(max(correlation, 0.0), 1.0)
    angle = (np.arange(n_samples, dtype=np.float64) + 0.5) * (np.pi / 2.0 / max(n_samples, 1))
    g_in, g_out = np.sin(angle), np.cos(angle)
    scale = np.sqrt(1.0 + 2.0 * rho * g_in * g_out)
    return (g_out / scale).astype(np.float32)[:, None], (g_in / scale).astype(np.float32)[:, None]


def fade_gains(curve: FadeCurve, correlation: float, n_samples: int) -> tuple[FloatArray, FloatArray]:
    """Gains of a crossfade by the curve of that name, where the sides have this correlation.

    Returns
    -------
    g_out, g_in
        As ``gain_law`` gives them: float32, shape ``(n_samples, 1)``, in [0, 1], mirror images of each other.
    """
    match curve:
        case FadeCurve.MATCHED:
            return gain_law(correlation, n_samples)
        case FadeCurve.EQUAL_POWER:
            return gain_law(0.0, n_samples)
        case FadeCurve.EQUAL_GAIN:
            return gain_law(1.0, n_samples)
        case FadeCurve.SMOOTH:
            share = (np.arange(n_samples, dtype=np.float64) + 0.5) / max(n_samples, 1)
            angle = share * share * (3.0 - 2.0 * share) * (np.pi / 2.0)
            g_in: FloatArray = np.sin(angle).astype(np.float32)[:, None]
            return g_in[::-1], g_in


def correlation(a: FloatArray, b: FloatArray) -> float:
    """Normalised inner product of two stretches of one shape ``(n_samples, n_channels)``, in [-1, 1]; 0 for silence.

    All channels count together and no mean is taken off: it is the cross term of the summed power that matters.
    """
    x, y = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    norm = float(np.sqrt(np.dot(x, x) * np.dot(y, y)))
    return min(max(float(np.dot(x, y)) / norm, -1.0), 1.0) if norm > 0.0 else 0.0


def soft_limit(samples: FloatArray) -> None:
    """Bend ``samples`` in place into [-1, 1]: identity up to ``KNEE``, smooth (C1) above, any shape.

    Only arithmetic that rounds the same for every array length, so that the result knows no block size.
    """
    over = np.abs(samples) > KNEE
    if not over.any():
        return
    loud = samples[over]
    excess = (np.abs(loud) - np.float32(KNEE)) / np.float32(_HEADROOM)
    bent = np.float32(KNEE) + np.float32(_HEADROOM) * (excess / (np.float32(1.0) + excess))
    samples[over] = np.copysign(np.minimum(bent, np.float32(1.0)), loud)


def cyclic(samples: FloatArray, first: int, n_samples: int) -> FloatArray:
    """``n_samples`` of ``samples``, shape ``(n, n_channels)``, from sample ``first`` on, read round its ends."""
    return samples.take(np.arange(first, first + n_samples), axis=0, mode="wrap")


class Seam:
    """A region's crossfade, rendered once, and with it the baked loop, read piece by piece from its sound.

    Only the crossfade is held in memory. ``bake`` is all of it in one piece, so whatever reads here gives, sample for
    sample, what plays.

    The crossfade mixes the sound's own material around the region's two ends and the loop keeps the region's length:
    what precedes ``loop_start`` fades in while what precedes ``loop_end`` fades out (the loop's last samples), or,
    where the sound has more to give after the region, what follows ``loop_end`` fades out while what follows
    ``loop_start`` fades in (the loop's first samples). Only a region with nothing on either side gives up length:
    its last samples are laid over its first ones.

    Parameters
    ----------
    overlap_ms
        Length of the crossfade, at least 0; shortened to the material there is and to the region's length.

    Attributes
    ----------
    n_samples
        Length of the baked loop: ``region.n_samples``, but for a region with nothing on either side.
    crossfade
        float32, read-only, shape ``(overlap_samples, n_channels)``.
    crossfade_at
        Its first sample's place in the loop: 0 (``at_head``), or as many samples before the loop's end as it is long.
    correlation
        Of the crossfade's two sides, in [-1, 1]: between equal power (0) and equal gain (1).
    is_limited
        True where the region leaves [-1, 1]: all of the loop then went through ``soft_limit``.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """

    def __init__(self, sound: Sound, region: LoopRegion, *, overlap_ms: float) -> None:
        start, end, n = region.loop_start, region.loop_end, region.n_samples
        if end > sound.n_samples:
            raise ValueError(f"the region [{start}, {end}) ends after the clip's {sound.n_samples} samples")
        if overlap_ms < 0.0:
            raise ValueError(f"the overlap is {overlap_ms} ms")
        self.sound = sound
        self.region = region
        wanted = min(ms_to_samples(overlap_ms, sound.sample_rate), n)
        before, after = (n, n) if sound.wraps else (start, sound.n_samples - end)
        self.at_head = before < after or before == after == 0
        if before == after == 0:
            overlap = min(wanted, n // 2)
            out_at, in_at = end - overlap, start
        elif self.at_head:
            overlap = min(wanted, after)
            out_at, in_at = end, start
        else:
            overlap = min(wanted, before)
            out_at, in_at = end - overlap, start - overlap
        self.n_samples = n - overlap if before == after == 0 else n
        self.overlap_samples = overlap
        self.crossfade_at = 0 if self.at_head else n - overlap
        sides = read_round(sound, out_at, overlap), read_round(sound, in_at, overlap)
        mixed, self.correlation = crossfaded(*sides, sound.sample_rate)
        self.crossfade = read_only(mixed)
        self.is_limited = self._leaves_full_scale()

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Samples ``[first, first + n_samples)`` of the baked loop, all of them within it: a new array."""
        if first < 0 or n_samples < 0 or first + n_samples > self.n_samples:
            raise ValueError(f"[{first}, {first + n_samples}) leaves the loop's {self.n_samples} samples")
        out = self.sound.read(self.region.loop_start + first, n_samples).copy()
        low = max(first, self.crossfade_at)
        high = min(first + n_samples, self.crossfade_at + self.overlap_samples)
        if low < high:
            out[low - first : high - first] = self.crossfade[low - self.crossfade_at : high - self.crossfade_at]
        if self.is_limited:
            soft_limit(out)
        return out

    def _leaves_full_scale(self) -> bool:
        """Whether any sample of the loop is beyond [-1, 1]."""
        if np.abs(self.crossfade).max(initial=0.0) > 1.0:
            return True
        at, end = self.region.loop_start, self.region.loop_start + self.n_samples
        if self.at_head:
            at += self.overlap_samples
        else:
            end -= self.overlap_samples
        while at < end:
            part = self.sound.read(at, min(_SCAN_SAMPLES, end - at))
            if max(part.max(), -part.min()) > 1.0:
                return True
            at += len(part)
        return False


def bake(sound: Sound, region: LoopRegion, *, overlap_ms: float, gain: float = 1.0) -> BakedLoop:
    """Render a region's seam once, so that repeating the result loops without a step: see ``Seam``.

    Parameters
    ----------
    gain
        Linear, of the whole loop: what brings it to the loudness of others.

    Returns
    -------
    BakedLoop
        ``region.n_samples`` long (but for a region with nothing on either side), within [-gain, gain]: peaks above
        full scale are left to the limiter, which hears what they are mixed with. With a gain of 1, where both sides of
        the seam are the same samples (a whole wrapping clip) it equals the region exactly.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """
    seam = Seam(sound, region, overlap_ms=overlap_ms)
    samples = seam.read(0, seam.n_samples)
    if gain != 1.0:
        samples *= np.float32(gain)
    return BakedLoop(samples, sound.sample_rate, region, seam.overlap_samples, seam.correlation)


def fit_rate(loop: BakedLoop, sample_rate: int) -> BakedLoop:
    """The same loop for a device that runs at ``sample_rate`` Hz: still periodic, its region in the new rate's samples.

    Resampled by soxr as the periodic signal it is, by the ratio of the two lengths, so that the seam stays as it was;
    the length is rounded to a whole sample. A loop that has the rate already is returned as it is. About 1 ms for a
    second of stereo, whatever the length's factors are (by Fourier coefficients it can be 20).
    """
    if loop.sample_rate == sample_rate:
        return loop
    # Imported here: most loops never need it.
    import soxr

    ratio = sample_rate / loop.sample_rate
    n_samples = max(1, round(loop.n_samples * ratio))
    step = loop.n_samples / n_samples
    # The loop's end comes before its start: so much of it that the first sample falls on one of the new ones.
    leads = np.arange(_EDGE_SAMPLES, 4 * _EDGE_SAMPLES)
    firsts = leads / step
    at = int(np.argmin(np.abs(firsts - np.round(firsts))))
    first = round(float(firsts[at]))
    periodic = cyclic(loop.samples, -int(leads[at]), int(leads[at]) + loop.n_samples + _EDGE_SAMPLES)
    samples = soxr.resample(periodic, loop.n_samples, n_samples, quality="HQ")[first : first + n_samples]
    samples = np.array(samples, dtype=np.float32)
    # What is above full scale by its gain stays so; a loop within it does not leave it by resampling.
    if np.abs(samples).max() > 1.0 >= np.abs(loop.samples).max():
        soft_limit(samples)
    start = round(loop.region.loop_start * ratio)
    region = LoopRegion(start, start + max(1, round(loop.region.n_samples * ratio)))
    return BakedLoop(samples, sample_rate, region, round(loop.overlap_samples * ratio), loop.correlation)


class Readable(Protocol):
    """A sound, or a loop as its seam renders it."""

    @property
    def n_samples(self) -> int: ...

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Samples ``[first, first + n_samples)``, all within it."""
        ...


def read_round(source: Readable, first: int, n_samples: int) -> FloatArray:
    """``n_samples`` of ``source`` from its sample ``first`` on, round its ends as often as it takes."""
    first %= source.n_samples
    if first + n_samples <= source.n_samples:
        return source.read(first, n_samples)
    pieces = []
    while n_samples > 0:
        pieces.append(source.read(first, min(n_samples, source.n_samples - first)))
        n_samples -= pieces[-1].shape[0]
        first = 0
    return np.concatenate(pieces)


def crossfaded(fading_out: FloatArray, fading_in: FloatArray, sample_rate: int) -> tuple[FloatArray, float]:
    """Two stretches of one shape crossfaded, within [-1, 1] (but for equal ones), and their correlation.

    By the gain law at every instant: the power that ``gain_law`` keeps on the whole is kept within ``EVEN_MS``,
    whatever the sides' likeness and levels just then.
    """
    if np.array_equal(fading_out, fading_in):
        # Any mix of a stretch with itself is itself: no rounding may be heard, or measured.
        return fading_in.copy(), 1.0
    g_out, g_in = gain_law(0.0, len(fading_in))
    mixed = fading_out * g_out + fading_in * g_in
    mixed *= _evening(fading_out, fading_in, sample_rate)
    soft_limit(mixed)
    return mixed, correlation(fading_out, fading_in)


def _evening(fading_out: FloatArray, fading_in: FloatArray, sample_rate: int) -> FloatArray:
    """By what an equal-power crossfade of two stretches is to be multiplied, shape ``(n_samples, 1)``; 1 at both ends.

    Unlike sides' powers add up; what the mix has more, or less, within ``EVEN_MS`` is the sides' likeness just then.
    """
    n_samples = len(fading_in)
    n_step = max(1, min(ms_to_samples(EVEN_MS / _STEPS_WITHIN, sample_rate), n_samples // _STEPS_WITHIN))
    edges = np.arange(0, n_samples, n_step)
    at = np.concatenate([edges[1:], [n_samples]]) * 0.5 + edges * 0.5
    power_out, power_in, likeness = (
        _around(np.add.reduceat(np.einsum("nc,nc->n", a, b), edges))
        for a, b in ((fading_out, fading_out), (fading_in, fading_in), (fading_out, fading_in))
    )
    angle = at * (np.pi / 2.0 / n_samples)
    g_out, g_in = np.cos(angle), np.sin(angle)
    wished = g_out**2 * power_out + g_in**2 * power_in
    has = wished + 2.0 * g_out * g_in * likeness
    least = max(float(wished.max()) * _SILENT, float(np.finfo(np.float64).tiny))
    gains = np.clip(np.sqrt((wished + least) / np.maximum(has + least, least)), _LEAST_GAIN, _MOST_GAIN)
    places, gains = np.concatenate([[0.0], at, [n_samples]]), np.concatenate([[1.0], gains, [1.0]])
    evening: FloatArray = np.interp(np.arange(n_samples) + 0.5, places, gains).astype(np.float32)[:, None]
    return evening


def _around(sums: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Of each step with those within ``EVEN_MS`` around it (less at the ends), the nearest most."""
    weights = np.bartlett(_STEPS_WITHIN + 1)
    n_half = len(weights) // 2
    around: npt.NDArray[np.float64] = np.convolve(sums.astype(np.float64), weights)[n_half : n_half + len(sums)]
    return around
