# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times playing: blocks mixed as in the audio process, the limiter, baking, a file against real time.

The costs of a hundred thousand blocks, drawn, are the playback report's: ``make bench-playback``.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engine.dsp.seam import bake
from engine.dsp.seam_excerpt import seam_excerpt
from engine.playback.file.offline import OfflinePlayer
from engine.playback.mix.limiter import Limiter
from engine.playback.mix.mixer import Mixer
from engine.playback.plan.transitions import plan_transition
from engine.session.rendering import BLOCK_SAMPLES
from engine.values import Clip, FloatArray, LoopRegion, TransitionWish
from engine.values.auditions import OneShot
from tests.benchmarks.playbackreport import blocks
from tests.benchmarks.rows import BenchRow

RATE = 44_100
REPEATS = 400
N_BLOCKS = 4000
# One loop, a takeover, four channels with effects, and the same with effects that sweep.
_BOUNDS_US = (100.0, 200.0, 1e3 * blocks.MEDIAN_GOAL_MS, 2e3 * blocks.MEDIAN_GOAL_MS)


def rows() -> list[BenchRow]:
    """The table's lines for playback."""
    return [*_mixing(), *_limiting(), *_baking(), *_auditions(), *_rendering()]


def _mixing() -> list[BenchRow]:
    out = np.zeros((blocks.BLOCK, 2), dtype=np.float32)
    loop = blocks.music(1)
    copied_us = 1e6 * _median_s(lambda: np.copyto(out, loop.samples[: blocks.BLOCK]))
    block_us = 1e6 * blocks.BLOCK / blocks.RATE
    costs = blocks.block_costs(N_BLOCKS)["series"]
    of = f"block of {blocks.BLOCK}"
    lines = [
        BenchRow(
            f"mix {series['name']}, {of}", 1e3 * float(np.median(series["costs_ms"])), "µs",
            "copying the block", copied_us, f"<= {bound_us:g} µs",
        )
        for series, bound_us in zip(costs, _BOUNDS_US, strict=True)
    ]  # fmt: skip
    worst_us = 1e3 * max(costs[-1]["costs_ms"])
    bound = f"<= {1e3 * blocks.WORST_GOAL_MS:g} µs, of 100 000 too"
    name = f"mix {costs[-1]['name']}, worst of {N_BLOCKS}"
    return [*lines, BenchRow(name, worst_us, "µs", "the block itself", block_us, bound)]


def _limiting() -> list[BenchRow]:
    """Measure music below its ceiling and 6 dB above it, beside JUCE's limiter, which has no look-ahead."""
    import pedalboard

    loud = blocks.music(2).samples[: 400 * blocks.BLOCK]
    peer = pedalboard.Limiter(threshold_db=-1.0)
    lines = []
    for words, gain, bound_us in (("nothing to limit", 0.25, 40.0), ("limiting", 2.0, 110.0)):
        samples = gain * loud
        limiter = Limiter(blocks.RATE, 2)
        own_us = _median_block_us(samples, limiter.process)
        peer_us = _median_block_us(samples, lambda block: peer.process(block.T, blocks.RATE, reset=False))
        lines.append(
            BenchRow(
                f"true-peak limiter, {words}", own_us, "µs", "pedalboard's limiter", peer_us, f"<= {bound_us:g} µs"
            )
        )
    return lines


def _baking() -> list[BenchRow]:
    generator = np.random.default_rng(1)
    clip = Clip((0.15 * generator.standard_normal((30 * RATE, 2))).astype(np.float32), RATE)
    region = LoopRegion(6 * RATE, 28 * RATE)
    baked_s = _median_s(lambda: bake(clip, region, overlap_ms=1000.0), repeats=9)
    read_s = _median_s(clip.samples[region.loop_start : region.loop_end].copy, repeats=9)
    return [
        BenchRow(
            "bake 22 s with a 1 s overlap", 1e3 * baked_s, "ms",
            "copying the region", 1e3 * read_s, "<= 33 ms, so that a slider is followed 30 times a second",
        )
    ]  # fmt: skip


def _auditions() -> list[BenchRow]:
    """Measure hearing a seam: what the engine thread renders for it, and what the callback mixes meanwhile."""
    generator = np.random.default_rng(2)
    clip = Clip((0.15 * generator.standard_normal((30 * RATE, 2))).astype(np.float32), RATE)
    region = LoopRegion(6 * RATE, 28 * RATE)

    def excerpt() -> FloatArray:
        return seam_excerpt(clip, region, overlap_ms=480.0, side_s=0.5, sample_rate=RATE)

    excerpt_s = _median_s(excerpt, repeats=9)
    baked_s = _median_s(lambda: bake(clip, region, overlap_ms=480.0), repeats=9)
    mixer, out = Mixer(blocks.RATE), np.zeros((blocks.BLOCK, 2), dtype=np.float32)
    mixer.play(1, blocks.music(4), fade_ms=10.0)
    alone_us = 1e6 * _median_s(lambda: mixer.render(out))
    mixer.play_audition(1, OneShot(excerpt(), blocks.RATE, times=32))
    beside_us = 1e6 * _median_s(lambda: mixer.render(out))
    return [
        BenchRow(
            "render a seam to be heard, 480 ms overlap", 1e3 * excerpt_s, "ms",
            "baking the loop of 22 s", 1e3 * baked_s, "<= 3 ms, and less than baking",
        ),
        BenchRow(
            f"mix one loop beneath an audition, block of {blocks.BLOCK}", beside_us, "µs",
            "mixing the loop alone", alone_us, "<= 200 µs",
        ),
    ]  # fmt: skip


def _rendering() -> list[BenchRow]:
    loop = blocks.music(3)
    seconds = 300
    began = time.perf_counter()
    player, block = OfflinePlayer(blocks.RATE), np.zeros((BLOCK_SAMPLES, 2), dtype=np.float32)
    player.play(0, loop)
    for loop_id in range(seconds // 30):
        plan = plan_transition(loop, None, loop, None, TransitionWish(overlap_ms=1000.0))
        player.take_over(loop_id + 1, loop, loop_id, plan)
        for _ in range(30 * blocks.RATE // BLOCK_SAMPLES):
            player.render(block)
    rendered_s = time.perf_counter() - began
    return [BenchRow("render 5 min of endless music", seconds / rendered_s, "x real time", "real time", 1.0, ">= 100")]


def _median_block_us(samples: FloatArray, work: Callable[[FloatArray], object]) -> float:
    """Return the median time of ``work`` on each block of ``samples`` in turn, which it may change, in µs."""
    times = []
    for start in range(0, len(samples), blocks.BLOCK):
        block = samples[start : start + blocks.BLOCK].copy()
        began = time.perf_counter()
        work(block)
        times.append(time.perf_counter() - began)
    return 1e6 * float(np.median(times))


def _median_s(work: Callable[[], object], *, repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return float(np.median(times))
