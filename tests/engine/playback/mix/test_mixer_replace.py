# SPDX-License-Identifier: GPL-3.0-or-later
"""A re-baked loop takes the old one's place: the playhead stays in the clip and no click is heard."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import bake
from engine.playback.mix.fades import SWAP_MS
from engine.playback.mix.mixer import Mixer
from engine.units import amplitude_to_db, ms_to_samples
from engine.values import LoopRegion, TransitionPlan
from tests.engine.playback.material import RATE, clip_of, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, blend, play, rendered, skip, take_over

SMOOTH = tone(22_050, turns=110)
STEP = largest_step(np.concatenate([SMOOTH, SMOOTH]))


@given(at=st.integers(500, 50_000))
@settings(max_examples=7, deadline=None)
def test_commands_make_no_step(at: int) -> None:
    other = tone(15_000, turns=60)
    commands: list[Command] = [
        lambda mixer: mixer.stop(),
        lambda mixer: mixer.set_volume(0.0),
        lambda mixer: mixer.pause(20.0),
        lambda mixer: mixer.play(2, loop_of(other), fade_ms=20.0, position=4321),
        blend(2, other, 1, 30.0),
        skip(2, other, 1, 30.0),
        lambda mixer: mixer.replace(1, loop_of(SMOOTH[3000:18_111], loop_start=3000)),
    ]
    for command in commands:
        out = rendered([(0, play(1, SMOOTH, 20.0)), (at, command), (at + 100, command)], 80_000, 4096)
        allowed = 1.6 * STEP
        if command is commands[-1]:
            # Its seam is a jump by construction (nothing was baked): only what happens around the swap counts.
            out = out[at - 100 : at + 1500]
            seam = (3000 + 15_111 - at % 22_050) % 22_050
            if seam < 1500 or at % 22_050 > 18_000 or at % 22_050 < 3100:
                continue
        assert largest_step(out) < allowed


def test_a_replaced_loop_keeps_its_place_in_the_clip() -> None:
    clip = clip_of(noise(60_000))
    short = bake(clip, LoopRegion(25_000, 50_000), overlap_ms=10.0)
    long_fade = bake(clip, LoopRegion(25_000, 50_000), overlap_ms=100.0)
    moved = bake(clip, LoopRegion(27_000, 55_000), overlap_ms=10.0)
    mixer = Mixer(RATE)
    mixer.play(1, short, fade_ms=0.0)
    script: list[tuple[int, Command]] = [
        (15_000, lambda mixer: mixer.replace(1, long_fade)),
        (35_000, lambda mixer: mixer.replace(1, moved)),
    ]
    out = rendered(script, 120_000, 512, mixer)
    # The slider moved: not a bit changes before the next seam, which is the new one.
    np.testing.assert_array_equal(out[1:25_000], long_fade.samples[1:])
    # The region was dragged: the playhead goes on in the clip, and the next seam is the moved one.
    np.testing.assert_array_equal(out[25_000 : 55_000 - 441], clip.samples[25_000 : 55_000 - 441])
    np.testing.assert_array_equal(out[55_000:83_000], moved.samples)
    assert mixer.snapshot().turns == 4


def test_a_playhead_outside_the_new_region_wraps_into_it_without_a_step() -> None:
    clip = clip_of(tone(60_000, turns=300))
    mixer = Mixer(RATE)
    mixer.play(1, bake(clip, LoopRegion(10_000, 40_000), overlap_ms=10.0), fade_ms=1.0)
    shorter = bake(clip, LoopRegion(12_050, 20_000), overlap_ms=30.0)
    out = rendered([(25_000, lambda mixer: mixer.replace(1, shorter))], 60_000, 512, mixer)
    assert largest_step(out) < 1.6 * largest_step(clip.samples)
    assert mixer.snapshot().position_samples == (35_000 - 12_050 + 35_000 + mixer.latency_samples) % 7950


def test_swaps_faster_than_their_crossfade_end_in_the_last() -> None:
    clip = clip_of(tone(60_000, turns=300))
    mixer = Mixer(RATE)
    mixer.play(1, bake(clip, LoopRegion(0, 30_000), overlap_ms=10.0), fade_ms=1.0)
    regions = [LoopRegion(100 * i, 25_000 + 333 * i) for i in range(1, 12)]
    script: list[tuple[int, Command]] = [
        (29_500 + 60 * i, lambda mixer, region=region: mixer.replace(1, bake(clip, region, overlap_ms=10.0)))  # type: ignore[misc]
        for i, region in enumerate(regions)
    ]
    out = rendered(script, 120_000, 512, mixer)
    assert largest_step(out) < 1.6 * largest_step(clip.samples)
    last = bake(clip, regions[-1], overlap_ms=10.0)
    position = mixer.snapshot().position_samples - mixer.latency_samples
    np.testing.assert_array_equal(out[-position:], last.samples[:position])


def test_another_version_goes_on_at_its_place_whatever_the_block() -> None:
    old, new = noise(10_000, seed=1), noise(10_000, seed=2)
    swap = ms_to_samples(SWAP_MS, RATE)
    for block in (64, 513, 4096):
        script: list[tuple[int, Command]] = [
            (0, play(1, old, 0.0)),
            (2000, lambda mixer: mixer.replace(1, loop_of(new), at=9000)),
            # Told just as its place is reached, it waits for a turn.
            (19_000, lambda mixer: mixer.replace(1, loop_of(old), at=9000)),
        ]
        out = rendered(script, 35_000, block)
        np.testing.assert_array_equal(out[1:9000], old[1:9000])
        np.testing.assert_array_equal(out[9000 + swap : 29_000], np.tile(new, (3, 1))[9000 + swap : 29_000])
        np.testing.assert_array_equal(out[29_000 + swap :], np.tile(old, (4, 1))[29_000 + swap : 35_000])


def test_what_waits_for_its_place_gives_way_to_what_is_told_after_it() -> None:
    old, new, last = (noise(10_000, seed=seed) for seed in (1, 2, 3))
    moved = loop_of(last, loop_start=500)
    script: list[tuple[int, Command]] = [
        (0, play(1, old, 0.0)),
        (2000, lambda mixer: mixer.replace(1, loop_of(new), at=9000)),
        (4000, lambda mixer: mixer.replace(1, loop_of(last))),
    ]
    out = rendered(script, 20_000, 512)
    np.testing.assert_array_equal(out[5000:], np.tile(last, (2, 1))[5000:])
    # A place in another region is none: it goes on at once.
    out = rendered([*script[:1], (4000, lambda mixer: mixer.replace(1, moved, at=9000))], 9000, 512)
    np.testing.assert_array_equal(out[5000:9000], last[4500:8500])


def test_replacing_what_does_not_play_does_nothing() -> None:
    samples = noise(1000)
    out = rendered([(0, play(1, samples, 0.0)), (50, lambda m: m.replace(7, loop_of(noise(10))))], 5000, 64)
    np.testing.assert_array_equal(out[1:], samples[np.arange(1, 5000) % 1000])


def test_a_waiting_loop_can_be_replaced() -> None:
    new = noise(900, seed=8)
    script = [(0, play(1, noise(1000))), (1, blend(2, noise(700), 1, 1.0))]
    script += [(2, lambda mixer: mixer.replace(2, loop_of(new)))]
    out = rendered(script, 3000, 64)
    np.testing.assert_array_equal(out[1000 + 44 : 1900], new[44:])


def test_a_loop_that_waits_with_a_lead_in_keeps_it_where_only_its_seam_was_baked_anew() -> None:
    begun, new = noise(2000, seed=3), noise(5000, seed=4)
    again, moved = loop_of(np.roll(new, 1, axis=0)), loop_of(noise(5000, seed=5), loop_start=70)
    plan = TransitionPlan(100, correlations=(0.0,), lead_in=begun, lead_in_places=np.arange(2) * 1024, start_at=2000)
    for at in (500, 1500):  # waiting, and while the lead-in is heard
        script = [(0, play(1, noise(1000))), (1, take_over(2, new, 1, plan))]
        out = rendered([*script, (at, lambda mixer: mixer.replace(2, again))], 9000, 512)
        np.testing.assert_array_equal(out[1100:3000], begun[100:])
        np.testing.assert_array_equal(out[3000:6000], again.samples[2000:])
    out = rendered([*script, (500, lambda mixer: mixer.replace(2, moved))], 5000, 512)
    np.testing.assert_array_equal(out[1100:5000], moved.samples[100:4000])


def test_a_lead_in_whose_loop_moved_gives_way_to_the_same_place_in_the_clip() -> None:
    whole = noise(12_000, seed=4, level=0.1)
    begun = whole[2000:8000].copy()
    old = loop_of(whole[1000:11_000].copy(), loop_start=1000)
    moved = loop_of(whole[1500:11_500].copy(), loop_start=1500)
    plan = TransitionPlan(
        100, correlations=(0.0,), lead_in=begun, lead_in_places=1000 + np.arange(6) * 1024, start_at=7000
    )
    script: list[tuple[int, Command]] = [
        (0, play(1, noise(1000))),
        (1, lambda mixer: mixer.take_over(2, old, 1, plan)),
        (3000, lambda mixer: mixer.replace(2, moved)),
    ]
    out = rendered(script, 9000, 512)
    # At 3000 the lead-in is 2000 in: sample 4000 of the whole.
    np.testing.assert_allclose(out[1100:9000], whole[2100:10_000], atol=1e-6)


def test_a_baked_seam_has_no_dip() -> None:
    clip = clip_of(noise(90_000, seed=3))
    mixer = Mixer(RATE)
    mixer.play(1, bake(clip, LoopRegion(20_000, 60_000), overlap_ms=300.0), fade_ms=1.0)
    out = rendered([], 200_000, 512, mixer)
    window = 882
    level = amplitude_to_db(rms(out[1000:]))
    # Over 20 ms noise itself strays by some tenths of a dB.
    lows = [amplitude_to_db(rms(out[at : at + window])) - level for at in range(1000, 199_000, window // 4)]
    inside = [amplitude_to_db(rms(clip.samples[at : at + window])) - level for at in range(0, 89_000, window // 4)]
    assert min(lows) > min(inside) - 0.5
