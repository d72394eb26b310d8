# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sound can go: PortAudio's output devices, by host API and name (indices change from run to run)."""

from __future__ import annotations

from typing import Any

from engine.errors import DeviceError, NoDevice
from engine.values import OutputDevice


def list_devices() -> tuple[OutputDevice, ...]:
    """Every output device PortAudio knows, the default first. Raises NoDevice where PortAudio itself is missing."""
    devices = [device for _, device in _numbered_devices()]
    return tuple(sorted(devices, key=lambda device: not device.is_default))


def device_index(name: tuple[str, str] | None) -> tuple[int, OutputDevice]:
    """PortAudio's number (good until it is initialised again) of the device called (host API, name); None: the default.

    Raises
    ------
    NoDevice
        There is no output device at all.
    DeviceError
        This one is not there.
    """
    numbered = _numbered_devices()
    for index, device in numbered:
        if (name is None and device.is_default) or name == (device.host_api, device.name):
            return index, device
    if name is not None and numbered:
        raise DeviceError(device=name[1], detail=f"{name[0]} does not list it now")
    raise NoDevice(device="", detail="the system names no default output" if numbered else "the system lists none")


def refresh_devices() -> None:
    """Let PortAudio look for devices again: it lists them once. No stream may be open. Raises NoDevice."""
    sounddevice = _sounddevice()
    # sounddevice has no public way to do it.
    sounddevice._terminate()
    try:
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise NoDevice(device="", detail=str(error)) from error


def _numbered_devices() -> list[tuple[int, OutputDevice]]:
    sounddevice = _sounddevice()
    try:
        host_apis, devices = sounddevice.query_hostapis(), list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise NoDevice(device="", detail=str(error)) from error
    default = sounddevice.default.device[1]
    return [
        (
            index,
            OutputDevice(
                host_api=str(host_apis[device["hostapi"]]["name"]),
                name=str(device["name"]),
                n_channels=int(device["max_output_channels"]),
                default_sample_rate=round(device["default_samplerate"]),
                is_default=index == default,
            ),
        )
        for index, device in enumerate(devices)
        if device["max_output_channels"] > 0
    ]


def _sounddevice() -> Any:
    # Imported here: it loads PortAudio, which asks every sound system for its devices.
    try:
        import sounddevice
    except OSError as error:
        raise NoDevice(device="", detail=f"PortAudio cannot be loaded: {error}") from error
    return sounddevice
