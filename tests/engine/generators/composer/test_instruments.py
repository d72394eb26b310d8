# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests hear every synthesised instrument and drum by itself."""

from __future__ import annotations

import numpy as np
import pytest

from engine.generators.composer.drums import KITS, PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.synth import midi_hz
from engine.generators.composer.tone import Tone
from engine.values import FloatArray
from tests.sampling import some

RATE = 44_100
FORCES = (0.4, 0.65, 0.95)
N_FFT = 1 << 17


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def spectrum(wave: FloatArray) -> FloatArray:
    mono = wave if wave.ndim == 1 else wave.mean(axis=0)
    return np.abs(np.fft.rfft(mono[:N_FFT], N_FFT)).astype(np.float32)


def centroid_hz(wave: FloatArray) -> float:
    magnitude = spectrum(wave)
    return float((magnitude * np.fft.rfftfreq(N_FFT, 1 / RATE)).sum() / magnitude.sum())


def cents_off(wave: FloatArray, midi: int) -> float:
    """Return how far the strongest of the first partials lies from its place, in cents; vibrato is averaged out."""
    mono = np.asarray(wave if wave.ndim == 1 else wave.sum(axis=0), dtype=np.float64)[2000:]
    power = np.abs(np.fft.rfft(mono * np.hanning(mono.size), 1 << 18)) ** 2
    hz = np.fft.rfftfreq(1 << 18, 1 / RATE)
    found = []
    for k in range(1, 4):
        centre = k * midi_hz(midi)
        band = (hz > centre * 2 ** (-80 / 1200)) & (hz < centre * 2 ** (80 / 1200))
        mean_hz = float((hz[band] * power[band]).sum() / power[band].sum())
        found.append((power[band].sum(), 1200 * np.log2(mean_hz / centre)))
    return float(max(found)[1])


def assert_clean(wave: FloatArray) -> None:
    peak = np.abs(wave).max()
    assert wave.dtype == np.float32
    assert np.isfinite(wave).all()
    assert peak > 0.01
    # Short notes of low pitch are no whole number of cycles.
    assert np.abs(wave.mean(axis=-1)).max() < 0.012 * peak
    assert np.abs(wave[..., 0]).max() < 0.02 * peak
    assert np.abs(wave[..., -1]).max() < 0.01 * peak


@pytest.mark.parametrize("name", some(list(INSTRUMENTS), every=2))
def test_an_instrument_sounds_at_its_pitch_without_clicks(name: str) -> None:
    instrument = INSTRUMENTS[name]
    assert instrument.low < instrument.high
    for midi in (instrument.low, (instrument.low + instrument.high) // 2, instrument.high):
        wave = instrument.render(Tone(midi, 0.9, 0.65, 1.0, RATE), rng())
        assert_clean(wave)
        assert abs(cents_off(wave, midi)) < 10.0, midi


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_brighter_when_it_is_played_harder(name: str) -> None:
    instrument = INSTRUMENTS[name]
    midi = (instrument.low + instrument.high) // 2
    soft, middle, hard = (centroid_hz(instrument.render(Tone(midi, 0.6, force, 1.0, RATE), rng())) for force in FORCES)
    assert soft < middle < hard
    assert hard > 1.04 * soft


@pytest.mark.parametrize("name", [name for name, one in INSTRUMENTS.items() if not one.struck])
def test_a_held_note_lasts_as_long_as_it_is_held(name: str) -> None:
    render = INSTRUMENTS[name].render
    midi = (INSTRUMENTS[name].low + INSTRUMENTS[name].high) // 2
    short, long = (render(Tone(midi, gate_s, 0.7, 1.0, RATE), rng()) for gate_s in (0.3, 1.1))
    assert long.shape[-1] - short.shape[-1] == pytest.approx(0.8 * RATE, abs=2)
    for gate_s in (0.01, 0.05):
        assert_click_free(render(Tone(midi, gate_s, 0.7, 1.0, RATE), rng()))


def assert_click_free(wave: FloatArray) -> None:
    peak = np.abs(wave).max()
    assert np.isfinite(wave).all()
    assert np.abs(wave[..., -1]).max() < 0.02 * peak


@pytest.mark.parametrize("kit", ["acoustic", "909", "brush", "chip"])
@pytest.mark.parametrize("name", some(list(PIECES)))
def test_a_drum_is_clean_and_brighter_when_it_is_struck_harder(name: str, kit: str) -> None:
    strike = PIECES[name].render
    waves = [strike(KITS[kit], rng(), RATE, force) for force in FORCES]
    for wave in waves:
        assert wave.ndim == 1
        assert_clean(wave)
    soft, middle, hard = map(centroid_hz, waves)
    assert soft < middle < hard
    # Nothing said of the force is a usual stroke.
    np.testing.assert_array_equal(strike(KITS[kit], rng(), RATE), strike(KITS[kit], rng(), RATE, 0.8))


@pytest.mark.parametrize("name", ["hat", "open", "ride", "crash", "shaker", "tambourine", "triangle"])
def test_metal_reaches_the_top_of_the_spectrum(name: str) -> None:
    magnitude = spectrum(PIECES[name].render(KITS["acoustic"], rng(), RATE, 0.8))
    hz = np.fft.rfftfreq(N_FFT, 1 / RATE)
    power = magnitude**2
    top = power[(hz > 11_000) & (hz < 16_000)].sum()
    assert top > 0.02 * power.sum()


def test_accents_open_the_acid_bass_and_long_notes_slide() -> None:
    acid = INSTRUMENTS["acid bass"].render
    plain, accent = (centroid_hz(acid(Tone(36, 0.2, force, 1.0, RATE), rng())) for force in (0.6, 1.0))
    assert accent > 1.5 * plain
    start = slice(0, int(0.05 * RATE))
    slid, straight = (np.abs(np.fft.rfft(acid(Tone(48, s, 0.7, 1.0, RATE), rng())[start], N_FFT)) for s in (0.5, 0.2))
    assert np.argmax(slid[:600]) < np.argmax(straight[:600])


def test_the_two_takes_of_a_distorted_guitar_are_not_the_same() -> None:
    left, right = INSTRUMENTS["distorted guitar"].render(Tone(45, 1.0, 0.8, 1.0, RATE), rng())
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.9
    palm = INSTRUMENTS["distorted guitar"].render(Tone(45, 0.1, 0.8, 1.0, RATE), rng())
    assert centroid_hz(palm) < centroid_hz(np.stack([left, right])[:, : palm.shape[1]])
