# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's report hears what it says: levels, colour, seams and likeness of signals that are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.composerreport import colour, levels, likeness, seams
from tests.benchmarks.composerreport.classifier import named_right
from tests.benchmarks.loopcases.cases import DoubleArray
from tests.builtpieces import FIVE, FOUR, HEARD_RATE, ONE, RATE, clicks, piece, sounded

# --- sound ------------------------------------------------------------------------------------------------------------


def noise(seconds: float = 6.0) -> DoubleArray:
    return 0.1 * np.random.default_rng(2).standard_normal((round(seconds * RATE), 2))


def test_width_of_known_signals() -> None:
    both = noise()
    middle, side = both[:, 0], both[:, 1]
    assert colour.colour(np.stack([middle, middle], axis=1), RATE).width_db == pytest.approx(-120.0)
    apart = colour.colour(np.stack([middle + 0.5 * side, middle - 0.5 * side], axis=1), RATE)
    assert apart.width_db == pytest.approx(-6.0, abs=0.2)
    assert apart.low_width_db == pytest.approx(-6.0, abs=1.0)
    assert colour.colour(both, RATE).width_db == pytest.approx(0.0, abs=0.2)


def test_levels_of_a_sine_with_an_offset() -> None:
    t = np.arange(5 * RATE) / RATE
    wave = np.repeat((0.5 * np.sin(2 * np.pi * 1000.0 * t) + 0.01)[:, None], 2, axis=1)
    found = levels.levels(wave, RATE)
    assert found.true_peak_db == pytest.approx(20 * np.log10(0.51), abs=0.1)
    assert found.crest_db == pytest.approx(3.2, abs=0.1)
    assert found.dc_db == pytest.approx(-40.0, abs=0.1)
    assert found.mono_loss_db == pytest.approx(0.0, abs=1e-6)
    assert found.micro_db == pytest.approx(0.0, abs=0.1)
    assert found.plr_db == found.true_peak_db - found.lufs


def test_loudness_that_moves_is_told_and_sides_are_lost_in_mono() -> None:
    wave = noise(8.0)
    wave[: wave.shape[0] // 2] *= 0.5
    assert levels.levels(wave, RATE).micro_db == pytest.approx(6.0, abs=0.6)
    assert levels.levels(wave, RATE).mono_loss_db == pytest.approx(3.0, abs=0.3)


def test_the_peak_between_two_samples_is_heard() -> None:
    wave = np.sin(np.pi / 2 * np.arange(4096) + np.pi / 4)[:, None]
    assert np.abs(wave).max() == pytest.approx(np.sqrt(0.5))
    assert levels.true_peak_db(wave) == pytest.approx(0.0, abs=0.1)


def test_third_octaves_of_pink_noise_are_level_and_a_fall_of_them_is_an_octave_off() -> None:
    white = np.fft.rfft(noise(20.0)[:, 0])
    hz = np.fft.rfftfreq(round(20.0 * RATE), 1.0 / RATE)
    pink = np.fft.irfft(white / np.sqrt(np.maximum(hz, 20.0)))
    thirds = np.array(colour.colour(np.stack([pink, pink], axis=1), RATE).thirds_db)
    assert thirds.shape == colour.THIRDS_HZ.shape
    assert np.ptp(thirds) < 2.0
    fallen = thirds - np.where(colour.THIRDS_HZ > 3000.0, 10.0, 0.0)
    assert np.abs(colour.octaves_off(fallen, thirds)).max() == pytest.approx(10.0)
    assert np.abs(colour.octaves_off(thirds - 5.0, thirds)).max() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.soak
def test_a_filter_that_opens_moves_timbre_and_a_wall_does_not() -> None:
    from scipy.signal import butter, lfilter

    wave = noise(10.0)[: 10 * HEARD_RATE, 0]
    dull = lfilter(*butter(2, 500.0, fs=HEARD_RATE), wave)
    opening = np.linspace(0.0, 1.0, wave.size)
    assert colour.timbre_motion(wave) < 0.8
    assert colour.timbre_motion(dull * (1 - opening) + wave * opening) > 2.0


@pytest.mark.soak
def test_brightness_onsets_and_drums_are_heard() -> None:
    tune = sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48]))
    drums = np.resize(clicks(120.0, 8.0), tune.size)
    assert colour.brightness_hz(tune) < colour.brightness_hz(drums)
    assert colour.onset_rate(clicks(120.0, 12.0)) == pytest.approx(2.0, abs=0.25)
    assert colour.percussion_db(tune + drums) > colour.percussion_db(tune) + 10.0


# --- seams, likeness, styles ------------------------------------------------------------------------------------------


def test_a_click_at_the_join_and_a_step_of_the_wave_are_told() -> None:
    n = 8 * RATE
    t = np.arange(n) / RATE
    wave = np.repeat(0.2 * np.sin(2 * np.pi * 110.0 * t)[:, None], 2, axis=1)
    for bar in range(4):
        wave[bar * n // 4 + 50 : bar * n // 4 + 450] += 0.1 * np.random.default_rng(3).standard_normal((400, 1))
    clean = seams.join(wave, RATE, 4)
    assert clean.onset == pytest.approx(1.0, abs=0.25)
    assert clean.step < 1.0
    wave[50:450] *= 6.0
    wave[-1] = -0.9
    faulty = seams.join(wave, RATE, 4)
    assert faulty.onset > 1.2
    assert faulty.step > 1.0


@pytest.mark.soak
def test_takes_are_alike_in_any_key_and_unlike_others() -> None:
    one = likeness.picture(sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48])))
    up = [tuple(midi + 3 for midi in chord) for chord in (ONE, FOUR, FIVE, ONE)]
    moved = likeness.picture(sounded(piece(up, [51, 56, 58, 51])))
    other = likeness.picture(clicks(97.0, 8.0))
    assert likeness.take_likeness(one, one) == pytest.approx(1.0)
    assert likeness.take_likeness(one, moved) > 0.85
    assert likeness.take_likeness(one, other) < 0.5


def test_a_motif_is_known_again_in_another_key_and_at_another_tempo() -> None:
    tune = [[60, 62, 64, 67, 65], [64, 62, 60, 59, 60]]
    one = piece([ONE, FIVE], [48, 43], tune)
    moved = piece([ONE, FIVE], [48, 43], [[midi + 5 for midi in bar] for bar in tune], bar_s=1.5)
    half = piece([ONE, FIVE], [48, 43], [tune[0], [72, 65, 71, 60, 70]])
    assert likeness.motif_likeness(one, moved) == 1.0
    assert 0.2 < likeness.motif_likeness(one, half) < 0.8
    assert likeness.motif_likeness(one, piece([ONE, FIVE], [48, 43], [[60, 67, 60, 67]] * 2)) < 0.2
    assert np.isnan(likeness.motif_likeness(one, piece([ONE], [48])))


def test_the_classifier_names_what_differs_and_guesses_what_does_not() -> None:
    rng = np.random.default_rng(7)
    names = [f"style {i}" for i in range(8)]
    centres = {name: rng.standard_normal(40) for name in names}
    clips = [(name, centres[name] + 0.2 * rng.standard_normal(40)) for _ in range(4) for name in names]
    assert all(named_right(clips[:16], clips[16:]))
    same = [(name, rng.standard_normal(40)) for name, _ in clips]
    assert sum(named_right(same[:16], same[16:])) < 8


@pytest.mark.soak
def test_what_the_classifier_hears_tells_a_tune_from_clicks_and_one_tempo_from_another() -> None:
    tune = colour.statistics(sounded(piece([ONE, FOUR, FIVE, ONE], [48, 53, 55, 48])))
    slow, again, fast = (colour.statistics(clicks(bpm, 16.0)) for bpm in (80.0, 81.0, 125.0))
    assert np.isfinite(tune).all()
    assert np.linalg.norm(slow - tune) > 4.0 * np.linalg.norm(slow - again)
    rhythm = slice(-48, None)
    assert np.linalg.norm((slow - fast)[rhythm]) > 2.0 * np.linalg.norm((slow - again)[rhythm])
