# SPDX-License-Identifier: GPL-3.0-or-later
"""This module renders the seam: how a loop region becomes a baked loop, and by which gains stretches are crossfaded."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.units import ms_to_samples
from engine.values import BakedLoop, FadeCurve, FloatArray, LoopRegion, OverlapLimit, Sound, read_only

KNEE = 0.98
"""Linear amplitude up to which ``soft_limit`` changes nothing."""

EVEN_MS = 20.0
"""Width in milliseconds within which a crossfade's power is evened to what its sides' powers add up to."""

BRIDGE_MS = 10.0
"""Length in milliseconds over which the step from a whole file's end to its start is spread."""
_AROUND_BRIDGE_MS = 60.0
"""Length in milliseconds of the music around a joint whose steps are compared with the joint's."""
_ATTACK_MS, _ATTACK_RISE = 5.0, 2.0
"""Length in ms, and ratio of levels after and before a joint, from which on sound begins there with an attack."""

_LEAST_GAIN, _MOST_GAIN = 0.5**0.5, 2.0
# Of the loudest: where there is less than this nothing is to be evened.
_SILENT = 1e-9
_STEPS_WITHIN = 16
_HEADROOM = 1.0 - KNEE
_EDGE_SAMPLES = 1024
"""Number of samples at each end that soxr's filter may look at: more than it does."""
_UNTOLD = np.errstate(invalid="ignore", over="ignore")
"""Context without NumPy's warnings for samples that are no numbers: the code that writes or plays them reports them."""


def gain_law(correlation: float, n_samples: int) -> tuple[FloatArray, FloatArray]:
    """Return the gains of a crossfade that keeps the power of two equally loud sides at every instant.

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
    """Return the gains of a crossfade by the curve of that name, where the sides have this correlation.

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
    """Return the normalised inner product of two stretches ``(n_samples, n_channels)``, in [-1, 1]; 0 for silence.

    All channels count together and no mean is taken off: it is the cross term of the summed power that matters.
    """
    x, y = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    # Not by BLAS: it wakes all its threads, and on a busy machine the seam then waits ten times as long for them.
    xx, yy, xy = (float(np.einsum("i,i->", one, other)) for one, other in ((x, x), (y, y), (x, y)))
    norm = math.sqrt(xx * yy)
    return min(max(xy / norm, -1.0), 1.0) if norm > 0.0 else 0.0


def soft_limit(samples: FloatArray, ceiling: float = 1.0) -> None:
    """Bend ``samples`` in place into [-ceiling, ceiling]: identity up to ``KNEE`` of it, smooth (C1) above, any shape.

    Only arithmetic that rounds the same for every array length, so that the result knows no block size.
    """
    knee, headroom = np.float32(KNEE * ceiling), np.float32(_HEADROOM * ceiling)
    over = np.abs(samples) > knee
    if not over.any():
        return
    loud = samples[over]
    excess = (np.abs(loud) - knee) / headroom
    bent = knee + headroom * (excess / (np.float32(1.0) + excess))
    samples[over] = np.copysign(np.minimum(bent, np.float32(ceiling)), loud)


def cyclic(samples: FloatArray, first: int, n_samples: int) -> FloatArray:
    """Return ``n_samples`` of ``samples`` ``(n, n_channels)`` from sample ``first`` on, read round their ends."""
    return samples.take(np.arange(first, first + n_samples), axis=0, mode="wrap")


class Seam:
    """A seam holds a region's crossfade, rendered once, and reads the baked loop piece by piece from its sound.

    Only the crossfade is held in memory. ``bake`` is all of it in one piece, so whatever reads here gives, sample for
    sample, what plays.

    The crossfade mixes the sound's own material around the region's two ends and the loop keeps the region's length:
    what precedes ``loop_start`` fades in while what precedes ``loop_end`` fades out (the loop's last samples), or,
    where the sound has more to give after the region, what follows ``loop_end`` fades out while what follows
    ``loop_start`` fades in (the loop's first samples).

    What follows the end of a whole sound is its own start, so a region that is all of it repeats as it is, to the
    sample. Only where it does not go on so (a step that the music itself does not make, and no attack that begins
    there) is the step spread over the loop's first ``BRIDGE_MS``.

    Parameters
    ----------
    overlap_ms
        Length of the crossfade, at least 0; shortened to the material there is and to the region's length.

    Attributes
    ----------
    n_samples
        Length of the baked loop: ``region.n_samples``.
    limit
        Why the crossfade is shorter than asked; None where it is not.
    crossfade
        float32, read-only, shape ``(overlap_samples, n_channels)``.
    crossfade_at
        Its first sample's place in the loop: 0 (``at_head``), or as many samples before the loop's end as it is long.
    correlation
        Of the crossfade's two sides, in [-1, 1]: between equal power (0) and equal gain (1).

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
        asked = ms_to_samples(overlap_ms, sound.sample_rate)
        is_whole = n == sound.n_samples
        before, after = (n, n) if sound.wraps or is_whole else (start, sound.n_samples - end)
        self.n_samples = n
        self.at_head = before < after
        self.overlap_samples = min(asked, n, max(before, after))
        self.limit: OverlapLimit | None = None
        if self.overlap_samples < asked:
            self.limit = OverlapLimit.LOOP if self.overlap_samples == n else OverlapLimit.MUSIC
        bridge = _bridge(sound, self.overlap_samples) if is_whole and not sound.wraps else None
        if bridge is not None:
            mixed, self.correlation = bridge, 1.0
            self.at_head, self.overlap_samples, self.limit = True, len(bridge), OverlapLimit.WHOLE
        else:
            out_at, in_at = (end, start) if self.at_head else (end - self.overlap_samples, start - self.overlap_samples)
            fading_out, fading_in = (read_round(sound, at, self.overlap_samples) for at in (out_at, in_at))
            mixed, self.correlation = crossfaded(fading_out, fading_in, sound.sample_rate)
        self.crossfade_at = 0 if self.at_head else n - self.overlap_samples
        self.crossfade = read_only(mixed)

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)`` of the baked loop, all of them within it: a new array."""
        if first < 0 or n_samples < 0 or first + n_samples > self.n_samples:
            raise ValueError(f"[{first}, {first + n_samples}) leaves the loop's {self.n_samples} samples")
        out = self.sound.read(self.region.loop_start + first, n_samples).copy()
        low = max(first, self.crossfade_at)
        high = min(first + n_samples, self.crossfade_at + self.overlap_samples)
        if low < high:
            out[low - first : high - first] = self.crossfade[low - self.crossfade_at : high - self.crossfade_at]
        return out


def bake(sound: Sound, region: LoopRegion, *, overlap_ms: float, gain: float = 1.0) -> BakedLoop:
    """Render a region's seam once, so that repeating the result loops without a step: see ``Seam``.

    Parameters
    ----------
    gain
        Linear, of the whole loop: what brings it to the loudness of others.

    Returns
    -------
    BakedLoop
        ``region.n_samples`` long, as loud as the sound times ``gain``: peaks above full scale are left to the limiter,
        which hears what they are mixed with. With a gain of 1, where both sides of the seam are the same samples (a
        whole clip) it equals the region exactly.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """
    seam = Seam(sound, region, overlap_ms=overlap_ms)
    samples = seam.read(0, seam.n_samples)
    if gain != 1.0:
        samples *= np.float32(gain)
    return BakedLoop(samples, sound.sample_rate, region, seam.overlap_samples, seam.correlation, seam.limit)


def fit_rate(loop: BakedLoop, sample_rate: int) -> BakedLoop:
    """Return the same loop for a device at ``sample_rate`` Hz: still periodic, its region in that rate's samples.

    Resampled by soxr as the periodic signal it is, by the ratio of the two lengths, so that the seam stays as it was;
    the length is rounded to a whole sample. A loop that has the rate already is returned as it is. About 1 ms for a
    second of stereo, whatever the length's factors are (by Fourier coefficients it can be 20).
    """
    if loop.sample_rate == sample_rate:
        return loop
    ratio = sample_rate / loop.sample_rate
    samples = fit_length(loop.samples, max(1, round(loop.n_samples * ratio)))
    region = loop.region.at_rate(loop.sample_rate, sample_rate)
    overlap_samples = round(loop.overlap_samples * ratio)
    return BakedLoop(samples, sample_rate, region, overlap_samples, loop.correlation, loop.limit)


def fit_length(samples: FloatArray, n_samples: int) -> FloatArray:
    """Return a loop's samples resampled to so many, still one whole period: its first sample stays the first.

    By soxr, as the periodic signal it is. float32, shape ``(n_samples, n_channels)``.
    """
    # Imported here: most loops never need it.
    import soxr

    n_before = len(samples)
    step = n_before / n_samples
    # The loop's end comes before its start: so much of it that the first sample falls on one of the new ones.
    leads = np.arange(_EDGE_SAMPLES, 4 * _EDGE_SAMPLES)
    firsts = leads / step
    at = int(np.argmin(np.abs(firsts - np.round(firsts))))
    first = round(float(firsts[at]))
    periodic = cyclic(samples, -int(leads[at]), int(leads[at]) + n_before + _EDGE_SAMPLES)
    # Between two samples the wave may have been above full scale: it stays so, until it is turned down to be written.
    fitted = soxr.resample(periodic, n_before, n_samples, quality="HQ")[first : first + n_samples]
    return np.array(fitted, dtype=np.float32)


class Readable(Protocol):
    """A readable is a sound, or a loop as its seam renders it."""

    @property
    def n_samples(self) -> int: ...

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, all within the sound."""
        ...


def read_round(source: Readable, first: int, n_samples: int) -> FloatArray:
    """Return ``n_samples`` of ``source`` from its sample ``first`` on, round its ends as often as it takes."""
    first %= source.n_samples
    if first + n_samples <= source.n_samples:
        return source.read(first, n_samples)
    pieces = []
    while n_samples > 0:
        pieces.append(source.read(first, min(n_samples, source.n_samples - first)))
        n_samples -= pieces[-1].shape[0]
        first = 0
    return np.concatenate(pieces)


@_UNTOLD
def crossfaded(fading_out: FloatArray, fading_in: FloatArray, sample_rate: int) -> tuple[FloatArray, float]:
    """Return two stretches of one shape crossfaded, and their correlation.

    Each channel by the gain law of its own likeness at every instant: the power that ``gain_law`` keeps on the whole is
    kept within ``EVEN_MS``, in each channel, so that the stereo image stands still too. A channel whose sides are the
    same samples stays as it is; elsewhere the mix is held below full scale, or below its sides' peak where they are
    beyond it.
    """
    # Any mix of a stretch with itself is itself: no rounding may be heard, or measured.
    mixed = fading_in.copy()
    unlike = np.flatnonzero((fading_out != fading_in).any(axis=0))
    if not unlike.size:
        return mixed, 1.0
    g_out, g_in = gain_law(0.0, len(fading_in))
    ceiling = max(1.0, float(np.abs(fading_out).max()), float(np.abs(fading_in).max()))
    for channel in unlike:
        side_out, side_in = fading_out[:, channel : channel + 1], fading_in[:, channel : channel + 1]
        one = (side_out * g_out + side_in * g_in) * _evening(side_out, side_in, sample_rate)
        soft_limit(one, ceiling)
        mixed[:, channel : channel + 1] = one
    return mixed, correlation(fading_out, fading_in)


@_UNTOLD
def crossfade_gains(
    fading_out: FloatArray, fading_in: FloatArray, sample_rate: int, *, mixed: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the gains at which ``crossfaded`` mixes its sides, whatever they are the sum of.

    Parameters
    ----------
    mixed
        What ``crossfaded`` made of them, where that is known already.

    Returns
    -------
    g_out, g_in
        float32, of the sides' shape: a channel whose sides are the same samples has 0 and 1.
    """
    out_gains, in_gains = np.zeros_like(fading_out), np.ones_like(fading_in)
    g_out, g_in = gain_law(0.0, len(fading_in))
    if mixed is None:
        mixed, _ = crossfaded(fading_out, fading_in, sample_rate)
    for channel in np.flatnonzero((fading_out != fading_in).any(axis=0)):
        side_out, side_in = fading_out[:, channel : channel + 1], fading_in[:, channel : channel + 1]
        evening = _evening(side_out, side_in, sample_rate)
        plain = (side_out * g_out + side_in * g_in) * evening
        # What holds the mix below full scale turns both sides down.
        held = np.divide(mixed[:, channel : channel + 1], plain, out=np.ones_like(plain), where=plain != 0.0)
        out_gains[:, channel : channel + 1] = g_out * evening * held
        in_gains[:, channel : channel + 1] = g_in * evening * held
    return out_gains, in_gains


@_UNTOLD
def _bridge(sound: Sound, most_samples: int) -> FloatArray | None:
    """Return the first samples of a whole sound with the step from its end spread over them; None without a step.

    At most ``most_samples`` long.
    """
    rate = sound.sample_rate
    near = min(max(4, ms_to_samples(_AROUND_BRIDGE_MS, rate)), sound.n_samples)
    n_bridge = min(ms_to_samples(BRIDGE_MS, rate), most_samples, sound.n_samples // 2)
    if n_bridge < 2:
        return None
    head, tail = sound.read(0, near), sound.read(sound.n_samples - near, near)
    steps = tail[-1] - head[0]
    own = np.maximum(np.abs(np.diff(head, axis=0)).max(axis=0), np.abs(np.diff(tail, axis=0)).max(axis=0))
    n_attack = min(ms_to_samples(_ATTACK_MS, rate), near)
    after, before = (np.sqrt(np.mean(np.square(side), axis=0)) for side in (head[:n_attack], tail[-n_attack:]))
    jumps = (np.abs(steps) > own) & (after < _ATTACK_RISE * before)
    if not jumps.any():
        return None
    angle = np.arange(n_bridge, dtype=np.float64) * (np.pi / n_bridge)
    falling = (0.5 + 0.5 * np.cos(angle)).astype(np.float32)[:, None]
    bridged: FloatArray = sound.read(0, n_bridge) + falling * np.where(jumps, steps, np.float32(0.0))
    soft_limit(bridged, max(1.0, float(np.abs(head).max()), float(np.abs(tail).max())))
    return bridged


def _evening(fading_out: FloatArray, fading_in: FloatArray, sample_rate: int) -> FloatArray:
    """Return the gains that even an equal-power crossfade of two stretches, ``(n_samples, 1)``; 1 at both ends.

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
    """Return each step's sum with those within ``EVEN_MS`` around it (less at the ends), the nearest weighing most."""
    weights = np.bartlett(_STEPS_WITHIN + 1)
    n_half = len(weights) // 2
    around: npt.NDArray[np.float64] = np.convolve(sums.astype(np.float64), weights)[n_half : n_half + len(sums)]
    return around
