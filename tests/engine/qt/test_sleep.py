# SPDX-License-Identifier: GPL-3.0-or-later
"""The sleep timer fades for as long as is set, and no longer than a third of its time."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from engine.qt import sleep
from engine.qt.player_link import PlayerLink
from engine.qt.sleep import TICK_MS, SleepTimer

pytestmark = pytest.mark.gui

TIME_S = 1800.0


class Told(PlayerLink):
    """Remembers which fades it was told; it has no process."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.fades: list[tuple[float, float]] = []

    def set_fader(self, gain: float, ramp_s: float) -> None:
        self.fades.append((gain, ramp_s))


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(("set_s", "fade_s"), [(450.0, 450.0), (1800.0, 600.0)])
def test_the_fade_is_as_long_as_was_set_or_a_third(
    parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, set_s: float, fade_s: float
) -> None:
    now_s = 1000.0
    monkeypatch.setattr(sleep, "time", SimpleNamespace(monotonic=lambda: now_s))
    player = Told(parent)
    timer = SleepTimer(player, parent)
    timer.longest_fade_s = set_s
    timer.set(TIME_S / 60.0)
    with qtbot.waitSignal(timer.is_over):
        while timer.left_s is not None:
            now_s += TICK_MS / 1000.0
            timer._on_tick()
    ((gain, ramp_s),) = player.fades
    assert gain == 0.0
    assert ramp_s == pytest.approx(fade_s, abs=TICK_MS / 1000.0)
    assert now_s == pytest.approx(1000.0 + TIME_S, abs=TICK_MS / 1000.0)
