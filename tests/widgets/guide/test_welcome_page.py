# SPDX-License-Identifier: GPL-3.0-or-later
"""The welcome page is worked by clicks and keys: each choice is told at once, and only a button or Escape closes it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from engine.values import Kind, OutputDevice, Parameter
from tests.app.windows import settle
from widgets.generator_choice import GeneratorChoice
from widgets.guide.welcome_page import WelcomePage

pytestmark = pytest.mark.gui

DEVICES = (OutputDevice("ALSA", "default", 2, 44_100, True), OutputDevice("ALSA", "Headphones", 2, 48_000, False))
PATH = Parameter("path", Kind.FILE, "", "MusicGPT", "Where it is", setup=True)
KNOB = Parameter("warmth", Kind.NUMBER, 1.0, "Warmth", "How warm it is", 0.0, 2.0)
GENERATORS = (
    GeneratorChoice("musicgpt", "MusicGPT", ("small",), 1.0, 30.0, parameters=(PATH, KNOB)),
    GeneratorChoice("hum", "Humming", (), 1.0, 30.0),
)
VALUES: dict[str, Any] = {
    "device": ("ALSA", "Headphones"),
    "language": "en",
    "generator_parameters": {"musicgpt": {"path": "/opt/musicgpt"}},
    "volume_db": -6.0,
}


def shown(qtbot: QtBot, *, is_running: bool = False, has_tour: bool = False) -> WelcomePage:
    page = WelcomePage(VALUES, GENERATORS, is_running=is_running, has_tour=has_tour)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    settle(page, qtbot)
    return page


def told(spy: QSignalSpy) -> list[Any]:
    return [spy.at(i) for i in range(spy.count())]


def click(page: WelcomePage, button: str) -> None:
    QTest.mouseClick(getattr(page, f"{button}_button"), Qt.MouseButton.LeftButton)


def test_what_is_set_is_shown_and_each_choice_is_told(qtbot: QtBot) -> None:
    page = shown(qtbot)
    devices, languages, set_of = (
        QSignalSpy(one) for one in (page.device_chosen, page.language_chosen, page.generator_changed)
    )
    assert page.device_combo.chosen() == ("ALSA", "Headphones"), "it is not known yet whether it is there"
    page.set_devices(DEVICES)
    assert page.device_combo.count() == 3
    assert told(devices) == [], "nobody chose anything"
    QTest.keyClick(page.device_combo, Qt.Key.Key_Home)
    assert told(devices) == [[None]]
    QTest.keyClick(page.device_combo, Qt.Key.Key_Down)
    assert told(devices)[1:] == [[("ALSA", "default")]]
    language = page.language_combo
    assert isinstance(language, QComboBox)
    assert language.currentText() == "English"
    QTest.keyClick(language, Qt.Key.Key_Up)
    assert told(languages) == [["it"]]
    controls = page.generator_rows["musicgpt"].controls
    assert list(controls) == ["path"], "what is no file or folder stands in SETUP"
    path = controls["path"].widget
    assert isinstance(path, QLineEdit)
    assert path.text() == "/opt/musicgpt"
    path.setFocus()
    path.selectAll()
    QTest.keyClicks(path, "/usr/bin/mgpt")
    QTest.keyClick(path, Qt.Key.Key_Return)
    assert told(set_of) == [["musicgpt", "path", "/usr/bin/mgpt"]]
    assert page.isVisible(), "Enter in a field keeps what was typed, no more"
    page.set_status("hum", "Found at /x")
    assert page.status_labels["hum"].text() == "Found at /x"


def test_the_tone_is_asked_for_and_lights_the_button_while_it_is_heard(qtbot: QtBot) -> None:
    page = shown(qtbot)
    asked, ended = QSignalSpy(page.tone_requested), QSignalSpy(page.end_tone_requested)
    click(page, "tone")
    assert (asked.count(), page.tone_button.is_heard) == (1, False), "the engine says when it is heard"
    page.set_sounding(True)
    page.meter.set_levels((-20.0, -120.0), (-24.0, -120.0))
    assert page.meter.peak_db == [-20.0, -60.0]
    page.tone_button.setFocus()
    QTest.keyClick(page.tone_button, Qt.Key.Key_Escape)
    assert (ended.count(), page.isVisible()) == (1, True), "Escape ends the tone first"
    page.set_sounding(False)
    before = page.tone_button.pos(), page.height()
    page.say_of_sound("The device is gone, and so are the words that told of it, all of them", is_trouble=True)
    settle(page, qtbot)
    assert (page.tone_button.pos(), page.height()) == before, "words move nothing"
    QTest.keyClick(page.tone_button, Qt.Key.Key_Escape)
    assert not page.isVisible()


@pytest.mark.parametrize("key", ["Ctrl+Return", "Ctrl+Enter", "Alt+S", "Return"])
def test_keys_start_the_music(qtbot: QtBot, key: str) -> None:
    page = shown(qtbot)
    started = QSignalSpy(page.start_requested)
    QTest.keySequence(page, key)
    qtbot.waitUntil(lambda: started.count() == 1)
    assert (page.isVisible(), page.result()) == (False, QDialog.DialogCode.Accepted)


def test_skip_starts_nothing_and_what_runs_is_only_gone_back_to(qtbot: QtBot) -> None:
    page = shown(qtbot)
    started, around = QSignalSpy(page.start_requested), QSignalSpy(page.tour_requested)
    assert page.tour_button.isHidden()
    click(page, "skip")
    assert (page.isVisible(), started.count()) == (False, 0)
    page = shown(qtbot, is_running=True, has_tour=True)
    started, around = QSignalSpy(page.start_requested), QSignalSpy(page.tour_requested)
    assert page.skip_button.isHidden()
    click(page, "start")
    assert (page.isVisible(), started.count()) == (False, 0)
    page.show()
    click(page, "tour")
    assert (page.isVisible(), around.count()) == (False, 1)


def test_tab_goes_down_the_page(qtbot: QtBot) -> None:
    page = shown(qtbot, has_tour=True)
    assert page.focusWidget() is page.start_button
    seen = []
    for _ in range(9):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        seen.append(page.focusWidget())
    path = page.generator_rows["musicgpt"].controls["path"]
    assert seen == [
        page.device_combo,
        page.refresh_button,
        page.tone_button,
        path.widget,
        path.browse,
        page.language_combo,
        page.tour_button,
        page.skip_button,
        page.start_button,
    ]
