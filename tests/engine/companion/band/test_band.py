# SPDX-License-Identifier: GPL-3.0-or-later
"""The band finds the beat, goes with the tempo, knows the round after it was heard twice, and stops with the player."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from engine.companion.band.band import Band, BandOrder, BandState
from engine.companion.band.simulated import Accompanied, accompanied
from engine.errors import OutOfRange
from engine.generators.base import GeneratorSettings
from engine.units import amplitude_to_db
from engine.values import Clip, FloatArray, Layer
from tests.engine.companion.band.players import RATE, Performance, perform
from tests.listening import find_faults

ORDER = BandOrder(style="pop", seed=2, sounds="synthesised")


def played(performance: Performance, order: BandOrder = ORDER) -> Accompanied:
    *_, last = accompanied(performance.clip, order, GeneratorSettings())
    assert isinstance(last, Accompanied)
    return last


@cache
def steady() -> tuple[Performance, Accompanied]:
    performance = perform(100.0, bars=16)
    return performance, played(performance)


def off_s(performance: Performance, band: Accompanied) -> FloatArray:
    """Return how far each beat of the band is from the player's, seconds."""
    beats = [one.time_s for one in band.beats if one.time_s < performance.beats_s[-1]]
    return np.array([np.abs(performance.beats_s - one).min() for one in beats])


def rms_db(samples: FloatArray, from_s: float, to_s: float) -> float:
    return amplitude_to_db(float(np.sqrt(np.mean(np.square(samples[round(from_s * RATE) : round(to_s * RATE)])))))


def test_it_is_in_time_with_a_steady_player() -> None:
    performance, band = steady()
    off = off_s(performance, band)
    assert len(off) > 40
    assert np.median(off) < 0.015
    assert np.quantile(off, 0.95) < 0.04
    assert band.n_late == 0


def test_it_goes_with_a_tempo_that_drifts() -> None:
    performance = perform(100.0, bars=16, drift=0.03)
    off = off_s(performance, played(performance))
    assert len(off) > 40
    assert np.median(off) < 0.06


def test_it_begins_with_a_bar_once_it_is_sure_and_never_before() -> None:
    performance, band = steady()
    first = band.beats[0].time_s
    number = int(np.abs(performance.beats_s - first).argmin())
    assert number % 4 == 0
    assert 8 <= number <= 20
    before = band.band[: round((first - 0.1) * RATE)]
    assert not before.any()
    assert rms_db(band.band, first, first + 2.0) > -50.0


def test_the_third_round_has_the_chords_of_the_first_two() -> None:
    performance, band = steady()
    third = [one for one in band.beats if performance.beats_s[33] < one.time_s < performance.beats_s[-1]]
    right = [performance.chords[int(np.abs(performance.beats_s - one.time_s).argmin())] == one.chord for one in third]
    assert len(right) >= 28
    assert np.mean(right) > 0.9


def test_a_change_of_the_round_is_followed_after_it_was_heard() -> None:
    performance = perform(104.0, bars=32, chords=" ".join(["Am F C G"] * 4 + ["Dm E Am E"] * 4))
    band = played(performance)
    last = [one for one in band.beats if performance.beats_s[-24] < one.time_s < performance.beats_s[-1]]
    right = [performance.chords[int(np.abs(performance.beats_s - one.time_s).argmin())] == one.chord for one in last]
    assert np.mean(right) > 0.8


def test_it_plays_as_loud_as_the_player_within_a_bar() -> None:
    soft, loud = 0.18, 1.0
    performance = perform(110.0, bars=20, level=lambda beat: loud if beat < 48 else soft)
    band = played(performance)
    change = float(performance.beats_s[48])
    before = rms_db(band.band, change - 4.0, change - 0.1)
    after = rms_db(band.band, change + 2.2, change + 6.0)
    assert before - after > 8.0


def test_it_ends_when_the_player_does_and_begins_again() -> None:
    one = perform(100.0, bars=8, after_s=8.0)
    samples = np.concatenate([one.clip.samples, one.clip.samples])
    band = played(Performance(Clip(samples, RATE), one.beats_s, one.chords))
    end_s = float(one.beats_s[-1])
    states = {round(time_s, 1): told.state for time_s, told in band.told}
    assert BandState.PLAYING in states.values()
    quiet = rms_db(band.band, end_s + 5.5, end_s + 7.5)
    assert quiet < -90.0
    second = one.clip.duration_s
    assert rms_db(band.band, second + 10.0, second + 14.0) > -50.0


def test_nothing_is_played_to_silence_and_noise() -> None:
    rng = np.random.default_rng(0)
    for samples in (np.zeros((10 * RATE, 2)), rng.normal(0.0, 0.05, (10 * RATE, 2))):
        band = played(Performance(Clip(samples.astype(np.float32), RATE), np.zeros(1), ()))
        assert not band.band.any()


def test_plans_follow_each_other_without_a_click() -> None:
    _, band = steady()
    assert find_faults(band.band, RATE) == []


def test_a_part_alone_is_what_is_heard_and_louder_is_louder() -> None:
    performance = perform(120.0, bars=10)
    bass = played(performance, BandOrder(style="pop", seed=2, sounds="synthesised", layer=Layer.named("bass")))
    spectrum = np.abs(np.fft.rfft(bass.band.mean(axis=1))) ** 2
    hz = np.fft.rfftfreq(len(bass.band), 1.0 / RATE)
    assert spectrum[hz < 400.0].sum() > 0.9 * spectrum.sum()
    loud = played(performance, BandOrder(style="pop", seed=2, sounds="synthesised", level_db=3.0))
    soft = played(performance, BandOrder(style="pop", seed=2, sounds="synthesised", level_db=-9.0))
    assert rms_db(loud.band, 8.0, 18.0) - rms_db(soft.band, 8.0, 18.0) == pytest.approx(12.0, abs=0.5)


def test_it_plays_at_the_studios_rate_alone() -> None:
    with pytest.raises(OutOfRange):
        Band(ORDER, GeneratorSettings(), 48_000)
