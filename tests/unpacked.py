# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound servers that the set-up unpacked for the tests: nothing is where they were built to look for it.

Where there is no apt, and so nothing was unpacked, they are the system's.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "servers"


def program(name: str) -> str:
    """The path of a server's program."""
    own = FOLDER / "usr/bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    assert found, f"{name} is not there: see resources/setup/apt-unpacked.txt"
    return found


def variables() -> dict[str, str]:
    """What leads the servers to their libraries and scripts."""
    if not FOLDER.exists():
        return {}
    return {
        "LD_LIBRARY_PATH": ":".join(map(str, [*FOLDER.glob("usr/lib/*/pulseaudio"), *_pulse_modules()])),
        "WIREPLUMBER_DATA_DIR": str(FOLDER / "usr/share/wireplumber"),
        "WIREPLUMBER_CONFIG_DIR": str(FOLDER / "usr/share/wireplumber"),
    }


def pulse_options() -> list[str]:
    """What leads PulseAudio to its modules."""
    return [f"--dl-search-path={folder}" for folder in _pulse_modules()]


def copy_pipewire_settings(to: Path) -> None:
    """Copy what PipeWire's programs and its plug-in for ALSA read as they start."""
    for folder in (Path("/usr/share/pipewire"), FOLDER / "usr/share/pipewire"):
        if folder.exists():
            shutil.copytree(folder, to, dirs_exist_ok=True)


def alsa_plugin() -> Path | None:
    """PipeWire's plug-in for ALSA; None where ALSA knows its own."""
    return next(FOLDER.glob("usr/lib/*/alsa-lib/libasound_module_pcm_pipewire.so"), None)


def _pulse_modules() -> list[Path]:
    return list(FOLDER.glob("usr/lib/pulse-*/modules"))
