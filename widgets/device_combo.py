# SPDX-License-Identifier: GPL-3.0-or-later
"""The device combo chooses where sound goes, or where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.values import OutputDevice
from engine.values.inputs import InputDevice
from widgets.controls import Combo
from widgets.form import index_of


class DeviceCombo(Combo):
    """The device combo lists the devices that are there; ``activated`` tells that a person chose one.

    A line's data is ``(host API, device name)``, or None for the system's default.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices: Sequence[OutputDevice | InputDevice] = ()
        self.show_device(None)

    def chosen(self) -> tuple[str, str] | None:
        """Return the chosen device."""
        device: tuple[str, str] | None = self.currentData()
        return device

    def set_devices(self, devices: Sequence[OutputDevice | InputDevice]) -> None:
        """Offer these devices; the chosen one stays chosen even when it is not among them."""
        self._devices = devices
        self.show_device(self.chosen())

    def show_device(self, chosen: tuple[str, str] | None) -> None:
        """Choose a device, without a signal that tells of a person's choice."""
        self.clear()
        self.addItem(self.tr("System default"), None)
        for device in self._devices:
            self.addItem(f"{device.host_api}: {device.name}", (device.host_api, device.name))
        index = index_of(self, chosen)
        if index < 0 and chosen is not None:
            # A device that was unplugged is not forgotten because someone opened the settings.
            self.addItem(
                self.tr("{host_api}: {name} (not there now)").format(host_api=chosen[0], name=chosen[1]), chosen
            )
            index = self.count() - 1
        self.setCurrentIndex(index)
