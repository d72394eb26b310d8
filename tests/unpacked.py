# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that tests start (of sound, priorities, the web) lie where the set-up unpacked them.

Where there is no apt, and so nothing was unpacked, they are the system's.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "servers"
NO_HARDWARE = {
    "wireplumber/main.lua.d/80-no-hardware.lua": """
        alsa_monitor.enabled = false
        v4l2_monitor.enabled = false
        libcamera_monitor.enabled = false
        """,
    "wireplumber/bluetooth.lua.d/80-no-hardware.lua": "bluez_monitor.enabled = false\n",
    "wireplumber/wireplumber.conf.d/80-no-hardware.conf": """
        wireplumber.profiles = {
            main = { hardware.audio = disabled, hardware.bluetooth = disabled, hardware.video-capture = disabled }
        }
        """,
}
"""Settings of WirePlumber 0.4 and 0.5 that leave the machine's sound cards alone."""


def program(name: str) -> str:
    """Return the path of a server's program."""
    for folder in ("usr/bin", "usr/sbin", "usr/libexec"):
        if (own := FOLDER / folder / name).exists():
            return str(own)
    found = shutil.which(name) or shutil.which(f"/usr/libexec/{name}") or shutil.which(f"/usr/sbin/{name}")
    assert found, f"{name} is not there: see resources/setup/apt-unpacked.txt"
    return found


def variables() -> dict[str, str]:
    """Return the variables that lead the servers to their libraries."""
    if not FOLDER.exists():
        return {}
    return {"LD_LIBRARY_PATH": ":".join(map(str, [*FOLDER.glob("usr/lib/*/pulseaudio"), *_pulse_modules()]))}


def pulse_options() -> list[str]:
    """Return the options that lead PulseAudio to its modules."""
    return [f"--dl-search-path={folder}" for folder in _pulse_modules()]


def copy_settings(to: Path) -> dict[str, str]:
    """Copy what PipeWire's programs and its plug-in for ALSA read as they start; return the variables that lead there.

    Less the hardware: the machine's sound cards belong to whoever sits before it.
    """
    for name in ("pipewire", "wireplumber"):
        for folder in (Path("/usr/share"), FOLDER / "usr/share"):
            if (folder / name).exists():
                shutil.copytree(folder / name, to / name, dirs_exist_ok=True)
    for place, words in NO_HARDWARE.items():
        (to / place).parent.mkdir(parents=True, exist_ok=True)
        (to / place).write_text(words)
    return {
        "PIPEWIRE_CONFIG_DIR": str(to / "pipewire"),
        "WIREPLUMBER_CONFIG_DIR": str(to / "wireplumber"),
        "WIREPLUMBER_DATA_DIR": str(to / "wireplumber"),
    }


def alsa_plugin() -> Path | None:
    """Return PipeWire's plug-in for ALSA; None where ALSA knows its own."""
    return next(FOLDER.glob("usr/lib/*/alsa-lib/libasound_module_pcm_pipewire.so"), None)


def _pulse_modules() -> list[Path]:
    return list(FOLDER.glob("usr/lib/pulse-*/modules"))
