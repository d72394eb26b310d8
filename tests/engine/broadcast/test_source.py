# SPDX-License-Identifier: GPL-3.0-or-later
"""Played music goes on the air as it is; where nothing is played, the reserve comes in, and makes way again."""

from __future__ import annotations

import numpy as np
import pytest

from engine.broadcast.reserve import BLEND_S, EACH_S, Reserve
from engine.broadcast.source import MOST_DUE_S, QUIET_S, STALLED_S, Source
from engine.tape import TapeReader, TapeWriter, tape_block
from engine.values import FloatArray
from tests.engine.broadcast.streams import RATE, level_of, tone

STEP_S = 0.25
N_STEP = round(STEP_S * RATE)


class _Air:
    """A studio and its radio, in steps of a quarter of a second."""

    def __init__(self, *, reserve: bool = True) -> None:
        block = tape_block(RATE)
        self.writer, self.now_s, self.n_played = TapeWriter(block), 0.0, 0
        loops = [tone(2.0, 1000.0)] if reserve else []
        self.source = Source(TapeReader(block), 0.0, Reserve(loops, RATE) if loops else None)

    def play(self, seconds: float, *, level: float = 0.3, stalls: bool = False) -> FloatArray:
        """Return what goes on the air while the studio plays a tone, silence, or nothing at all."""
        out = []
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            if not stalls:
                self.writer.write(tone(STEP_S, 440.0, level=level, begin=self.n_played))
                self.n_played += N_STEP
            out.append(self.source.take(self.now_s).frames)
        return np.concatenate(out)


def test_what_is_played_goes_out_as_it_is() -> None:
    air = _Air()

    heard = air.play(5.0)

    assert np.array_equal(heard, tone(5.0, 440.0))
    assert not air.source.is_on_reserve


@pytest.mark.parametrize("stalls", [False, True], ids=["silent", "stalled"])
def test_nothing_is_dead_for_longer_than_it_says(stalls: bool) -> None:
    air = _Air()
    air.play(2.0)

    heard = air.play(12.0, level=0.0, stalls=stalls)

    loud = np.flatnonzero(np.abs(heard).max(axis=1) > 0.05)
    assert loud[0] / RATE < QUIET_S + 2 * STEP_S
    assert air.source.is_on_reserve
    assert level_of(heard[-RATE:, 0], RATE, 1000.0) == pytest.approx(0.3, rel=0.01)
    # In real time, whatever the tape does.
    assert len(heard) / RATE == pytest.approx(12.0, abs=STALLED_S)


def test_the_reserve_makes_way_when_the_music_is_back() -> None:
    air = _Air()
    air.play(2.0)
    air.play(6.0, stalls=True)

    heard = air.play(6.0)

    assert not air.source.is_on_reserve
    assert np.array_equal(heard[-RATE:], tone(1.0, 440.0, begin=air.n_played - RATE))
    # And it goes smoothly: no step that neither tone has.
    steps = np.abs(np.diff(heard, axis=0)).max()
    assert steps < 1.1 * (
        np.abs(np.diff(tone(1.0, 440.0), axis=0)).max() + np.abs(np.diff(tone(1.0, 1000.0), axis=0)).max()
    )


def test_a_machine_that_was_asleep_does_not_make_up_for_the_night() -> None:
    air = _Air()
    air.play(2.0)
    air.now_s += 8 * 3600.0

    frames = air.source.take(air.now_s).frames

    assert len(frames) == round(MOST_DUE_S * RATE)


def test_without_a_reserve_silence_goes_out() -> None:
    air = _Air(reserve=False)
    air.play(1.0)

    heard = air.play(8.0, stalls=True)

    assert not heard.any()
    assert not air.source.is_on_reserve


def test_what_is_no_number_is_silence() -> None:
    air = _Air()
    air.writer.write(np.full((N_STEP, 2), np.nan, dtype=np.float32))

    assert not air.source.take(STEP_S).frames.any()


def test_the_reserve_is_endless_and_the_same_in_any_pieces() -> None:
    loops = [tone(7.3, 500.0), tone(11.1, 800.0)]
    one, other = Reserve(loops, RATE), Reserve(loops, RATE)

    whole = one.take(150 * RATE)
    pieces = np.concatenate([other.take(n) for n in (1, 1000, 44_100 * 60, 44_100 * 80 - 1001, 44_100 * 10)])

    np.testing.assert_allclose(pieces, whole, atol=1e-6)
    turn = len(loops[0]) * -(-round(EACH_S * RATE) // len(loops[0]))
    before, after = whole[turn - RATE : turn, 0], whole[turn + round(BLEND_S * RATE) :][:RATE, 0]
    assert level_of(before, RATE, 500.0) == pytest.approx(0.3, rel=0.01)
    assert level_of(after, RATE, 800.0) == pytest.approx(0.3, rel=0.01)
    assert level_of(after, RATE, 500.0) < 0.01
