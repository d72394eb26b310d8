# SPDX-License-Identifier: GPL-3.0-or-later
"""The transmitter has the stream first, and its reserve as soon as a disk gives it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from app.paths import RESOURCES
from engine.broadcast.transmitter import Transmitter
from engine.tape import TapeWriter, tape_block
from engine.values.radio import RadioPlan
from tests.engine.broadcast.streams import RATE, tone

LIMIT_S = 60.0


def carried(transmitter: Transmitter, *, until_reserve: bool) -> None:
    """Have it carry the stream on until its reserve is heard, or for a moment."""
    give_up_s = time.monotonic() + (LIMIT_S if until_reserve else 1.0)
    while time.monotonic() < give_up_s and not (until_reserve and transmitter.is_on_reserve):
        transmitter.tick()
        time.sleep(0.05)


def test_who_joins_hears_the_tape_while_the_disk_of_the_reserve_hangs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    expected_logs.append("there is no reserve")
    (tmp_path / "loop.flac").write_bytes(b"")
    # To open it is to wait for somebody at its other end.
    os.mkfifo(tmp_path / "loop.json")
    block = tape_block(RATE)
    TapeWriter(block).write(tone(8.0, level=0.3))
    transmitter = Transmitter(RadioPlan(port=0, reserve_folder=str(tmp_path)), block, goes_on=True)
    carried(transmitter, until_reserve=False)
    assert transmitter.streamed_s > 3.0
    assert transmitter.watch.most_dead_s < 1.0
    assert not transmitter.is_on_reserve
    # What comes at last is no recipe.
    (tmp_path / "loop.json").write_text("[]", encoding="utf-8")
    give_up_s = time.monotonic() + LIMIT_S
    while not caplog.records:
        assert time.monotonic() < give_up_s
        time.sleep(0.02)
    transmitter.close()


def test_the_reserve_is_heard_where_nothing_comes() -> None:
    transmitter = Transmitter(RadioPlan(port=0, reserve_folder=str(RESOURCES / "starters")), tape_block(RATE))
    carried(transmitter, until_reserve=True)
    assert transmitter.is_on_reserve
    dead_s = transmitter.watch.dead_s
    carried(transmitter, until_reserve=False)
    assert transmitter.watch.dead_s < dead_s + 1.0
    transmitter.close()
