# SPDX-License-Identifier: GPL-3.0-or-later
"""A rendered file is what the live mixer plays: the same rule, the same samples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine.playback.file.offline import END_FADE_S, START_FADE_MS, plan_at_seam, render_endless
from engine.playback.mix.mixer import Mixer
from engine.units import ms_to_samples
from engine.values import BakedLoop, FloatArray
from tests.engine.playback.material import RATE, loop_of, noise, rms, tone


def _rendered(loops: list[BakedLoop], total: int, min_play: int, block: int = 4096) -> tuple[FloatArray, int]:
    parts: list[FloatArray] = []
    given: Iterator[BakedLoop] = iter(loops)
    fractions = list(
        render_endless(
            lambda: next(given),
            sample_rate=RATE,
            total_samples=total,
            min_play_samples=min_play,
            overlap_ms=100.0,
            write=lambda block: parts.append(block.copy()),
            block_samples=block,
        )
    )
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    return np.concatenate(parts), len(loops) - len(list(given))


@pytest.mark.parametrize("block", [1000, 7777])
def test_what_is_written_is_what_the_live_mixer_plays(block: int) -> None:
    loops = [loop_of(noise(20_000 + 3000 * i, seed=i)) for i in range(6)]
    total = 300_000
    out, used = _rendered(loops, total, 44_100, block)
    assert len(out) == total
    assert used >= 3
    # The live core, told at the same samples what the rule tells.
    live, first_sample, loop_id = Mixer(RATE), 0, 0
    live.play(0, loops[0], fade_ms=START_FADE_MS)
    again = np.zeros((total - round(END_FADE_S * RATE), 2), dtype=np.float32)
    while first_sample < len(again):
        snapshot = live.snapshot()
        if snapshot.loop_id == loop_id and snapshot.played_samples >= 44_100:
            plan = plan_at_seam(loops[loop_id], loops[loop_id + 1], 100.0)
            live.take_over(loop_id + 1, loops[loop_id + 1], loop_id, plan)
            loop_id += 1
        piece = again[first_sample : first_sample + block]
        live.render(piece)
        first_sample += len(piece)
    # Live, the limiter's delay comes first.
    late = live.latency_samples
    np.testing.assert_array_equal(out[: len(again) - late], again[late:])


def test_a_file_begins_and_ends_as_asked() -> None:
    steady = loop_of(np.full((1000, 2), 0.5, dtype=np.float32))
    for total in (1, 2, 100, 5000, 100_000):
        out, _ = _rendered([steady], total, 10**9, 777)
        assert len(out) == total
        assert out[0].all() or total == 1
        assert not out[-1].any()
    start = ms_to_samples(START_FADE_MS, RATE)
    np.testing.assert_array_equal(out[start : total // 2], np.float32(0.5))


def test_each_loop_plays_its_minimum_then_on_to_its_seam() -> None:
    first, second = noise(10_000, seed=1), noise(9000, seed=2)
    out, used = _rendered([loop_of(first), loop_of(second), loop_of(first)], 200_000, 44_100, 512)
    assert used >= 2
    start = ms_to_samples(START_FADE_MS, RATE)
    np.testing.assert_array_equal(out[start:50_000], first[np.arange(start, 50_000) % 10_000])
    overlap = ms_to_samples(100.0, RATE)
    np.testing.assert_array_equal(out[50_000 + overlap : 59_000], second[overlap:])


def test_the_end_fades_out() -> None:
    out, used = _rendered([loop_of(noise(30_000))], 200_000, 10**9)
    assert used == 1
    assert rms(out[-100:]) < 0.01 * rms(out[:100_000])
    assert rms(out[-60_000:-44_100]) > 0.5 * rms(out[:100_000])


def test_loops_at_another_rate_are_fitted_and_a_short_file_is_whole() -> None:
    loop = loop_of(tone(32_000, turns=440), sample_rate=32_000)
    out, _ = _rendered([loop], 30_000, 10**9)
    np.testing.assert_allclose(out[2000:15_000], tone(44_100, turns=440)[2000:15_000], atol=1e-4)


def test_closing_it_stops_everything() -> None:
    written: list[int] = []
    steps = render_endless(
        lambda: loop_of(noise(1000)),
        sample_rate=RATE,
        total_samples=10**9,
        min_play_samples=10**8,
        overlap_ms=1.0,
        write=lambda block: written.append(len(block)),
    )
    next(steps)
    steps.close()
    assert len(written) == 1
