# SPDX-License-Identifier: GPL-3.0-or-later
"""A rendered file is what the live mixer plays: the same samples, from the music's first on."""

from __future__ import annotations

import numpy as np
import pytest

from engine.playback.commands import Began, TookOver
from engine.playback.file.offline import END_FADE_S, START_FADE_MS, OfflinePlayer, end_fade_samples
from engine.playback.mix.mixer import Mixer
from engine.playback.plan.transitions import plan_transition
from engine.values import FloatArray, PlaybackSnapshot, TransitionWish
from tests.engine.playback.material import RATE, loop_of, noise

WISH = TransitionWish(overlap_ms=100.0)


@pytest.mark.parametrize("block", [1000, 7777])
def test_what_is_written_is_what_the_live_mixer_plays(block: int) -> None:
    first, second = (loop_of(noise(20_000 + 3000 * i, seed=i)) for i in range(2))
    plan = plan_transition(first, None, second, None, WISH)
    player, live = OfflinePlayer(RATE), Mixer(RATE)
    told: list[object] = []
    snapshots: list[PlaybackSnapshot] = []
    player.received.connect(told.append)
    player.snapshot_taken.connect(snapshots.append)
    player.play(0, first)
    live.play(0, first, fade_ms=START_FADE_MS)
    player.take_over(1, second, 0, plan)
    live.take_over(1, second, 0, plan)
    out = np.zeros((block, 2), dtype=np.float32)
    parts: list[FloatArray] = [player.render(out).copy() for _ in range(150_000 // block)]
    written = np.concatenate(parts)
    again = np.zeros((len(written) + live.latency_samples, 2), dtype=np.float32)
    for at in range(0, len(again), block):
        live.render(again[at : at + block])
    # Live, the limiter's delay comes first.
    np.testing.assert_array_equal(written, again[live.latency_samples :])
    assert [type(one) for one in told] == [Began, TookOver]
    assert [one.endless.loop_id for one in (snapshots[0], snapshots[-1])] == [0, 1]


def test_it_is_told_where_the_music_is() -> None:
    player = OfflinePlayer(RATE)
    player.play(7, loop_of(noise(10_000)))
    player.render(np.zeros((25_000, 2), dtype=np.float32))
    assert player.last is not None
    assert (player.last.endless.loop_id, player.last.endless.turns, player.last.endless.position_samples) == (
        7,
        2,
        5_000,
    )


def test_the_last_fade_is_short_where_the_file_is() -> None:
    assert end_fade_samples(60 * RATE, RATE) == round(END_FADE_S * RATE)
    assert end_fade_samples(RATE, RATE) == RATE // 2
    assert end_fade_samples(1, RATE) == 1
