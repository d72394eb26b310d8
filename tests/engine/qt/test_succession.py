# SPDX-License-Identifier: GPL-3.0-or-later
"""Which loop comes next, judged without a process: commands to a link that was not started are dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from app.paths import RESOURCES
from engine.library.starters import load_starters
from engine.qt.player_link import PlayerLink
from engine.qt.stage import LoopInHand, Stage
from engine.qt.succession import Succession
from engine.values import PlaybackSnapshot

pytestmark = pytest.mark.gui

SILENT = (-120.0, -120.0)


@pytest.fixture
def loops() -> list[LoopInHand]:
    starter = load_starters(RESOURCES / "starters")[0]
    return [LoopInHand.of_recipe(loop_id, starter.clip, starter.recipe) for loop_id in range(4)]


@pytest.fixture
def succession(qtbot: QtBot) -> Iterator[Succession]:
    parent = QObject()
    yield Succession(PlayerLink(parent))
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def consider(succession: Succession, stage: Stage, turns: int = 0) -> None:
    snapshot = PlaybackSnapshot(stage.playing.loop_id, 0, turns, SILENT, SILENT, 0, 0.0, 0.0, "")
    succession.consider(stage, snapshot, min_play_s=30.0, overlap_ms=400.0)


def test_a_loop_comes_after_the_minimum_time_and_after_a_starter_at_once(
    succession: Succession, loops: list[LoopInHand]
) -> None:
    stage = Stage(loops[0], 400.0)
    succession.ready = loops[1]
    consider(succession, stage)
    assert succession.ready is loops[1]
    consider(succession, stage, turns=30)
    assert succession.ready is None
    assert succession.took_over(1) is loops[1]
    assert succession.is_empty

    succession.ready = loops[1]
    consider(succession, Stage(replace(loops[0], is_starter=True), 400.0))
    assert succession.ready is None


def test_what_is_awaited_comes_instead_of_what_waits_and_either_may_be_heard(
    succession: Succession, loops: list[LoopInHand]
) -> None:
    stage = Stage(loops[0], 400.0)
    succession.ready = loops[1]
    consider(succession, stage, turns=30)
    succession.ready = loops[2]
    consider(succession, stage, turns=30)
    assert succession.ready is loops[2], "a takeover waits already"
    succession.hurry = True
    consider(succession, stage)
    assert succession.loop_ids() == {1, 2}
    # The one that waited was just coming in as the other was handed over.
    assert succession.took_over(1) is loops[1]
    assert succession.took_over(2) is loops[2]
    assert succession.took_over(2) is None


def test_what_an_audio_process_took_with_it_is_ready_again(succession: Succession, loops: list[LoopInHand]) -> None:
    stage = Stage(loops[0], 400.0)
    succession.ready, succession.hurry = loops[1], True
    consider(succession, stage)
    succession.call_back()
    assert succession.ready is loops[1]
    consider(succession, stage)
    assert succession.loop_ids() == {1}, "still in a hurry"
    # Not instead of what was made meanwhile.
    succession.ready = loops[2]
    succession.call_back()
    assert succession.ready is loops[2]


def test_nothing_comes_after_a_stop(succession: Succession, loops: list[LoopInHand]) -> None:
    succession.ready, succession.hurry = loops[1], True
    consider(succession, Stage(loops[0], 400.0))
    succession.ready = loops[2]
    succession.clear()
    assert succession.is_empty
    assert succession.took_over(1) is None
    assert not succession.hurry
