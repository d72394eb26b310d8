# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests master hand-made mixes and whole pieces: level, peaks, tone, width, and stems that sum to the mix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.generators.base import finished
from engine.generators.composer.filters import Blocks, frequencies_hz
from engine.generators.composer.master import Wish, loudness_lufs, master
from engine.generators.composer.mixdown import Mixed, mix
from engine.generators.composer.score import Score
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import styles
from engine.generators.composer.tone_balance import CENTRES_HZ, SUB_DB, band_levels_db, goal_db, kind_of
from engine.values import Clip, FloatArray
from tests.engine.generators.composer.pieces import score_of

RATE = 44100
WISH = Wish(goal_db("band"), SUB_DB["band"], is_glued=True)


def _bus(n_samples: int = 6 * RATE, seed: int = 3) -> FloatArray:
    """Return beats of pink noise and a deep tone, nearly mono."""
    rng = np.random.default_rng(seed)
    spectra = np.fft.rfft(rng.standard_normal((1, n_samples)) + 0.1 * rng.standard_normal((2, n_samples)))
    wave = np.fft.irfft(spectra / np.sqrt(10.0 + np.arange(spectra.shape[1])), n_samples)
    beat = RATE // 2
    wave *= 100.0 * np.exp(-(np.arange(n_samples) % beat) / (0.1 * RATE))
    turn = 2 * np.pi * np.arange(n_samples) / n_samples
    return (wave + 0.5 * np.sin(round(50 * n_samples / RATE) * turn)).astype(np.float32)


def _low_width_db(samples: FloatArray) -> float:
    middle, side = samples[:, 0] + samples[:, 1], samples[:, 0] - samples[:, 1]
    low = np.fft.rfftfreq(len(samples), 1 / RATE) < 120
    power = [np.square(np.abs(np.fft.rfft(one)[low])).sum() for one in (middle, side)]
    return float(10 * np.log10(max(1e-20, power[1]) / power[0]))


@pytest.fixture(scope="module")
def mastered() -> FloatArray:
    return master([_bus()], RATE, WISH)[0]


def test_level_and_peak(mastered: FloatArray) -> None:
    clip = Clip(np.ascontiguousarray(mastered.T), RATE, wraps=True)
    assert integrated_lufs(clip) == pytest.approx(-16.0, abs=0.2)
    assert loudness_lufs(mastered, RATE) == pytest.approx(-16.0, abs=0.2)
    assert true_peak_db(clip) <= -1.0


def test_tone_is_that_of_its_kind(mastered: FloatArray) -> None:
    power = Blocks(mastered).powers().sum(axis=0)
    hz = frequencies_hz(RATE)
    away = band_levels_db(power, hz) - WISH.goal_db
    heard = (CENTRES_HZ > 150) & (CENTRES_HZ < 16000)
    # The mix before it is up to 14 dB off.
    assert np.abs(away - np.median(away[heard]))[heard].max() < 5.5
    # The tone of 50 Hz, which was a large part of all, is held down.
    assert 10 * np.log10(power[hz < 60].sum() / power.sum()) < SUB_DB["band"] + 0.7


def test_width_without_a_loss_in_mono(mastered: FloatArray) -> None:
    middle, side = mastered[0] + mastered[1], mastered[0] - mastered[1]
    assert -7.0 < 10 * np.log10(np.square(side).mean() / np.square(middle).mean()) < -3.5
    assert _low_width_db(mastered.T) < -20.0
    both = np.stack([middle, middle]) * np.float32(0.5)
    assert loudness_lufs(mastered, RATE) - loudness_lufs(both, RATE) < 2.0


def test_the_wave_steps_over_the_seam_as_it_does_beside_it() -> None:
    bus = _bus()
    # A stroke that is at its steepest from the last sample to the first.
    bus[:, :400] += np.float32(2.0) * np.exp(-np.arange(400, dtype=np.float32) / 60.0)
    mastered = master([bus], RATE, WISH)[0]
    steps = np.abs(np.diff(mastered, axis=1, append=mastered[:, :1]))
    assert np.all(steps[:, -1] < np.percentile(steps, 99.9, axis=1))


def test_a_mono_mix_is_made_wide() -> None:
    bus = _bus()
    bus[1] = bus[0]
    out = master([bus], RATE, WISH)[0]
    middle, side = out[0] + out[1], out[0] - out[1]
    assert -8.0 < 10 * np.log10(np.square(side).mean() / np.square(middle).mean()) < -3.5
    assert _low_width_db(out.T) < -20.0


def test_a_turned_mix_is_a_turned_master(mastered: FloatArray) -> None:
    turned = master([np.roll(_bus(), 16 * 3000, axis=1)], RATE, WISH)[0]
    again = np.roll(turned, -16 * 3000, axis=1)
    assert np.square(again - mastered).mean() < 10 ** (-25 / 10) * np.square(mastered).mean()


def test_buses_sum_to_the_master_of_their_sum(mastered: FloatArray) -> None:
    bus = _bus()
    other = np.random.default_rng(9).standard_normal(bus.shape, dtype=np.float32) * 0.02
    parts = master([bus - other, other], RATE, WISH)
    assert len(parts) == 2
    assert np.abs(np.sum(parts, axis=0) - mastered).max() < 10 ** (-90 / 20)


def test_silence_stays_silent() -> None:
    assert not master([np.zeros((2, RATE), np.float32)], RATE, WISH)[0].any()


def test_kinds_of_styles() -> None:
    every = styles()
    assert kind_of(every["house"]) == kind_of(every["lofi"]) == kind_of(every["ambient"]) == "electronic"
    assert kind_of(every["rock"]) == kind_of(every["jazz"]) == kind_of(every["tango"]) == "band"
    assert kind_of(every["classical"]) == kind_of(every["cinematic"]) == "orchestra"
    own = replace(every["house"], mix=replace(every["house"].mix, tone="band"))
    assert kind_of(own) == "band"


def test_brighter_is_more_above_and_less_below() -> None:
    plain, bright, dark = (goal_db("electronic", bright=one) for one in (1.0, 2.0, 0.5))
    high, low = CENTRES_HZ > 3000, CENTRES_HZ < 400
    assert (bright - plain)[high].min() > 1.5
    assert (bright - plain)[low].max() < -1.0
    np.testing.assert_allclose(bright - plain, plain - dark, atol=1e-9)
    tilted = goal_db("electronic", tilt_db=-1.0)
    assert (tilted - plain)[CENTRES_HZ == 2000.0] == pytest.approx(-1.0)


def _mixed(score: Score, *, stems: bool = False) -> Mixed:
    heard: list[float] = []
    mixed = finished(mix(score, Streams(5), stems=stems), heard)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    return mixed


@pytest.mark.parametrize("prompt", ["lofi", "rock"])
def test_stems_sum_to_the_mix(prompt: str) -> None:
    score = score_of(prompt, 8.0)
    plain, split = _mixed(score), _mixed(score, stems=True)
    assert plain.stems == {}
    names = {part.instrument for part in score.parts} | {"drums"}
    assert names <= set(split.stems)
    assert all(stem.shape == split.samples.shape for stem in split.stems.values())
    total = np.sum(list(split.stems.values()), axis=0, dtype=np.float64)
    assert np.abs(total - split.samples).max() < 10 ** (-90 / 20)
    # Whether stems are asked for changes nothing in the mix.
    assert np.abs(plain.samples - split.samples).max() < 10 ** (-60 / 20)
    for name in names:
        assert np.abs(split.stems[name]).max() > 0.01, name


def test_equal_instruments_have_stems_of_their_own() -> None:
    score = score_of("house, no drums", 8.0)
    twice = replace(score, parts=(score.parts[0], score.parts[0]))
    name = score.parts[0].instrument
    assert list(_mixed(twice, stems=True).stems) == [name, f"{name} 2"]


@pytest.mark.soak
def test_a_part_rides_and_the_others_stay() -> None:
    score = score_of("house", 8.0)
    bars = score.plan.grid.bars
    held = next(i for i, part in enumerate(score.parts) if part.style.role in {"chords", "pad"})
    still = replace(score, parts=tuple(replace(part, level_db=(), openness=()) for part in score.parts),
                    drum_level_db=(), drum_openness=())  # fmt: skip
    moves = tuple(-24.0 if bar == bars - 1 else 0.0 for bar in range(bars))
    parts = tuple(replace(part, level_db=moves) if i == held else part for i, part in enumerate(still.parts))
    before, after = _mixed(still, stems=True).stems, _mixed(replace(still, parts=parts), stems=True).stems
    bar = score.plan.grid.bar_samples
    last = slice((bars - 1) * bar + bar // 3, bars * bar - bar // 3)

    def change_db(name: str) -> float:
        powers = [np.square(stems[name][last]).sum() + 1e-12 for stems in (after, before)]
        return float(10 * np.log10(powers[0] / powers[1]))

    assert change_db(score.parts[held].instrument) < -8.0
    assert abs(change_db("drums")) < 2.0


def test_drums_ride_and_open() -> None:
    score = score_of("techno", 8.0)
    bars = score.plan.grid.bars
    still = replace(score, parts=(), drum_level_db=(), drum_openness=())
    closed = replace(still, drum_openness=tuple(float(bar < bars // 2) for bar in range(bars)))
    plain, muffled = (_mixed(one).samples.mean(axis=1) for one in (still, closed))

    def high_db(wave: FloatArray, bar: int) -> float:
        n = score.plan.grid.bar_samples
        power = np.square(np.abs(np.fft.rfft(wave[bar * n + n // 3 : (bar + 1) * n - n // 3])))
        hz = np.fft.rfftfreq(2 * (power.size - 1), 1 / RATE)
        return float(10 * np.log10(power[hz > 4000].sum() / power.sum()))

    at = bars - 2
    assert high_db(muffled, at) < high_db(plain, at) - 8.0


def test_no_player_at_all_is_silence() -> None:
    score = score_of("lofi", 8.0)
    style = replace(score.plan.style, mix=replace(score.plan.style.mix, crackle=0.0, air=0.0))
    empty = replace(score, parts=(), hits=(), plan=replace(score.plan, style=style))
    assert not _mixed(empty).samples.any()
