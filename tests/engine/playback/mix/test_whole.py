# SPDX-License-Identifier: GPL-3.0-or-later
"""The mix has effects as a channel has: on the sum of all, before auditions, with the clock, and through pauses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.playback.mix.mixer import Mixer
from engine.values import ChannelParameter, Effects, FloatArray, Lfo
from engine.values.auditions import OneShot
from engine.values.channels import MIX
from engine.values.held import Gate, Stutter
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, Script, rendered

DULL = Effects(lowpass_hz=400.0, resonance=0.4)
EVERYTHING = Effects(60.0, 3000.0, 0.3, 0.4, 0.5, 0.4, Fraction(1, 4), 0.5)


def play_on(channel: int, samples: FloatArray) -> Command:
    return lambda mixer: mixer.play(channel, loop_of(samples), fade_ms=5.0, channel=channel)


def set_clock(mixer: Mixer) -> None:
    mixer.set_clock(Fraction(120), 4, bars=Fraction(0))


TWO: Script = [(0, set_clock), (0, play_on(1, noise(9000, level=0.1))), (0, play_on(2, noise(7000, seed=1, level=0.1)))]


def on(channel: int, effects: Effects) -> Command:
    return lambda mixer: mixer.set_effects(channel, effects)


def test_effects_on_the_mix_are_those_of_all_channels() -> None:
    mixed = rendered([(0, on(MIX, DULL)), *TWO], 40_000, 512)
    each = rendered([(0, on(1, DULL)), (0, on(2, DULL)), *TWO], 40_000, 512)
    np.testing.assert_allclose(mixed, each, atol=1e-6)
    # Not those of channel 7, as Python counts from the end.
    last = rendered([(0, on(7, DULL)), *TWO], 40_000, 512)
    np.testing.assert_array_equal(last, rendered(TWO, 40_000, 512))


def test_gain_mute_and_oscillators_are_the_mixes() -> None:
    script: Script = [
        *TWO,
        (10_000, lambda m: m.set_gain(MIX, 0.5)),
        (20_000, lambda m: m.set_mute(MIX, is_muted=True)),
    ]
    out, plain = rendered(script, 30_000, 512), rendered(TWO, 30_000, 512)
    np.testing.assert_array_equal(out[:10_000], plain[:10_000])
    np.testing.assert_allclose(out[11_000:20_000], 0.5 * plain[11_000:20_000], atol=1e-6)
    assert not out[21_000:].any()
    lfo = Lfo(0.0, 1.0, Fraction(1, 4))
    shaken = rendered([(0, lambda m: m.automate(MIX, ChannelParameter.GAIN, lfo)), *TWO], 66_150, 512)
    # Closed with every beat, open between them.
    for at in range(0, 66_150, 22_050):
        assert rms(shaken[at : at + 1000]) < 0.2 * rms(shaken[at + 10_500 : at + 11_500])


def test_an_audition_is_heard_as_it_is() -> None:
    shot = OneShot(tone(RATE // 2, turns=2000, level=0.2), RATE)
    script: Script = [(0, on(MIX, DULL)), (0, lambda m: m.set_gain(MIX, 0.0)), (10, lambda m: m.play_audition(1, shot))]
    out = rendered(script, RATE // 2, 512)
    assert rms(out[1000:20_000]) == pytest.approx(rms(shot.samples), rel=0.01)


def test_without_effects_every_bit_passes_and_again_once_they_are_gone() -> None:
    script: Script = [*TWO, (5000, on(MIX, DULL)), (9000, on(MIX, Effects()))]
    out, plain = rendered(script, 20_000, 512), rendered(TWO, 20_000, 512)
    assert rms(out[7000:9000]) < 0.5 * rms(plain[7000:9000])
    np.testing.assert_array_equal(out[11_000:], plain[11_000:])


def test_what_rings_in_the_mix_is_heard_before_it_is_silent() -> None:
    mixer = Mixer(RATE)
    script: Script = [(0, on(MIX, Effects(reverb=0.5, room=0.2))), *TWO, (20_000, lambda m: m.stop(20.0))]
    out = rendered(script, 23_000, 512, mixer)
    assert rms(out[21_500:]) > 1e-3
    assert not mixer.is_silent
    assert rms(rendered([], 6 * RATE, 512, mixer)[-RATE:]) < 1e-6
    assert mixer.is_silent


@pytest.mark.parametrize("block", [1, 64, 777])
def test_the_mix_knows_no_block_size(block: int) -> None:
    lfo = Lfo(200.0, 4000.0, Fraction(1, 8))
    script: Script = [*TWO, (0, on(3, EVERYTHING)), (700, on(MIX, EVERYTHING)), (1500, lambda m: m.set_gain(MIX, 0.7))]
    script = [*script, (2000, lambda m: m.automate(MIX, ChannelParameter.LOWPASS_HZ, lfo))]
    script = [*script, (4000, lambda m: m.hold(MIX, Stutter(Fraction(1, 8)))), (9000, lambda m: m.pause(10.0))]
    script = [
        *script,
        (11_000, on(MIX, DULL)),
        (12_000, lambda m: m.resume(10.0)),
        (15_000, lambda m: m.hold(MIX, None)),
    ]
    script = [*script, (15_500, lambda m: m.hold(1, Gate())), (19_000, lambda m: m.stop(10.0))]
    total = 8000 if block == 1 else 22_000
    np.testing.assert_array_equal(rendered(script, total, block), rendered(script, total, 20_000))


def test_a_pause_fades_the_mix_without_a_step_and_its_effects_go_on_with_the_clock() -> None:
    wave = tone(22_050, turns=110, level=0.2)
    lfo = Lfo(0.3, 1.0, Fraction(1, 2))
    script: Script = [(0, set_clock), (0, lambda m: m.automate(MIX, ChannelParameter.GAIN, lfo)), (0, play_on(1, wave))]
    paused: Script = [*script, (30_000, lambda m: m.pause(20.0)), (50_000, lambda m: m.resume(20.0))]
    out, plain = rendered(paused, 90_000, 512), rendered(script, 90_000, 512)
    assert largest_step(out) < 1.2 * largest_step(wave)
    assert not out[31_000:50_000].any()
    stood = 20_000 - 882
    # The segments of the mix are the output's, the oscillator is the clock's.
    np.testing.assert_allclose(out[52_000:], plain[52_000 - stood : 90_000 - stood], atol=2e-4)


@pytest.mark.parametrize("channel", [-2, 8])
def test_other_channels_are_refused(channel: int) -> None:
    with pytest.raises(ValueError, match="no channel"):
        Mixer(RATE).set_gain(channel, 0.5)
