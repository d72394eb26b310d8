# SPDX-License-Identifier: GPL-3.0-or-later
"""The tape gives back what was written, in order and once, and counts what was missed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tape import TAPE_S, TapeReader, TapeWriter, tape_block
from engine.values import FloatArray

RATE = 1000
N_RING = round(TAPE_S * RATE)


def numbered(first: int, n_samples: int) -> FloatArray:
    """Return frames that each tell their number."""
    frames: FloatArray = np.repeat(np.arange(first, first + n_samples, dtype=np.float32)[:, None], 2, axis=1)
    return frames


@given(steps=st.lists(st.tuples(st.integers(0, 9000), st.booleans()), max_size=40))
@settings(max_examples=40, deadline=None)
def test_what_is_read_in_time_is_what_was_written(steps: list[tuple[int, bool]]) -> None:
    tape = tape_block(RATE)
    writer, reader = TapeWriter(tape), TapeReader(tape)
    read: list[FloatArray] = []
    for n_samples, then_reads in steps:
        # A reader that is never a whole tape behind.
        if writer.n_written + n_samples - reader.position > N_RING - RATE:
            read.append(reader.read())
        writer.write(numbered(writer.n_written, n_samples))
        if then_reads:
            read.append(reader.read())
    read.append(reader.read())
    np.testing.assert_array_equal(np.concatenate(read), numbered(0, writer.n_written))
    assert reader.n_missed == 0


def test_what_was_overwritten_is_counted_and_the_rest_is_right() -> None:
    tape = tape_block(RATE)
    writer, reader = TapeWriter(tape), TapeReader(tape)
    for first in range(0, 2 * N_RING, 5000):
        writer.write(numbered(first, 5000))
    taken = reader.read()
    assert reader.n_missed == 2 * N_RING - len(taken) > 0
    np.testing.assert_array_equal(taken, numbered(reader.n_missed, len(taken)))


def test_one_channel_is_both_and_another_writer_goes_on() -> None:
    tape = tape_block(RATE)
    reader = TapeReader(tape)
    TapeWriter(tape).write(numbered(0, 10)[:, :1])
    again = TapeWriter(tape)
    assert (again.n_written, again.sample_rate, reader.sample_rate) == (10, RATE, RATE)
    again.write(numbered(10, 10))
    np.testing.assert_array_equal(reader.read(until=15), numbered(0, 15))
    np.testing.assert_array_equal(reader.read(), numbered(15, 5))
    assert len(reader.read()) == 0


def test_what_was_read_is_read_again_as_far_as_it_is_there() -> None:
    tape = tape_block(RATE)
    writer = TapeWriter(tape)
    writer.write(numbered(0, 100))
    reader = TapeReader(tape)
    reader.go_back(30)
    np.testing.assert_array_equal(reader.read(), numbered(70, 30))
    reader.go_back(1000)
    np.testing.assert_array_equal(reader.read(), numbered(0, 100))
