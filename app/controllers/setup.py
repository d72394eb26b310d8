# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller of SETUP opens the settings dialog, feeds it and puts it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app import paths
from app.choices import dialog_refusal, dialog_values, generator_choices, generator_status
from app.settings import Settings
from widgets.dialogs.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.settings_store import SettingsStore
    from engine.values import OutputDevice, ParameterValue, RoomTaken


class SetupController(QObject):
    """The setup controller has at most one settings dialog open.

    Parameters
    ----------
    store
        Tells what is set now.

    Signals
    -------
    accepted(SettingsValues)
        What was chosen.
    devices_wanted
        Answered with ``set_devices``.
    """

    accepted = Signal(object)
    devices_wanted = Signal()

    def __init__(self, window: MainWindow, store: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._devices: tuple[OutputDevice, ...] = ()
        self._taken: RoomTaken | None = None
        self._dialog: SettingsDialog | None = None
        window.prompt_bar.settings_requested.connect(self._on_settings_requested)

    @Slot(object)
    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Show the devices that are there."""
        self._devices = devices
        if self._dialog is not None:
            self._dialog.set_devices(devices)

    @Slot(object)
    def set_room_taken(self, taken: RoomTaken) -> None:
        """Show how much of the disk the takes hold."""
        self._taken = taken
        if self._dialog is not None:
            self._dialog.room_page.set_taken(taken)

    @Slot()
    def _on_settings_requested(self) -> None:
        if self._dialog is not None:
            self._dialog.raise_()
            return
        settings = self._store.settings
        dialog = SettingsDialog(
            dialog_values(settings),
            dialog_values(Settings()),
            generator_choices(settings),
            self._window,
            refusal=dialog_refusal,
        )
        dialog.set_devices(self._devices)
        dialog.folders_page.set_usual_places(str(paths.data_folder()), str(paths.music_folder()))
        if self._taken is not None:
            dialog.room_page.set_taken(self._taken)
        dialog.settings_accepted.connect(self.accepted)
        dialog.devices_requested.connect(self.devices_wanted)
        page = dialog.generators_page
        page.status_wanted.connect(self._on_status_wanted)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        page.ask_for_status()
        self.devices_wanted.emit()
        dialog.open()

    @Slot(str, object)
    def _on_status_wanted(self, generator: str, values: Mapping[str, ParameterValue]) -> None:
        if self._dialog is not None:
            status = generator_status(self._store.settings, generator, values)
            self._dialog.generators_page.set_status(status)

    @Slot(int)
    def _on_dialog_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
