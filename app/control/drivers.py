# SPDX-License-Identifier: GPL-3.0-or-later
"""A driver is a way to the sound, by the name that people have for it: PortAudio's host APIs and ALSA's own devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import NoSuchDriver

if TYPE_CHECKING:
    from engine.values import OutputDevice

DEFAULT = "default"
"""Name of what the system itself uses."""
DRIVERS = ("default", "pulse", "pipewire", "alsa", "jack", "oss", "dsp")
"""Names that are offered; a host API's name or a part of a device's is taken too."""
_OSS = ("oss", "dsp", "/dev/dsp")
_SERVERS = ("pulse", "pipewire")


def device_for(driver: str, devices: Sequence[OutputDevice]) -> tuple[str, str] | None:
    """Return the host API and the name of the device that a driver reaches; None is the system's default.

    Raises NoSuchDriver, which lists what there is.
    """
    plain = driver.strip().lower()
    if plain in ("", DEFAULT):
        return None
    by_api = [one for one in devices if plain in one.host_api.lower()]
    if plain in _SERVERS and not by_api:
        # ALSA's own devices of these names lead to the servers.
        by_api = [one for one in devices if one.name.lower() == plain]
    if plain in _OSS:
        by_api = [one for one in devices if "oss" in one.host_api.lower()]
    found = by_api or [one for one in devices if plain in f"{one.host_api}: {one.name}".lower()]
    if not found:
        raise _missing(plain, devices)
    named_default = [one for one in found if one.is_default or one.name.lower() == DEFAULT]
    chosen = (named_default or found)[0]
    return chosen.host_api, chosen.name


def _missing(plain: str, devices: Sequence[OutputDevice]) -> NoSuchDriver:
    hint = "“devices” lists what there is" if devices else "this machine has no sound output"
    detail = "no device is called so"
    if plain in _OSS:
        detail, hint = "Linux has no OSS any more", "ALSA took its place: say alsa, pulse or pipewire"
    elif plain in _SERVERS:
        detail = "its plugin for ALSA is not there"
    elif plain == "jack":
        detail = "no JACK server runs"
    return NoSuchDriver(value=plain[:40], detail=detail, hint=hint)
