# SPDX-License-Identifier: GPL-3.0-or-later
"""Sines read right in their bands, pink noise reads flat, and the stereo image tells mono from wide and inverted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from engine.recording.live import LiveListener, LiveMeter
from engine.recording.spectrum import LONG_EVERY
from engine.tape import TapeWriter, tape_block
from engine.units import SILENCE_DB
from engine.values import FloatArray
from engine.values.live import BANDS, CURVE_HIGH_HZ, STEREO_SIDE, LiveReading, band_centre_hz, band_edges_hz

RATE = 44_100
NAMES = [name for _, name in BANDS]


def stereo(left: np.ndarray, right: np.ndarray) -> FloatArray:
    return np.stack([left, right], axis=1).astype(np.float32)


def sine(hz: float, rate: int, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2.0 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def reading_of(samples: FloatArray, rate: int = RATE) -> LiveReading:
    meter = LiveMeter(rate)
    meter.add(samples)
    return meter.read()


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_a_full_scale_sine_reads_right_in_every_band(rate: int) -> None:
    meter = LiveMeter(rate)
    for at, (place, name) in enumerate(BANDS):
        centre_hz = band_centre_hz(place)
        if centre_hz > 0.45 * rate:
            continue
        low_hz, high_hz = band_edges_hz(place)
        # In the middle, and some way off it: the lowest band is only four bins wide.
        off = 0.0 if centre_hz < 50.0 else 0.3
        for hz in (centre_hz, centre_hz - off * (centre_hz - low_hz), centre_hz + off * (high_hz - centre_hz)):
            tone = sine(hz, rate)
            meter.add(stereo(tone, tone))
            # The long window is looked at now and then only.
            reading = [meter.read() for _ in range(LONG_EVERY)][-1]
            assert reading.bands_db[at] == pytest.approx(0.0, abs=0.5), (name, hz)
            assert int(reading.bands_db.argmax()) == at
            assert hz > CURVE_HIGH_HZ or reading.curve_db.max() == pytest.approx(0.0, abs=3.0)


def test_bands_far_from_a_tone_are_silent_and_one_channel_is_half_the_power() -> None:
    tone = 0.5 * sine(1000.0, RATE)
    reading = reading_of(stereo(tone, 0.0 * tone))
    at = NAMES.index("1k")
    assert reading.bands_db[at] == pytest.approx(-6.02 - 3.01, abs=0.1)
    far = [db for i, db in enumerate(reading.bands_db) if abs(i - at) > 3]
    assert max(far) < -75.0


def test_bands_above_half_the_rate_are_silent() -> None:
    reading = reading_of(stereo(*np.random.default_rng(1).standard_normal((2, 22_050)) * 0.1), 22_050)
    assert reading.bands_db[NAMES.index("16k")] == SILENCE_DB
    assert reading.bands_db[NAMES.index("8k")] > -60.0


def test_pink_noise_reads_flat_and_the_average_is_begun_anew() -> None:
    n = 1 << 20
    rng = np.random.default_rng(3)
    spectrum = np.fft.rfft(rng.standard_normal((2, n)))
    spectrum[:, 1:] /= np.sqrt(np.arange(1, n // 2 + 1))
    spectrum[:, 0] = 0.0
    noise = np.fft.irfft(spectrum, n)
    samples = stereo(*(noise / np.abs(noise).max() * 0.5))
    meter = LiveMeter(RATE)
    for start in range(0, n, 4096):
        meter.add(samples[start : start + 4096])
        reading = meter.read()
    # The band at 20 kHz reaches over half the rate, and lacks that part.
    average = reading.average_db[:-1]
    assert np.abs(average - average.mean()).max() < 1.0
    meter.reset_average()
    meter.add(np.zeros_like(samples[: meter.n_window]))
    assert (meter.read().average_db == SILENCE_DB).all(), "silence is not averaged"


@pytest.mark.parametrize(
    ("left", "right", "correlation", "leaning"),
    [(1.0, 1.0, 1.0, 0.0), (1.0, -1.0, -1.0, 90.0), (1.0, 0.0, None, -45.0), (0.0, 1.0, None, 45.0)],
)
def test_the_stereo_image_leans_where_the_sound_is(
    left: float, right: float, correlation: float | None, leaning: float
) -> None:
    tone = 0.02 * sine(440.0, RATE, 0.2)
    reading = reading_of(stereo(left * tone, right * tone))
    assert reading.correlation == (None if correlation is None else pytest.approx(correlation))
    down, across = np.nonzero(reading.stereo)
    middle = (STEREO_SIDE - 1) / 2.0
    x, up = across - middle, middle - down
    # Quiet as it is, it is drawn to the edge of the diamond.
    assert (np.abs(x) + np.abs(up)).max() == pytest.approx(STEREO_SIDE / 2.0, abs=2.0)
    angle = np.degrees(np.arctan2(x[up != 0].sum(), 1.0)) if leaning == 90.0 else None
    if angle is None:
        assert np.allclose(x, np.tan(np.radians(leaning)) * up, atol=1.5)
    else:
        assert np.abs(up).max() <= 1.0


def test_unlike_channels_are_wide_and_silence_has_no_correlation() -> None:
    wide = reading_of(stereo(*np.random.default_rng(2).standard_normal((2, RATE)) * 0.1))
    assert wide.correlation == pytest.approx(0.0, abs=0.05)
    silent = reading_of(np.zeros((RATE, 2), dtype=np.float32))
    assert silent.correlation is None
    assert not silent.stereo.any()
    assert (silent.bands_db == SILENCE_DB).all()


def wait_for(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 10.0
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_the_listener_hears_the_tape_while_it_is_on() -> None:
    block = tape_block(RATE)
    writer, heard = TapeWriter(block), [0]
    listener = LiveListener(block, lambda: heard[0])
    tone = 0.5 * sine(1000.0, RATE, 3.0)
    writer.write(stereo(tone, tone))
    # A device is behind the tape: only what is heard is measured.
    heard[0] = 2 * RATE
    assert listener.latest is None
    listener.start()
    listener.start()
    at = NAMES.index("1k")
    wait_for(lambda: listener.latest is not None and abs(listener.latest.bands_db[at] + 6.02) < 0.2)
    # The tape stands: silence comes by itself.
    wait_for(lambda: listener.latest is not None and float(listener.latest.bands_db.max()) == SILENCE_DB)
    listener.stop()
    listener.stop()
    assert not listener.is_on
    assert not [one for one in threading.enumerate() if one.name == "live listener"]
