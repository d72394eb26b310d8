# SPDX-License-Identifier: GPL-3.0-or-later
"""A deck's effects: the same samples whatever the chunks, the corners where they should be, the dry sound kept."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.playback.mix.effects import CHUNK_ROUNDING, EffectChain
from engine.units import amplitude_to_db
from engine.values import Effects, FloatArray
from tests.engine.playback.material import RATE, noise, rms, tone

EVERYTHING = Effects(highpass_hz=120.0, lowpass_hz=6000.0, reverb=0.4, room=0.7)


def through(effects: Effects, samples: FloatArray, chunks: list[int] | None = None) -> FloatArray:
    chain, parts, at = EffectChain(effects, RATE, samples.shape[1]), [], 0
    for n in cycle(chunks or [1024]):
        if at >= len(samples):
            break
        parts.append(np.array(chain.process(samples[at : at + n])))
        at += n
    return np.concatenate(parts)


@given(
    effects=st.builds(
        Effects,
        highpass_hz=st.none() | st.floats(20.0, 20_000.0),
        lowpass_hz=st.none() | st.floats(20.0, 20_000.0),
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
    has_filters = effects.highpass_hz is not None or effects.lowpass_hz is not None
    np.testing.assert_allclose(out, through(effects, samples, [9000]), rtol=0.0, atol=has_filters * CHUNK_ROUNDING)


def test_without_effects_the_samples_themselves_come_back() -> None:
    samples = noise(512)
    chain = EffectChain(Effects(), RATE, 2)
    assert chain.process(samples) is samples
    assert chain.tail_s == 0.0


def test_the_input_is_left_as_it_is_and_nothing_gives_nothing() -> None:
    samples = noise(512)
    before = samples.copy()
    chain = EffectChain(EVERYTHING, RATE, 2)
    chain.process(samples)
    np.testing.assert_array_equal(samples, before)
    assert chain.process(samples[:0]).shape == (0, 2)


def _level_db(effects: Effects, hertz: int) -> float:
    """Of a tone of ``hertz`` through ``effects``, once it has settled."""
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
    chain = EffectChain(Effects(lowpass_hz=20_000.0, highpass_hz=20.0), 22_050, 2)
    assert np.isfinite(chain.process(noise(4000))).all()


def test_the_room_is_added_to_the_sound_which_keeps_its_level() -> None:
    click = np.zeros((RATE, 2), dtype=np.float32)
    click[100] = 0.5
    heard = {share: through(Effects(reverb=share), click) for share in (0.1, 0.5, 1.0)}
    for out in heard.values():
        np.testing.assert_allclose(out[100], 0.5, atol=1e-3)
    rooms = [rms(out[200:]) for out in heard.values()]
    assert rooms[0] < rooms[1] < rooms[2]
    assert rooms[2] == pytest.approx(10.0 * rooms[0], rel=0.05)


@pytest.mark.parametrize("room", [0.0, 0.5, 1.0])
def test_the_tail_is_over_when_it_says(room: float) -> None:
    effects = Effects(reverb=1.0, room=room)
    n_tail = round(EffectChain(effects, RATE, 2).tail_s * RATE)
    samples = np.zeros((RATE // 2 + n_tail + RATE // 2, 2), dtype=np.float32)
    samples[: RATE // 2] = noise(RATE // 2)
    out = through(effects, samples)
    at_its_start = rms(out[RATE // 4 : RATE // 2])
    assert rms(out[RATE // 2 + n_tail :]) < 1e-3 * at_its_start
    # Nor is it said to be much longer than it is.
    assert rms(out[RATE // 2 + n_tail // 4 :][: RATE // 20]) > 1e-3 * at_its_start


def test_reset_forgets() -> None:
    chain = EffectChain(EVERYTHING, RATE, 2)
    first = np.array(chain.process(noise(5000)))
    chain.reset()
    np.testing.assert_array_equal(chain.process(noise(5000)), first)
