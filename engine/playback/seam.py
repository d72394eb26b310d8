# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam: how a loop region becomes a baked loop, and by which gains two stretches of sound are crossfaded."""

from __future__ import annotations

import numpy as np

from engine.units import ms_to_samples
from engine.values import BakedLoop, Clip, FloatArray, LoopRegion

KNEE = 0.98
"""Linear amplitude up to which ``soft_limit`` changes nothing."""

_HEADROOM = 1.0 - KNEE


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


def bake(clip: Clip, region: LoopRegion, *, overlap_ms: float) -> BakedLoop:
    """Render a region's seam once, so that repeating the result loops without a step.

    The crossfade mixes the clip's own material around the region's two ends and the loop keeps the region's length:
    what precedes ``loop_start`` fades in while what precedes ``loop_end`` fades out (the loop's last samples), or,
    where the clip has more to give after the region, what follows ``loop_end`` fades out while what follows
    ``loop_start`` fades in (the loop's first samples). Only a region with nothing on either side gives up length:
    its last samples are laid over its first ones.

    Parameters
    ----------
    overlap_ms
        Length of the crossfade, at least 0; shortened to the material there is and to the region's length.

    Returns
    -------
    BakedLoop
        ``region.n_samples`` long (but for the case above), within [-1, 1]. Where both sides of the seam are the same
        samples (a whole wrapping clip) it equals the region exactly.

    Raises
    ------
    ValueError
        The region ends after the clip, or the overlap is negative.
    """
    start, end, n = region.loop_start, region.loop_end, region.n_samples
    if end > clip.n_samples:
        raise ValueError(f"the region [{start}, {end}) ends after the clip's {clip.n_samples} samples")
    if overlap_ms < 0.0:
        raise ValueError(f"the overlap is {overlap_ms} ms")
    wanted = min(ms_to_samples(overlap_ms, clip.sample_rate), n)
    before, after = (n, n) if clip.wraps else (start, clip.n_samples - end)
    baked = clip.samples[start:end].copy()
    rho = 0.0
    if before == after == 0:
        overlap = min(wanted, n // 2)
        baked, rho = baked[: n - overlap], _cross(clip.samples[end - overlap : end], baked[:overlap])
    elif before >= after:
        overlap = min(wanted, before)
        rho = _cross(
            clip.samples[end - overlap : end], cyclic(clip.samples, start - overlap, overlap), into=baked[n - overlap :]
        )
    else:
        overlap = min(wanted, after)
        rho = _cross(cyclic(clip.samples, end, overlap), clip.samples[start : start + overlap], into=baked[:overlap])
    if max(baked.max(), -baked.min()) > 1.0:
        soft_limit(baked)
    return BakedLoop(baked, clip.sample_rate, region, overlap, rho)


def fit_rate(loop: BakedLoop, sample_rate: int) -> BakedLoop:
    """The same loop for a device that runs at ``sample_rate`` Hz: still periodic, its region in the new rate's samples.

    Resampled as the periodic signal it is (by Fourier coefficients), so the seam stays as it was; the length is
    rounded to a whole sample. A loop that has the rate already is returned as it is.
    """
    if loop.sample_rate == sample_rate:
        return loop
    # Imported here because it is slow to load and most loops never need it.
    from scipy.signal import resample

    ratio = sample_rate / loop.sample_rate
    n_samples = max(1, round(loop.n_samples * ratio))
    samples = np.asarray(resample(loop.samples, n_samples, axis=0), dtype=np.float32)
    if max(samples.max(), -samples.min()) > 1.0:
        soft_limit(samples)
    start = round(loop.region.loop_start * ratio)
    region = LoopRegion(start, start + max(1, round(loop.region.n_samples * ratio)))
    return BakedLoop(samples, sample_rate, region, round(loop.overlap_samples * ratio), loop.correlation)


def _cross(fading_out: FloatArray, fading_in: FloatArray, into: FloatArray | None = None) -> float:
    """Crossfade two stretches into ``into`` (by default ``fading_in``); returns their correlation."""
    into = fading_in if into is None else into
    if np.array_equal(fading_out, fading_in):
        # Any mix of a stretch with itself is itself: no rounding may be heard, or measured.
        into[:] = fading_in
        return 1.0
    rho = correlation(fading_out, fading_in)
    g_out, g_in = gain_law(rho, len(into))
    mixed = fading_out * g_out + fading_in * g_in
    soft_limit(mixed)
    into[:] = mixed
    return rho
