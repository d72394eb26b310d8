# SPDX-License-Identifier: GPL-3.0-or-later
"""The status in shared memory is read as it was written, whole, however fast it is being written."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from engine.playback.status import Heartbeat, StatusReader, StatusWriter, status_block
from engine.processes import ChildProcess
from engine.values import MIXER_CHANNELS, SILENT_CHANNEL, PlaybackSnapshot
from tests.engine.playback.hammer import FULL, numbered

assert FULL.input is not None
INPUT = FULL.input
SILENT = PlaybackSnapshot((SILENT_CHANNEL,) * MIXER_CHANNELS, (-120.0, -120.0), (-120.0, -120.0), 0, 0.0, 0.0, "")


def test_nothing_is_read_before_something_was_written() -> None:
    assert StatusReader(status_block()).read() is None


@pytest.mark.parametrize("snapshot", [SILENT, FULL, replace(FULL, input=replace(INPUT, ahead=None))])
@pytest.mark.parametrize("is_opening", [True, False])
def test_what_was_written_is_read(snapshot: PlaybackSnapshot, *, is_opening: bool) -> None:
    block = status_block()
    StatusWriter(block).write(snapshot, Heartbeat(9, is_opening))
    for _ in range(2):
        assert StatusReader(block).read() == (snapshot, Heartbeat(9, is_opening))


def test_a_name_that_is_too_long_is_cut_between_characters() -> None:
    block = status_block()
    StatusWriter(block).write(replace(FULL, device="é" * 200 + "x"), Heartbeat(1, is_opening=False))
    status = StatusReader(block).read()
    assert status is not None
    assert status.snapshot.device == "é" * 128


def test_a_writer_that_was_killed_as_it_wrote_leaves_what_it_told_before_and_the_next_goes_on() -> None:
    block = status_block()
    writer, reader = StatusWriter(block), StatusReader(block)
    writer.write(FULL, Heartbeat(1, is_opening=False))
    before = reader.read()
    block.memory[0] += 1
    block.memory[40:80] = bytes(40)
    assert reader.read() == before
    StatusWriter(block).write(SILENT, Heartbeat(2, is_opening=False))
    assert reader.read() == (SILENT, Heartbeat(2, is_opening=False))


def test_no_reading_is_torn_while_another_process_writes_without_a_pause() -> None:
    block = status_block()
    reader = StatusReader(block)
    writer = ChildProcess("tests.engine.playback.hammer")
    writer.send(block)
    seen: set[int] = set()
    while len(seen) < 3000:
        assert writer.is_alive()
        status = reader.read()
        if status is not None:
            number = status.heartbeat.beats
            assert status.snapshot == numbered(number)
            seen.add(number)
    writer.close()


def test_reading_it_loads_no_sound_library() -> None:
    names = "[name for name in ('sounddevice', 'PySide6', 'pedalboard') if name in sys.modules]"
    code = f"import sys, engine.playback.player; print({names})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
