# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.values import Kind, OutputDevice, Parameter, ParameterValue, RoomTaken
from engine.values.along_options import ALONG_OPTIONS
from engine.values.band_options import BAND_OPTIONS
from engine.values.fragment_options import FRAGMENT_OPTIONS
from engine.values.input_options import INPUT_OPTIONS
from engine.values.jam_options import JAM_OPTIONS
from engine.values.options import DATA_FOLDER, LANGUAGE, MAX_PLAY, MIN_PLAY, OPTIONS, ROOM_DAYS, ROOM_GB, SAVE_FOLDER
from engine.values.picture_options import PICTURE_OPTIONS
from engine.values.radio_options import RADIO_OPTIONS
from engine.values.save_options import SAVE_OPTIONS
from engine.values.together_options import TOGETHER_OPTIONS
from widgets.dialogs.settings_dialog import SettingsDialog
from widgets.generator_choice import GeneratorChoice
from widgets.number_spin import NumberSpin

pytestmark = pytest.mark.gui

GeneratorValues = dict[str, dict[str, ParameterValue]]

LEFT = Qt.MouseButton.LeftButton
BOX = QDialogButtonBox.StandardButton
GPT_PARAMETERS = (
    Parameter("path", Kind.FILE, "", "MusicGPT", "Where the MusicGPT program is", setup=True),
    Parameter("add_loop_words", Kind.SWITCH, True, "Add words", "Add these words to the prompt", setup=True),
    Parameter("loop_words", Kind.TEXT, "seamless", "Words", "The words added", setup=True, needs="add_loop_words"),
    Parameter("warmth", Kind.NUMBER, 1.0, "Warmth", "How warm it is", 0.0, 2.0, 0.25, "suns"),
)
GENERATORS = (
    GeneratorChoice("composer", "Built-in composer", (), 5.0, 60.0),
    GeneratorChoice("musicgpt", "MusicGPT", ("small", "medium"), 1.0, 30.0, "not found", parameters=GPT_PARAMETERS),
)
DEFAULTS: dict[str, Any] = {
    **{one.name: one.default for one in OPTIONS.values()},
    "generator": "composer",
    "model": "",
    "generator_parameters": {},
    "device": None,
}
CHANGED: dict[str, Any] = {
    **DEFAULTS,
    "generator": "musicgpt",
    "model": "medium",
    "generator_parameters": {
        "musicgpt": {"path": "/opt/musicgpt", "add_loop_words": False, "loop_words": "no intro"},
        "not there": {"voice": 3},
    },
    "device": ("ALSA", "USB DAC"),
    "latency_ms": 200,
    "min_loop_s": 4.5,
    "max_loop_s": 16.5,
    "min_play_s": 120.0,
    "max_play_s": 600.0,
    "make_again": False,
    "misfit": "stretch",
    "mend_seams": True,
    "keep_dropped": True,
    "target_lufs": -14.0,
    "sleep_fade_s": 450.0,
    "tempo_reach": 0.12,
    "save_folder": "/srv/kept",
    "data_folder": "/srv/music",
    "room_gb": 12.5,
    "room_days": 90,
    "language": "it",
}
ELSEWHERE = {
    "prompt", "algorithm", "duration_s", "overlap_ms", "transition_entry", "transition_bars", "transition_curve",
    "beat_match", "bass_swap", "volume_db", "save_format", "save_notes", "save_parts", "show_chords", "show_notes",
    "weight_spectral", "weight_waveform", "weight_beat", "weight_phase", *(one.name for one in SAVE_OPTIONS),
    "live_hold", "visual_view", "keep_up", "variations",
    *(one.name for one in PICTURE_OPTIONS),
    "seam_before", "seam_after", "seam_difference", "seam_rendered", "seam_gains", "seam_snap",
    *(one.name for one in FRAGMENT_OPTIONS), *(one.name for one in JAM_OPTIONS),
    *(one.name for one in TOGETHER_OPTIONS), *(one.name for one in RADIO_OPTIONS),
    *(one.name for one in ALONG_OPTIONS), *(one.name for one in INPUT_OPTIONS),
    *(one.name for one in BAND_OPTIONS),
}  # fmt: skip
"""Options that stand in the panels, or that SALVA's own dialog remembers."""
DEVICES = (OutputDevice("ALSA", "default", 2, 48000, True), OutputDevice("JACK", "USB DAC", 2, 44100, False))


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(CHANGED, DEFAULTS, GENERATORS)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    return dialog


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """Return what of the values the dialog shows."""
    return {name: value for name, value in values.items() if name not in ELSEWHERE}


def alike(values: dict[str, Any], others: dict[str, Any]) -> bool:
    """Return whether the values are the same; a number may have been rounded on its way through another unit."""
    return values.keys() == others.keys() and all(
        value == pytest.approx(others[name]) if isinstance(value, float) else value == others[name]
        for name, value in values.items()
    )


def spin_of(dialog: SettingsDialog, option: Parameter) -> NumberSpin:
    spin = dialog.control_of(option).widget
    assert isinstance(spin, NumberSpin)
    return spin


@pytest.mark.parametrize("values", [DEFAULTS, CHANGED], ids=["defaults", "changed"])
def test_what_goes_in_comes_out(qtbot: QtBot, values: dict[str, Any]) -> None:
    dialog = SettingsDialog(values, DEFAULTS, GENERATORS)
    qtbot.addWidget(dialog)
    assert alike(dialog.values(), shown(values))
    dialog.set_devices(DEVICES)
    assert alike(dialog.values(), shown(values)), "a device that is not there is not forgotten"


def test_every_number_has_the_bounds_and_the_unit_of_its_declaration(dialog: SettingsDialog) -> None:
    numbers = [one for one in OPTIONS.values() if one.name not in ELSEWHERE and one.kind in (Kind.NUMBER, Kind.INTEGER)]
    assert numbers
    for option in numbers:
        spin = spin_of(dialog, option)
        assert spin.minimum() * option.shown_in == pytest.approx(option.low)
        assert spin.maximum() * option.shown_in == pytest.approx(option.high)
        assert spin.singleStep() * option.shown_in == pytest.approx(option.step)
        assert spin.suffix() == f" {option.unit}"
        for wild in (-1e12, 1e12):
            spin.setValue(wild)
            assert option.low <= dialog.values()[option.name] <= option.high


def test_ok_tells_once_and_cancel_nothing(dialog: SettingsDialog, qtbot: QtBot) -> None:
    accepted = QSignalSpy(dialog.settings_accepted)
    spin_of(dialog, MIN_PLAY).setValue(60.0)
    QTest.mouseClick(dialog.buttons.button(BOX.Ok), LEFT)
    assert accepted.count() == 1
    assert alike(accepted.at(0)[0], {**shown(CHANGED), "min_play_s": 60.0})
    assert not dialog.isVisible()
    dialog.open()
    spin_of(dialog, MIN_PLAY).setValue(90.0)
    QTest.mouseClick(dialog.buttons.button(BOX.Cancel), LEFT)
    assert accepted.count() == 1
    dialog.open()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert accepted.count() == 1
    assert not dialog.isVisible()


def test_restore_defaults_waits_for_ok_and_leaves_the_music(qtbot: QtBot) -> None:
    music: GeneratorValues = {"musicgpt": {"path": "/opt/musicgpt", "warmth": 2.0}, "composer": {"bars": 8}}
    dialog = SettingsDialog({**CHANGED, "generator_parameters": music}, DEFAULTS, GENERATORS)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    accepted = QSignalSpy(dialog.settings_accepted)
    QTest.mouseClick(dialog.buttons.button(BOX.RestoreDefaults), LEFT)
    kept: GeneratorValues = {"musicgpt": {"warmth": 2.0}, "composer": {"bars": 8}}
    assert alike(dialog.values(), {**shown(DEFAULTS), "generator_parameters": kept})
    assert accepted.count() == 0
    assert dialog.isVisible()


def test_devices_are_asked_for_and_chosen_by_host_and_name(dialog: SettingsDialog, qtbot: QtBot) -> None:
    wishes = QSignalSpy(dialog.devices_requested)
    dialog.tabs.setCurrentIndex(1)
    QTest.mouseClick(dialog.sound_page.refresh_button, LEFT)
    assert wishes.count() == 1
    dialog.set_devices(DEVICES)
    texts = [dialog.sound_page.device_combo.itemText(i) for i in range(dialog.sound_page.device_combo.count())]
    assert texts == ["System default", "ALSA: default", "JACK: USB DAC", "ALSA: USB DAC (not there now)"]
    QTest.keyClick(dialog.sound_page.device_combo, Qt.Key.Key_Up)
    assert dialog.values()["device"] == ("JACK", "USB DAC")
    QTest.keyClick(dialog.sound_page.device_combo, Qt.Key.Key_Home)
    assert dialog.values()["device"] is None


def control_of(dialog: SettingsDialog, name: str) -> QWidget:
    return dialog.generators_page.rows.controls[name].widget


def test_a_generator_brings_its_models_and_what_it_declares_of_this_machine(dialog: SettingsDialog) -> None:
    page = dialog.generators_page
    assert list(page.rows.controls) == ["path", "add_loop_words", "loop_words"], "its music stands elsewhere"
    QTest.keyClick(page.generator_combo, Qt.Key.Key_Up)
    assert (dialog.values()["generator"], dialog.values()["model"]) == ("composer", "")
    assert not page.model_combo.isEnabled()
    assert list(page.rows.controls) == []
    QTest.keyClick(page.generator_combo, Qt.Key.Key_Down)
    assert (dialog.values()["generator"], dialog.values()["model"]) == ("musicgpt", "small")
    assert page.status.text() == "not found"
    assert dialog.values()["generator_parameters"] == CHANGED["generator_parameters"], "what was set is still set"


def test_what_needs_a_switch_is_turned_off_with_it(dialog: SettingsDialog) -> None:
    words = control_of(dialog, "loop_words")
    assert isinstance(words, QLineEdit)
    assert not words.isEnabled()
    QTest.keyClick(control_of(dialog, "add_loop_words"), Qt.Key.Key_Space)
    assert words.isEnabled()
    words.clear()
    QTest.keyClicks(words, "8 measures")
    kept = dialog.values()["generator_parameters"]["musicgpt"]
    assert kept == {"path": "/opt/musicgpt", "loop_words": "8 measures"}, "what has its default is not kept"


def test_where_it_was_found_is_asked_when_something_is_set(dialog: SettingsDialog, qtbot: QtBot) -> None:
    page, edit = dialog.generators_page, control_of(dialog, "path")
    asked = QSignalSpy(page.status_wanted)
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "/usr/bin/musicgpt")
    assert asked.count() == 0
    page.model_combo.setFocus()
    edit.setFocus()
    page.model_combo.setFocus()
    assert [(asked.at(i)[0], asked.at(i)[1]["path"]) for i in range(asked.count())] == [
        ("musicgpt", "/usr/bin/musicgpt")
    ]
    page.set_status("Found at /usr/bin/musicgpt")
    assert page.status.text() == "Found at /usr/bin/musicgpt"


def test_browsing_fills_in_what_was_chosen(
    dialog: SettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = QSignalSpy(dialog.generators_page.status_wanted)
    browse = dialog.generators_page.rows.controls["path"].browse
    assert browse is not None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    QTest.mouseClick(browse, LEFT)
    assert dialog.values()["generator_parameters"] == CHANGED["generator_parameters"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/usr/bin/musicgpt", ""))
    QTest.mouseClick(browse, LEFT)
    assert dialog.values()["generator_parameters"]["musicgpt"]["path"] == "/usr/bin/musicgpt"
    assert asked.count() == 1
    dialog.tabs.setCurrentIndex(3)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/srv/elsewhere")
    browse = dialog.control_of(DATA_FOLDER).browse
    assert browse is not None
    QTest.mouseClick(browse, LEFT)
    assert dialog.values()["data_folder"] == "/srv/elsewhere"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/srv/records")
    browse = dialog.control_of(SAVE_FOLDER).browse
    assert browse is not None
    QTest.mouseClick(browse, LEFT)
    assert (dialog.values()["save_folder"], dialog.values()["data_folder"]) == ("/srv/records", "/srv/elsewhere")


def test_languages_call_themselves_by_their_own_names(dialog: SettingsDialog) -> None:
    combo = dialog.control_of(LANGUAGE).widget
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(i) for i in range(combo.count())] == ["System", "Italiano", "English"]


def test_no_maximum_is_said_in_words(dialog: SettingsDialog) -> None:
    spin = spin_of(dialog, MAX_PLAY)
    spin.setValue(0.0)
    assert spin.text() == "no limit"
    assert dialog.values()["max_play_s"] == 0.0
    spin.setValue(999.0)
    assert dialog.values()["max_play_s"] == 3600.0


def test_room_says_what_is_taken_and_no_limit_in_words(dialog: SettingsDialog) -> None:
    page = dialog.room_page
    assert page.taken_label.text() == "", "not said before it is known"
    page.set_taken(RoomTaken(int(2.34e9), 650, 10.8e9, int(41e9)))
    assert page.taken_label.text() == "Takes now: 650, 2.34 GB of 10.8 GB. 41.0 GB of their disk are free."
    page.set_taken(RoomTaken(0, 0, 10e9, None))
    assert page.taken_label.text() == "Takes now: 0, 0.00 GB of 10.0 GB."
    size, age = spin_of(dialog, ROOM_GB), spin_of(dialog, ROOM_DAYS)
    size.setValue(0.0)
    age.setValue(0)
    assert (size.text(), age.text()) == ("a quarter of the free disk", "for ever")
