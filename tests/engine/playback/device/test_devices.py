# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices are found by name: numbers change, names may be no text, and PortAudio may fail once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.playback.device.devices import find_device
from engine.values import OutputDevice


def _device(name: str, host_api: str = "ALSA") -> OutputDevice:
    return OutputDevice(host_api, name, 2, 48_000, is_default=False)


def test_a_card_that_was_given_another_number_is_found() -> None:
    devices = [_device("HDMI: 0 (hw:0,3)"), _device("USB Audio: - (hw:2,0)"), _device("default")]
    assert find_device(("ALSA", "USB Audio: - (hw:1,0)"), devices) is devices[1]
    assert find_device(("ALSA", "USB Audio: - (hw:2,0)"), devices) is devices[1]
    assert find_device(("ALSA", "default"), devices) is devices[2]


def test_of_two_cards_alike_only_the_one_of_that_number_is_meant() -> None:
    devices = [_device("USB Audio: - (hw:1,0)"), _device("USB Audio: - (hw:2,0)")]
    assert find_device(("ALSA", "USB Audio: - (hw:2,0)"), devices) is devices[1]
    assert find_device(("ALSA", "USB Audio: - (hw:3,0)"), devices) is None


@pytest.mark.parametrize("name", [("OSS", "USB Audio: - (hw:1,0)"), ("ALSA", "USB Audio: #1 (hw:1,1)"), ("ALSA", "")])
def test_another_api_or_another_device_of_the_card_is_not_meant(name: tuple[str, str]) -> None:
    assert find_device(name, [_device("USB Audio: - (hw:1,0)")]) is None


def _run(home: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> str:
    """Return what a program prints in a process of its own, as PortAudio lists devices once a process."""
    monkeypatch.setenv("HOME", str(home))
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


@pytest.mark.audio
def test_a_device_whose_name_is_no_text_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".asoundrc").write_bytes(b"pcm.caf\xe9 { type null }\npcm.quiet { type null }\n")
    told = _run(
        tmp_path,
        monkeypatch,
        "from engine.playback.device.devices import list_devices\nprint([device.name for device in list_devices()])",
    )
    assert "'quiet'" in told


@pytest.mark.audio
def test_a_look_that_failed_does_not_end_all_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".asoundrc").write_text("pcm.quiet { type null }\n")
    program = """
import sounddevice
from engine.errors import DeviceError
from engine.playback.device.devices import list_devices, refresh_devices
initialize = sounddevice._initialize
def fail():
    sounddevice._initialize = initialize
    raise sounddevice.PortAudioError("Unanticipated host error")
sounddevice._initialize = fail
for _ in range(2):
    try:
        refresh_devices()
        print([device.name for device in list_devices()])
    except DeviceError as error:
        print("failed:", error)
"""
    first, second = _run(tmp_path, monkeypatch, program).splitlines()
    assert first.startswith("failed:")
    assert "'quiet'" in second
