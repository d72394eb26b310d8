# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters are the resonant ones they say they are, and move without a step, from anywhere to anywhere."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, sosfilt

from engine.playback.mix.filters import (
    CONTROL_SAMPLES,
    OPEN,
    Corners,
    Filters,
    corners_of,
    kernel,
    quality,
    sosfilt_in_place,
)
from engine.units import amplitude_to_db
from engine.values import Effects, FloatArray
from tests.engine.playback.material import RATE, largest_step, noise, rms, tone


def still(samples: FloatArray, corners: Corners) -> FloatArray:
    filters, out = Filters(RATE, samples.shape[1]), samples.copy()
    filters.jump(corners)
    filters.process(out, 0)
    return out


def swept(samples: FloatArray, corners: list[Corners]) -> FloatArray:
    """Return the samples with these corners reached one after the other, segment by segment."""
    filters, out = Filters(RATE, samples.shape[1]), samples.copy()
    filters.jump(corners[0])
    for number, at in enumerate(range(0, len(samples), CONTROL_SAMPLES)):
        filters.begin_segment(corners[number % len(corners)])
        filters.process(out[at : at + CONTROL_SAMPLES], 0)
    return out


@pytest.mark.parametrize("hz", [30.0, 1000.0, 15_000.0])
def test_without_resonance_the_low_pass_is_butterworths(hz: float) -> None:
    hiss = noise(8000)
    expected = sosfilt(butter(2, hz, fs=RATE, output="sos"), hiss.astype(np.float64), axis=0)
    np.testing.assert_allclose(still(hiss, Corners(OPEN.highpass_hz, hz)), expected, atol=1e-6)
    expected = sosfilt(butter(1, hz, "highpass", fs=RATE, output="sos"), hiss.astype(np.float64), axis=0)
    np.testing.assert_allclose(still(hiss, Corners(hz, OPEN.lowpass_hz)), expected, atol=1e-6)


@pytest.mark.parametrize("resonance", [0.0, 0.5, 1.0])
def test_resonance_is_how_loud_the_corner_is(resonance: float) -> None:
    wave = tone(RATE, turns=700, level=0.05)
    at_corner = rms(still(wave, Corners(OPEN.highpass_hz, 700.0, resonance))[RATE // 2 :]) / rms(wave)
    assert at_corner == pytest.approx(quality(resonance), rel=0.01)
    low = tone(RATE, turns=20)
    assert rms(still(low, Corners(OPEN.highpass_hz, 700.0, resonance))[RATE // 2 :]) == pytest.approx(
        rms(low), rel=0.01
    )


def test_the_loop_that_is_used_is_the_one_that_scipy_offers() -> None:
    assert kernel() is not sosfilt_in_place, "slower, and loads for a second"
    sos = butter(2, 500.0, fs=RATE, output="sos")
    results: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]] = []
    for run in (kernel(), sosfilt_in_place):
        samples, memory = np.ascontiguousarray(noise(900).T, dtype=np.float64), np.ones((2, 1, 2))
        run(sos, samples, memory)
        results.append((samples, memory))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


def test_a_low_pass_at_the_top_is_off_to_the_bit() -> None:
    corners = corners_of(Effects(lowpass_hz=20_000.0, resonance=0.8))
    filters = Filters(RATE, 2)
    filters.jump(corners)
    assert filters.is_open
    assert corners_of(Effects(lowpass_hz=19_000.0)).lowpass_hz != OPEN.lowpass_hz
    # On its way there, and then there.
    hiss = noise(20 * CONTROL_SAMPLES)
    out = swept(hiss, [Corners(OPEN.highpass_hz, 3000.0, 0.8)] * 5 + [corners] * 15)
    np.testing.assert_array_equal(out[6 * CONTROL_SAMPLES :], hiss[6 * CONTROL_SAMPLES :])


def test_silence_comes_out_as_silence() -> None:
    filters, out = Filters(RATE, 2), np.zeros((4000, 2), dtype=np.float32)
    filters.jump(Corners(100.0, 2000.0, 0.5))
    filters.process(out, 0)
    assert not out.any()


@pytest.mark.parametrize("resonance", [0.0, 0.9])
@pytest.mark.parametrize("hz", [55, 880])
def test_a_fast_sweep_over_the_whole_range_has_no_step(hz: int, resonance: float) -> None:
    """Four octaves in a tenth of a second, up and down: beside what the sweep itself makes there is no grain."""
    wave = tone(RATE, turns=hz, level=0.1)
    n = RATE // CONTROL_SAMPLES + 1
    at = np.arange(n) * CONTROL_SAMPLES / RATE
    courses = 600.0 * 4.0 ** np.cos(2.0 * np.pi * 5.0 * at)
    out = swept(wave, [Corners(OPEN.highpass_hz, float(one), resonance) for one in courses])[2000:]
    assert largest_step(out) < 1.1 * 2.0 * np.pi * hz / RATE * max(0.1, float(np.abs(out).max()))
    # Grain would lie at multiples of the segments' rate, far above the tone and the sweep.
    spectrum = np.abs(np.fft.rfft(out[:40_000, 0] * np.blackman(40_000)))
    above = spectrum[round((hz + 2500) * 40_000 / RATE) :]
    assert amplitude_to_db(float(above.max() / spectrum.max())) < -80.0


@pytest.mark.parametrize("hz", [110, 440])
def test_a_wah_that_falls_shut_leaves_nothing_above_the_tone(hz: int) -> None:
    """Three octaves within 30 ms, at each beat: no corner of the waveform stands out where it has become dull."""
    wave = tone(RATE, turns=hz, level=0.5)
    beat = 22_000 // CONTROL_SAMPLES
    courses = [
        5500.0 * 2.0 ** -min(3.0, 0.6 * max(0, n % beat - beat // 2)) for n in range(RATE // CONTROL_SAMPLES + 1)
    ]
    out = swept(wave, [Corners(OPEN.highpass_hz, one) for one in courses])
    above = sosfilt(butter(8, 8000.0, "highpass", fs=RATE, output="sos"), out[:, 0])
    assert amplitude_to_db(float(np.abs(above[2000:]).max())) < -95.0


def test_a_filter_that_comes_in_at_once_makes_no_thump() -> None:
    """From open to a corner deep below within one segment: nothing is louder than the music was."""
    wave = tone(RATE, turns=440)
    for corners in (Corners(OPEN.highpass_hz, 40.0, 1.0), Corners(5000.0, OPEN.lowpass_hz), Corners(60.0, 90.0, 0.7)):
        out = swept(wave, [OPEN] * 10 + [corners] * 163)
        assert np.abs(out).max() < 1.05 * np.abs(wave).max()
        assert largest_step(out) < 1.1 * largest_step(wave)


@pytest.mark.parametrize("corners", [Corners(30.0, 400.0), Corners(OPEN.highpass_hz, 60.0, 1.0)])
def test_the_filters_tail_is_as_long_as_they_say(corners: Corners) -> None:
    filters, out = Filters(RATE, 2), np.concatenate([noise(RATE), np.zeros((4 * RATE, 2), dtype=np.float32)])
    filters.jump(corners)
    n_tail = filters.tail_samples
    filters.process(out, 0)
    loud = rms(out[RATE // 2 : RATE])
    assert rms(out[RATE + n_tail :]) < 2e-6 * loud
    assert rms(out[RATE + n_tail // 4 :][: RATE // 20]) > 1e-6 * loud
    assert math.isfinite(loud)
