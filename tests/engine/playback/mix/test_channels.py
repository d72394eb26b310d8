# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels sound together, each by itself; what begins with a bar begins with the bar's first sample."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.playback.commands import Began, Stopped, TookOver
from engine.playback.mix.clock import BarClock
from engine.playback.mix.mixer import Mixer
from engine.values import ENDLESS, Automation, BarLock, ChannelParameter, Curve, Effects, FloatArray, Lfo, LfoShape
from engine.values.channels import MIX
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Stutter, TapeStop
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, Script, blocks_of, n_overlap, play, rendered, told

DULL = Effects(lowpass_hz=300.0)
TEMPO = Fraction(137)
BAR = BarClock(RATE, TEMPO).bar_samples


def play_on(
    channel: int, loop_id: int, samples: FloatArray, fade_ms: float = 5.0, *, bars: int = 0, position: int = 0
) -> Command:
    loop = loop_of(samples)
    lock = BarLock(bars, every=Fraction(bars)) if bars else None
    return lambda mixer: mixer.play(loop_id, loop, fade_ms=fade_ms, channel=channel, lock=lock, position=position)


def gain(channel: int, level: float, ramp_ms: float = 20.0) -> Command:
    return lambda mixer: mixer.set_gain(channel, level, ramp_ms)


def put(channel: int, effects: Effects, ramp_ms: float = 20.0) -> Command:
    return lambda mixer: mixer.set_effects(channel, effects, ramp_ms)


def automate(channel: int, parameter: ChannelParameter, automation: Automation | None) -> Command:
    return lambda mixer: mixer.automate(channel, parameter, automation)


def set_clock(mixer: Mixer) -> None:
    mixer.set_clock(TEMPO, 4, bars=Fraction(0))


def began_at(loop_id: int, channel: int, bars: int) -> Began:
    return Began(loop_id, channel=channel, bars=Fraction(bars), anchor=Fraction(bars))


# --- independence -----------------------------------------------------------------------------------------------------


def test_the_mix_is_the_sum_of_its_channels() -> None:
    sounds = [noise(3000 + 700 * number, seed=number, level=0.05) for number in range(4)]
    alone = [rendered([(100 * number, play_on(number, number, one))], 20_000, 512) for number, one in enumerate(sounds)]
    script = [(100 * number, play_on(number, number, one)) for number, one in enumerate(sounds)]
    np.testing.assert_allclose(rendered(script, 20_000, 512), sum(alone), atol=1e-6)


def test_what_happens_on_a_channel_leaves_the_others_as_they_are() -> None:
    bed, lead, then = noise(5000, seed=1, level=0.1), noise(4000, seed=2, level=0.1), noise(4500, seed=3, level=0.1)
    quiet: Script = [(0, play_on(1, 1, bed))]
    busy = [*quiet, (50, play(2, lead)), (3000, play(3, then)), (9000, lambda m: m.stop(10.0, channel=ENDLESS))]
    busy += [(5000, put(ENDLESS, DULL)), (6000, gain(ENDLESS, 0.0, 5.0)), (7000, gain(ENDLESS, 1.0))]
    mixer = Mixer(RATE)
    out = rendered(busy, 80_000, 512, mixer)
    undisturbed = rendered(quiet, 80_000, 512)
    np.testing.assert_array_equal(out[:50], undisturbed[:50])
    # Once what its filters hold has died away.
    after = 9000 + n_overlap(10.0) + round(1.2 * RATE)
    np.testing.assert_allclose(out[after:], undisturbed[after:], atol=1e-6)
    assert [event for _, event in told(mixer)] == [
        Began(1, channel=1), Began(2), Began(3), Stopped(channel=ENDLESS),
    ]  # fmt: skip
    assert mixer.snapshot(1).loop_id == 1
    assert mixer.snapshot(ENDLESS).loop_id is None
    assert {block.loop_id for _, block in blocks_of(mixer, 1)} == {1}


def test_a_stop_of_all_is_told_once_and_a_pause_is_everyones() -> None:
    sounds = [noise(4000, seed=number, level=0.1) for number in range(3)]
    script: list[tuple[int, Command]] = [(0, play_on(number, number, one)) for number, one in enumerate(sounds)]
    script += [(2000, lambda m: m.pause(10.0)), (8000, lambda m: m.resume(10.0)), (15_000, lambda m: m.stop(10.0))]
    mixer = Mixer(RATE)
    out = rendered(script, 20_000, 512, mixer)
    fade = n_overlap(10.0)
    assert not out[2000 + fade : 8000].any()
    through = rendered(script[:3], 20_000, 512)
    stood = 6000 - fade
    np.testing.assert_array_equal(out[8000 + fade : 15_000], through[8000 + fade - stood : 15_000 - stood])
    assert not out[15_000 + fade :].any()
    assert told(mixer)[3:] == [(15_000 + fade, Stopped())]


def test_what_happens_at_one_sample_is_told_in_the_order_of_the_commands() -> None:
    mixer = Mixer(RATE)
    rendered([(5, lambda m: m.stop()), (5, play(1, noise(900))), (5, lambda m: m.stop(10.0))], 1000, 64, mixer)
    assert told(mixer) == [(5, Stopped()), (5, Began(1)), (5 + n_overlap(10.0), Stopped())]


def test_to_play_in_a_pause_has_the_other_channels_go_on() -> None:
    bed, lead, then = (noise(5000, seed=seed, level=0.1) for seed in range(3))
    script = [(0, play_on(1, 1, bed)), (0, play(2, lead)), (3000, lambda m: m.pause(10.0)), (6000, play(3, then, 10.0))]
    mixer = Mixer(RATE)
    out = rendered(script, 12_000, 512, mixer)
    fade = n_overlap(10.0)
    at = np.arange(6000 + fade, 12_000)
    np.testing.assert_allclose(out[at], then[(at - 6000) % 5000] + bed[(at - 3000 + fade) % 5000], atol=1e-6)


# --- gain, mute, effects ----------------------------------------------------------------------------------------------


def test_gain_and_mute_move_without_a_step_and_the_music_goes_on_beneath() -> None:
    wave = tone(22_050, turns=110)
    script = [(0, play_on(2, 1, wave, 20.0)), (5000, gain(2, 0.25)), (12_000, lambda m: m.set_mute(2, is_muted=True))]
    out = rendered([*script, (20_000, lambda m: m.set_mute(2, is_muted=False))], 40_000, 512)
    assert largest_step(out) < 1.1 * largest_step(wave)
    assert not out[13_000:20_000].any()
    np.testing.assert_allclose(out[22_000:40_000], 0.25 * wave[np.arange(22_000, 40_000) % 22_050], atol=1e-6)


def test_a_channel_on_which_nothing_sounds_is_set_at_once() -> None:
    samples = noise(3000, level=0.1)
    out = rendered([(0, gain(0, 0.5)), (0, play(1, samples, 0.0))], 9000, 512)
    np.testing.assert_allclose(out[1:], 0.5 * samples[np.arange(1, 9000) % 3000], atol=1e-7)


def test_without_effects_every_bit_passes_and_again_once_they_are_gone() -> None:
    samples = noise(1000, level=0.1)
    script = [(0, play(1, samples, 0.0)), (500, put(0, Effects())), (700, put(1, DULL))]
    np.testing.assert_array_equal(rendered(script, 5000, 64)[1:], samples[np.arange(1, 5000) % 1000])
    script = [(0, play(1, samples, 0.0)), (500, put(0, DULL)), (9000, put(0, Effects()))]
    out = rendered(script, 20_000, 64)
    assert rms(out[5000:9000]) < 0.5 * rms(samples)
    np.testing.assert_array_equal(out[12_000:], samples[np.arange(12_000, 20_000) % 1000])


def test_effects_change_without_a_step_however_often() -> None:
    wave = tone(22_050, turns=110)
    kinds = [DULL, Effects(highpass_hz=200.0, reverb=0.5, room=0.7), Effects(), Effects(highpass_hz=2000.0)]
    script = [(0, play(1, wave, 20.0))]
    script += [(2000 + 331 * i, put(0, kinds[i % len(kinds)])) for i in range(41)]
    out = rendered(script, 60_000, 512)
    assert largest_step(out) < 2.0 * largest_step(wave)
    still = rendered([(0, put(0, DULL)), (0, play(1, wave, 20.0))], 60_000, 512)
    np.testing.assert_allclose(out[-5000:], still[-5000:], atol=2e-4)


def test_a_room_rings_on_when_its_channel_is_stopped_and_ends() -> None:
    room = Effects(highpass_hz=200.0, reverb=0.5, room=0.3)
    script = [(0, put(0, room)), (0, play(1, noise(9000, level=0.1))), (20_000, lambda m: m.stop(50.0))]
    mixer = Mixer(RATE)
    out = rendered(script, 20_000 + 5 * RATE, 512, mixer)
    after = 20_000 + n_overlap(50.0)
    assert rms(out[after : after + 4000]) > 1e-3
    assert not out[-RATE:].any()
    assert mixer.is_silent


def test_effects_outlive_the_loops_they_are_heard_on() -> None:
    low, high = tone(22_050, turns=20, level=0.2), tone(22_050, turns=2000, level=0.2)
    out = rendered([(0, put(0, DULL)), (10, play(1, low)), (30_000, play(2, high))], 60_000, 512)
    assert rms(out[1000:22_000]) == pytest.approx(rms(low), rel=0.02)
    assert rms(out[40_000:]) < 0.2 * rms(high)


# --- oscillators ------------------------------------------------------------------------------------------------------


def _smooth(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share = np.clip(share, 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


@pytest.mark.parametrize("shape", list(LfoShape))
def test_a_tremolo_is_in_step_with_the_bars(shape: LfoShape) -> None:
    lfo = Lfo(0.2, 1.0, Fraction(1, 2), shape)
    ones = np.full((1000, 2), 0.1, dtype=np.float32)
    script: Script = [(0, set_clock), (0, automate(0, ChannelParameter.GAIN, lfo)), (0, play(1, ones, 0.0))]
    out = rendered(script, round(2 * BAR), 512)[:, 0] / 0.1
    phase = (np.arange(len(out)) / float(BAR / 2)) % 1.0
    course = {
        LfoShape.SINE: 0.5 - 0.5 * np.cos(2.0 * np.pi * phase),
        LfoShape.TRIANGLE: 1.0 - np.abs(2.0 * phase - 1.0),
        LfoShape.SAW: phase,
        LfoShape.SQUARE: (phase >= 0.5).astype(float),
        LfoShape.WAH: _smooth(np.minimum((phase - 0.5) / 0.12, (1.0 - phase) / 0.06)),
    }[shape]
    # Reached at the ends of segments, with a straight line between them.
    edges = np.minimum(phase, 1.0 - phase) * float(BAR / 2) < 300
    if shape is LfoShape.SQUARE:
        edges |= np.abs(phase - 0.5) * float(BAR / 2) < 300
    inside = ~edges
    inside[:600] = False
    np.testing.assert_allclose(out[inside], (0.2 + 0.8 * course)[inside], atol=0.01)
    assert largest_step(out[600:, None]) < 0.01


def test_a_swept_filter_opens_and_closes_with_the_bars() -> None:
    lfo = Lfo(100.0, 10_000.0, Fraction(1))
    hiss = noise(RATE, level=0.05)
    script: Script = [(0, set_clock), (0, automate(0, ChannelParameter.LOWPASS_HZ, lfo)), (0, play(1, hiss))]
    out = rendered(script, round(3 * BAR), 512)
    levels = [rms(out[round(BAR * at / 8) - 2000 : round(BAR * at / 8) + 2000]) for at in range(8, 24)]
    assert np.argmax(levels[:8]) == np.argmax(levels[8:]) == 4
    assert levels[4] > 5.0 * levels[0]
    # Taken away it goes back to where it was set.
    back = rendered([*script, (round(2 * BAR), automate(0, ChannelParameter.LOWPASS_HZ, None))], round(3 * BAR), 512)
    np.testing.assert_array_equal(back[-5000:], hiss[np.arange(len(back) - 5000, len(back)) % RATE])


# --- bars -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bars", [1, 2, 4])
def test_what_waits_for_a_bar_begins_with_its_first_sample(bars: int) -> None:
    drums, then = noise(9000, seed=1, level=0.1), noise(7000, seed=2, level=0.1)
    mixer = Mixer(RATE)
    script = [(0, set_clock), (0, play_on(1, 1, drums, 0.0)), (100, play_on(1, 2, then, 0.0, bars=bars))]
    line = BarClock(RATE, TEMPO).next_line(100, bars)
    out = rendered(script, line + 9000, 512, mixer)
    # The crossfade ends with the bar: its first sample is the loop's own.
    np.testing.assert_array_equal(out[1 : line - 1], drums[np.arange(1, line - 1) % 9000])
    np.testing.assert_array_equal(out[line:], then[np.arange(9000) % 7000])
    began = Began(2, channel=1, bars=Fraction(bars), anchor=Fraction(bars))
    assert told(mixer) == [(0, Began(1, channel=1)), (line, began)]


def test_two_channels_swap_on_the_same_sample_however_far_apart_they_were_asked() -> None:
    mixer = Mixer(RATE)
    script = [(0, set_clock), (10, play_on(1, 1, noise(9000), bars=1)), (30_000, play_on(2, 2, noise(7000), bars=1))]
    rendered(script, round(BAR) + 10, 777, mixer)
    line = BarClock(RATE, TEMPO).next_line(10)
    assert told(mixer) == [(line, began_at(1, 1, 1)), (line, began_at(2, 2, 1))]


def test_the_clock_stands_still_in_a_pause() -> None:
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [(0, set_clock), (0, play_on(1, 1, noise(9000)))]
    script += [(1000, lambda m: m.pause(10.0)), (41_000, lambda m: m.resume(10.0))]
    script += [(42_000, play_on(1, 2, noise(7000), bars=1))]
    rendered(script, 140_000, 512, mixer)
    stood = 40_000 - n_overlap(10.0)
    assert told(mixer)[-1] == (BarClock(RATE, TEMPO).next_line(42_000 - stood) + stood, began_at(2, 1, 1))


def test_what_waits_for_a_bar_waits_through_a_pause_and_can_be_called_off() -> None:
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [(0, set_clock), (10, play_on(1, 1, noise(9000), bars=1))]
    script += [(20, lambda m: m.pause(10.0)), (200_000, lambda m: m.resume(10.0))]
    rendered(script, 199_000, 512, mixer)
    assert not told(mixer)
    mixer = Mixer(RATE)
    rendered([*script[:2], (20, lambda m: m.call_off(channel=1))], 199_000, 512, mixer)
    assert not told(mixer)
    assert mixer.is_silent


def test_blocks_tell_the_bars() -> None:
    mixer = Mixer(RATE)
    rendered([(0, set_clock), (0, play(1, noise(9000)))], 200_000, 512, mixer)
    for block in mixer.blocks:
        at = block.first_sample - mixer.latency_samples
        assert block.bars_after(0) == pytest.approx(at / float(BAR))
        n = min(100, block.n_samples)
        assert block.bars_after(100) == pytest.approx((at + n) / float(BAR))
        assert block.n_moved == block.n_samples


# --- block sizes ------------------------------------------------------------------------------------------------------

_KINDS = (
    "play", "launch", "stop", "gain", "mute", "effects", "lfo", "pause", "resume", "clock", "call_off", "skip",
    "hold", "release", "mix", "mix_lfo", "mix_hold", "curve",
)  # fmt: skip
_commands = st.lists(
    st.tuples(st.integers(0, 12_000), st.sampled_from(_KINDS), st.integers(0, 2), st.floats(0.1, 60.0)), max_size=14
)


def _acts() -> dict[str, Any]:
    loops = [noise(n, seed=n, level=0.1) for n in (2500, 1700, 900)]
    helds: list[HeldEffect] = [Stutter(Fraction(1, 16)), BeatRepeat(Fraction(1, 8)), TapeStop(), Brake(), Gate()]
    parameters = tuple(ChannelParameter)

    def lfo(amount: float) -> Lfo | None:
        return None if amount < 10.0 else Lfo(0.2, 0.9, Fraction(1, 1 + int(amount)), tuple(LfoShape)[int(amount) % 4])

    def swept(amount: float) -> Lfo | None:
        return None if amount < 10.0 else Lfo(100.0, 9000.0, Fraction(1, 1 + int(amount)))

    def automated(channel: int, amount: float) -> Command:
        parameter = parameters[int(amount * 7) % len(parameters)]
        return automate(channel, parameter, (swept if parameter.endswith("_hz") else lfo)(amount))

    return {
        "play": lambda on, amount: play_on(on, on, loops[on], amount, position=int(amount)),
        "launch": lambda on, amount: play_on(on, 10 + on, loops[-on], amount, bars=1 + int(amount) % 2),
        "stop": lambda on, amount: lambda mixer: mixer.stop(amount, channel=on if amount < 40.0 else None),
        "gain": lambda on, amount: gain(on, amount / 60.0, 2.0 * amount),
        "mute": lambda on, amount: lambda mixer: mixer.set_mute(on, is_muted=amount < 30.0, ramp_ms=amount),
        "effects": lambda on, amount: put(
            on,
            Effects(lowpass_hz=100.0 * amount, reverb=0.3, delay=0.3 * on, delay_beats=Fraction(1, 1 + int(amount)))
            if amount < 30.0
            else Effects(),
            amount,
        ),
        "hold": lambda on, amount: lambda mixer: mixer.hold(on, helds[int(amount) % 5]),
        "release": lambda on, amount: lambda mixer: mixer.hold(on if amount < 40.0 else MIX, None),
        "mix": lambda on, amount: put(MIX, Effects(highpass_hz=10.0 * amount, resonance=0.5, delay=0.4 * on), amount),
        "mix_lfo": lambda _, amount: automate(MIX, ChannelParameter.LOWPASS_HZ, swept(amount)),
        "mix_hold": lambda _, amount: lambda mixer: mixer.hold(MIX, helds[int(amount) % 5]),
        "lfo": automated,
        "curve": lambda on, amount: automate(on, ChannelParameter.GAIN, Curve((amount / 60.0, 0.2), Fraction(1, 3))),
        "pause": lambda _, amount: lambda mixer: mixer.pause(amount),
        "resume": lambda _, amount: lambda mixer: mixer.resume(amount),
        "clock": lambda on, amount: (
            lambda mixer: mixer.set_clock(
                Fraction(round(900 + 50 * amount)), 1 + on, bars=None if amount < 30.0 else Fraction(0)
            )
        ),
        "call_off": lambda on, _: lambda mixer: mixer.call_off(channel=on),
        "skip": lambda on, amount: play_on(on, 20 + on, loops[on - 1], 3.0 * amount),
    }


@pytest.mark.soak
@given(commands=_commands, block=st.integers(1, 5000))
@example(
    [
        (401, "launch", 2, 0.92),
        (135, "launch", 2, 45.6),
        (980, "clock", 0, 4.1),
        (0, "pause", 0, 41.0),
        (812, "effects", 2, 1.1),
    ],
    1,
)
@settings(max_examples=10, deadline=None)
def test_channels_know_no_block_size(commands: list[tuple[int, str, int, float]], block: int) -> None:
    acts = _acts()
    script = [(0, play(3, noise(700, seed=9, level=0.1)))]
    script += [(at, acts[kind](on, amount)) for at, kind, on, amount in commands]
    whole, parts = Mixer(RATE), Mixer(RATE)
    reference = rendered(script, 14_000, 20_000, whole)
    assert np.isfinite(reference).all()
    np.testing.assert_array_equal(rendered(script, 14_000, block, parts), reference)
    assert list(parts.events) == list(whole.events)
    assert [sample for sample, _ in whole.events] == sorted(sample for sample, _ in whole.events)
    assert all(isinstance(event, Began | Stopped | TookOver) for _, event in whole.events)
    assert [parts.snapshot(number) for number in range(3)] == [whole.snapshot(number) for number in range(3)]


# --- pauses with effects, and beside what rings on --------------------------------------------------------------------

EFFECTS = (Effects(lowpass_hz=300.0), Effects(highpass_hz=200.0), Effects(reverb=0.8, room=0.8), Effects(reverb=0.1))


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("wait", [200, 40_000])
def test_what_a_paused_channel_holds_is_not_heard_when_it_is_stopped(effects: Effects, wait: int) -> None:
    wave = tone(22_050, turns=220, level=0.3)
    script: list[tuple[int, Command]] = [
        (0, put(0, effects)),
        (0, play(1, wave, 20.0)),
        (30_000, lambda m: m.pause(20.0)),
    ]
    mixer = Mixer(RATE)
    out = rendered([*script, (30_000 + wait, lambda m: m.stop(50.0))], 120_000, 512, mixer)
    steady = largest_step(out[10_000:30_000])
    assert largest_step(out[29_900:]) < 1.2 * steady
    if wait > 10_000:
        assert not out[31_000:].any()
        assert mixer.is_silent
    silent = play(2, np.zeros((9000, 2), np.float32), 5.0)
    again = rendered([*script, (30_000 + wait, silent)], 120_000, 512)
    assert largest_step(again[29_900:]) < 1.2 * steady


@pytest.mark.parametrize("effects", [Effects(), Effects(reverb=0.5, room=0.3)])
@pytest.mark.parametrize("block", [pytest.param(1, marks=pytest.mark.soak), 13, 64, 512, 4096])
def test_what_rings_on_in_a_pause_does_not_move_the_clock(effects: Effects, block: int) -> None:
    mixer = Mixer(RATE)
    script: list[tuple[int, Command]] = [(0, set_clock), (0, put(2, effects))]
    script += [(0, play_on(1, 1, noise(9000, level=0.1))), (0, play_on(2, 2, noise(8000, level=0.1)))]
    script += [(1000, lambda m: m.stop(20.0, channel=2)), (1010, lambda m: m.pause(10.0))]
    script += [(60_000, lambda m: m.resume(10.0)), (60_100, play_on(1, 3, noise(7000, level=0.1), bars=1))]
    rendered(script, 150_000, block, mixer)
    stood = 60_000 - 1010 - n_overlap(10.0)
    line = BarClock(RATE, TEMPO).next_line(60_100 - stood) + stood
    assert told(mixer)[-1] == (line, began_at(3, 1, 1))
