# SPDX-License-Identifier: GPL-3.0-or-later
"""What playing costs: mixing against a bare copy, baking against one read of the clip, a file against real time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engine.dsp.seam import bake
from engine.playback.mixer import Mixer
from engine.playback.offline import render_endless
from engine.values import Clip, LoopRegion
from tests.benchmarks.rows import BenchRow

RATE = 44_100
BLOCK = 1024
REPEATS = 400


def rows() -> list[BenchRow]:
    """The table's lines for playback."""
    generator = np.random.default_rng(1)
    samples = (0.15 * generator.standard_normal((30 * RATE, 2))).astype(np.float32)
    clip = Clip(samples, RATE)
    region = LoopRegion(6 * RATE, 28 * RATE)
    loop = bake(clip, region, overlap_ms=1000.0)
    out = np.zeros((BLOCK, 2), dtype=np.float32)

    alone = Mixer(RATE)
    alone.play(1, loop, fade_ms=1.0)
    two = Mixer(RATE)
    two.play(1, loop, fade_ms=1.0)
    two.render(np.zeros((loop.n_samples - 1, 2), dtype=np.float32))
    # Both decks sound for the whole measurement.
    two.take_over(2, bake(clip, LoopRegion(5 * RATE, 27 * RATE), overlap_ms=10.0), overlap_ms=20_000.0)
    copied = _median_s(lambda: np.copyto(out, loop.samples[:BLOCK]))
    block_us = 1e6 * BLOCK / RATE
    baked_s = _median_s(lambda: bake(clip, region, overlap_ms=1000.0), repeats=9)
    read_s = _median_s(clip.samples[region.loop_start : region.loop_end].copy, repeats=9)
    total = 300 * RATE
    began = time.perf_counter()
    for _ in render_endless(
        lambda: loop,
        sample_rate=RATE,
        total_samples=total,
        min_play_samples=30 * RATE,
        overlap_ms=1000.0,
        write=lambda _: None,
    ):
        pass
    rendered_s = time.perf_counter() - began
    return [
        BenchRow(
            "mix one loop, block of 1024", 1e6 * _median_s(lambda: alone.render(out)), "µs",
            "copying the block", 1e6 * copied, f"≤ 1 % of its {block_us:.0f} µs",
        ),
        BenchRow(
            "mix a takeover, block of 1024", 1e6 * _median_s(lambda: two.render(out)), "µs",
            "copying the block", 1e6 * copied, f"≤ 2 % of its {block_us:.0f} µs",
        ),
        BenchRow(
            "bake 22 s with a 1 s overlap", 1e3 * baked_s, "ms",
            "copying the region", 1e3 * read_s, "≤ 33 ms, so that a slider is followed 30 times a second",
        ),
        BenchRow(
            "render 5 min of endless music", 300.0 / rendered_s, "× real time", "real time", 1.0, "≥ 100"
        ),
    ]  # fmt: skip


def _median_s(work: Callable[[], object], *, repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return float(np.median(times))
