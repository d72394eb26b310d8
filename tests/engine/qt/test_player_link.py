# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process seen from the engine thread may take as long as it needs to start."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.errors import StudioError
from engine.qt import player_link
from engine.qt.links import close_together
from engine.qt.player_link import PlayerLink

pytestmark = pytest.mark.gui


def test_a_process_that_starts_is_not_expected_to_be_heard(qtbot: QtBot) -> None:
    """However long a process takes to start on a busy machine, only its heart tells whether it hangs."""
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
