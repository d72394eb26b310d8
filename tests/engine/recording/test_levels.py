# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels of what was heard miss nothing between two looks, however late the second one comes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.recording.levels import HeardLevels
from engine.tape import TapeWriter, tape_block
from engine.units import SILENCE_DB


def test_every_sample_counts_from_one_look_to_the_next() -> None:
    tape, heard = tape_block(8_000), [0]
    writer, levels = TapeWriter(tape), HeardLevels(tape, lambda: heard[0])
    assert levels.look() is None
    sound = np.zeros((2_000, 2), dtype=np.float32)
    sound[100] = (-0.5, 0.0)
    sound[1_000:] = (0.1, -0.25)
    writer.write(sound)
    assert levels.look() is None, "it is mixed, and not heard yet"
    heard[0] = 1_000
    peaks, means = levels.look() or ((), ())
    assert peaks == pytest.approx((-6.02, SILENCE_DB), abs=0.01)
    assert means == pytest.approx((-6.02 - 30.0, SILENCE_DB), abs=0.01)
    heard[0] = 2_000
    peaks, means = levels.look() or ((), ())
    for told in (peaks, means):
        assert told == pytest.approx((-20.0, -12.04), abs=0.01)
    writer.write(sound)
    heard[0] = 3_500
    levels.begin()
    heard[0] = 4_000
    peaks, _ = levels.look() or ((), ())
    assert peaks == pytest.approx((-20.0, -12.04), abs=0.01), "what was before is passed over"
