# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP: the settings, on short pages. Takes and returns values by name; reads no file and no device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QWidget

from engine.values import OutputDevice, Parameter
from widgets.controls import describe, set_role
from widgets.dialogs.settings_pages.appearance_page import AppearancePage
from widgets.dialogs.settings_pages.folders_page import FoldersPage
from widgets.dialogs.settings_pages.generators_page import GeneratorsPage
from widgets.dialogs.settings_pages.loops_page import LoopsPage
from widgets.dialogs.settings_pages.options_page import OptionsPage
from widgets.dialogs.settings_pages.room_page import RoomPage
from widgets.dialogs.settings_pages.sound_page import SoundPage
from widgets.form import PAGE_MARGIN_PX, fit_pages, hint, page_column
from widgets.generator_choice import GeneratorChoice
from widgets.guide.explained import explain_by
from widgets.parameter_rows import ParameterControl

MIN_WIDTH_PX = 560


class SettingsDialog(QDialog):
    """The settings dialog; open it with ``open()``.

    Parameters
    ----------
    values
        What is set now.
    defaults
        What "Restore defaults" puts back.
    generators
        What can be chosen as the default generator.
    refusal
        Why these values cannot be kept, in the caller's words, or "": OK then says so and leaves the dialog open.

    Values are by the settings' names; those that the dialog does not show are passed over.

    Signals
    -------
    settings_accepted(values)
        OK was pressed; these are the dialog's.
    devices_requested
        A fresh list of devices is wanted, answered with ``set_devices``.
    """

    settings_accepted = Signal(object)
    devices_requested = Signal()

    def __init__(
        self,
        values: Mapping[str, Any],
        defaults: Mapping[str, Any],
        generators: tuple[GeneratorChoice, ...],
        parent: QWidget | None = None,
        *,
        refusal: Callable[[Mapping[str, Any]], str] = lambda _: "",
    ) -> None:
        super().__init__(parent)
        self._refusal = refusal
        self._defaults = defaults
        self.setWindowTitle(self.tr("Settings"))
        explain_by(self, "setup")
        self.setMinimumWidth(MIN_WIDTH_PX)
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("Pages of settings"))
        describe(self.tabs.tabBar(), self.tr("Pages of settings"), self.tr("Choose a page with the arrow keys"))
        self.generators_page = GeneratorsPage(self.tabs, generators)
        self.sound_page = SoundPage(self.tabs)
        self.loops_page = LoopsPage(self.tabs)
        self.folders_page = FoldersPage(self.tabs)
        self.room_page = RoomPage(self.tabs)
        self.appearance_page = AppearancePage(self.tabs)
        self._pages = (
            self.generators_page,
            self.sound_page,
            self.loops_page,
            self.folders_page,
            self.room_page,
            self.appearance_page,
        )
        self.sound_page.refresh_button.clicked.connect(self.devices_requested)
        self.buttons = QDialogButtonBox(self)
        self._build_buttons()
        rows = page_column(self)
        rows.setSpacing(PAGE_MARGIN_PX)
        self.refused = hint("", self)
        set_role(self.refused, "warning")
        self.refused.hide()
        rows.addWidget(self.tabs)
        rows.addWidget(self.refused)
        rows.addWidget(self.buttons)
        self._show_values(values)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            fit_pages(self, self.tabs, self.buttons)
        super().showEvent(event)

    # --- values in and out --------------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what the dialog shows, by the settings' names."""
        return {name: value for page in self._pages for name, value in page.values().items()}

    def control_of(self, option: Parameter) -> ParameterControl:
        """Return the control of an option of the studio. Raises KeyError for one that stands elsewhere."""
        pages = (one for one in self._pages if isinstance(one, OptionsPage))
        return next(one.control_of(option) for one in pages if option.name in one.values())

    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        self.sound_page.set_devices(devices)

    def _show_values(self, values: Mapping[str, Any]) -> None:
        for page in self._pages:
            page.show_values(values)

    def _build_buttons(self) -> None:
        box = QDialogButtonBox.StandardButton
        texts = (
            (box.Ok, self.tr("OK"), self.tr("Keep these settings")),
            (box.Cancel, self.tr("Cancel"), self.tr("Close without changing anything")),
            (box.RestoreDefaults, self.tr("Restore defaults"), self.tr("Put the first settings back; OK keeps them")),
        )
        for which, text, tip in texts:
            button = self.buttons.addButton(which)
            button.setText(text)
            button.setIcon(QIcon())
            describe(button, text, tip)
        ok = self.buttons.button(box.Ok)
        set_role(ok, "primary")
        ok.setDefault(True)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(box.RestoreDefaults).clicked.connect(self._on_restore_defaults)

    # --- slots --------------------------------------------------------------------------------------------------------

    def _on_accepted(self) -> None:
        values = self.values()
        refusal = self._refusal(values)
        self.refused.setText(refusal)
        self.refused.setVisible(bool(refusal))
        if refusal:
            return
        self.accept()
        self.settings_accepted.emit(values)

    def _on_restore_defaults(self) -> None:
        # What is set of the music stands in the Generate panel, and stays.
        music = self.generators_page.music_parameters()
        self._show_values({**self._defaults, "generator_parameters": music})
