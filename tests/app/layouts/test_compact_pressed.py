# SPDX-License-Identifier: GPL-3.0-or-later
"""Mini and the small window are the studio in little: what is pressed or dropped there, or said, is as ever."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.controllers.compact import CompactController
from app.layouts import Form
from app.settings import Settings
from engine.values import PlaybackSnapshot, TransportState
from tests.app.layouts.hands import Studio
from tests.app.layouts.little import CONTROL, LEFT, LITTLE, PLAYING, SHIFT, in_little, playing, small
from tests.app.windows import hidden_of
from widgets.controls import Level
from widgets.dialogs.settings_dialog import SettingsDialog

pytestmark = pytest.mark.gui


# --- what is pressed there --------------------------------------------------------------------------------------------


def test_every_button_of_mini_asks_for_what_it_says(studio: Studio) -> None:
    studio.use("mini")
    window = studio.window
    bar, transport, volume = window.prompt_bar, window.transport_bar, window.output_panel.volume
    transport.set_state(PLAYING)
    bar.set_can_save(True)
    studio.settle()
    for button, signal in (
        (bar.start_button, bar.start_requested),
        (bar.save_button, bar.save_requested),
        (transport.pause_button, transport.pause_requested),
        (transport.next_button, transport.next_requested),
    ):
        assert hidden_of(button) == ""
        spy = QSignalSpy(signal)
        QTest.mouseClick(button, LEFT)
        assert spy.count() == 1, button.accessibleName()
    spy = QSignalSpy(window.output_panel.volume_changed)
    QTest.keyClick(volume.slider, Qt.Key.Key_PageDown)
    assert spy.count() == 1
    assert volume.value() == -6.0
    assert window.output_panel.volume_gain() < 1.0


def test_it_is_the_same_studio_in_little(studio: Studio, tmp_path: Path) -> None:
    for name in LITTLE:
        in_little(studio, name)
        keys_of_what_is_hidden_do_what_they_always_do(studio)
        notices_are_seen_and_put_away_there(studio)
        files_are_dropped_there(studio, tmp_path)


def keys_of_what_is_hidden_do_what_they_always_do(little: Studio) -> None:
    transport = little.window.transport_bar
    keys = (
        (Qt.Key.Key_Space, CONTROL, transport.pause_requested),
        (Qt.Key.Key_N, CONTROL, transport.next_requested),
        (Qt.Key.Key_N, CONTROL | SHIFT, transport.previous_requested),
        (Qt.Key.Key_H, CONTROL, transport.hold_requested),
        (Qt.Key.Key_D, CONTROL, transport.favourite_requested),
        (Qt.Key.Key_K, CONTROL, transport.keep_requested),
        (Qt.Key.Key_R, CONTROL, transport.record_requested),
        (Qt.Key.Key_Return, CONTROL, little.window.prompt_bar.start_requested),
        (Qt.Key.Key_S, CONTROL, little.window.prompt_bar.save_requested),
    )
    name = little.button.current()
    for layout in (name, "inspect", name):
        if little.button.current() != layout:
            little.use(layout)
        for key, modifiers, signal in keys:
            spy = QSignalSpy(signal)
            QTest.keyClick(little.window, key, modifiers)
            assert spy.count() == 1, (layout, key)


def test_the_small_window_takes_prompt_and_duration_says_status_and_quits(studio: Studio) -> None:
    studio.use("small")
    window, panel = studio.window, small(studio)
    edit, duration = window.prompt_bar.edit, window.generate_panel.duration
    QTest.mouseClick(edit, LEFT)
    edit.selectAll()
    QTest.keyClicks(edit, "slow rain")
    spy = QSignalSpy(window.prompt_bar.start_requested)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert spy.count() == 1
    assert panel.isAncestorOf(duration)
    spy = QSignalSpy(window.generate_panel.duration_changed)
    before_s = duration.value()
    QTest.keyClick(duration.slider, Qt.Key.Key_Left)
    assert spy.count() == 1
    assert duration.value() == before_s - 1.0
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert duration.value() == before_s, "undone, as in the full window"
    window.notice_bar.clear_notice("undo")
    height = window.height()
    QTest.keyClick(window, Qt.Key.Key_I, CONTROL | SHIFT)
    studio.settle()
    assert not panel.lines.isVisible()
    assert window.height() < height - 60
    QTest.mouseClick(panel.status_button, LEFT)
    studio.settle()
    assert window.height() == height
    assert panel.lines.isVisible()
    spy = QSignalSpy(window.closing)
    QTest.mouseClick(panel.quit_button, LEFT)
    assert spy.count() == 1
    assert not window.isVisible()


@pytest.mark.soak
def test_what_is_pressed_is_heard(no_sound: None, settings: Settings, qtbot: QtBot) -> None:
    studio = Studio(qtbot, replace(settings, duration_s=8.0, layout="mini"))
    window, engine = studio.window, studio.engine
    heard: list[PlaybackSnapshot] = []
    engine.output.snapshot_taken.connect(heard.append)
    states: list[TransportState] = []
    engine.transport.changed.connect(states.append)
    engine.start()
    qtbot.waitUntil(window.prompt_bar.save_button.isEnabled, timeout=30_000)
    QTest.mouseClick(window.prompt_bar.start_button, LEFT)
    qtbot.waitUntil(lambda: playing(studio).line.fraction() > 0.0, timeout=30_000)

    def steps() -> list[int]:
        """Return by how many samples the music moved on between the last snapshots of one loop."""
        last = [one.endless for one in heard[-8:]]
        return [b.position_samples - a.position_samples for a, b in pairwise(last) if a.loop_id == b.loop_id]

    title = window.now_playing_panel.title_label.text()
    assert playing(studio).label.text().startswith(title)
    del heard[:]
    qtbot.waitUntil(lambda: len(heard) >= 8, timeout=30_000)
    assert sorted(steps())[len(steps()) // 2] > 0.1 * 44_100, "told seldom while nothing moves"
    QTest.keyClick(window, Qt.Key.Key_Space, CONTROL)
    qtbot.waitUntil(lambda: states[-1].is_paused, timeout=30_000)
    QTest.mouseClick(window.transport_bar.pause_button, LEFT)
    qtbot.waitUntil(lambda: not states[-1].is_paused, timeout=30_000)
    studio.use("small")
    qtbot.waitUntil(lambda: small(studio).status()[0].startswith(title) and " s" in small(studio).status()[1])
    studio.use("inspect")
    qtbot.waitUntil(lambda: bool(steps()) and 0 < min(one for one in steps() if one) < 0.1 * 44_100, timeout=30_000)
    studio.use("mini")
    QTest.mouseClick(window.prompt_bar.start_button, LEFT)
    qtbot.waitUntil(lambda: not states[-1].is_running, timeout=30_000)
    assert playing(studio).line.fraction() == 0.0
    studio.close()


# --- what is said there -----------------------------------------------------------------------------------------------


def notices_are_seen_and_put_away_there(little: Studio) -> None:
    window = little.window
    size = window.size()
    window.notice_bar.show_notice("MusicGPT was not found", Level.WARNING, "generator")
    window.notice_bar.show_notice("No sound output was found", Level.WARNING, "device")
    little.settle()
    assert hidden_of(window.notice_bar) == ""
    assert hidden_of(window.notice_bar.dismiss_button) == ""
    assert window.size() == size, "nothing jumps"
    line = window.compact.playing
    is_mini = window.compact.form is Form.MINI
    assert line is None or not line.isVisible(), "the notice stands where the title was"
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert not window.notice_bar.isVisible()
    assert window.prompt_bar.understood_row.isVisible() is not is_mini
    assert not is_mini or playing(little).isVisible()


@pytest.mark.soak
def test_status_says_what_the_panels_say(studio: Studio) -> None:
    studio.use("small")
    window = studio.window
    window.console_panel.add_line("MusicGPT was not found", Level.WARNING)
    window.output_panel.set_device("Speakers", 0.04)
    window.output_panel.set_xruns(2)
    window.next_panel.set_waiting("“Rain” is ready")
    controller = window.findChild(CompactController)
    assert isinstance(controller, CompactController)
    studio.qtbot.waitUntil(lambda: "Speakers · 40 ms latency · 2 xruns" in small(studio).status())
    told = small(studio).status()
    assert told[0].startswith("Nothing plays")
    assert told[2].startswith("“Rain” is ready")
    assert told[4].endswith("! MusicGPT was not found")


@pytest.mark.soak
def test_dialogs_belong_to_the_window_that_is_seen(little: Studio) -> None:
    QTest.keyClick(little.window, Qt.Key.Key_Comma, CONTROL)
    dialog = little.window.findChild(SettingsDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.window().parent() is little.window
    dialog.reject()
    little.rid_of_dialogs()
    assert little.window.findChildren(QMessageBox) == []


def files_are_dropped_there(little: Studio, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "rain.wav"))])
    window, copy = little.window, Qt.DropAction.CopyAction
    at = QPointF(window.rect().center())
    target = window.drop_target
    assert target is not None
    spy = QSignalSpy(target.dropped)
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(at.toPoint(), copy, data, LEFT, none))
    assert target.isVisible()
    assert target.size() == window.size()
    assert hidden_of(target.title_label) == ""
    QApplication.sendEvent(window, QDropEvent(at, copy, data, LEFT, none))
    assert spy.count() == 1
    assert not target.isVisible()
