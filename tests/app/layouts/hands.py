# SPDX-License-Identifier: GPL-3.0-or-later
"""This module drives the window as a person does who switches, keeps and names its layouts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QWidget
from pytestqt.qtbot import QtBot

from app import paths
from app.paths import RESOURCES
from app.settings import Settings, load_settings
from app.studio import build
from engine.session.options import Places
from tests.app.windows import settle
from widgets.bar.menu_button import MenuButton
from widgets.dialogs.name_dialog import NameDialog


class Studio:
    """The window is as the studio opens it, its engine not started, with what a person does with its layouts."""

    def __init__(self, qtbot: QtBot, settings: Settings, size: tuple[int, int] | None = None) -> None:
        self.qtbot = qtbot
        self.window, self.engine = build(settings, Places(str(RESOURCES / "starters")))
        qtbot.addWidget(self.window)
        if size is not None:
            self.window.resize(*size)
            self.window.reset_layout()
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.settle()

    @property
    def button(self) -> MenuButton:
        return self.window.prompt_bar.menu_button

    def settle(self) -> None:
        settle(self.window, self.qtbot)

    def use(self, name: str) -> None:
        """Choose a layout by its key."""
        at = [one.name for one in self.button.layouts()].index(name) + 1
        QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_0 + at), Qt.KeyboardModifier.ControlModifier)
        assert self.button.current() == name
        self.settle()

    def panels(self) -> dict[str, QAction]:
        """Return the menu's entries that show and hide panels, by title."""
        return {one.text().partition("\t")[0]: one for one in self.button.panels_menu.actions()}

    def choose(self, words: str) -> None:
        """Choose the menu's entry that begins with these words."""
        action = self.entry(words)
        assert action.isVisible()
        action.trigger()

    def entry(self, words: str) -> QAction:
        return next(one for one in self.button.menu().actions() if one.text().replace("&", "").startswith(words))

    def name_it(self, name: str) -> NameDialog:
        """Type a name in the dialog that is open, and press Enter."""
        dialog = self.window.findChild(NameDialog)
        assert dialog is not None
        dialog.edit.selectAll()
        QTest.keyClicks(dialog.edit, name) if name else dialog.edit.clear()
        QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
        return dialog

    def save_as(self, name: str) -> None:
        self.choose("Save as")
        self.name_it(name)
        self.rid_of_dialogs()
        self.settle()

    def rid_of_dialogs(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def dock(self, name: str) -> QDockWidget:
        dock = self.window.findChild(QDockWidget, f"{name}_dock")
        assert dock is not None
        return dock

    def places(self) -> dict[str, QRect]:
        """Return where everything that is shown stands; a dock behind others has no place of its own."""
        shown = [one for one in self.window.findChildren(QDockWidget) if one.isVisible()]
        docks = {one.objectName(): QRect() if one.visibleRegion().isEmpty() else one.geometry() for one in shown}
        pictures: tuple[QWidget, ...] = (self.window.waveform_panel, self.window.spectrogram_panel)
        return docks | {type(one).__name__: one.geometry() for one in pictures if one.isVisible()}

    def close(self) -> Settings:
        """Close the window; return what it left in the settings file."""
        self.window.close()
        self.engine.shut_down()
        return load_settings(paths.settings_file())
