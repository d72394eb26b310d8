# SPDX-License-Identifier: GPL-3.0-or-later
"""The delay's echoes lie on the beat, ring out whatever happens to what was sent, and change their time smoothly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.playback.mix.delay import HEAD_SEGMENTS, LONGEST_S, Delay, Echoes
from engine.playback.mix.filters import CONTROL_SAMPLES
from engine.values import FloatArray
from tests.engine.playback.material import RATE, largest_step, noise, rms, tone


def moved(delay: Delay, samples: FloatArray, echoes: Callable[[int], Echoes]) -> FloatArray:
    out = samples.copy()
    for at in range(0, len(samples), CONTROL_SAMPLES):
        delay.begin_segment(echoes(at))
        delay.process(out[at : at + CONTROL_SAMPLES], 0)
    return out


def click(n_samples: int, at: int = 100) -> FloatArray:
    samples = np.zeros((n_samples, 2), dtype=np.float32)
    samples[at] = 0.5
    return samples


@pytest.mark.parametrize("n", [1, 37, 5000, 44_101])
def test_echoes_come_again_and_again_at_their_level(n: int) -> None:
    delay, out = Delay(RATE, 2), click(200_000)
    delay.jump(Echoes(0.6, 0.5, n))
    delay.process(out, 0)
    np.testing.assert_allclose(out[100 : 100 + 4 * n + 1 : n, 0], [0.5, 0.3, 0.15, 0.075, 0.0375], rtol=1e-6)
    if n > 37:
        assert np.count_nonzero(out[: 100 + 4 * n + 1, 0]) == 5


def test_what_was_sent_rings_to_its_end_and_no_longer() -> None:
    delay = Delay(RATE, 2)
    echoes = Echoes(1.0, 0.6, 4000)
    moved(delay, noise(40 * CONTROL_SAMPLES), lambda _: echoes)
    silence = np.zeros((10 * RATE, 2), dtype=np.float32)
    tail = moved(delay, silence, lambda _: echoes._replace(level=0.0))
    assert rms(tail[4000:8000]) == pytest.approx(0.6 * rms(tail[:4000]), rel=0.1)
    assert delay.is_empty
    assert not tail[-RATE:].any()
    # Opened again, nothing of it is left.
    assert rms(moved(delay, silence, lambda _: echoes)) < 1e-6


@pytest.mark.parametrize(("before", "after"), [(5000, 7000), (7000, 300), (20_000, 20_001)])
def test_another_time_comes_in_by_a_crossfade_at_the_same_pitch(before: int, after: int) -> None:
    wave, n = tone(2 * RATE, turns=880, level=0.2), 2 * RATE
    delay = Delay(RATE, 2)
    out = moved(delay, wave, lambda at: Echoes(1.0, 0.0, before if at < n // 2 else after)) - wave
    assert largest_step(out[before + 500 :]) < 1.2 * largest_step(wave)
    changed = -(-n // 2 // CONTROL_SAMPLES) * CONTROL_SAMPLES
    done = changed + HEAD_SEGMENTS * CONTROL_SAMPLES
    np.testing.assert_allclose(out[before + 300 : changed], wave[300 : changed - before], atol=1e-6)
    np.testing.assert_allclose(out[done:], wave[done - after : n - after], atol=1e-6)


def test_a_level_moves_without_a_step() -> None:
    wave = tone(RATE, turns=440, level=0.2)
    out = moved(Delay(RATE, 2), wave, lambda at: Echoes(float(at // 4000 % 2), 0.5, 2000))
    assert largest_step(out) < 4.0 * largest_step(wave)
    assert largest_step(out - wave) < 4.0 * largest_step(wave)


def test_a_time_that_is_too_long_is_halved() -> None:
    delay, out = Delay(RATE, 2), click(6 * RATE)
    delay.jump(Echoes(1.0, 0.0, round(1.25 * LONGEST_S * RATE)))
    delay.process(out, 0)
    assert np.flatnonzero(out[:, 0])[1] == 100 + round(1.25 * LONGEST_S * RATE) // 2
