# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard acts when nothing is heard that should be, and only then."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.errors import StudioError
from engine.qt import player_link
from engine.qt.guard import Guard
from engine.qt.links import close_together
from engine.qt.player_link import PlayerLink
from engine.recording.machine import Heard
from engine.values import BakedLoop, LoopRegion

pytestmark = pytest.mark.gui

RATE = 44_100


class Told(PlayerLink):
    """Remembers what it was told; it has no process, and so is always opening."""

    is_opening = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.deeds: list[str] = []

    def play_on(self) -> None:
        self.deeds.append("play on")

    def renew(self, error: StudioError) -> None:
        self.deeds.append(str(error))


class Watched:
    def __init__(self, parent: QObject) -> None:
        self.player = Told(parent)
        self.should_play = True
        self.guard = Guard(self.player, lambda: self.should_play, parent)
        self.lines: list[str] = []
        self.guard.happened.connect(lambda line: self.lines.append(str(line)))
        # A second of sound, two of silence.
        samples = np.zeros((3 * RATE, 2), dtype=np.float32)
        samples[:RATE] = 0.1
        self.guard.lead(BakedLoop(samples, RATE, LoopRegion(0, 3 * RATE), 0, 0.0))

    def hear(self, seconds: float, peak: float) -> None:
        for _ in range(round(10 * seconds)):
            self.guard.hear(Heard(RATE // 10, peak))


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    parent = QObject()
    yield Watched(parent)
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_process_that_starts_is_not_expected_to_be_heard(qtbot: QtBot) -> None:
    """However long that takes on a busy machine: what is too long is its heart's to say."""
    parent = QObject()
    link = PlayerLink(parent)
    assert link.is_opening, "there is none"
    link.start()
    assert link._process.heartbeat().beats == 0
    assert link.is_opening
    qtbot.waitUntil(lambda: not link.is_opening, timeout=30_000)
    assert link._process.heartbeat().beats > 0
    close_together([link.release(), link.release_spare()])
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_process_that_does_not_start_is_followed_by_one_that_may_take_longer(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    link = PlayerLink(parent)
    set_aside: list[int | None] = []
    monkeypatch.setattr(player_link, "set_store_aside", lambda: set_aside.append(link.pid))
    monkeypatch.setattr(player_link, "QUIET_LIMIT_S", 1.0)
    deaths: list[StudioError] = []
    link.died.connect(deaths.append)
    link.start()
    still = link.pid
    assert still is not None
    os.kill(still, signal.SIGSTOP)
    qtbot.waitUntil(lambda: not link.is_opening, timeout=60_000)
    assert link.pid != still
    # What it may have kept locked is out of the next one's way before it starts.
    assert set_aside[0] == still
    assert [error.fields["limit_s"] for error in deaths] == [1.0, 2.0, 4.0, 8.0][: len(deaths)]
    close_together([link.release(), link.release_spare()])
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_loops_own_silence_is_music(watched: Watched) -> None:
    for _ in range(10):
        watched.hear(1.0, 0.1)
        watched.hear(2.0, 0.0)
    assert watched.player.deeds == []


def test_silence_beyond_it_starts_the_loop_again_then_the_process(watched: Watched) -> None:
    watched.hear(1.0, 0.1)
    watched.hear(3.5, 0.0)
    assert watched.player.deeds == ["play on"]
    assert watched.lines == ["No sound for 3 s: the loop was started again"]
    watched.hear(3.5, 0.0)
    assert len(watched.player.deeds) == 2
    assert "the audio process was started again" in watched.player.deeds[1]
    assert len(watched.lines) == 1, "the end of a process is told by its link"
    watched.hear(1.0, 0.1)
    assert [line.split(" after ")[0] for line in watched.lines[1:]] == ["Sound is back"], "once"


def test_sound_that_was_stopped_is_not_back(watched: Watched) -> None:
    watched.hear(3.5, 0.0)
    watched.should_play = False
    watched.hear(0.1, 0.0)
    watched.should_play = True
    watched.hear(1.0, 0.1)
    assert len(watched.lines) == 1


def test_silence_that_was_asked_for_is_none(watched: Watched) -> None:
    watched.should_play = False
    watched.hear(10.0, 0.0)
    watched.should_play = True
    watched.player.set_volume(0.0)
    watched.hear(10.0, 0.0)
    watched.player.set_volume(0.01)
    watched.hear(10.0, 0.001)
    assert watched.player.deeds == []
