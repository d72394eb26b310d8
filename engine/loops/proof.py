# SPDX-License-Identifier: GPL-3.0-or-later
"""A seam proof measures the seam of a rendered loop, its crossfade included."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.dsp.features import Listener, rises
from engine.dsp.rhythm import Rhythm
from engine.dsp.seam import Seam, read_round
from engine.units import ms_to_samples
from engine.values import FloatArray, LoopRegion, SeamProof

DoubleArray = npt.NDArray[np.float64]

ENERGY_MS = 20.0
"""Milliseconds over which energy is taken when a dip is looked for."""

_AROUND_MS = 60.0  # the music around a joint whose steps are its own
_ONSET_MS = 50.0  # an onset this near to the crossfade belongs to it
_QUIET_DB = -60.0  # re the sound's RMS: below, there is nothing to hear


def prove_seam(listener: Listener, rhythm: Rhythm | None, region: LoopRegion, overlap_ms: float) -> SeamProof:
    """Render the seam of ``region`` with a crossfade of ``overlap_ms`` and measure it.

    ``step`` and ``slope`` are the largest first and second differences across the joint and the crossfade's two ends,
    over the largest in the 60 ms around them. ``dip_db`` is told from the energy in 20 ms against that of the two
    stretches that were crossfaded, whichever is the lower at that instant. ``onset`` is what the seam adds: the
    spectral flux (``Frames.onset``) of the rendered loop less what the music has at either end anyway.
    """
    return proof_of(listener, Seam(listener.sound, region, overlap_ms=overlap_ms), beat_onsets(listener, rhythm))


def proof_of(listener: Listener, seam: Seam, beats: DoubleArray) -> SeamProof:
    """Measure a rendered seam, beside ``beat_onsets``; see ``prove_seam``."""
    step, slope = (_jump(seam, order, listener.rms) for order in (1, 2))
    added = _added_onset(listener, seam)
    usual = max(float(np.median(beats)), 1e-6)
    return SeamProof(
        step=step,
        slope=slope,
        dip_db=_dip_db(listener, seam),
        onset=added / usual,
        quieter_than=float(np.mean(beats > added)),
    )


def _jump(seam: Seam, order: int, rms: float) -> float:
    """Return the largest difference across the joint and the crossfade's ends, over the largest around them."""
    near = max(4, ms_to_samples(_AROUND_MS, seam.sound.sample_rate))
    worst = 0.0
    for at in {0, seam.crossfade_at, (seam.crossfade_at + seam.overlap_samples) % seam.n_samples}:
        around = np.ascontiguousarray(read_round(seam, at - near, 2 * near).T, dtype=np.float64)
        size = np.abs(np.diff(around, order)).max(axis=0)
        # Entry k lies between samples k and k + order: these reach over the joint.
        across = slice(near - order, near)
        own = max(float(size[: near - order].max()), float(size[near:].max()), rms * 10.0 ** (_QUIET_DB / 20.0))
        worst = max(worst, float(size[across].max()) / max(own, 1e-12))
    return worst


def _dip_db(listener: Listener, seam: Seam) -> float:
    """Return how far the energy falls below the lower of the two sides, dB."""
    n = max(2, ms_to_samples(ENERGY_MS, listener.sample_rate))
    if seam.overlap_samples == 0:
        return 0.0
    at = seam.crossfade_at
    length = seam.overlap_samples + 2 * n
    mixed = _energy(read_round(seam, at - n, length), n)
    # In the loop's time sample t of the music stands at t - loop_start, and again a loop's length later.
    first = seam.region.loop_start + (at if seam.at_head else at - seam.region.n_samples) - n
    sides = [listener.samples(first + shift, length) for shift in (0, seam.region.n_samples)]
    energies = [_energy(side, n) for side in sides if side is not None]
    if not energies:
        return 0.0
    floor = n * (listener.rms * 10.0 ** (_QUIET_DB / 20.0)) ** 2
    lower = np.minimum.reduce(energies)
    return max(0.0, float(10.0 * np.log10((lower + floor) / (mixed + floor)).max()))


def _energy(samples: FloatArray, n: int) -> DoubleArray:
    sums = np.concatenate([[0.0], np.cumsum(np.einsum("ij,ij->i", samples, samples), dtype=np.float64)])
    out: DoubleArray = sums[n:] - sums[:-n]
    return out


def _added_onset(listener: Listener, seam: Seam) -> float:
    """Return the flux of the rendered loop around its seam less the music's own, at least 0, dB per frame."""
    hop = listener.hop_length
    near = max(1, round(_ONSET_MS / 1000 * listener.sample_rate / hop))
    at = seam.crossfade_at if not seam.at_head else 0
    n_frames = 2 * near + 2 + seam.overlap_samples // hop
    margin = listener.margin_samples
    rendered = read_round(seam, at - near * hop - margin, n_frames * hop + 2 * margin)
    flux = rises(listener.mel_db_of(rendered, n_frames)).mean(axis=1)
    first = seam.region.loop_start + (at if seam.at_head else at - seam.region.n_samples) - near * hop
    own = [
        rises(listener.mel_db(place, n_frames)).mean(axis=1)
        for place in (first, first + seam.region.n_samples)
        if listener.wraps or 0 <= place <= listener.n_samples - n_frames * hop
    ]
    usual = np.max(own, axis=0) if own else np.zeros_like(flux)
    # The music's own onset may be a frame earlier or later in the mix.
    usual = np.maximum(usual, np.maximum(np.roll(usual, 1), np.roll(usual, -1)))
    return max(0.0, float((flux - usual).max()))


def beat_onsets(listener: Listener, rhythm: Rhythm | None) -> DoubleArray:
    """Return the onset strength at each beat of the sound; in free time, of each onset."""
    onset = listener.onset.astype(np.float64)
    strongest = np.maximum(onset, np.maximum(np.roll(onset, 1), np.roll(onset, -1)))
    if rhythm is not None:
        beats = np.arange(rhythm.first_downbeat % rhythm.beat_samples, listener.n_samples, rhythm.beat_samples)
        rows = np.round(beats / listener.hop_length).astype(int)
        rows = rows[rows < onset.size]
        if rows.size:
            at_beats: DoubleArray = strongest[rows]
            return at_beats
    peaks: DoubleArray = onset[(onset >= strongest) & (onset > onset.mean())]
    return peaks if peaks.size else onset[onset.argmax() :][:1]
