# SPDX-License-Identifier: GPL-3.0-or-later
"""The welcome page comes at the first start alone, holds up nothing, and what is chosen there is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app import paths
from app.controllers.studio import Controller
from app.controllers.welcome import WelcomeController
from app.main_window import MainWindow
from app.paths import RESOURCES
from app.settings import read_settings
from app.studio import build
from engine.errors import DeviceError, WorkerLacksPart
from engine.qt.studio import StudioEngine
from engine.session.options import Places
from engine.tape import TapeWriter
from engine.values import OutputDevice
from tests.snapshots import playing
from tests.standins import install_musicgpt
from widgets.guide.welcome_page import WelcomePage

pytestmark = pytest.mark.gui

USB = OutputDevice("ALSA", "USB", 2, 48_000, False)


class Start:
    """A start of the studio has its window, with an engine that was not started: its signals are told by hand."""

    def __init__(self, qtbot: QtBot, *, reopen: Callable[[], None] | None = None) -> None:
        self.qtbot = qtbot
        loaded = read_settings(paths.settings_file(), aside=True)
        self.is_first = loaded.is_first
        self.window: MainWindow
        self.engine: StudioEngine
        self.window, self.engine = build(
            loaded.settings, Places(str(RESOURCES / "starters")), greets=loaded.is_first, reopen=reopen
        )
        qtbot.addWidget(self.window)
        self.window.show()
        controller, welcome = self.window.findChild(Controller), self.window.findChild(WelcomeController)
        assert isinstance(controller, Controller)
        assert isinstance(welcome, WelcomeController)
        self.controller, self.welcome = controller, welcome

    @property
    def page(self) -> WelcomePage:
        """Return the page, once it is there."""
        self.qtbot.waitUntil(lambda: self.welcome.page is not None and self.welcome.page.isVisible())
        assert self.welcome.page is not None
        return self.welcome.page

    def close(self) -> None:
        self.window.close()
        self.engine.shut_down()


Starts = Callable[..., Start]


@pytest.fixture
def starts(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starts]:
    """Yield what starts the studio in a home where it never was."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    begun: list[Start] = []

    def start(**options: Any) -> Start:
        begun.append(Start(qtbot, **options))
        return begun[-1]

    yield start
    for one in begun:
        one.close()


def test_it_comes_once_even_if_the_studio_is_killed_and_for_the_menu_again(starts: Starts, qtbot: QtBot) -> None:
    first = starts()
    wanted = QSignalSpy(first.welcome.devices_wanted)
    assert not first.page.isModal()
    assert wanted.count() == 1
    first.engine.output.devices_listed.emit((USB,))
    assert first.page.device_combo.count() == 2
    # It is never closed: what was written by then must do.
    qtbot.waitUntil(lambda: paths.settings_file().exists())
    second = starts()
    assert not second.is_first
    qtbot.wait(600)
    assert second.welcome.page is None
    action = next(one for one in second.window.prompt_bar.menu_button.actions() if one.text() == "&Welcome page…")
    action.trigger()
    page = second.page
    action.trigger()
    assert second.welcome.page is page, "there is one"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert second.welcome.page is None


def test_a_damaged_settings_file_is_no_first_start(starts: Starts) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text("{", encoding="utf-8")
    assert not starts().is_first


def test_the_music_begins_from_the_page_and_beside_it(starts: Starts, qtbot: QtBot) -> None:
    start = starts()
    started = QSignalSpy(start.controller.start_wanted)
    page = start.page
    # The window works while the page is open.
    QTest.mouseClick(start.window.prompt_bar.start_button, Qt.MouseButton.LeftButton)
    assert (started.count(), page.isVisible()) == (1, True)
    start.engine.transport.running_changed.emit(True)
    assert start.welcome.page is None, "the person went on without it"
    start.engine.transport.running_changed.emit(False)
    start.welcome.show()
    qtbot.waitUntil(start.page.isActiveWindow)
    QTest.keySequence(start.page, "Ctrl+Return")
    qtbot.waitUntil(lambda: started.count() == 2)
    assert start.welcome.page is None
    start.window.prompt_bar.edit.clear()
    start.welcome.show()
    QTest.mouseClick(start.page.start_button, Qt.MouseButton.LeftButton)
    assert (started.count(), bool(start.window.notice_bar.notice())) == (2, True), "what AVVIA would say"


def test_music_that_began_before_the_page_came_is_left_alone(starts: Starts, qtbot: QtBot) -> None:
    start = starts()
    start.engine.transport.running_changed.emit(True)
    qtbot.wait(600)
    assert start.welcome.page is None
    start.welcome.show()
    assert start.page.skip_button.isHidden()


def test_device_and_program_are_kept_at_once(starts: Starts, tmp_path: Path, qtbot: QtBot) -> None:
    start = starts()
    page, store = start.page, start.controller.store
    start.engine.output.devices_listed.emit((USB,))
    ended = QSignalSpy(start.welcome.end_tone_wanted)
    QTest.keyClick(page.device_combo, Qt.Key.Key_Down)
    assert (store.settings.device, ended.count()) == (("ALSA", "USB"), 1)
    path, status = page.generator_rows["musicgpt"].controls["path"].widget, page.status_labels["musicgpt"]
    assert isinstance(path, QLineEdit)
    assert "was not found" in status.text()
    for text, kept, words in (
        ("~nosuchuser/musicgpt", "", "there is no user of that name"),
        (str(tmp_path), "", "is a folder"),
        (str(install_musicgpt(tmp_path / "bin")), str(tmp_path / "bin" / "musicgpt"), "Found at"),
        ("", "", "was not found"),
    ):
        path.setFocus()
        path.selectAll()
        QTest.keyClick(path, Qt.Key.Key_Delete)
        QTest.keyClicks(path, text)
        QTest.keyClick(path, Qt.Key.Key_Return)
        assert words in status.text()
        assert store.settings.generator_parameters.get("musicgpt", {}).get("path", "") == kept
        assert path.text() == text, "it can be corrected"
    qtbot.waitUntil(lambda: read_settings(paths.settings_file()).settings.device == ("ALSA", "USB"))
    # What is being typed counts when the page goes.
    qtbot.waitUntil(page.isActiveWindow)
    path.setFocus()
    QTest.keyClicks(path, "/opt/x")
    QTest.keyClick(path, Qt.Key.Key_Escape)
    assert start.welcome.page is None
    assert store.settings.generator_parameters == {"musicgpt": {"path": "/opt/x"}}


def test_the_tone_is_heard_as_long_as_the_page_is_there(starts: Starts) -> None:
    start = starts()
    page, output = start.page, start.engine.output
    wanted, ended = QSignalSpy(start.welcome.tone_wanted), QSignalSpy(start.welcome.end_tone_wanted)
    player = start.engine.on_thread.player
    tape, sound = TapeWriter(player.tape), np.full((4_410, 2), (0.1, 0.0), dtype=np.float32)

    def hear(device: str = "default") -> None:
        tape.write(sound)
        player.heard_frame += len(sound)
        output.snapshot_taken.emit(replace(playing(), device=device))

    hear()
    assert page.meter.peak_db == [-60.0, -60.0], "what was heard before the tone is none of its business"
    QTest.mouseClick(page.tone_button, Qt.MouseButton.LeftButton)
    assert wanted.count() == 1
    output.device_changed.emit("default", None)
    output.check_tone_changed.emit(True)
    assert page.tone_button.is_heard
    assert page.sound_label.text().startswith("Sent to “System default”. Not heard?")
    hear(device="")
    assert page.meter.peak_db == [-60.0, -60.0], "a silent clock is no device"
    hear()
    assert page.meter.peak_db == [pytest.approx(-20.0), -60.0]
    output.check_tone_changed.emit(False)
    assert not page.tone_button.is_heard
    page.reject()
    assert ended.count() == 1
    # The meter sinks no more.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_keeps_the_tone_from_being_heard_is_told(starts: Starts) -> None:
    start = starts()
    page, output = start.page, start.engine.output
    start.controller.store.change(device=("ALSA", "USB"))
    output.device_changed.emit("", DeviceError(device="USB", detail="it is gone or no longer takes sound"))
    assert page.sound_label.property("role") == "warning"
    output.device_changed.emit("default", None)
    assert page.sound_label.text().endswith("Meanwhile it is sent to “System default”.")
    assert "USB" in page.sound_label.text()
    page.device_combo.activated.emit(0)
    output.device_changed.emit("default", None)
    assert page.sound_label.text().startswith("Sent to"), "another device was chosen"
    start.controller.store.change(volume_db=-60.0)
    output.check_tone_changed.emit(True)
    assert "volume is at mute" in page.sound_label.text()
    output.device_changed.emit("default", None)
    assert "volume is at mute" in page.sound_label.text(), "it is, wherever the sound goes"
    start.engine.notices.failed.emit(WorkerLacksPart(worker="audio", exit_code=1, detail="no PortAudio"))
    assert "no PortAudio" in page.sound_label.text()


def test_a_language_has_the_window_opened_anew_where_nothing_plays(starts: Starts, qtbot: QtBot) -> None:
    reopened: list[str] = []
    start = starts(reopen=lambda: reopened.append("anew"))
    combo = start.page.language_combo
    assert isinstance(combo, QComboBox)
    # Passed by with the arrow keys: system, Italian, English.
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClick(combo, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: bool(reopened))
    assert start.controller.store.settings.language == "it"
    assert start.page.language_label.text() == ""
    start.page.reject()
    start.engine.transport.running_changed.emit(True)
    start.welcome.show()
    QTest.keyClick(start.page.language_combo, Qt.Key.Key_Up)
    QTest.keyClick(start.page.language_combo, Qt.Key.Key_Down)
    assert start.page.language_label.text() == "The window speaks it from its next start."
    qtbot.wait(800)
    assert reopened == ["anew"], "the music goes on"


def test_the_tour_begins_from_the_page(starts: Starts) -> None:
    start = starts()
    begun = QSignalSpy(start.controller.tour.started)
    QTest.mouseClick(start.page.tour_button, Qt.MouseButton.LeftButton)
    assert (begun.count(), start.welcome.page) == (1, None)
