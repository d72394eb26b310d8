# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers by the names that people have for them lead to the device that they mean, on machines as they are."""

from __future__ import annotations

import pytest

from app.control.drivers import DRIVERS, device_for
from engine.errors import NoSuchDriver
from engine.values import OutputDevice


def device(host_api: str, name: str, *, is_default: bool = False) -> OutputDevice:
    return OutputDevice(host_api, name, 2, 48_000, is_default)


CARD = device("ALSA", "HDA Intel PCH: ALC257 Analog (hw:0,0)")
HDMI = device("ALSA", "HDA Intel PCH: HDMI 0 (hw:0,3)")
PIPEWIRE_DESK = (
    CARD,
    HDMI,
    device("ALSA", "sysdefault"),
    device("ALSA", "pipewire"),
    device("ALSA", "pulse"),
    device("ALSA", "default", is_default=True),
)
BARE_ALSA = (CARD, HDMI, device("ALSA", "sysdefault"), device("ALSA", "default", is_default=True))
NO_DEFAULT = (CARD, HDMI)
JACK = (
    *BARE_ALSA,
    device("JACK Audio Connection Kit", "system"),
    device("JACK Audio Connection Kit", "PulseAudio JACK Sink"),
)
PULSE_API = (*BARE_ALSA, device("PulseAudio", "Built-in Audio"), device("PulseAudio", "Headset", is_default=True))
BSD = (device("OSS", "/dev/dsp0"), device("OSS", "/dev/dsp1", is_default=True))


@pytest.mark.parametrize(
    ("driver", "devices", "found"),
    [
        ("default", (), None),
        ("", PIPEWIRE_DESK, None),
        ("DEFAULT", BARE_ALSA, None),
        ("pulse", PIPEWIRE_DESK, ("ALSA", "pulse")),
        ("PipeWire", PIPEWIRE_DESK, ("ALSA", "pipewire")),
        ("alsa", PIPEWIRE_DESK, ("ALSA", "default")),
        ("alsa", NO_DEFAULT, ("ALSA", CARD.name)),
        ("jack", JACK, ("JACK Audio Connection Kit", "system")),
        ("pulse", PULSE_API, ("PulseAudio", "Headset")),
        ("oss", BSD, ("OSS", "/dev/dsp1")),
        ("dsp", BSD, ("OSS", "/dev/dsp1")),
        ("hdmi", PIPEWIRE_DESK, ("ALSA", HDMI.name)),
        ("ALSA: sysdefault", BARE_ALSA, ("ALSA", "sysdefault")),
    ],
)
def test_a_driver_leads_to_its_device(
    driver: str, devices: tuple[OutputDevice, ...], found: tuple[str, str] | None
) -> None:
    assert device_for(driver, devices) == found


@pytest.mark.parametrize(
    ("driver", "devices", "words"),
    [
        ("oss", PIPEWIRE_DESK, ("Linux has no OSS any more", "alsa")),
        ("/dev/dsp", BARE_ALSA, ("Linux has no OSS any more",)),
        ("pulse", BARE_ALSA, ("plugin",)),
        ("pipewire", NO_DEFAULT, ("plugin", "“devices” lists")),
        ("jack", PIPEWIRE_DESK, ("no JACK server runs",)),
        ("gramophone", BARE_ALSA, ("“gramophone”", "no device is called so")),
        ("alsa", (), ("no sound output",)),
    ],
)
def test_one_that_is_not_there_is_told_of_with_the_way_out(
    driver: str, devices: tuple[OutputDevice, ...], words: tuple[str, ...]
) -> None:
    with pytest.raises(NoSuchDriver) as told:
        device_for(driver, devices)
    assert [word for word in words if word not in str(told.value)] == []


def test_every_driver_that_is_offered_leads_somewhere_or_says_why_not() -> None:
    for driver in DRIVERS:
        for devices in (PIPEWIRE_DESK, BARE_ALSA, JACK, PULSE_API, BSD, ()):
            try:
                found = device_for(driver, devices)
            except NoSuchDriver:
                continue
            assert found is None or found in {(one.host_api, one.name) for one in devices}
