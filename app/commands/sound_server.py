# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor's look at the sound server says which one there is, and its version."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.health import Finding, Verdict

if TYPE_CHECKING:
    from app.settings import Settings

ANSWER_LIMIT_S = 5.0
"""Seconds without an answer after which a server hangs."""
_OF_PIPEWIRE = re.compile(r"on PipeWire ([\w.]+)")


def server(_settings: Settings) -> Iterator[Finding]:
    """Yield a finding on the server that shares sound cards among programs; only Linux has one that is not built in."""
    if sys.platform != "linux":
        return
    try:
        import pulsectl
    except (ImportError, OSError):
        # OSError: without libpulse nothing plays through PulseAudio, and there is nothing to ask with.
        pulsectl = None
    name, version = "", ""
    if pulsectl is not None:
        try:
            with pulsectl.Pulse("infiniloop doctor", connect=False) as pulse:
                pulse.connect(autospawn=False, timeout=ANSWER_LIMIT_S)
                told = pulse.server_info()
            name, version = named(str(told.server_name), str(told.server_version))
        except pulsectl.PulseError:
            pass
    if not name and pipewire_socket().exists():
        # Without its service for PulseAudio's programs it is reached by its own plugin for ALSA.
        name = "PipeWire"
    if name:
        words = f"sound server {name} {version}".rstrip()
        yield Finding("sound server", Verdict.OK, words, figures={"server": name, "version": version})
    else:
        words = "no sound server answers (PulseAudio or PipeWire): sound cards are reached through ALSA alone"
        yield Finding("sound server", Verdict.OK, words, figures={"server": "", "version": ""})


def named(server_name: str, server_version: str) -> tuple[str, str]:
    """Return name and version as a server tells PulseAudio's programs: PipeWire passes itself off as PulseAudio."""
    if found := _OF_PIPEWIRE.search(server_name):
        return "PipeWire", found.group(1)
    return ("PulseAudio" if server_name.lower() == "pulseaudio" else server_name), server_version


def pipewire_socket() -> Path:
    """Return the socket where PipeWire is reached."""
    folder = os.environ.get("PIPEWIRE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    return Path(folder) / os.environ.get("PIPEWIRE_REMOTE", "pipewire-0")
