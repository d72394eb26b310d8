# SPDX-License-Identifier: GPL-3.0-or-later
"""F11 opens the visualiser over the whole screen; it shows what is heard, and has the keys of the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.controllers.compact import CompactController
from app.controllers.live import LiveController
from app.controllers.studio import Controller
from app.controllers.visualiser import VisualiserController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import Settings, load_settings, save_settings
from app.studio import build
from engine.dsp.peaks import peak_pyramid
from engine.qt.studio import StudioEngine
from engine.session.baking import Baker, LoopInHand
from engine.session.now_playing import NowPlaying
from engine.session.options import LoopView, Places
from engine.tape import TapeWriter
from engine.values import PlaybackSnapshot, TransportState
from engine.values.channels import ChannelSnapshot
from engine.values.live import BANDS
from engine.values.picture_options import RIDGES
from tests.starters import shipped
from widgets.visualiser.window import Visualiser

pytestmark = pytest.mark.gui

CONTROL = Qt.KeyboardModifier.ControlModifier
RUNNING = TransportState(is_running=True, has_next=True, has_previous=True)

Studio = tuple[MainWindow, StudioEngine, VisualiserController]


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a window that is shown, an engine that is not started, and what joins them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings = replace(Settings(), data_folder=str(tmp_path / "data"), visual_screen="a screen that was taken away")
    window, engine = build(settings, Places(str(RESOURCES / "starters")))
    qtbot.addWidget(window)
    joined = window.findChild(VisualiserController)
    assert isinstance(joined, VisualiserController)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window, engine, joined
    window.close()
    engine.shut_down()


@pytest.fixture
def view() -> LoopView:
    starter = shipped()[0]
    now = NowPlaying(LoopInHand.of_recipe(7, starter.clip, starter.recipe), Baker(480.0, -16.0))
    return replace(now.view(), peaks=peak_pyramid(starter.clip))


def opened(studio: Studio, qtbot: QtBot) -> Visualiser:
    window, _, joined = studio
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F11)
    one = joined.visualiser
    assert one is not None
    qtbot.waitUntil(one.isActiveWindow)
    return one


def test_f11_fills_the_screen_with_what_is_heard(studio: Studio, view: LoopView, qtbot: QtBot) -> None:
    window, engine, joined = studio
    assert joined.visualiser is None, "nothing is made before it is wanted"
    one = opened(studio, qtbot)
    assert one.isFullScreen()
    assert one.screen() is window.screen()
    qtbot.waitUntil(lambda: one.size() == one.screen().size())
    live = window.live_panel.findChild(LiveController)
    assert isinstance(live, LiveController)
    assert not live.listener.is_on, "the music does not run"

    tone = 0.5 * np.sin(2.0 * np.pi * 1000.0 * np.arange(96_000) / 48_000)
    writer = TapeWriter(engine.tape)
    writer.write(np.stack([tone, tone], axis=1).astype(np.float32))
    engine.on_thread.player.heard_frame = writer.n_written
    half = view.region.n_samples // 2
    engine.loop.changed.emit(view)
    engine.transport.running_changed.emit(True)
    engine.transport.changed.emit(RUNNING)
    engine.output.snapshot_taken.emit(
        PlaybackSnapshot((ChannelSnapshot(7, half),), (-6.0, -6.0), (-9.0, -9.0), 0, 0.1, 0.05, "")
    )
    levels = one.scene.levels
    qtbot.waitUntil(lambda: BANDS[int(levels.bands_db.argmax())][1] == "1k" and float(levels.bands_db.max()) > -8.0)
    leading = one.scene.leading
    assert leading is not None
    assert leading.phase is not None
    assert 0.5 <= leading.phase < 0.5 + 0.3 / leading.turn_s
    assert one.accessibleDescription().startswith(f"{view.recipe.title} · ")
    assert "bpm" in one.accessibleDescription()

    one.hide()
    assert not live.listener.is_on, "a window that is not seen has nothing measured"
    one.show()
    qtbot.waitUntil(lambda: live.listener.is_on)
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert joined.visualiser is None
    assert not live.listener.is_on


def test_beside_mini_it_is_told_as_much_as_ever(studio: Studio, qtbot: QtBot) -> None:
    window, _, joined = studio
    compact = window.findChild(CompactController)
    assert isinstance(compact, CompactController)
    wanted = QSignalSpy(compact.watch_wanted)
    at = [one.name for one in window.prompt_bar.menu_button.layouts()].index("mini") + 1
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + at), CONTROL)
    assert wanted.at(wanted.count() - 1) == [False]
    one = opened(studio, qtbot)
    assert wanted.at(wanted.count() - 1) == [True]
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert joined.visualiser is None
    assert wanted.at(wanted.count() - 1) == [False]


def test_the_keys_of_the_window_work_in_it(studio: Studio, qtbot: QtBot) -> None:
    window, engine, joined = studio
    engine.transport.changed.emit(RUNNING)
    one = opened(studio, qtbot)
    bar = window.transport_bar
    asked = {
        name: QSignalSpy(signal)
        for name, signal in (
            ("pause", bar.pause_requested),
            ("next", bar.next_requested),
            ("previous", bar.previous_requested),
            ("hold", bar.hold_requested),
            ("start", window.prompt_bar.start_requested),
        )
    }
    none = Qt.KeyboardModifier.NoModifier
    for key, modifiers, name in (
        (Qt.Key.Key_Space, none, "pause"),
        (Qt.Key.Key_Space, CONTROL, "pause"),
        (Qt.Key.Key_N, none, "next"),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, "next"),
        (Qt.Key.Key_P, none, "previous"),
        (Qt.Key.Key_H, CONTROL, "hold"),
        (Qt.Key.Key_Return, CONTROL, "start"),
    ):
        before = asked[name].count()
        QTest.keyClick(one, key, modifiers)
        assert asked[name].count() == before + 1, (key, modifiers)
    assert one.view() != RIDGES, "Alt and an arrow are no arrow"
    QTest.keyClick(one, Qt.Key.Key_F11)
    assert joined.visualiser is None


def test_view_and_screen_are_remembered(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    window, _, joined = studio
    controller = window.findChild(Controller)
    assert isinstance(controller, Controller)
    store = controller.store
    one = opened(studio, qtbot)
    QTest.keyClick(one, Qt.Key.Key_Right)
    # There is one screen here: the next one is the same.
    QTest.keyClick(one, Qt.Key.Key_S)
    assert one.isFullScreen()
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert (store.settings.visual_view, store.settings.visual_screen) == (RIDGES, "")
    again = opened(studio, qtbot)
    assert again.view() == RIDGES
    # A desktop has told the name of the screen that it was moved to.
    known = replace(store.settings, visual_screen=QGuiApplication.screens()[-1].name())
    save_settings(tmp_path / "settings.json", known)
    assert load_settings(tmp_path / "settings.json") == known
    # The window's end is that of the visualiser.
    window.close()
    assert joined.visualiser is None
