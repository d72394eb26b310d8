# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process seen from the engine thread may take long to start, and its death is made good."""

from __future__ import annotations

import os
import signal
from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.errors import StudioError
from engine.qt import player_link
from engine.qt.links import close_together
from engine.qt.player_link import PlayerLink
from engine.session.ports import Opening
from engine.values import (
    ENDLESS,
    BakedLoop,
    BarLock,
    ChannelParameter,
    Curve,
    Effects,
    Lfo,
    LoopRegion,
    PlaybackSnapshot,
)
from engine.values.audio import STUDIO_SAMPLE_RATE
from engine.values.channels import MIX
from engine.values.held import Gate

pytestmark = pytest.mark.gui


def test_a_process_that_starts_is_not_expected_to_be_heard(qtbot: QtBot) -> None:
    """However long a process takes to start on a busy machine, only its heart tells whether it hangs."""
    parent = QObject()
    link = PlayerLink(parent)
    assert link.is_opening, "there is none"
    link.start()
    assert link.is_opening
    qtbot.waitUntil(lambda: not link.is_opening, timeout=30_000)
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


def test_every_channel_goes_on_as_it_was_after_the_process_died(qtbot: QtBot) -> None:
    """Loops, places, turns, gains and the bar clock: a new process is told the last word of each channel."""
    parent = QObject()
    link = PlayerLink(parent)
    snapshots: list[PlaybackSnapshot] = []
    link.snapshot_taken.connect(snapshots.append)
    link.start()
    link.open(Opening(None, 0.06, silent=True, speed=1.0))
    link.set_clock(Fraction(240), 4)
    link.set_gain(3, 0.25)
    link.set_effects(3, Effects(lowpass_hz=400.0), 20.0)
    link.automate(1, ChannelParameter.GAIN, Lfo(0.5, 1.0))
    link.automate(3, ChannelParameter.LOWPASS_HZ, Curve((300.0, 400.0), Fraction(1, 2)))
    link.set_effects(MIX, Effects(delay=0.2), 20.0)
    link.hold(MIX, Gate())
    n_samples = STUDIO_SAMPLE_RATE // 2
    link.play(7, _loop(n_samples, seed=1), channel=1)
    link.play(8, _loop(3 * n_samples, seed=2), channel=3, lock=BarLock(1))
    link.play(9, _loop(n_samples, seed=3))
    link.stop(channel=ENDLESS)

    def told() -> list[tuple[int | None, int]]:
        return [(one.loop_id, one.turns) for one in snapshots[-1].channels] if snapshots else []

    qtbot.waitUntil(lambda: bool(told()) and told()[1][1] >= 3 and told()[3][0] == 8, timeout=60_000)
    before, dead = snapshots[-1], link.pid
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    qtbot.waitUntil(lambda: link.pid not in {None, dead} and not link.is_opening, timeout=60_000)
    qtbot.waitUntil(lambda: snapshots[-1].channels[1].turns > before.channels[1].turns + 1, timeout=60_000)
    after = snapshots[-1]
    assert [one.loop_id for one in after.channels] == [None, 7, None, 8, *[None] * 4]
    # What was lost is the time until the next process played; the clock went on from the bar that was heard last.
    assert before.bars < after.bars < before.bars + 60.0
    played = [
        (one.channels[1].turns + one.channels[1].position_samples / n_samples) / 2.0 - one.bars
        for one in (before, after)
    ]
    assert played[1] == pytest.approx(played[0], abs=0.1), "loops and clock are as far apart as before"
    close_together([link.release(), link.release_spare()])
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _loop(n_samples: int, seed: int) -> BakedLoop:
    noise = 0.1 * np.random.default_rng(seed).standard_normal((n_samples, 2))
    return BakedLoop(noise.astype(np.float32), STUDIO_SAMPLE_RATE, LoopRegion(0, n_samples), 0, 0.0)
