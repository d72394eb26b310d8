# SPDX-License-Identifier: GPL-3.0-or-later
"""This module cuts the parts of a sound as its loop is cut, so that they sum to the loop as they sum to the sound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.dsp.seam import Seam, crossfade_gains, read_round
from engine.values import BakedLoop, Clip, FloatArray, LoopRegion, OverlapLimit


def bake_parts(
    sound: Clip, parts: Mapping[str, Clip], region: LoopRegion, *, overlap_ms: float, gain: float = 1.0
) -> dict[str, BakedLoop]:
    """Return each part as a loop: with the seam that ``engine.dsp.seam.bake`` renders for their sum.

    The crossfade's gains, which depend on how alike its two sides are, are those of the sum.

    Parameters
    ----------
    parts
        By name, what ``sound`` is the sum of, each of its shape and rate.

    Raises
    ------
    ValueError
        The region ends after the sound, or the overlap is negative.
    """
    seam = Seam(sound, region, overlap_ms=overlap_ms)
    at, n = seam.crossfade_at, seam.overlap_samples
    if seam.limit is OverlapLimit.WHOLE:
        crossfades = _bridges(seam, parts)
    else:
        out_at = region.loop_end if seam.at_head else region.loop_end - n
        in_at = region.loop_start if seam.at_head else region.loop_start - n
        fading_out, fading_in = (read_round(sound, at, n) for at in (out_at, in_at))
        g_out, g_in = crossfade_gains(fading_out, fading_in, sound.sample_rate, mixed=seam.crossfade)
        crossfades = {
            name: read_round(part, out_at, n) * g_out + read_round(part, in_at, n) * g_in
            for name, part in parts.items()
        }
    loops = {}
    for name, part in parts.items():
        samples = part.read(region.loop_start, region.n_samples).copy()
        samples[at : at + n] = crossfades[name]
        samples *= np.float32(gain)
        loops[name] = BakedLoop(samples, sound.sample_rate, region, n, seam.correlation, seam.limit)
    return loops


def _bridges(seam: Seam, parts: Mapping[str, Clip]) -> dict[str, FloatArray]:
    """Return each part's share of the step that is spread over the first samples of a whole sound, by its own step."""
    sound, n = seam.sound, seam.overlap_samples

    def step_of(whole: Clip) -> FloatArray:
        step: FloatArray = whole.samples[-1] - whole.samples[0]
        return step

    added = seam.crossfade - sound.read(0, n)
    steps = sum(step_of(part).astype(np.float64) for part in parts.values())
    shares = np.divide(added, steps, out=np.zeros(added.shape), where=np.asarray(steps != 0.0))
    return {name: part.read(0, n) + (shares * step_of(part)).astype(np.float32) for name, part in parts.items()}
