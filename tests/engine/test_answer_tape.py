# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer tape plays what was laid last, at its frames, and leaves out what is late."""

from __future__ import annotations

import numpy as np
import pytest

from engine.answer_tape import ANSWER_S, CROSS_S, AnswerReader, AnswerWriter, answer_block
from engine.shared import SharedBlock
from engine.values import FloatArray

RATE = 1000
N_CROSS = round(CROSS_S * RATE)


class Ends:
    """Both ends of a tape."""

    def __init__(self) -> None:
        self.block: SharedBlock = answer_block(RATE)
        self.writer, self.reader = AnswerWriter(self.block), AnswerReader(self.block)
        self.at = 0

    def take(self, n: int) -> FloatArray:
        out = np.zeros((n, 2), dtype=np.float32)
        self.reader.add_to(out, self.at, np.zeros_like(out))
        self.at += n
        return out[:, 0]


def level(n: int, of: float = 1.0) -> FloatArray:
    return np.full((n, 2), of, dtype=np.float32)


def test_what_is_laid_is_played_at_its_frames_and_once() -> None:
    ends = Ends()
    assert ends.writer.lay(100, level(200)) == (200, 0)
    heard = ends.take(500)
    assert not heard[:100].any()
    assert (heard[100 + N_CROSS : 300] == 1.0).all()
    assert (np.diff(heard[99 : 100 + N_CROSS]) > 0.0).all()
    assert not heard[300:].any()
    ends.take(round(ANSWER_S * RATE) - 500)
    assert not ends.take(500).any()


def test_a_later_plan_takes_the_place_of_an_earlier_one_from_its_first_frame_on() -> None:
    ends = Ends()
    ends.writer.lay(0, level(2000))
    ends.take(300)
    assert ends.writer.lay(500, level(400, 0.5)) == (400, 0)
    heard = ends.take(1700)
    assert (heard[:200] == 1.0).all()
    assert (heard[200 + N_CROSS : 600] == 0.5).all()
    # The earlier plan goes on nowhere.
    assert not heard[600:].any()
    assert np.abs(np.diff(heard[200 : 200 + N_CROSS])).max() <= 0.5 / N_CROSS + 1e-6


def test_what_is_late_is_left_out_and_the_rest_is_played_at_once() -> None:
    ends = Ends()
    ends.take(300)
    assert ends.writer.lay(200, level(400), margin=50) == (250, 150)
    heard = ends.take(400)
    assert not heard[:50].any()
    assert (heard[50 + N_CROSS : 300] == 1.0).all()
    assert not heard[300:].any()
    assert ends.writer.lay(200, level(100)) == (0, 100)
    assert not ends.take(200).any()


def test_no_more_is_laid_than_there_is_room_for() -> None:
    ends = Ends()
    n = round(ANSWER_S * RATE)
    laid = ends.writer.lay(0, level(2 * n))
    assert laid == (n - RATE, 0)
    heard = np.concatenate([ends.take(RATE) for _ in range(2 * n // RATE)])
    assert (heard[N_CROSS : n - RATE] == 1.0).all()
    assert not heard[n - RATE :].any()


def test_an_end_fades_out() -> None:
    ends = Ends()
    ends.writer.lay(0, level(3000))
    ends.take(100)
    ends.writer.end(fade_s=0.2)
    heard = ends.take(1000)
    assert (np.diff(heard[:200]) < 0.0).all()
    assert not heard[200:].any()


def test_gain_moves_without_a_step() -> None:
    ends = Ends()
    ends.writer.lay(0, level(3000))
    ends.take(100)
    ends.writer.set_gain(0.25)
    heard = ends.take(100)
    assert heard[-1] == pytest.approx(0.25)
    assert np.abs(np.diff(heard)).max() < 0.01
    assert (ends.take(100) == 0.25).all()


def test_frames_that_a_reader_left_out_do_not_come_round_again() -> None:
    ends = Ends()
    ends.writer.lay(0, level(2000))
    ends.take(100)
    ends.at = 1500
    heard = np.concatenate([ends.take(500), *(ends.take(1000) for _ in range(24))])
    assert (heard[:500] == 1.0).all()
    assert not heard[500:].any()
