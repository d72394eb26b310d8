# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices are named on a command line as ``infiniloop devices`` lists them, or by a part that only one has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from engine.errors import UnknownChoice

if TYPE_CHECKING:
    from engine.values import OutputDevice
    from engine.values.inputs import InputDevice

    Device = TypeVar("Device", OutputDevice, InputDevice)


def device_named(text: str, devices: Iterable[Device], kind: str) -> tuple[str, str] | None:
    """Return (host API, name) of the device that a text names; None of an empty text: the default.

    ``kind`` is "output" or "input". Raises UnknownChoice where none has the text, or several have.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return None
    devices = list(devices)
    exact = [one for one in devices if wanted in (one.name.casefold(), shown(one).casefold())]
    found = exact or [one for one in devices if wanted in shown(one).casefold()]
    if len(found) != 1:
        choices = ", ".join(shown(one) for one in found or devices) or "none: the system lists none"
        raise UnknownChoice(name=f"sound {kind}", value=text, choices=choices)
    return found[0].host_api, found[0].name


def shown(device: OutputDevice | InputDevice) -> str:
    """Return a device as it is listed."""
    return f"{device.host_api}: {device.name}"
