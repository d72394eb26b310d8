# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists PortAudio's devices, outputs and inputs, by host API and name: indices change from run to run."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from engine.errors import DeviceError, InputError, NoDevice, NoInput, PortAudioMissing
from engine.values import OutputDevice
from engine.values.inputs import InputDevice

Device = TypeVar("Device", OutputDevice, InputDevice)


def list_devices() -> tuple[OutputDevice, ...]:
    """Return every output device that PortAudio knows, the default first.

    Raises
    ------
    PortAudioMissing
        It cannot be loaded.
    NoDevice
        It does not start.
    """
    return _default_first(device for _, device in _numbered_outputs())


def list_inputs() -> tuple[InputDevice, ...]:
    """Return every input device that PortAudio knows, the default first. Raises as ``list_devices``."""
    return _default_first(device for _, device in _numbered_inputs())


def input_index(name: tuple[str, str] | None) -> tuple[int, InputDevice]:
    """Return PortAudio's index of the input (host API, name); None: the default. Raises NoInput, InputError."""
    try:
        numbered = _numbered_inputs()
    except DeviceError as error:
        raise NoInput(device="", detail=str(error.fields.get("detail", error))) from error
    devices = [device for _, device in numbered]
    found = find_device(name, devices) if name else next((one for one in devices if one.is_default), None)
    if found is not None:
        return numbered[devices.index(found)]
    if name is not None and numbered:
        raise InputError(device=name[1], detail=f"{name[0]} does not list it now")
    raise NoInput(device="", detail="the system names no default input" if numbered else "the system lists none")


def device_index(name: tuple[str, str] | None) -> tuple[int, OutputDevice]:
    """Return PortAudio's index (valid until its next initialisation) of the device (host API, name); None: the default.

    Raises
    ------
    NoDevice
        There is no output device at all.
    DeviceError
        This one is not there.
    """
    numbered = _numbered_outputs()
    devices = [device for _, device in numbered]
    found = find_device(name, devices) if name else next((one for one in devices if one.is_default), None)
    if found is not None:
        return numbered[devices.index(found)]
    if name is not None and numbered:
        raise DeviceError(device=name[1], detail=f"{name[0]} does not list it now")
    raise NoDevice(device="", detail="the system names no default output" if numbered else "the system lists none")


def find_device(name: tuple[str, str], devices: Iterable[Device]) -> Device | None:
    """Return the device (host API, name), else the only one that differs from that by its card's number alone.

    ALSA numbers cards as they are plugged in: what was ``USB Audio: - (hw:1,0)`` may come back as ``(hw:2,0)``.
    """
    alike = [one for one in devices if one.host_api == name[0] and _unnumbered(one.name) == _unnumbered(name[1])]
    exact = [one for one in alike if one.name == name[1]]
    if exact:
        return exact[0]
    return alike[0] if len(alike) == 1 else None


def _unnumbered(name: str) -> str:
    return re.sub(r"\(hw:\d+,", "(hw:,", name)


def refresh_devices() -> None:
    """Have PortAudio list devices again. No stream may be open. Raises NoDevice."""
    sounddevice = _sounddevice()
    # sounddevice has no public way to do it. Where the last look failed there is nothing to terminate.
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._terminate()
    try:
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise NoDevice(device="", detail=str(error)) from error


def _default_first(devices: Iterable[Device]) -> tuple[Device, ...]:
    return tuple(sorted(devices, key=lambda device: not device.is_default))


def _numbered_outputs() -> list[tuple[int, OutputDevice]]:
    return _numbered(OutputDevice, "output", 1)


def _numbered_inputs() -> list[tuple[int, InputDevice]]:
    return _numbered(InputDevice, "input", 0)


def _numbered(kind: type[Device], way: str, place: int) -> list[tuple[int, Device]]:
    """Return all devices of one way, at whose ``place`` sounddevice has the default one."""
    sounddevice = _sounddevice()
    devices: list[tuple[int, Any]] = []
    try:
        host_apis = sounddevice.query_hostapis()
        for index in (one for host_api in host_apis for one in host_api["devices"]):
            # A name that is no text (ALSA cuts long ones anywhere, within a letter too): sounddevice cannot open it.
            with contextlib.suppress(UnicodeDecodeError):
                devices.append((index, sounddevice.query_devices(index)))
    except sounddevice.PortAudioError as error:
        raise NoDevice(device="", detail=str(error)) from error
    default = sounddevice.default.device[place]
    return [
        (
            index,
            kind(
                host_api=str(host_apis[device["hostapi"]]["name"]),
                name=str(device["name"]),
                n_channels=int(device[f"max_{way}_channels"]),
                default_sample_rate=round(device["default_samplerate"]),
                is_default=index == default,
            ),
        )
        for index, device in devices
        if device[f"max_{way}_channels"] > 0
    ]


def _sounddevice() -> Any:
    # Imported here: it loads PortAudio, which asks every sound system for its devices.
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise PortAudioMissing(device="", detail=str(error)) from error
    except Exception as error:
        # PortAudio's boundary: loading it starts it, and the error it then raises has no name yet.
        raise NoDevice(device="", detail=f"PortAudio cannot be loaded: {error}") from error
    return sounddevice
