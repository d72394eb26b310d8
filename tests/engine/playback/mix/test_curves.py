# SPDX-License-Identifier: GPL-3.0-or-later
"""A curve moves a parameter in step with the bars, whatever the blocks; a hand takes over from it without a step."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.playback.mix.filters import CONTROL_SAMPLES
from engine.playback.mix.mixer import VOLUME_RAMP_MS, Mixer
from engine.values import ChannelParameter, Curve, Effects
from engine.values.channels import MIX, MOST_CURVE_VALUES
from tests.engine.playback.material import RATE, largest_step, noise, rms, tone
from tests.engine.playback.mixing import Command, Script, play, rendered

BAR = 2 * RATE
GAIN, LOWPASS = ChannelParameter.GAIN, ChannelParameter.LOWPASS_HZ
STEADY = np.ones((RATE, 2), dtype=np.float32) * np.float32(0.25)


def set_clock(mixer: Mixer, bpm: int = 120, bars: Fraction | None = Fraction(0)) -> None:
    mixer.set_clock(Fraction(bpm), 4, bars=bars)


def automate(parameter: ChannelParameter, curve: Curve | None, channel: int = 0) -> Command:
    return lambda mixer: mixer.automate(channel, parameter, curve)


def gain(level: float) -> Command:
    return lambda mixer: mixer.set_gain(0, level)


def test_a_curve_goes_straight_between_its_values_and_back_to_the_first() -> None:
    curve = Curve((0.0, 1.0, 0.5, 0.5), Fraction(4))
    assert [curve.at(over, by_ratio=False) for over in (0.0, 0.125, 0.25, 0.625, 0.875)] == [0.0, 0.5, 1.0, 0.5, 0.25]
    assert Curve((100.0, 10_000.0)).at(0.25, by_ratio=True) == pytest.approx(1000.0)
    assert Curve((0.3,)).at(0.9, by_ratio=False) == 0.3
    for wrong in ((), (0.0,) * (MOST_CURVE_VALUES + 1)):
        with pytest.raises(ValueError, match="curve of"):
            Curve(wrong)
    with pytest.raises(ValueError, match="in 0 bars"):
        Curve((1.0,), Fraction(0))


@pytest.mark.parametrize("channel", [0, MIX])
def test_a_curve_of_the_gain_is_the_gain_at_each_place_of_the_bars(channel: int) -> None:
    curve = Curve((0.0, 1.0, 1.0, 0.25), Fraction(2))
    script: Script = [(0, set_clock), (0, automate(GAIN, curve, channel)), (0, play(1, STEADY, fade_ms=1.0))]
    out = rendered(script, 5 * BAR, 777)[:, 0] / 0.25
    for at in range(3000, 5 * BAR, 1117):
        expected = curve.at(at / (2.0 * BAR) % 1.0, by_ratio=False)
        assert out[at] == pytest.approx(expected, abs=2e-3), at


def test_a_curve_follows_a_change_of_tempo() -> None:
    curve = Curve((0.0, 1.0))
    script: Script = [(0, set_clock), (0, automate(GAIN, curve)), (0, play(1, STEADY, fade_ms=1.0))]
    out = rendered([*script, (BAR, lambda mixer: set_clock(mixer, 60, None))], 3 * BAR, 512)[:, 0] / 0.25
    assert out[BAR // 2] == pytest.approx(1.0, abs=5e-3)
    assert out[BAR + BAR // 2] == pytest.approx(0.5, abs=5e-3)
    assert out[2 * BAR] == pytest.approx(1.0, abs=5e-3)


@pytest.mark.parametrize("block", [64, 513, 4096])
def test_curves_know_no_block_size(block: int) -> None:
    hiss = noise(RATE, level=0.1)
    script: Script = [
        (0, set_clock),
        (0, automate(GAIN, Curve((0.2, 0.9, 0.4), Fraction(1, 3)))),
        (0, automate(LOWPASS, Curve((300.0, 9000.0, 700.0, 20_000.0), Fraction(1, 2)))),
        (0, automate(ChannelParameter.DELAY, Curve((0.0, 0.5), Fraction(1, 4)), MIX)),
        (0, play(1, hiss)),
        (9_001, automate(LOWPASS, Curve((500.0,)))),
        (11_777, automate(GAIN, None)),
        (11_777, gain(0.3)),
        (13_131, automate(GAIN, Curve((0.7, 0.1)))),
        (15_001, automate(LOWPASS, None)),
    ]
    np.testing.assert_array_equal(rendered(script, 20_000, block), rendered(script, 20_000, 20_000))


@pytest.mark.parametrize("at", [20_000, 20_033, 20_063])
@pytest.mark.parametrize(("before", "after"), [(0.0, 0.0), (0.6, 0.6), (1.0, 0.3), (0.0, 0.8)])
def test_a_hand_takes_the_gain_from_a_curve_and_gives_it_back_without_a_step(
    at: int, before: float, after: float
) -> None:
    """As each has its own gain, neither is heard beside the other: from silence to silence there is silence."""
    wave = tone(22_050, turns=110)
    script: list[tuple[int, Command]] = [(0, set_clock), (0, gain(before)), (0, play(1, wave))]
    script += [(at, automate(GAIN, Curve((after,)))), (at + 8000, automate(GAIN, None)), (at + 8000, gain(before))]
    out = rendered(script, at + 16_000, 512)
    assert largest_step(out[1000:]) <= max(before, after) * 1.2 * largest_step(wave)
    ramp = round(VOLUME_RAMP_MS * RATE / 1000.0) + 2 * CONTROL_SAMPLES
    place = np.arange(len(out)) % 22_050
    for part, level in (((1000, at), before), ((at + ramp, at + 8000), after), ((at + 8000 + ramp, None), before)):
        np.testing.assert_allclose(out[slice(*part)], level * wave[place][slice(*part)], atol=1e-5)


def test_a_curve_takes_the_place_of_another_and_of_a_hand_without_a_step() -> None:
    wave = tone(22_050, turns=880)
    curves = [Curve((12_000.0,)), Curve((200.0,)), Curve((200.0, 8000.0), Fraction(1, 4))]
    script: list[tuple[int, Command]] = [(0, set_clock), (0, play(1, wave))]
    script += [(0, lambda mixer: mixer.set_effects(0, Effects(lowpass_hz=300.0)))]
    script += [(20_000 + 5003 * number, automate(LOWPASS, curve)) for number, curve in enumerate(curves)]
    script += [(50_000, automate(LOWPASS, None))]
    out = rendered(script, 60_000, 512)
    assert largest_step(out[2000:]) < 1.1 * largest_step(wave)
    quiet, loud = rms(out[18_000:20_000]), rms(out[23_000:25_000])
    assert loud > 3.0 * quiet
    assert rms(out[-2000:]) == pytest.approx(quiet, rel=0.02)


_SMOOTH: dict[str, tuple[Effects, Effects]] = {
    "resonance": (Effects(lowpass_hz=1500.0), Effects(lowpass_hz=1500.0, resonance=0.9)),
    "highpass": (Effects(), Effects(highpass_hz=400.0)),
    "delay": (Effects(), Effects(delay=0.9, delay_beats=Fraction(1, 8))),
    "feedback": (Effects(delay=0.5, delay_feedback=0.0), Effects(delay=0.5, delay_feedback=0.8)),
    "reverb": (Effects(reverb=0.01), Effects(reverb=0.6)),
    "room": (Effects(reverb=0.3, room=0.1), Effects(reverb=0.3, room=0.9)),
}


@pytest.mark.parametrize("name", sorted(_SMOOTH))
def test_every_knob_moves_without_a_step(name: str) -> None:
    """Back and forth, as a hand does: no step is larger than those of the sound that comes of it."""
    wave = tone(22_050, turns=220, level=0.1)
    low, high = _SMOOTH[name]
    script: Script = [(0, set_clock), (0, lambda mixer: mixer.set_effects(0, low)), (0, play(1, wave))]
    turns = [(20_000 + 1499 * turn, high if turn % 2 == 0 else low) for turn in range(12)]
    moved = [(at, lambda mixer, effects=effects: mixer.set_effects(0, effects)) for at, effects in turns]
    out = rendered([*script, *moved], 60_000, 512)
    there = rendered([(0, set_clock), (0, lambda mixer: mixer.set_effects(0, high)), (0, play(1, wave))], 60_000, 512)
    loudest = max(np.abs(out).max() / np.abs(there[20_000:]).max(), 1.0)
    assert largest_step(out[2000:]) < 1.3 * loudest * max(largest_step(there[20_000:]), largest_step(wave))
