# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of the radio says where it is heard and how many listen, and asks for it to go on and off the air."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from engine.broadcast.process import code_of
from engine.values.radio import ProgrammeState, RadioState
from engine.values.radio_options import RADIO_OPTIONS
from widgets.dialogs.on_air_dialog import OnAirDialog
from widgets.qr_code import QUIET, QrCode

pytestmark = pytest.mark.gui

URL = "http://192.168.1.7:8430/?token=Zm9yIHRoZSBraXRjaGVu"


@pytest.fixture
def dialog(qtbot: QtBot) -> OnAirDialog:
    dialog = OnAirDialog({one.name: one.default for one in RADIO_OPTIONS}, {"calm": "Calm", "day": "A day"})
    qtbot.addWidget(dialog)
    return dialog


def test_it_goes_on_and_off_the_air(dialog: OnAirDialog) -> None:
    asked = list[bool]()
    dialog.on_air_requested.connect(asked.append)
    assert not dialog.copy_button.isEnabled()
    dialog.on_button.click()
    dialog.show_going()
    assert dialog.on_button.isChecked()
    dialog.show_on(URL, code_of(URL))
    assert "No one" in dialog.state.text()
    dialog.set_state(RadioState(URL, 1))
    assert "One person" in dialog.state.text()
    dialog.set_state(RadioState(URL, 12))
    assert "12 people" in dialog.state.text()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == URL
    dialog.on_button.click()
    dialog.show_off()
    assert asked == [True, False]
    assert not dialog.address.text()
    assert not dialog.code.rows


def test_a_phone_is_not_sent_to_itself(dialog: OnAirDialog) -> None:
    own = "http://127.0.0.1:8430/"
    dialog.show_on(own, code_of(own))

    assert not dialog.code.rows
    assert "For the network" in dialog.code.words
    dialog.show_on(URL, code_of(URL))
    assert dialog.code.rows
    assert not dialog.code.accessibleDescription()


def test_nothing_moves_when_it_goes_on_the_air(dialog: OnAirDialog, qtbot: QtBot) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    shown = [one for one in dialog.findChildren(QWidget) if one.isVisibleTo(dialog)]

    def places() -> list[QPoint]:
        QApplication.processEvents()
        return [one.mapTo(dialog, QPoint()) for one in shown if one is not dialog.state and one is not dialog.programme]

    off_air, size = places(), dialog.size()
    assert dialog.code.words
    for url in (URL, "http://127.0.0.1:8430/"):
        dialog.show_going()
        assert places() == off_air
        dialog.show_on(url, code_of(url))
        dialog.set_state(RadioState(url, 12, is_on_reserve=True))
        assert places() == off_air
    dialog.show_off("Port 8430 is in use by another program: name another one, or end that program first.")
    assert (places(), dialog.size()) == (off_air, size)


def test_a_station_is_chosen(dialog: OnAirDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = list[tuple[str, object]]()
    dialog.option_changed.connect(lambda name, value: changed.append((name, value)))
    box = dialog.station
    texts = [box.itemText(at) for at in range(box.count())]
    assert texts == ["What plays here", "Calm", "A day", "A station’s file…"]
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (box.station, box.currentText()) == ("calm", "Calm")
    for chosen in ("/srv/mine.toml", ""):
        # The system's own window answers.
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=chosen: (path, ""))
        box.setCurrentIndex(box.count() - 1)
        box.activated.emit(box.currentIndex())
        assert (box.station, box.currentText()) == ("/srv/mine.toml", "mine.toml")
    assert changed == [("radio_station", "calm"), ("radio_station", "/srv/mine.toml")]


def test_it_says_what_the_programme_has_on(dialog: OnAirDialog) -> None:
    dialog.set_programme(ProgrammeState("here", moods=("here",)))
    assert dialog.programme.text() == ""
    dialog.set_programme(ProgrammeState("rain", moods=("rain", "night"), waiting=("cello",)))
    assert dialog.programme.text() == "The station plays “rain”. One request waits."
    dialog.set_programme(ProgrammeState(requested="cello", moods=("rain", "night")))
    assert dialog.programme.text() == "A listener asked for “cello”."
    dialog.set_programme(None)
    assert dialog.programme.text() == ""


def test_what_failed_is_said(dialog: OnAirDialog) -> None:
    dialog.show_off("Another program listens there.")

    assert dialog.state.text() == "Another program listens there."
    assert not dialog.on_button.isChecked()


def test_listeners_of_the_reserve_are_told_of(dialog: OnAirDialog) -> None:
    dialog.show_on(URL, ())
    dialog.set_state(RadioState(URL, 3, is_on_reserve=True))

    assert "reserve" in dialog.state.text()


def test_options_are_changed_at_once(dialog: OnAirDialog) -> None:
    changed = list[tuple[str, object]]()
    dialog.option_changed.connect(lambda name, value: changed.append((name, value)))
    box = next(one for one in dialog.findChildren(QCheckBox) if "network" in (one.text() or one.accessibleName()))
    box.click()

    assert changed == [("radio_network", True)]


def test_a_code_is_drawn_module_by_module(qtbot: QtBot) -> None:
    code = QrCode()
    qtbot.addWidget(code)
    rows = code_of(URL)
    code.set_rows(rows)
    code.resize(4 * (len(rows) + 2 * QUIET), 4 * (len(rows) + 2 * QUIET))
    picture = code.grab().toImage().scaledToWidth(code.width())

    for y, row in enumerate(rows):
        for x, one in enumerate(row):
            at = (4 * (x + QUIET) + 2, 4 * (y + QUIET) + 2)
            assert (picture.pixelColor(*at).lightness() < 128) == (one == "1")
    assert picture.pixelColor(2, 2).lightness() == 255
