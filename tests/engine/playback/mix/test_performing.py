# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs are heard at once, wahs stay within their range, echoes lie on the clock's beats, tails outlive mutes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from engine.playback.mix.clock import BarClock
from engine.playback.mix.mixer import Mixer
from engine.values import BarLock, ChannelParameter, Effects, FloatArray, Lfo, LfoShape
from engine.values.channels import LFO_RETURN_MS, MIX, wah
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, Script, play, rendered

TEMPO = Fraction(120)
BEAT = RATE // 2
KNOB_S = 0.030
"""Seconds within which a knob is heard, beyond the device's and the limiter's latency."""


def set_clock(mixer: Mixer, bpm: Fraction = TEMPO) -> None:
    mixer.set_clock(bpm, 4, bars=Fraction(0))


def swap(loop: FloatArray, lock: BarLock | None = None) -> Command:
    return lambda mixer: mixer.play(2, loop_of(loop), fade_ms=10.0, lock=lock)


def put(effects: Effects, channel: int = 0) -> Command:
    return lambda mixer: mixer.set_effects(channel, effects)


def automate(parameter: ChannelParameter, lfo: Lfo | None) -> Command:
    return lambda mixer: mixer.automate(0, parameter, lfo)


def mute(*, is_muted: bool) -> Command:
    return lambda mixer: mixer.set_mute(0, is_muted=is_muted)


# --- knobs ------------------------------------------------------------------------------------------------------------

_KNOBS: list[tuple[str, Command]] = [
    ("lowpass", put(Effects(lowpass_hz=200.0))),
    ("highpass", put(Effects(highpass_hz=8000.0))),
    ("resonance", put(Effects(lowpass_hz=2000.0, resonance=1.0))),
    ("gain", lambda mixer: mixer.set_gain(0, 0.0)),
    ("mute", mute(is_muted=True)),
    ("lfo", automate(ChannelParameter.LOWPASS_HZ, Lfo(100.0, 100.1))),
]


@pytest.mark.parametrize("command", [knob for _, knob in _KNOBS], ids=[name for name, _ in _KNOBS])
@pytest.mark.parametrize("at", [20_000, 20_225, 20_479])
def test_a_knob_is_heard_within_30_ms(at: int, command: Command) -> None:
    """From then on it sounds as if it had been there all along, but for what a filter still holds of before."""
    hiss = noise(RATE, level=0.1)
    start: Script = [(0, put(Effects(lowpass_hz=2000.0) if command is _KNOBS[2][1] else Effects())), (0, play(1, hiss))]
    before = rendered(start, 40_000, 512)
    out = rendered([*start, (at, command)], 40_000, 512)
    there = rendered([*start, (10, command)], 40_000, 512)
    # A block of the device is over at most when the knob is taken up: that is of the device's latency.
    heard = at + round(KNOB_S * RATE)
    np.testing.assert_allclose(out[heard + 1000 :], there[heard + 1000 :], atol=2e-4)
    assert rms(out[heard : heard + 500] - there[heard : heard + 500]) < 0.05 * rms(before[heard : heard + 500])
    np.testing.assert_array_equal(out[:at], before[:at])


# --- wah --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cutoff_hz", [5.0, 20.0, 30.0, 640.0, 19_000.0, 20_000.0, 40_000.0])
@pytest.mark.parametrize("depth", [0.0, 0.3, 1.0])
def test_a_wah_stays_within_its_range_and_is_as_wide_everywhere(cutoff_hz: float, depth: float) -> None:
    lfo = wah(cutoff_hz, depth, beats=Fraction(3, 2), beats_per_bar=3)
    assert 20.0 <= lfo.low <= lfo.high <= 20_000.0
    assert np.log2(lfo.high / lfo.low) == pytest.approx(6.0 * depth, abs=1e-9)
    # Around the corner, or as near to it as the range has it.
    if lfo.low > 20.1 and lfo.high < 19_999.0:
        assert np.sqrt(lfo.low * lfo.high) == pytest.approx(cutoff_hz)
    else:
        assert lfo.low - 1e-6 <= min(max(cutoff_hz, 20.0), 20_000.0) <= lfo.high + 1e-6
    assert lfo.bars == Fraction(1, 2)


@pytest.mark.parametrize("cutoff_hz", [20.0, 900.0, 20_000.0])
@pytest.mark.parametrize("shape", [LfoShape.SINE, LfoShape.TRIANGLE, LfoShape.WAH])
def test_a_wah_opens_within_each_beat_wherever_the_knob_is(cutoff_hz: float, shape: LfoShape) -> None:
    """The original went the other way at the top of its range: there the sound was dull where it should be bright."""
    hiss = noise(RATE, level=0.1)
    knob = put(Effects(lowpass_hz=cutoff_hz, resonance=0.3))
    lfo = wah(cutoff_hz, 1.0, shape=shape)
    script: Script = [(0, set_clock), (0, knob), (0, automate(ChannelParameter.LOWPASS_HZ, lfo)), (0, play(1, hiss))]
    out = rendered(script, 8 * BEAT, 512)
    for beat in range(1, 8):
        eighths = [rms(out[beat * BEAT + BEAT * part // 8 :][: BEAT // 8]) for part in range(8)]
        opened = 0.5 * (eighths[5] + eighths[6]) if shape is LfoShape.WAH else 0.5 * (eighths[3] + eighths[4])
        closed = eighths[1] if shape is LfoShape.WAH else 0.5 * (eighths[0] + eighths[7])
        assert opened > 1.5 * closed, f"in beat {beat}"
    assert np.abs(out).max() < 0.95


def test_a_wah_that_ends_returns_smoothly_within_80_ms() -> None:
    hiss = noise(RATE, level=0.1)
    knob, end = put(Effects(lowpass_hz=8000.0)), 4 * BEAT + 300
    lfo = wah(400.0, 0.5)
    script: Script = [(0, set_clock), (0, knob), (0, automate(ChannelParameter.LOWPASS_HZ, lfo)), (0, play(1, hiss))]
    out = rendered([*script, (end, automate(ChannelParameter.LOWPASS_HZ, None))], 6 * BEAT, 512)
    without = rendered([(0, knob), (0, play(1, hiss))], 6 * BEAT, 512)
    back = end + round(LFO_RETURN_MS * RATE / 1000.0)
    np.testing.assert_allclose(out[back + 700 :], without[back + 700 :], atol=1e-5)
    # It is on its way for as long as that, and brighter from moment to moment.
    levels = [rms(out[at : at + 800]) / rms(without[at : at + 800]) for at in range(end, back, 800)]
    assert levels[0] < 0.5
    assert levels[1] < levels[2] < levels[3] < 1.0


def test_a_tremolo_that_ends_returns_without_a_step() -> None:
    wave = tone(22_050, turns=110)
    script: Script = [(0, automate(ChannelParameter.GAIN, Lfo(0.0, 1.0, shape=LfoShape.SQUARE))), (0, play(1, wave))]
    out = rendered([*script, (22_050, automate(ChannelParameter.GAIN, None))], 40_000, 512)
    assert largest_step(out) < 1.3 * largest_step(wave)
    np.testing.assert_allclose(out[30_000:], wave[np.arange(30_000, 40_000) % 22_050], atol=1e-6)


# --- delay ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beats", [Fraction(1, 4), Fraction(3, 4), Fraction(2)])
@pytest.mark.parametrize("bpm", [Fraction(97), Fraction(200)])
def test_echoes_lie_on_the_beats(bpm: Fraction, beats: Fraction) -> None:
    click = np.zeros((10 * RATE, 2), dtype=np.float32)
    click[1000] = 0.5
    echoes = Effects(delay=1.0, delay_beats=beats, delay_feedback=0.5)
    script: Script = [(0, lambda mixer: set_clock(mixer, bpm)), (0, put(echoes)), (0, play(1, click))]
    out = rendered(script, 9 * RATE, 777)
    beat_samples = float(BarClock(RATE, bpm).bar_samples / 4)
    heard = np.flatnonzero(np.abs(out[:, 0]) > 0.01)
    for number in range(1, 3):
        assert np.abs(heard - (1000 + number * float(beats) * beat_samples)).min() <= number
    assert np.abs(out[1000 + round(float(beats) * beat_samples), 0]) == pytest.approx(0.5, rel=1e-3)


def test_a_change_of_tempo_takes_the_echoes_along_without_a_step() -> None:
    wave = tone(22_050, turns=110, level=0.2)
    echoes = Effects(delay=1.0, delay_beats=Fraction(1, 2), delay_feedback=0.0)
    script: Script = [(0, set_clock), (0, put(echoes)), (0, play(1, wave))]
    script = [*script, (60_000, lambda mixer: set_clock(mixer, Fraction(91)))]
    out = rendered(script, 120_000, 512)
    assert largest_step(out[12_000:]) < 2.2 * largest_step(wave)
    n = round(BarClock(RATE, Fraction(91)).bar_samples / 8)
    at = np.arange(80_000, 120_000)
    np.testing.assert_allclose(out[at], wave[at % 22_050] + wave[(at - n) % 22_050], atol=1e-5)


# --- tails ------------------------------------------------------------------------------------------------------------

_ROOM = Effects(reverb=0.6, room=0.6)
_ECHOES = Effects(delay=0.8, delay_beats=Fraction(1, 2), delay_feedback=0.5)


@pytest.mark.parametrize("effects", [_ROOM, _ECHOES], ids=["room", "echoes"])
def test_tails_are_heard_through_a_mute_and_then_there_is_silence(effects: Effects) -> None:
    hiss, at = noise(RATE, level=0.1), RATE
    script: Script = [(0, set_clock), (0, put(effects)), (0, play(1, hiss)), (at, mute(is_muted=True))]
    out = rendered(script, 16 * RATE, 512)
    after = [rms(out[at + 2000 + BEAT * part // 2 :][: BEAT // 2]) for part in range(6)]
    assert after[0] > 0.05 * rms(hiss)
    assert after[0] > after[2] > after[4] > 0.0
    assert rms(out[-RATE // 2 :]) < 3e-6


@pytest.mark.parametrize("effects", [_ROOM, _ECHOES], ids=["room", "echoes"])
def test_tails_are_heard_through_a_swap(effects: Effects) -> None:
    hiss, silence, at = noise(RATE, level=0.1), np.zeros((RATE, 2), dtype=np.float32), RATE
    out = rendered([(0, set_clock), (0, put(effects)), (0, play(1, hiss)), (at, swap(silence))], 3 * RATE, 512)
    assert rms(out[at + 2000 : at + 2000 + BEAT // 2]) > 0.05 * rms(hiss)


@pytest.mark.parametrize("channel", [0, MIX])
@pytest.mark.parametrize("effects", [_ROOM, _ECHOES], ids=["room", "echoes"])
def test_tails_are_heard_through_a_swap_at_the_bar(effects: Effects, channel: int) -> None:
    """The tails are those of a layer, and of the mix, while what is swapped in is silent."""
    hiss, silence = noise(RATE, level=0.1), np.zeros((2 * RATE, 2), dtype=np.float32)
    script: Script = [(0, set_clock), (0, put(effects, channel)), (0, play(1, hiss)), (RATE, swap(silence, BarLock(1)))]
    out, bar = rendered(script, 10 * RATE, 512), 2 * RATE
    tails = [rms(out[bar + 1000 + BEAT * part // 2 :][: BEAT // 2]) for part in range(6)]
    assert tails[0] > 0.05 * rms(hiss)
    assert tails[0] > tails[2] > tails[4] > 0.0
    assert largest_step(out[bar - 1000 :]) < 1.2 * largest_step(out[: bar - 1000])


def test_a_gain_is_that_of_the_tail_too() -> None:
    hiss, at = noise(RATE, level=0.1), RATE
    script: Script = [(0, put(_ROOM)), (0, play(1, hiss)), (at, lambda mixer: mixer.set_gain(0, 0.0))]
    assert not rendered(script, 2 * RATE, 512)[at + 1000 :].any()
