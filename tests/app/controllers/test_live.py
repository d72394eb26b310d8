# SPDX-License-Identifier: GPL-3.0-or-later
"""The output is measured only while the music runs and the live panel can be seen, as far as it is heard."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.controllers.live import LiveController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings
from app.settings_store import SettingsStore
from engine.qt.studio import StudioEngine
from engine.session.options import Places, StudioOptions
from engine.tape import TapeWriter

pytestmark = pytest.mark.gui


@pytest.fixture
def live(qtbot: QtBot) -> Iterator[tuple[MainWindow, StudioEngine, LiveController]]:
    """Yield a window, an engine that is not started, and what joins them."""
    window, engine = MainWindow(), StudioEngine(StudioOptions("lofi"), Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    store = SettingsStore(Settings(live_hold=True))
    controller = LiveController(window.live_panel, engine, store)
    window.resize(1440, 900)
    window.reset_layout()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window, engine, controller
    controller.stop()
    store.finish()
    engine.shut_down()


def test_it_is_measured_only_while_it_is_seen(
    live: tuple[MainWindow, StudioEngine, LiveController], qtbot: QtBot
) -> None:
    window, engine, controller = live
    panel = window.live_panel
    assert panel.levels.holds
    tone = 0.5 * np.sin(2.0 * np.pi * 1000.0 * np.arange(96_000) / 48_000)
    writer = TapeWriter(engine.tape)
    writer.write(np.stack([tone, tone], axis=1).astype(np.float32))
    engine.on_thread.player.heard_frame = writer.n_written
    engine.transport.running_changed.emit(True)
    qtbot.wait(300)
    assert not panel.is_seen(), "another tab is in front"
    assert not controller.listener.is_on
    window.go_to_panel("live")
    qtbot.waitUntil(lambda: panel.header.info.startswith("1k Hz −6"))
    assert controller.listener.is_on
    window.show_panel("live", False)
    qtbot.waitUntil(lambda: not controller.listener.is_on)
    window.show_panel("live", True)
    window.go_to_panel("live")
    qtbot.waitUntil(lambda: controller.listener.is_on)
    engine.transport.running_changed.emit(False)
    assert not controller.listener.is_on
