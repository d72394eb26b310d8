# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel's effects are the same whatever the chunks, with corners where they should be and the dry sound kept."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import cycle

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.playback.mix.delay import Echoes
from engine.playback.mix.effects import Rack, RackSettings
from engine.playback.mix.filters import CONTROL_SAMPLES, OPEN, Corners, corners_of
from engine.units import amplitude_to_db
from engine.values import Effects, FloatArray
from engine.values.channels import MOST_FEEDBACK
from tests.engine.playback.material import RATE, largest_step, noise, rms, tone

EVERYTHING = Effects(highpass_hz=120.0, lowpass_hz=6000.0, reverb=0.4, room=0.7)


def settings_of(effects: Effects) -> RackSettings:
    """Return the settings of a rack at 120 beats a minute."""
    echoes = Echoes(effects.delay, effects.delay_feedback, round(RATE * effects.delay_beats / 2))
    return RackSettings(corners_of(effects), echoes, effects.reverb, effects.room)


def rack_of(effects: Effects, n_channels: int = 2, sample_rate: int = RATE) -> Rack:
    rack = Rack(sample_rate, n_channels)
    rack.jump(settings_of(effects))
    return rack


def through(effects: Effects, samples: FloatArray, chunks: list[int] | None = None) -> FloatArray:
    rack, out, at = rack_of(effects, samples.shape[1]), samples.copy(), 0
    for n in cycle(chunks or [1024]):
        if at >= len(samples):
            break
        rack.process(out[at : at + n], 0)
        at += n
    return out


def moved(rack: Rack, samples: FloatArray, corners: Callable[[int], Corners], *, reverb: float = 0.0) -> FloatArray:
    """Return the samples through a rack whose corners are moved from segment to segment."""
    out = samples.copy()
    for at in range(0, len(samples), CONTROL_SAMPLES):
        rack.begin_segment(RackSettings(corners(at + CONTROL_SAMPLES), reverb=reverb))
        rack.process(out[at : at + CONTROL_SAMPLES], 0)
    return out


@given(
    effects=st.builds(
        Effects,
        highpass_hz=st.none() | st.floats(20.0, 20_000.0),
        lowpass_hz=st.none() | st.floats(20.0, 20_000.0),
        resonance=st.floats(0.0, 1.0),
        delay=st.just(0.0) | st.floats(0.01, 1.0),
        delay_beats=st.fractions(Fraction(1, 256), 16),
        delay_feedback=st.floats(0.0, MOST_FEEDBACK),
        reverb=st.floats(0.0, 1.0),
        room=st.floats(0.0, 1.0),
    ),
    chunks=st.lists(st.sampled_from([1, 7, 64, 513, 4096, 20_000]), min_size=1, max_size=4),
    n_channels=st.sampled_from([1, 2]),
)
@example(Effects(highpass_hz=7342.0, lowpass_hz=20.0), [1], 1)
@example(Effects(highpass_hz=9750.0, lowpass_hz=25.0, reverb=1.0, room=0.0), [513, 1], 1)
@settings(deadline=None, max_examples=15)
def test_the_same_samples_whatever_the_chunks(effects: Effects, chunks: list[int], n_channels: int) -> None:
    samples = noise(9000, n_channels=n_channels)
    out = through(effects, samples, chunks)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    np.testing.assert_array_equal(out, through(effects, samples, [9000]))


def test_without_effects_sound_passes_to_the_bit() -> None:
    rack = rack_of(Effects())
    assert rack.is_empty
    assert rack.tail_samples == 0
    np.testing.assert_array_equal(through(Effects(), noise(512)), noise(512))


def _level_db(effects: Effects, hertz: int) -> float:
    """Return the level in dB of a tone of ``hertz`` through ``effects``, once it has settled."""
    samples = tone(RATE, turns=hertz)
    return amplitude_to_db(rms(through(effects, samples)[RATE // 2 :]) / rms(samples[RATE // 2 :]))


@pytest.mark.parametrize("corner_hz", [60, 1000, 8000])
def test_filters_take_3_db_at_their_corner_and_let_pass_what_is_beyond(corner_hz: int) -> None:
    high, low = Effects(highpass_hz=corner_hz), Effects(lowpass_hz=corner_hz)
    assert _level_db(high, corner_hz) == pytest.approx(-3.0, abs=0.3)
    assert _level_db(low, corner_hz) == pytest.approx(-3.0, abs=0.3)
    assert _level_db(high, corner_hz // 4) < -11.0
    assert _level_db(low, corner_hz // 4) > -0.5
    assert _level_db(low, min(2 * corner_hz, 20_000)) < -6.0


def test_a_corner_beyond_what_the_rate_holds_is_no_fault() -> None:
    rack, samples = rack_of(Effects(lowpass_hz=20_000.0, highpass_hz=20.0), sample_rate=22_050), noise(4000)
    rack.process(samples, 0)
    assert np.isfinite(samples).all()


def test_the_room_is_added_to_the_sound_which_keeps_its_level() -> None:
    click = np.zeros((RATE, 2), dtype=np.float32)
    click[100] = 0.5
    heard = {share: through(Effects(reverb=share), click) for share in (0.1, 0.5, 1.0)}
    for out in heard.values():
        np.testing.assert_allclose(out[100], 0.5, atol=1e-3)
    rooms = [rms(out[200:]) for out in heard.values()]
    assert rooms[0] < rooms[1] < rooms[2]
    assert rooms[2] == pytest.approx(10.0 * rooms[0], rel=0.05)


@pytest.mark.parametrize("room", [0.0, 0.5, 0.8])
def test_the_tail_is_over_when_it_says(room: float) -> None:
    effects = Effects(reverb=1.0, room=room)
    n_tail = rack_of(effects).tail_samples
    samples = np.zeros((RATE // 2 + n_tail + RATE // 2, 2), dtype=np.float32)
    samples[: RATE // 2] = noise(RATE // 2)
    out = through(effects, samples)
    at_its_start = rms(out[RATE // 4 : RATE // 2])
    assert rms(out[RATE // 2 + n_tail :]) < 1e-5 * at_its_start
    # Nor is it said to be much longer than it is.
    assert rms(out[RATE // 2 + n_tail // 4 :][: RATE // 20]) > 1e-5 * at_its_start


@pytest.mark.parametrize("first", [OPEN, Corners(OPEN.highpass_hz, 3000.0)])
def test_corners_that_move_are_heard_move_without_a_step(first: Corners) -> None:
    """A filter that jumped from segment to segment would crackle: beside the tone there is nothing."""
    wave, n = tone(2 * RATE, turns=880), 2 * RATE
    rack = Rack(RATE, 2)
    rack.jump(RackSettings(first))
    out = moved(rack, wave, lambda at: Corners(OPEN.highpass_hz, 12_000.0 * (100.0 / 12_000.0) ** (at / n)))
    # But for the filter's own beginning in the middle of a wave.
    assert largest_step(out[1000:]) < 1.05 * largest_step(wave)
    spectrum = np.abs(np.fft.rfft(out[RATE // 2 : RATE, 0] * np.blackman(RATE // 2)))
    spectrum[220 - 30 : 220 + 30] = 0.0
    assert amplitude_to_db(spectrum.max() / (0.1 * RATE)) < -70.0
    assert rms(out[-1000:]) < 0.3 * rms(wave)


def test_corners_that_have_arrived_are_those_of_a_filter_that_never_moved() -> None:
    samples, aim = noise(RATE), Corners(200.0, 4000.0)
    rack = Rack(RATE, 2)
    out = moved(rack, samples, lambda at: Corners(200.0, 15_000.0) if at < RATE // 3 else aim)
    still = through(Effects(highpass_hz=200.0, lowpass_hz=4000.0), samples)
    np.testing.assert_allclose(out[-8000:], still[-8000:], atol=1e-4)
    assert not rack.is_empty
    # Opened again, sound passes as it is.
    np.testing.assert_array_equal(moved(rack, samples, lambda _: OPEN)[2 * CONTROL_SAMPLES :], samples[512:])
    assert rack.is_empty


def test_a_room_that_was_left_is_empty_when_it_is_entered_again() -> None:
    rack, loud, silence = Rack(RATE, 2), noise(RATE), np.zeros((8 * RATE, 2), dtype=np.float32)
    moved(rack, loud, lambda _: OPEN, reverb=0.5)
    moved(rack, loud, lambda _: OPEN, reverb=0.0)
    moved(rack, silence, lambda _: OPEN, reverb=0.0)
    assert rack.is_empty
    assert rms(moved(rack, silence[:RATE], lambda _: OPEN, reverb=0.5)) < 1e-6
