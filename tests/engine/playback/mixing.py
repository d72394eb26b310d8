# SPDX-License-Identifier: GPL-3.0-or-later
"""This module scripts a mixer: commands at exact samples, and its output without its latency."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.playback.commands import Began, Event
from engine.playback.mix.channel import ChannelBlock
from engine.playback.mix.mixer import Mixer
from engine.units import ms_to_samples
from engine.values import ENDLESS, FloatArray, TransitionPlan
from tests.engine.playback.material import RATE, loop_of

Command = Callable[[Mixer], None]
Script = Sequence[tuple[int, Command]]


def rendered(script: Script, total: int, block: int, mixer: Mixer | None = None) -> FloatArray:
    """Return the first ``total`` samples mixed, in blocks of ``block``, with commands given at exact samples.

    Blocks are cut where commands come. What the limiter holds back is rendered too: afterwards the mixer has mixed
    ``latency_samples`` more.
    """
    mixer = mixer or Mixer(RATE)
    whole = total + mixer.latency_samples
    out = np.full((whole, mixer.n_channels), np.nan, dtype=np.float32)
    waiting = sorted(script, key=lambda item: item[0])
    done = 0
    while done < whole:
        while waiting and waiting[0][0] <= done:
            waiting.pop(0)[1](mixer)
        until = waiting[0][0] if waiting else whole
        n = min(block, whole - done, max(until - done, 1))
        mixer.render(out[done : done + n])
        done += n
    return out[mixer.latency_samples :]


def told(mixer: Mixer) -> list[tuple[int, Event]]:
    """Return the mixer's events, with the samples at which ``rendered`` has them."""
    return [(sample - mixer.latency_samples, event) for sample, event in mixer.events]


def changes(mixer: Mixer) -> list[tuple[int, Event]]:
    """Return the mixer's events but for beginnings."""
    return [(sample, event) for sample, event in told(mixer) if not isinstance(event, Began)]


def blocks_of(mixer: Mixer, channel: int = ENDLESS) -> list[tuple[int, ChannelBlock]]:
    """Return what the mixer's blocks tell of a channel, each with its first sample as ``rendered`` has it."""
    return [(block.first_sample - mixer.latency_samples, block.channels[channel]) for block in mixer.blocks]


def play(loop_id: int, samples: FloatArray, fade_ms: float = 5.0, position: int = 0) -> Command:
    return lambda mixer: mixer.play(loop_id, loop_of(samples), fade_ms=fade_ms, position=position)


def take_over(loop_id: int, samples: FloatArray, lead_id: int, plan: TransitionPlan) -> Command:
    return lambda mixer: mixer.take_over(loop_id, loop_of(samples), lead_id, plan)


def n_overlap(overlap_ms: float) -> int:
    return ms_to_samples(overlap_ms, RATE)


def blend(loop_id: int, samples: FloatArray, lead_id: int, overlap_ms: float, rho: float = 0.0) -> Command:
    """Return the command to blend at the leading loop's end, over so many milliseconds."""
    return take_over(loop_id, samples, lead_id, TransitionPlan(n_overlap(overlap_ms), correlations=(rho,)))


def skip(loop_id: int, samples: FloatArray, lead_id: int, overlap_ms: float) -> Command:
    """Return the command to blend now, over so many milliseconds."""
    return take_over(loop_id, samples, lead_id, TransitionPlan(n_overlap(overlap_ms), entries=(), correlations=()))
