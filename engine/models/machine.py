# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says what this machine has for models: memory, room on a disk, a graphics card."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from engine.values.assets import Fit

FITS_BELOW = 0.5
"""Share of the memory up to which a model leaves room for the studio and what else runs."""
TIGHT_BELOW = 0.85
"""Share of the memory up to which a model can be loaded, with the rest of the machine pressed for room."""

_NVIDIA = (Path("/proc/driver/nvidia/version"), Path("/dev/nvidiactl"))


def total_memory_bytes() -> int:
    """Return how much memory this machine has, in bytes; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0


def fit_of(memory_bytes: int, total_bytes: int) -> Fit:
    """Return how a model that takes so much goes into a memory of that size."""
    if not memory_bytes or not total_bytes:
        return Fit.UNKNOWN
    share = memory_bytes / total_bytes
    return Fit.FITS if share <= FITS_BELOW else Fit.TIGHT if share <= TIGHT_BELOW else Fit.TOO_LARGE


def free_bytes(folder: Path) -> int:
    """Return how many bytes a person may still write below a folder, which need not be there yet. Raises OSError."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def has_nvidia_card() -> bool:
    """Return whether the driver of an NVIDIA card runs here."""
    return any(one.exists() for one in _NVIDIA)


def size_in_words(n_bytes: float) -> str:
    """Return a size as disks are sold: “1.9 GB”, “340 MB”, “12 kB”."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if n_bytes >= unit:
            amount = n_bytes / unit
            return f"{amount:.1f} {name}" if amount < 10.0 else f"{amount:.0f} {name}"
    return f"{n_bytes:.0f} B"
