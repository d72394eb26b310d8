# SPDX-License-Identifier: GPL-3.0-or-later
"""A pause stands still, crossfades and all, and goes on where it was."""

from __future__ import annotations

import numpy as np
import pytest

from engine.playback.commands import Began, Stopped, TookOver
from engine.playback.mix.mixer import STOP_FADE_MS, Mixer
from engine.values import FloatArray
from tests.engine.playback.material import RATE, largest_step, noise, tone
from tests.engine.playback.mixing import (
    Command,
    Script,
    blend,
    blocks_of,
    changes,
    n_overlap,
    play,
    rendered,
    skip,
    told,
)

FADE_MS = 20.0
FADE = n_overlap(FADE_MS)


def _pause(mixer: Mixer) -> None:
    mixer.pause(FADE_MS)


def _resume(mixer: Mixer) -> None:
    mixer.resume(FADE_MS)


def _paused(script: Script, at: int, n_still: int, total: int, mixer: Mixer | None = None) -> FloatArray:
    return rendered([*script, (at, _pause), (at + FADE + n_still, _resume)], total, 512, mixer)


@pytest.mark.parametrize("at", [4000, 7000])
def test_no_sample_is_skipped_or_repeated(at: int) -> None:
    # At 7000 it falls into a crossfade.
    script = [(0, play(1, noise(5000, seed=1))), (100, blend(2, noise(6000, seed=2), 1, 100.0))]
    mixer = Mixer(RATE)
    through, paused = rendered(script, 20_000, 512), _paused(script, at, 3000, 23_000, mixer)
    np.testing.assert_array_equal(paused[:at], through[:at])
    assert not paused[at + FADE : at + FADE + 3000].any()
    np.testing.assert_array_equal(paused[at + 2 * FADE + 3000 :], through[at + 2 * FADE :])
    # And the fades are over the music where it was.
    inside = paused[at : at + FADE] / np.where(through[at : at + FADE] == 0, 1, through[at : at + FADE])
    assert np.all(np.diff(inside[:, 0]) < 1e-3)
    later = 3000 if at + FADE < 5000 + 2205 else 0
    assert changes(mixer) == [(5000 + 2205 + later, TookOver(2))]


def test_blocks_tell_of_a_pause() -> None:
    mixer = Mixer(RATE)
    _paused([(0, play(1, noise(5000)))], 1000, 5000, 9000, mixer)
    moved = 0
    for at, block in blocks_of(mixer):
        assert (block.turns * 5000 + block.position) == moved
        moved += block.n_moved
        assert block.is_paused == (1000 <= at < 1000 + FADE + 5000)
    assert moved == 9000 + mixer.latency_samples - 5000


def test_a_pause_makes_no_step_wherever_it_is_turned_round() -> None:
    wave = tone(22_050, turns=110)
    script: list[tuple[int, Command]] = [(0, play(1, wave, 20.0))]
    for i in range(20):
        script += [(3000 + 700 * i, _pause), (3000 + 700 * i + 100 * (i % 7), _resume)]
    assert largest_step(rendered(script, 30_000, 512)) < 1.3 * largest_step(wave)


def test_pausing_twice_or_nothing_is_nothing_more() -> None:
    samples = noise(3000)
    mixer = Mixer(RATE)
    once = rendered([(0, play(1, samples)), (1000, _pause), (5000, _resume)], 9000, 64)
    twice = [(0, play(1, samples)), (1000, _pause), (1200, _pause), (4000, _pause), (5000, _resume), (7000, _resume)]
    np.testing.assert_array_equal(rendered(twice, 9000, 64), once)
    np.testing.assert_array_equal(
        rendered([(0, _pause), (10, _resume), (20, _pause), (100, play(1, samples))], 900, 64, mixer)[100:],
        rendered([(0, play(1, samples))], 800, 64),
    )


@pytest.mark.parametrize("wait", [100, 3000])
def test_what_begins_during_a_pause_is_heard_alone(wait: int) -> None:
    mixer = Mixer(RATE)
    old, new = tone(22_050, turns=110), noise(5000, seed=2, level=0.1)
    at = 4000 + wait
    out = rendered([(0, play(1, old)), (4000, _pause), (at, play(2, new, FADE_MS))], 20_000, 512, mixer)
    clear = max(at + FADE, 4000 + FADE)
    np.testing.assert_array_equal(out[clear:20_000], new[np.arange(clear - at, 20_000 - at) % 5000])
    assert told(mixer) == [(0, Began(1)), (at, Began(2))]
    assert largest_step(rendered([(0, play(1, old)), (4000, _pause), (at, play(2, old * 0, 20.0))], at + 2000, 512)) < (
        1.2 * largest_step(old)
    )


@pytest.mark.parametrize("wait", [100, 3000])
def test_a_stop_during_a_pause_ends_it(wait: int) -> None:
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [(0, play(1, noise(3000))), (4000, _pause), (4000 + wait, lambda m: m.stop())]
    out = rendered([*script, (9000, _resume)], 20_000, 512, mixer)
    assert not out[4000 + FADE :].any()
    stopped = 4000 + wait + (n_overlap(STOP_FADE_MS) if wait < FADE else 0)
    assert told(mixer) == [(0, Began(1)), (stopped, Stopped())]
    assert mixer.is_silent


def test_a_skip_during_a_pause_comes_when_it_goes_on() -> None:
    old, new = noise(5000, seed=1), noise(6000, seed=2)
    mixer = Mixer(RATE)
    script = [(0, play(1, old)), (2000, _pause), (4000, skip(2, new, 1, 30.0)), (8000, _resume)]
    out = rendered(script, 20_000, 512, mixer)
    assert not out[2000 + FADE : 8000].any()
    overlap = n_overlap(30.0)
    assert changes(mixer) == [(8000 + overlap // 2, TookOver(2))]
    np.testing.assert_array_equal(out[8000 + overlap : 14_000], new[overlap:])
