# SPDX-License-Identifier: GPL-3.0-or-later
"""One loop follows another at its entry, to the sample, with no dip and no bass too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.dsp.seam import correlation, fade_gains
from engine.playback.commands import Began, TookOver
from engine.playback.mix.channel import MOST_DECKS
from engine.playback.mix.mixer import Mixer
from engine.units import amplitude_to_db
from engine.values import PLACE_HOP_SAMPLES, FadeCurve, FloatArray, TransitionPlan
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import (
    Command,
    blend,
    blocks_of,
    changes,
    n_overlap,
    play,
    rendered,
    skip,
    take_over,
    told,
)


def test_takeover_starts_at_the_seam_from_the_new_loops_first_sample() -> None:
    old, new = noise(10_000, seed=1), noise(8000, seed=2)
    mixer = Mixer(RATE)
    out = rendered([(0, play(1, old, 1.0)), (12_345, blend(2, new, 1, 50.0))], 60_000, 777, mixer)
    overlap = n_overlap(50.0)
    np.testing.assert_array_equal(out[10_000:20_000], old)
    after = np.arange(20_000 + overlap, 60_000)
    np.testing.assert_array_equal(out[after], new[(after - 20_000) % 8000])
    assert told(mixer) == [(0, Began(1)), (20_000 + overlap // 2, TookOver(2))]
    assert mixer.snapshot().loop_id == 2
    assert mixer.snapshot().played_samples == 40_000 + mixer.latency_samples


def test_the_lead_changes_in_the_middle_of_a_takeover() -> None:
    mixer = Mixer(RATE)
    mixer.play(1, loop_of(noise(1000)), fade_ms=5.0)
    mixer.take_over(2, loop_of(noise(5000)), 1, TransitionPlan(882))
    mixer.render(np.zeros((1440, 2), dtype=np.float32))
    assert mixer.snapshot().loop_id == 1
    mixer.render(np.zeros((2, 2), dtype=np.float32))
    snapshot = mixer.snapshot()
    assert (snapshot.loop_id, snapshot.position_samples) == (2, 442)
    assert snapshot.heard_at == 1442 + mixer.latency_samples


@pytest.mark.parametrize("curve", list(FadeCurve))
@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.4, 1.0])
def test_the_gains_are_those_of_the_curve(curve: FadeCurve, rho: float) -> None:
    # One loop in the left channel, the other in the right: each shows its own gain.
    left, right = np.zeros((3000, 2), np.float32), np.zeros((4000, 2), np.float32)
    left[:, 0] = right[:, 1] = 0.5
    plan = TransitionPlan(2500, curve, entries=(0,), correlations=(rho,))
    out = rendered([(0, play(1, left, 0.0)), (5, take_over(2, right, 1, plan))], 8000, 777)
    g_out, g_in = fade_gains(curve, rho, 2500)
    np.testing.assert_allclose(out[3000:5500], 0.5 * np.hstack([g_out, g_in]), atol=1e-6)


@pytest.mark.parametrize("overlap_ms", [10.0, 300.0, 2000.0])
@pytest.mark.parametrize("command", [blend, skip])
def test_a_takeover_of_noise_has_no_dip(overlap_ms: float, command: Callable[..., Command]) -> None:
    a, b = noise(RATE, seed=1), noise(RATE, seed=2)
    coming = command(2, b, 1, overlap_ms)
    out = rendered([(0, play(1, a, 1.0)), (4000, coming)], 4 * RATE, 1024)[2000:]
    window = 2205
    levels = [amplitude_to_db(rms(out[i : i + window])) for i in range(0, len(out) - window, window)]
    assert max(levels) - min(levels) < 1.0


def test_a_takeover_by_the_same_material_is_not_heard() -> None:
    a = noise(20_000, seed=1)
    out = rendered([(0, play(1, a, 1.0)), (10, blend(2, a.copy(), 1, 200.0, rho=1.0))], 80_000, 1024)
    np.testing.assert_allclose(out[20_000:40_000], a, atol=3e-7)


def test_at_once_it_is_matched_to_what_overlaps_now() -> None:
    a = noise(20_000, seed=1)

    def skip_to_itself(mixer: Mixer) -> None:
        at = mixer.snapshot().position_samples
        plan = TransitionPlan(4000, entries=(), correlations=(), start_at=at)
        mixer.take_over(2, loop_of(a.copy()), 1, plan)

    out = rendered([(0, play(1, a, 1.0)), (12_000, skip_to_itself)], 40_000, 512)
    np.testing.assert_allclose(out[100:40_000], a[np.arange(100, 40_000) % 20_000], atol=3e-7)


def test_a_waiting_takeover_is_replaced_and_one_being_heard_is_finished_first() -> None:
    loops = {i: noise(5000, seed=i) for i in range(1, 5)}
    mixer = Mixer(RATE)
    script = [
        (0, play(1, loops[1])),
        (100, blend(2, loops[2], 1, 50.0)),
        (200, blend(3, loops[3], 1, 50.0)),
        (6000, blend(4, loops[4], 3, 50.0)),
    ]
    out = rendered(script, 30_000, 512, mixer)
    overlap = n_overlap(50.0)
    assert changes(mixer) == [(5000 + overlap // 2, TookOver(3)), (10_000 + overlap // 2, TookOver(4))]
    np.testing.assert_array_equal(out[15_000:20_000], loops[4])


def test_a_takeover_called_off_does_not_come_and_one_being_heard_goes_on() -> None:
    old, new = noise(5000, seed=1), noise(5000, seed=2)
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [(0, play(1, old)), (100, blend(2, new, 1, 50.0))]
    out = rendered([*script, (4900, lambda m: m.call_off())], 20_000, 512, mixer)
    assert not changes(mixer)
    np.testing.assert_array_equal(out[5000:20_000], np.tile(old, (3, 1)))
    mixer = Mixer(RATE)
    rendered([*script, (5100, lambda m: m.call_off())], 20_000, 512, mixer)
    assert changes(mixer) == [(5000 + n_overlap(50.0) // 2, TookOver(2))]


@pytest.mark.parametrize("at", [5100, 7000])
def test_a_loop_that_comes_in_already_does_not_take_over_from_itself(at: int) -> None:
    old, new = noise(5000, seed=1), noise(5000, seed=2)
    mixer = Mixer(RATE)
    # The second time it is given, its takeover has begun, or is over.
    script = [(0, play(1, old)), (100, blend(2, new, 1, 50.0)), (at, blend(2, new.copy(), 1, 80.0))]
    out = rendered(script, 30_000, 512, mixer)
    assert changes(mixer) == [(5000 + n_overlap(50.0) // 2, TookOver(2))]
    np.testing.assert_array_equal(out[10_000:30_000], np.tile(new, (4, 1)))


def test_an_overlap_longer_than_both_loops() -> None:
    mixer = Mixer(RATE)
    script = [(0, play(1, noise(3000))), (0, blend(2, noise(2000, seed=4), 1, 400.0))]
    script += [(4000, blend(3, noise(2500, seed=5), 2, 10.0))]
    out = rendered(script, 40_000, 512, mixer)
    # The second waits for the first to be over, then for a seam.
    assert [event for _, event in changes(mixer)] == [TookOver(2), TookOver(3)]
    assert amplitude_to_db(rms(out[4000:20_000])) == pytest.approx(amplitude_to_db(0.15), abs=0.5)


@pytest.mark.parametrize("command", [blend, skip])
def test_a_takeover_of_silence_does_nothing(command: Callable[..., Command]) -> None:
    mixer = Mixer(RATE)
    out = rendered([(10, command(2, noise(100), 1, 10.0))], 2000, 64, mixer)
    assert not out.any()
    assert mixer.is_silent
    assert not mixer.events


# --- entries ----------------------------------------------------------------------------------------------------------


def test_an_entry_lets_a_takeover_come_before_the_seam() -> None:
    old, new = noise(9000), noise(5000, seed=7)
    plan = TransitionPlan(441, entries=(0, 3000, 6000), correlations=(0.0, 0.0, 0.0))
    enter = take_over(2, new, 1, plan)
    outs = [rendered([(0, play(1, old, 0.1)), (1000, enter)], 8000, block) for block in (1, 64, 4096)]
    assert all(np.array_equal(out, outs[0]) for out in outs)
    np.testing.assert_array_equal(outs[0][100:3000], old[100:3000])
    np.testing.assert_array_equal(outs[0][3441:], new[441:5000])
    at_the_seam = rendered([(0, play(1, old, 0.1)), (7000, enter)], 14_000, 64)
    np.testing.assert_array_equal(at_the_seam[100:9000], old[100:9000])
    np.testing.assert_array_equal(at_the_seam[9441:14_000], new[441:5000])


def test_entries_need_not_hold_the_seam() -> None:
    old, new = noise(9000), noise(5000, seed=7)
    mixer = Mixer(RATE)
    plan = TransitionPlan(100, entries=(2500,), correlations=(0.0,), start_at=1200)
    out = rendered([(0, play(1, old, 0.1)), (7000, take_over(2, new, 1, plan))], 14_000, 64, mixer)
    np.testing.assert_array_equal(out[9000:11_500], old[:2500])
    np.testing.assert_array_equal(out[11_600:14_000], new[1300:3700])
    assert mixer.snapshot().turns == 0


def test_for_another_lead_it_waits_for_that_ones_seam_and_is_not_matched() -> None:
    old, new = np.zeros((9000, 2), np.float32), np.zeros((4000, 2), np.float32)
    old[:, 0] = new[:, 1] = 0.5
    plan = TransitionPlan(1000, entries=(0, 3000), correlations=(1.0, 1.0))
    out = rendered([(0, play(1, old, 0.0)), (5, take_over(2, new, 77, plan))], 12_000, 512)
    g_out, g_in = fade_gains(FadeCurve.MATCHED, 0.0, 1000)
    assert not out[:9000, 1].any()
    np.testing.assert_allclose(out[9000:10_000], 0.5 * np.hstack([g_out, g_in]), atol=1e-6)


def test_entries_of_a_lead_that_was_re_baked_otherwise_are_its_own_no_more() -> None:
    old, new = noise(9000), noise(5000, seed=7)
    shorter = loop_of(old[:8000].copy())
    plan = TransitionPlan(100, entries=(3000,), correlations=(0.0,))
    script = [(0, play(1, old, 0.1)), (500, take_over(2, new, 1, plan)), (1000, lambda m: m.replace(1, shorter))]
    out = rendered(script, 12_000, 512)
    np.testing.assert_array_equal(out[100:8000], old[100:8000])
    np.testing.assert_array_equal(out[8100:12_000], new[100:4000])


# --- during another ---------------------------------------------------------------------------------------------------


def test_a_skip_during_a_crossfade_takes_everything_that_sounds_with_it() -> None:
    loops = {i: noise(30_000, seed=i) for i in range(1, 4)}
    mixer = Mixer(RATE)
    script = [(0, play(1, loops[1])), (5000, skip(2, loops[2], 1, 200.0)), (8000, skip(3, loops[3], 1, 100.0))]
    out = rendered(script, 40_000, 512, mixer)
    # The interrupted one was before its middle: it never led.
    assert changes(mixer) == [(8000 + 2205, TookOver(3))]
    np.testing.assert_array_equal(out[8000 + 8820 : 38_000], loops[3][8820:])
    levels = [amplitude_to_db(rms(out[at : at + 882])) for at in range(4000, 20_000, 882)]
    assert max(levels) - min(levels) < 1.5


def test_skip_after_skip_leads_to_the_last_and_to_no_more_decks_than_a_few() -> None:
    mixer = Mixer(RATE)
    sounds = [tone(20_000, turns=90 + i, level=0.1) for i in range(30)]
    script = [(0, play(0, sounds[0]))]
    script += [(3000 + 900 * i, skip(i, sounds[i], 0, 3000.0)) for i in range(1, 30)]
    n_decks: list[int] = []
    script += [(3500 + 900 * i, lambda m: n_decks.append(m.snapshot().n_decks)) for i in range(30)]
    out = rendered(script, 200_000, 512, mixer)
    assert max(n_decks) <= MOST_DECKS + 1
    assert changes(mixer)[-1] == (3000 + 900 * 29 + n_overlap(3000.0) // 2, TookOver(29))
    assert largest_step(out) < 0.02
    np.testing.assert_array_equal(out[-20_000:], sounds[29][np.arange(180_000 - 29_100, 200_000 - 29_100) % 20_000])


# --- lead-in ----------------------------------------------------------------------------------------------------------


def _with_lead_in(
    n: int, start_at: int, places: npt.NDArray[Any], n_fade: int = 441
) -> tuple[FloatArray, TransitionPlan]:
    begun = noise(n, seed=12, level=0.1)
    plan = TransitionPlan(
        n_fade, correlations=(0.0,), lead_in=begun, lead_in_places=places.astype(np.int64), start_at=start_at
    )
    return begun, plan


@pytest.mark.parametrize("block", [1, 333, 8192])
def test_a_lead_in_plays_first_and_the_loop_goes_on_from_there(block: int) -> None:
    old, new = noise(3000, seed=1), noise(7000, seed=2, level=0.1)
    begun, plan = _with_lead_in(4000, 1234, np.arange(4) * 1100 + 3800)
    mixer = Mixer(RATE)
    out = rendered([(0, play(1, old)), (5, take_over(2, new, 1, plan))], 30_000, block, mixer)
    np.testing.assert_array_equal(out[3441:7000], begun[441:])
    np.testing.assert_array_equal(out[7000:30_000], new[np.arange(1234, 24_234) % 7000])
    mixed = 30_000 + mixer.latency_samples - 7000
    # 3800 + 4 x 1100 is past the loop's end, a turn is over.
    assert mixer.snapshot().turns == 1 + (1234 + mixed) // 7000


@pytest.mark.parametrize("wraps", [False, True])
def test_the_position_during_a_lead_in_is_the_loops(wraps: bool) -> None:
    n_loop, stretch, n = 7000, 1.04, 20_000
    places = np.round(5000 + np.arange(0, n, PLACE_HOP_SAMPLES) * stretch)
    start_at = round(5000 + n * stretch) % n_loop
    _, plan = _with_lead_in(n, start_at, places % n_loop if wraps else places)
    mixer = Mixer(RATE)
    rendered(
        [(0, play(1, noise(3000))), (5, take_over(2, noise(n_loop, seed=2), 1, plan))], 3000 + n + 1000, 128, mixer
    )
    heard = [one for one in blocks_of(mixer) if one[1].loop_id == 2]
    assert len(heard) > 100
    for first, block in heard:
        since = first - 3000
        expected = 5000 + (since * stretch if since < n else n * stretch + since - n)
        assert block.turns * n_loop + block.position == pytest.approx(expected, abs=2.5)


def test_a_takeover_waits_for_the_leads_lead_in_to_be_over() -> None:
    loops = [noise(3000, seed=i) for i in range(3)]
    _, plan = _with_lead_in(5000, 1500, np.arange(5) * 1024)
    mixer = Mixer(RATE)
    script = [(0, play(0, loops[0])), (5, take_over(1, loops[1], 0, plan)), (4500, blend(2, loops[2], 1, 10.0))]
    rendered(script, 20_000, 512, mixer)
    assert changes(mixer) == [(3000 + 220, TookOver(1)), (3000 + 5000 + 1500 + 220, TookOver(2))]


# --- bass -------------------------------------------------------------------------------------------------------------


def _basses(n_fade: int, block: int = 512, lead_in: bool = False) -> tuple[FloatArray, FloatArray]:
    """Return both loops of a takeover that swaps their basses: each one's rest and bass in a channel each."""
    old, new = np.zeros((2, 40_000, 2), np.float32)
    old_bass, new_bass = old.copy(), new.copy()
    old[:, 0] = old_bass[:, 0] = 0.4  # left is all bass
    old[:, 1] = 0.3  # right has none
    new[:, :] = 0.0
    plan = TransitionPlan(n_fade, correlations=(0.0,), bass=new_bass, lead_bass=old_bass)
    out = rendered([(0, play(1, old, 0.0)), (5, take_over(2, new, 1, plan))], 80_000, block)
    levels = np.array([0.4, 0.3], np.float32)
    gains_out: FloatArray = out[40_000 : 40_000 + n_fade] / levels
    new[:, 0] = new_bass[:, 0] = 0.4
    new[:, 1] = 0.3
    silent = np.zeros_like(new)
    begun = {"lead_in": new[:30_000], "lead_in_bass": new_bass[:30_000], "start_at": 30_000} if lead_in else {}
    plan = TransitionPlan(n_fade, correlations=(0.0,), bass=new_bass, lead_bass=silent, **begun)  # type: ignore[arg-type]
    out = rendered([(0, play(1, silent, 0.0)), (5, take_over(2, new, 1, plan))], 80_000, block)
    gains_in: FloatArray = out[40_000 : 40_000 + n_fade] / levels
    return gains_out, gains_in


@pytest.mark.parametrize("n_fade", [20_000, 30_000])
@pytest.mark.parametrize("lead_in", [False, True])
def test_basses_are_swapped_by_the_middle(n_fade: int, lead_in: bool) -> None:
    leaving, coming = _basses(n_fade, lead_in=lead_in)
    g_out, g_in = fade_gains(FadeCurve.MATCHED, 0.0, n_fade)
    np.testing.assert_allclose(leaving[:, 1], g_out[:, 0], atol=1e-5)
    np.testing.assert_allclose(coming[:, 1], g_in[:, 0], atol=1e-5)
    middle = n_fade // 2
    np.testing.assert_allclose(leaving[: middle - 9000, 0], 1.0, atol=1e-5)
    np.testing.assert_allclose(coming[: middle - 9000, 0], 0.0, atol=1e-5)
    np.testing.assert_allclose(leaving[middle:, 0], 0.0, atol=1e-5)
    np.testing.assert_allclose(coming[middle:, 0], 1.0, atol=1e-5)
    # Unlike basses keep their power, and like ones are never two at full.
    np.testing.assert_allclose(leaving[:, 0] ** 2 + coming[:, 0] ** 2, 1.0, atol=1e-4)
    assert np.abs(np.diff(leaving[:, 0])).max() < 0.001


def test_a_bass_that_fits_no_more_is_dropped_without_a_click() -> None:
    wave = tone(40_000, turns=80, level=0.3)
    other = tone(40_000, turns=140, level=0.3)
    plan = TransitionPlan(30_000, correlations=(0.0,), bass=other.copy(), lead_bass=wave.copy())
    moved = loop_of(np.concatenate([other, other])[500:40_500].copy(), loop_start=500)
    lead_moved = loop_of(np.concatenate([wave, wave])[250:40_250].copy(), loop_start=250)
    for which, replaced in ((2, moved), (1, lead_moved)):
        script = [(0, play(1, wave, 20.0)), (5, take_over(2, other, 1, plan))]
        script += [(45_000, lambda m, which=which, replaced=replaced: m.replace(which, replaced))]  # type: ignore[misc]
        out = rendered(script, 75_000, 512)
        assert largest_step(out) < 1.5 * largest_step(other)


def test_matched_sides_of_real_correlation_keep_the_level() -> None:
    a, b = noise(40_000, seed=1), noise(40_000, seed=2)
    like = (0.7 * a + np.sqrt(1 - 0.49) * b).astype(np.float32)
    rho = correlation(a[:20_000], like[:20_000])
    plan = TransitionPlan(20_000, correlations=(rho,))
    out = rendered([(0, play(1, a, 1.0)), (5, take_over(2, like, 1, plan))], 80_000, 512)
    levels = [amplitude_to_db(rms(out[at : at + 2000])) for at in range(36_000, 66_000, 2000)]
    assert max(levels) - min(levels) < 0.5
