# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck's effects come and go without a click, and a deck without any is as it was baked."""

from __future__ import annotations

import numpy as np
import pytest

from engine.playback.mix.effects import EffectChain
from engine.playback.mix.mixer import Mixer
from engine.values import Effects, TransitionPlan
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, blend, n_overlap, play, rendered, take_over

DULL = Effects(lowpass_hz=300.0)
ROOM = Effects(highpass_hz=200.0, reverb=0.5, room=0.7)
SWAP = n_overlap(20.0)


def _put(loop_id: int, effects: Effects) -> Command:
    return lambda mixer: mixer.set_effects(loop_id, effects)


@pytest.mark.parametrize("block", [1, 64, 777])
def test_a_deck_with_effects_is_its_loop_through_the_chain(block: int) -> None:
    samples = noise(700, level=0.1)
    out = rendered([(0, _put(1, ROOM)), (0, play(1, samples, 0.0))], 4000, block)
    loop = samples[np.arange(4000) % 700]
    np.testing.assert_allclose(out[1:], EffectChain(ROOM, RATE, 2).process(loop)[1:], atol=1e-7)


def test_without_effects_every_bit_passes() -> None:
    samples = noise(1000, level=0.1)
    script = [(0, play(1, samples, 0.0)), (500, _put(1, Effects())), (700, _put(2, DULL))]
    np.testing.assert_array_equal(rendered(script, 5000, 64)[1:], samples[np.arange(1, 5000) % 1000])
    # And again once they are gone.
    script = [(0, play(1, samples, 0.0)), (500, _put(1, ROOM)), (3000, _put(1, Effects()))]
    out = rendered(script, 9000, 64)
    np.testing.assert_array_equal(out[3000 + SWAP :], samples[np.arange(3000 + SWAP, 9000) % 1000])


def test_effects_change_without_a_step_the_last_one_winning() -> None:
    wave = tone(22_050, turns=110)
    kinds = [DULL, ROOM, Effects(), Effects(highpass_hz=2000.0), Effects(lowpass_hz=4000.0, reverb=0.2)]
    script = [(0, play(1, wave, 20.0))]
    script += [(2000 + 331 * i, _put(1, kinds[i % len(kinds)])) for i in range(41)]
    last = kinds[40 % len(kinds)]
    assert last == DULL
    out = rendered(script, 60_000, 512)
    assert largest_step(out) < 2.0 * largest_step(wave)
    dull = EffectChain(DULL, RATE, 2).process(np.tile(wave, (3, 1)))
    np.testing.assert_allclose(out[-5000:], dull[55_000:60_000], atol=1e-5)


def test_effects_are_their_loops_wherever_it_plays_or_waits() -> None:
    low, high = tone(22_050, turns=20, level=0.2), tone(22_050, turns=2000, level=0.2)
    before = [(0, _put(2, DULL)), (10, play(1, low)), (20, blend(2, high, 1, 20.0))]
    waiting = [(10, play(1, low)), (20, blend(2, high, 1, 20.0)), (30, _put(2, DULL))]
    playing = [(10, play(1, low)), (20, blend(2, high, 1, 20.0)), (30_000, _put(2, DULL))]
    for script in (before, waiting, playing):
        out = rendered(script, 60_000, 512)
        assert rms(out[1000:22_000]) == pytest.approx(rms(low), rel=0.01)
        assert rms(out[40_000:]) < 0.1 * rms(high)


def test_a_room_fades_out_with_its_loop() -> None:
    script = [(0, _put(1, ROOM)), (0, play(1, noise(9000, level=0.1))), (20_000, lambda m: m.stop(50.0))]
    out = rendered(script, 40_000, 512)
    assert rms(out[15_000:20_000]) > 0.01
    assert not out[20_000 + n_overlap(50.0) :].any()


def test_a_bass_swap_is_heard_through_the_effects() -> None:
    wave = tone(20_000, turns=40, level=0.2)
    silent = np.zeros_like(wave)
    plan = TransitionPlan(10_000, correlations=(0.0,), bass=silent, lead_bass=wave.copy())
    script = [(0, _put(1, Effects(highpass_hz=20.0))), (0, play(1, wave)), (5, take_over(2, silent, 1, plan))]
    out = rendered(script, 40_000, 512)
    # All of it is bass: at full until the middle, gone after it.
    assert rms(out[21_000:23_500]) == pytest.approx(rms(wave), rel=0.06)
    assert rms(out[26_500:]) < 0.01 * rms(wave)


def test_effects_of_many_loops_are_forgotten_at_last() -> None:
    mixer = Mixer(RATE)
    for loop_id in range(200):
        mixer.set_effects(loop_id, ROOM)
    mixer.render(np.zeros((16, 2), np.float32))
    mixer.tidy()
    assert len(mixer._maker._effects) <= 16
    mixer.play(0, loop_of(noise(100, level=0.1)), fade_ms=0.0)
    np.testing.assert_array_equal(rendered([], 1000, 64, mixer)[2:], noise(100, level=0.1)[np.arange(2, 1000) % 100])
