# SPDX-License-Identifier: GPL-3.0-or-later
"""Bystanders are the processes of the whole test run (its screen, its sound server), not of a single test."""

from __future__ import annotations

import psutil

BYSTANDERS = ("Xvfb", "nursery", "pulseaudio", "dbus-daemon", "pipewire", "wireplumber", "pipewire-pulse")


def own_children() -> list[psutil.Process]:
    """Return every process below this one, zombies included, but for the bystanders."""
    return [one for one in psutil.Process().children(recursive=True) if _name(one) not in BYSTANDERS]


def _name(process: psutil.Process) -> str:
    # One that has ended since it was listed is still one of ours.
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return ""


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process runs: one that has ended, and is only waited for, does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
