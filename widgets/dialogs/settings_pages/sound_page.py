# SPDX-License-Identifier: GPL-3.0-or-later
"""SETUP's page about sound: where it goes, how far ahead it is mixed, how loud loops are, how the sleep timer ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QTabWidget

from engine.values import OutputDevice
from engine.values.options import LATENCY, SLEEP_FADE, TARGET_LUFS
from widgets.device_combo import DeviceCombo
from widgets.dialogs.settings_pages.options_page import OptionsPage
from widgets.form import add_row, button


class SoundPage(OptionsPage):
    """The page about sound.

    Attributes
    ----------
    device_combo
        Where the sound goes: ``(host API, device name)``, or None for the system's default.
    refresh_button
        Asks for a fresh list of devices, which is answered with ``set_devices``.
    """

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs, tabs.tr("Sound"), letters="dr")
        self.device_combo = DeviceCombo(self.holder)
        self.refresh_button = button(
            self.tr("&Refresh"), self.tr("Refresh the devices"), self.tr("Look for sound devices again"), self.holder
        )
        label, tip = self.tr("Output &device:"), self.tr("Where the sound goes")
        add_row(self.form, label, tip, self.device_combo, self.refresh_button)
        self.add(LATENCY)
        self.add_hint(self.tr("If you hear drop-outs, raise the latency."))
        self.add(TARGET_LUFS, SLEEP_FADE)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "device": self.device_combo.chosen()}

    def show_values(self, values: Mapping[str, Any]) -> None:
        super().show_values(values)
        self.device_combo.show_device(values["device"])

    def set_devices(self, devices: tuple[OutputDevice, ...]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        self.device_combo.set_devices(devices)
