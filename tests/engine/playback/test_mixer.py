# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer renders the same bits whatever the block size, repeats loops exactly and never makes a step of its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.seam import bake
from engine.errors import TooManyChannels
from engine.playback.commands import Stopped, TookOver
from engine.playback.mixer import Mixer
from engine.units import amplitude_to_db, ms_to_samples
from engine.values import FloatArray, LoopRegion
from tests.engine.playback.material import RATE, clip_of, largest_step, loop_of, noise, rms, tone

Command = Callable[[Mixer], None]
BLOCKS = (1, 7, 64, 513, 4096, 20_000)


def rendered(commands: list[tuple[int, Command]], total: int, block: int, mixer: Mixer | None = None) -> FloatArray:
    """``total`` samples in blocks of ``block``, with commands given at exact samples (blocks are cut there)."""
    mixer = mixer or Mixer(RATE)
    out = np.full((total, mixer.n_channels), np.nan, dtype=np.float32)
    waiting = sorted(commands, key=lambda item: item[0])
    done = 0
    while done < total:
        while waiting and waiting[0][0] <= done:
            waiting.pop(0)[1](mixer)
        until = waiting[0][0] if waiting else total
        n = min(block, total - done, max(until - done, 1))
        mixer.render(out[done : done + n])
        done += n
    return out


def _play(loop_id: int, samples: FloatArray, fade_ms: float = 5.0) -> Command:
    return lambda mixer: mixer.play(loop_id, loop_of(samples), fade_ms=fade_ms)


def _take_over(loop_id: int, samples: FloatArray, overlap_ms: float) -> Command:
    return lambda mixer: mixer.take_over(loop_id, loop_of(samples), overlap_ms=overlap_ms)


_commands = st.lists(
    st.tuples(
        st.integers(0, 12_000),
        st.sampled_from(["play", "replace", "take_over", "volume", "stop"]),
        st.integers(0, 3),
        st.floats(0.1, 60.0),
    ),
    max_size=8,
)


@given(commands=_commands, lengths=st.lists(st.integers(1, 3000), min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_output_knows_no_block_size(commands: list[tuple[int, str, int, float]], lengths: list[int]) -> None:
    loops = [np.clip(noise(n, seed=i, level=0.4), -1, 1) for i, n in enumerate(lengths)]

    def act(kind: str, which: int, amount: float) -> Command:
        samples = loops[which]
        return {
            "play": lambda mixer: mixer.play(which, loop_of(samples), fade_ms=amount),
            "replace": lambda mixer: mixer.replace(which, loop_of(samples[len(samples) // 3 :], loop_start=10)),
            "take_over": lambda mixer: mixer.take_over(which, loop_of(samples), overlap_ms=amount),
            "volume": lambda mixer: mixer.set_volume(amount / 60.0),
            "stop": lambda mixer: mixer.stop(fade_ms=amount),
        }[kind]

    script = [(0, _play(9, noise(700, seed=9)))]
    script += [(at, act(kind, which, amount)) for at, kind, which, amount in commands if lengths[which] > 1]
    reference = rendered(script, 14_000, 20_000)
    assert np.isfinite(reference).all()
    assert np.abs(reference).max() <= 1.0
    for block in BLOCKS[1:-1]:
        np.testing.assert_array_equal(rendered(script, 14_000, block), reference)


def test_blocks_of_one_sample() -> None:
    script = [(0, _play(1, noise(311))), (500, _take_over(2, noise(173, seed=1), 10.0))]
    np.testing.assert_array_equal(rendered(script, 3000, 1), rendered(script, 3000, 5000))


@pytest.mark.parametrize("n", [1, 2, 63, 1000, 44_100])
@pytest.mark.parametrize("block", [64, 4096])
def test_a_loop_repeats_bit_for_bit(n: int, block: int) -> None:
    samples = np.clip(noise(n, level=0.5), -1, 1)
    total = 2 * n + 3000
    out = rendered([(0, _play(1, samples, fade_ms=1.0))], total, block)
    fade = ms_to_samples(1.0, RATE)
    np.testing.assert_array_equal(out[fade:], samples[np.arange(fade, total) % n])


def test_a_baked_loop_is_periodic() -> None:
    baked = bake(clip_of(noise(30_000)), LoopRegion(5000, 20_000), overlap_ms=80.0)
    mixer = Mixer(RATE)
    mixer.play(1, baked, fade_ms=0.0)
    out = rendered([], 60_000, 513, mixer)
    np.testing.assert_array_equal(out[1:45_000], out[15_001:])


def test_mono_loops_and_mono_outputs() -> None:
    mono, stereo = noise(500, n_channels=1), noise(500)
    out = rendered([(0, _play(1, mono, 0.0))], 400, 64)
    np.testing.assert_array_equal(out[1:], np.repeat(mono, 2, axis=1)[1:400])
    out = rendered([(0, _play(1, stereo, 0.0))], 400, 64, Mixer(RATE, n_channels=1))
    np.testing.assert_allclose(out[1:, 0], stereo.mean(axis=1)[1:400], atol=1e-7)
    with pytest.raises(TooManyChannels):
        Mixer(RATE).play(1, loop_of(noise(500, n_channels=8)), fade_ms=0.0)


def test_gate() -> None:
    with pytest.raises(ValueError, match="48000"):
        Mixer(RATE).play(1, loop_of(noise(10), sample_rate=48_000), fade_ms=1.0)
    with pytest.raises(ValueError, match="volume"):
        Mixer(RATE).set_volume(float("nan"))


# --- takeovers --------------------------------------------------------------------------------------------------------


def test_takeover_starts_at_the_seam_from_the_new_loops_first_sample() -> None:
    old, new = noise(10_000, seed=1), noise(8000, seed=2)
    mixer = Mixer(RATE)
    script = [(0, _play(1, old, 1.0)), (12_345, _take_over(2, new, 50.0))]
    out = rendered(script, 60_000, 777, mixer)
    overlap = ms_to_samples(50.0, RATE)
    np.testing.assert_array_equal(out[10_000:20_000], old)
    after = np.arange(20_000 + overlap, 60_000)
    np.testing.assert_array_equal(out[after], new[(after - 20_000) % 8000])
    assert list(mixer.events) == [(20_000 + overlap // 2, TookOver(2))]
    assert mixer.snapshot().loop_id == 2
    assert mixer.snapshot().played_samples == 40_000


def test_the_lead_changes_in_the_middle_of_a_takeover() -> None:
    mixer = Mixer(RATE)
    rendered([(0, _play(1, noise(1000))), (0, _take_over(2, noise(5000), 20.0))], 1000 + 440, 64, mixer)
    assert mixer.snapshot().loop_id == 1
    rendered([], 2, 64, mixer)
    assert mixer.snapshot().loop_id == 2
    assert mixer.snapshot().position_samples == 442


@pytest.mark.parametrize("overlap_ms", [10.0, 300.0, 2000.0])
def test_a_takeover_of_noise_has_no_dip(overlap_ms: float) -> None:
    a, b = noise(RATE, seed=1), noise(RATE, seed=2)
    out = rendered([(0, _play(1, a, 1.0)), (10, _take_over(2, b, overlap_ms))], 4 * RATE, 1024)[2000:]
    window = 2205
    levels = [amplitude_to_db(rms(out[i : i + window])) for i in range(0, len(out) - window, window)]
    assert max(levels) - min(levels) < 1.0


def test_a_takeover_by_the_same_material_is_not_heard() -> None:
    a = noise(20_000, seed=1)
    out = rendered([(0, _play(1, a, 1.0)), (10, _take_over(2, a.copy(), 200.0))], 80_000, 1024)
    np.testing.assert_allclose(out[20_000:40_000], a, atol=2e-7)


def test_a_waiting_takeover_is_replaced_and_one_being_heard_is_finished_first() -> None:
    loops = {i: noise(5000, seed=i) for i in range(1, 5)}
    mixer = Mixer(RATE)
    script = [
        (0, _play(1, loops[1])),
        (100, _take_over(2, loops[2], 50.0)),
        (200, _take_over(3, loops[3], 50.0)),
        (6000, _take_over(4, loops[4], 50.0)),
    ]
    out = rendered(script, 30_000, 512, mixer)
    overlap = ms_to_samples(50.0, RATE)
    assert list(mixer.events) == [(5000 + overlap // 2, TookOver(3)), (10_000 + overlap // 2, TookOver(4))]
    np.testing.assert_array_equal(out[15_000:20_000], loops[4])


@pytest.mark.parametrize("at", [5100, 7000])
def test_a_loop_that_comes_in_already_does_not_take_over_from_itself(at: int) -> None:
    old, new = noise(5000, seed=1), noise(5000, seed=2)
    mixer = Mixer(RATE)
    overlap = ms_to_samples(50.0, RATE)
    # The second time it is given, its takeover has begun, or is over.
    script = [(0, _play(1, old)), (100, _take_over(2, new, 50.0)), (at, _take_over(2, new.copy(), 80.0))]
    out = rendered(script, 30_000, 512, mixer)
    assert list(mixer.events) == [(5000 + overlap // 2, TookOver(2))]
    np.testing.assert_array_equal(out[10_000:30_000], np.tile(new, (4, 1)))


def test_an_overlap_longer_than_both_loops() -> None:
    mixer = Mixer(RATE)
    script = [(0, _play(1, noise(3000))), (0, _take_over(2, noise(2000, seed=4), 400.0))]
    script += [(4000, _take_over(3, noise(2500, seed=5), 10.0))]
    out = rendered(script, 40_000, 512, mixer)
    # The second waits for the first to be over, then for a seam.
    assert [event for _, event in mixer.events] == [TookOver(2), TookOver(3)]
    assert amplitude_to_db(rms(out[4000:20_000])) == pytest.approx(amplitude_to_db(0.15), abs=0.5)


def test_a_takeover_of_silence_does_nothing() -> None:
    mixer = Mixer(RATE)
    out = rendered([(10, _take_over(2, noise(100), 10.0))], 2000, 64, mixer)
    assert not out.any()
    assert mixer.is_silent


# --- no steps ---------------------------------------------------------------------------------------------------------

SMOOTH = tone(22_050, turns=110)
STEP = largest_step(np.concatenate([SMOOTH, SMOOTH]))


@given(at=st.integers(500, 50_000))
@settings(max_examples=15, deadline=None)
def test_commands_make_no_step(at: int) -> None:
    other = tone(15_000, turns=60)
    commands: list[Command] = [
        lambda mixer: mixer.stop(),
        lambda mixer: mixer.set_volume(0.0),
        lambda mixer: mixer.play(2, loop_of(other), fade_ms=20.0),
        lambda mixer: mixer.take_over(2, loop_of(other), overlap_ms=30.0),
        lambda mixer: mixer.replace(1, loop_of(SMOOTH[3000:18_111], loop_start=3000)),
    ]
    for command in commands:
        out = rendered([(0, _play(1, SMOOTH, 20.0)), (at, command), (at + 100, command)], 80_000, 4096)
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
    assert mixer.snapshot().position_samples == (35_000 - 12_050 + 35_000) % 7950


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
    position = mixer.snapshot().position_samples
    np.testing.assert_array_equal(out[-position:], last.samples[:position])


def test_replacing_what_does_not_play_does_nothing() -> None:
    samples = noise(1000)
    out = rendered([(0, _play(1, samples, 0.0)), (50, lambda m: m.replace(7, loop_of(noise(10))))], 5000, 64)
    np.testing.assert_array_equal(out[1:], samples[np.arange(1, 5000) % 1000])


def test_a_waiting_loop_can_be_replaced() -> None:
    new = noise(900, seed=8)
    script = [(0, _play(1, noise(1000))), (1, _take_over(2, noise(700), 1.0))]
    script += [(2, lambda mixer: mixer.replace(2, loop_of(new)))]
    out = rendered(script, 3000, 64)
    np.testing.assert_array_equal(out[1000 + 44 : 1900], new[44:])


# --- volume and stop --------------------------------------------------------------------------------------------------


def test_volume() -> None:
    samples = noise(1000)
    out = rendered([(0, _play(1, samples)), (2000, lambda m: m.set_volume(0.5))], 9000, 333)
    np.testing.assert_array_equal(out[8000:9000], samples * np.float32(0.5))
    out = rendered([(0, _play(1, samples)), (0, lambda m: m.set_volume(0.0))], 9000, 333)
    assert not out[ms_to_samples(10.0, RATE) :].any()


def test_stop_is_silence_after_its_fade_and_music_may_begin_meanwhile() -> None:
    samples = noise(5000)
    mixer = Mixer(RATE)
    fade = ms_to_samples(100.0, RATE)
    out = rendered([(0, _play(1, samples)), (8000, lambda m: m.stop())], 20_000, 512, mixer)
    assert rms(out[8000 : 8000 + fade // 4]) > 0.1
    assert not out[8000 + fade :].any()
    assert list(mixer.events) == [(8000 + fade, Stopped())]
    assert mixer.is_silent
    assert mixer.snapshot().loop_id is None
    out = rendered([(0, _play(1, samples)), (8000, lambda m: m.stop()), (9000, _play(2, samples, 5.0))], 20_000, 512)
    np.testing.assert_array_equal(out[9000 + fade : 14_000], samples[fade:])


def test_every_stop_is_answered() -> None:
    mixer = Mixer(RATE)
    rendered([(0, lambda m: m.stop()), (10, lambda m: m.stop())], 100, 64, mixer)
    assert list(mixer.events) == [(0, Stopped()), (10, Stopped())]


def test_blocks_tell_what_was_rendered() -> None:
    mixer = Mixer(RATE)
    samples = noise(1000)
    out = rendered([(0, _play(3, samples))], 2600, 512, mixer)
    block = mixer.blocks[-2]
    assert (block.first_sample, block.n_samples, block.loop_id) == (2048, 512, 3)
    assert (block.position, block.turns, block.loop_samples) == (48, 2, 1000)
    np.testing.assert_allclose(block.peaks, np.abs(out[2048:2560]).max(axis=0))
    np.testing.assert_allclose(block.powers, np.square(out[2048:2560]).sum(axis=0), rtol=1e-4)


def test_an_entry_lets_a_takeover_come_before_the_seam() -> None:
    old, new = noise(9000), noise(5000, seed=7)
    overlap_ms = 10.0
    n_overlap = round(overlap_ms * RATE / 1000)

    def enter(mixer: Mixer) -> None:
        mixer.take_over(2, loop_of(new), overlap_ms=overlap_ms, entries=(0, 3000, 6000))

    outs = [rendered([(0, _play(1, old, 0.1)), (1000, enter)], 8000, block) for block in (1, 64, 4096)]
    assert all(np.array_equal(out, outs[0]) for out in outs)
    assert np.array_equal(outs[0][100:3000], old[100:3000])
    assert np.array_equal(outs[0][3000 + n_overlap :], new[n_overlap:5000])
    at_the_seam = rendered([(0, _play(1, old, 0.1)), (7000, enter)], 14_000, 64)
    assert np.array_equal(at_the_seam[100:9000], old[100:9000]), "past the last entry it waits for the seam"
