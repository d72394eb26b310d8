# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that belong to the whole test run (its screen, its sound server), told from those a test started."""

from __future__ import annotations

import psutil

BYSTANDERS = ("Xvfb", "nursery", "pulseaudio", "dbus-daemon", "pipewire", "wireplumber", "pipewire-pulse")


def own_children() -> list[psutil.Process]:
    """Every process below this one, those included that nobody waited for, but for the bystanders."""
    return [one for one in psutil.Process().children(recursive=True) if _name(one) not in BYSTANDERS]


def _name(process: psutil.Process) -> str:
    # One that has ended since it was listed is still one of ours.
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return ""


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs: what has ended, and is only waited for, does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
