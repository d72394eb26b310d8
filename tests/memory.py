# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells how much memory a process ever held."""

from __future__ import annotations

from pathlib import Path


def peak_mib() -> float:
    """Return the most memory this process ever held, MiB.

    Linux' own count for this programme alone: ``ru_maxrss`` may be that of the process which started it.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    raise OSError("this system does not tell a process' peak memory in /proc/self/status")
