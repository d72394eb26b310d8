# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch hears what listeners hear, and how long nothing is heard; minutes are whole and follow one another."""

from __future__ import annotations

import numpy as np
import pytest

from engine.broadcast.encoder import StreamEncoder
from engine.broadcast.forms import MP3
from engine.broadcast.minutes import MINUTE_S, Minutes
from engine.broadcast.watch import StreamWatch
from engine.values import FloatArray
from tests.engine.broadcast.streams import RATE, decoded, tone


def _watched(*sounds: FloatArray) -> StreamWatch:
    encoder, watch = StreamEncoder(MP3, RATE), StreamWatch(MP3)
    for sound in sounds:
        for at in range(0, len(sound), RATE // 4):
            watch.take(encoder.encode(sound[at : at + RATE // 4]))
    encoder.close()
    return watch


def test_dead_air_is_as_long_as_it_was() -> None:
    watch = _watched(tone(2.0), np.zeros((3 * RATE, 2), dtype=np.float32), tone(2.0))

    assert watch.most_dead_s == pytest.approx(3.0, abs=0.1)
    assert watch.dead_s < 0.01
    assert watch.n_unreadable == 0


def test_air_that_is_still_dead_counts() -> None:
    watch = _watched(tone(1.0), np.zeros((2 * RATE, 2), dtype=np.float32))

    assert watch.dead_s == pytest.approx(2.0, abs=0.15)
    assert watch.most_dead_s == watch.dead_s


def test_music_with_soft_moments_is_not_dead() -> None:
    assert _watched(tone(2.0), tone(2.0, level=0.01), tone(2.0)).most_dead_s < 0.05


def test_rubbish_ends_nothing() -> None:
    watch = StreamWatch(MP3)
    watch.take(np.random.default_rng(1).bytes(100_000))

    encoder = StreamEncoder(MP3, RATE)
    watch.take(encoder.encode(tone(2.0)))
    encoder.close()
    assert watch.dead_s < 0.1


def test_a_minute_is_a_file_and_the_next_one_goes_on_where_it_ended() -> None:
    encoder, minutes, end = StreamEncoder(MP3, RATE), Minutes(RATE), 0
    whole: list[bytes] = []
    sound = tone(1.0)
    assert minutes.latest == b""
    for second in range(round(2 * MINUTE_S) + 2):
        content = encoder.encode(sound)
        end += RATE
        minutes.keep(end, content)
        if second == 5:
            assert len(decoded(minutes.latest)[0]) / RATE == pytest.approx(6.0, abs=0.1)
        if not whole or minutes.latest != whole[-1]:
            whole.append(minutes.latest)
    encoder.close()

    first, second_ = (decoded(one)[0] for one in whole[-2:])
    assert len(first) / RATE == pytest.approx(MINUTE_S, abs=1.1)
    assert len(second_) / RATE == pytest.approx(MINUTE_S, abs=0.1)
    assert np.abs(second_[RATE:]).max() == pytest.approx(0.285, rel=0.05)
