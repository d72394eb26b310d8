# SPDX-License-Identifier: GPL-3.0-or-later
"""F1 explains what has the keyboard, beside it, and stays while one tries what it says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.layouts import DEFAULT, INSPECT
from engine.values import TransportState
from tests.app.guide.reading import pages
from tests.app.layouts.hands import Studio
from tests.app.windows import settle, unreachable
from widgets import theme
from widgets.dialogs.settings_dialog import SettingsDialog
from widgets.guide.explained import explained_of
from widgets.guide.help_sheet import HelpSheet

pytestmark = pytest.mark.gui

F1, ESCAPE = Qt.Key.Key_F1, Qt.Key.Key_Escape


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key) -> None:
    QTest.keyClick(focus(), key)


def sheet_of(host: QWidget) -> HelpSheet:
    return next(one for one in host.children() if isinstance(one, HelpSheet))


def place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def test_every_panel_is_explained_beside_it(studio: Studio) -> None:
    window, texts = studio.window, pages("en")
    assert window.findChildren(HelpSheet) == [], "it is built when it is asked for"
    for name in DEFAULT.panels:
        window.go_to_panel(name)
        press(F1)
        sheet = sheet_of(window)
        assert sheet.page() == name
        assert sheet.has_keyboard()
        assert sheet.text.toPlainText().startswith(texts[name].splitlines()[0].removeprefix("# "))
        assert not place_of(sheet).intersects(place_of(window.part(name))), "what it explains is seen"
        assert window.rect().contains(sheet.geometry())
        assert sheet.geometry().top() > window.prompt_bar.geometry().bottom()
        assert sheet.text.accessibleName() == f"Help: {sheet.text.title()}"
    assert len(window.findChildren(HelpSheet)) == 1
    window.transport_bar.set_state(TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True))
    for bar in (window.prompt_bar.edit, window.transport_bar.record_button):
        bar.setFocus()
        press(F1)
        found = explained_of(bar)
        assert found is not None
        assert sheet.page() == found[0]
    assert sheet.page() == "transport_bar"
    # As the theme has it.
    document = sheet.text.document()
    heading, text = (one.begin().fragment().charFormat() for one in (document.begin(), document.begin().next()))
    assert heading.font().pointSizeF() > 1.2 * text.font().pointSizeF()
    assert text.foreground().color() == QColor(theme.TEXT)


def test_the_sheet_stays_while_one_tries_and_escape_puts_it_away(studio: Studio) -> None:
    window = studio.window
    slider = window.generate_panel.duration.slider
    slider.setFocus()
    press(F1)
    sheet = sheet_of(window)
    press(F1)
    assert focus() is slider, "the keyboard is back, and the sheet stays"
    assert sheet.isVisible()
    before = slider.value()
    press(Qt.Key.Key_Right)
    assert slider.value() == before + 1
    press(ESCAPE)
    assert not sheet.isVisible(), "no control wanted Escape"
    assert focus() is slider
    press(F1)
    assert sheet.isVisible()
    press(ESCAPE)
    assert not sheet.isVisible()
    assert focus() is slider
    # Pages lead to one another, and back.
    studio.choose("Panels and keys")
    assert sheet.page() == "index"
    # The first link by the keyboard.
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert sheet.page() == "generate"
    QTest.mouseClick(sheet.back_button, Qt.MouseButton.LeftButton)
    assert sheet.page() == "index"
    QTest.mouseClick(sheet.close_button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_the_sheet_follows_the_window_and_a_dialog_has_one_beside_it(studio: Studio, qtbot: QtBot) -> None:
    window = studio.window
    window.go_to_panel("waveform")
    press(F1)
    sheet = sheet_of(window)
    window.resize(1440, 900)
    studio.settle()
    assert sheet.geometry().right() == window.contentsRect().right()
    assert sheet.geometry().bottom() == window.contentsRect().bottom()
    assert not place_of(sheet).intersects(place_of(window.waveform_panel))
    # A dock that shares its place comes to the front of that, not of the sheet.
    window.go_to_panel("library")
    studio.settle()
    assert window.childAt(sheet.geometry().center()) in (sheet.text.viewport(), sheet.text)
    assert unreachable(sheet) == []
    # A dialog has its page beside it.
    QTest.mouseClick(window.prompt_bar.settings_button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, QDialog)
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and QApplication.focusWidget() is not None)
    press(F1)
    sheet = sheet_of(dialog)
    qtbot.waitUntil(sheet.has_keyboard)
    settle(sheet, qtbot)
    assert sheet.isWindow()
    assert sheet.page() == "setup"
    assert not place_of(sheet).intersects(dialog.frameGeometry())
    press(ESCAPE)
    assert not sheet.isVisible()
    assert dialog.isVisible(), "Escape was for the help"
    dialog.reject()
    studio.rid_of_dialogs()
    # So has the small window; what lies in a window that becomes small is put away.
    with qtbot.waitActive(window):
        window.activateWindow()
    window.go_to_panel("next")
    press(F1)
    studio.use("small")
    sheet = sheet_of(window)
    assert not sheet.isVisible()
    window.prompt_bar.edit.setFocus()
    press(F1)
    assert sheet.isWindow()
    assert sheet.height() > 300
    qtbot.waitUntil(sheet.has_keyboard)
    press(ESCAPE)
    with qtbot.waitActive(window):
        window.activateWindow()
    studio.use(INSPECT.name)
    window.go_to_panel("next")
    press(F1)
    assert not sheet.isWindow()
    assert window.rect().contains(sheet.geometry())
