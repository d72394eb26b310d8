# SPDX-License-Identifier: GPL-3.0-or-later
"""Endless music into a file: the same mixer and the same rule as live, as fast as the machine goes."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np

from engine.dsp.seam import correlation, cyclic, fit_rate
from engine.playback.mix.mixer import Mixer
from engine.units import ms_to_samples, seconds_to_samples
from engine.values import BakedLoop, FloatArray, TransitionPlan

START_FADE_MS = 20.0
END_FADE_S = 2.0
"""The music ends in a fade of this length, or of half the file if that is shorter."""
BLOCK_SAMPLES = 16_384


def plan_at_seam(lead: BakedLoop, coming: BakedLoop, overlap_ms: float) -> TransitionPlan:
    """A plain takeover at the leading loop's end, matched to what overlaps; both loops at one rate."""
    n_samples = max(1, ms_to_samples(overlap_ms, lead.sample_rate))
    sides = np.broadcast_arrays(cyclic(lead.samples, 0, n_samples), cyclic(coming.samples, 0, n_samples))
    return TransitionPlan(n_samples, correlations=(correlation(*sides),))


def render_endless(
    next_loop: Callable[[], BakedLoop],
    *,
    sample_rate: int,
    total_samples: int,
    min_play_samples: int,
    overlap_ms: float,
    write: Callable[[FloatArray], None],
    n_channels: int = 2,
    block_samples: int = BLOCK_SAMPLES,
) -> Generator[float, None, None]:
    """Play loops one into the next: each for at least ``min_play_samples``, then on to its next seam.

    Parameters
    ----------
    next_loop
        Called for the first loop and, once the one that plays has played long enough, for the next one, as long as
        there is time left to hear it. Its rate is fitted.
    total_samples
        Length of the music, which fades out at its end (``END_FADE_S``).
    write
        Takes each block, float32, shape ``(n_samples, n_channels)``; the array is used again after the call.

    Yields
    ------
    float
        Fraction done, in (0, 1]. Each yield is a cancel point: close the generator and nothing goes on.
    """
    mixer = Mixer(sample_rate, n_channels)
    block = np.zeros((block_samples, n_channels), dtype=np.float32)
    n_fade = max(1, min(seconds_to_samples(END_FADE_S, sample_rate), total_samples // 2))
    fade_from = total_samples - n_fade
    loop_id, loop = 0, fit_rate(next_loop(), sample_rate)
    mixer.play(loop_id, loop, fade_ms=START_FADE_MS)
    done, to_drop = 0, mixer.latency_samples
    n_mixed = total_samples + to_drop
    while done < n_mixed:
        now = mixer.snapshot()
        if now.loop_id == loop_id and now.played_samples >= min_play_samples and done < fade_from:
            lead, loop = loop, fit_rate(next_loop(), sample_rate)
            mixer.take_over(loop_id + 1, loop, loop_id, plan_at_seam(lead, loop, overlap_ms))
            loop_id += 1
        until = fade_from if done < fade_from else n_mixed
        if done == fade_from:
            mixer.stop(fade_ms=n_fade * 1000.0 / sample_rate)
        out = block[: min(block_samples, until - done)]
        mixer.render(out)
        done += len(out)
        # What the limiter holds back comes out at the end, so that the file begins with the music.
        n_dropped = min(to_drop, len(out))
        to_drop -= n_dropped
        if n_dropped < len(out):
            write(out[n_dropped:])
        yield done / n_mixed
