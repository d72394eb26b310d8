# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what a mix is made with: filters, gains that move, and widening; all of it in a circle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, freqz, sosfilt

from engine.generators.composer.automation import CORNERS_HZ, curve, opened
from engine.generators.composer.control import STEP_SAMPLES, drawn_out, n_points, peaks, powers
from engine.generators.composer.dynamics import compression, limiting, punch, true_peaks
from engine.generators.composer.effects import rain, reverb, wobble
from engine.generators.composer.filters import (
    N_BINS,
    Blocks,
    Response,
    cyclic_filter,
    k_weighting,
    limited,
    minimum_phase,
)
from engine.generators.composer.master import loudness_lufs
from engine.generators.composer.width import widen
from engine.values import FloatArray

RATE = 44100


def noise(n_samples: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((2, n_samples), dtype=np.float32)


def tone(hz: float, n_samples: int, phase: float = 0.0) -> FloatArray:
    """Return a tone of whole turns, on both sides."""
    turns = round(hz * n_samples / RATE)
    wave = np.sin(2 * np.pi * turns * np.arange(n_samples) / n_samples + phase)
    return np.stack([wave, wave]).astype(np.float32)


def db(wave: npt.NDArray[np.floating]) -> float:
    return float(10 * np.log10(np.mean(np.square(wave, dtype=np.float64)) + 1e-20))


@pytest.mark.parametrize("n_samples", [300, 5000, 40_000, 132_007])
def test_filters_are_in_the_steady_state_of_a_clip_that_repeats(n_samples: int) -> None:
    bus = noise(n_samples)
    sections = [butter(2, 3000, "low", fs=RATE, output="sos"), butter(2, 90, "high", fs=RATE, output="sos")]
    turned = sosfilt(np.concatenate(sections), np.tile(bus, (1, 30_000 // n_samples + 2)), axis=1)[:, -n_samples:]
    np.testing.assert_allclose(cyclic_filter(bus, RATE, low_pass_hz=3000, high_pass_hz=90), turned, atol=2e-6)
    np.testing.assert_allclose(Blocks(bus).through(np.ones(N_BINS)), bus, atol=2e-6)


def test_what_is_turned_before_a_filter_is_turned_after_it() -> None:
    bus = noise(100_003)
    turned = cyclic_filter(np.roll(bus, 31_234, axis=1), RATE, low_pass_hz=800)
    np.testing.assert_allclose(np.roll(cyclic_filter(bus, RATE, low_pass_hz=800), 31_234, axis=1), turned, atol=2e-6)


def test_minimum_phase_has_the_gains_asked_for_and_rings_after() -> None:
    gains_db = 6.0 * np.cos(np.linspace(0, 5, N_BINS))
    response = minimum_phase(gains_db)
    np.testing.assert_allclose(20 * np.log10(np.abs(response)), gains_db, atol=1e-6)
    impulse = np.fft.irfft(response)
    assert np.square(impulse[: impulse.size // 2]).sum() > 0.9999 * np.square(impulse).sum()


@pytest.mark.parametrize("n_samples", [STEP_SAMPLES * 100, STEP_SAMPLES * 100 + 5])
def test_control_points_are_drawn_out_in_a_circle(n_samples: int) -> None:
    points = np.random.default_rng(1).random(n_points(n_samples)).astype(np.float32)
    out = drawn_out(points, n_samples)
    assert out.size == n_samples
    np.testing.assert_allclose(out[::STEP_SAMPLES], points)
    # No step is longer than those of the steepest line; the last sample leads to the first.
    shortest = n_samples - STEP_SAMPLES * (points.size - 1)
    assert (
        np.abs(np.diff(out, append=out[:1])).max() <= np.abs(np.diff(points, append=points[:1])).max() / shortest + 1e-6
    )


@pytest.mark.parametrize("n_samples", [STEP_SAMPLES * 50, STEP_SAMPLES * 50 + 3])
def test_peaks_and_powers_of_steps(n_samples: int) -> None:
    bus = noise(n_samples)
    steps = [bus[:, first : first + STEP_SAMPLES] for first in range(0, n_samples, STEP_SAMPLES)]
    np.testing.assert_allclose(peaks(bus), [np.abs(step).max() for step in steps])
    np.testing.assert_allclose(powers(bus), [np.square(step).sum() for step in steps], rtol=1e-5)


def test_levels_ride_smoothly_from_bar_to_bar() -> None:
    values = (1.0, 1.0, 0.1, 0.5)
    n_samples = 4 * RATE
    moved = drawn_out(curve(values, n_samples), n_samples)
    middles = moved[RATE // 2 :: RATE]
    np.testing.assert_allclose(middles, values, atol=1e-4)
    # On a bar line it is half-way, also from the last to the first.
    np.testing.assert_allclose(moved[::RATE][[0, 2, 3]], [0.75, 0.55, 0.3], atol=1e-3)
    # No zipper: the steepest it gets is a cosine over half a bar.
    assert np.abs(np.diff(moved, append=moved[:1])).max() < 0.9 * np.pi / RATE * 1.01


def test_openness_is_a_low_pass_that_moves() -> None:
    n_samples = 4 * RATE
    bars = [slice(bar * RATE + RATE // 3, (bar + 1) * RATE - RATE // 3) for bar in range(4)]
    levels = {}
    for hz in (100.0, 1200.0, 8000.0):
        wave = tone(hz, n_samples)
        out = opened(wave, (0.0, 1 / 3, 1.0, 1.0), RATE)[0]
        levels[hz] = [db(out[:, bar]) - db(wave) for bar in bars]
    assert levels[100.0] == pytest.approx([0.0] * 4, abs=0.3)
    assert levels[1200.0][0] == pytest.approx(-40 * np.log10(1200 / CORNERS_HZ[0]), abs=1.0)
    assert -10 < levels[1200.0][1] < -3
    assert levels[8000.0][1] < -30
    for hz in (1200.0, 8000.0):
        assert levels[hz][2:] == pytest.approx([0.0, 0.0], abs=0.1)


def test_openness_between_two_filters_neither_dips_nor_jumps() -> None:
    wave = tone(900.0, 4 * RATE)
    out = opened(wave, (0.0, 0.5, 1.0, 0.5), RATE)[0]
    envelope = np.sqrt(np.convolve(np.square(np.tile(out[0], 2)), np.ones(490) / 490, "valid"))
    # From closed to open it rises all the way.
    rise = envelope[int(0.55 * RATE) : int(2.45 * RATE)]
    assert np.diff(rise[::490]).min() > -2e-3
    assert np.abs(np.diff(out[0], 2, append=out[0, :2])).max() < 1.05 * (2 * np.pi * 900 / RATE) ** 2


def test_all_open_costs_nothing() -> None:
    wave = noise(20_000)
    assert opened(wave, (), RATE)[0] is wave
    assert opened(wave, (1.0, 1.0), RATE)[0] is wave
    # What it tells of the energy is that of the open bus, whether it is open or not.
    np.testing.assert_allclose(opened(wave, (0.2, 1.0), RATE)[1], opened(wave, (), RATE)[1], rtol=1e-3)


def test_a_compressor_knows_what_the_end_left_to_the_start() -> None:
    bus = 0.01 * noise(2 * RATE)
    bus[:, -RATE // 4 :] *= 50.0
    gain = compression(powers(bus), RATE, over_db=-3.0, ratio=4.0, attack_s=0.005, release_s=0.2)
    assert gain[0] < 0.7
    assert gain[0] == pytest.approx(gain[-1], rel=0.05)
    assert gain[gain.size // 2] > 0.9


def test_punch_lifts_attacks() -> None:
    fall = np.exp(-np.arange(RATE // 2) / (0.08 * RATE))
    bus = (noise(RATE) * np.tile(fall, 2)).astype(np.float32)
    gain = punch(peaks(bus), RATE, 0.8)
    steps_per_s = RATE / STEP_SAMPLES
    assert gain[int(0.002 * steps_per_s)] > 1.2
    assert gain[int(0.1 * steps_per_s)] < 1.1
    # A tone without attacks stays as it is.
    np.testing.assert_allclose(punch(peaks(tone(2756.25, RATE)), RATE, 0.8), 1.0, atol=0.05)


def test_the_limiter_holds_what_is_between_the_samples() -> None:
    # At a quarter of the rate, the tops of this tone are 3 dB over its samples.
    bus = tone(RATE / 4, RATE, phase=np.pi / 4)
    bus[:, : RATE // 2] *= 0.1
    highest = true_peaks(bus, 0.5)
    assert highest.max() == pytest.approx(1.0, abs=0.02)
    gain = limiting(highest, RATE, -6.0)
    assert (gain * highest).max() <= 10 ** (-6 / 20) * 1.001
    # It has come down before the loud half begins, and leaves the soft one alone.
    assert gain[gain.size // 2] == pytest.approx(0.5, abs=0.02)
    assert gain[gain.size // 4] == 1.0
    # The same gain at every sample between the points.
    assert np.abs(bus * drawn_out(gain, bus.shape[1])).max() <= 10 ** (-6 / 20)


def test_widening_leaves_the_sum_alone() -> None:
    bus = noise(RATE)
    bus[1] = bus[0]
    wide, turned = bus.copy(), np.roll(bus, 777, axis=1)
    widen(wide, RATE, 0.7)
    widen(turned, RATE, 0.7)
    np.testing.assert_allclose(wide.sum(axis=0), bus.sum(axis=0), atol=1e-5)
    assert -8.0 < db(wide[0] - wide[1]) - db(wide[0] + wide[1]) < 0.0
    np.testing.assert_allclose(turned, np.roll(wide, 777, axis=1), atol=1e-6)


def test_tape_wobbles_in_a_circle() -> None:
    wave = tone(440.0, 4 * RATE)
    out = wobble(wave, RATE, 1.0)
    # The pitch moves, by some cents; the level stays, and there is no click at the seam.
    assert db(out - wave) > -40.0
    assert db(out) == pytest.approx(db(wave), abs=0.1)
    second = np.abs(np.diff(np.concatenate([out, out[:, :3]], axis=1), 2))
    assert second[:, -4:].max() < 1.3 * (2 * np.pi * 440 / RATE) ** 2


def test_rain_falls_in_a_circle_on_both_sides() -> None:
    out = rain(4 * RATE, RATE, 0.7, np.random.default_rng(1))
    more = rain(4 * RATE, RATE, 1.0, np.random.default_rng(1))
    assert -42.0 < db(out) < -36.0
    assert db(more) > db(out) + 2.0
    # No two seconds are alike, no side is the other's, and nothing lies at the seam.
    seconds = out.reshape(2, 4, RATE)
    assert abs(float(np.dot(seconds[0, 0], seconds[0, 1]))) < 0.05 * float(np.square(seconds[0, 0]).sum())
    assert abs(float(np.dot(out[0], out[1]))) < 0.2 * float(np.square(out[0]).sum())
    steps = np.abs(np.diff(out, axis=1))
    assert np.all(np.abs(out[:, 0] - out[:, -1]) < np.percentile(steps, 99.5, axis=1))
    # It is heard as drops, not as a hiss alone.
    assert np.abs(out).max() > 6.5 * out.std()
    power = np.square(np.abs(np.fft.rfft(out[0])))
    hz = np.fft.rfftfreq(out.shape[1], 1.0 / RATE)
    assert power[hz < 500].sum() < 0.05 * power.sum()


def test_loudness_of_a_tone() -> None:
    # BS.1770: 997 Hz at full scale on one side reads -3.01 LUFS.
    wave = tone(997.0, 5 * RATE)
    wave[1] = 0.0
    assert loudness_lufs(wave, RATE) == pytest.approx(-3.01, abs=0.03)
    assert np.isneginf(loudness_lufs(np.zeros((2, RATE), np.float32), RATE))


def test_the_weighting_is_the_standards() -> None:
    # BS.1770-4, tables 1 and 2, at 48 kHz.
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
    high_pass = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    turn = np.pi * np.arange(N_BINS) / (N_BINS - 1)
    standard = freqz(*shelf, turn)[1] * freqz(*high_pass, turn)[1]
    np.testing.assert_allclose(k_weighting(48_000), standard, atol=1e-9)


def test_blocks_meet_without_a_step() -> None:
    """A filter that rings for longer than a block reaches would leave a step where two blocks meet."""
    rate, n = 44_100, 130_000
    bus = np.sin(2.0 * np.pi * 41.0 * np.arange(n) / n * round(n / rate))[None].astype(np.float32)
    hz = np.fft.rfftfreq(2 * (N_BINS - 1), 1.0 / rate)
    steep = minimum_phase(np.where(hz < 45.0, -40.0, 0.0))

    def largest_step(response: Response) -> float:
        out = Blocks(bus).through(response)[0]
        bend = np.abs(np.diff(out, 2, append=out[:2], prepend=out[-1:]))
        return float(bend.max() / np.median(bend))

    assert largest_step(steep) > 50.0, "the test can fail"
    assert largest_step(limited(steep)) < 8.0


def test_a_room_answers_alike_wherever_it_is_struck() -> None:
    n, late = 120_000, 118_321  # in the last of three blocks, with a tail that wraps
    answers = []
    for at in (0, late):
        send = np.zeros((2, n), np.float32)
        send[:, at] = 1.0
        answers.append(reverb(send, 0.3, 4000.0, RATE, np.random.default_rng(5)))
    np.testing.assert_allclose(answers[1], np.roll(answers[0], late, axis=1), atol=1e-6)
    assert np.square(answers[0]).sum() == pytest.approx(2.0, rel=1e-3)
