# SPDX-License-Identifier: GPL-3.0-or-later
"""Held effects begin within a grid step, always give something to hear, and leave on the grid without a click."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from engine.playback.mix.clock import BarClock
from engine.playback.mix.held.base import FADE_MS
from engine.playback.mix.mixer import Mixer
from engine.values import BarLock, Effects, FloatArray
from engine.values.channels import MIX
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Stutter, TapeStop
from tests.engine.playback.material import RATE, largest_step, loop_of, noise, rms, tone
from tests.engine.playback.mixing import Command, Script, rendered

TEMPO = Fraction(120)
CLOCK = BarClock(RATE, TEMPO)
BEAT = RATE // 2
FADE = round(FADE_MS * RATE / 1000.0)
CHANNEL = 2

EFFECTS: list[HeldEffect] = [
    Stutter(Fraction(1, 4)),
    Stutter(Fraction(1, 8)),
    Stutter(Fraction(1)),
    BeatRepeat(Fraction(1)),
    BeatRepeat(Fraction(4)),
    TapeStop(Fraction(2)),
    Brake(),
    Gate((1.0, 0.0, 0.5, 0.25) * 4),
]


def start(samples: FloatArray, bpm: Fraction = TEMPO, channel: int = CHANNEL) -> Script:
    """Return a script of a loop of a bar that goes with the clock."""

    def begin(mixer: Mixer) -> None:
        mixer.set_clock(bpm, 4, bars=Fraction(0))
        mixer.play(1, loop_of(samples), fade_ms=5.0, channel=channel, lock=BarLock(1, anchor=Fraction(0)))

    return [(0, begin)]


def hold(effect: HeldEffect | None, channel: int = CHANNEL) -> Command:
    return lambda mixer: mixer.hold(channel, effect)


def ticks(hits: list[int], level: float = 0.5) -> FloatArray:
    """Return a bar with short decaying hits at these places, each of its own sound."""
    out = np.zeros((4 * BEAT, 2), dtype=np.float32)
    for number, at in enumerate(hits):
        n = min(3000, len(out) - at)
        decay = np.exp(-np.arange(n) / 700.0)[:, None]
        out[at : at + n] += (level * decay * noise(n, seed=number, level=0.3)).astype(np.float32)
    return out


BAR = noise(4 * BEAT, seed=4, level=0.1)


@cache
def alone(n_beats: int) -> FloatArray:
    """Return so many beats of the loop alone."""
    return rendered(start(BAR), n_beats * BEAT, 512)


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
@pytest.mark.parametrize("channel", [CHANNEL, MIX])
def test_what_is_held_knows_no_block_size(effect: HeldEffect, channel: int) -> None:
    down, up = 5 * BEAT + 4321, 8 * BEAT + 1234
    script: Script = [*start(BAR), (down, hold(effect, channel)), (up, hold(None, channel))]
    script = [*script, (up + 9000, hold(effect, channel)), (up + 9100, hold(EFFECTS[0], channel))]
    script = [*script, (up + 21_000, hold(None, channel))]
    whole = rendered(script, 14 * BEAT, 20_000)
    for block in (64, 777):
        np.testing.assert_array_equal(rendered(script, 14 * BEAT, block), whole)


@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
@pytest.mark.parametrize("down", [10 * BEAT + 5, 10 * BEAT + 3000, 11 * BEAT - 20, 11 * BEAT])
def test_it_is_heard_within_a_grid_step_and_leaves_to_the_music(effect: HeldEffect, down: int) -> None:
    up = down + 2 * BEAT + 700
    music = alone(22)
    out = rendered([*start(BAR), (down, hold(effect)), (up, hold(None))], 22 * BEAT, 512)
    np.testing.assert_array_equal(out[:down], music[:down])
    differs = np.flatnonzero(np.abs(out - music).max(axis=1) > 0.01)
    grid = effect.beats if isinstance(effect, Stutter) else Fraction(1)
    latest = down + round(grid * BEAT) + 200
    if isinstance(effect, BeatRepeat) and effect.beats == 4:
        # A bar ago is what the loop has now, too: a repeat of it is heard, and is the loop.
        assert len(differs) < FADE
    else:
        assert down <= differs[0] <= latest
    after = {Stutter: 2.0 * BEAT, TapeStop: 2.0 * BEAT}.get(type(effect), 1.0 * BEAT)
    if not isinstance(effect, Stutter):
        np.testing.assert_array_equal(out[up + round(after) + FADE :], music[up + round(after) + FADE :])
    else:
        # But for its room, which rings on.
        assert rms((out - music)[up + 2 * BEAT :]) < 0.3 * rms(BAR)


@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
@pytest.mark.parametrize("down", [6 * BEAT + 5, 7 * BEAT - 20])
def test_nothing_clicks(effect: HeldEffect, down: int) -> None:
    """A tone that suits no grid: every join is between other phases."""
    wave = tone(4 * BEAT, turns=4 * 83 + 1, level=0.2)
    up = down + 2 * BEAT + 700
    out = rendered([*start(wave), (down, hold(effect)), (up, hold(None))], 14 * BEAT, 512)
    gate = 0.2 / (0.003 * RATE) * 1.5 if isinstance(effect, Gate) else 0.2 / FADE * 3.0
    # Two tones meet in a join, and a room has its own beside them.
    room = 2.2 if isinstance(effect, Stutter) else 1.5
    assert largest_step(out[BEAT:]) < room * largest_step(wave) + gate


def test_where_nothing_sounds_nothing_is_held() -> None:
    mixer = Mixer(RATE)
    silence = rendered([(10, hold(Stutter())), (11, hold(Gate(), MIX))], 4000, 512, mixer)
    assert not silence.any()
    assert mixer.is_silent
    out = rendered(start(BAR), 6 * BEAT, 512, mixer)
    np.testing.assert_allclose(out[5 * BEAT : 6 * BEAT - 600], BAR[BEAT : 2 * BEAT - 600], atol=0.2)


def test_the_clock_and_the_music_go_on_beneath() -> None:
    mixer, plain = Mixer(RATE), Mixer(RATE)
    rendered([*start(BAR), (6 * BEAT, hold(TapeStop()))], 10 * BEAT, 512, mixer)
    rendered(start(BAR), 10 * BEAT, 512, plain)
    assert mixer.snapshot(CHANNEL) == plain.snapshot(CHANNEL)
    ends = [one.blocks[-1].bars_after(one.blocks[-1].n_samples) for one in (mixer, plain)]
    assert ends[0] == ends[1]


# --- stutter ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grid", [Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)])
@pytest.mark.parametrize("late_ms", [-30.0, 0.0, 18.0])
def test_a_stutter_is_cut_at_the_hit_near_the_grid(grid: Fraction, late_ms: float) -> None:
    """The hit was played early or late: it is heard on the grid, again and again, and is the same each time."""
    n_step = round(grid * BEAT)
    if abs(late_ms) > 300.0 * float(grid):
        pytest.skip("beyond the neighbouring step")
    late = round(late_ms * RATE / 1000.0)
    line = 6 * BEAT
    bar = ticks([(line - n_step + late) % (4 * BEAT)])
    out = rendered([*start(bar), (line - n_step // 2, hold(Stutter(grid)))], line + 8 * n_step, 512)
    lines = [CLOCK.line_of(Fraction(6, 4) + k * grid / 4) for k in range(4)]
    repeats = [out[at : at + n_step - FADE] for at in lines]
    begins = bar[(line - n_step + late) % (4 * BEAT) :][: min(600, n_step - FADE)]
    for repeat in repeats:
        # A room rises beneath it. Within a millisecond it is on the grid, with what it begins with.
        off = min(range(44), key=lambda n: rms(repeat[: len(begins) - 44] - begins[n : len(begins) - 44 + n]))
        assert rms(repeat[: len(begins) - 44] - begins[off : len(begins) - 44 + off]) < 0.2 * rms(begins)
    assert rms(repeats[0][:200] - repeats[1][:200]) < 0.1 * rms(repeats[0][:200])


def test_a_stutter_in_a_pause_of_the_music_takes_the_loudest_spot() -> None:
    """Something always happens: under -45 dB the loudest of late is repeated."""
    bar = ticks([BEAT // 2])
    line = 8 * BEAT
    out = rendered([*start(bar), (line - 100, hold(Stutter(Fraction(1, 4))))], line + BEAT, 512)
    assert rms(out[line + BEAT // 4 : line + BEAT // 2]) > 0.5 * rms(bar[BEAT // 2 : BEAT * 3 // 4])


def test_a_stutters_room_rises_over_four_beats_and_leaves() -> None:
    bar = ticks([0, BEAT, 2 * BEAT, 3 * BEAT])
    up = 13 * BEAT
    out = rendered([*start(bar), (8 * BEAT, hold(Stutter(Fraction(1, 2)))), (up, hold(None))], 24 * BEAT, 512)
    # Between hits there is the room alone.
    gaps = [rms(out[at + BEAT // 2 - 6000 : at + BEAT // 2 - 1000]) for at in range(8 * BEAT, 13 * BEAT, BEAT // 2)]
    assert gaps[7] > 2.0 * gaps[0]
    np.testing.assert_array_equal(out[-BEAT:], rendered(start(bar), 24 * BEAT, 512)[-BEAT:])


def test_a_tap_is_heard_once() -> None:
    bar = ticks([0, BEAT, 2 * BEAT, 3 * BEAT])
    script: Script = [*start(bar), (6 * BEAT + 900, hold(BeatRepeat())), (6 * BEAT + 1000, hold(None))]
    out, music = rendered(script, 12 * BEAT, 512), rendered(start(bar), 12 * BEAT, 512)
    np.testing.assert_allclose(out[7 * BEAT : 8 * BEAT - FADE], music[6 * BEAT : 7 * BEAT - FADE], atol=1e-7)
    np.testing.assert_array_equal(out[8 * BEAT :], music[8 * BEAT :])


# --- beat repeat ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bpm", [Fraction(97), Fraction(120), Fraction(173)])
@pytest.mark.parametrize("beats", [Fraction(1, 2), Fraction(2)])
def test_a_beat_repeat_has_the_last_beats_again_on_the_grid(bpm: Fraction, beats: Fraction) -> None:
    clock = BarClock(RATE, bpm)
    bar = noise(round(clock.bar_samples), seed=2, level=0.1)
    grid = min(beats, Fraction(1))
    down = clock.line_of(Fraction(2)) + 3000
    first = clock.next_line(down, grid / 4)
    music = rendered(start(bar, bpm), 6 * RATE, 512)
    out = rendered([*start(bar, bpm), (down, hold(BeatRepeat(beats)))], 6 * RATE, 512)
    begun = clock.bars_at(first)
    lines = [clock.next_line(first, beats / 4, clock.bars_of_next_line(first, grid / 4)) for _ in (0,)]
    n = round(beats * clock.bar_samples / 4)
    for number in range(3):
        at = clock.line_of(clock.bars_of_next_line(first, grid / 4) + number * beats / 4)
        if at + n - FADE - 2 > len(out):
            break
        np.testing.assert_array_equal(out[at : at + n - FADE - 2], music[first - n : first - FADE - 2])
    assert begun >= 2
    assert lines[0] == first


# --- tape stop, brake -------------------------------------------------------------------------------------------------


def _hertz(samples: FloatArray) -> float:
    """Return the frequency of a tone by its zero crossings."""
    wave = samples[:, 0]
    ups = np.flatnonzero((wave[:-1] < 0.0) & (wave[1:] >= 0.0))
    return float(RATE * (len(ups) - 1) / (ups[-1] - ups[0]))


@pytest.mark.parametrize("effect", [TapeStop(Fraction(4)), Brake(Fraction(4))], ids=repr)
def test_the_tape_slows_to_a_stand(effect: HeldEffect) -> None:
    wave = tone(4 * BEAT, turns=2000, level=0.2)
    down = 4 * BEAT
    out = rendered([*start(wave), (down, hold(effect))], 12 * BEAT, 512)
    for share in (0.25, 0.5, 0.75):
        at = down + round(share * 4 * BEAT)
        assert _hertz(out[at - 1000 : at + 1000]) == pytest.approx(1000.0 * (1.0 - share), rel=0.03)
    assert not out[down + 4 * BEAT + 200 :].any()


def test_the_tape_starts_again_in_phase_with_the_clock() -> None:
    bar = ticks([0, BEAT, 2 * BEAT, 3 * BEAT], level=0.9)
    wave = bar + tone(4 * BEAT, turns=2000, level=0.1)
    down, up = 4 * BEAT, 9 * BEAT + 2000
    script: Script = [*start(wave), (down, hold(TapeStop(Fraction(2)))), (up, hold(None))]
    out, music = rendered(script, 14 * BEAT, 512), rendered(start(wave), 14 * BEAT, 512)
    # At the first beat that is half a beat away or more.
    line = 10 * BEAT
    np.testing.assert_array_equal(out[line:], music[line:])
    middle = (up + line) // 2
    assert _hertz(out[middle - 1000 : middle + 1000]) == pytest.approx(500.0, rel=0.05)
    # Just before the line it is at speed and at the music's own place.
    before = slice(line - FADE - 60, line)
    assert rms(out[before] - music[before]) < 0.2 * rms(music[before])


def test_a_brake_is_back_with_the_next_quarter_beat() -> None:
    down, up = 5 * BEAT, 7 * BEAT + BEAT // 4 - 2000
    out = rendered([*start(BAR), (down, hold(Brake())), (up, hold(None))], 9 * BEAT, 512)
    music = alone(9)
    line = 7 * BEAT + BEAT // 4
    assert not out[6 * BEAT : line - FADE].any()
    np.testing.assert_array_equal(out[line:], music[line:])


# --- gate -------------------------------------------------------------------------------------------------------------


def test_a_gate_is_in_step_with_the_bars() -> None:
    levels = (1.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.25, 0.0, 1.0, 0.0, 0.0, 0.0, 0.75, 0.0, 1.0, 0.0)
    ones = np.full((4 * BEAT, 2), 0.1, dtype=np.float32)
    out = rendered([*start(ones), (4 * BEAT + 100, hold(Gate(levels)))], 12 * BEAT, 512) / 0.1
    sixteenth, edge = BEAT / 4, round(0.003 * RATE)
    for number in range(17, 48):
        line = round(number * sixteenth)
        np.testing.assert_allclose(out[line + edge : line + BEAT // 4 - 1], levels[number % 16], atol=1e-3)
        assert out[line - 1, 0] == pytest.approx(levels[(number - 1) % 16], abs=0.01)


# --- with pauses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", EFFECTS[:4], ids=repr)
@pytest.mark.parametrize("channel", [CHANNEL, MIX])
def test_a_pause_silences_what_is_held_and_it_goes_on_after_it(effect: HeldEffect, channel: int) -> None:
    script: Script = [*start(BAR), (5 * BEAT, hold(effect, channel)), (8 * BEAT, lambda m: m.pause(10.0))]
    script = [*script, (12 * BEAT, lambda m: m.resume(10.0))]
    out = rendered(script, 16 * BEAT, 512)
    if not isinstance(effect, Stutter):
        assert not out[8 * BEAT + 500 : 12 * BEAT].any()
    assert rms(out[11 * BEAT : 12 * BEAT]) < 0.1 * rms(BAR)
    assert largest_step(out[8 * BEAT - 500 : 8 * BEAT + 500]) < 1.3 * largest_step(out[5 * BEAT : 8 * BEAT])
    undisturbed = rendered(script[:2], 16 * BEAT, 512)
    stood = 4 * BEAT - 441
    if not isinstance(effect, Stutter):
        np.testing.assert_allclose(out[12 * BEAT + 500 :], undisturbed[12 * BEAT + 500 - stood : -stood], atol=1e-6)


@pytest.mark.parametrize("effect", EFFECTS[:5], ids=repr)
@pytest.mark.parametrize("channel", [CHANNEL, MIX])
def test_what_is_held_ends_with_the_music(effect: HeldEffect, channel: int) -> None:
    wave, at = tone(4 * BEAT, turns=4 * 83 + 1, level=0.2), 8 * BEAT + 1000
    mixer = Mixer(RATE)
    script: Script = [*start(wave), (6 * BEAT, hold(effect, channel)), (at, lambda m: m.stop(50.0))]
    out = rendered(script, 10 * BEAT, 512, mixer)
    assert largest_step(out[at - 500 :]) < 1.7 * largest_step(wave)
    after = at + round(0.050 * RATE)
    if not isinstance(effect, Stutter):
        assert not out[after:].any()
        assert mixer.is_silent
    # What plays next is not held by a key that was not released, nor by its release.
    again = rendered([(0, hold(None, channel)), *start(BAR)], 16 * BEAT, 512, mixer)
    np.testing.assert_array_equal(again[-BEAT:], rendered(start(BAR), 16 * BEAT, 512)[-BEAT:])


def test_what_is_held_goes_through_the_strips_effects() -> None:
    script: Script = [(0, lambda m: m.set_effects(CHANNEL, Effects(lowpass_hz=200.0))), *start(BAR)]
    out = rendered([*script, (5 * BEAT, hold(BeatRepeat()))], 9 * BEAT, 512)
    assert rms(out[7 * BEAT :]) < 0.2 * rms(BAR)
