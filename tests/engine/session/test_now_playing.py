# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what plays as the panels are shown it, whatever its clip's rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.values import Clip, LoopRegion
from engine.values.audio import STUDIO_SAMPLE_RATE
from tests.starters import shipped


@pytest.mark.parametrize("sample_rate", [48_000, STUDIO_SAMPLE_RATE, 22_050])
def test_the_playhead_is_where_the_clip_is_heard_at_any_rate(sample_rate: int) -> None:
    starter = shipped()[0]
    clip = Clip(starter.clip.samples, sample_rate)
    region = LoopRegion(sample_rate, 5 * sample_rate)
    recipe = replace(starter.recipe, loop=replace(starter.recipe.loop, region=region, bars=None))
    now = NowPlaying(LoopInHand.of_recipe(1, clip, recipe), Baker(100.0, -16.0))
    view = now.view()
    assert now.baked.sample_rate == STUDIO_SAMPLE_RATE
    assert view.baked_samples == pytest.approx(4 * STUDIO_SAMPLE_RATE, abs=1)
    # A second after the loop's start, as it is heard, is a second after it in the clip.
    assert view.in_region(STUDIO_SAMPLE_RATE) == pytest.approx(sample_rate, abs=1)
    assert view.in_region(0) == 0
    assert view.in_region(view.baked_samples) == region.n_samples
    assert now.turn_s == pytest.approx(4.0, abs=1e-4)
