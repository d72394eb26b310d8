# SPDX-License-Identifier: GPL-3.0-or-later
"""This controller lets other programs steer the window's studio, and shows in the window what they set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from app.control.control import Control
from app.controllers.shown_settings import show_settings

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings import Settings
    from app.settings_store import SettingsStore
    from engine.qt.studio import StudioEngine


class ControlController(QObject):
    """The control's controller is the owner of the settings for those who steer from outside.

    Made before the engine is started; it listens from ``control.listen`` on.
    """

    def __init__(self, window: MainWindow, engine: StudioEngine, store: SettingsStore) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self.control = Control(engine, self, self._leave, kind="studio", parent=self, show=self._show)

    @property
    def settings(self) -> Settings:
        """Return the settings as they are set now."""
        return self._store.settings

    def take(self, settings: Settings) -> None:
        """Take over other settings, which are undone as one step, and show them."""
        before = self._store.settings
        self._store.take(settings)
        show_settings(self._window, self._store, before)

    def _show(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _leave(self) -> None:
        self._window.close()
