# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what is asked of a diffusion model for a request, without any model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.dsp.mixdown import mix_down
from engine.errors import GeneratorMissing, ModelMissing, OutOfRange
from engine.generators.base import GeneratorSettings
from engine.generators.diffusion import AceStep, StableAudio, StableAudio3, StableAudioSmall
from engine.generators.diffusion.ace_painter import times
from engine.generators.diffusion.asked import Hole
from engine.generators.diffusion.plan import delivered, planned
from engine.generators.diffusion.third_painter import logsnr_of
from engine.values import Clip, ClipRequest, Repaint, Restyle

RATE = 44_100


def tone(seconds: float, rate: int = RATE, n_channels: int = 2) -> Clip:
    t = np.arange(round(seconds * rate)) / rate
    wave = 0.3 * np.sin(2.0 * np.pi * 220.0 * t).astype(np.float32)
    return Clip(np.repeat(wave[:, None], n_channels, axis=1), rate)


def asked(**fields: Any) -> ClipRequest:
    return ClipRequest(1, "calm", "acestep", fields.pop("model", ""), fields.pop("duration_s", 20.0), **fields)


@pytest.mark.parametrize(
    ("bars", "bpm", "metre", "kept_s", "made_s"),
    [
        (8, 120.0, None, 16.0, 16.0),
        (1, 120.0, None, 2.0, 10.0),
        (1, 90.0, "3/4", 2.0, 10.0),
        (3, 100.0, "6/8", 10.8, 10.8),
        (1, 70.0, None, 4 * 60.0 / 70.0, 3 * 4 * 60.0 / 70.0),
    ],
)
def test_bars_are_whole_and_short_ones_are_cut_of_longer_music(
    bars: int, bpm: float, metre: str | None, kept_s: float, made_s: float
) -> None:
    plan = planned(asked(bars=bars, bpm=bpm, metre=metre), AceStep())
    assert plan.n_kept == round(kept_s * 48_000)
    assert plan.n_samples == round(made_s * 48_000)
    assert (plan.bpm, plan.facts.bars, plan.first) == (bpm, bars, 0)


def test_bars_without_a_tempo_have_one_in_which_they_last_about_so_long() -> None:
    plan = planned(asked(bars=8, duration_s=16.0), AceStep())
    assert (plan.bpm, plan.beats) == (120.0, 4)
    assert planned(asked(bars=2, duration_s=60.0), AceStep()).bpm == 70.0
    assert planned(asked(bars=30, duration_s=5.0), AceStep()).bpm == 160.0
    plain = planned(asked(), AceStep())
    assert (plain.bpm, plain.beats, plain.facts.bars) == (None, None, None), "where nothing is asked, nothing is told"


def test_a_model_makes_no_longer_clip_than_it_can() -> None:
    assert planned(asked(duration_s=300.0, model="medium"), StableAudio3()).n_kept == 300 * RATE
    with pytest.raises(OutOfRange, match="120 s"):
        planned(asked(duration_s=300.0, model="small"), StableAudio3())
    with pytest.raises(OutOfRange, match="47 s"):
        planned(asked(repaint=Repaint(tone(60.0), 1.0, 2.0)), StableAudio())


def test_it_goes_on_from_whole_bars_at_the_end_of_a_clip() -> None:
    before = tone(20.0)
    plan = planned(asked(duration_s=8.0, bpm=100.0, continue_from=before), AceStep())
    assert plan.first == round(14.4 * 48_000), "six bars of 2.4 s are the most of 15 s"
    assert plan.hole == Hole(14.4, 22.4)
    assert plan.source is not None
    assert not plan.source[:, plan.first :].any()
    assert plan.source[:, : plan.first].any(axis=1).all()
    free = planned(asked(duration_s=40.0, continue_from=before), StableAudio())
    assert free.first == 7 * RATE, "as much as there is room for"
    with pytest.raises(OutOfRange, match="46 s where it goes on from a clip"):
        planned(asked(duration_s=46.5, continue_from=before), StableAudio())


def test_a_clip_of_any_rate_and_channels_is_heard_and_gets_its_part_back_in_them() -> None:
    for rate, n_channels in ((48_000, 1), (22_050, 2), (RATE, 6)):
        clip = tone(2.0, rate, n_channels)
        plan = planned(asked(repaint=Repaint(clip, 0.5, 1.0)), StableAudio3())
        assert plan.source is not None
        assert plan.source.shape == (2, 2 * RATE)
        back = delivered(plan, Clip(plan.source.T.copy() * 0.5, RATE))
        assert (back.sample_rate, back.n_samples, back.n_channels) == (rate, clip.n_samples, min(n_channels, 2))
        given = mix_down(clip.samples)
        assert np.abs(back.samples - given).max() < 0.01, "the same music at half the level is the same again"
        np.testing.assert_array_equal(back.samples[: rate // 2], given[: rate // 2])


def test_a_clip_that_wraps_still_does() -> None:
    clip = replace(tone(2.0), wraps=True)
    plan = planned(asked(repaint=Repaint(clip, 0.5, 1.0)), StableAudio3())
    assert plan.source is not None
    assert delivered(plan, Clip(plan.source.T.copy(), RATE)).wraps


def test_a_restyled_clip_is_as_long_as_it_is() -> None:
    plan = planned(asked(duration_s=20.0, restyle=Restyle(tone(3.0), 0.5)), AceStep())
    assert (plan.n_samples, plan.n_kept, plan.strength) == (3 * 48_000, 3 * 48_000, 0.5)
    assert planned(asked(duration_s=2.0, restyle=Restyle(tone(3.0), 0.5)), AceStep()).n_kept == 2 * 48_000
    new = planned(asked(duration_s=20.0, restyle=Restyle(tone(3.0), 1.0)), AceStep())
    assert (new.source, new.n_kept, new.n_samples) == (None, 3 * 48_000, 10 * 48_000)


def test_the_noise_of_a_strength_only_falls() -> None:
    for strength in (0.02, 0.1, 0.3, 0.5, 0.9, 0.99):
        first, last = logsnr_of(strength)
        sigmas = [1.0 / (1.0 + np.exp(last - strength * (1.0 - at / 8.0) * (last - first))) for at in range(9)]
        assert sigmas[0] == pytest.approx(strength)
        assert sigmas == sorted(sigmas, reverse=True)
    assert times(8, 3.0) == pytest.approx([1.0, 21 / 22, 0.9, 5 / 6, 0.75, 9 / 14, 0.5, 0.3])
    assert times(8, 3.0, 0.6) == pytest.approx([0.6, 0.5, 0.3])
    assert times(8, 3.0, 0.1) == [0.1]
    assert times(50, 1.0)[-1] == pytest.approx(0.02)


def test_what_lacks_its_libraries_says_how_they_come() -> None:
    class Lacking(AceStep):
        needs = ("torch_of_nobody",)

    with pytest.raises(GeneratorMissing, match="infiniloop models setup diffusion"):
        Lacking().check(GeneratorSettings())
    with pytest.raises(ModelMissing):
        AceStep().card_of("small")


@pytest.mark.parametrize("family", [AceStep(), StableAudio(), StableAudio3(), StableAudioSmall()])
def test_each_model_has_a_card_with_its_licence(family: AceStep) -> None:
    can = family.capabilities()
    assert [one.name for one in can.cards] == list(can.models)
    for one in can.cards:
        assert one.extra == "diffusion"
        assert one.size_bytes > 10**9
        assert all(each.extra == one.extra and each.licence and each.name not in can.models for each in one.needs)
        assert one.memory_bytes > 10**9
        assert one.repository.count("/") == 1
        assert one.licence
