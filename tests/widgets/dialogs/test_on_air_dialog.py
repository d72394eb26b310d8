# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of the radio says where it is heard and how many listen, and asks for it to go on and off the air."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from engine.broadcast.process import code_of
from engine.values.radio import RadioState
from engine.values.radio_options import RADIO_OPTIONS
from widgets.dialogs.on_air_dialog import OnAirDialog
from widgets.qr_code import QUIET, QrCode

pytestmark = pytest.mark.gui

URL = "http://192.168.1.7:8430/?token=Zm9yIHRoZSBraXRjaGVu"


@pytest.fixture
def dialog(qtbot: QtBot) -> OnAirDialog:
    dialog = OnAirDialog({one.name: one.default for one in RADIO_OPTIONS})
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
    assert not dialog.hint.isHidden()
    dialog.show_on(URL, code_of(URL))
    assert dialog.code.rows
    assert dialog.hint.isHidden()


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
