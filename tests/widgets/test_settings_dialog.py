# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from engine.values import OutputDevice, RoomTaken
from widgets.settings_dialog import SettingsDialog
from widgets.settings_values import GeneratorChoice, SettingsValues

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
BOX = QDialogButtonBox.StandardButton
GENERATORS = (
    GeneratorChoice("composer", "Built-in composer", (), 5.0, 60.0),
    GeneratorChoice("musicgpt", "MusicGPT", ("small", "medium"), 1.0, 30.0, "not found"),
)
DEFAULTS = SettingsValues(
    "composer",
    "",
    "",
    True,
    "seamless loop",
    None,
    60,
    2.0,
    30.0,
    0.0,
    True,
    -16.0,
    60.0,
    0.08,
    "",
    "",
    0.0,
    0,
    "system",
)
CHANGED = SettingsValues(
    generator="musicgpt",
    model="medium",
    musicgpt_path="/opt/musicgpt",
    add_loop_words=False,
    loop_words="no intro",
    device=("ALSA", "USB DAC"),
    latency_ms=200,
    min_loop_s=4.5,
    min_play_s=120.0,
    max_play_s=600.0,
    make_again=False,
    target_lufs=-14.0,
    sleep_fade_s=450.0,
    tempo_reach=0.12,
    save_folder="/srv/kept",
    data_folder="/srv/music",
    room_gb=12.5,
    room_days=90,
    language="it",
)
DEVICES = (OutputDevice("ALSA", "default", 2, 48000, True), OutputDevice("JACK", "USB DAC", 2, 44100, False))


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(CHANGED, DEFAULTS, GENERATORS)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    return dialog


@pytest.mark.parametrize("values", [DEFAULTS, CHANGED], ids=["defaults", "changed"])
def test_what_goes_in_comes_out(qtbot: QtBot, values: SettingsValues) -> None:
    dialog = SettingsDialog(values, DEFAULTS, GENERATORS)
    qtbot.addWidget(dialog)
    assert dialog.values() == values
    dialog.set_devices(DEVICES)
    assert dialog.values() == values, "a device that is not there is not forgotten"


def test_ok_tells_once_and_cancel_nothing(dialog: SettingsDialog, qtbot: QtBot) -> None:
    accepted = QSignalSpy(dialog.settings_accepted)
    dialog.min_play_spin.setValue(60.0)
    QTest.mouseClick(dialog.buttons.button(BOX.Ok), LEFT)
    assert accepted.count() == 1
    assert accepted.at(0)[0] == replace(CHANGED, min_play_s=60.0)
    assert not dialog.isVisible()
    dialog.open()
    dialog.min_play_spin.setValue(90.0)
    QTest.mouseClick(dialog.buttons.button(BOX.Cancel), LEFT)
    assert accepted.count() == 1
    dialog.open()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert accepted.count() == 1
    assert not dialog.isVisible()


def test_restore_defaults_waits_for_ok(dialog: SettingsDialog, qtbot: QtBot) -> None:
    accepted, paths = QSignalSpy(dialog.settings_accepted), QSignalSpy(dialog.musicgpt_path_changed)
    QTest.mouseClick(dialog.buttons.button(BOX.RestoreDefaults), LEFT)
    assert dialog.values() == DEFAULTS
    assert (accepted.count(), paths.count()) == (0, 1)
    assert dialog.isVisible()
    QTest.mouseClick(dialog.buttons.button(BOX.RestoreDefaults), LEFT)
    assert paths.count() == 1, "a place that did not change is not looked at again"


def test_devices_are_asked_for_and_chosen_by_host_and_name(dialog: SettingsDialog, qtbot: QtBot) -> None:
    wishes = QSignalSpy(dialog.devices_requested)
    dialog.tabs.setCurrentIndex(1)
    QTest.mouseClick(dialog.refresh_button, LEFT)
    assert wishes.count() == 1
    dialog.set_devices(DEVICES)
    texts = [dialog.device_combo.itemText(i) for i in range(dialog.device_combo.count())]
    assert texts == ["System default", "ALSA: default", "JACK: USB DAC", "ALSA: USB DAC (not there now)"]
    QTest.keyClick(dialog.device_combo, Qt.Key.Key_Up)
    assert dialog.values().device == ("JACK", "USB DAC")
    QTest.keyClick(dialog.device_combo, Qt.Key.Key_Home)
    assert dialog.values().device is None


def test_a_generator_brings_its_models(dialog: SettingsDialog, qtbot: QtBot) -> None:
    QTest.keyClick(dialog.generator_combo, Qt.Key.Key_Up)
    assert (dialog.values().generator, dialog.values().model) == ("composer", "")
    assert not dialog.model_combo.isEnabled()
    QTest.keyClick(dialog.generator_combo, Qt.Key.Key_Down)
    assert (dialog.values().generator, dialog.values().model) == ("musicgpt", "small")
    assert dialog.generator_note.text() == "not found"


def test_the_loop_words_are_seen_and_turned_off(dialog: SettingsDialog, qtbot: QtBot) -> None:
    assert not dialog.loop_words_edit.isEnabled()
    QTest.keyClick(dialog.loop_words_check, Qt.Key.Key_Space)
    assert dialog.loop_words_edit.isEnabled()
    dialog.loop_words_edit.clear()
    QTest.keyClicks(dialog.loop_words_edit, "8 measures")
    assert (dialog.values().add_loop_words, dialog.values().loop_words) == (True, "8 measures")


def test_musicgpts_place_is_told_once_and_its_state_shown(dialog: SettingsDialog, qtbot: QtBot) -> None:
    paths = QSignalSpy(dialog.musicgpt_path_changed)
    dialog.musicgpt_edit.selectAll()
    QTest.keyClicks(dialog.musicgpt_edit, "/usr/bin/musicgpt")
    assert paths.count() == 0
    dialog.model_combo.setFocus()
    dialog.musicgpt_edit.setFocus()
    dialog.model_combo.setFocus()
    assert [paths.at(i)[0] for i in range(paths.count())] == ["/usr/bin/musicgpt"]
    dialog.set_musicgpt_status("Found at /usr/bin/musicgpt")
    assert dialog.musicgpt_status.text() == "Found at /usr/bin/musicgpt"


def test_browsing_fills_in_what_was_chosen(
    dialog: SettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = QSignalSpy(dialog.musicgpt_path_changed)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    QTest.mouseClick(dialog.musicgpt_browse, LEFT)
    assert dialog.values().musicgpt_path == CHANGED.musicgpt_path
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/usr/bin/musicgpt", ""))
    QTest.mouseClick(dialog.musicgpt_browse, LEFT)
    assert dialog.values().musicgpt_path == "/usr/bin/musicgpt"
    assert paths.count() == 1
    dialog.tabs.setCurrentIndex(3)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/srv/elsewhere")
    QTest.mouseClick(dialog.folders_page.data_browse, LEFT)
    assert dialog.values().data_folder == "/srv/elsewhere"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/srv/records")
    QTest.mouseClick(dialog.folders_page.save_browse, LEFT)
    assert (dialog.values().save_folder, dialog.values().data_folder) == ("/srv/records", "/srv/elsewhere")


def test_languages_call_themselves_by_their_own_names(dialog: SettingsDialog) -> None:
    combo = dialog.language_combo
    assert [combo.itemText(i) for i in range(combo.count())] == ["System", "Italiano", "English"]


def test_no_maximum_is_said_in_words(dialog: SettingsDialog) -> None:
    dialog.max_play_spin.setValue(0.0)
    assert dialog.max_play_spin.text() == "no limit"
    assert dialog.values().max_play_s == 0.0
    dialog.max_play_spin.setValue(999.0)
    assert dialog.values().max_play_s == 3600.0


def test_loudness_and_reach_stay_in_their_bounds(dialog: SettingsDialog) -> None:
    for number, low, high in ((0.0, -8.0, 0.25), (-99.0, -30.0, 0.0)):
        dialog.loudness_spin.setValue(number)
        dialog.reach_spin.setValue(999.0 if number == 0.0 else -1.0)
        assert (dialog.values().target_lufs, dialog.values().tempo_reach) == (low, high)


def test_room_says_what_is_taken_and_no_limit_in_words(dialog: SettingsDialog) -> None:
    page = dialog.room_page
    assert page.taken_label.text() == "", "not said before it is known"
    page.set_taken(RoomTaken(int(2.34e9), 650, 10.8e9, int(41e9)))
    assert page.taken_label.text() == "Takes now: 650, 2.34 GB of 10.8 GB. 41.0 GB of their disk are free."
    page.set_taken(RoomTaken(0, 0, 10e9, None))
    assert page.taken_label.text() == "Takes now: 0, 0.00 GB of 10.0 GB."
    page.size_spin.setValue(0.0)
    page.age_spin.setValue(0)
    assert (page.size_spin.text(), page.age_spin.text()) == ("a quarter of the free disk", "for ever")
